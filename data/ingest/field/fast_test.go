package field

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/calendar"
)

// TestISOIsTheCalendar holds the quick reading of dates against the plain one.
func TestISOIsTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(
			rapid.StringMatching(`[0-9]{4}-[0-3][0-9]-[0-3][0-9]`),
			rapid.StringMatching(`(1899|1900|2000|2023|2024|2100)-(0[0-9]|1[0-3])-(0[01]|2[89]|3[012])`),
			rapid.StringMatching(`[-0-9:]{8,11}`),
		).Draw(t, "text")
		want, err := calendar.Parse(s)
		got, gotErr := ISO(s)
		if (err == nil) != (gotErr == nil) || err == nil && got != want {
			t.Fatalf("%q: %d, %v; want %d, %v", s, got, gotErr, want, err)
		}
	})
}

// TestScreenSeesWhatItsShapesSay holds the quick looks against the shapes.
func TestScreenSeesWhatItsShapesSay(t *testing.T) {
	screen := NewScreen()
	old := regexp.MustCompile(`^([0-9]{9}[A-Za-z][0-9A-Za-z]?|[0-9]{9})$`)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(
			rapid.StringMatching(`[ -~]{0,3}`+mbiShape+`[ -~]{0,3}`),
			rapid.StringMatching(`[ -~]{0,3}`+ssnShape+`[ -~]{0,3}`),
			rapid.StringMatching(`[0-9]{8,10}[0-9A-Za-z]{0,3}`),
			rapid.String(),
		).Draw(t, "text")
		if got, want := screen.Identifies(s), len(s) >= 11 && screen.id.MatchString(s); got != want {
			t.Fatalf("%q: identifies %v, want %v", s, got, want)
		}
		if got, want := personal(s), old.MatchString(s); got != want {
			t.Fatalf("%q: personal %v, want %v", s, got, want)
		}
	})
}
