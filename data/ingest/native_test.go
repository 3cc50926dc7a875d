package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bundlelab/data/ingest"
	"bundlelab/data/ingest/group"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

const (
	episodeHead = "episode_key,bene_key,ccn,category,anchor_type,trigger_code,anchor_start,anchor_end,std_anchor\n"
	serviceHead = "episode_key,line_key,setting,from_date,to_date,std_allowed\n"
	oneEpisode  = "E1,B1,010001,LEJR,IP,470,2025-03-01,2025-03-03,15000.00\n"
	oneService  = "E1,1,snf,2025-03-03,2025-03-22,9000.00\n"
)

// good adds n plain rows, so that one bad row stays under the threshold.
func good(n int) (episodes, services string) {
	var e, s strings.Builder
	for i := range n {
		fmt.Fprintf(&e, "G%d,P%d,010001,LEJR,IP,470,2025-01-01,2025-01-03,10000.00\n", i, i)
		fmt.Fprintf(&s, "G%d,1,hha,2025-01-04,2025-02-02,2000.00\n", i)
	}
	return e.String(), s.String()
}

func TestNativeReadsEveryColumn(t *testing.T) {
	dir := write(t, map[string]string{
		"hospitals.csv": "ccn,name,state,division,bed_size,safety_net,rural,sch,mdh,each,teaching\n010001,\"General, North\",AL,6,300,1,no,TRUE,,0,yes\n",
		"episodes.csv": "raw_anchor,age,sex,hcc_count,dual,lis,cdi,prior_pac,fracture,discharge_status,death_date,elig_end,data_through,attending_npi,operating_npi,ra_multiplier,target_price,cms_episode_total,cms_window_days," + episodeHead +
			"16000.50,71,F,3,1,0,,yes,no,03,2025-05-01,2026-12-31,2025-09-30,1234567890,1234567891,1.1088005,25000.00,24000.00,30," + oneEpisode,
		"services.csv": "raw_allowed,outlier,provider_id,provider_kind,code_kind,code,gmlos,units,visits,lupa,stay_key,exclusion,primary_payer_amount,rule," + serviceHead +
			"9500.00,0.00,015001,CCN,HIPPS,KAQD1,,20,,,S1,,,," + oneService +
			"5000.00,1000.00,010033,CCN,DRG,194,4.25,5,,,S2,0,0.00,gmlos,E1,2,READMISSION,2025-03-20,2025-03-25,5000.00\n" +
			"300.00,,,,,,,2,0:1;6:1,1,,,,,E1,3,hha,2025-03-03,2025-03-10,300.00\n" +
			"70.00,,,,HCPCS,99213,,1,,,,unrelated care,,0,E1,4,professional,2025-03-09,2025-03-09,70.00\n",
		"prices.csv": "cell,division,days,price,kind,period,p99,post_mean,post_sd,episodes,source\n470,6,30,24000.00,preliminary_target,PY1,90000.00,800.00,900.00,1200,made up\n470,6,30,25000.00,,,,,,,\n",
	})
	m, report, err := load(t, store.Native, dir)
	if err != nil {
		t.Fatal(err)
	}
	wantHospital := store.Hospital{CCN: "010001", Name: "General, North", State: "AL", Division: 6, Beds: 300, SafetyNet: panel.Yes, Rural: panel.No, SCH: panel.Yes, EACH: panel.No, Teach: panel.Yes}
	if d := cmp.Diff([]store.Hospital{wantHospital}, m.hospitals); d != "" {
		t.Error(d)
	}
	cents := func(c money.Cents) *money.Cents { return &c }
	day := func(y, mo, d int) *calendar.Day {
		v, _ := calendar.Parse(fmt.Sprintf("%04d-%02d-%02d", y, mo, d))
		return &v
	}
	age, hcc := 71, 3
	want := store.Episode{
		Key: "E1", BeneHash: key(t).Hash("bene", "B1"), CCN: "010001", Category: episode.LEJR, Inpatient: true, Trigger: "470", Cell: "470",
		Start: *day(2025, 3, 1), End: *day(2025, 3, 3), StdAnchor: 15000_00, RawAnchor: cents(16000_50),
		DataThrough: day(2025, 9, 30), EligEnd: day(2026, 12, 31), Death: day(2025, 5, 1), Discharge: "03", Age: &age, Sex: "F", HCC: &hcc,
		Dual: panel.Yes, LIS: panel.No, PriorPAC: panel.Yes, Fracture: panel.No, Attending: "1234567890", Operating: "1234567891",
		Risk:   1_108_801, // 1.1088005 rounds half away (ruling 17)
		Target: cents(25000_00), CMSTotal: cents(24000_00), CMSDays: 30,
		Services: []store.Service{
			{Service: episode.Service{Setting: episode.SNF, Rule: episode.Days, From: 0, To: 19, Amount: 9000_00}, LineKey: "1", Raw: cents(9500_00), Provider: "015001", ProviderKind: "CCN", CodeKind: "HIPPS", Code: "KAQD1", Units: 20, Stay: "S1"},
			{Service: episode.Service{Setting: episode.Readmission, Rule: episode.GMLOS, From: 17, To: 22, GMLOS: 425, Amount: 5000_00, Outlier: 1000_00}, LineKey: "2", Raw: cents(5000_00), Provider: "010033", ProviderKind: "CCN", CodeKind: "DRG", Code: "194", Units: 5, Stay: "S2"},
			{Service: episode.Service{Setting: episode.HHA, Rule: episode.Visits, From: 0, To: 7, Amount: 300_00, Visits: []episode.Visit{{Offset: 0, Count: 1}, {Offset: 6, Count: 1}}}, LineKey: "3", Raw: cents(300_00), Units: 2},
			{Service: episode.Service{Setting: episode.Professional, Rule: episode.Whole, From: 6, To: 6, Amount: 70_00, Excluded: episode.Listed}, LineKey: "4", Raw: cents(70_00), CodeKind: "HCPCS", Code: "99213", Units: 1, Exclusion: "unrelated care"},
		},
	}
	if d := cmp.Diff([]store.Episode{want}, m.episodes); d != "" {
		t.Error(d)
	}
	if len(m.prices) != 2 || m.prices[0].Kind != "preliminary_target" || *m.prices[0].P99 != 90000_00 || m.prices[1].Kind != "benchmark" {
		t.Errorf("prices: %+v", m.prices)
	}
	// 15,000 + 9,000 + 5,000 + 300 = 29,300 at 30 days; the feed says 24,000.
	if count(report, "A006") != 1 {
		t.Error("no A006 for a total that differs")
	}
	if report.MaxDays != 212 { // 3 March to 30 September, both ends: 29+30+31+30+31+31+30
		t.Errorf("MaxDays = %d", report.MaxDays)
	}
}

