package record

import (
	"strings"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/claim"
)

// DischargeStatus reads a patient discharge status as two digits; one that is
// not in use is warned about and kept (C005).
func DischargeStatus(r *Rows, column string) string {
	s, used := Status(r.Code(column, false))
	if !used {
		r.Warn("C005", column, UnusedStatus)
	}
	return s
}

// UnusedStatus is what is said of a discharge status that none is (C005).
const UnusedStatus = "the discharge status is not one in use"

// Status writes a patient discharge status as two digits; false when it is not
// one in use. One longer than two is not kept.
func Status(code string) (kept string, used bool) {
	switch code = claim.TwoDigits(code); {
	case code == "", knownStatus(code):
		return code, true
	case len(code) > 2:
		return "", false
	}
	return code, false
}

// knownStatus says that a patient discharge status is one of UB-04 FL 17.
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

// IsNPI says that a text has the form of a national provider identifier.
func IsNPI(s string) bool { return len(s) == 10 && strings.Trim(s, "0123456789") == "" }

// NPI reads a national provider identifier, ten digits; anything else is left
// out with a warning.
func NPI(r *Rows, column string) string {
	s := r.Text(column)
	if s == "" {
		return ""
	}
	if !IsNPI(s) {
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
