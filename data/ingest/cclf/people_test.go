package cclf_test

import (
	"maps"
	"testing"

	"bundlelab/data/ingest/group"
	"bundlelab/engine/panel"
)

// TestPeople has what CCLF8 says of Anna, who is in hospital from 1 to 4 March
// 2024. Deliveries are of 1 March and of 1 May.
func TestPeople(t *testing.T) {
	both := []string{"BENE_PART_A_ENRLMT_BGN_DT=2015-03-01", "BENE_PART_B_ENRLMT_BGN_DT=2015-04-01", "BENE_ENTLMT_BUYIN_IND=3"}
	tests := []struct {
		name       string
		march, may []string // nil: the delivery does not have her
		flags      uint32
		eligible   string // last day; "" unknown
		death, sex string
		dual       panel.Known
	}{
		{name: "nothing known"},
		{name: "in both parts", may: append(both, "BENE_SEX_CD=2", "BENE_DUAL_STUS_CD=08"), sex: "F", dual: panel.Yes},
		{name: "not dual", may: append(both, "BENE_SEX_CD=1", "BENE_DUAL_STUS_CD=NA"), sex: "M", dual: panel.No},
		{name: "a newer record corrects", march: append(both, "BENE_SEX_CD=1"), may: append(both, "BENE_SEX_CD=2"), sex: "F"},
		{name: "a blank one does not", march: append(both, "BENE_SEX_CD=1"), may: both, sex: "M"},
		{name: "a later month's standing", march: append(both, "BENE_DUAL_STUS_CD=02"), may: append(both, "BENE_DUAL_STUS_CD=NA"), dual: panel.Yes},
		{name: "died", may: append(both, "BENE_DEATH_DT=2024-03-20"), death: "2024-03-20"},
		{name: "null date of death", may: append(both, "BENE_DEATH_DT=1000-01-01")},
		{name: "Part B from April on", may: []string{"BENE_PART_A_ENRLMT_BGN_DT=2015-03-01", "BENE_PART_B_ENRLMT_BGN_DT=2024-04-01"}, flags: group.DropNotAB, eligible: "2024-02-29"},
		{name: "lost Part B by May", march: both, may: append(both[:2:2], "BENE_ENTLMT_BUYIN_IND=1"), eligible: "2024-04-30"},
		{name: "state buy-in of both", march: []string{"BENE_ENTLMT_BUYIN_IND=C"}},
		{name: "state buy-in of one", march: []string{"BENE_ENTLMT_BUYIN_IND=B"}, flags: group.DropNotAB, eligible: "2024-02-29"},
		{name: "kidney disease alone", may: append(both, "BENE_MDCR_STUS_CD=31"), flags: group.DropESRD, eligible: "2024-02-29"},
		{name: "aged with kidney disease", may: append(both, "BENE_MDCR_STUS_CD=11")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			for day, cells := range map[string][]string{"240301": tt.march, "240501": tt.may} {
				d := embedded(t)
				if cells != nil {
					d.add("8", append([]string{"BENE_MBI_ID=" + anna, "BENE_DOB=1950-03-02"}, cells...)...)
				}
				if day == "240501" {
					d.head("1", anna, "60", "010001", "2024-03-01", "2024-03-04", "470", "01", "100.00")
				}
				maps.Copy(files, d.sent(day))
			}
			m, _, err := load(t, write(t, files))
			if err != nil || len(m.episodes) != 1 {
				t.Fatalf("%d episodes: %v", len(m.episodes), err)
			}
			e := m.episodes[0]
			eligible, death := "", ""
			if e.EligEnd != nil {
				eligible = e.EligEnd.String()
			}
			if e.Death != nil {
				death = e.Death.String()
			}
			if e.DropFlags != tt.flags || eligible != tt.eligible || death != tt.death || e.Sex != tt.sex || e.Dual != tt.dual {
				t.Errorf("flags %b, eligible to %q, death %q, sex %q, dual %v", e.DropFlags, eligible, death, e.Sex, e.Dual)
			}
		})
	}
}
