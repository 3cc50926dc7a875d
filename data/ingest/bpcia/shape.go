package bpcia

import (
	_ "embed"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/profile"
)

//go:embed bpcia.toml
var shipped []byte

// Shipped is the mapping profile of BPCI Advanced that ships.
func Shipped() []byte { return shipped }

// The kinds of files beside those of claims, which are named as claim.Kind is.
const (
	episodeFile   = "episodes"
	componentFile = "components"
	peerFile      = "peer_groups"
	winsorFile    = "winsor"
)

// Shape is what can be mapped of a feed of ready-made episodes, whatever
// format it is.
func Shape(format string) profile.Shape {
	kinds := []profile.Kind{
		{
			Name:     episodeFile,
			Required: []string{"episode", "category", "trigger", "ccn", "anchor_start", "anchor_end"},
			Optional: append([]string{
				"mbi", "bene", "sex", "age", "birth_date", "death_date", "elig_end", "anchor_type", "anchor_stay", "anchor_claim", "anchor_line",
				"attending", "operating", "post_end", "std_anchor", "raw_anchor", "transfer", "total", "fracture", "dual", "lis", "cdi",
				"prior_pac", "hcc", "hcc_count", "discharge_status", "risk_multiplier", "target_price", "data_through",
			}, dropFields()...),
		},
		{
			Name:     claim.Inpatient.String(),
			Required: []string{"episode", "stay", "provider", "drg", "from_date", "to_date"},
			Optional: []string{"part", "admission", "discharge", "std", "raw", "outlier", "payer", "status", "attending", "operating"},
		},
		byLine(claim.Outpatient, "provider", "indicator", "payer_2"),
		byLine(claim.Carrier, "npi", "place", "line_end"),
		byLine(claim.DME, "npi", "line_end"),
		byClaim(claim.SNF),
		byClaim(claim.HHA, "lupa", "visit_revenue", "visit_date"),
		byClaim(claim.Hospice),
		{
			Name:     componentFile,
			Required: []string{"initiator", "kind", "ccn", "category"},
			Optional: []string{
				"convener", "period", "associated", "type", "episodes", "over_40", "spend", "efficiency", "sbs", "pcma", "pat", "hbp",
				"group_efficiency", "group_offset", "group_adjusted", "group_pcma", "case_mix", "benchmark", "target", "payment_ratio", "real_target",
			},
		},
		{Name: peerFile, Required: []string{"ccn"}, Optional: []string{"academic", "urban_rural", "safety_net", "bed_size", "census"}},
		{Name: winsorFile, Required: []string{"category", "code", "low", "high"}},
		{Name: "reconciliation"},
		{Name: "true_up"},
	}
	return profile.Shape{Format: format, Kinds: kinds}
}

// byLine are the fields of a file with a row for each billed line.
func byLine(k claim.Kind, more ...string) profile.Kind {
	return profile.Kind{
		Name:     k.String(),
		Required: []string{"episode", "claim", "line", "hcpcs", "from_date"},
		Optional: append([]string{"part", "std", "raw", "to_date", "line_date", "payer", "units"}, more...),
	}
}

// byClaim are the fields of a file with a row for each claim.
func byClaim(k claim.Kind, more ...string) profile.Kind {
	return profile.Kind{
		Name:     k.String(),
		Required: []string{"episode", "claim", "from_date", "to_date"},
		Optional: append([]string{"segment", "part", "std", "raw", "provider", "payer"}, more...),
	}
}

// kindOf is the kind of bill that a kind of file holds.
func kindOf(title string) (claim.Kind, bool) {
	for k := claim.Inpatient; k <= claim.DME; k++ {
		if k.String() == title {
			return k, true
		}
	}
	return 0, false
}
