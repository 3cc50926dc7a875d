package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"

	"bundlelab/data/ingest"
)

// bar is a progress line on a terminal's stderr; elsewhere it is silent.
type bar struct {
	out    io.Writer
	what   string
	wanted bool
	shown  bool
	now    func() time.Time
	start  time.Time
	last   time.Time
}

func (s *session) bar(what string) *bar {
	b := &bar{out: s.errs, what: what, wanted: isTerminal(s.errs), now: time.Now}
	b.start = b.now()
	b.last = b.start
	return b
}

// step draws how many of a number of rows are done.
func (b *bar) step(done, total int) {
	if now, due := b.due(); due {
		b.draw(now, int64(done), int64(total), fmt.Sprintf("%d of %d  %.0f/s", done, total, perSecond(done, now.Sub(b.start))))
	}
}

// due says whether to draw: at most ten times a second, and not before half a
// second, since short work needs no bar.
func (b *bar) due() (time.Time, bool) {
	if !b.wanted {
		return time.Time{}, false
	}
	now := b.now()
	return now, now.Sub(b.start) >= 500*time.Millisecond && now.Sub(b.last) >= 100*time.Millisecond
}

func perSecond(n int, d time.Duration) float64 { return float64(n) / max(d.Seconds(), 0.001) }

// draw draws the share done, what the caller says of it, and the time left.
func (b *bar) draw(now time.Time, done, total int64, detail string) {
	b.last, b.shown = now, true
	const width = 30
	line := b.what + " "
	if total > 0 {
		done = min(done, total)
		full := int(width * done / total)
		line += strings.Repeat("█", full) + strings.Repeat("·", width-full) + fmt.Sprintf(" %3d%%  ", 100*done/total)
	}
	line += detail
	if total > 0 && done > 0 {
		left := time.Duration(float64(now.Sub(b.start)) * float64(total-done) / float64(done))
		line += "  " + left.Round(time.Second).String() + " left"
	}
	tell(b.out, "\r%s \x1b[K", line)
}

func (b *bar) done() {
	if b.shown {
		tell(b.out, "\r\x1b[K")
		b.shown = false
	}
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

// terminalWidth is how many characters a line of the terminal holds that a
// writer is; 0 when it is none.
func terminalWidth(w any) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(f.Fd())
	if err != nil {
		return 0
	}
	return width
}

// importBars shows one bar after another, one for each phase of an import.
type importBars struct {
	s     *session
	bar   *bar
	phase string
}

func (s *session) importBars() *importBars { return &importBars{s: s} }

// step shows how much of the files is read, in bytes and rows.
func (i *importBars) step(p ingest.Progress) {
	if i.bar == nil || p.Phase != i.phase {
		i.done()
		i.phase = p.Phase
		i.bar = i.s.bar(p.Phase)
	}
	b := i.bar
	now, due := b.due()
	if !due {
		return
	}
	detail := volume(p.Bytes)
	if p.Total > 0 {
		detail += " of " + volume(p.Total)
	}
	if p.Rows > 0 {
		detail += fmt.Sprintf("  %d rows  %.0f/s", p.Rows, perSecond(p.Rows, now.Sub(b.start)))
	}
	b.draw(now, p.Bytes, p.Total, detail)
}

// done clears the last bar, so that what follows begins on a clean line.
func (i *importBars) done() {
	if i.bar != nil {
		i.bar.done()
		i.bar = nil
	}
}

// volume is a size for people.
func volume(n int64) string {
	const unit = 1024
	switch {
	case n < unit*unit:
		return fmt.Sprintf("%d KB", n/unit)
	case n < unit*unit*unit:
		return fmt.Sprintf("%.1f MB", float64(n)/(unit*unit))
	}
	return fmt.Sprintf("%.1f GB", float64(n)/(unit*unit*unit))
}
