package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"bundlelab/bench/board"
	"bundlelab/data/sample"
	"bundlelab/data/store"
)

// ticks of a held key, and how many go one way before it turns back: at the end
// the lever stands where it began.
const ticks, turn = 200, 50

// patience ends a measurement of slow frames early: fewer ticks say enough.
const patience = time.Minute

// leverOfFrames is the one the key moves, as it looks under the cursor.
const leverOfFrames = "> Saving SNF "

// frames measures a held key: lever, designs, text.
func (o *options) frames(ctx context.Context, r *recorder) error {
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
	for presses := 0; !strings.Contains(ansi.Strip(a.View()), leverOfFrames); presses++ {
		if presses == 100 {
			return fmt.Errorf("the board has no lever %q", leverOfFrames)
		}
		a.Update(tea.KeyMsg{Type: tea.KeyDown})
	}
	all := func() string { return a.Still(board.Columns, board.Rows) }
	for range o.slowRounds() {
		if err := hold(o, r, "FrameFirst", a.Update, a.View); err != nil {
			return err
		}
		if err := hold(o, r, "Frame", a.Update, all); err != nil {
			return err
		}
	}
	return nil
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
