package store

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
)

func TestHospitals(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	full := Hospital{
		CCN: "360001", Name: "One", State: "OH", Division: 3, Beds: 300, SafetyNet: panel.Yes, Rural: panel.No,
		SCH: panel.Yes, MDH: panel.No, EACH: panel.Yes, RRC: panel.No, Teach: panel.Yes,
	}
	rows := []Hospital{
		full,
		{CCN: "360002", State: "PA"},      // the state wins over the CCN's Ohio
		{CCN: "050003"},                   // California by its CCN
		{CCN: "400004", State: "PR"},      // no division in a territory
		{CCN: "560005", Name: "Canadian"}, // prefix 56 is Canada, not California
		{CCN: "360006", Division: 9, State: "OH", Name: "Odd"}, // what is stated stands
	}
	if err := b.Hospitals(rows); err != nil {
		t.Fatal(err)
	}
	put(t, b, plain(7, 100)) // 360007, in no hospital file
	commit(t, b)
	check := func(want ...Hospital) {
		t.Helper()
		if diff := cmp.Diff(want, load(t, s).Panel.Hospitals); diff != "" {
			t.Error(diff)
		}
	}
	two := Hospital{CCN: "360002", State: "PA", Division: 2}
	seven := Hospital{CCN: "360007", Division: 3}
	rest := []Hospital{rows[3], rows[4]}
	check(append([]Hospital{{CCN: "050003", Division: 9}, full, two, rows[5], seven}, rest...)...)
	// Blanks keep what is known; a state overrules the division of the CCN.
	b = begin(t, s, BatchInfo{Format: Native})
	if err := b.Hospitals([]Hospital{{CCN: "360001", Beds: 310, Rural: panel.Yes}, {CCN: "360007", State: "NY", Name: "Seven"}}); err != nil {
		t.Fatal(err)
	}
	commit(t, b)
	full.Beds, full.Rural = 310, panel.Yes
	seven.State, seven.Name, seven.Division = "NY", "Seven", 2
	check(append([]Hospital{{CCN: "050003", Division: 9}, full, two, rows[5], seven}, rest...)...)
}

// shared finds the reference files beside the checkout.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("BUNDLELAB_SHARED")
	for up := ".."; dir == "" && len(up) < 40; up = filepath.Join("..", up) {
		if info, err := os.Stat(filepath.Join(up, "shared")); err == nil && info.IsDir() {
			dir = filepath.Join(up, "shared")
		}
	}
	path := filepath.Join(dir, "data", "reference", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("shared data not found: " + name)
	}
	return path
}

func records(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

func TestDivisionsAgainstTheReferenceFiles(t *testing.T) {
	states := records(t, shared(t, "state_census_division.csv"))
	divided := map[string]bool{}
	for _, r := range states {
		if got := fmt.Sprint(divisionOf(r[0])); got != r[1] {
			t.Errorf("%s: division %s, want %s", r[0], got, r[1])
		}
		divided[r[0]] = true
	}
	codes := records(t, shared(t, "ccn_state_codes.csv"))
	for _, r := range codes {
		want := r[3]
		if !divided[want] || r[2] == "CANADA" {
			want = ""
		}
		if got := stateOfCCN(r[1] + "0001"); got != want {
			t.Errorf("prefix %s: %q, want %q", r[1], got, want)
		}
	}
	if len(states) < 51 || len(codes) < 100 {
		t.Errorf("%d states, %d codes", len(states), len(codes))
	}
	for _, odd := range []string{"", "1", "ZZ0001"} {
		if got := stateOfCCN(odd); got != "" {
			t.Errorf("%q: %q", odd, got)
		}
	}
}

func TestViewsSpeakTheEnginesWords(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Synthetic, Synthetic: true})
	for _, c := range episode.Categories() {
		e := plain(int(c), -1205)
		e.Category, e.Services = c, nil
		for _, set := range episode.Settings() {
			e.Services = append(e.Services, Service{
				Service: episode.Service{Setting: set, Rule: episode.Rule(int(set) % 5), From: -1, To: 3, Amount: -1205},
				LineKey: set.String(), CodeKind: codeKinds()[int(set)%5],
			})
		}
		put(t, b, e)
	}
	commit(t, b)
	rows, err := s.db.Query("SELECT category, setting, rule, from_date, to_date, std_allowed, line_key, code_kind, src_key FROM services ORDER BY ep_id, seq")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = each(rows, func() error {
		var category, setting, rule, from, to, amount, line, kind, key string
		if err := rows.Scan(&category, &setting, &rule, &from, &to, &amount, &line, &kind, &key); err != nil {
			return err
		}
		c, set := episode.Categories()[n/11], episode.Setting(n%11)
		e := plain(int(c), 0)
		got := []string{category, setting, rule, from, to, amount, line, kind, key}
		want := []string{c.String(), set.String(), episode.Rule(int(set) % 5).String(), (e.End - 1).String(), (e.End + 3).String(), "-12.05", set.String(), codeKinds()[int(set)%5], e.Key}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		n++
		return nil
	})
	if err != nil || n != 55 {
		t.Fatal(n, err)
	}
	var key, start, end, through, is, anchor string
	if err := s.db.QueryRow("SELECT src_key, anchor_start, anchor_end, data_through, data_through_is, std_anchor FROM episodes WHERE category = 'LEJR'").Scan(&key, &start, &end, &through, &is, &anchor); err != nil {
		t.Fatal(err)
	}
	// The last service is plain(5)'s, three days after its anchor end.
	e := plain(1, 0)
	want := []string{e.Key, e.Start.String(), e.End.String(), (plain(5, 0).End + 3).String(), "assumed", "-12.05"}
	if diff := cmp.Diff(want, []string{key, start, end, through, is, anchor}); diff != "" {
		t.Error(diff)
	}
	var kind string
	if err := s.db.QueryRow("SELECT kind FROM batches").Scan(&kind); err != nil || kind != "synthetic" {
		t.Error(kind, err)
	}
}

