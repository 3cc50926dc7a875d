package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"bundlelab/bench/board"
	"bundlelab/data/sample"
	"bundlelab/data/store"
	"bundlelab/tui"
)

// ticks of a held key, and how many go one way before it turns back: at the end
// the lever stands where it began.
const ticks, turn = 200, 50

// patience ends a measurement of slow frames early: fewer ticks say enough.
const patience = time.Minute

// The levers that the key moves, as they look under the cursor: one of care,
// which moves spending alone, and one of quality, which moves what is settled.
const (
	careLever    = "> Saving SNF "
	qualityLever = "> CQS "
)

// frames measures a held key on one core: lever, designs, text.
func (o *options) frames(ctx context.Context, r *recorder) error {
	runtime.GOMAXPROCS(1)
	data, err := o.data(ctx)
	if err != nil {
		return err
	}
	m, err := board.Model(data)
	if err != nil {
		return err
	}
	a := board.Open(m, data.Info.Name, o.scenarios())
	a.Still(board.Columns, board.Rows)
	all := func() string { return a.Still(board.Columns, board.Rows) }
	if err := point(a, careLever); err != nil {
		return err
	}
	for range o.slowRounds() {
		if err := hold(o, r, "FrameFirst", a.Update, a.View); err != nil {
			return err
		}
		if err := hold(o, r, "Frame", a.Update, all); err != nil {
			return err
		}
	}
	if err := point(a, qualityLever); err != nil {
		return err
	}
	for range o.slowRounds() {
		if err := hold(o, r, "FrameQuality", a.Update, all); err != nil {
			return err
		}
	}
	return nil
}

// point puts the cursor on a lever.
func point(a *tui.App, lever string) error {
	a.Update(tea.KeyMsg{Type: tea.KeyHome})
	for range 100 {
		if strings.Contains(ansi.Strip(a.View()), lever) {
			return nil
		}
		a.Update(tea.KeyMsg{Type: tea.KeyDown})
	}
	return fmt.Errorf("the board has no lever %q", lever)
}

// data is the database at the full size, and made in memory below it.
func (o *options) data(ctx context.Context) (*store.Data, error) {
	if o.full {
		return board.Load(ctx, o.db)
	}
	var mem store.Memory
	s := sample.Options{Hospitals: hospitals(o.episodes), Episodes: o.episodes}
	if err := sample.Generate(ctx, s, &mem, nil); err != nil {
		return nil, err
	}
	return mem.Data(sample.Name(s), true)
}

// hold records the time from each tick of a held key to the text of the frame.
func hold(o *options, r *recorder, name string, update func(tea.Msg) (tea.Model, tea.Cmd), frame func() string) error {
	var took []time.Duration
	var whole time.Duration
	still, before := 0, frame()
	for i := 0; i < ticks && whole < patience; i++ {
		k := tea.KeyMsg{Type: tea.KeyRight}
		if i/turn%2 == 1 {
			k.Type = tea.KeyLeft
		}
		start := board.Now()
		update(k)
		text := frame()
		tick := board.Now().Sub(start)
		took, whole = append(took, tick), whole+tick
		if text == before {
			still++
		}
		before = text
	}
	if still > 0 {
		return fmt.Errorf("%d ticks changed nothing on the screen", still)
	}
	return r.add(name, o.episodes, len(took), whole/time.Duration(len(took)),
		figure{float64(percentile(took, 50)), "p50-ns"}, figure{float64(percentile(took, 99)), "p99-ns"}, figure{board.Held(), "peak-bytes"})
}
