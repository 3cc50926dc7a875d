package ingest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/ingest/group"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
)

// pipes writes rows of named cells as a pipe-delimited file.
func pipes(columns string, rows ...string) string {
	return strings.ReplaceAll(columns, " ", "|") + "\n" + strings.Join(rows, "\n") + "\n"
}

const (
	stayColumns    = "DML_IND BENE_ID CLM_ID NCH_CLM_TYPE_CD CLM_FROM_DT CLM_THRU_DT CLM_ADMSN_DT NCH_BENE_DSCHRG_DT PRVDR_NUM CLM_DRG_CD CLM_PMT_AMT NCH_BENE_IP_DDCTBL_AMT NCH_DRG_OUTLIER_APRVD_PMT_AMT PTNT_DSCHRG_STUS_CD NCH_PRMRY_PYR_CLM_PD_AMT"
	lineColumns    = "BENE_ID CLM_ID NCH_CLM_TYPE_CD CLM_FROM_DT CLM_THRU_DT CARR_CLM_PMT_DNL_CD LINE_NUM LINE_PLACE_OF_SRVC_CD LINE_1ST_EXPNS_DT LINE_LAST_EXPNS_DT HCPCS_CD LINE_ALOWD_CHRG_AMT LINE_PRCSG_IND_CD PRF_PHYSN_NPI"
	revenueColumns = "BENE_ID CLM_ID NCH_CLM_TYPE_CD CLM_FROM_DT CLM_THRU_DT PRVDR_NUM CLM_PMT_AMT NCH_BENE_PTB_DDCTBL_AMT NCH_BENE_PTB_COINSRNC_AMT CLM_LINE_NUM REV_CNTR_DT HCPCS_CD REV_CNTR_PMT_AMT_AMT REV_CNTR_CASH_DDCTBL_AMT REV_CNTR_COINSRNC_WGE_ADJSTD_C REV_CNTR_STUS_IND_CD"
	homeColumns    = "BENE_ID CLM_ID NCH_CLM_TYPE_CD CLM_FROM_DT CLM_THRU_DT PRVDR_NUM CLM_PMT_AMT CLM_HHA_LUPA_IND_CD REV_CNTR REV_CNTR_DT"
)

