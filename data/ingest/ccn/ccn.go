// Package ccn reads a CMS certification number, the six characters that name a
// provider: its state and what kind of provider it is (State Operations Manual
// 2779A, as tabulated in CMS's public episode code).
package ccn

import "strings"

// Kind is what a provider is.
type Kind uint8

// The kinds that matter to an episode.
const (
	Unknown    Kind = iota
	ShortTerm       // short-term acute hospital under the IPPS
	Critical        // critical access hospital
	LongTerm        // long-term care hospital
	Rehab           // rehabilitation hospital or unit
	Psych           // psychiatric hospital or unit
	SwingBed        // swing beds used for skilled nursing
	Skilled         // skilled nursing facility
	HomeHealth      // home health agency
	OtherAcute      // cancer, children's, emergency or veterans' hospital
)

// Valid says that the number has six letters or digits.
func Valid(ccn string) bool {
	return len(ccn) == 6 && strings.Trim(ccn, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// prefixes are the state codes in use, the first two characters of a CCN: 00
// to 97 but for 60 to 63, 98 and 99, and the letter codes.
func knownPrefix(p string) bool {
	switch {
	case p >= "60" && p <= "63", p == "98":
		return false
	case p >= "00" && p <= "99":
		return p[1] >= '0' && p[1] <= '9'
	}
	return p >= "A0" && p <= "A9" || p >= "B0" && p <= "B2"
}

// KnownState says that the first two characters are a state code in use.
func KnownState(ccn string) bool { return len(ccn) >= 2 && knownPrefix(ccn[:2]) }

// cancer hospitals are exempt from the IPPS and known by their numbers.
func cancer(ccn string) bool {
	switch ccn {
	case "050146", "050660", "100079", "100271", "220162", "330154", "330354", "360242", "390196", "450076", "500138":
		return true
	}
	return false
}

// KindOf is what the number says its provider is.
func KindOf(ccn string) Kind {
	if !Valid(ccn) {
		return Unknown
	}
	if cancer(ccn) {
		return OtherAcute
	}
	if k := unit(ccn); k != Unknown {
		return k
	}
	last := ccn[2:]
	in := func(from, to string) bool { return last >= from && last <= to }
	if strings.Trim(last, "0123456789") != "" {
		return Unknown
	}
	switch {
	case in("0001", "0899"):
		return ShortTerm
	case in("1300", "1399"):
		return Critical
	case in("2000", "2299"):
		return LongTerm
	case in("3025", "3099"):
		return Rehab
	case in("3300", "3399"):
		return OtherAcute
	case in("4000", "4499"):
		return Psych
	case in("5000", "6499"):
		return Skilled
	case in("7000", "7999"):
		return HomeHealth
	}
	return Unknown
}

// unit reads the letter that marks a unit inside a hospital, or an emergency
// or veterans' hospital.
func unit(ccn string) Kind {
	switch ccn[2] {
	case 'R', 'T':
		return Rehab
	case 'U', 'W', 'Y', 'Z':
		return SwingBed
	case 'M', 'S':
		return Psych
	}
	if ccn[5] == 'E' || ccn[5] == 'F' || ccn[4] == 'V' {
		return OtherAcute
	}
	return Unknown
}
