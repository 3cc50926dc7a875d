package reference_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bundlelab/data/reference"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
)

const riskHead = "design,period,category,variable,coefficient,source\n"

// factors are made up.
const factors = riskHead + `team,PY1,LEJR,hcc_count_0,0.9,test
team,PY1,LEJR,hcc_count_2,1.1,test
team,PY1,LEJR,hcc_count_4,1.4,test
team,PY1,LEJR,age_under_65,0.95,test
team,PY1,LEJR,age_75_84,1.0333333,test
team,PY1,LEJR,age_85,1.2,test
team,PY1,LEJR,social_need,1.04,test
team,PY1,LEJR,safety_net,1.02,test
team,PY1,LEJR,beds_251_500,1.01,test
team,PY1,LEJR,beds_851,1.03,test
team,PY1,LEJR,prior_pac,1.3,test
team,PY1,LEJR,disability,1.07,test
team,PY1,LEJR,hcc_226,1.5,test
team,PY1,CABG,age_85,1.25,test
team,PY1,FUSION,constant,1.111111111,test
`

func coefficients(t testing.TB, text string) []store.Coefficient {
	t.Helper()
	rows, err := reference.Coefficients(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestMultiplier(t *testing.T) {
	hospitals := []store.Hospital{{CCN: "010001", Beds: 500, SafetyNet: panel.Yes}, {CCN: "010033", Beds: 850}, {CCN: "010044", Beds: 851}}
	set, err := reference.New(nil, nil, coefficients(t, factors), hospitals, "")
	if err != nil {
		t.Fatal(err)
	}
	age := func(n int) *int { return &n }
	facts := func(s string) *string { return &s }
	tests := []struct {
		name string
		e    store.Episode
		want int64
	}{
		// 0.9 x 1.02 x 1.01 = 0.92718: no condition, 65 to 74 is the reference
		{"nothing special", store.Episode{CCN: "010001", Age: age(74), RiskFacts: facts("v28=")}, 927_180},
		// 1.1 x 1.0333333 x 1.04 x 1.3 x 1.07 x 1.5 = 2.46652112...
		{"much", store.Episode{CCN: "010033", Age: age(75), Dual: panel.Yes, PriorPAC: panel.Yes, RiskFacts: facts("v24=1 v28=37,226 disabled=1")}, 2_466_521},
		// five conditions count as four: 1.4 x 1.2 x 1.03 = 1.7304
		{"five conditions", store.Episode{CCN: "010044", Age: age(85), RiskFacts: facts("v28=1,2,3,4,5")}, 1_730_400},
		// hospital unknown: 0.9 x 0.95
		{"young", store.Episode{CCN: "999999", Age: age(64), RiskFacts: facts("v28= disabled=0")}, 855_000},
		{"no age", store.Episode{CCN: "010001", RiskFacts: facts("v28=")}, 0},
		{"conditions not looked for", store.Episode{CCN: "010001", Age: age(70), RiskFacts: facts("")}, 0},
		// A count alone does not say whether category 226 is among them.
		{"a count only", store.Episode{CCN: "010001", Age: age(70), HCC: age(2)}, 0},
		{"the file's own", store.Episode{CCN: "010001", Age: age(74), Risk: 1_234_567}, 1_234_567},
		{"another category", store.Episode{Category: episode.CABG, CCN: "010001", Age: age(90)}, 1_250_000},
		// a typed multiplier asks for nothing
		{"a constant", store.Episode{Category: episode.Fusion, CCN: "010001"}, 1_111_111},
		{"a category without factors", store.Episode{Category: episode.Bowel, CCN: "010001", Age: age(90)}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.e.Category == 0 {
				tt.e.Category = episode.LEJR
			}
			before := tt.e.Risk
			changed := set.Multiply(&tt.e)
			if tt.e.Risk != tt.want || changed != (tt.want != before) {
				t.Errorf("got %d, changed %v, want %d", tt.e.Risk, changed, tt.want)
			}
			if set.Multiply(&tt.e) {
				t.Error("a second time changes again")
			}
		})
	}
}

// TestChoice: of several sets none counts until one is chosen.
func TestChoice(t *testing.T) {
	rows := append(coefficients(t, factors), coefficients(t, riskHead+"team,PY2,,age_85,2,test\n")...)
	for choice, want := range map[string]string{"": "", "team/PY1": "team PY1", "team/PY2": "team PY2", "cjr/PY1": ""} {
		set, err := reference.New(nil, nil, rows, nil, choice)
		if err != nil {
			t.Fatal(err)
		}
		design, period, ok := set.Coefficients()
		if got := strings.TrimSpace(design + " " + period); got != want || ok != (want != "") {
			t.Errorf("choice %q: %q", choice, got)
		}
	}
}

func TestCoefficientFaults(t *testing.T) {
	for name, row := range map[string]string{
		"design": "the team!,PY1,LEJR,age_85,1,x", "period": "team,,LEJR,age_85,1,x", "category": "team,PY1,KNEE,age_85,1,x",
		"variable": "team,PY1,LEJR,hcc_0,1,x", "coefficient": "team,PY1,LEJR,age_85,-1,x",
	} {
		_, err := reference.Coefficients(strings.NewReader(riskHead + row + "\n"))
		var fault *reference.FileError
		if !errors.As(err, &fault) || fault.Line != 2 || fault.Column != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"empty": "", "no rows": riskHead, "columns": "design,period\n",
		"twice":    riskHead + "team,PY1,,age_85,1,x\nteam,PY1,,age_85,2,x\n",
		"percent":  riskHead + "team,PY1,,age_85,5%,x\n",
		"evidence": "design,period,category,variable,coefficient,source,evidence\nteam,PY1,,age_85,1,x,sure\n",
		"version":  "design,period,category,variable,coefficient,source,hcc_version\nteam,PY1,,age_85,1,x,V28\nteam,PY1,,age_65_74,1,x,24\n",
	} {
		var fault *reference.FileError
		if _, err := reference.Coefficients(strings.NewReader(text)); !errors.As(err, &fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFactsReadWhatTheyWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := reference.Facts{HCCs: map[int][]int{}, Disabled: rapid.SampledFrom([]panel.Known{panel.Unknown, panel.No, panel.Yes}).Draw(t, "disabled")}
		for _, v := range []int{24, 28} {
			if rapid.Bool().Draw(t, "looked") {
				f.HCCs[v] = rapid.SliceOfN(rapid.IntRange(1, 500), 0, 5).Draw(t, "categories")
			}
		}
		got, err := reference.ParseFacts(f.String())
		if err != nil || got.String() != f.String() {
			t.Fatalf("%q became %q: %v", f, got, err)
		}
	})
	for _, bad := range []string{"v28", "x=1", "v=1", "disabled=2", "v28=a"} {
		if _, err := reference.ParseFacts(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzCoefficients(f *testing.F) {
	f.Add([]byte(factors))
	f.Add([]byte(riskHead + "team,PY1,,age_85,1e9,x\n"))
	f.Add([]byte("\xef\xbb\xbf" + riskHead))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := reference.Coefficients(bytes.NewReader(data))
		var fault *reference.FileError
		if err != nil && !errors.As(err, &fault) {
			t.Fatalf("an error without a place: %v", err)
		}
		if err == nil {
			if _, err := reference.New(nil, nil, rows, nil, ""); err != nil {
				t.Fatalf("read, but not usable: %v", err)
			}
		}
	})
}

// TestApply fills what is stored as an import would have, and a second time
// changes nothing: the same claims again are unchanged, too.
func TestApply(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	write := func(set *reference.Set) {
		batch, err := db.Begin(ctx, store.BatchInfo{Format: store.RIF, At: time.Unix(0, 0)})
		if err != nil {
			t.Fatal(err)
		}
		for i, key := range []string{"a", "b"} {
			years, empty := 90, ""
			e := &store.Episode{
				Key: key, BeneHash: []byte{byte(i)}, CCN: "010001", Category: episode.CABG, Inpatient: true, Trigger: "236", Cell: "236",
				Start: calendar.Date(2024, 3, 1), End: calendar.Date(2024, 3, 4), StdAnchor: 1, Age: &years, RiskFacts: &empty,
			}
			s := store.Service{Service: episode.Service{Setting: episode.Readmission, Rule: episode.GMLOS, From: 5, To: 9, Amount: 100}, CodeKind: "DRG", Code: []string{"194", "195"}[i], LineKey: "1"}
			irf := s
			irf.Setting, irf.LineKey = episode.IRF, "2"
			e.Services = append(e.Services, s, irf)
			set.Fill(e)
			if err := batch.Episode(e); err != nil {
				t.Fatal(err)
			}
		}
		if err := batch.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	write(nil)
	if err := db.PutDRGs(ctx, []store.DRG{{FY: 2024, Code: "194", GMLOS: 310}}); err != nil {
		t.Fatal(err)
	}
	if err := db.PutCoefficients(ctx, coefficients(t, factors)); err != nil {
		t.Fatal(err)
	}
	set, err := reference.Load(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []reference.Applied{{Episodes: 2, Services: 1, Multipliers: 2}, {Multipliers: 2}} {
		got, err := set.Apply(ctx, db)
		if err != nil || got != want {
			t.Errorf("round %d: %v %+v", i+1, err, got)
		}
	}
	e, _, err := db.Episode(ctx, "a")
	if err != nil || e.Risk != 1_250_000 || e.Services[0].GMLOS != 310 || e.Services[1].GMLOS != 0 {
		t.Errorf("%v %+v", err, e)
	}
	write(set)
	batches, err := db.ListBatches(ctx)
	if err != nil || batches[1].Same != 2 {
		t.Errorf("%v: a second import of the same claims: %+v", err, batches[1].Counts)
	}
	data, err := db.Load(ctx, nil)
	if err != nil || data.Panel.Episodes[0].Risk != 1_250_000 {
		t.Errorf("%v: the projection does not see the multiplier", err)
	}
}