func TestRIFEpisode(t *testing.T) {
	dir := write(t, map[string]string{
		"inpatient.csv": pipes(stayColumns,
			"INSERT|-7|-100|60|01-Mar-2024|04-Mar-2024|01-MAR-2024|04-mar-2024|010001|470|12000.00|1632|0|6|0",
			"INSERT|-7|-100|60|01-Mar-2024|04-Mar-2024|01-MAR-2024|04-mar-2024|010001|470|12000.00|1632|0|6|0",
			"INSERT|-7|-101|60|20-Mar-2024|25-Mar-2024|20-Mar-2024|25-Mar-2024|010033|194|9000|0|500.5|1|0",
			"INSERT|-7|-102|60|01-Apr-2024|09-Apr-2024|01-Apr-2024|09-Apr-2024|013025|945|20000|0|0|1|0",
			"INSERT|-7|-103|60|20-Apr-2024|22-Apr-2024|20-Apr-2024|22-Apr-2024|010033|180|7000|0|0|1|0",
			"DELETE|-7|-104|60|20-May-2024|22-May-2024|20-May-2024|22-May-2024|010033|180|7000|0|0|1|0",
			"INSERT|-7|-105|60|20-Jul-2024|22-Jul-2024|20-Jul-2024|22-Jul-2024|010033|194|7000|0|0|1|3.00"),
		"snf.csv": pipes("BENE_ID CLM_ID NCH_CLM_TYPE_CD CLM_FROM_DT CLM_THRU_DT PRVDR_NUM CLM_PMT_AMT NCH_BENE_PTA_COINSRNC_LBLTY_AM",
			"-7|-200|20|04-Mar-2024|19-Mar-2024|015001|8000.00|100.00"),
		"hha.csv": pipes(homeColumns,
			"-7|-300|10|26-Mar-2024|30-Mar-2024|017001|300.00|L|0421|26-Mar-2024", "-7|-300|10|26-Mar-2024|30-Mar-2024|017001|300.00|L|0551|30-Mar-2024", "-7|-300|10|26-Mar-2024|30-Mar-2024|017001|300.00|L|0001|01-Jan-1000"),
		"carrier.csv": pipes(lineColumns,
			"-7|-400|71|01-Mar-2024|01-Mar-2024|1|1|21|01-Mar-2024|01-Mar-2024|27447|1300.00|A|1234567890",
			"-7|-401|71|04-Mar-2024|04-Mar-2024|1|1|21|04-Mar-2024|04-Mar-2024|99238|80.00|A|1234567890",
			"-7|-402|71|04-Mar-2024|04-Mar-2024|1|1|11|04-Mar-2024|04-Mar-2024|99213|70.00|A|1234567890",
			"-7|-403|71|21-Apr-2024|21-Apr-2024|1|1|21|21-Apr-2024|21-Apr-2024|99232|60.00|A|1234567890",
			"-7|-404|71|05-Mar-2024|05-Mar-2024|0|1|11|05-Mar-2024|05-Mar-2024|99213|70.00|N|1234567890",
			"-7|-405|71|06-Mar-2024|06-Mar-2024|1|1|11|06-Mar-2024|06-Mar-2024|J7190|500.00|A|",
			"-7|-406|71|26-Feb-2024|26-Feb-2024|1|1|11|26-Feb-2024|26-Feb-2024|99213|1.00|A|",
			"-7|-407|71|27-Feb-2024|27-Feb-2024|1|1|11|27-Feb-2024|27-Feb-2024|99213|2.00|A|",
			"-7|-408|71|31-Aug-2024|31-Aug-2024|1|1|11|31-Aug-2024|31-Aug-2024|99213|3.00|A|",
			"-7|-409|71|01-Sep-2024|01-Sep-2024|1|1|11|01-Sep-2024|01-Sep-2024|99213|4.00|A|"),
		"outpatient.csv": pipes(revenueColumns,
			"-7|-500|40|10-Mar-2024|10-Mar-2024|010001|100|20|5|1|10-Mar-2024|97110|80|20|0|A", "-7|-500|40|10-Mar-2024|10-Mar-2024|010001|100|20|5|2|01-JAN-1000|C1734|20|0|5|H"),
		"dme.csv": pipes(lineColumns, "-7|-600|82|12-Mar-2024|12-Mar-2024|1|1|12|12-Mar-2024|12-Mar-2024|E0143|55.00|A|"),
		"people.csv": "\ufeff" + pipes("BENE_ID BENE_BIRTH_DT BENE_SEX_IDENT_CD BENE_SRNM_NAME RFRNC_YR DEATH_DT MDCR_ENTLMT_BUYIN_2_IND MDCR_ENTLMT_BUYIN_3_IND MDCR_ENTLMT_BUYIN_4_IND HMO_4_IND META_DUAL_ELGBL_STUS_MAR_CD CST_SHR_GRP_MAR_CD",
			"-7|02-Mar-1950|2|Surname|2024||3|C|3|1|2|3"),
		"readme.pdf": "%PDF",
	})
	m, report, err := load(t, store.RIF, dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.episodes) != 1 {
		t.Fatalf("%d episodes: %+v", len(m.episodes), report)
	}
	e := m.episodes[0]
	// 12,000 + 1,632 once, though the claim has two rows.
	if e.StdAnchor != 13632_00 || e.Start.String() != "2024-03-01" || e.End.String() != "2024-03-04" || e.Discharge != "06" {
		t.Errorf("anchor %s %s %s %s", e.StdAnchor, e.Start, e.End, e.Discharge)
	}
	// Born on 2 March 1950: 73 on 1 March 2024. April is in an HMO.
	if *e.Age != 73 || e.Sex != "F" || e.EligEnd.String() != "2024-03-31" || e.Dual != panel.Yes || e.LIS != panel.Yes {
		t.Errorf("age %d sex %s elig %v dual %v lis %v", *e.Age, e.Sex, e.EligEnd, e.Dual, e.LIS)
	}
	var got []string
	for _, s := range e.Services {
		got = append(got, fmt.Sprintf("%s %s %d..%d %s %d", s.Setting, s.Rule, s.From, s.To, s.Amount, s.Excluded))
	}
	want := []string{
		"professional whole -3..-3 1300.00 0",
		"snf days 0..15 8100.00 0",
		"professional always 0..0 80.00 0", // from the hospital on the discharge day: the anchor's
		"professional whole 0..0 70.00 0",
		"partb_drug whole 2..2 500.00 8",
		"outpatient whole 6..6 100.00 0",
		"outpatient whole 6..6 25.00 32", // device pass-through
		"dme whole 8..8 55.00 0",
		"readmission gmlos 16..21 9000.00 0",
		"hha visits 22..26 300.00 0",
		"irf gmlos 28..36 20000.00 0",
		"readmission gmlos 47..49 7000.00 1",  // MS-DRG 180, oncology
		"professional whole 48..48 60.00 256", // inside that stay
		"readmission gmlos 138..140 7000.00 128",
		"professional whole 180..180 3.00 0",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if v := e.Services[9].Visits; len(v) != 2 || v[0] != (episode.Visit{Offset: 22, Count: 1}) || v[1].Offset != 26 {
		t.Errorf("visits %+v", v)
	}
	for _, code := range []string{"A005", "A007", "C003"} {
		if count(report, code) == 0 {
			t.Errorf("no %s", code)
		}
	}
	if text := fmt.Sprintf("%+v %+v", m, report); strings.Contains(text, "Surname") {
		t.Error("a name was kept")
	}
}

// stayRow is one admission.
func stayRow(claimID, from, to, ccn, drg, status string, pay int) string {
	return fmt.Sprintf("INSERT|7|%s|60|%s|%s|%s|%s|%s|%s|%d|0|0|%s|0", claimID, from, to, from, to, ccn, drg, pay, status)
}

func TestAnchors(t *testing.T) {
	type want struct {
		category   episode.Category
		start, end string
		ccn        string
		anchor     int64 // cents
		inpatient  bool
		flags      uint32
	}
	jan := func(d int) string { return fmt.Sprintf("%02d-JAN-2024", d) }
	iso := func(d int) string { return fmt.Sprintf("2024-01-%02d", d) }
	procedure := func(id, day, hcpcs string) string {
		return "7|" + id + "|40|" + day + "|" + day + "|010001|1000|0|0|1|" + day + "|" + hcpcs + "|1000|0|0|J1"
	}
	tests := []struct {
		name    string
		stays   []string
		outside []string
		want    []want
		code    string
	}{
		{name: "transfer on the next day: last MS-DRG and hospital", stays: []string{stayRow("1", jan(1), jan(3), "010001", "482", "02", 100), stayRow("2", jan(4), jan(8), "010033", "480", "01", 200)},
			want: []want{{episode.SHFFT, iso(1), iso(8), "010033", 300_00, true, 0}}},
		{name: "transfer to a stay that is no trigger", stays: []string{stayRow("1", jan(1), jan(3), "010001", "470", "02", 100), stayRow("2", jan(3), jan(8), "010033", "871", "01", 200)}, code: "K003"},
		{name: "same hospital is no transfer", stays: []string{stayRow("1", jan(1), jan(3), "010001", "470", "01", 100), stayRow("2", jan(4), jan(8), "010001", "871", "01", 200)},
			want: []want{{episode.LEJR, iso(1), iso(3), "010001", 100_00, true, 0}}},
		{name: "next bill of one stay", stays: []string{stayRow("1", jan(1), jan(10), "010001", "329", "30", 100), stayRow("2", jan(11), jan(15), "010001", "329", "01", 200)},
			want: []want{{episode.Bowel, iso(1), iso(15), "010001", 300_00, true, 0}}},
		{name: "second inside 90 days", stays: []string{stayRow("1", jan(1), jan(3), "010001", "470", "01", 100), stayRow("2", jan(20), jan(22), "010001", "470", "01", 200)}, code: "K003",
			want: []want{{episode.LEJR, iso(1), iso(3), "010001", 100_00, true, 0}, {episode.LEJR, iso(20), iso(22), "010001", 200_00, true, group.DropOverlap}}},
		{name: "procedure alone", outside: []string{procedure("9", jan(5), "27447")},
			want: []want{{episode.LEJR, iso(5), iso(5), "010001", 1000_00, false, 0}}},
		{name: "procedure three days before the admission", stays: []string{stayRow("1", jan(8), jan(9), "010001", "470", "01", 100)}, outside: []string{procedure("9", jan(5), "27447")},
			want: []want{{episode.LEJR, iso(5), iso(9), "010001", 100_00, true, 0}}},
		{name: "procedure four days before the admission", stays: []string{stayRow("1", jan(9), jan(10), "010001", "470", "01", 100)}, outside: []string{procedure("9", jan(5), "27447")}, code: "K003",
			want: []want{{episode.LEJR, iso(5), iso(5), "010001", 1000_00, false, 0}, {episode.LEJR, iso(9), iso(10), "010001", 100_00, true, group.DropOverlap}}},
		{name: "procedure of another category before the admission", stays: []string{stayRow("1", jan(6), jan(7), "010001", "470", "01", 100)}, outside: []string{procedure("9", jan(5), "22551")}, code: "K003",
			want: []want{{episode.Fusion, iso(5), iso(5), "010001", 1000_00, false, 0}, {episode.LEJR, iso(6), iso(7), "010001", 100_00, true, group.DropOverlap}}},
		{name: "procedure inside a stay", stays: []string{stayRow("1", jan(1), jan(9), "010001", "470", "01", 100)}, outside: []string{procedure("9", jan(5), "22551")}, code: "K003",
			want: []want{{episode.LEJR, iso(1), iso(9), "010001", 100_00, true, 0}}},
		{name: "critical access hospital", stays: []string{stayRow("1", jan(1), jan(3), "011301", "470", "01", 100)}, code: "C001"},
		{name: "MS-DRG of a later year", stays: []string{stayRow("1", jan(1), jan(3), "010001", "402", "01", 100)}},
		{name: "MS-DRG of an earlier year, priced in the nearest cell", stays: []string{stayRow("1", jan(1), jan(3), "010001", "460", "01", 100)},
			want: []want{{episode.Fusion, iso(1), iso(3), "010001", 100_00, true, 0}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"ip.txt": pipes(stayColumns, tt.stays...)}
			if len(tt.outside) > 0 {
				files["op.txt"] = pipes(revenueColumns, tt.outside...)
			}
			m, report, err := load(t, store.RIF, write(t, files))
			if err != nil {
				t.Fatal(err)
			}
			if tt.code != "" && count(report, tt.code) == 0 {
				t.Errorf("no %s", tt.code)
			}
			var got []want
			for _, e := range m.episodes {
				got = append(got, want{e.Category, e.Start.String(), e.End.String(), e.CCN, int64(e.StdAnchor), e.Inpatient, e.DropFlags})
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRIFSecondEpisodeShares(t *testing.T) {
	m, report, err := load(t, store.RIF, write(t, map[string]string{"ip.txt": pipes(stayColumns,
		stayRow("1", "01-JAN-2024", "03-JAN-2024", "010001", "470", "01", 100), stayRow("2", "20-JAN-2024", "22-JAN-2024", "010001", "470", "01", 200))}))
	if err != nil {
		t.Fatal(err)
	}
	// The second stay is care in the first episode and an anchor: 100 + 200 are
	// loaded, the episodes hold 100 + 200 and 200 again.
	if report.Anchor != 300_00 || report.Settings[episode.Readmission].Amount != 200_00 || report.Shared != 200_00 || m.files[0].AmountLoaded != 300_00 {
		t.Errorf("%+v", report)
	}
}

func TestRIFFaults(t *testing.T) {
	fine := make([]string, 0, 300)
	for i := range 300 {
		fine = append(fine, stayRow(fmt.Sprint(1000+i), "01-JAN-2024", "03-JAN-2024", "010001", "470", "01", 100))
	}
	tests := []struct {
		name, code, row string
		rejected        int
	}{
		{"bad date", "D001", stayRow("1", "31-FEB-2024", "03-MAR-2024", "010001", "470", "01", 1), 1},
		{"ends before it starts", "D002", stayRow("1", "05-FEB-2024", "03-FEB-2024", "010001", "470", "01", 1), 1},
		{"bad amount", "A001", strings.Replace(stayRow("1", "01-FEB-2024", "03-FEB-2024", "010001", "470", "01", 1), "|1|0|0|", "|1.234|0|0|", 1), 1},
		{"unknown claim type", "V001", strings.Replace(stayRow("1", "01-FEB-2024", "03-FEB-2024", "010001", "470", "01", 1), "|60|", "|99|", 1), 1},
		{"odd discharge status", "C005", stayRow("1", "01-FEB-2024", "03-FEB-2024", "010001", "470", "99", 1), 0},
		{"row of another width", "F001", "INSERT|7|1", 1},
		{"name in the provider", "P001", stayRow("1", "01-FEB-2024", "03-FEB-2024", "SMITH, JOHN", "470", "01", 1), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, report, err := load(t, store.RIF, write(t, map[string]string{"ip.txt": pipes(stayColumns, append(fine[:300:300], tt.row)...)}))
			if err != nil {
				t.Fatal(err)
			}
			if count(report, tt.code) == 0 || report.Files[0].Rejected != tt.rejected {
				t.Errorf("%d %s, %d rejected: %+v", count(report, tt.code), tt.code, report.Files[0].Rejected, report.Files[0].Problems)
			}
		})
	}
	lines := []string{}
	for i := range 300 {
		lines = append(lines, fmt.Sprintf("7|%d|71|01-MAR-2024|01-MAR-2024|1|1|11|01-MAR-2024|01-MAR-2024|99213|10.00|A|", i))
	}
	_, report, err := load(t, store.RIF, write(t, map[string]string{"c.txt": pipes(lineColumns, append(lines, strings.Replace(lines[0], "10.00", "0.50", 1))...)}))
	if err != nil || count(report, "K001") != 1 || report.Files[0].Rejected != 1 {
		t.Errorf("second line: %v %+v", err, report.Files)
	}
}

func TestRIFRefusals(t *testing.T) {
	tests := []struct {
		name, code string
		files      map[string]string
	}{
		{"no claim file", "F001", map[string]string{"a.txt": "x|y\n1|2\n"}},
		{"columns of a stay missing", "F001", map[string]string{"a.txt": pipes("BENE_ID CLM_ID NCH_CLM_TYPE_CD CLM_FROM_DT", "7|1|60|01-JAN-2024")}},
		{"NUL byte", "F002", map[string]string{"a.txt": pipes(stayColumns, stayRow("1", "01-JAN-2024", "03-JAN-2024", "0100\x0001", "470", "01", 100))}},
		{"everything rejected", "D001", map[string]string{"a.txt": pipes(stayColumns, stayRow("1", "never", "03-JAN-2024", "010001", "470", "01", 100))}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := load(t, store.RIF, write(t, tt.files))
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || refused.Code != tt.code {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPriorCare(t *testing.T) {
	snf := "BENE_ID CLM_ID NCH_CLM_TYPE_CD CLM_FROM_DT CLM_THRU_DT PRVDR_NUM CLM_PMT_AMT"
	tests := []struct {
		name, claim string
		want        panel.Known
	}{
		{"in the 180 days before", "7|2|20|01-OCT-2023|05-OCT-2023|015001|1", panel.Yes},
		{"longer ago", "7|2|20|01-JAN-2023|05-JAN-2023|015001|1", panel.No},
		{"claims that begin with the anchor", "7|2|20|05-JAN-2024|09-JAN-2024|015001|1", panel.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, _, err := load(t, store.RIF, write(t, map[string]string{
				"ip.txt":  pipes(stayColumns, stayRow("1", "01-JAN-2024", "03-JAN-2024", "010001", "470", "01", 100)),
				"snf.txt": pipes(snf, tt.claim),
			}))
			if err != nil || m.episodes[0].PriorPAC != tt.want {
				t.Errorf("%v %+v", err, m.episodes)
			}
			if through := m.through; m.episodes[0].DataThrough != nil || through < calendar.Date(2024, 1, 3) {
				t.Errorf("data through %s", through)
			}
		})
	}
}

// TestRIFStandardized takes the add-ons off a stay (data.md 2.1, row
// "standardized"): 10,000 + 1,000 - 300 - 200 - 100 - 50 - 25 = 10,325. A cell
// that is no amount leaves its part inside.
func TestRIFStandardized(t *testing.T) {
	columns := stayColumns + " IME_OP_CLM_VAL_AMT DSH_OP_CLM_VAL_AMT CLM_UNCOMPD_CARE_PMT_AMT CLM_PPS_CPTL_IME_AMT CLM_PPS_CPTL_DSPRPRTNT_SHR_AMT"
	stay := "INSERT|7|1|60|01-JAN-2024|03-JAN-2024|01-JAN-2024|03-JAN-2024|010001|470|10000|1000|0|01|0"
	for addOns, want := range map[string]int64{"300|200|100|50|25": 10325_00, "||||": 11000_00, "757.55210.61|200|0|0|0": 10800_00, "99999|0|0|0|0": 11000_00} {
		m, report, err := load(t, store.RIF, write(t, map[string]string{"ip.txt": pipes(columns, stay+"|"+addOns)}))
		if err != nil {
			t.Fatal(err)
		}
		e := m.episodes[0]
		if int64(e.StdAnchor) != want || *e.RawAnchor != 11000_00 || !e.NotStd || report.Files[0].AmountLoaded != 11000_00 {
			t.Errorf("%s: %s of %s", addOns, e.StdAnchor, *e.RawAnchor)
		}
	}
	wider := pipes(columns, stay+"|300|200|100|50|25|more")
	m, _, err := load(t, store.RIF, write(t, map[string]string{"ip.txt": wider}))
	if err != nil || m.episodes[0].StdAnchor != 11000_00 {
		t.Errorf("rows wider than the header: %v %+v", err, m.episodes)
	}
}

// TestRIFDiagnoses: a version that contradicts the date is told once per claim
// (C004).
func TestRIFDiagnoses(t *testing.T) {
	columns := stayColumns + " ICD_DGNS_CD1 ICD_DGNS_VRSN_CD1 ICD_DGNS_CD2 ICD_DGNS_VRSN_CD2"
	row := func(id, month, first string) string {
		return "INSERT|7|" + id + "|60|01-" + month + "|03-" + month + "|01-" + month + "|03-" + month + "|010001|470|10000|0|0|01|0|" + first
	}
	_, report, err := load(t, store.RIF, write(t, map[string]string{"ip.txt": pipes(columns,
		row("1", "JAN-2024", "I509|0|4280|9"), row("2", "FEB-2024", "4280|9|4281|9"), row("3", "JAN-2015", "4280|9||"), row("4", "SEP-2015", "I509|0||"), row("5", "OCT-2015", "I509||I10|0"))}))
	if err != nil || count(report, "C004") != 3 {
		t.Errorf("%v, %d C004", err, count(report, "C004"))
	}
}
