package designdoc

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// told is one entry of a parameter: for whom, and its values in time, each
// once where it does not change.
type told struct {
	whom   string
	values []string
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
		if n := len(e.values); n == 0 || e.values[n-1] != r.Value {
			e.values = append(e.values, r.Value)
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
			words[i] = say(v)
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

// spread tells more than three values of several entries as a range of rates.
func spread(all []told, say func(string) string) (string, bool) {
	var low, high money.Rate
	rates, words := 0, []string{}
	var texts [2]string
	for _, e := range all {
		for _, v := range e.values {
			r, err := money.ParseRate(v)
			if err != nil {
				words = append(words, say(v))
				continue
			}
			if rates == 0 || r.Cmp(low) < 0 {
				low, texts[0] = r, v
			}
			if rates == 0 || r.Cmp(high) > 0 {
				high, texts[1] = r, v
			}
			rates++
		}
	}
	if rates <= 3 {
		return "", false
	}
	slices.Sort(words)
	text := strings.Join(append(slices.Compact(words), texts[0]+" to "+texts[1]), " or ")
	return text + ", depending on when and for whom", true
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
		if slices.ContainsFunc(e.values, func(v string) bool { return !strings.HasPrefix(v, "-") }) {
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
