package lever_test

import (
	"testing"

	"bundlelab/engine/lever"
)

// What programs reached is at hand as the registry says it: 2.3 SNF days and
// 3.9% fewer readmissions. Only more saving goes beyond it.
func TestBeyond(t *testing.T) {
	for key, values := range map[string]map[string]bool{
		"care.all.snf_days":                    {"0": false, "2.3": false, "2.31": true, "5": true},
		"hospital.100001.care.CABG.snf_days":   {"2": false, "3": true},
		"care.all.readmissions":                {"-3.9%": false, "-0.0391": true, "-100%": true, "0%": false, "50%": false},
		"care.all.saving.snf":                  {"100%": false}, // dollars are known, no share of one setting
		"care.all.irf_to_snf":                  {"100%": false},
		"condition.avoided":                    {"90%": false},
		"market.volume":                        {"900%": false},
		"hospital.100001.quality.cqs":          {"100": false},
		"hospital.100001.care.all.saving.ltch": {"100%": false},
	} {
		for text, want := range values {
			var s lever.Set
			s, err := s.With(key, text)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Items()[0].Beyond(); got != want {
				t.Errorf("%s = %s beyond: %t", key, text, got)
			}
			if _, d, _ := lever.ParseKey(key); want && (d.Likely == "" || d.Evidence == "") {
				t.Errorf("%s does not say what is known", key)
			}
		}
	}
}