func TestNativeFindings(t *testing.T) {
	e, s := good(400)
	tests := []struct {
		name, code       string
		episode, service string // one more row each; "" for the plain one
		reject           bool
	}{
		{name: "bad date", code: "D001", episode: "E1,B1,010001,LEJR,IP,470,2025-02-30,2025-03-03,1.00", reject: true},
		{name: "date in the future", code: "D001", service: "E1,1,snf,2026-11-23,2026-11-24,1.00", reject: true},
		{name: "date before 2000", code: "D001", service: "E1,1,snf,1999-12-31,2000-01-02,1.00", reject: true},
		{name: "end before start", code: "D002", service: "E1,1,snf,2025-03-04,2025-03-03,1.00", reject: true},
		{name: "discharge before admission", code: "D002", episode: "E1,B1,010001,LEJR,IP,470,2025-03-04,2025-03-03,1.00", reject: true},
		{name: "outpatient over two days", code: "D002", episode: "E1,B1,010001,LEJR,OP,27447,2025-03-03,2025-03-04,1.00", reject: true},
		{name: "long anchor", code: "D003", episode: "E1,B1,010001,LEJR,IP,470,2025-01-01,2025-03-03,1.00"},
		{name: "service long before", code: "D004", service: "E1,1,outpatient,2025-02-25,2025-02-25,1.00"},
		{name: "service long after", code: "D004", service: "E1,1,outpatient,2025-08-31,2025-08-31,1.00"},
		{name: "second episode key", code: "K001", episode: "G1,B1,010001,LEJR,IP,470,2025-03-01,2025-03-03,1.00", reject: true},
		{name: "second line key", code: "K001", service: "G1,1,snf,2025-01-04,2025-01-05,1.00", reject: true},
		{name: "orphan", code: "K002", service: "E9,1,snf,2025-03-03,2025-03-04,1.00"},
		{name: "hospital number too short", code: "C001", episode: "E1,B1,10001,LEJR,IP,470,2025-03-01,2025-03-03,1.00", reject: true},
		{name: "hospital of no state", code: "C001", episode: "E1,B1,620001,LEJR,IP,470,2025-03-01,2025-03-03,1.00", reject: true},
		{name: "critical access hospital", code: "C001", episode: "E1,B1,011301,LEJR,IP,470,2025-03-01,2025-03-03,1.00"},
		{name: "460 after fiscal 2024", code: "C002", episode: "E1,B1,010001,FUSION,IP,460,2025-03-01,2025-03-03,1.00", reject: true},
		{name: "402 before fiscal 2025", code: "C002", episode: "E1,B1,010001,FUSION,IP,402,2024-09-28,2024-09-30,1.00", reject: true},
		{name: "521 before fiscal 2021", code: "C002", episode: "E1,B1,010001,LEJR,IP,521,2020-09-28,2020-09-30,1.00", reject: true},
		{name: "523 before fiscal 2027", code: "C002", episode: "E1,B1,010001,FUSION,IP,523,2026-09-28,2026-09-30,1.00", reject: true},
		{name: "trigger of another category", code: "C002", episode: "E1,B1,010001,CABG,IP,470,2025-03-01,2025-03-03,1.00", reject: true},
		{name: "procedure of an inpatient anchor", code: "C002", episode: "E1,B1,010001,LEJR,IP,27447,2025-03-03,2025-03-03,1.00", reject: true},
		{name: "no trigger at all", code: "C002", episode: "E1,B1,010001,LEJR,IP,871,2025-03-01,2025-03-03,1.00", reject: true},
		{name: "amount in words", code: "A001", service: "E1,1,snf,2025-03-03,2025-03-04,much", reject: true},
		{name: "three decimals", code: "A001", service: "E1,1,snf,2025-03-03,2025-03-04,1.005", reject: true},
		{name: "over $21 million", code: "A001", service: "E1,1,snf,2025-03-03,2025-03-04,21000000.01", reject: true},
		{name: "no amount", code: "A001", service: "E1,1,snf,2025-03-03,2025-03-04,", reject: true},
		{name: "negative without original", code: "A002", service: "E1,1,snf,2025-03-03,2025-03-04,-1.00", reject: true},
		{name: "negative anchor", code: "A002", episode: "E1,B1,010001,LEJR,IP,470,2025-03-01,2025-03-03,-1.00", reject: true},
		{name: "unknown setting", code: "V001", service: "E1,1,anchor,2025-03-03,2025-03-04,1.00", reject: true},
		{name: "unknown category", code: "V001", episode: "E1,B1,010001,KNEE,IP,470,2025-03-01,2025-03-03,1.00", reject: true},
		{name: "blank person", code: "V001", episode: "E1,,010001,LEJR,IP,470,2025-03-01,2025-03-03,1.00", reject: true},
		{name: "skilled nursing over 100 days", code: "S001", service: "E1,1,snf,2025-03-03,2025-06-11,1.00"},
		{name: "home health over 30 days", code: "S002", service: "E1,1,hha,2025-03-03,2025-04-02,1.00"},
		{name: "row too short", code: "F001", service: "E1,1,snf,2025-03-03,2025-03-04", reject: true},
		{name: "a name for a hospital", code: "P001", episode: "E1,B1,\"SMITH, JOHN\",LEJR,IP,470,2025-03-01,2025-03-03,1.00", reject: true},
		{name: "a number for a trigger", code: "P001", episode: "E1,B1,010001,LEJR,IP,123-45-6789,2025-03-01,2025-03-03,1.00", reject: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ep, sv := oneEpisode, oneService
			if tt.episode != "" {
				ep = tt.episode + "\n"
			}
			if tt.service != "" {
				sv = tt.service + "\n"
			}
			dir := write(t, map[string]string{"episodes.csv": episodeHead + e + ep, "services.csv": serviceHead + s + sv})
			_, report, err := load(t, store.Native, dir)
			if err != nil {
				t.Fatal(err)
			}
			if count(report, tt.code) == 0 {
				t.Errorf("no %s: %+v", tt.code, report.Files)
			}
			rejected := report.Files[0].Rejected + report.Files[1].Rejected
			if rejected != map[bool]int{true: 1}[tt.reject] {
				t.Errorf("%d rows rejected: %+v", rejected, report.Files)
			}
		})
	}
}

