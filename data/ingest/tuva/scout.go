package tuva

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/table"
	"bundlelab/data/ingest/trigger"
)

// scout goes through the claims a first time and marks the persons with a
// trigger, on whatever day. What is wrong with a file the second reading says.
func (im *importer) scout(ctx context.Context, f file) (err error) {
	im.run.Again(f.Source)
	r, err := f.open([]string{"claim_type", "person_id", "patient_id", "bill_type_code", "drg_code", "ms_drg_code", "drg_code_type", "hcpcs_code", "place_of_service_code"})
	if err != nil {
		return onlyFailed(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	place := func(names ...string) int {
		return max(-1, slices.Max(append([]int{-1}, places(r, names)...)))
	}
	person, kind, bill := place("person_id", "patient_id"), place("claim_type"), place("bill_type_code")
	drg, system, hcpcs, pos := place("drg_code", "ms_drg_code"), place("drg_code_type"), place("hcpcs_code"), place("place_of_service_code")
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row, err := r.Next()
		if err != nil {
			return onlyFailed(err)
		}
		cell := func(i int) string {
			if i < 0 || i >= len(row.Fields) {
				return ""
			}
			return strings.TrimSpace(row.Fields[i])
		}
		code := strings.ToUpper(cell(hcpcs))
		k, _ := kindOf(cell(kind), cell(bill), cell(pos), code)
		opens := k == claim.Inpatient && msDRG(cell(system)) && im.run.Triggers.Ever(trigger.DRG, trigger.NormalDRG(cell(drg))) ||
			k == claim.Outpatient && im.run.Triggers.Ever(trigger.HCPCS, code)
		if id := cell(person); opens && id != "" && !im.near[id] {
			im.near[strings.Clone(id)] = true
		}
	}
}

func places(r *table.Reader, names []string) []int {
	all := make([]int, len(names))
	for i, n := range names {
		all[i] = r.Column(n)
	}
	return all
}

// onlyFailed drops what is about the file's content.
func onlyFailed(err error) error {
	var bad *table.BadFileError
	if errors.Is(err, io.EOF) || errors.As(err, &bad) {
		return nil
	}
	return err
}

// msDRG says that a system of DRGs is Medicare's; blank is.
func msDRG(system string) bool { return system == "" || fold(system) == "msdrg" }

// kindOf is the sort of bill that a line is of: institutional ones by the first
// two digits of the bill type (NUBC), after the zero that some write before it.
func kindOf(claimType, bill, place, hcpcs string) (claim.Kind, bool) {
	switch strings.ToLower(claimType) {
	case "institutional":
		return institutional(bill)
	case "professional":
		return professional(hcpcs), true
	}
	switch {
	case bill != "":
		return institutional(bill)
	case place != "":
		return professional(hcpcs), true
	}
	return 0, false
}

func institutional(bill string) (claim.Kind, bool) {
	bill = strings.TrimLeft(bill, "0")
	if len(bill) < 2 {
		return 0, false
	}
	switch bill[:2] {
	case "11", "41":
		return claim.Inpatient, true
	case "18", "21", "28":
		return claim.SNF, true
	case "32", "33":
		return claim.HHA, true
	case "81", "82":
		return claim.Hospice, true
	}
	return claim.Outpatient, bill[0] >= '1' && bill[0] <= '8'
}

func professional(hcpcs string) claim.Kind {
	if hcpcs == "" {
		return claim.Carrier
	}
	switch c := hcpcs[0]; {
	case c == 'B', c == 'E', c == 'K', c == 'L', c == 'A' && len(hcpcs) > 1 && hcpcs[1] >= '4' && hcpcs[1] <= '8':
		return claim.DME
	}
	return claim.Carrier
}
