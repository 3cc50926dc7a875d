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
	near := rapid.SampledFrom([]int64{0, 30, -1 << 8, 1<<10 - 1<<8, -1 << 21, 1<<24 - 1<<21, math.MinInt32 + 1, math.MaxInt32 - 1}).Draw(t, name)
	return near + rapid.Int64Range(-1, 1).Draw(t, name+" off")
}

// anyService draws any value of the type, usual or not.
func anyService(t *rapid.T) episode.Service {
	s := service(t)
	s.Excluded = rapid.SampledFrom([]episode.Exclusion{0, 0, episode.Listed, episode.Payer, math.MaxUint16}).Draw(t, "excluded")
	if rapid.Bool().Draw(t, "plain") {
		s.Outlier, s.Visits = 0, nil
		s.Amount %= 10_000_000 // as most are
	}
	if rapid.IntRange(0, 2).Draw(t, "odd") == 0 {
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
// of reading, from the builder's pool and from a file's.
func TestLinesAreTheServices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(anyService), 0, 6), 1, 4).Draw(t, "episodes")
		b := episode.NewBuilder(rapid.IntRange(0, 5).Draw(t, "room"))
		var size money.Cents
		for _, services := range want {
			for i := range services {
				b.Add(&services[i])
				size += services[i].Amount.Abs()
			}
		}
		again, ok := episode.Unpacked(b.Pool().Packed())
		if !ok {
			t.Fatal("what was packed cannot be unpacked")
		}
		for _, p := range []*episode.Pool{b.Pool(), again} {
			if p.Len() != b.Len() || p.Size() != size {
				t.Fatalf("%d services of %s, want %d of %s", p.Len(), p.Size(), b.Len(), size)
			}
			first := 0
			for i := range want {
				l := p.Lines(first, len(want[i]))
				first += len(want[i])
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
		}
	})
}

// Bytes that no pool gave are refused: reading them would fail later.
func TestUnpackedRefuses(t *testing.T) {
	b := episode.NewBuilder(2)
	b.Add(&episode.Service{Setting: episode.SNF, Amount: 100})
	b.Add(&episode.Service{Setting: episode.SNF, Amount: 100, Outlier: 1})
	lines, kinds, full := b.Pool().Packed()
	for name, ok := range map[string]bool{
		"as packed": unpacks(lines, kinds, full), "a kind less": !unpacks(lines, nil, full), "none in full": !unpacks(lines, kinds, nil),
		"half a line": !unpacks(lines[:len(lines)-1], kinds, full), "too many kinds": !unpacks(nil, make([]episode.Service, 1<<14), nil),
	} {
		if !ok {
			t.Error(name)
		}
	}
}

func unpacks(lines []byte, kinds, full []episode.Service) bool {
	_, ok := episode.Unpacked(lines, kinds, full)
	return ok
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

// More kinds than a line can number: the rest stand in full.
func TestLinesOfManyKinds(t *testing.T) {
	const n = 20_000
	b := episode.NewBuilder(2 * n)
	for i := range 2 * n {
		b.Add(&episode.Service{GMLOS: int32(i % n), Amount: money.Cents(i)})
	}
	l := b.Pool().Lines(0, 2*n)
	for k := range l.Len() {
		if s := l.At(k); s.GMLOS != int32(k%n) || s.Amount != money.Cents(k) {
			t.Fatalf("line %d is %+v", k, s)
		}
	}
	if _, kinds, full := b.Pool().Packed(); len(kinds) != 1<<14-1 || len(full) != 2*(n-len(kinds)) {
		t.Errorf("%d kinds, %d in full", len(kinds), len(full))
	}
}

// Inside, at once or through a window, is what one service after the other
// says, and so are the readmissions.
func TestLinesInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length, listed := rapid.IntRange(0, 120).Draw(t, "length"), rapid.Bool().Draw(t, "listed")
		w := episode.NewWindow(length, listed)
		for range 2 { // pools
			list := rapid.SliceOfN(rapid.Custom(anyService), 0, 8).Draw(t, "services")
			var want, got, seen [episode.NumSettings]money.Cents
			var anchor money.Cents
			var days int32
			again := 0
			for i := range list {
				s := &list[i]
				s.From, s.To = s.From%200, max(s.From%200, s.To%200)
				s.Outlier, s.GMLOS = s.Outlier%1_000, s.GMLOS%4_000
				switch rapid.IntRange(0, 3).Draw(t, "edge") {
				case 0: // the last day at or beside the end of the episode
					span := rapid.Int32Range(0, 30).Draw(t, "more days")
					s.To = int32(length) + rapid.Int32Range(-2, 2).Draw(t, "past the end")
					s.From = s.To - span
				case 1:
					s.Amount, s.Outlier, s.Visits = 0, 0, nil
				}
				if s.Excluded.Out(listed) {
					continue
				}
				anchor += s.Inside(0)
				want[s.Setting] += s.Inside(length) - s.Inside(0)
				for d := max(0, s.From); s.Setting == episode.SNF && s.Amount != 0 && d <= s.To && d < int32(length); d++ {
					days++
				}
				if s.Setting == episode.Readmission && s.From >= 0 && int(s.From) < length && s.Amount > 0 {
					again++
				}
			}
			l := episode.Pack(list...)
			a, n := l.Inside(length, listed, &got)
			if got != want || a != anchor || n != days {
				t.Fatalf("%v, %s to the anchor, %d SNF days; want %v, %s, %d", got, a, n, want, anchor, days)
			}
			a, n = w.Inside(l, &seen)
			if seen != want || a != anchor || n != days {
				t.Fatalf("through a window %v, %s to the anchor, %d SNF days; want %v, %s, %d", seen, a, n, want, anchor, days)
			}
			if x, y := l.Readmissions(length, listed), w.Readmissions(l); x != again || y != again {
				t.Fatalf("%d readmissions, %d through a window, want %d", x, y, again)
			}
		}
	})
}
