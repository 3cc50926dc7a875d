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
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	a := New(o)
	a.ctx = ctx
	_, err := tea.NewProgram(a, term.Options(ctx, o.In, o.Out, o.NoSync)...).Run()
	cancelled := ctx.Err()
	stop()
	a.gate.Lock() // until the last background work has ended; none starts after
	if cancelled != nil && errors.Is(err, tea.ErrProgramKilled) {
		err = cancelled
	} else if err != nil {
		err = fmt.Errorf("terminal screen: %w", err)
	}
	return errors.Join(err, a.leave())
}
