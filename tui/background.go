package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/tui/session"
)

// Settling that would hold up a key runs in commands: the designs that are not
// in hand, and the lengths. Each holds the gate for reading while it runs, so
// that none outlives the screen.

// settled brings lengths back from the background.
type settled struct {
	job    session.Job
	points []session.Point
}

// restSettled brings designs back from the background.
type restSettled struct {
	job  session.Rest
	rows []session.Settled
}

// settleLengths starts the next job while the lengths are in sight.
func (a *App) settleLengths() tea.Cmd {
	if !a.board.LengthShown(a.width, a.height) {
		return nil
	}
	job, ok := a.board.Length.Next(a.s)
	if !ok {
		return nil
	}
	return a.behind(func(ctx context.Context) tea.Msg { return settled{job, job.Run(ctx)} })
}

// settleRest starts settling the designs whose rows are stale.
func (a *App) settleRest() tea.Cmd {
	job, ok := a.s.Pending()
	if !ok {
		return nil
	}
	return a.behind(func(ctx context.Context) tea.Msg { return restSettled{job, job.Run(ctx)} })
}

// apartSettled brings back what each lever does alone.
type apartSettled struct {
	job    session.Apart
	answer session.Parted
}

// settleApart starts telling the levers of the selected row apart once nothing
// else is being settled.
func (a *App) settleApart() tea.Cmd {
	job, ok := a.s.PendingApart()
	if !ok {
		return nil
	}
	return a.behind(func(ctx context.Context) tea.Msg { return apartSettled{job, job.Run(ctx)} })
}

// acceptApart takes the answer, into an open explanation too.
func (a *App) acceptApart(m apartSettled) {
	a.s.AcceptApart(m.job, m.answer)
	for _, d := range a.dialogs {
		if r, ok := d.(reading); ok && r.renew != nil {
			r.Renew(r.renew())
		}
	}
}

// behind makes a command of background work that ends with the screen.
func (a *App) behind(work func(context.Context) tea.Msg) tea.Cmd {
	ctx, gate := a.ctx, a.gate
	return func() tea.Msg {
		if !gate.TryRLock() {
			return nil
		}
		defer gate.RUnlock()
		return work(ctx)
	}
}

// Still is one finished frame of the screen, every design settled: for
// pictures.
func (a *App) Still(w, h int) string {
	a.s.SettleAll(a.ctx)
	if job, ok := a.s.PendingApart(); ok {
		a.s.AcceptApart(job, job.Run(a.ctx))
	}
	a.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return a.View()
}
