package group

import (
	"slices"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/reference"
	"bundlelab/data/store"
)

// conditions counts the condition categories (HCCs) of the 180 days that end on
// the day before the anchor (42 CFR 512.545(a)(1); 180 days is the FY 2026
// rule, secondary). Bills of hospitals and clinicians count, by the day they
// begin; equipment, nursing, home health and hospice bills do not, as in CMS's
// own risk adjustment. Without an imported map, or where the claims do not
// reach back far enough, nothing is known. The diagnoses themselves are not
// kept.
func (p *patient) conditions(e *store.Episode) {
	tables := p.grouper.Run.Reference
	if e.Risk != 0 || !tables.HasHCCs() && p.known == nil {
		return
	}
	var f reference.Facts
	if p.known != nil {
		f.Disabled = p.known.Disabled
	}
	if tables.HasHCCs() && p.first <= e.Start-lookBack {
		f.HCCs = tables.Conditions(p.diagnoses(e), e.Start.Year())
		if found, ok := f.HCCs[tables.CountVersion()]; ok {
			n := len(found)
			e.HCC = &n
		}
	}
	text := f.String()
	e.RiskFacts = &text
}

// diagnoses are the distinct codes of the look-back.
func (p *patient) diagnoses(e *store.Episode) []string {
	var codes []string
	for _, v := range p.events {
		switch v.Kind {
		case claim.Inpatient, claim.Outpatient, claim.Carrier:
		case claim.SNF, claim.HHA, claim.Hospice, claim.DME:
			continue
		}
		if v.From < e.Start-lookBack || v.From >= e.Start {
			continue
		}
		for _, d := range v.Diagnoses {
			if code := reference.Diagnosis(d.Code); d.ICD10 && code != "" {
				codes = append(codes, code)
			}
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
