package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
	"bundlelab/engine/money"
)

const (
	skilledA = "EPISODE_ID=7;CLAIMNO=N1;STD_ALLOWED=8000.00;CLM_ALLOWED=8500.00;FROM_DT=04MAR2021;THRU_DT=23MAR2021;PROVIDER=015001"
	officeA  = "EPISODE_ID=1001;CLAIMNO=P1;LINEITEM=1;HCPCS_CD=99213;LINE_STD_ALLOWED=100.00;LINE_ALLOWED=95.00;FROM_DT=06MAR2021;THRU_DT=06MAR2021;PLCSRVC=11;EXPNSDT1=06MAR2021;EXPNSDT2=06MAR2021"
)

// bpciaFound are the findings of a code in the files of a role.
func bpciaFound(report *ingest.Report, role, code string) (messages []string) {
	for _, f := range report.Files {
		for _, p := range f.Problems {
			if f.Role == role && p.Code == code {
				messages = append(messages, p.Message)
			}
		}
	}
	return messages
}

// TestBPCIANumbers: a row goes to the episode that its own delivery gives the
// number to, and to another delivery's only where its own has no file of
// episodes and the others agree on the person.
func TestBPCIANumbers(t *testing.T) {
	other := func(id string) string {
		return strings.NewReplacer("=1001", "="+id, "=S1", "=S7", "1AC4DE5FG01", "2AC4DE5FG02").Replace(rowA)
	}
	stay := strings.NewReplacer("=1001", "=7", "=S1", "=S7").Replace(stayA)
	for _, tt := range []struct {
		name, skilled string
		september     []string // rows of epi_202109 beside episode 1001
		kept, left    int
	}{
		{"own delivery without the number", "sn_202109.csv", nil, 0, 1},
		{"own delivery with it", "sn_202110.csv", nil, 1, 0},
		{"no episodes in its delivery", "sn_202111.csv", nil, 1, 0},
		{"no episodes in its delivery, one person in two others", "sn_202111.csv", []string{other("7")}, 1, 0},
		{"no episodes in its delivery, two persons", "sn_202111.csv", []string{strings.NewReplacer("=1001", "=7", "1AC4DE5FG01", "3AC4DE5FG03").Replace(rowA)}, 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, report, err := load(t, store.BPCIA, write(t, map[string]string{
				"epi_202109.csv": bpciaSheet(bpciaEpisodes, append(tt.september, rowA)...), "ip_202109.csv": bpciaSheet(bpciaStays, stayA),
				"epi_202110.csv": bpciaSheet(bpciaEpisodes, other("7")), "ip_202110.csv": bpciaSheet(bpciaStays, stay),
				tt.skilled: bpciaSheet(bpciaSkilled, skilledA),
			}))
			if err != nil {
				t.Fatal(err)
			}
			kept := 0
			for _, e := range m.episodes {
				kept += len(e.Services)
			}
			if left := len(bpciaFound(report, "snf", "K002")); kept != tt.kept || left != tt.left {
				t.Errorf("%d services kept, %d rows left out", kept, left)
			}
		})
	}
}

