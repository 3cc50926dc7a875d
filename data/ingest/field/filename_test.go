package field_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/data/ingest/field"
)

func TestInFileName(t *testing.T) {
	s := field.NewScreen()
	for _, name := range []string{
		"episodes.csv", "services.csv.gz", "a.txt", "mercy.csv", "mercy_inpatient_2025Q1.csv", "claims_20250331.csv", "100001_ip_202503.txt",
		"sample-b-bcarrier.txt", "beneficiary_history.csv", "export_summary.csv", "MANIFEST.sha256", "inpatient_claims_k.csv",
		"DE1_0_2008_Beneficiary_Summary_File_Sample_TestB.csv", "DE1_0_2008_to_2010_Carrier_Claims_Sample_TestBA.csv.gz",
		"DE1_0_2008_to_2010_Inpatient_Claims_Sample_1_first999.csv", "README", "",
		"P.A1234.ACO.ZC1Y24.D240101.T0100000", "P.A1234.ACO.ZCAY24.D240101.T010000.txt.gz", "TP_Components.csv", "epi_202508.csv", "True_Up_Amount.csv",
	} {
		if s.InFileName(name) {
			t.Errorf("%s was taken for a person's", name)
		}
	}
	for _, name := range []string{
		"Smith_John_1EG4-TE5-MK73.csv", "ip_1EG4TE5MK73.csv", "x1eg4_te5_mk73y.txt", "123-45-6789.csv", "claims_123 45 6789.txt", "123456789A.csv",
		"Smith_John.csv", "SmithJohn_claims.txt", "Smith, J.csv", "O'Brien.csv", "Müller-Jürgen.csv.gz", "smith_19400312.csv", "claims_19400312.csv",
		"mrn_1234567.txt", "claims.Smith.John", "John Smith", "a\x1b[31m.csv",
		"P.A1234.ACO.ZC1Y24.D240101.T0100000.Smith", "P.Smith.ACO.ZC1Y24.D240101.T0100000",
	} {
		if !s.InFileName(name) {
			t.Errorf("%s was not masked", name)
		}
	}
}

func TestEnding(t *testing.T) {
	for in, want := range map[string][2]string{
		"a.csv": {"a", ".csv"}, "a.b.CSV.gz": {"a.b", ".CSV.gz"}, "a.Smith": {"a.Smith", ""}, "a": {"a", ""}, ".csv": {"", ".csv"},
		"a.txt.csv.gz": {"a.txt", ".csv.gz"},
	} {
		if stem, ending := field.Ending(in); stem != want[0] || ending != want[1] {
			t.Errorf("%s: got %q %q", in, stem, ending)
		}
	}
}

// TestNumbersInFileNames puts a Medicare number anywhere in any name.
func TestNumbersInFileNames(t *testing.T) {
	s := field.NewScreen()
	rapid.Check(t, func(t *rapid.T) {
		sep := rapid.SampledFrom([]string{"", "-", "_", " ", "."}).Draw(t, "separator")
		number := strings.Join([]string{"1EG4", "TE5", "MK73"}, sep)
		name := rapid.StringMatching(`[A-Za-z_]{0,9}`).Draw(t, "before") + number + rapid.StringMatching(`(_[a-z]{0,9})?`).Draw(t, "after") + ".csv"
		if !s.InFileName(name) {
			t.Fatalf("%s was not masked", name)
		}
	})
}
