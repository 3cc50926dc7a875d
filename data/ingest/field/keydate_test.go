package field_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/data/ingest/field"
)

func TestKeyOfPerson(t *testing.T) {
	for key, want := range map[string]bool{
		// a birth date, in any usual form
		"SMITH-JOHN-19410302": true, "JSMITH19410302-3": true, "03021941": true, "E_1941-03-02": true, "3/2/1941": true, "2.3.1941x7": true,
		"02MAR1941": true, "x-2-Mar-1941": true, "Mar 02 1941": true, "1941MAR02-1": true, "19410302": true, "31121999": true,
		// a name and a date
		"SMITH-JOHN-20250301": true, "smith_john_250301": true, "Müller,Anna 03/01/25": true, "JohnDoe SMITH 2025-03-01": true,
		// keys as systems make them
		"E000123": false, "E1-20250301": false, "470-010001-2025-03-01": false, "010001": false, "CLM20000101": false, "SMITH-JOHN-7": false,
		"LEJR-IP-470": false, "inpatient-claim-20250301": false, "123456789012": false, "E1-L5": false, "JSMITH20250301": false, "": false,
		"19413302-1": false, "19410002": false, "claim-1899": false, "sn-3-4-5": false, "99993141592": false, "1a-2b-3c": false,
	} {
		if got := field.KeyOfPerson(key); got != want {
			t.Errorf("%q: got %v", key, got)
		}
	}
}

// A date of birth is seen wherever it stands in a key between other parts.
func TestBirthDateInAKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y, m, d := rapid.IntRange(1900, 1999).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day")
		form := rapid.SampledFrom([]string{"YYYYMMDD", "YYYY-MM-DD", "MM/DD/YYYY", "DD.MM.YYYY", "MMDDYYYY"}).Draw(t, "form")
		key := rapid.StringMatching(`([A-Za-z]{0,6}[-_ ])?`).Draw(t, "before") + strings.NewReplacer("YYYY", fmt.Sprint(y), "MM", fmt.Sprintf("%02d", m), "DD", fmt.Sprintf("%02d", d)).Replace(form) + rapid.StringMatching(`([-_][0-9]{1,3})?`).Draw(t, "after")
		if !field.KeyOfPerson(key) {
			t.Fatalf("%q went unseen", key)
		}
	})
}

func BenchmarkKeyOfPerson(b *testing.B) {
	for b.Loop() {
		field.KeyOfPerson("SYN-0001234-L017")
	}
}