func TestNativeServiceFindings(t *testing.T) {
	head := strings.TrimSuffix(serviceHead, "\n") + ",raw_allowed,outlier,provider_id,provider_kind,code,exclusion,primary_payer_amount,gmlos,visits,rule,lupa,units\n"
	_, s := good(300)
	e, _ := good(300)
	pad := strings.ReplaceAll(s, "\n", ",,,,,,,,,,,,\n")
	tests := []struct {
		name, code, cells string
		reject            bool
		check             func(*testing.T, store.Service)
	}{
		{name: "outlier above amount", code: "A001", cells: "10.00,,11.00,,,,,,,,,,", reject: true},
		{name: "raw in place of standardized", code: "A005", cells: ",12.00,,,,,,,,,,,", check: func(t *testing.T, s store.Service) {
			if s.Amount != 12_00 {
				t.Errorf("amount %s", s.Amount)
			}
		}},
		{name: "another payer", code: "A007", cells: "10.00,,,,,,,5.00,,,,,", check: func(t *testing.T, s store.Service) {
			if s.Excluded != episode.Payer || s.PrimaryPayer != 5_00 {
				t.Errorf("%+v", s)
			}
		}},
		{name: "rehabilitation hospital as SNF", code: "S003", cells: "10.00,,,013025,CCN,,,,,,,,"},
		{name: "GMLOS rule without GMLOS", code: "C003", cells: "10.00,,,,,,,,,,2,,"},
		{name: "LUPA without visits", code: "C003", cells: "10.00,,,,,,,,,,visits,,"},
		{name: "GMLOS of three decimals", code: "V001", cells: "10.00,,,,,,,,1.234,,,,", reject: true},
		{name: "visits in words", code: "V001", cells: "10.00,,,,,,,,,often,,,", reject: true},
		{name: "rule out of range", code: "V001", cells: "10.00,,,,,,,,,,5,,", reject: true},
		{name: "lupa in words", code: "V001", cells: "10.00,,,,,,,,,,,maybe,", reject: true},
		{name: "name in the code", code: "P001", cells: "10.00,,,,,Garcia,,,,,,,", reject: true},
		{name: "provider by a word of capitals", cells: "10.00,,,SNF-A,,,,,,,,,"},
		{name: "number in the exclusion", code: "P001", cells: "10.00,,,,,,see 1EG4-TE5-MK73,,,,,,", reject: true},
		{name: "nine digits without a kind", code: "P001", cells: "10.00,,,123456789,,,,,,,,,", reject: true},
		{name: "nine digits of a tax number", cells: "10.00,,,123456789,TIN,,,,,,,,"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := write(t, map[string]string{
				"episodes.csv": episodeHead + e + oneEpisode,
				"services.csv": head + pad + "E1,1,snf,2025-03-03,2025-03-05," + tt.cells + "\n",
			})
			m, report, err := load(t, store.Native, dir)
			if err != nil {
				t.Fatal(err)
			}
			if tt.code != "" && count(report, tt.code) == 0 {
				t.Errorf("no %s: %+v", tt.code, report.Files)
			}
			if got := report.Files[1].Rejected == 1; got != tt.reject {
				t.Fatalf("rejected = %v: %+v", got, report.Files[1])
			}
			if tt.check != nil {
				tt.check(t, m.episodes[len(m.episodes)-1].Services[0])
			}
		})
	}
}

