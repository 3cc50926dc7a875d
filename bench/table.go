package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// ratio is one line of the table: how many times over a takes what b takes.
type ratio struct {
	what    string
	a, b    string // keys of figures
	atMost  float64
	atLeast float64
}

// limit is one line of the table for what is no ratio.
type limit struct {
	what   string
	key    string
	unit   string
	scale  float64
	atMost float64
}

func ratios(n int) []ratio {
	k := func(name string) string { return key(name, n, "ns/op") }
	rate := func(name string) string { return key(name, n, "rows/s") }
	return []ratio{
		{what: "one design, projected percentiles / one streaming sum", a: k("KernelOne"), b: k("Stream"), atMost: 0.15},
		{what: "one design, stated caps / one streaming sum", a: k("KernelOneStated"), b: k("Stream")},
		{what: "eight designs at eight lengths, projected percentiles / one streaming sum", a: k("KernelEight"), b: k("Stream"), atMost: 1},
		{what: "the plain path, one design / one streaming sum", a: k("KernelPlain"), b: k("Stream")},
		{what: "SQLite from lines / one design, stated caps", a: k("SQLiteLines"), b: k("KernelOneStated"), atLeast: 20_000},
		{what: "sqlite3 command from lines / one design, stated caps", a: k("SQLiteCommandLines"), b: k("KernelOneStated"), atLeast: 20_000},
		{what: "DuckDB from lines / one design, stated caps", a: k("DuckLines"), b: k("KernelOneStated"), atLeast: 3_000},
		{what: "DuckDB from its prefix table / one design, stated caps", a: k("DuckPrefixStated"), b: k("KernelOneStated")},
		{what: "DuckDB from its prefix table / one design, projected percentiles", a: k("DuckPrefix"), b: k("KernelOne"), atLeast: 250},
		{what: "numbers on screen, rebuild / snapshot", a: k("ScreenRows"), b: k("ScreenSnapshot"), atLeast: 25},
		{what: "loading, rebuild / snapshot", a: key("ScreenRows", n, "load-ns"), b: key("ScreenSnapshot", n, "load-ns"), atLeast: 25},
		{what: "whole project command, rebuild / snapshot", a: k("ProjectRows"), b: k("ProjectSnapshot")},
		{what: "a batch / the SQLite driver alone, rows per second", a: rate("ImportBatch"), b: rate("ImportDriver"), atLeast: 0.5},
		{what: "import of CSV files / the SQLite driver alone, rows per second", a: rate("ImportFiles"), b: rate("ImportDriver"), atLeast: 0.5},
	}
}

func limits(episodes int) []limit {
	const ms, mib = 1e-6, 1.0 / (1 << 20)
	var all []limit
	for _, n := range sizes(episodes) {
		goal := 16.0
		if n == 2_000 {
			goal = 2
		}
		for _, f := range []struct{ name, what string }{{"Frame", "key to a frame with every design settled"}, {"FrameQuality", "the same key on the quality score"}, {"FrameFirst", "key to a frame with the design in hand settled"}} {
			for _, p := range []string{"p50", "p99"} {
				l := limit{what: fmt.Sprintf("%s, %d episodes, %s", f.what, n, p), key: key(f.name, n, p+"-ns"), unit: "ms", scale: ms}
				if p == "p99" {
					l.atMost = goal
				}
				all = append(all, l)
			}
		}
	}
	k := func(name, unit string) string { return key(name, episodes, unit) }
	return append(all,
		limit{"numbers on screen from the snapshot", k("ScreenSnapshot", "ns/op"), "ms", ms, 0},
		limit{"numbers on screen from the snapshot, default sample", key("ScreenSnapshot", defaultSample, "ns/op"), "ms", ms, 150},
		limit{"peak memory, project from the snapshot", k("ProjectSnapshot", "peak-bytes"), "MiB", mib, 1024},
		limit{"peak memory, project from the rows", k("ProjectRows", "peak-bytes"), "MiB", mib, 1024},
		limit{"peak memory, first frame from the snapshot", k("ScreenSnapshot", "peak-bytes"), "MiB", mib, 1024},
		limit{"peak memory, board with every design", k("Frame", "peak-bytes"), "MiB", mib, 1024},
		limit{"peak memory, the same after the quality score", k("FrameQuality", "peak-bytes"), "MiB", mib, 1024},
		limit{"peak memory, writing the sample", k("Sample", "peak-bytes"), "MiB", mib, 1024},
	)
}

// goalsAt is the size the goals of the ratios were set for.
const goalsAt = 700_000

// table prints what was measured beside its goal.
func (all figures) table(w io.Writer, episodes int) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	text := fmt.Sprintf("%d episodes\tmeasured\tgoal\t\n", episodes)
	for _, r := range ratios(episodes) {
		if episodes != goalsAt {
			r.atMost, r.atLeast = 0, 0
		}
		if v, ok := all.ratio(&r); ok {
			text += fmt.Sprintf("%s\t%.4g x\t%s\n", r.what, v, verdict(v, r.atMost, r.atLeast, "x"))
		}
	}
	for _, l := range limits(episodes) {
		if v := all[l.key]; len(v) > 0 {
			x := median(v) * l.scale
			text += fmt.Sprintf("%s\t%.4g %s\t%s\n", l.what, x, l.unit, verdict(x, l.atMost, 0, l.unit))
		}
	}
	if _, err := io.WriteString(t, text); err != nil {
		return err
	}
	return t.Flush()
}

// ratio is the median of the ratios round by round: the two were measured in
// turns, so what slowed the machine slowed both. What takes long is measured in
// the first rounds only.
func (all figures) ratio(r *ratio) (float64, bool) {
	a, b := all[r.a], all[r.b]
	v := make([]float64, min(len(a), len(b)))
	if len(v) == 0 {
		return 0, false
	}
	for i := range v {
		v[i] = a[i] / b[i]
	}
	return median(v), true
}

func verdict(v, atMost, atLeast float64, unit string) string {
	word := func(ok bool) string {
		if ok {
			return "met"
		}
		return "missed"
	}
	switch {
	case atMost > 0:
		return fmt.Sprintf("at most %g %s\t%s", atMost, unit, word(v <= atMost))
	case atLeast > 0:
		return fmt.Sprintf("at least %g %s\t%s", atLeast, unit, word(v >= atLeast))
	}
	return "\t"
}
