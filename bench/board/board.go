// Package board opens databases and the board as the program does, for
// measuring.
package board

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/data/store"
	"bundlelab/engine"
	"bundlelab/engine/policy"
	"bundlelab/scenarios"
	"bundlelab/tui"
)

// The size of the measured frames.
const (
	Columns = 200
	Rows    = 60
)

// Load loads as the program does: the collector rests meanwhile, but not while
// rows are read one by one.
func Load(ctx context.Context, path string) (*store.Data, error) {
	percent := debug.SetGCPercent(-1)
	wake := sync.OnceFunc(func() { debug.SetGCPercent(percent) })
	defer wake()
	db, err := store.OpenExisting(ctx, path, true)
	if err != nil {
		return nil, err
	}
	go func() { _, _ = builtin() }()
	data, err := db.Load(ctx, func(int, int) { wake() })
	return data, errors.Join(err, db.Close())
}

// builtin are the designs, which the program reads beside the data.
var builtin = sync.OnceValues(policy.Builtin)

// Model is the data under every built-in design.
func Model(data *store.Data) (*engine.Model, error) {
	designs, err := builtin()
	if err != nil {
		return nil, err
	}
	return engine.New(data.Panel, data.Prices, designs)
}

// Open is the board without a terminal, with the collector as the program sets
// it. Its scenarios lie in a folder.
func Open(m *engine.Model, title, folder string) *tui.App {
	tui.Breathe()
	a := tui.New(tui.Options{
		Model: m, Title: title, Synthetic: true, Scenario: scenarios.StatusQuo(),
		Folder: scenarios.Folder{Dir: folder}, Env: func(string) string { return "" },
	})
	a.Update(tea.WindowSizeMsg{Width: Columns, Height: Rows})
	return a
}

// Held is the most memory this process has held, in bytes; 0 where the system
// does not say.
func Held() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			kib, _ := strconv.ParseFloat(f[1], 64) // the kernel writes a number
			return kib * 1024
		}
	}
	return 0
}

// Now reads the clock.
func Now() time.Time {
	return time.Now() //nolint:forbidigo // a benchmark measures time
}
