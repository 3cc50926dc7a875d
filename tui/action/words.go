package action

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Hint is one footer entry.
type Hint struct{ Key, Text string }

// Footer picks the hints that work now and fit w cells, least important
// dropped first, in the order of the registry. Measures are cells.
func Footer(list []Action, s State, w int) []Hint {
	type entry struct {
		Hint
		priority, order, width int
	}
	var all []entry
	for i := range list {
		a := &list[i]
		if a.Hint == "" {
			continue
		}
		if _, ok := a.Works(s); !ok {
			continue
		}
		h := Hint{Key(a.Keys[0]), a.Hint}
		if a.ID == StepUp {
			h.Key = "← →"
		}
		if a.ID == LeapUp {
			h.Key = "< >"
		}
		all = append(all, entry{h, a.Priority, i, len([]rune(h.Key)) + len([]rune(h.Text)) + 4})
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.priority, b.priority) })
	room, kept := w, 0
	for kept < len(all) && room >= all[kept].width {
		room -= all[kept].width
		kept++
	}
	all = all[:kept]
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.order, b.order) })
	out := make([]Hint, len(all))
	for i, e := range all {
		out[i] = e.Hint
	}
	return out
}

// Markdown is docs/keys.md: every action by group with its keys.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Keys\n\nWritten from the program's own list of actions; do not edit by hand.\n")
	group := ""
	for _, a := range Registry() {
		if a.Group != group {
			group = a.Group
			fmt.Fprintf(&b, "\n## %s\n\n| key | does | where |\n|---|---|---|\n", group)
		}
		keys := make([]string, len(a.Keys))
		for i, k := range a.Keys {
			keys[i] = "`" + k + "`"
		}
		if len(keys) == 0 {
			keys = []string{"palette"}
		}
		where := make([]string, len(a.Panes))
		for i, p := range a.Panes {
			where[i] = p.String()
		}
		if len(where) == 0 {
			where = []string{"everywhere"}
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.Join(keys, " "), a.Title, strings.Join(where, ", "))
	}
	b.WriteString("\nIn the pane Levers a digit starts typing a value; `alt` with a digit opens a close-up from anywhere.\n")
	return b.String()
}
