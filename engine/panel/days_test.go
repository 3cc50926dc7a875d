package panel_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// anyServices draws services of every rule and setting, some of them refunds,
// some from before the discharge.
func anyServices(t *rapid.T) []episode.Service {
	var out []episode.Service
	for range rapid.IntRange(0, 8).Draw(t, "services") {
		from := rapid.Int32Range(-4, 40).Draw(t, "from")
		v := episode.Service{
			Setting: episode.Setting(rapid.IntRange(0, episode.NumSettings-1).Draw(t, "setting")),
			Rule:    episode.Rule(rapid.IntRange(int(episode.Whole), int(episode.Always)).Draw(t, "rule")),
			From:    from, To: from + rapid.SampledFrom([]int32{0, 0, 1, 7, 30}).Draw(t, "more days"),
			GMLOS: rapid.SampledFrom([]int32{0, 410}).Draw(t, "gmlos"), Amount: money.Cents(rapid.Int64Range(-5_000, 5_000_000_000).Draw(t, "amount")),
			Excluded: rapid.SampledFrom([]episode.Exclusion{0, 0, 0, episode.Listed, episode.Payer}).Draw(t, "excluded"),
		}
		if v.Amount > 0 {
			v.Outlier = v.Amount / 3
		}
		if v.Rule == episode.Visits {
			v.Visits = []episode.Visit{{Offset: v.From, Count: 1}, {Offset: v.To, Count: 2}}
		}
		out = append(out, v)
	}
	return out
}

// A length reached by days, forwards or backwards, in one step or in several,
// is the length computed from the services.
func TestDaysMoveToAnyLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []panel.Episode
		for i := range rapid.IntRange(1, 4).Draw(t, "episodes") {
			rows = append(rows, panel.Episode{Key: fmt.Sprint(i), Category: episode.LEJR, Anchor: 100, Services: episode.Pack(anyServices(t)...)})
		}
		p, err := panel.New("test", []panel.Hospital{{CCN: "1"}}, rows, false)
		if err != nil {
			t.Fatal(err)
		}
		on := rapid.Bool().Draw(t, "exclusions")
		d := p.Days(on)
		length := rapid.IntRange(0, 90)
		s := p.At(length.Draw(t, "start"), on)
		for range rapid.IntRange(1, 4).Draw(t, "steps") {
			before := *s
			post := slices.Clone(s.Post)
			to := length.Draw(t, "length")
			moved, want := d.Move(s, to), p.At(to, on)
			if moved.Length != to || !slices.Equal(moved.Anchor, want.Anchor) || !slices.Equal(moved.Post, want.Post) || !slices.Equal(moved.SNFDays, want.SNFDays) {
				t.Fatalf("from %d to %d days: %+v, want %+v", s.Length, to, moved, want)
			}
			if !slices.Equal(post, s.Post) || before.Length != s.Length {
				t.Fatal("the spending it started from has moved")
			}
			s = moved
		}
	})
}

func TestFirstEnd(t *testing.T) {
	day := func(n int) panel.Episode {
		return panel.Episode{Key: fmt.Sprint(n), Category: episode.LEJR, End: calendar.Day(n)}
	}
	p, err := panel.New("test", []panel.Hospital{{CCN: "1"}}, []panel.Episode{day(30), day(10), day(30), day(20)}, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		from, to, want calendar.Day
		ok             bool
	}{{0, 9, 0, false}, {0, 10, 10, true}, {10, 40, 10, true}, {11, 40, 20, true}, {21, 29, 0, false}, {31, 99, 0, false}, {30, 30, 30, true}} {
		if got, ok := p.FirstEnd(x.from, x.to); got != x.want || ok != x.ok {
			t.Errorf("from %d to %d: %d, %v", x.from, x.to, got, ok)
		}
	}
}
