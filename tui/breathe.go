package tui

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"

	tea "github.com/charmbracelet/bubbletea"
)

// breath is how much memory may pile up between two runs of the garbage
// collector where little is held: enough for several hundred keys, of which
// fewer than one in a hundred should meet a collection.
const breath = 128 << 20

// Breathe sets the garbage collector for a screen: a run costs a small database
// more than the memory is worth. The function it returns takes it back.
func Breathe() (restore func()) {
	old := pace()
	return func() { debug.SetGCPercent(old) }
}

// pace allows a breath over what is held now, or 120 percent where that is more,
// and gives what was allowed before. A run over what designs keep of 700
// hospitals touches eight keys, so that there must be eight hundred from one to
// the next.
func pace() (old int) {
	_, held, _ := heap()
	return debug.SetGCPercent(max(120, int(breath*100/max(held, 4<<20)))) // the collector counts four megabytes at least
}

// heap is what the last collection left, what is held now and what the next
// collection waits for, in bytes.
func heap() (left, held, goal uint64) {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/goal:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64(), s[1].Value.Uint64(), s[2].Value.Uint64()
}

// sigh collects while nobody waits for a key, once half of the way to the next
// collection is gone: a lever that is held from here on meets none for long.
func sigh(ctx context.Context) tea.Msg {
	if left, held, goal := heap(); ctx.Err() == nil && held > left+(goal-min(left, goal))/2 {
		runtime.GC()
		pace()
	}
	return nil
}
