package store

import (
	"fmt"
	"testing"
)

func TestDoubled(t *testing.T) {
	other := func(i int, change func(*Episode)) *Episode {
		e := plain(i, 1_000_00)
		e.Key = fmt.Sprintf("other-%d", i)
		if change != nil {
			change(e)
		}
		return e
	}
	shared := func(e *Episode) {
		e.BeneHash = plain(1, 0).BeneHash
		e.CCN, e.Category = plain(1, 0).CCN, plain(1, 0).Category
		e.Start, e.End = plain(1, 0).Start, plain(1, 0).End
	}
	tests := []struct {
		name  string
		first []*Episode // beside episodes 1 and 2
		then  []*Episode
		want  int
	}{
		{"another key", nil, []*Episode{other(1, nil), other(2, nil), plain(3, 1)}, 2},
		{"the same key", nil, []*Episode{plain(1, 1_000_00), plain(2, 2_000_00)}, 0},
		{"another person", nil, []*Episode{other(1, func(e *Episode) { e.BeneHash = []byte("somebody else") })}, 0},
		{"nobody", nil, []*Episode{other(1, func(e *Episode) { e.BeneHash = nil })}, 0},
		{"another hospital", nil, []*Episode{other(1, func(e *Episode) { e.CCN = "010001" })}, 0},
		{"another category", nil, []*Episode{other(1, func(e *Episode) { e.Category = e.Category%5 + 1 })}, 0},
		{"billed again to a later day", nil, []*Episode{other(1, func(e *Episode) { e.End++ })}, 1},
		{"a stay from the last day on", nil, []*Episode{other(1, func(e *Episode) { e.Start, e.End = e.End, e.End+2 })}, 0},
		{"another age", nil, []*Episode{other(1, func(e *Episode) { e.Age = ptr(79) })}, 0},
		{"no age", nil, []*Episode{other(1, func(e *Episode) { e.Age = nil })}, 1},
		{"a key of several persons", []*Episode{other(7, shared)}, []*Episode{other(8, shared)}, 0},
		{"twice in one import", nil, []*Episode{other(5, nil), plain(5, 1)}, 0},
		{"both brought again", nil, []*Episode{plain(1, 1_000_00), other(1, nil)}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			b := begin(t, s, BatchInfo{Format: BPCIA})
			one, two := plain(1, 1_000_00), plain(2, 1_000_00)
			one.Age, two.Age = ptr(70), ptr(71)
			put(t, b, append([]*Episode{one, two}, tt.first...)...)
			if d, err := b.Doubled(); err != nil || d != (Doubled{}) {
				t.Errorf("a first import: %+v %v", d, err)
			}
			commit(t, b)
			b = begin(t, s, BatchInfo{Format: TEAM})
			put(t, b, tt.then...)
			want := Doubled{}
			if tt.want > 0 {
				want = Doubled{tt.want, 1, BPCIA}
			}
			if d, err := b.Doubled(); err != nil || d != want {
				t.Errorf("got %+v %v, want %+v", d, err, want)
			}
			commit(t, b)
		})
	}
}

// Anchors of 1,000.00 with a stay of 1,000.00 and what else plain has: the
// second version's anchor is 400.00 less.
func TestReplacedDollars(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{})
	put(t, b, plain(1, 1_000_00), plain(2, 1_000_00))
	commit(t, b)
	b = begin(t, s, BatchInfo{})
	thin := plain(1, 600_00)
	thin.Services = thin.Services[:1]
	put(t, b, thin, plain(2, 1_000_00), plain(3, 1))
	before, after := b.Replaced()
	all, kept := plain(1, 1_000_00), thin
	want := [2]int64{int64(all.StdAnchor), int64(kept.StdAnchor)}
	for i, e := range []*Episode{all, kept} {
		for _, x := range e.Services {
			want[i] += int64(x.Amount)
		}
	}
	if int64(before) != want[0] || int64(after) != want[1] || after >= before {
		t.Errorf("got %d and %d, want %v", before, after, want)
	}
}

func BenchmarkDoubled(b *testing.B) {
	const episodes = 100_000
	s := newStore(b)
	batch := begin(b, s, BatchInfo{Format: BPCIA})
	for i := range episodes {
		put(b, batch, plain(i, 1))
	}
	commit(b, batch)
	batch = begin(b, s, BatchInfo{Format: TEAM})
	for i := range episodes {
		e := plain(i, 1)
		e.Key, e.End = "other-"+e.Key, e.End+1
		put(b, batch, e)
	}
	for b.Loop() {
		if d, err := batch.Doubled(); err != nil || d.Episodes != 0 {
			b.Fatal(d, err)
		}
	}
}
