package cclf

import (
	"regexp"
	"strings"
)

// naming tells the files of a delivery apart by their names: as CMS sends them,
// such as P.A1234.ACO.ZC1Y24.D240101.T0100000, and as people rename them, such
// as cclf1.txt or CCLFA_2024-01.txt.
type naming struct{ sent, renamed, sentDay, otherDay *regexp.Regexp }

func newNaming() naming {
	return naming{
		sent:     regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(zc([0-9ab])(w?[a-z]\d{2})?)(?:[^a-z0-9]|$)`),
		renamed:  regexp.MustCompile(`(?i)(cclf[ _.-]?([0-9ab]))(?:[^a-z0-9]|$)`),
		sentDay:  regexp.MustCompile(`(?i)\.D(\d{6})(?:\.|$)`),
		otherDay: regexp.MustCompile(`(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)?`),
	}
}

// label is what a file's name says of it.
type label struct {
	code  code
	group string // the same for the files of one delivery
	day   string // of the delivery: YYYYMMDD, YYYYMM or ""
}

// read reads a name without the endings of packing.
func (n naming) read(stem string) label {
	if m := n.sent.FindStringSubmatchIndex(stem); m != nil {
		l := label{code: code(strings.ToUpper(stem[m[4]:m[5]]))}
		run := ""
		if m[6] >= 0 {
			run = stem[m[6]:m[7]]
		}
		l.group = strings.ToLower(stem[:m[2]] + run)
		if d := n.sentDay.FindStringSubmatch(stem); d != nil {
			l.day = "20" + d[1]
			l.group += "." + l.day
		}
		return l
	}
	m := n.renamed.FindStringSubmatchIndex(stem)
	if m == nil {
		return label{group: strings.ToLower(stem), day: n.plainDay(stem)}
	}
	rest := stem[:m[2]] + "*" + stem[m[3]:]
	if i := strings.LastIndexByte(rest, '.'); i > strings.IndexByte(rest, '*') {
		rest = rest[:i]
	}
	return label{code(strings.ToUpper(stem[m[4]:m[5]])), strings.ToLower(rest), n.plainDay(rest)}
}

func (n naming) plainDay(stem string) string {
	if d := n.sentDay.FindStringSubmatch(stem); d != nil {
		return "20" + d[1]
	}
	return strings.Join(n.otherDay.FindStringSubmatch(stem)[min(1, len(n.otherDay.FindStringSubmatch(stem))):], "")
}
