package price

import (
	"slices"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Anchor is the kind of anchor that a stated benchmark is of.
type Anchor uint8

// The anchors. A program that does not tell them apart means both.
const (
	EitherAnchor Anchor = iota
	InpatientAnchor
	OutpatientAnchor
)

// Stated is the benchmark that CMS itself states for the episodes of one
// hospital and category, with the factors behind it: in BPCI Advanced SBS x
// PCMA x PAT = HBP, before the discount (TARGET_PRICE = benchmark x (1 -
// discount)). Amounts are dollars of one episode, ratios millionths; nil is not
// stated. The hospital's case mix is inside (PCMA), so that no patient's risk
// multiplier goes on top.
type Stated struct {
	CCN       string
	Category  episode.Category
	Anchor    Anchor
	Days      int    // episode length it is for
	Period    string // "" serves all
	Initiator string // whose price it is
	Group     bool   // a physician group's at the hospital, not the hospital's own
	Import    int64  // of two imports the later one has the higher number
	Benchmark money.Cents
	SBS, HBP  *money.Cents
	PCMA, PAT *int64
}

type statedKey struct {
	ccn      string
	category episode.Category
	anchor   Anchor
	group    bool
	days     int
	period   string
}

// State adds benchmarks that CMS itself states. It is part of making the book,
// before anybody reads it.
func (b *Book) State(rows []Stated) {
	if b.stated == nil {
		b.stated = map[statedKey][]*Stated{}
	}
	for i := range rows {
		s := &rows[i]
		k := statedKey{s.CCN, s.Category, s.Anchor, s.Group, s.Days, s.Period}
		b.stated[k] = append(b.stated[k], s)
	}
}

// Stated finds the benchmark stated for an anchor of a hospital: the period's
// own before one that serves all periods, the hospital's own before a physician
// group's, one of its kind of anchor before one of either, and then the latest
// import's. nil when there is none; disputed when those left do not agree, as
// of two groups at one hospital, because nothing tells whose an episode is.
func (b *Book) Stated(ccn string, c episode.Category, a Anchor, days int, period string) (s *Stated, disputed bool) {
	for _, p := range periods(period) {
		for _, group := range []bool{false, true} {
			for _, anchor := range []Anchor{a, EitherAnchor} {
				if rows := b.stated[statedKey{ccn, c, anchor, group, days, p}]; len(rows) > 0 {
					return latest(rows)
				}
			}
		}
	}
	return nil, false
}

// StatedPeriods are the periods of the benchmarks stated for a hospital at a
// length, in order.
func (b *Book) StatedPeriods(ccn string, days int) []string {
	var out []string
	for k := range b.stated {
		if k.ccn == ccn && k.days == days && !slices.Contains(out, k.period) {
			out = append(out, k.period)
		}
	}
	slices.Sort(out)
	return out
}

// latest is what the latest import states. Each group states its own price: one
// import does not replace another group's.
func latest(rows []*Stated) (s *Stated, disputed bool) {
	newest := map[string]int64{}
	for _, r := range rows {
		newest[r.whose()] = max(newest[r.whose()], r.Import)
	}
	for _, r := range rows {
		switch {
		case r.Import < newest[r.whose()]:
		case s == nil:
			s = r
		case s.Benchmark != r.Benchmark:
			return nil, true
		}
	}
	return s, false
}

// whose tells groups apart; a hospital is one whatever number it goes by.
func (s *Stated) whose() string {
	if s.Group {
		return s.Initiator
	}
	return ""
}
