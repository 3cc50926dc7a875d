// Package exclusion knows which services an episode leaves out because of what
// they are: unrelated admissions, certain drugs, device pass-through (42 CFR
// 512.525(f)). Its lists are those of CMS's public shadow-bundles code, a
// stand-in for TEAM's own, which CMS posts on its site; evidence "assumed".
package exclusion

import (
	_ "embed"
	"strings"

	"bundlelab/engine/episode"
)

//go:embed readmission_drg.txt
var readmissionDRG string

//go:embed mdc_drg.txt
var mdcDRG string

//go:embed partb_drug.txt
var partBDrug string

//go:embed hemophilia.txt
var hemophilia string

//go:embed cardiac_rehab.txt
var cardiacRehab string

// Lists answers for codes.
type Lists struct {
	drg   map[string]episode.Exclusion
	hcpcs map[string]episode.Exclusion
}

// Builtin are the lists that ship with the program.
func Builtin() *Lists {
	l := &Lists{drg: map[string]episode.Exclusion{}, hcpcs: map[string]episode.Exclusion{}}
	mark(l.drg, readmissionDRG, episode.ExcludedDRG)
	mark(l.drg, mdcDRG, episode.ExcludedMDC)
	mark(l.hcpcs, partBDrug, episode.PartBDrugList)
	mark(l.hcpcs, hemophilia, episode.Hemophilia)
	mark(l.hcpcs, cardiacRehab, episode.CardiacRehab)
	return l
}

func mark(into map[string]episode.Exclusion, text string, why episode.Exclusion) {
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, code := range strings.Fields(line) {
			into[code] |= why
		}
	}
}

// DRG is why an admission under an MS-DRG is left out; 0 when it is not.
func (l *Lists) DRG(code string) episode.Exclusion { return l.drg[code] }

// HCPCS is why a Part B line is left out; 0 when it is not.
func (l *Lists) HCPCS(code string) episode.Exclusion { return l.hcpcs[code] }

// Status is why an outpatient line is left out by its OPPS status indicator:
// H is device pass-through.
func (l *Lists) Status(indicator string) episode.Exclusion {
	if indicator == "H" {
		return episode.PassThrough
	}
	return 0
}

// Drug says that a HCPCS code bills a drug: the J codes and every listed one.
func (l *Lists) Drug(code string) bool {
	return strings.HasPrefix(code, "J") || l.hcpcs[code]&(episode.PartBDrugList|episode.Hemophilia) != 0
}
