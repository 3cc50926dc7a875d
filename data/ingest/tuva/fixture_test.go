package tuva_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"

	"bundlelab/data/ingest"
	"bundlelab/data/pseudonym"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// memory keeps what an import gives.
type memory struct {
	episodes []store.Episode
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
func (m *memory) File(store.File) error         { return nil }
func (m *memory) DataThrough(d calendar.Day)    { m.through = max(m.through, d) }

// load imports files of these names and contents.
func load(t testing.TB, files map[string][]byte) (*memory, *ingest.Report, error) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return loadDir(t, dir)
}

func loadDir(t testing.TB, dir string) (*memory, *ingest.Report, error) {
	t.Helper()
	key, err := pseudonym.New(slices.Repeat([]byte{7}, pseudonym.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	m := &memory{}
	rep, err := ingest.Import(context.Background(), ingest.Options{Format: store.Tuva, Dir: dir, Key: key, Today: calendar.Date(2026, 11, 21)}, m)
	return m, rep, err
}

// claims are the made-up lines of three persons, in few of the model's columns.
// Ann has a hip replaced and all kinds of care after it, Bob a knee outpatient,
// Cleo an office visit.
const claims = `claim_id,claim_line_number,claim_type,person_id,claim_start_date,claim_end_date,claim_line_start_date,claim_line_end_date,admission_date,discharge_date,discharge_disposition_code,place_of_service_code,bill_type_code,drg_code_type,drg_code,hcpcs_code,service_unit_quantity,rendering_npi,facility_npi,paid_amount,allowed_amount,diagnosis_code_type,diagnosis_code_1,diagnosis_code_2,data_source
A1,1,institutional,ann,2025-03-01,2025-03-03,,,2025-03-01,2025-03-03,03,,111,ms-drg,0470,,1,,1111111111,9000.00,10000.00,icd-10-cm,M16.11,E119,made up
A1,2,institutional,ann,2025-03-01,2025-03-03,,,2025-03-01,2025-03-03,03,,111,ms-drg,0470,,1,,1111111111,4000.00,5000.00,icd-10-cm,M16.11,E119,made up
A2,1,institutional,ann,2025-03-03,2025-03-22,,,,,01,,0211,,,,1,,2222222222,8000.00,9000.00,icd-10-cm,,,made up
A3,1,professional,ann,2025-03-01,2025-03-01,2025-03-01,2025-03-01,,,,21,,,,27130,1,3333333333,,1000.00,1200.00,icd-10-cm,M1611,,made up
A3,2,professional,ann,2025-03-01,2025-03-01,2025-03-05,2025-03-05,,,,12,,,,E0143,1,3333333333,,80.00,100.00,icd-10-cm,M1611,,made up
A4,1,institutional,ann,2025-03-25,2025-04-10,,,,,01,,329,,,,1,,4444444444,2500.00,,icd-10-cm,,,made up
A5,1,institutional,ann,2025-04-01,2025-04-01,,,,,01,,131,,,97110,2,,1111111111,120.00,150.00,icd-10-cm,,,made up
B1,1,institutional,bob,2025-05-01,2025-05-01,,,,,01,,131,,,27447,1,,1111111111,9000.00,12000.00,icd-10-cm,M1711,,made up
B1,2,institutional,bob,2025-05-01,2025-05-01,,,,,01,,131,,,A9270,1,,1111111111,0.00,0.00,icd-10-cm,M1711,,made up
B2,1,professional,bob,2025-05-01,2025-05-01,2025-05-01,2025-05-01,,,,22,,,,27447,1,3333333333,,1200.00,1500.00,icd-10-cm,M1711,,made up
C1,1,professional,cleo,2025-08-31,2025-08-31,2025-08-31,2025-08-31,,,,11,,,,99213,1,3333333333,,70.00,90.00,icd-10-cm,I10,,made up
`

const eligibility = `person_id,gender,birth_date,death_date,enrollment_start_date,enrollment_end_date,payer,payer_type,plan,dual_status_code,medicare_status_code,first_name,last_name
ann,female,1950-02-01,,2020-01-01,2025-06-30,medicare,medicare,medicare,2.0,10,Ann,Zebedee
ann,female,1950-02-01,,2025-09-01,2025-12-31,medicare,medicare,medicare,,10,Ann,Zebedee
bob,male,1944-05-02,,2020-01-01,2025-12-31,Some plan,medicare advantage,Some plan,,10,Bob,Yardley
cleo,female,1949-01-01,,2020-01-01,2025-12-31,medicare,medicare,medicare,,10,Cleo,Xavier
`

const hospitals = "npi,ccn\n1111111111,010001\n"

// set is the fixture as CSV.
func set() map[string][]byte {
	return map[string][]byte{"medical_claim.csv": []byte(claims), "eligibility.csv": []byte(eligibility), "npi_ccn.csv": []byte(hospitals)}
}

// with is the fixture with a file changed.
func with(name string, change func(string) string) map[string][]byte {
	s := set()
	s[name] = []byte(change(string(s[name])))
	return s
}

// swap replaces a text in the claims once.
func swap(t testing.TB, old, now string) map[string][]byte {
	t.Helper()
	return with("medical_claim.csv", func(s string) string {
		if !strings.Contains(s, old) {
			t.Fatalf("%q is not in the claims", old)
		}
		return strings.Replace(s, old, now, 1)
	})
}

// more adds lines to the claims.
func more(lines string) map[string][]byte {
	return with("medical_claim.csv", func(s string) string { return s + lines })
}

// toParquet writes a CSV as Parquet, in the types a warehouse would use: dates
// as dates, dollars as doubles, the rest as text; blanks are null.
func toParquet(t testing.TB, text string, options ...pq.WriterOption) []byte {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	group := pq.Group{}
	for _, name := range rows[0] {
		switch {
		case strings.HasSuffix(name, "_date"):
			group[name] = pq.Optional(pq.Date())
		case strings.HasSuffix(name, "_amount"):
			group[name] = pq.Optional(pq.Leaf(pq.DoubleType))
		default:
			group[name] = pq.Optional(pq.Encoded(pq.String(), &pq.RLEDictionary))
		}
	}
	schema := pq.NewSchema("rows", group)
	places := map[string]int{}
	for i, c := range schema.Columns() {
		places[c[0]] = i
	}
	var b bytes.Buffer
	w := pq.NewWriter(&b, append([]pq.WriterOption{schema}, options...)...)
	for _, r := range rows[1:] {
		row := make(pq.Row, len(r))
		for i, cell := range r {
			at := places[rows[0][i]]
			v := pq.NullValue()
			switch name := rows[0][i]; {
			case cell == "":
			case strings.HasSuffix(name, "_date"):
				d, err := calendar.Parse(cell)
				if err != nil {
					t.Fatal(err)
				}
				v = pq.Int32Value(int32(d))
			case strings.HasSuffix(name, "_amount"):
				v = pq.DoubleValue(number(t, cell))
			default:
				v = pq.ByteArrayValue([]byte(cell))
			}
			level := 1
			if cell == "" {
				level = 0
			}
			row[at] = v.Level(0, level, at)
		}
		if _, err := w.WriteRows([]pq.Row{row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
