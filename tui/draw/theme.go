package draw

import (
	"strings"

	"bundlelab/engine/money"
)

// Theme holds ready-made escape sequences. Bold, reverse and faint are not
// colours: they stay when colours are off, and every state they show has a
// text mark too.
type Theme struct {
	Reset, Bold, Faint, Reverse string

	Title, Border, Accent string
	Gain, Loss, Warn      string
	Doubt                 string // an unconfirmed or assumed grade
}

// Palette says how many colours to use.
type Palette uint8

// The palettes.
const (
	Mono  Palette = iota // no colour at all
	Basic                // the terminal's own sixteen
	Rich                 // 256
)

// NewTheme builds the theme of a palette for a dark or a light background.
// Gain and loss are blue and orange, which people who confuse red with green
// tell apart.
func NewTheme(p Palette, light bool) Theme {
	t := Theme{Reset: "\x1b[0m", Bold: "\x1b[1m", Faint: "\x1b[2m", Reverse: "\x1b[7m"}
	t.Title = t.Bold
	switch {
	case p == Mono:
		t.Border, t.Warn = t.Faint, t.Bold
	case p == Basic:
		t.Border, t.Gain, t.Loss, t.Warn, t.Accent, t.Doubt = "\x1b[90m", "\x1b[36m", "\x1b[33m", "\x1b[1;33m", "\x1b[36m", "\x1b[33m"
	case light:
		t.Border, t.Faint = "\x1b[38;5;249m", "\x1b[38;5;242m"
		t.Gain, t.Loss, t.Warn, t.Accent, t.Doubt = "\x1b[38;5;25m", "\x1b[38;5;130m", "\x1b[1;38;5;130m", "\x1b[38;5;24m", "\x1b[38;5;94m"
	default:
		t.Border, t.Faint = "\x1b[38;5;240m", "\x1b[38;5;246m"
		t.Gain, t.Loss, t.Warn, t.Accent, t.Doubt = "\x1b[38;5;117m", "\x1b[38;5;215m", "\x1b[1;38;5;222m", "\x1b[38;5;110m", "\x1b[38;5;222m"
	}
	return t
}

// PaletteOf reads the environment: NO_COLOR (no-color.org) wins over what the
// terminal can do.
func PaletteOf(env func(string) string) Palette {
	name := env("TERM")
	switch {
	case env("NO_COLOR") != "" || name == "dumb":
		return Mono
	case env("COLORTERM") != "" || strings.Contains(name, "256color"):
		return Rich
	}
	return Basic
}

// LightBackground reads COLORFGBG, which some terminals set; dark when absent.
func LightBackground(env func(string) string) bool {
	v := env("COLORFGBG")
	bg := v[strings.LastIndexByte(v, ';')+1:]
	return bg == "7" || bg == "15"
}

// Signed is the style of an amount: gain above zero, loss below.
func (t *Theme) Signed(c money.Cents) string {
	switch {
	case c > 0:
		return t.Gain
	case c < 0:
		return t.Loss
	}
	return ""
}

// Grade is the style of an evidence grade: what nobody has confirmed stands
// out. The grade's word is the mark where there are no colours.
func (t *Theme) Grade(doubtful bool) string {
	if doubtful {
		return t.Doubt
	}
	return t.Faint
}
