package reference

import (
	"io"
	"regexp"
	"strconv"
	"strings"

	"bundlelab/data/store"
)

// mapHeader is where the columns of an HCC map stand.
type mapHeader struct {
	year, code int
	versions   []mapVersion
}

// mapVersion is one version of the CMS-HCC model in the map: the column of the
// category, and that of the flag that it is paid for, or -1.
type mapVersion struct{ version, hcc, flag int }

func readMapHeader(r row) (mapHeader, bool) {
	name := regexp.MustCompile(`^cms_hcc_v(\d\d)$`)
	names := columns(r)
	h := mapHeader{year: place(names, "payment_year"), code: place(names, "diagnosis_code")}
	for i, n := range names {
		if m := name.FindStringSubmatch(n); m != nil {
			v, _ := strconv.Atoi(m[1])
			h.versions = append(h.versions, mapVersion{v, i, place(names, n+"_flag")})
		}
	}
	return h, h.year >= 0 && h.code >= 0 && len(h.versions) > 0
}

// HCCMap reads a map of ICD-10-CM diagnoses to CMS-HCC categories: a CSV with
// the columns payment_year, diagnosis_code and, for each version of the model,
// cms_hcc_vNN with cms_hcc_vNN_flag (Yes: a payment category), as Tuva
// publishes it from CMS's tables. Errors are *FileError or of reading.
func HCCMap(in io.Reader) ([]store.HCC, error) {
	rows, err := read(in, func(rows []row) bool {
		if len(rows) == 0 {
			return false
		}
		_, ok := readMapHeader(rows[0])
		return ok
	})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, &FileError{Why: "the file is empty"}
	}
	h, ok := readMapHeader(rows[0])
	if !ok {
		return nil, &FileError{Line: rows[0].line, Why: "the columns payment_year, diagnosis_code and cms_hcc_v24 or cms_hcc_v28 are needed"}
	}
	var all []store.HCC
	seen := map[store.HCC]bool{}
	for _, r := range rows[1:] {
		if all, err = h.add(all, r, seen); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, &FileError{Why: "no diagnosis of the map falls into a payment category"}
	}
	return all, nil
}

// add reads one row; a diagnosis may stand in several.
func (h mapHeader) add(all []store.HCC, r row, seen map[store.HCC]bool) ([]store.HCC, error) {
	if len(r.cells) == 1 && r.cell(0) == "" {
		return all, nil
	}
	year, err := strconv.Atoi(r.cell(h.year))
	if err != nil || year < 2000 || year > 2100 {
		return nil, &FileError{Line: r.line, Column: "payment_year", Why: "a year is needed"}
	}
	code := Diagnosis(r.cell(h.code))
	if code == "" {
		return nil, &FileError{Line: r.line, Column: "diagnosis_code", Why: "an ICD-10-CM code of letters and digits is needed"}
	}
	for _, v := range h.versions {
		s := r.cell(v.hcc)
		if s == "" || v.flag >= 0 && !strings.EqualFold(r.cell(v.flag), "yes") {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 999 {
			return nil, &FileError{Line: r.line, Column: "cms_hcc_v" + strconv.Itoa(v.version), Why: "a category is a number from 1 to 999"}
		}
		x := store.HCC{Year: year, Version: v.version, Diagnosis: code, Category: n}
		if !seen[x] {
			seen[x] = true
			all = append(all, x)
		}
	}
	return all, nil
}

// Diagnosis writes an ICD-10-CM code in capitals without its point; "" when it
// is none.
func Diagnosis(s string) string {
	s = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(s), ".", ""))
	if len(s) < 3 || len(s) > 7 || s[0] < 'A' || s[0] > 'Z' || strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return s
}
