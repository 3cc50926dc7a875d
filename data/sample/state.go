package sample

// state is a state's census division and the two digits its provider numbers
// start with.
type state struct {
	code, ccn string
	division  int
	weight    int // rough share of hospitals paid prospectively
}

// states of the nine divisions without Maryland, whose hospitals TEAM leaves
// out. Texas uses its second provider prefix, where the numbers invented here
// are not taken.
func states() []state {
	return []state{
		{"CT", "07", 1, 10}, {"ME", "20", 1, 6}, {"MA", "22", 1, 20}, {"NH", "30", 1, 5}, {"RI", "41", 1, 4}, {"VT", "47", 1, 3},
		{"NJ", "31", 2, 24}, {"NY", "33", 2, 50}, {"PA", "39", 2, 50},
		{"IL", "14", 3, 45}, {"IN", "15", 3, 30}, {"MI", "23", 3, 34}, {"OH", "36", 3, 46}, {"WI", "52", 3, 24},
		{"IA", "16", 4, 13}, {"KS", "17", 4, 18}, {"MN", "24", 4, 17}, {"MO", "26", 4, 26}, {"NE", "28", 4, 9}, {"ND", "35", 4, 4}, {"SD", "43", 4, 6},
		{"DE", "08", 5, 3}, {"DC", "09", 5, 3}, {"FL", "10", 5, 60}, {"GA", "11", 5, 36}, {"NC", "34", 5, 32}, {"SC", "42", 5, 19}, {"VA", "49", 5, 27}, {"WV", "51", 5, 11},
		{"AL", "01", 6, 28}, {"KY", "18", 6, 22}, {"MS", "25", 6, 19}, {"TN", "44", 6, 31},
		{"AR", "04", 7, 15}, {"LA", "19", 7, 31}, {"OK", "37", 7, 26}, {"TX", "67", 7, 79},
		{"AZ", "03", 8, 22}, {"CO", "06", 8, 18}, {"ID", "13", 8, 6}, {"MT", "27", 8, 5}, {"NV", "29", 8, 11}, {"NM", "32", 8, 10}, {"UT", "46", 8, 13}, {"WY", "53", 8, 4},
		{"AK", "02", 9, 3}, {"CA", "05", 9, 79}, {"HI", "12", 9, 5}, {"OR", "38", 9, 13}, {"WA", "50", 9, 18},
	}
}

// postAcuteIndex is a division's standardized 30-day spending against the
// nation: the Medicare spending-per-beneficiary measure of fiscal 2021 by
// division over its mean of .989.
func postAcuteIndex(division int) float64 {
	return [...]float64{.984, 1.007, .983, .951, .985, .998, 1.029, .968, .978}[division-1] / .989
}

// wageIndex is what raw dollars cost in a division: MS-DRG 470 in fiscal 2013.
func wageIndex(division int) float64 {
	return [...]float64{1.100, 1.034, .965, .939, .971, .850, .933, 1.028, 1.197}[division-1]
}
