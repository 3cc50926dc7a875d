package picture

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestSVGIsWellFormedAndKeepsTheText(t *testing.T) {
	frame := "plain <b>&\n\x1b[1mbold\x1b[0m \x1b[7mback\x1b[27m \x1b[38;5;215m-$1.29M\x1b[39m\n"
	svg := SVG(frame, 20, 3)
	dec := xml.NewDecoder(strings.NewReader(svg))
	var text strings.Builder
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := tok.(xml.CharData); ok {
			text.Write(c)
		}
	}
	for _, want := range []string{"plain <b>&", "bold", "back", "-$1.29M"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in the picture", want)
		}
	}
	for _, want := range []string{`font-weight="bold"`, "#ffaf5f"} { // 215 = 16 + 36x5 + 6x3 + 1: ff af 5f
		if !strings.Contains(svg, want) {
			t.Errorf("%q is not in the picture", want)
		}
	}
}
