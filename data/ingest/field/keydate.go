package field

import "strings"

// KeyOfPerson says that a key of a file seems to be made of a person: it holds
// a date before 2000, which is a birth date, or two words that may be a name
// together with any date. A key is only ever hashed for it, so it errs on the
// side of the person.
func KeyOfPerson(key string) bool {
	if !suspect(key) {
		return false
	}
	var room [maxRuns]run
	runs := cut(room[:0], key)
	dated := false
	for i := range runs {
		old, date := dateAt(key, runs[i:])
		if old {
			return true
		}
		dated = dated || date
	}
	return dated && named(key, runs)
}

// suspect passes over most keys quickly: those without two words and without
// the first digits of a year that is long gone.
func suspect(key string) bool {
	words, letters := 0, 0
	for i := range len(key) {
		c := key[i]
		if !isLetter(c) {
			letters = 0
			if c == '1' && i+1 < len(key) && (key[i+1] == '9' || key[i+1] == '8') {
				return true
			}
			continue
		}
		if letters++; letters == 2 {
			if words++; words == 2 {
				return true
			}
		}
	}
	return false
}

// run is a stretch of letters or of digits in a key.
type run struct {
	from, to int
	digits   bool
}

func (r run) size() int { return r.to - r.from }

// maxRuns is as far as a key is looked at.
const maxRuns = 32

// cut finds the runs of a key.
func cut(runs []run, key string) []run {
	for i := 0; i < len(key) && len(runs) < cap(runs); {
		digits := isDigit(key[i])
		if !digits && !isLetter(key[i]) {
			i++
			continue
		}
		from := i
		for i < len(key) && (digits && isDigit(key[i]) || !digits && isLetter(key[i])) {
			i++
		}
		runs = append(runs, run{from, i, digits})
	}
	return runs
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 }

// dateAt says that a date begins with the first run, and that its year is
// stated in full and before 2000.
func dateAt(key string, runs []run) (old, date bool) {
	first := key[runs[0].from:runs[0].to]
	if runs[0].digits {
		switch len(first) {
		case 8:
			for _, y := range [2]string{first[:4] + first[4:6] + first[6:], first[4:] + first[:2] + first[2:4]} {
				o, d := ordered(y[:4], y[4:6], y[6:])
				old, date = old || o, date || d
			}
		case 6:
			for _, y := range [2]string{first, first[4:] + first[:4]} {
				_, d := ordered("20"+y[:2], y[2:4], y[4:])
				date = date || d
			}
		}
	}
	if len(runs) < 3 || !near(key, runs[0], runs[1]) || !near(key, runs[1], runs[2]) {
		return old, date
	}
	second, third := key[runs[1].from:runs[1].to], key[runs[2].from:runs[2].to]
	for _, p := range [3][3]string{{first, second, third}, {third, first, second}, {third, second, first}} {
		o, d := ordered(p[0], p[1], p[2])
		old, date = old || o, date || d
	}
	return old, date
}

// near says that at most one character stands between two runs.
func near(key string, a, b run) bool {
	return b.from == a.to || b.from == a.to+1 && strings.IndexByte("-/._ ,", key[a.to]) >= 0
}

// ordered reads a year, a month, by number or by name, and a day, the last two
// in either order where both are numbers.
func ordered(year, month, day string) (old, date bool) {
	y := small(year)
	switch {
	case y < 0:
		return false, false
	case len(year) == 4:
		if y < 1880 || y >= 2100 {
			return false, false
		}
	case len(year) == 2:
		y += 2000 // the century is not stated
	default:
		return false, false
	}
	m, d := small(month), small(day)
	if monthNamed(month) {
		m = 1
	}
	ok := m >= 1 && m <= 12 && d >= 1 && d <= 31 || d >= 1 && d <= 12 && m >= 1 && m <= 31
	return ok && y < 2000, ok
}

// small is a number of up to four digits; -1 for anything else.
func small(s string) int {
	if len(s) == 0 || len(s) > 4 {
		return -1
	}
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// monthNamed says that a word is a month, in full or by its first three letters.
func monthNamed(s string) bool {
	if len(s) < 3 {
		return false
	}
	for _, m := range [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"} {
		if strings.EqualFold(s, m) || strings.EqualFold(s, m[:3]) {
			return true
		}
	}
	return false
}

// named says that two words of a key side by side may be a person's name: of
// two letters or more, and not words of the trade.
func named(key string, runs []run) bool {
	for i := 1; i < len(runs); i++ {
		a, b := runs[i-1], runs[i]
		if !a.digits && !b.digits && a.size() >= 2 && b.size() >= 2 && near(key, a, b) && mayName(key[a.from:a.to]) && mayName(key[b.from:b.to]) {
			return true
		}
	}
	return false
}

func mayName(word string) bool { return !monthNamed(word) && !tradeWord(strings.ToLower(word)) }