// TestBPCIANegative: a negative row comes off the row of its claim and line, and
// is rejected where there is none as large (A002).
func TestBPCIANegative(t *testing.T) {
	row := func(claim, std, raw string) string {
		return strings.NewReplacer("=P1", "="+claim, "=100.00", "="+std, "=95.00", "="+raw).Replace(officeA)
	}
	for _, tt := range []struct {
		name     string
		rows     []string
		code     string // that refuses
		services int
		std, raw money.Cents
	}{
		{"alone", []string{officeA, row("P9", "-500.00", "-500.00")}, "A002", 0, 0, 0},
		{"other claim of the same amount", []string{officeA, row("P9", "-100.00", "-95.00")}, "A002", 0, 0, 0},
		{"standardized alone", []string{officeA, row("P9", "-0.01", "95.00")}, "A002", 0, 0, 0},
		{"the whole", []string{officeA, row("P1", "-100.00", "-95.00")}, "", 0, 0, 0},
		{"the whole, before it", []string{row("P1", "-100.00", "-95.00"), officeA}, "", 0, 0, 0},
		{"the whole, raw alone", []string{officeA, row("P1", "", "-95.00")}, "", 0, 0, 0},
		{"a part", []string{officeA, row("P1", "-40.00", "-35.00")}, "", 1, 60_00, 60_00}, // 100 - 40, 95 - 35
		{"a part, raw alone", []string{officeA, row("P1", "", "-35.00")}, "", 1, 65_00, 60_00},
		{"more than there is", []string{officeA, row("P1", "-100.01", "-94.00")}, "A002", 0, 0, 0},
		{"more raw than there is", []string{officeA, row("P1", "-99.00", "-95.01")}, "A002", 0, 0, 0},
		{"two ways", []string{officeA, row("P1", "-40.00", "35.00")}, "A002", 0, 0, 0},
		{"twice", []string{officeA, row("P1", "-40.00", "-35.00"), row("P1", "-40.00", "-35.00")}, "K001", 0, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, _, err := load(t, store.BPCIA, write(t, map[string]string{
				"epi_.csv": bpciaSheet(bpciaEpisodes, rowA), "ip_.csv": bpciaSheet(bpciaStays, stayA), "pb_.csv": bpciaSheet(bpciaCarrier, tt.rows...),
			}))
			if tt.code != "" {
				if err == nil || !strings.Contains(err.Error(), tt.code) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			e := m.episodes[0]
			if len(e.Services) != tt.services || bpciaSpending(&e, 90) != 12_000_00+tt.std {
				t.Fatalf("%d services, %s", len(e.Services), bpciaSpending(&e, 90))
			}
			if tt.services > 0 && *e.Services[0].Raw != tt.raw {
				t.Errorf("raw %s", *e.Services[0].Raw)
			}
		})
	}
}

// TestBPCIANegativeAnchor: a second stay of the anchor's days with a negative
// amount takes nothing off the anchor; the anchor's own stay taken back is not
// there.
func TestBPCIANegativeAnchor(t *testing.T) {
	negative := strings.NewReplacer("=12000.00", "=-3000.00", "=14000.00", "=-3000.00").Replace(stayA)
	files := func(row string) map[string]string {
		return map[string]string{"epi_.csv": bpciaSheet(bpciaEpisodes, rowA), "ip_.csv": bpciaSheet(bpciaStays, stayA, row)}
	}
	bpciaTry(t, "inpatient", "A002", store.Reject, files(strings.Replace(negative, "=S1", "=S1B", 1)))
	// 12,000.00 - 3,000.00 beside the 12,000.00 that the episode's row states.
	m := bpciaTry(t, "episodes", "A004", store.Warning, files(negative))
	if e := m.episodes[0]; e.StdAnchor != 9_000_00 || *e.RawAnchor != 11_000_00 {
		t.Errorf("%s, raw %s", e.StdAnchor, *e.RawAnchor)
	}
	whole := strings.NewReplacer("=12000.00", "=-12000.00", "=14000.00", "=-14000.00").Replace(stayA)
	m = bpciaTry(t, "episodes", "K002", store.Warning, files(whole))
	if e := m.episodes[0]; e.StdAnchor != 12_000_00 || len(e.Services) != 0 {
		t.Errorf("%s, %d services", e.StdAnchor, len(e.Services))
	}
}

