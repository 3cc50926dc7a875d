package tui

import (
	"runtime"
	"runtime/debug"
)

// breath is how much memory may pile up between two runs of the garbage
// collector where little is held: enough for a hundred keys, of which fewer
// than one should meet a collection.
const breath = 64 << 20

// Breathe sets the garbage collector for a screen: a run costs a small database
// more than the memory is worth, and a large one, which holds half a gibibyte,
// must not double it before the next run. The function it returns takes it
// back.
func Breathe() (restore func()) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	old := debug.SetGCPercent(max(40, int(breath*100/(m.HeapAlloc+1))))
	return func() { debug.SetGCPercent(old) }
}
