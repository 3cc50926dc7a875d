package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Format is how a result is written.
type Format string

// The formats.
const (
	Table    Format = "table"
	JSON     Format = "json"
	CSV      Format = "csv"
	Markdown Format = "md"
)

// Sheet is rows under a header: the one shape that CSV, Markdown and plain
// tables are written from. Right marks columns of figures. Where Width is not 0
// a plain table folds its last column and its notes to so many characters.
type Sheet struct {
	Title  string
	Header []string
	Right  []bool
	Rows   [][]string
	Notes  []string
	Width  int
}

// Clean keeps what a file brought from acting on a terminal: control
// characters become spaces.
func Clean(v string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, v)
}

// cleaned cleans every cell, title and note of the sheets.
func cleaned(sheets []Sheet) []Sheet {
	out := make([]Sheet, len(sheets))
	for i, s := range sheets {
		s.Title = Clean(s.Title)
		rows := make([][]string, len(s.Rows))
		for k, r := range s.Rows {
			rows[k] = make([]string, len(r))
			for c, v := range r {
				rows[k][c] = Clean(v)
			}
		}
		notes := make([]string, len(s.Notes))
		for k, n := range s.Notes {
			notes[k] = Clean(n)
		}
		s.Rows, s.Notes = rows, notes
		out[i] = s
	}
	return out
}

// Write writes sheets in a format other than JSON. CSV holds one header and
// no titles, so it takes sheets of one shape.
func Write(w io.Writer, f Format, sheets ...Sheet) error {
	sheets = cleaned(sheets)
	switch f {
	case CSV:
		return writeCSV(w, sheets)
	case Markdown:
		return writeMarkdown(w, sheets)
	case Table, JSON:
	}
	return writePlain(w, sheets)
}

func writeCSV(w io.Writer, sheets []Sheet) error {
	c := csv.NewWriter(w)
	for i, s := range sheets {
		if i == 0 {
			if err := c.Write(s.Header); err != nil {
				return err
			}
		}
		for _, r := range s.Rows {
			safe := make([]string, len(r))
			for k, v := range r {
				safe[k] = Neutral(v)
			}
			if err := c.Write(safe); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}

// Neutral keeps a spreadsheet from running text as a formula: text that starts
// like one, after blanks or not, gets a leading apostrophe. Numbers, dollars
// and percentages keep their sign, and so does a dash on its own.
func Neutral(v string) string {
	text := strings.TrimLeft(v, " \n")
	if text == "" || !strings.ContainsRune("=+-@\t\r", rune(text[0])) || text == "-" || signedNumber(text) {
		return v
	}
	return "'" + v
}

// signedNumber says that a text is one number with a sign before it, such as
// -50000.00, -$1,234.50 or +1.5%.
func signedNumber(v string) bool {
	if v[0] != '+' && v[0] != '-' {
		return false
	}
	v = strings.TrimSuffix(strings.TrimPrefix(v[1:], "$"), "%")
	whole, frac, dotted := strings.Cut(v, ".")
	digits := func(s, also string) bool { return s != "" && strings.Trim(s, "0123456789"+also) == "" }
	return digits(whole, ",") && (!dotted || digits(frac, "")) || whole == "" && digits(frac, "")
}

func writeMarkdown(w io.Writer, sheets []Sheet) error {
	var b strings.Builder
	escape := strings.NewReplacer("|", `\|`, "\n", " ")
	for _, s := range sheets {
		if s.Title != "" {
			fmt.Fprintf(&b, "## %s\n\n", s.Title)
		}
		b.WriteString("| " + strings.Join(s.Header, " | ") + " |\n|")
		for i := range s.Header {
			if s.right(i) {
				b.WriteString("---:|")
			} else {
				b.WriteString("---|")
			}
		}
		b.WriteByte('\n')
		for _, r := range s.Rows {
			for _, v := range r {
				b.WriteString("| " + escape.Replace(Neutral(v)) + " ")
			}
			b.WriteString("|\n")
		}
		for _, n := range s.Notes {
			b.WriteString("\n" + n + "\n")
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *Sheet) right(i int) bool { return i < len(s.Right) && s.Right[i] }

func writePlain(w io.Writer, sheets []Sheet) error {
	var b strings.Builder
	for n := range sheets {
		if n > 0 {
			b.WriteByte('\n')
		}
		sheets[n].plain(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
