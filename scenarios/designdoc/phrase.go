package designdoc

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// told is one entry of a parameter: for whom, and its values in time, each
// once where neither it nor how it is known changes.
type told struct {
	whom   string
	values []known
}

// known is a value with the mark of how well it is known.
type known struct{ value, mark string }

// mark says after a value that nobody has confirmed or published it; better
// grades, and the user's own, go without.
func mark(e policy.Evidence) string {
	if e == policy.Unconfirmed || e == policy.Assumed {
		return " (" + e.String() + ")"
	}
	return ""
}

// marked is the mark of the weakest value of parameters that does something,
// for sentences that say what follows from it rather than the value.
func (t *teller) marked(key string, idle ...string) string {
	var low policy.Evidence
	for _, r := range t.rows {
		if r.Key == key && !slices.Contains(idle, r.Value) && mark(r.Evidence) != "" {
			low = low.Lowest(r.Evidence)
		}
	}
	return mark(low)
}

// entries gathers a parameter's entries; the one for all others comes last.
func (t *teller) entries(key string) []told {
	var out []told
	last := -1
	for _, r := range t.rows {
		if r.Key != key {
			continue
		}
		if r.Entry != last {
			out, last = append(out, told{whom: scope(r)}), r.Entry
		}
		e := &out[len(out)-1]
		v := known{r.Value, mark(r.Evidence)}
		if n := len(e.values); n == 0 || e.values[n-1] != v {
			e.values = append(e.values, v)
		}
	}
	slices.SortStableFunc(out, func(a, b told) int {
		switch {
		case a.whom == "" && b.whom != "":
			return 1
		case a.whom != "" && b.whom == "":
			return -1
		}
		return 0
	})
	return out
}

// scope says in words whom an entry serves.
func scope(r policy.Row) string {
	var parts []string
	for _, x := range []struct {
		names  []string
		format string
	}{{r.Categories, "%s"}, {r.Kinds, "%s episodes"}, {r.Tracks, "track %s"}, {r.Classes, "%s hospitals"}} {
		if len(x.names) > 0 {
			parts = append(parts, fmt.Sprintf(x.format, strings.Join(x.names, ", ")))
		}
	}
	if r.Days != "" {
		parts = append(parts, r.Days+" days")
	}
	return strings.Join(parts, " and ")
}

// all are a parameter's values in words, with whom and in which order of time
// where there are several; the tables of the page give the dates.
func (t *teller) all(key string) string { return t.phrase(t.entries(key), word) }

// phrase joins entries; many are told as a range.
func (t *teller) phrase(all []told, say func(string) string) string {
	if len(all) == 0 {
		return "what nobody states"
	}
	var parts []string
	for _, e := range all {
		words := make([]string, len(e.values))
		for i, v := range e.values {
			words[i] = say(v.value) + v.mark
		}
		text := words[0]
		if len(words) > 1 {
			text += ", later " + strings.Join(words[1:], ", then ")
		}
		parts = append(parts, text)
	}
	if len(slices.Compact(slices.Clone(parts))) == 1 && (len(all) > 1 || all[0].whom == "") {
		return parts[0]
	}
	if text, ok := spread(all, say); ok {
		return text
	}
	for i, e := range all {
		if e.whom == "" {
			parts[i] += " otherwise"
		} else {
			parts[i] += " for " + e.whom
		}
	}
	return strings.Join(parts, ", ")
}

// spread tells more than three values of several entries as a range of rates;
// its mark says how much of it nobody has confirmed.
func spread(all []told, say func(string) string) (string, bool) {
	var low, high money.Rate
	rates, words, marks := 0, []string{}, []string{}
	var texts [2]string
	for _, e := range all {
		for _, v := range e.values {
			r, err := money.ParseRate(v.value)
			if err != nil {
				words = append(words, say(v.value)+v.mark)
				continue
			}
			if rates == 0 || r.Cmp(low) < 0 {
				low, texts[0] = r, v.value
			}
			if rates == 0 || r.Cmp(high) > 0 {
				high, texts[1] = r, v.value
			}
			rates, marks = rates+1, append(marks, v.mark)
		}
	}
	if rates <= 3 {
		return "", false
	}
	slices.Sort(words)
	text := strings.Join(append(slices.Compact(words), texts[0]+" to "+texts[1]), " or ")
	return text + part(marks) + ", depending on when and for whom", true
}

// part is the mark of a range: "(unconfirmed)" where all of it is, "(partly
// unconfirmed, partly assumed)" where some values are.
func part(marks []string) string {
	slices.Sort(marks)
	kinds := slices.Compact(marks)
	if len(kinds) == 1 {
		return kinds[0]
	}
	var some []string
	for _, m := range kinds {
		if m != "" {
			some = append(some, "partly "+strings.Trim(m, " ()"))
		}
	}
	return " (" + strings.Join(some, ", ") + ")"
}

// word says a value that is no figure in words.
func word(v string) string {
	switch v {
	case policy.None:
		return "no limit"
	case policy.Waived:
		return "nothing"
	case policy.Pooled:
		return "every baseline episode counts alike"
	case "mean+2sd":
		return "the mean plus two standard deviations"
	case "p1":
		return "the 1st percentile"
	case "p99", "p95", "p75", "p5":
		return "the " + v[1:] + "th percentile"
	case "benchmark", "target":
		return "the " + v
	case "reimbursement":
		return "what the hospital is paid"
	}
	return v
}

// discounted is the benchmark after a discount; a negative one is added.
func (t *teller) discounted(key string) string {
	all := t.entries(key)
	for _, e := range all {
		if slices.ContainsFunc(e.values, func(v known) bool { return !strings.HasPrefix(v.value, "-") }) {
			return "the benchmark less " + t.phrase(all, word)
		}
	}
	return "the benchmark plus " + t.phrase(all, func(v string) string { return strings.TrimPrefix(v, "-") })
}

// when names the periods in which a parameter does something, "" for all.
func (t *teller) when(key string, idle ...string) string {
	var in []string
	for _, p := range t.d.Periods {
		if slices.ContainsFunc(t.d.ParamsOn(p.Start), func(r policy.Row) bool { return r.Key == key && !slices.Contains(idle, r.Value) }) {
			in = append(in, p.ID)
		}
	}
	if len(in) == len(t.d.Periods) || len(in) == 0 {
		return ""
	}
	return " (" + strings.Join(in, ", ") + ")"
}
