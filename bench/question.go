package main

import (
	"fmt"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/project"
)

// The question that everyone answers: what do all episodes of the database cost
// at a length, by hospital and category, when levers save on some settings and
// each episode is held at a cap of its price cell and census division? The cap is
// either stated beforehand or the 99th percentile, nearest rank, of the projected
// spending itself. The sums are added up to one number of micro-dollars, which
// all must agree on.

// asked is the length of the question, and designs those of eight designs.
const asked = 90

func lengths() []int { return []int{30, 37, 45, 52, 60, 67, 75, asked} }

// savings are weights in basis points by setting; the others weigh 10,000.
func savings(tick int) map[episode.Setting]int64 {
	return map[episode.Setting]int64{episode.SNF: int64(8_500 - 10*tick), episode.IRF: 9_000, episode.Readmission: 9_000}
}

// whole is the weight of what no lever moves.
const whole = int64(money.Whole)

// weights are the levers at one tick of a held key.
func weights(hospitals, tick int) []*project.Weights {
	w := &project.Weights{}
	for c := range w {
		w[c].Anchor = money.Whole
		for s := range w[c].Setting {
			w[c].Setting[s] = money.Whole
		}
		for s, x := range savings(tick) {
			w[c].Setting[s] = money.BP(x)
		}
	}
	out := make([]*project.Weights, hospitals)
	for h := range out {
		out[h] = w
	}
	return out
}

// sum is the answer of a projector.
func sum(o *project.Outcome) (total int64) {
	for h := range o.Totals {
		for c := range o.Totals[h] {
			total += int64(o.Totals[h][c].Spending)
		}
	}
	return total
}

// everything lists all episodes.
func everything(p *panel.Panel) []int {
	list := make([]int, len(p.Episodes))
	for i := range list {
		list[i] = i
	}
	return list
}

// dialect is how a database writes what SQL leaves open.
type dialect struct {
	divide  string // whole-number division
	setting int    // number of the first setting
	gmlos   string // column
	inner   string // visits of line s before a length, a format of it
	outer   string // all its visits
}

// weight is the weight of line s by its setting.
func (d *dialect) weight(tick int) string {
	var b strings.Builder
	b.WriteString("CASE s.setting")
	for _, x := range episode.Settings() {
		if w, ok := savings(tick)[x]; ok {
			fmt.Fprintf(&b, " WHEN %d THEN %d", int(x)+d.setting, w)
		}
	}
	fmt.Fprintf(&b, " ELSE %d END", whole)
	return b.String()
}

// round is a/b, half away from zero; b is above zero.
func (d *dialect) round(a, b string) string {
	return fmt.Sprintf("(CASE WHEN (%[1]s) >= 0 THEN (2*(%[1]s)+(%[2]s)) %[3]s (2*(%[2]s)) ELSE -((-2*(%[1]s)+(%[2]s)) %[3]s (2*(%[2]s))) END)", a, b, d.divide)
}

// inside is the part of line s that falls before a length: Service.Inside.
func (d *dialect) inside(length int) string {
	in := fmt.Sprintf("(%d-s.off_from)", length)
	const days = "(s.off_to-s.off_from+1)"
	reach := fmt.Sprintf("(%s+1)*100", in)
	outlier := d.round("s.outlier_cents*"+in, days)
	return fmt.Sprintf(`(CASE WHEN s.rule = 4 THEN s.std_cents WHEN s.off_from >= %[1]d THEN 0 WHEN s.rule = 0 OR s.off_to < %[1]d THEN s.std_cents
 WHEN s.rule = 2 AND s.%[2]s > 0 THEN CASE WHEN %[3]s >= s.%[2]s THEN s.std_cents-s.outlier_cents+%[4]s ELSE %[5]s END
 WHEN s.rule = 3 AND %[6]s > 0 THEN %[7]s
 ELSE %[8]s END)`,
		length, d.gmlos, reach, outlier,
		d.round(fmt.Sprintf("(s.std_cents-s.outlier_cents)*%s*%s+s.outlier_cents*%s*s.%s", reach, days, in, d.gmlos), "s."+d.gmlos+"*"+days),
		d.outer, d.round(fmt.Sprintf("s.std_cents*"+d.inner, length), d.outer),
		d.round("s.std_cents*"+in, days))
}

// line is what line s adds to its episode, in micro-dollars: what lies before
// day 0 belongs to the anchor.
func (d *dialect) line(tick int) string {
	return fmt.Sprintf("%s*(%s) + CASE WHEN s.off_from < 0 OR s.rule = 4 THEN %s*(%d-(%[2]s)) ELSE 0 END", d.inside(asked), d.weight(tick), d.inside(0), whole)
}

// counts says which lines of s count at all.
func counts() string { return fmt.Sprintf("s.excl = 0 AND (s.off_from < %d OR s.rule = 4)", asked) }