// TestBPCIANegativeOutlier: what a negative row takes back of the outlier part
// comes off too; on a row that is not negative it is rejected.
func TestBPCIANegativeOutlier(t *testing.T) {
	const header = "EPISODE_ID,CLM_ID,PRVDR_NUM,CLM_FROM_DT,CLM_THRU_DT,CLM_DRG_CD,STD_ALLOWED,OUTLIER_AMT,BENE_PTNT_STUS_CD\nE1,S1,010001,2026-02-02,2026-02-06,402,45000.00,,03\nE1,S2,010033,2026-02-20,2026-02-24,862,9000.00,1000.00,01\n"
	set := teamSet()
	// 9,000.00 with 1,000.00 outlier, less 2,000.00 with 400.00.
	set["TEAM_inpatient_202608.csv"] = header + "E1,S2,010033,2026-02-20,2026-02-24,862,-2000.00,-400.00,01\n"
	m, _, err := load(t, store.TEAM, write(t, set))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, s := range m.episodes[0].Services {
		if s.Code == "862" {
			found = s.Amount == 7_000_00 && s.Outlier == 600_00
		}
	}
	if !found {
		t.Errorf("%+v", m.episodes[0].Services)
	}
	set["TEAM_inpatient_202608.csv"] = header + "E1,S3,010033,2026-02-20,2026-02-24,862,2000.00,-400.00,01\n"
	if _, _, err := load(t, store.TEAM, write(t, set)); err == nil || !strings.Contains(err.Error(), "A002") {
		t.Errorf("got %v", err)
	}
}

// TestBPCIAJoinedStay: the bills of one stay are one service, so what the feed
// states of them is compared together.
func TestBPCIAJoinedStay(t *testing.T) {
	bill := func(id, from, to, status, cost, part string) string {
		return fmt.Sprintf("EPISODE_ID=1001;IP_STAY_ID=%s;PROVIDER=010033;STAY_FROM_DT=%s;STAY_THRU_DT=%s;STAY_DRG_CD=193;STAY_STD_ALLOWED=%s;STAY_ALLOWED=%s;STUS_CD=%s;STD_COST_EPI_TOTAL=%s", id, from, to, cost, cost, status, part)
	}
	try := func(part string) (*memory, []string, string) {
		m, report, err := load(t, store.BPCIA, write(t, map[string]string{
			"epi_.csv": bpciaSheet(bpciaEpisodes, rowA),
			"ip_.csv": bpciaSheet(bpciaStays, stayA, bill("S3", "31MAR2021", "10APR2021", "01", "3000.00", part),
				bill("S2", "20MAR2021", "31MAR2021", "30", "4000.00", "4000.00")), // the later bill comes first
		}))
		if err != nil {
			t.Fatal(err)
		}
		return m, bpciaFound(report, "inpatient", "A006"), strings.Join(report.Notes, "\n")
	}
	m, found, notes := try("3000.00")
	if len(m.episodes[0].Services) != 1 || len(found) != 0 || !strings.Contains(notes, "all 3 rows that state their part of the episode agree") {
		t.Errorf("%d services, %q, %q", len(m.episodes[0].Services), found, notes)
	}
	// 7,000.00 beside 4,000.00 + 3,005.00.
	if _, found, notes = try("3005.00"); len(found) != 1 || !strings.Contains(found[0], "our part of the stay of 2 bills in an episode of 90 days is 5.00 less than the stated one") ||
		!strings.Contains(notes, "of 3 rows that state their part of the episode, 2 differ") {
		t.Errorf("%q, %q", found, notes)
	}
	// One bill's part is unknown, and so is the stay's.
	if _, found, notes = try(""); len(found) != 0 || !strings.Contains(notes, "all 1 rows") {
		t.Errorf("%q, %q", found, notes)
	}
}

// TestBPCIANegativePart: what the feed states of the two rows is added before it
// is compared: 100.00 - 40.00 is ours.
func TestBPCIANegativePart(t *testing.T) {
	back := strings.NewReplacer("=100.00", "=-40.00", "=95.00", "=-35.00").Replace(officeA)
	for part, want := range map[string]int{"-40.00": 0, "-35.00": 1} {
		_, report, err := load(t, store.BPCIA, write(t, map[string]string{
			"epi_.csv": bpciaSheet(bpciaEpisodes, rowA), "ip_.csv": bpciaSheet(bpciaStays, stayA),
			"pb_.csv": bpciaSheet(bpciaCarrier, officeA+";STD_COST_EPI_TOTAL=100.00", back+";STD_COST_EPI_TOTAL="+part),
		}))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(bpciaFound(report, "carrier", "A006")); got != want {
			t.Errorf("part %s: %d differ", part, got)
		}
	}
}
