package rif

import (
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/record"
	"bundlelab/engine/money"
)

// addOns are what Medicare pays a hospital on top of the price of a stay, and
// standardized amounts leave out: indirect teaching and low-income patients,
// operating and capital, and uncompensated care (data.md 2.1, row
// "standardized").
func addOns() []string {
	return []string{"IME_OP_CLM_VAL_AMT", "DSH_OP_CLM_VAL_AMT", "CLM_UNCOMPD_CARE_PMT_AMT", "CLM_PPS_CPTL_IME_AMT", "CLM_PPS_CPTL_DSPRPRTNT_SHR_AMT"}
}

// standardize approximates the standardized amount of a stay: the allowed
// amount less the add-ons. The wage index stays inside, and the episode stays
// marked as not standardized. A stay without add-ons has none of its own, and
// so has every stay of a file whose rows are wider than its header: there the
// add-ons, which come last, are not where they are called.
func standardize(rows *record.Rows, v *claim.Event) {
	if rows.Drifted() {
		return
	}
	var extra money.Cents
	for _, column := range addOns() {
		s := rows.Text(column)
		if s == "" {
			continue
		}
		amount, err := money.ParseCents(s)
		if err != nil || amount < 0 {
			rows.Warn("A001", column, "not an amount: the stay keeps its add-on payment")
			continue
		}
		extra += amount
	}
	if extra > 0 && extra <= v.Allowed {
		std := v.Allowed - extra
		v.Std = &std
	}
}
