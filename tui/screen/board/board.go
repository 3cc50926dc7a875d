// Package board is the one screen everything happens on: levers at the left,
// every design on the same episodes at the right, a close-up below, and what
// must never be out of sight above.
package board

import (
	"slices"

	"bundlelab/tui/action"
	"bundlelab/tui/draw"
	"bundlelab/tui/screen/categories"
	"bundlelab/tui/screen/designs"
	"bundlelab/tui/screen/explain"
	"bundlelab/tui/screen/hospitals"
	"bundlelab/tui/screen/ledger"
	"bundlelab/tui/screen/length"
	"bundlelab/tui/screen/levers"
	"bundlelab/tui/session"
)

// Board is the state of the screen. Its panes keep their own cursors.
type Board struct {
	Title     string // of the system or database
	Synthetic bool

	Focus action.Pane
	Tab   action.ID
	Zoom  bool

	Levers     levers.Pane
	Designs    designs.Pane
	Ledger     ledger.Pane
	Categories categories.Pane
	Length     length.Pane
	Hospitals  hospitals.Pane

	why  draw.Cache[whyKey, []string]
	kept explain.Kept
}

type whyKey struct {
	version uint64
	line    string
	w, h    int
	theme   draw.Theme
}

// New opens the board on the ledger with the levers in hand.
func New(title string, synthetic bool) *Board {
	return &Board{Title: title, Synthetic: synthetic, Tab: action.Ledger}
}

// State is what the actions need to know.
func (b *Board) State(s *session.Session) action.State {
	st := action.State{
		Focus: b.Focus, Tab: b.Tab, CanUndo: s.CanUndo(), CanRedo: s.CanRedo(), OneCCN: s.Hospital() != "",
		Many: len(s.Model().Panel().Hospitals) > 1, Zoomed: b.Zoom, Filtered: b.Filter() != "",
	}
	if d := b.Levers.Current(s); d != nil {
		st.LeverSet = s.Read(d).Set
	}
	return st
}

// Move moves the cursor of the focused pane n places.
func (b *Board) Move(s *session.Session, n int) {
	switch b.Focus {
	case action.Levers:
		b.Levers.Move(s, n)
	case action.Designs:
		b.Designs.Move(s, n)
	case action.Tab:
		b.closeUp(b.Tab).Move(s, n)
	}
}

// Forget drops what is kept of earlier frames, so that the next is drawn anew.
func (b *Board) Forget() {
	b.Levers.Forget()
	b.Designs.Forget()
	for _, id := range action.Tabs() {
		b.closeUp(id).Forget()
	}
	b.why.Forget()
	b.kept = explain.Kept{}
}

// closeUp is what every close-up can do.
type closeUp interface {
	Move(s *session.Session, n int)
	View(t *draw.Theme, s *session.Session, w, h int, focused bool) []string
	Forget()
}

func (b *Board) closeUp(id action.ID) closeUp {
	if p, ok := map[action.ID]closeUp{action.Categories: &b.Categories, action.Length: &b.Length, action.Hospitals: &b.Hospitals}[id]; ok {
		return p
	}
	return &b.Ledger
}

// ToggleZoom gives the table or the close-up the whole screen, or takes it
// back.
func (b *Board) ToggleZoom() {
	if b.Zoom = !b.Zoom; b.Zoom && b.Focus == action.Levers {
		b.Focus = action.Tab
	}
}

// Turn moves to the n-th next close-up.
func (b *Board) Turn(n int) {
	tabs := action.Tabs()
	i := slices.Index(tabs, b.Tab)
	b.Tab = tabs[((i+n)%len(tabs)+len(tabs))%len(tabs)]
}

// Shift moves the focus n panes on.
func (b *Board) Shift(n int) {
	b.Focus = action.Pane(((int(b.Focus)+n)%3 + 3) % 3)
	if b.Zoom {
		b.Zoom = b.Focus != action.Levers
	}
}

// Filter is the filter of the focused list, "" when it has none.
func (b *Board) Filter() string {
	switch {
	case b.Focus == action.Levers:
		return b.Levers.Filter()
	case b.Focus == action.Designs:
		return b.Designs.Filter()
	case b.Tab == action.Hospitals:
		return b.Hospitals.Filter()
	}
	return ""
}

// SetFilter filters the focused list and says how many entries match.
func (b *Board) SetFilter(s *session.Session, text string) int {
	switch {
	case b.Focus == action.Levers:
		return b.Levers.SetFilter(s, text)
	case b.Focus == action.Designs:
		return b.Designs.SetFilter(s, text)
	case b.Tab == action.Hospitals:
		return b.Hospitals.SetFilter(s, text)
	}
	return 0
}

// Explain is the explanation of what the cursor stands on.
func (b *Board) Explain(s *session.Session) (explain.Text, bool) {
	row := s.Row()
	if row == nil {
		return explain.Text{}, false
	}
	if b.Focus != action.Tab || row.Result == nil {
		return explain.Row(s, row, &b.kept), true
	}
	if st, ok := b.Ledger.Current(s); ok && b.Tab == action.Ledger {
		return explain.Step(s, row, &st), true
	}
	if c, ok := b.Categories.Current(s); ok && b.Tab == action.Categories {
		return explain.Category(s, row, &c, session.SmallBelow(row)), true
	}
	return explain.Row(s, row, &b.kept), true
}
