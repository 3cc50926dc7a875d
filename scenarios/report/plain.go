package report

import (
	"strings"
	"unicode/utf8"
)

// gap stands between two columns of a plain table.
const gap = "  "

// Natural is how many characters wide a sheet is as a plain table that nothing
// is folded in, without its title and notes.
func (s *Sheet) Natural() int {
	sum := max(0, len(s.Header)-1) * len(gap)
	for _, w := range s.widths() {
		sum += w
	}
	return sum
}

// widths are those of the columns, by their widest cell.
func (s *Sheet) widths() []int {
	width := make([]int, len(s.Header))
	for _, r := range append([][]string{s.Header}, s.Rows...) {
		for i, v := range r {
			width[i] = max(width[i], utf8.RuneCountInString(v))
		}
	}
	return width
}

// leastFold is the narrowest that a last column is folded to in its place; below
// that it goes under its row.
const leastFold = 24

// plain writes a sheet as a table for people.
func (s *Sheet) plain(b *strings.Builder) {
	if s.Title != "" {
		writeLines(b, fold(s.Title, s.Width), "")
	}
	width := s.widths()
	last := len(width) - 1
	before := 0
	for i := range max(0, last) {
		before += width[i] + len(gap)
	}
	folds := s.Width > 0 && last > 0 && !s.right(last) && before+width[last] > s.Width
	below := folds && s.Width-before < max(leastFold, s.longestWord())
	for n, r := range append([][]string{s.Header}, s.Rows...) {
		var line strings.Builder
		for i, v := range r {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(v))
			if i > 0 {
				line.WriteString(gap)
			}
			switch {
			case folds && v == "":
			case folds && i == last && below && n > 0:
				line.WriteByte('\n')
				writeLines(&line, fold(v, s.Width-4), "    ")
			case folds && i == last && n > 0:
				parts := fold(v, s.Width-before)
				line.WriteString(parts[0] + "\n")
				writeLines(&line, parts[1:], strings.Repeat(" ", before))
			case s.right(i):
				line.WriteString(pad + v)
			default:
				line.WriteString(v + pad)
			}
		}
		for text := range strings.Lines(line.String()) {
			b.WriteString(strings.TrimRight(text, " \n") + "\n")
		}
	}
	for _, n := range s.Notes {
		writeLines(b, fold(n, s.Width-len(gap)), gap)
	}
}

// longestWord is how long the longest word of the last column's cells is.
func (s *Sheet) longestWord() (n int) {
	for _, r := range s.Rows {
		for _, word := range strings.Fields(r[len(r)-1]) {
			n = max(n, utf8.RuneCountInString(word))
		}
	}
	return n
}

func writeLines(b *strings.Builder, lines []string, indent string) {
	for _, l := range lines {
		b.WriteString(indent + l + "\n")
	}
}

// fold breaks a text between words into lines of so many characters; a longer
// word keeps a line of its own. A width of 0 or less folds nothing.
func fold(text string, width int) []string {
	if width <= 0 || utf8.RuneCountInString(text) <= width {
		return []string{text}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
