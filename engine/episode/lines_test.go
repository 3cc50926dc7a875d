package episode_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// edge draws a number at, before or past the bounds of the packed fields.
func edge(t *rapid.T, name string) int64 {
	near := rapid.SampledFrom([]int64{0, 30, math.MinInt16, math.MaxInt16, math.MinInt32 + 1, math.MaxInt32 - 1}).Draw(t, name)
	return near + rapid.Int64Range(-1, 1).Draw(t, name+" off")
}

// anyService draws any value of the type, usual or not.
func anyService(t *rapid.T) episode.Service {
	s := service(t)
	s.Excluded = rapid.SampledFrom([]episode.Exclusion{0, 0, episode.Listed, episode.Payer, math.MaxUint16}).Draw(t, "excluded")
	if rapid.Bool().Draw(t, "plain") {
		s.Outlier, s.Visits = 0, nil
	}
	if rapid.Bool().Draw(t, "odd") {
		s.From, s.Amount = int32(edge(t, "from")), money.Cents(edge(t, "amount")+rapid.Int64Range(-3, 3).Draw(t, "more"))
		s.To = int32(edge(t, "to"))
		s.GMLOS = int32(edge(t, "gmlos"))
	}
	if rapid.IntRange(0, 9).Draw(t, "always") == 0 {
		s.Rule = episode.Always
	}
	return s
}

// Whatever is packed comes back as it was, each episode its own, by every way
// of reading.
func TestLinesAreTheServices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(anyService), 0, 6), 1, 4).Draw(t, "episodes")
		b := episode.NewBuilder(rapid.IntRange(0, 5).Draw(t, "room"))
		together := rapid.Bool().Draw(t, "add all, then take")
		var lines []episode.Lines
		for _, services := range want {
			for i := range services {
				b.Add(&services[i])
			}
			if !together {
				lines = append(lines, b.Take(b.Waiting()))
			}
		}
		for _, services := range want[len(lines):] {
			lines = append(lines, b.Take(len(services)))
		}
		if b.Waiting() != 0 {
			t.Fatalf("%d are waiting", b.Waiting())
		}
		for i, l := range lines {
			if l.Len() != len(want[i]) || !l.Equal(episode.Pack(want[i]...)) {
				t.Fatalf("episode %d differs", i)
			}
			if d := cmp.Diff(want[i], slices.Collect(l.All()), equateEmpty()); d != "" {
				t.Fatal(d)
			}
			s := episode.Service{Outlier: 9, Visits: []episode.Visit{{Offset: 1, Count: 1}}}
			for k := range l.Len() {
				l.Read(k, &s)
				if d := cmp.Diff([]episode.Service{want[i][k], want[i][k]}, []episode.Service{l.At(k), s}); d != "" {
					t.Fatal(d)
				}
			}
		}
	})
}

// equateEmpty treats no services and nil as the same.
func equateEmpty() cmp.Option {
	return cmp.FilterValues(func(a, b []episode.Service) bool { return len(a) == 0 && len(b) == 0 }, cmp.Comparer(func(_, _ []episode.Service) bool { return true }))
}

// A service that differs anywhere makes the lines differ.
func TestLinesDiffer(t *testing.T) {
	plain := episode.Service{Setting: episode.SNF, Rule: episode.Days, From: 1, To: 9, Amount: 100}
	l := episode.Pack(plain, plain)
	for name, change := range map[string]func(s *episode.Service){
		"setting":  func(s *episode.Service) { s.Setting = episode.IRF },
		"rule":     func(s *episode.Service) { s.Rule = episode.Whole },
		"excluded": func(s *episode.Service) { s.Excluded = episode.Listed },
		"from":     func(s *episode.Service) { s.From = 2 },
		"to":       func(s *episode.Service) { s.To = 10 },
		"gmlos":    func(s *episode.Service) { s.GMLOS = 1 },
		"amount":   func(s *episode.Service) { s.Amount = 101 },
		"outlier":  func(s *episode.Service) { s.Outlier = 1 },
		"visits":   func(s *episode.Service) { s.Visits = []episode.Visit{{Offset: 1, Count: 1}} },
	} {
		other := plain
		change(&other)
		if l.Equal(episode.Pack(plain, other)) || !episode.Pack(plain, other).Equal(episode.Pack(plain, other)) {
			t.Errorf("a change of the %s goes unnoticed", name)
		}
	}
	if l.Equal(episode.Pack(plain)) || !(episode.Lines{}).Equal(episode.Pack()) {
		t.Error("the number of lines goes unnoticed")
	}
}

// More kinds than a line can number: the rest stand in full, and once all are
// taken the next episode starts anew in the same memory.
func TestLinesOfManyKinds(t *testing.T) {
	const n = 70_000
	b := episode.NewBuilder(2 * n)
	var lines []episode.Lines
	for i := range 2 {
		for k := range n {
			b.Add(&episode.Service{GMLOS: int32(k), Amount: money.Cents(i*n + k)})
		}
		lines = append(lines, b.Take(n/2), b.Take(n/2))
	}
	for i, l := range lines {
		for k := range l.Len() {
			if s, at := l.At(k), i*n/2+k; s.GMLOS != int32(at%n) || s.Amount != money.Cents(at) {
				t.Fatalf("line %d is %+v", at, s)
			}
		}
	}
}

// Inside is what one service after the other says.
func TestLinesInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(anyService), 0, 8).Draw(t, "services")
		length, listed := rapid.IntRange(0, 120).Draw(t, "length"), rapid.Bool().Draw(t, "listed")
		var want, got [episode.NumSettings]money.Cents
		var anchor money.Cents
		var days int32
		for i := range list {
			s := &list[i]
			s.From, s.To = s.From%200, max(s.From%200, s.To%200)
			s.Outlier, s.GMLOS = s.Outlier%1_000, s.GMLOS%4_000
			if s.Excluded.Out(listed) {
				continue
			}
			anchor += s.Inside(0)
			want[s.Setting] += s.Inside(length) - s.Inside(0)
			for d := max(0, s.From); s.Setting == episode.SNF && s.Amount != 0 && d <= s.To && d < int32(length); d++ {
				days++
			}
		}
		a, n := episode.Pack(list...).Inside(length, listed, &got)
		if got != want || a != anchor || n != days {
			t.Fatalf("%v, %s to the anchor, %d SNF days; want %v, %s, %d", got, a, n, want, anchor, days)
		}
	})
}
