package prompt

import (
	"testing"

	"pgregory.net/rapid"

	"bundlelab/tui/draw"
	"bundlelab/tui/term"
)

func TestFieldEdits(t *testing.T) {
	f := NewField("abc")
	for _, k := range []string{"left", "backspace", "home", "delete", "end"} {
		f.Key(term.Key{Name: k})
	}
	f.Key(term.Key{Name: "paste", Text: "x\ny"})
	if got := f.Text(); got != "cx y" { // abc, then ac, then c, then the pasted text on one line
		t.Errorf("got %q", got)
	}
	f.Key(term.Key{Name: "ctrl+w"})
	f.Key(term.Key{Name: "ctrl+w"})
	if f.Text() != "" || f.Key(term.Key{Name: "f5"}) {
		t.Errorf("left %q", f.Text())
	}
}

// TestFieldStaysInItsPlace types and moves at random.
func TestFieldStaysInItsPlace(t *testing.T) {
	th := draw.NewTheme(draw.Mono, false)
	rapid.Check(t, func(r *rapid.T) {
		f := NewField(rapid.SampledFrom([]string{"", "snf", "健康保険"}).Draw(r, "start"))
		w := rapid.IntRange(2, 20).Draw(r, "w")
		for range rapid.IntRange(0, 60).Draw(r, "keys") {
			k := rapid.SampledFrom([]term.Key{{Name: "left"}, {Name: "right"}, {Name: "home"}, {Name: "end"}, {Name: "backspace"}, {Name: "delete"},
				{Name: "ctrl+u"}, {Name: "ctrl+w"}, {Name: "a", Text: "a"}, {Name: "健", Text: "健"}, {Name: " ", Text: " "}}).Draw(r, "key")
			f.Key(k)
			if n := f.Add(draw.On(""), &th, w).Width(); n > w+1 {
				r.Fatalf("the field takes %d of %d cells", n, w)
			}
		}
	})
}

func TestConfirm(t *testing.T) {
	c := Confirm{Third: "save"}
	for key, want := range map[string]Answer{"y": Yes, "n": No, "esc": No, "s": Other, "enter": Waiting, "x": Waiting} {
		if got := c.Key(term.Key{Name: key}); got != want {
			t.Errorf("%s: %d, want %d", key, got, want)
		}
	}
}