// The names people and programs rely on (cli.md, "The database is an
// interface too").
func TestNormativeNames(t *testing.T) {
	s := newStore(t)
	for _, q := range []string{
		"SELECT ccn FROM hospital",
		"SELECT src_key, category, trigger_code, price_code, anchor_start, anchor_end, std_anchor, raw_anchor, obs_days FROM episode",
		"SELECT ep_id, setting, off_from, off_to, std_cents FROM service",
	} {
		if _, err := s.db.Exec(q); err != nil {
			t.Error(err)
		}
	}
	var app int
	if err := s.db.QueryRow("PRAGMA application_id").Scan(&app); err != nil || app != applicationID {
		t.Error(app, err)
	}
	var columns string
	if err := s.db.QueryRow("SELECT group_concat(c.name) FROM pragma_table_list t, pragma_table_xinfo(t.name) c WHERE t.schema = 'main'").Scan(&columns); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(columns, "birth") || strings.Contains(columns, "bene_id") {
		t.Errorf("identifiers among the columns: %s", columns)
	}
}

// Enough lines for several connections to share the reading.
func TestLoadInParts(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Synthetic})
	const n = 2 * split / 25
	for i := range n {
		e := typical(i)
		if i%7 == 0 {
			e.Services = nil
		}
		put(t, b, e)
	}
	commit(t, b)
	var last, total int
	d, err := s.Load(context.Background(), func(done, of int) {
		if done < last || of < done {
			t.Errorf("progress %d of %d after %d", done, of, last)
		}
		last, total = done, of
	})
	if err != nil {
		t.Fatal(err)
	}
	if last != total || total != d.Info.Services || len(d.Panel.Episodes) != n {
		t.Errorf("progress ended at %d of %d for %d lines", last, total, d.Info.Services)
	}
	for i := range d.Panel.Episodes {
		want := typical(i)
		if i%7 == 0 {
			want.Services = nil
		}
		got := d.Panel.Services(i)
		if got.Len() != len(want.Services) {
			t.Fatalf("episode %d: %d lines, want %d", i, got.Len(), len(want.Services))
		}
		for k := range got.Len() {
			if !cmp.Equal(got.At(k), want.Services[k].Service) {
				t.Fatal(cmp.Diff(want.Services[k].Service, got.At(k)))
			}
		}
	}
}

// People may edit the file with SQLite's shell, where foreign keys are off.
func TestLoadAfterEditsByHand(t *testing.T) {
	ctx := context.Background()
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	for i := range 5 {
		put(t, b, plain(i, 100))
	}
	commit(t, b)
	c, err := s.dial("foreign_keys(OFF)")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"DELETE FROM episode WHERE ep_id IN (0, 2)", "DELETE FROM service WHERE ep_id = 3 AND seq = 0",
		"INSERT INTO service(ep_id,seq,setting,rule,excl,off_from,off_to,gmlos_x100,std_cents,outlier_cents,payer_cents,units,code_kind) VALUES(4,9,0,4,0,0,0,0,5,0,0,0,0)",
	} {
		if err := c.run(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, e := range load(t, s).Panel.Episodes {
		lines = append(lines, int(e.Services))
	}
	if diff := cmp.Diff([]int{2, 1, 2}, lines); diff != "" { // the anchor line is no post-discharge service
		t.Error(diff)
	}
	r, err := s.Doctor(ctx)
	if err != nil || len(r.Problems) != 2 {
		t.Fatalf("%+v %v", r, err)
	}
	for i, want := range []string{"4 rows of service name a row of episode", "1 episodes have gained or lost"} {
		if !strings.Contains(r.Problems[i], want) {
			t.Errorf("%q lacks %q", r.Problems[i], want)
		}
	}
}

func TestDoctor(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	put(t, b, plain(1, 100))
	commit(t, b)
	r, err := s.Doctor(context.Background())
	if err != nil || !r.OK() {
		t.Fatalf("%+v %v", r, err)
	}
	if r.Path != s.Path() || r.Bytes == 0 || r.Mode != fileMode || r.SQLite == "" || r.Schema != 3 || r.Snapshot.Why == "" {
		t.Errorf("%+v", r)
	}
	counts := map[string]int64{}
	for _, c := range r.Tables {
		counts[c.Table] = c.Rows
	}
	want := map[string]int64{"hospital": 1, "episode": 1, "service": 2, "visit": 2, "price": 0, "provider": 1, "person": 1, "import_batch": 1, "drg": 0, "hcc_map": 0, "risk_coefficient": 0, "import_file": 0, "import_error": 0}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error(diff)
	}
}
