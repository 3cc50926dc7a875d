package store

// The census division of a hospital decides its region's price. Where a file
// does not state it, it follows from the state, and the state from the first
// two characters of the CMS certification number (ruling 16). Sources: US
// Census Bureau regions and divisions; CMS State Operations Manual, 2779A1.

// divisionOf gives the census division 1..9 of a state or DC by its postal
// code; 0 for a territory or anything else.
func divisionOf(state string) int {
	switch state {
	case "CT", "MA", "ME", "NH", "RI", "VT":
		return 1 // New England
	case "NJ", "NY", "PA":
		return 2 // Middle Atlantic
	case "IL", "IN", "MI", "OH", "WI":
		return 3 // East North Central
	case "IA", "KS", "MN", "MO", "ND", "NE", "SD":
		return 4 // West North Central
	case "DC", "DE", "FL", "GA", "MD", "NC", "SC", "VA", "WV":
		return 5 // South Atlantic
	case "AL", "KY", "MS", "TN":
		return 6 // East South Central
	case "AR", "LA", "OK", "TX":
		return 7 // West South Central
	case "AZ", "CO", "ID", "MT", "NM", "NV", "UT", "WY":
		return 8 // Mountain
	case "AK", "CA", "HI", "OR", "WA":
		return 9 // Pacific
	}
	return 0
}

// stateOfCCN gives the postal code of the state a certification number belongs
// to; "" for a territory, a foreign country or an unknown prefix, none of
// which has a census division.
func stateOfCCN(ccn string) string {
	if len(ccn) < 2 {
		return ""
	}
	switch ccn[:2] {
	case "01":
		return "AL"
	case "02":
		return "AK"
	case "00", "03":
		return "AZ"
	case "04", "89":
		return "AR"
	case "05", "55", "75", "92", "A0", "A1", "B2":
		return "CA"
	case "06", "91":
		return "CO"
	case "07", "81":
		return "CT"
	case "08":
		return "DE"
	case "09":
		return "DC"
	case "10", "68", "69", "A2":
		return "FL"
	case "11", "85":
		return "GA"
	case "12":
		return "HI"
	case "13", "54":
		return "ID"
	case "14", "78":
		return "IL"
	case "15":
		return "IN"
	case "16", "76":
		return "IA"
	case "17", "70":
		return "KS"
	case "18", "B0":
		return "KY"
	case "19", "71", "95", "A3":
		return "LA"
	case "20":
		return "ME"
	case "21", "80":
		return "MD"
	case "22", "82":
		return "MA"
	case "23", "A4":
		return "MI"
	case "24", "77":
		return "MN"
	case "25", "A5":
		return "MS"
	}
	return stateOfLaterCCN(ccn[:2])
}

// stateOfLaterCCN is the second half of the alphabet: Missouri to Wyoming.
func stateOfLaterCCN(prefix string) string {
	switch prefix {
	case "26", "79":
		return "MO"
	case "27":
		return "MT"
	case "28":
		return "NE"
	case "29":
		return "NV"
	case "30":
		return "NH"
	case "31", "83":
		return "NJ"
	case "32", "96":
		return "NM"
	case "33", "57":
		return "NY"
	case "34", "86":
		return "NC"
	case "35":
		return "ND"
	case "36", "72", "A6":
		return "OH"
	case "37", "90":
		return "OK"
	case "38", "93":
		return "OR"
	case "39", "73", "A7":
		return "PA"
	case "41":
		return "RI"
	case "42", "87":
		return "SC"
	case "43":
		return "SD"
	case "44", "88", "A8":
		return "TN"
	case "45", "67", "74", "97", "A9":
		return "TX"
	case "46":
		return "UT"
	case "47":
		return "VT"
	case "49":
		return "VA"
	case "50", "94":
		return "WA"
	case "51", "58", "B1":
		return "WV"
	case "52":
		return "WI"
	case "53":
		return "WY"
	}
	return ""
}
