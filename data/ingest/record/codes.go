package record

import (
	"strings"

	"bundlelab/data/ingest/ccn"
)

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
	if !KnownStatus(s) {
		r.Warn("C005", column, "the discharge status is not one in use")
		if len(s) > 2 {
			return ""
		}
	}
	return s
}

// KnownStatus says that a patient discharge status is one of UB-04 FL 17.
func KnownStatus(s string) bool {
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

// Hospital reads the CCN of an anchor hospital (C001): six characters and a
// known state or the row is rejected; a number that is not a short-term acute
// hospital's is only warned about.
func Hospital(r *Rows, column string) string {
	n := strings.ToUpper(r.Code(column, false))
	switch {
	case r.Bad():
	case !ccn.Valid(n):
		r.Reject("C001", column, "a hospital's number has six letters or digits; keep leading zeros")
	case !ccn.KnownState(n):
		r.Reject("C001", column, "the first two characters are not a state code in use")
	case ccn.KindOf(n) != ccn.ShortTerm:
		r.Warn("C001", column, "the number is not a short-term acute hospital's")
	}
	return n
}
