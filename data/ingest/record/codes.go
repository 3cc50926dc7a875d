package record

import "strings"

// DischargeStatus reads a patient discharge status as two digits; one that is
// not in use is warned about and kept (C005).
func DischargeStatus(r *Rows, column string) string {
	s := r.Code(column, false)
	if s == "" {
		return ""
	}
	if len(s) == 1 {
		s = "0" + s
	}
	if !knownStatus(s) {
		r.Warn("C005", column, "the discharge status is not one in use")
		if len(s) > 2 {
			return ""
		}
	}
	return s
}

// knownStatus lists the patient discharge status codes of UB-04 FL 17.
func knownStatus(s string) bool {
	if len(s) != 2 || strings.Trim(s, "0123456789") != "" {
		return false
	}
	switch {
	case s >= "01" && s <= "09", s == "20", s == "21", s == "30", s >= "40" && s <= "43",
		s == "50", s == "51", s >= "61" && s <= "66", s == "69", s == "70", s >= "81" && s <= "95":
		return true
	}
	return false
}

// NPI reads a national provider identifier, ten digits; anything else is left
// out with a warning.
func NPI(r *Rows, column string) string {
	s := r.Text(column)
	if s == "" {
		return ""
	}
	if len(s) != 10 || strings.Trim(s, "0123456789") != "" {
		r.Warn("V001", column, "a national provider identifier has ten digits: left out")
		return ""
	}
	return s
}