func TestNativeOrderOfServicesDoesNotMatter(t *testing.T) {
	e, s := good(30)
	lines := strings.SplitAfter(strings.TrimSuffix(s, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	back := ""
	for _, l := range lines {
		back = l + back
	}
	a, _, err := load(t, store.Native, write(t, map[string]string{"episodes.csv": episodeHead + e, "services.csv": serviceHead + s}))
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := load(t, store.Native, write(t, map[string]string{"episodes.csv": episodeHead + e, "services.csv": serviceHead + back}))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(a.episodes, b.episodes); d != "" {
		t.Error(d)
	}
}

func TestNativeReversal(t *testing.T) {
	// 9,000 - 9,000 beside the original leaves nothing; the third row has no
	// original left. Its -9,000 is far above 0.1% of the dollars: refused.
	pair := oneService + "E1,2,snf,2025-03-03,2025-03-22,-9000.00\n"
	m, report, err := load(t, store.Native, write(t, map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + pair}))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.episodes[0].Services) != 2 || report.Settings[episode.SNF].Amount != 0 {
		t.Errorf("%+v", report.Settings)
	}
	_, _, err = load(t, store.Native, write(t, map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + pair + "E1,3,snf,2025-03-03,2025-03-22,-9000.00\n"}))
	var refused *ingest.RefusedError
	if !errors.As(err, &refused) || refused.Code != "A002" {
		t.Errorf("got %v", err)
	}
}

