package tui

import (
	"context"
	"runtime"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// TestSigh rests once with much and once with little left over, and once when
// the screen is gone. Three quarters of the way to a collection is much.
func TestSigh(t *testing.T) {
	defer Breathe()()
	runtime.GC()
	pace()
	forced := func(cmd tea.Cmd) uint32 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if m := cmd(); m != nil {
			t.Errorf("a rest sends %v, which draws a frame", m)
		}
		runtime.ReadMemStats(&after)
		return after.NumForcedGC - before.NumForcedGC
	}
	ended, end := context.WithCancel(context.Background())
	end()
	left, _, goal := heap()
	sink := make([]byte, (goal-left)/4*3)
	for _, x := range []struct {
		when string
		ctx  context.Context
		want uint32
	}{{"the screen is gone", ended, 0}, {"much is left over", context.Background(), 1}, {"little is left over", context.Background(), 0}} {
		if got := forced(func() tea.Msg { return sigh(x.ctx) }); got != x.want {
			t.Errorf("when %s, a rest collects %d times, want %d", x.when, got, x.want)
		}
	}
	runtime.KeepAlive(sink)
}

// TestRestCollects holds that only a screen on a terminal collects, after the
// last change.
func TestRestCollects(t *testing.T) {
	a := app(t, 120, 40)
	setByName(a, "quality.cqs = 77")
	a.awaitRest()
	for _, x := range []struct {
		live   bool
		change uint64
		want   int
	}{{false, a.draft, 1}, {true, a.draft, 2}, {true, a.draft - 1, 0}} {
		a.live = x.live
		got := 0
		if cmd := a.useRest(rested{x.change}); cmd != nil {
			got = 1
			if all, ok := cmd().(tea.BatchMsg); ok {
				got = len(all)
			}
		}
		if got != x.want {
			t.Errorf("live %v: a rest after change %d of %d does %d things, want %d", x.live, x.change, a.draft, got, x.want)
		}
	}
}
