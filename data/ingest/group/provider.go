package group

import (
	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/trigger"
	"bundlelab/engine/episode"
)

// What feeds with certification numbers and MS-DRGs share: the choices of a
// Grouper for them.

// FindTrigger gives the trigger an event is: a stay by its MS-DRG on the day of
// discharge, an outpatient line by its HCPCS code (ruling 51).
func FindTrigger(table *trigger.Table) func(*claim.Event) (trigger.Trigger, bool) {
	return func(v *claim.Event) (trigger.Trigger, bool) {
		switch v.Kind {
		case claim.Inpatient:
			return table.Find(trigger.DRG, v.DRG, v.To)
		case claim.Outpatient:
			return table.Find(trigger.HCPCS, v.HCPCS, v.From)
		case claim.SNF, claim.HHA, claim.Hospice, claim.Carrier, claim.DME:
		}
		return trigger.Trigger{}, false
	}
}

// Acute says that a provider is a short-term acute hospital under the
// inpatient prospective payment system: only there an episode opens.
func Acute(provider string) bool { return ccn.KindOf(provider) == ccn.ShortTerm }

// exempt says that a provider is an acute hospital outside of that system: a
// critical access, cancer, children's or emergency hospital.
func exempt(provider string) bool {
	k := ccn.KindOf(provider)
	return k == ccn.Critical || k == ccn.OtherAcute
}

// Admission is the setting of a stay by the provider's number.
func Admission(provider string) episode.Setting {
	switch ccn.KindOf(provider) {
	case ccn.ShortTerm:
		return episode.Readmission
	case ccn.Rehab:
		return episode.IRF
	case ccn.LongTerm:
		return episode.LTCH
	case ccn.Skilled, ccn.SwingBed:
		return episode.SNF
	case ccn.Critical, ccn.Psych, ccn.HomeHealth, ccn.OtherAcute, ccn.Unknown:
	}
	return episode.OtherInpatient
}
