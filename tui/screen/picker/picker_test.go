package picker

import (
	"testing"

	"bundlelab/tui/term"
)

func typed(p *Picker, keys ...string) Outcome {
	var out Outcome
	for _, k := range keys {
		key := term.Key{Name: k}
		if len([]rune(k)) == 1 {
			key.Text = k
		}
		out = p.Key(key)
	}
	return out
}

func items() []Item {
	return []Item{{ID: "1", Title: "SNF days fewer", Detail: "care.snf_days"}, {ID: "2", Title: "CQS", Detail: "quality.cqs"}, {ID: "3", Title: "Readmissions", Off: "not now"}}
}

func TestPicker(t *testing.T) {
	for _, x := range []struct {
		name  string
		loose bool
		keys  []string
		want  string // "" nothing chosen
	}{
		{"first", false, []string{"enter"}, "1"},
		{"move", false, []string{"down", "enter"}, "2"},
		{"substring of the detail", false, []string{"q", "u", "a", "l", "enter"}, "2"},
		{"letters apart do not match", false, []string{"s", "d", "f", "enter"}, ""},
		{"letters apart match loosely", true, []string{"s", "d", "f", "enter"}, "1"},
		{"tilde asks for loose", false, []string{"~", "s", "d", "f", "enter"}, "1"},
		{"an item that is off stays", false, []string{"end", "enter"}, ""},
		{"escape", false, []string{"esc"}, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			out := typed(New("t", items(), x.loose, nil), x.keys...)
			got := ""
			if out.Chosen != nil {
				got = out.Chosen.ID
			}
			if got != x.want {
				t.Errorf("chose %q, want %q", got, x.want)
			}
		})
	}
}

func TestFreeChoicesComeFirst(t *testing.T) {
	p := New("t", items(), true, func(s string) []Item {
		if s == "" {
			return nil
		}
		return []Item{{ID: "free " + s}}
	})
	if out := typed(p, "s", "enter"); out.Chosen == nil || out.Chosen.ID != "free s" {
		t.Errorf("got %+v", out)
	}
}
