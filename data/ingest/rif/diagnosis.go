package rif

import (
	"fmt"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/record"
	"bundlelab/data/reference"
)

// diagnosisColumns are the columns of a file that hold diagnoses, with those
// that say of which ICD they are; "" where the file has none.
func diagnosisColumns(rows *record.Rows) [][2]string {
	names := [][2]string{{"PRNCPAL_DGNS_CD", "PRNCPAL_DGNS_VRSN_CD"}}
	for n := 1; n <= 25; n++ {
		names = append(names, [2]string{fmt.Sprintf("ICD_DGNS_CD%d", n), fmt.Sprintf("ICD_DGNS_VRSN_CD%d", n)})
	}
	var have [][2]string
	for _, c := range names {
		if !rows.Has(c[0]) {
			continue
		}
		if !rows.Has(c[1]) {
			c[1] = ""
		}
		have = append(have, c)
	}
	return have
}

// diagnoses reads the codes of a claim. The file's own word on the version
// counts; where it contradicts the date of the bill that is told once (C004).
func (r *reading) diagnoses(v *claim.Event) {
	late, told := v.To >= claim.ICD10Start(), false
	for _, c := range r.codes {
		code := r.rows.Text(c[0])
		if code == "" {
			continue
		}
		icd10 := late
		if c[1] != "" {
			switch r.rows.Text(c[1]) {
			case "0":
				icd10 = true
			case "9":
				icd10 = false
			}
		}
		if icd10 != late && !told {
			told = true
			r.rows.Warn("C004", c[1], claim.OtherICD)
		}
		if icd10 {
			code = reference.Diagnosis(code)
		}
		if code != "" {
			v.Diagnoses = append(v.Diagnoses, claim.Diagnosis{Code: code, ICD10: icd10})
		}
	}
}