func TestNativeImportedBefore(t *testing.T) {
	dir := write(t, map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService})
	m := &memory{}
	o := ingest.Options{Format: store.Native, Dir: dir, Key: key(t), Today: today(), Seen: func([]byte) (bool, error) { return true, nil }}
	report, err := ingest.Import(context.Background(), o, m)
	if err != nil || !report.Unchanged || count(report, "F003") != 2 || len(m.episodes)+len(m.files) != 0 {
		t.Errorf("%v %+v %+v", err, report, m)
	}
	// One new file reads both again.
	n := 0
	o.Seen = func([]byte) (bool, error) { n++; return n == 1, nil }
	report, err = ingest.Import(context.Background(), o, m)
	if err != nil || report.Unchanged || len(m.episodes) != 1 {
		t.Errorf("%v %+v", err, report)
	}
}

func TestNativeDryRun(t *testing.T) {
	dir := write(t, map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService})
	m := &memory{}
	report, err := ingest.Import(context.Background(), ingest.Options{Format: store.Native, Dir: dir, Key: key(t), Today: today(), DryRun: true}, m)
	if err != nil || report.Episodes != 1 || len(m.episodes)+len(m.hospitals)+len(m.files) != 0 {
		t.Errorf("%v %+v", err, m)
	}
}

func TestNoIdentifierLeavesTheFiles(t *testing.T) {
	const person, number = "PATIENT-0042", "1EG4-TE5-MK73"
	e, s := good(300)
	dir := write(t, map[string]string{
		"episodes.csv": episodeHead + e + strings.Replace(strings.Replace(oneEpisode, "B1", person, 1), "E1", "X"+person+"-1", 1) +
			"E2," + number + ",010001,LEJR,IP,470," + number + ",2025-03-03,1.00\n",
		"services.csv": serviceHead + s + strings.Replace(oneService, "E1,1", "X"+person+"-1,"+number, 1),
	})
	m, report, err := load(t, store.Native, dir)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%+v %+v %+v", m.episodes, m.files, report)
	for _, secret := range []string{person, number, "1EG4"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s left the files", secret)
		}
	}
	last := m.episodes[len(m.episodes)-1]
	if !strings.HasPrefix(last.Key, "episode-") || !strings.HasPrefix(last.Services[0].LineKey, "line-") {
		t.Errorf("keys %s, %s", last.Key, last.Services[0].LineKey)
	}
}

func TestPricesAlone(t *testing.T) {
	dir := write(t, map[string]string{"p.csv": "cell,division,days,price\n" + strings.Repeat("470,6,30,24000.00\n", 1)})
	m := &memory{}
	report, err := ingest.ImportPrices(context.Background(), ingest.Options{Dir: filepath.Join(dir, "p.csv"), Key: key(t), Today: today()}, m)
	if err != nil || len(m.prices) != 1 || report.Prices != 1 || !slices.Equal(report.Notes, []string{"prices of kind benchmark for 30 days: 1, no period: they serve every period"}) {
		t.Errorf("%v %+v", err, report)
	}
	if err := os.WriteFile(filepath.Join(dir, "p.csv"), []byte("cell,division,days,price\n470,6,30,24000.00\n470,6,30,1.00\n470,10,30,1.00\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err = ingest.ImportPrices(context.Background(), ingest.Options{Dir: filepath.Join(dir, "p.csv"), Key: key(t), Today: today()}, m)
	var refused *ingest.RefusedError
	if !errors.As(err, &refused) || count(report, "K001") != 1 || count(report, "V001") != 1 {
		t.Errorf("%v %+v", err, report)
	}
}

func TestLongAnchorIsFlagged(t *testing.T) {
	m, _, err := load(t, store.Native, write(t, map[string]string{
		"episodes.csv": episodeHead + strings.Replace(oneEpisode, "2025-03-01", "2025-01-01", 1), "services.csv": serviceHead + oneService,
	}))
	if err != nil || m.episodes[0].DropFlags != group.DropLongStay {
		t.Errorf("%v %+v", err, m.episodes)
	}
}
