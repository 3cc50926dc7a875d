package draw

import (
	"strings"

	"bundlelab/engine/money"
)

var eighths = [...]string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"}

// Span draws the stretch from a to b on an axis of w cells that runs from lo
// to hi, to an eighth of a cell at its right end. A stretch too short to see
// still shows a sliver.
func Span(a, b, lo, hi money.Cents, w int) string {
	if w <= 0 {
		return ""
	}
	if a > b {
		a, b = b, a
	}
	from, to := place(a, lo, hi, w), place(b, lo, hi, w)
	if from == to {
		if a == b {
			return Spaces(w)
		}
		from = min(from, w*8-1)
		to = from + 1
	}
	var s strings.Builder
	cell := from / 8
	s.WriteString(Spaces(cell))
	if r := from % 8; r != 0 && to >= (cell+1)*8 {
		if r > 4 {
			s.WriteString("▐")
		} else {
			s.WriteString("█")
		}
		cell++
	}
	for ; (cell+1)*8 <= to; cell++ {
		s.WriteString("█")
	}
	if rest := to - cell*8; rest > 0 && cell < w {
		s.WriteString(eighths[rest])
		cell++
	}
	s.WriteString(Spaces(w - cell))
	return s.String()
}

// Bar is the Span of an amount; that of a negative one has another shade, so
// that it is told from a gain without colours.
func Bar(amount, a, b, lo, hi money.Cents, w int) string {
	bar := Span(a, b, lo, hi, w)
	if amount >= 0 {
		return bar
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' {
			return r
		}
		return '▒'
	}, bar)
}

// place is the position of v on the axis in eighths of a cell.
func place(v, lo, hi money.Cents, w int) int {
	if hi <= lo {
		return 0
	}
	p := money.MulDiv(int64(v-lo), int64(w)*8, int64(hi-lo))
	return int(max(0, min(p, int64(w)*8)))
}

// Plot draws one point per column on h lines, two levels a line, between lo
// and hi, with a line at zero when it is inside. A nil value leaves its column
// empty.
func Plot(values []*money.Cents, lo, hi money.Cents, h int) []string {
	if h <= 0 {
		return nil
	}
	grid := make([][]rune, h)
	for y := range grid {
		grid[y] = []rune(Spaces(len(values)))
	}
	levels := h*2 - 1
	level := func(v money.Cents) int {
		if hi <= lo {
			return levels / 2
		}
		return int(money.MulDiv(int64(v-lo), int64(levels), int64(hi-lo)))
	}
	if lo <= 0 && hi >= 0 {
		y := h - 1 - level(0)/2
		for x := range grid[y] {
			grid[y][x] = '─'
		}
	}
	for x, v := range values {
		if v == nil {
			continue
		}
		l := max(0, min(level(*v), levels))
		dot := '▄'
		if l%2 == 1 {
			dot = '▀'
		}
		grid[h-1-l/2][x] = dot
	}
	out := make([]string, h)
	for y := range grid {
		out[y] = string(grid[y])
	}
	return out
}
