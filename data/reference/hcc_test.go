package reference_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bundlelab/data/reference"
	"bundlelab/data/store"
)

const mapHead = "payment_year,diagnosis_code,cms_hcc_v24,cms_hcc_v24_flag,cms_hcc_v28,cms_hcc_v28_flag\n"

func TestHCCMap(t *testing.T) {
	got, err := reference.HCCMap(strings.NewReader(mapHead + "2025,i50.9,85,Yes,226,Yes\n2025,I509,85,Yes,,\n2025,E1122,18,Yes,37,No\n2026,Z000,,No,--,--\n"))
	want := []store.HCC{{Year: 2025, Version: 24, Diagnosis: "I509", Category: 85}, {Year: 2025, Version: 28, Diagnosis: "I509", Category: 226}, {Year: 2025, Version: 24, Diagnosis: "E1122", Category: 18}}
	if err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v %s", err, cmp.Diff(want, got))
	}
	for name, text := range map[string]string{
		"no columns": "a,b\n", "empty": "", "year": mapHead + "soon,I509,85,Yes,,\n", "code": mapHead + "2025,12,85,Yes,,\n",
		"category": mapHead + "2025,I509,many,Yes,,\n", "nothing": mapHead + "2025,I509,,No,,\n",
	} {
		var fault *reference.FileError
		if _, err := reference.HCCMap(strings.NewReader(text)); !errors.As(err, &fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPublicMap reads the map of Tuva's repository: 101,294 rows, in whose V28
// every year from 2024 on has about 8,000 diagnoses.
func TestPublicMap(t *testing.T) {
	root := os.Getenv("BUNDLELAB_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	in, err := os.Open(filepath.Join(root, "data", "reference", "tuva_cms_hcc_icd10_v24_v28_2019_2026.csv.gz"))
	if err != nil {
		t.Skipf("shared data not found: %v", err)
	}
	defer func() { _ = in.Close() }()
	rows, err := reference.HCCMap(in)
	if err != nil {
		t.Fatal(err)
	}
	set, err := reference.New(nil, rows, nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	// Heart failure: V24 category 85, V28 category 226; chronic kidney disease
	// of a diabetic: 18 and 37.
	got := set.Conditions([]string{"I509", "E1122"}, 2026)
	if d := cmp.Diff(map[int][]int{24: {18, 85}, 28: {37, 226}}, got); d != "" {
		t.Error(d)
	}
	// Before V28 was paid, its nearest year stands in.
	if got := set.Conditions([]string{"I509"}, 2023); len(got[28]) != 1 {
		t.Errorf("%v", got)
	}
}

func FuzzHCCMap(f *testing.F) {
	f.Add([]byte(mapHead + "2025,I509,85,Yes,226,Yes\n"))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Add([]byte(mapHead + "2025,\"I50\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := reference.HCCMap(bytes.NewReader(data))
		var fault *reference.FileError
		if err != nil && !errors.As(err, &fault) {
			t.Fatalf("an error without a place: %v", err)
		}
		for _, r := range rows {
			if reference.Diagnosis(r.Diagnosis) != r.Diagnosis || r.Category < 1 || r.Year < 2000 {
				t.Fatalf("%+v", r)
			}
		}
	})
}
