package action

import (
	"slices"
	"strings"
	"testing"
)

// states are all combinations of focus and close-up.
func states() []State {
	var out []State
	for p := Levers; p <= Tab; p++ {
		for _, tab := range Tabs() {
			out = append(out, State{Focus: p, Tab: tab, CanUndo: true, CanRedo: true, LeverSet: true, OneCCN: true, Many: true, Filtered: true, Zoomed: true})
		}
	}
	return out
}

// TestOneActionPerKey holds that no key means two things at one place.
func TestOneActionPerKey(t *testing.T) {
	for _, s := range states() {
		owner := map[string]ID{}
		for _, a := range Registry() {
			if _, ok := a.Works(s); !ok {
				continue
			}
			for _, k := range a.Keys {
				if other := owner[k]; other != "" {
					t.Errorf("%s in %s: both %s and %s", k, s.Focus, other, a.ID)
				}
				owner[k] = a.ID
			}
		}
	}
}

func TestIDsAreUnique(t *testing.T) {
	seen := map[ID]bool{}
	for _, a := range Registry() {
		if seen[a.ID] {
			t.Errorf("%s is there twice", a.ID)
		}
		seen[a.ID] = true
		if a.Title == "" || a.Group == "" || a.Hint != "" && (a.Priority == 0 || len(a.Keys) == 0) {
			t.Errorf("%s is incomplete: %+v", a.ID, a)
		}
	}
}

func TestFind(t *testing.T) {
	list := Registry()
	if id, _ := Find(list, "right", State{Focus: Levers}); id != StepUp {
		t.Errorf("right in the levers is %q", id)
	}
	if id, _ := Find(list, "right", State{Focus: Tab}); id != NextTab {
		t.Errorf("right in the close-up is %q", id)
	}
	if id, why := Find(list, "u", State{}); id != "" || !strings.Contains(why, "nothing to undo") {
		t.Errorf("u without changes: %q %q", id, why)
	}
	if id, why := Find(list, "F12", State{}); id != "" || why != "" {
		t.Errorf("an unknown key: %q %q", id, why)
	}
}

func TestFooterShrinks(t *testing.T) {
	for _, s := range states() {
		last := 0
		for w := 20; w < 250; w += 5 {
			hints := Footer(Registry(), s, w)
			if len(hints) < last {
				t.Errorf("%d hints at %d cells, %d before", len(hints), w, last)
			}
			last = len(hints)
			n := 0
			for _, h := range hints {
				n += len([]rune(h.Key)) + len([]rune(h.Text)) + 4
			}
			if n > w {
				t.Errorf("hints take %d of %d cells", n, w)
			}
		}
		if w80 := Footer(Registry(), s, 80); !slices.ContainsFunc(w80, func(h Hint) bool { return h.Key == "?" }) {
			t.Error("? is not in the footer at 80")
		}
	}
}

func TestMarkdownNamesEveryAction(t *testing.T) {
	text := Markdown()
	for _, a := range Registry() {
		if !strings.Contains(text, a.Title) {
			t.Errorf("%s is missing", a.ID)
		}
	}
	for _, l := range strings.Split(text, "\n") {
		if strings.HasPrefix(l, "|") && strings.Count(l, "|") != 4 {
			t.Errorf("broken row %q", l)
		}
	}
}
