package draw

import (
	"cmp"
	"slices"
)

// Column is one column of a table whose rows are of type F. Need ranks it: 1
// is the last to go when the width shrinks.
type Column[F any] struct {
	Title string
	W     int
	Left  bool
	Need  int
	Cell  func(*F) (text, style string)
}

// Align pads a cell to the column.
func (c *Column[F]) Align(text string) string {
	if c.Left {
		return Fit(text, c.W)
	}
	return Right(text, c.W)
}

// Pick keeps the columns that fit room cells, each with a gap before it, in
// their order, and gives the room left over.
func Pick[F any](all []Column[F], room, gap int) ([]Column[F], int) {
	order := slices.Clone(all)
	slices.SortStableFunc(order, func(a, b Column[F]) int { return cmp.Compare(a.Need, b.Need) })
	keep := map[int]bool{}
	for _, c := range order {
		if room >= c.W+gap {
			keep[c.Need] = true
			room -= c.W + gap
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(c Column[F]) bool { return !keep[c.Need] }), max(0, room)
}

// Titles appends the column titles to a heading line.
func Titles[F any](l *Line, cols []Column[F], gap int, style string) *Line {
	for i := range cols {
		l.Add(style, Spaces(gap)+cols[i].Align(cols[i].Title))
	}
	return l
}

// Cells appends a row's cells.
func Cells[F any](l *Line, cols []Column[F], gap int, row *F) *Line {
	for i := range cols {
		text, style := cols[i].Cell(row)
		if l.Add("", Spaces(gap)); cols[i].Left {
			l.Fit(style, text, cols[i].W)
		} else {
			l.Right(style, text, cols[i].W)
		}
	}
	return l
}

// Cursor starts a row: ">" and reverse video where the focus is, ">" and bold
// where it is not, blanks elsewhere.
func (t *Theme) Cursor(here, focused bool) *Line {
	switch {
	case here && focused:
		return On(t.Reverse).Add("", "> ")
	case here:
		return On(t.Bold).Add("", "> ")
	}
	return On("").Add("", "  ")
}
