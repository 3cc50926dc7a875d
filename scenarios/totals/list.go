package totals

import (
	"fmt"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/project"
)

// mostListed is the longest list of episodes of one category.
const mostListed = 200_000

// list is a category's spending episode by episode, in designs where part of
// what lies past a threshold still counts.
type list struct {
	field     string
	category  int // place among the categories
	spending  []money.Cents
	low, high *money.Cents
	given     *money.Cents // the category's own spending, when it stands beside
	counted   bool         // episodes stands beside
}

func (r *reader) list(field string, m map[string]any, v any, category int) list {
	l := list{field: field, category: category}
	l.spending = r.amounts(field+".episode_spending", v)
	threshold := func(key string) *money.Cents {
		v, ok := m[key]
		if !ok {
			return nil
		}
		c := r.cents(field+"."+key, v)
		return &c
	}
	l.low, l.high = threshold("outlier_low"), threshold("outlier_high")
	if l.low != nil && l.high != nil && *l.low > *l.high {
		r.fail(field+".outlier_low", "%s is above outlier_high %s", l.low.Grouped(), l.high.Grouped())
	}
	l.given = threshold("spending")
	_, l.counted = m["episodes"]
	return l
}

// amounts is a list of amounts; nil when it cannot be read.
func (r *reader) amounts(field string, v any) []money.Cents {
	items, ok := v.([]any)
	if !ok || len(items) > mostListed {
		r.fail(field, "a list of at most %d amounts is needed", mostListed)
		return nil
	}
	out := make([]money.Cents, len(items))
	for i, x := range items {
		out[i] = r.cents(fmt.Sprintf("%s[%d]", field, i), x)
	}
	return out
}

// hold replaces the spending of listed episodes by what of it counts. It runs
// once the track is known, because the shares may differ by track.
func (r *reader) hold(st *statement) {
	keep, err := money.ParseRate(st.at("cap.keep_above"))
	if err != nil {
		keep = money.Rate{} // the design counts nothing past the threshold
	}
	for _, l := range st.lists {
		if l.spending == nil {
			continue
		}
		raw, inRange := sum(l.spending)
		total, ok := l.held(keep)
		if !ok || !inRange {
			r.fail(l.field+".episode_spending", "comes to more than nine trillion dollars")
			continue
		}
		c := &st.input.Categories[l.category]
		if l.given != nil && *l.given != raw && *l.given != total {
			st.warn("%s.spending of %s is neither the sum of episode_spending, %s, nor what of it counts, %s: the latter counts", l.field, l.given.Grouped(), raw.Grouped(), total.Grouped())
		}
		if n := decimal.New(int64(len(l.spending)), 0); !l.counted {
			c.Episodes = n
		} else if !c.Episodes.Equal(n) {
			st.warn("%s.episodes is %s, but episode_spending lists %s", l.field, c.Episodes, n)
		}
		c.Spending, c.Uncapped = total, raw
		if l.low == nil && l.high == nil {
			st.warn("%s: neither outlier_low nor outlier_high is given, so every episode counts whole", l.field)
			continue
		}
		st.note("spending", "%s: of %s in %d episodes %s counts%s.", c.Name, raw.Grouped(), len(l.spending), total.Grouped(), l.words(keep))
	}
}

// held is what of the episodes counts: of each all up to the high threshold,
// part of what lies past it, and never less than the low one; summed exactly
// and rounded once to a cent (engine.md 1). It is false past the largest
// amount.
func (l list) held(keep money.Rate) (money.Cents, bool) {
	h := project.Open()
	h.Keep = keep
	if l.high != nil {
		h.High = l.high.Micros()
	}
	if l.low != nil {
		h.Low = l.low.Micros()
	}
	all := decimal.Zero
	for _, x := range l.spending {
		all = all.Add(decimal.New(int64(h.Of(x.Micros())), -4))
	}
	return money.RoundCents(all), !all.GreaterThan(decimal.New(mostCents, 0))
}

func (l list) words(keep money.Rate) string {
	text := ""
	if l.high != nil {
		text += fmt.Sprintf(", %s of what lies past %s", keep.Percent(), l.high.Grouped())
	}
	if l.low != nil {
		text += fmt.Sprintf(", each at least %s", l.low.Grouped())
	}
	return text
}
