package tui

import (
	"context"
	"errors"
	"fmt"
	"os"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/tui/term"
)

// ErrNotTerminal says there is no screen to draw on.
var ErrNotTerminal = errors.New("the output is not a terminal: use `bundlelab project`, which prints the same numbers")

// Run opens the screen until the user leaves or the context ends, and keeps
// what is not saved as the draft. It refuses with ErrNotTerminal when the
// output is none.
func Run(ctx context.Context, o Options) error {
	if o.In == nil {
		o.In = os.Stdin
	}
	if o.Out == nil {
		o.Out = os.Stdout
	}
	if !term.IsTerminal(o.Out) || !term.IsTerminal(o.In) {
		return ErrNotTerminal
	}
	defer Breathe()()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	a := New(o)
	a.ctx, a.live = ctx, true
	g := &guard{Model: a, describe: o.Broke}
	if g.describe == nil {
		g.describe = func(any) error { return errors.New("a defect stopped it") }
	}
	p := tea.NewProgram(g, term.Options(ctx, o.In, o.Out, o.NoSync)...)
	g.quit = p.Quit
	_, err := p.Run()
	cancelled := ctx.Err()
	stop()
	if g.broke != nil {
		return fmt.Errorf("terminal screen: %w", g.broke) // the screen may not be asked any more
	}
	a.gate.Lock() // until the last background work has ended; none starts after
	if cancelled != nil && errors.Is(err, tea.ErrProgramKilled) {
		err = cancelled
	} else if err != nil {
		err = fmt.Errorf("terminal screen: %w", err)
	}
	return errors.Join(err, a.leave())
}
