package draw

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/money"
)

func TestShort(t *testing.T) {
	for cents, want := range map[money.Cents]string{
		0: "$0.00", 5: "$0.05", 99_999: "$999.99", 100_000: "$1,000", 123_456_49: "$123,456", 123_456_50: "$123,457",
		999_999_49: "$999,999", 999_999_50: "$1.00M", 6_921_000_00: "$6.92M", 9_996_000_00: "$10.0M", -410_249_000_00: "-$410.2M",
		999_960_000_00: "$1.00B", 1_234_000_000_00: "$1.23B", -5_00: "-$5.00",
	} {
		if got := Short(cents); got != want {
			t.Errorf("Short(%d) = %s, want %s", int64(cents), got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 11842: "11,842", -1200: "-1,200"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, x := range []struct {
		a, b, lo, hi money.Cents
		w            int
		want         string
	}{
		{0, 50, 0, 100, 4, "██  "},
		{0, 100, 0, 100, 4, "████"},
		{100, 0, 0, 100, 4, "████"},
		{50, 100, 0, 100, 4, "  ██"},
		{0, 1, 0, 1000, 4, "▏   "}, // too short to see, still there
		{0, 0, 0, 100, 4, "    "},
		{0, 36, 0, 100, 4, "█▌  "}, // 36% of 32 eighths = 11.5, rounds to 12
	} {
		if got := Span(x.a, x.b, x.lo, x.hi, x.w); got != x.want {
			t.Errorf("Span(%d..%d of %d..%d) = %q, want %q", x.a, x.b, x.lo, x.hi, got, x.want)
		}
	}
}

func TestSpanKeepsItsWidth(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		v := rapid.Int64Range(-1e12, 1e12)
		a, b, lo, hi := money.Cents(v.Draw(r, "a")), money.Cents(v.Draw(r, "b")), money.Cents(v.Draw(r, "lo")), money.Cents(v.Draw(r, "hi"))
		w := rapid.IntRange(1, 60).Draw(r, "w")
		if got := Width(Span(a, b, lo, hi, w)); got != w {
			r.Fatalf("width %d, want %d", got, w)
		}
	})
}

func TestRightNeverShowsAWrongNumber(t *testing.T) {
	if got := Right("$1,234.56", 6); got != "######" {
		t.Errorf("got %q", got)
	}
}

func TestCleanDropsEscapes(t *testing.T) {
	if got := Clean("a\x1b[31mb\u009bc\n"); strings.ContainsAny(got, "\x1b\n\u009b") {
		t.Errorf("got %q", got)
	}
}

// text draws strings with wide characters, combining marks and colours.
func text(r *rapid.T, name string) string {
	parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "bc", "健", "康", "é", "e\u0301", "→", "\x1b[31m", "\x1b[0m", "👩‍⚕️", " "}), 0, 40).Draw(r, name)
	return strings.Join(parts, "")
}

func TestEveryMarkIsOneCell(t *testing.T) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if mark(r) && ansi.StringWidth(string([]rune{r, r})) != 2 {
			t.Errorf("%c takes %d cells", r, ansi.StringWidth(string(r)))
		}
	}
}

// TestCellsAreTheLibrarys holds counting and cutting equal to the library's.
func TestCellsAreTheLibrarys(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		parts := []string{"a", " ", "$1,234.56", "\x1b[31m", "\x1b[1;38;5;130m", "\x1b[0m", "·×§–—…•‹›←↑→↓−≠≤≥▲▸▼◂●✗", "─│┌█▐▒▟", "▲ ", "\x1b[m"}
		if rapid.Bool().Draw(r, "foreign") {
			parts = append(parts, "健", "é", "e\u0301", "\u0301", "👩‍⚕️", "🏥", "\ufe0f", "\u200d", "\x1b[2J", "\x1b", "\x1b[", "\x1b]0;x\a", "\xff", "\xe2", "\u2028", "◾", "▶", "❌")
		}
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 30).Draw(r, "s"), "")
		if got, want := Width(s), ansi.StringWidth(s); got != want {
			r.Fatalf("%q is %d cells, the library says %d", s, got, want)
		}
		w := rapid.IntRange(0, 60).Draw(r, "w")
		if got, want := cut(s, w), ansi.Truncate(s, w, "…"); got != want {
			r.Fatalf("%q cut to %d is %q, the library's %q", s, w, got, want)
		}
		if got, want := Wrap(s, w), strings.Split(ansi.Wrap(s, w, ""), "\n"); w > 0 && !slices.Equal(got, want) {
			r.Fatalf("%q wrapped to %d is %q, the library's %q", s, w, got, want)
		}
		style := rapid.SampledFrom([]string{"", "\x1b[1m"}).Draw(r, "style")
		if got, want := On("").Fit(style, s, w).b.String(), On("").Add(style, Fit(s, w)).b.String(); got != want {
			r.Fatalf("%q fitted to %d is %q, want %q", s, w, got, want)
		}
		if got, want := On("").Right(style, s, w).b.String(), On("").Add(style, Right(s, w)).b.String(); got != want {
			r.Fatalf("%q at the right of %d is %q, want %q", s, w, got, want)
		}
		l, clean := On("").Add("", s), Clean(s)
		if l.Width() != ansi.StringWidth(clean) || l.b.String() != clean {
			r.Fatalf("%q is %d cells on a line: %q", s, l.Width(), l.b.String())
		}
	})
}

