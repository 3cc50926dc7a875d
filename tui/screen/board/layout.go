package board

import (
	"bundlelab/tui/action"
	"bundlelab/tui/session"
)

// The smallest screen the board is drawn on.
const (
	MinWidth  = 60
	MinHeight = 15
)

// around are the lines above and below the panes: header, headline, message
// and footer.
const around = 4

// layout is how a screen is divided, in cells inside the borders. A width or
// height of 0 leaves a part out.
type layout struct {
	w, h   int // of the whole screen
	body   int // lines inside the outer border
	left   int // width of the levers
	table  int // lines of the designs
	right  int // width of designs and close-up
	close  int // lines of the close-up
	why    int // width of the explanation beside the close-up
	second int // lines of a second close-up under the first
}

// divide lays out a screen: one pane at a time below 80 by 20 or when zoomed,
// levers beside the rest from there, and on large screens an explanation and a
// second close-up too.
func (b *Board) divide(s *session.Session, w, h int) layout {
	l := layout{w: w, h: h, body: h - around - 2}
	if b.Zoom || w < 80 || h < 20 {
		l.right, l.close = w-2, l.body
		return l
	}
	switch {
	case w < 100:
		l.left = 28
	case w < 160:
		l.left = 33
	default:
		l.left = 40
	}
	l.right = w - 3 - l.left
	l.table = min(b.Designs.Height(s), max(4, l.body*2/5))
	if l.body >= 50 {
		l.table = min(b.Designs.Height(s), l.body/2)
	}
	l.close = l.body - l.table - 1
	if w >= 170 {
		l.why = min(70, l.right*2/5)
	}
	if l.close >= 24 {
		l.second = l.close / 3
		l.close -= l.second + 1
	}
	return l
}

// single says whether only one pane is drawn.
func (l layout) single() bool { return l.left == 0 }

// companion is the close-up shown under the open one on a large screen.
func (b *Board) companion() action.ID {
	if b.Tab == action.Categories {
		return action.Ledger
	}
	return action.Categories
}

// LengthShown says whether the lengths are in sight at a size.
func (b *Board) LengthShown(w, h int) bool {
	if w < MinWidth || h < MinHeight || b.Tab != action.Length {
		return false
	}
	return b.Focus == action.Tab || !b.Zoom && w >= 80 && h >= 20
}
