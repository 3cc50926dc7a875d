package cclf_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/ingest/cclf"
	"bundlelab/data/pseudonym"
	"bundlelab/data/reference"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// deck writes CCLF files: records of named cells at the positions of a layout.
type deck struct {
	places map[string]map[string][2]int
	rows   map[string][]string
}

// embedded writes at the positions the importer reads.
func embedded(t testing.TB) *deck {
	t.Helper()
	places, err := cclf.Places()
	if err != nil {
		t.Fatal(err)
	}
	places["8"]["BENE_LAST_NAME"] = [2]int{127, 166} // of which the importer knows nothing
	return &deck{places, map[string][]string{}}
}

// official writes at the positions of CMS's layout, or skips the test.
func official(t testing.TB) *deck {
	t.Helper()
	return &deck{sharedPlaces(t), map[string][]string{}}
}

// sharedFile is a file of the shared data, or the test is skipped.
func sharedFile(t testing.TB, path string) string {
	t.Helper()
	root := os.Getenv("BUNDLELAB_SHARED")
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for root == "" && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(filepath.Dir(dir), "shared")
		}
		dir = filepath.Dir(dir)
	}
	full := filepath.Join(root, "data", path)
	if _, err := os.Stat(full); err != nil {
		t.Skipf("shared data not found: %s", path)
	}
	return full
}