func TestOverlayKeepsEveryWidth(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := rapid.IntRange(10, 50).Draw(r, "w")
		bw := rapid.IntRange(1, w-2).Draw(r, "box")
		x := rapid.IntRange(0, w-bw).Draw(r, "x")
		base := On("").Raw(text(r, "base"), 0).b.String()
		line := ansi.Truncate(base, w, "")
		line += Spaces(w - Width(line))
		got := Overlay([]string{line}, []string{strings.Repeat("#", bw)}, x, 0, w)
		if n := ansi.StringWidth(got[0]); n != w {
			r.Fatalf("width %d, want %d: %q over %q at %d", n, w, got[0], line, x)
		}
		if at := strings.Index(ansi.Strip(got[0]), "#"); Width(ansi.Strip(got[0])[:at]) != x {
			r.Fatalf("the box stands at the wrong column in %q", got[0])
		}
	})
}

func TestOverlayCutsWideCharacters(t *testing.T) {
	got := Overlay([]string{"健康健康"}, []string{"##"}, 3, 0, 8) // cuts 康 at its second and 健 at its first cell
	if s := ansi.Strip(got[0]); s != "健 ## 康" {
		t.Errorf("got %q", s)
	}
}

func TestASCIIKeepsWidth(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := text(r, "s") + rapid.SampledFrom([]string{"▲ +$1M", "├──┤", "██▌", "◂ 1 ▸", "×·…≠✗●"}).Draw(r, "glyphs")
		got := ASCII(s)
		if Width(got) != Width(s) {
			r.Fatalf("%q is %d cells, %q is %d", got, Width(got), s, Width(s))
		}
		for i := range len(got) {
			if got[i] >= 0x80 {
				r.Fatalf("%q is not ASCII", got)
			}
		}
	})
}

func TestRuleAndBoxWidths(t *testing.T) {
	th := NewTheme(Rich, false)
	for w := 10; w < 80; w++ {
		l := th.Rule("┌", "┐", w, Junction{Title: th.Strong("Levers and more")}, Junction{At: w / 2, Corner: "┬", Title: th.Strong("Every design 健康")})
		if n := Width(l); n != w {
			t.Fatalf("rule of %d is %d cells: %q", w, n, ansi.Strip(l))
		}
	}
	for _, l := range th.Box("A title that is far too long for it", []string{Fit("x", 20)}, 20) {
		if Width(l) != 22 {
			t.Errorf("box line is %d cells", Width(l))
		}
	}
}

func TestPickDropsTheLeastNeeded(t *testing.T) {
	cols := []Column[int]{{Title: "a", W: 4, Need: 3}, {Title: "b", W: 4, Need: 1}, {Title: "c", W: 4, Need: 2}}
	got, rest := Pick(cols, 11, 1) // b and c take 5 each
	if len(got) != 2 || got[0].Title != "b" || got[1].Title != "c" || rest != 1 {
		t.Errorf("got %v, rest %d", got, rest)
	}
}

func TestWindowKeepsTheCursor(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n, h := rapid.IntRange(1, 100).Draw(r, "n"), rapid.IntRange(1, 40).Draw(r, "h")
		at := rapid.IntRange(0, n-1).Draw(r, "at")
		top := Window(rapid.IntRange(-10, 120).Draw(r, "top"), at, n, h)
		if top < 0 || at < top || at >= top+h {
			r.Fatalf("cursor %d is not in %d..%d", at, top, top+h)
		}
	})
}

func TestPalettes(t *testing.T) {
	env := func(m map[string]string) func(string) string { return func(k string) string { return m[k] } }
	for _, x := range []struct {
		env  map[string]string
		want Palette
	}{
		{map[string]string{"NO_COLOR": "1", "TERM": "xterm-256color"}, Mono},
		{map[string]string{"TERM": "xterm-256color"}, Rich},
		{map[string]string{"TERM": "vt220"}, Basic},
		{map[string]string{"TERM": "dumb"}, Mono},
	} {
		if got := PaletteOf(env(x.env)); got != x.want {
			t.Errorf("%v gives %d, want %d", x.env, got, x.want)
		}
	}
	if !LightBackground(env(map[string]string{"COLORFGBG": "0;15"})) || LightBackground(env(nil)) {
		t.Error("COLORFGBG is misread")
	}
}

func TestCountsInWords(t *testing.T) {
	for want, got := range map[string]string{
		"1 hospital": Of(1, "hospital"), "0 levers": Of(0, "lever"), "2,322 episodes": Of(2322, "episode"),
		"2,322": Number(decimal.New(2322, 0)), "2,438.1": Number(decimal.New(24381, -1)), "0.5": Number(decimal.New(5, -1)),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestBarOfALoss holds that a loss looks different without colours, at the
// same place: 0 to 50 of 100 on 10 cells is 5 cells.
func TestBarOfALoss(t *testing.T) {
	if got := Bar(50, 0, 50, 0, 100, 10); got != "█████     " {
		t.Errorf("a gain is %q", got)
	}
	if got := Bar(-50, 0, 50, 0, 100, 10); got != "▒▒▒▒▒     " || ASCII(got) != "=====     " {
		t.Errorf("a loss is %q", got)
	}
}