func sharedPlaces(t testing.TB) map[string]map[string][2]int {
	t.Helper()
	f, err := os.Open(sharedFile(t, "layouts/cclf_v36_fixed_width_layout.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	places := map[string]map[string][2]int{}
	for _, r := range rows[1:] {
		c := strings.TrimPrefix(r[0], "CCLF")
		from, err1 := strconv.Atoi(r[5])
		to, err2 := strconv.Atoi(r[6])
		if err1 != nil || err2 != nil {
			t.Fatalf("layout row %v", r)
		}
		if places[c] == nil {
			places[c] = map[string][2]int{}
		}
		places[c][r[3]] = [2]int{from, to}
		places[c][""] = [2]int{1, max(to, places[c][""][1])}
	}
	return places
}

// record writes cells such as "CLM_PMT_AMT=12.00" into blanks. Codes stand at
// the left, amounts at the right, as CMS has them.
func (d *deck) record(file string, cells ...string) string {
	line := []byte(strings.Repeat(" ", d.places[file][""][1]))
	for _, c := range cells {
		column, value, ok := strings.Cut(c, "=")
		p, known := d.places[file][column]
		if !ok || !known || len(value) > p[1]-p[0]+1 {
			panic(fmt.Sprintf("CCLF%s has no place for %s", file, c))
		}
		at := p[0] - 1
		if strings.HasSuffix(column, "_AMT") {
			at = p[1] - len(value)
		}
		copy(line[p[0]-1:p[1]], strings.Repeat(" ", p[1]))
		copy(line[at:], value)
	}
	return string(line)
}

func (d *deck) add(file string, cells ...string) {
	d.rows[file] = append(d.rows[file], d.record(file, cells...))
}

// counts adds the control totals of what is there.
func (d *deck) counts() {
	d.rows["0"] = []string{"File Number  |File Description    |Total Records Count |Record Length"}
	for _, c := range slices.Sorted(maps.Keys(d.rows)) {
		if c != "0" {
			d.total(c, len(d.rows[c]))
		}
	}
}

func (d *deck) total(file string, n int) {
	line := fmt.Sprintf("%-13s|%-20s|%20d|%13d", "CCLF"+file, "made up", n, d.places[file][""][1])
	d.rows["0"] = append(d.rows["0"], line)
}

// files names the files as people do.
func (d *deck) files() map[string]string {
	out := map[string]string{}
	for c, rows := range d.rows {
		out["cclf"+strings.ToLower(c)+".txt"] = strings.Join(rows, "\n") + "\n"
	}
	return out
}

// sent names them as CMS does.
func (d *deck) sent(day string) map[string]string {
	out := map[string]string{}
	for c, rows := range d.rows {
		out["P.A1234.ACO.ZC"+c+"Y24.D"+day+".T0100000"] = strings.Join(rows, "\n") + "\n"
	}
	return out
}

func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// memory is a sink that keeps what it is given.
type memory struct {
	episodes []store.Episode
	files    []store.File
	through  calendar.Day
}

func (m *memory) Hospitals([]store.Hospital) error { return nil }
func (m *memory) Episode(e *store.Episode) error {
	c := *e
	c.Services = slices.Clone(e.Services)
	m.episodes = append(m.episodes, c)
	return nil
}
func (m *memory) Prices([]store.PriceRow) error { return nil }
func (m *memory) File(f store.File) error       { m.files = append(m.files, f); return nil }
func (m *memory) DataThrough(d calendar.Day)    { m.through = max(m.through, d) }

func load(t testing.TB, dir string) (*memory, *ingest.Report, error) {
	t.Helper()
	return loadWith(t, dir, nil)
}

func loadWith(t testing.TB, dir string, tables *reference.Set) (*memory, *ingest.Report, error) {
	t.Helper()
	k, err := pseudonym.New(slices.Repeat([]byte{7}, pseudonym.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	m := &memory{}
	report, err := ingest.Import(context.Background(), ingest.Options{Format: store.CCLF, Dir: dir, Key: k, Today: calendar.Date(2026, 11, 21), Reference: tables}, m)
	return m, report, err
}

// found lists the findings of a report as "severity code file line".
func found(r *ingest.Report) (all []string) {
	for _, f := range r.Files {
		for _, p := range f.Problems {
			all = append(all, fmt.Sprintf("%d %s %s %d", p.Severity, p.Code, f.Role, p.Line))
		}
	}
	return all
}

func count(r *ingest.Report, code string) int {
	n := 0
	for _, f := range r.Files {
		for _, p := range f.Problems {
			if p.Code == code {
				n += p.Count
			}
		}
	}
	return n
}

// book is the books of a role.
func book(t testing.TB, r *ingest.Report, role string) store.File {
	t.Helper()
	for _, f := range r.Files {
		if f.Role == role {
			return f
		}
	}
	t.Fatalf("no %s among the files", role)
	return store.File{}
}

// The persons of the fixtures: numbers of the form CMS publishes as examples.
const (
	anna  = "1EG4TE5MK73" // with a knee replacement
	maid  = "2EG4TE5MK71" // Anna's number before
	bertl = "1EG4TE5MK74" // without
)

// head writes a Part A header.
func (d *deck) head(id, person, kind, provider, from, to, drg, status, paid string, more ...string) {
	d.add("1", append([]string{"CUR_CLM_UNIQ_ID=" + id, "BENE_MBI_ID=" + person, "CLM_TYPE_CD=" + kind, "PRVDR_OSCAR_NUM=" + provider, "CLM_BLG_PRVDR_OSCAR_NUM=" + provider,
		"CLM_FROM_DT=" + from, "CLM_THRU_DT=" + to, "DGNS_DRG_CD=" + drg, "BENE_PTNT_STUS_CD=" + status, "CLM_PMT_AMT=" + paid, "CLM_ADJSMT_TYPE_CD=0", "CLM_EFCTV_DT=" + to}, more...)...)
}

// line writes a Part B line.
func (d *deck) line(file, id, number, person, kind, day, hcpcs, place, allowed string, more ...string) {
	d.add(file, append([]string{"CUR_CLM_UNIQ_ID=" + id, "CLM_LINE_NUM=" + number, "BENE_MBI_ID=" + person, "CLM_TYPE_CD=" + kind, "CLM_FROM_DT=" + day, "CLM_THRU_DT=" + day,
		"CLM_LINE_FROM_DT=" + day, "CLM_LINE_THRU_DT=" + day, "CLM_LINE_HCPCS_CD=" + hcpcs, "CLM_POS_CD=" + place, "CLM_LINE_ALOWD_CHRG_AMT=" + allowed,
		"CLM_CARR_PMT_DNL_CD=1", "CLM_PRCSG_IND_CD=A", "CLM_ADJSMT_TYPE_CD=0", "CLM_EFCTV_DT=" + day, "CLM_CNTL_NUM=C" + id}, more...)...)
}

// outpatient writes a line of a Part A claim.
func (d *deck) outpatient(id, number, person, kind, day, hcpcs, paid string) {
	d.add("2", "CUR_CLM_UNIQ_ID="+id, "CLM_LINE_NUM="+number, "BENE_MBI_ID="+person, "CLM_TYPE_CD="+kind, "CLM_FROM_DT="+day, "CLM_THRU_DT="+day,
		"CLM_LINE_INSTNL_REV_CTR_DT="+day, "CLM_LINE_HCPCS_CD="+hcpcs, "CLM_LINE_SRVC_UNIT_QTY=2.0000", "CLM_LINE_CVRD_PD_AMT="+paid)
}

// story is one delivery: Anna's knee replacement with care after it, and
// Bertl's pneumonia.
func (d *deck) story() *deck {
	d.add("9", "CRNT_NUM="+anna, "PRVS_NUM="+maid)
	d.add("8", "BENE_MBI_ID="+anna, "BENE_DOB=1950-03-02", "BENE_SEX_CD=2", "BENE_MDCR_STUS_CD=10", "BENE_DUAL_STUS_CD=02", "BENE_DEATH_DT=9999-12-31", "BENE_ENTLMT_BUYIN_IND=3",
		"BENE_PART_A_ENRLMT_BGN_DT=2015-03-01", "BENE_PART_B_ENRLMT_BGN_DT=2015-04-01", "BENE_LAST_NAME=SURNAME, OF ANNA")
	d.add("8", "BENE_MBI_ID="+bertl, "BENE_DOB=1940-01-01", "BENE_MDCR_STUS_CD=10")
	// The stay was billed under the number before, taken back and billed again.
	d.head("101", maid, "60", "010001", "2024-02-29", "2024-03-04", "0470", "03", "11000.00", "CLM_EFCTV_DT=2024-03-20")
	d.head("102", maid, "60", "010001", "2024-02-29", "2024-03-04", "0470", "03", "11000.00", "CLM_EFCTV_DT=2024-04-01", "CLM_ADJSMT_TYPE_CD=1")
	d.head("103", anna, "60", "010001", "2024-02-29", "2024-03-04", "0470", "03", "12000.00", "CLM_EFCTV_DT=2024-04-01", "CLM_ADJSMT_TYPE_CD=2",
		"CLM_MDCR_IP_PPS_CPTL_IME_AMT=30.00", "CLM_OPRTNL_IME_AMT=500.00", "CLM_MDCR_IP_PPS_DSPRPRTNT_AMT=20.00", "CLM_OPRTNL_DSPRPRTNT_AMT=300.00", "CLM_HIPPS_UNCOMPD_CARE_AMT=150.00",
		"ATNDG_PRVDR_NPI_NUM=1234567890", "PRNCPL_DGNS_CD=M1711", "DGNS_PRCDR_ICD_IND=0")
	d.add("A", "CUR_CLM_UNIQ_ID=103", "CLM_ACTV_CARE_FROM_DT=2024-03-01", "CLM_MDCR_IP_BENE_DDCTBL_AMT=1632.00", "CLM_SQSTRTN_RDCTN_AMT=240.00", "CLM_OPRTNL_OUTLR_AMT=700.00", "CLM_MDCR_NEW_TECH_AMT=72.00")
	d.head("110", anna, "20", "015001", "2024-03-04", "2024-03-19", "", "01", "8000.00")
	d.add("A", "CUR_CLM_UNIQ_ID=110", "CLM_ACTV_CARE_FROM_DT=2024-03-04", "CLM_MDCR_COINSRNC_AMT=100.00")
	d.head("120", anna, "40", "010001", "2024-03-10", "2024-03-10", "", "01", "100.00")
	d.add("A", "CUR_CLM_UNIQ_ID=120", "CLM_ACTV_CARE_FROM_DT=1000-01-01", "CLM_MDCR_DDCTBL_AMT=20.00", "CLM_MDCR_COINSRNC_AMT=5.00")
	d.outpatient("120", "1", anna, "40", "2024-03-10", "97110", "80.00")
	d.outpatient("120", "2", anna, "40", "2024-03-10", "97112", "20.00")
	d.outpatient("103", "1", anna, "60", "2024-03-01", "", "0.00")
	d.head("200", bertl, "60", "010033", "2024-05-01", "2024-05-04", "0194", "01", "6000.00")
	d.add("A", "CUR_CLM_UNIQ_ID=200", "CLM_MDCR_IP_BENE_DDCTBL_AMT=1632.00")
	d.add("4", "CUR_CLM_UNIQ_ID=103", "CLM_VAL_SQNC_NUM=01", "CLM_DGNS_CD=M1711", "DGNS_PRCDR_ICD_IND=0")
	d.add("4", "CUR_CLM_UNIQ_ID=103", "CLM_VAL_SQNC_NUM=02", "CLM_DGNS_CD=E119", "DGNS_PRCDR_ICD_IND=0")
	d.add("3", "CUR_CLM_UNIQ_ID=103", "CLM_VAL_SQNC_NUM=01", "CLM_PRCDR_CD=0SRC0J9", "DGNS_PRCDR_ICD_IND=0")
	d.line("5", "300", "1", anna, "71", "2024-03-01", "27447", "21", "1300.00", "RNDRG_PRVDR_NPI_NUM=1234567890", "CLM_DGNS_1_CD=M1711", "DGNS_PRCDR_ICD_IND=0", "CLM_LINE_SRVC_UNIT_QTY=1.0000")
	d.line("5", "301", "1", anna, "71", "2024-03-12", "99213", "11", "70.00", "CLM_CNTL_NUM=X")
	d.line("5", "302", "1", anna, "71", "2024-03-12", "99213", "11", "70.00", "CLM_CNTL_NUM=X", "CLM_ADJSMT_TYPE_CD=1", "CLM_EFCTV_DT=2024-05-01")
	d.line("5", "303", "1", anna, "71", "2024-03-13", "99213", "11", "75.00", "CLM_PRCSG_IND_CD=C", "CLM_CARR_PMT_DNL_CD=0")
	d.line("5", "304", "1", bertl, "71", "2024-05-02", "99222", "21", "180.00")
	d.line("6", "400", "1", anna, "82", "2024-03-12", "E0143", "12", "55.00", "PAYTO_PRVDR_NPI_NUM=1098765432")
	d.add("7", "CLM_LINE_NDC_CD=00000000001")
	d.add("B", "CUR_CLM_UNIQ_ID=300")
	d.counts()
	return d
}
