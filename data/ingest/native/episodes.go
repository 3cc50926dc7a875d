package native

import (
	"fmt"
	"strings"

	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
)

// longestStay is the anchor stay past which a person should look (D003).
const longestStay = 60

// episode reads a row of episodes.csv, and the file's key of its person.
func (im *importer) episode(rows *record.Rows) (*store.Episode, string) {
	bene := rows.Required("bene_key")
	e := &store.Episode{
		Key:       im.key(rows, "episode", rows.Required("episode_key"), bene),
		BeneHash:  im.run.Key.Hash("bene", bene),
		CCN:       record.Hospital(rows, "ccn"),
		Start:     rows.NeedDay("anchor_start"),
		End:       rows.NeedDay("anchor_end"),
		RawAnchor: rows.OptionalCents("raw_anchor"),
		HCC:       rows.Int("hcc_count", 0, 200),
		Age:       rows.Int("age", 0, 130),
		Dual:      rows.Known("dual"), LIS: rows.Known("lis"), CDI: rows.Known("cdi"),
		PriorPAC: rows.Known("prior_pac"), Fracture: rows.Known("fracture"),
		Target: rows.OptionalCents("target_price"), CMSTotal: rows.OptionalCents("cms_episode_total"),
	}
	anchorAmount(rows, e)
	anchorKind(rows, e)
	if !rows.Bad() {
		anchorDates(rows, e)
	}
	if !rows.Bad() {
		im.anchorTrigger(rows, e)
	}
	person(rows, e)
	follow(rows, e)
	return e, bene
}

// anchorAmount reads std_anchor; where it is blank the raw amount stands in
// and the episode says so (A005).
func anchorAmount(rows *record.Rows, e *store.Episode) {
	if std := rows.OptionalCents("std_anchor"); std != nil {
		e.StdAnchor = *std
		return
	}
	switch {
	case rows.Text("std_anchor") != "":
	case e.RawAnchor == nil:
		rows.Reject("A001", "std_anchor", "the amount is missing, and raw_anchor too")
	default:
		e.StdAnchor, e.NotStd = *e.RawAnchor, true
		rows.Warn("A005", "std_anchor", "the standardized amount is missing: the raw amount is used")
	}
}

func anchorKind(rows *record.Rows, e *store.Episode) {
	var err error
	if e.Category, err = episode.ParseCategory(strings.ToUpper(rows.Text("category"))); err != nil {
		rows.Reject("V001", "category", "a category is LEJR, SHFFT, CABG, FUSION or BOWEL")
	}
	switch strings.ToUpper(rows.Text("anchor_type")) {
	case "IP":
		e.Inpatient = true
	case "OP":
	default:
		rows.Reject("V001", "anchor_type", "an anchor is IP or OP")
	}
}

func anchorDates(rows *record.Rows, e *store.Episode) {
	switch {
	case e.End < e.Start:
		rows.Reject("D002", "anchor_end", "the anchor ends before it starts")
	case !e.Inpatient && e.End != e.Start:
		rows.Reject("D002", "anchor_end", "an outpatient anchor starts and ends on one day")
	case e.End-e.Start > longestStay:
		e.DropFlags |= group.DropLongStay
	}
}

// anchorTrigger finds the code among the triggers of the day the anchor ends
// (ruling 51; C002).
func (im *importer) anchorTrigger(rows *record.Rows, e *store.Episode) {
	code := strings.ToUpper(rows.Code("trigger_code", false))
	kind := trigger.HCPCS
	if e.Inpatient {
		kind, code = trigger.DRG, trigger.NormalDRG(code)
	}
	if rows.Bad() {
		return
	}
	g, ok := im.run.Triggers.Find(kind, code, e.End)
	switch {
	case ok && g.Category == e.Category:
		e.Trigger, e.Cell = code, g.Cell
	case ok:
		rows.Reject("C002", "trigger_code", fmt.Sprintf("the code belongs to %s, the row says %s", g.Category, e.Category))
	case im.run.Triggers.Ever(kind, code):
		rows.Reject("C002", "trigger_code", fmt.Sprintf("the code opens no episode in fiscal year %d", e.End.FiscalYear()))
	default:
		rows.Reject("C002", "trigger_code", "the code opens no TEAM episode with this anchor type")
	}
}

// person reads what is known of the patient and the surgeon.
func person(rows *record.Rows, e *store.Episode) {
	switch strings.ToUpper(rows.Text("sex")) {
	case "":
	case "M", "1":
		e.Sex = "M"
	case "F", "2":
		e.Sex = "F"
	default:
		rows.Reject("V001", "sex", "sex is M or F")
	}
	e.Discharge = record.DischargeStatus(rows, "discharge_status")
	e.Attending, e.Operating = record.NPI(rows, "attending_npi"), record.NPI(rows, "operating_npi")
	if s := rows.Text("ra_multiplier"); s != "" {
		var err error
		if e.Risk, err = field.Millionths(s); err != nil {
			rows.Reject("A001", "ra_multiplier", "the multiplier is a positive decimal number up to 100")
		}
	}
	if n := rows.Int("cms_window_days", 1, longest); n != nil {
		e.CMSDays = *n
	}
}

// follow reads the dates after the anchor.
func follow(rows *record.Rows, e *store.Episode) {
	if d, ok := rows.Day("death_date"); ok {
		e.Death = &d
	}
	if d, ok := rows.AnyDay("elig_end"); ok {
		e.EligEnd = &d
	}
	// A cover that lies ahead is a claim about the file, not an event.
	if d, ok := rows.AnyDay("data_through"); ok {
		e.DataThrough = &d
		rows.Ahead("data_through", d)
		if d < e.End && !rows.Bad() {
			rows.Reject("D002", "data_through", "the data end before the anchor does")
		}
	}
}

// key keeps a file's own key unless a person could be found by it: a key that
// holds the person's key, or looks like a person's number or like a name and a
// date, is hashed (P001).
func (im *importer) key(rows *record.Rows, kind, key, bene string) string {
	holds := len(bene) >= 4 && len(key) >= len(bene) && strings.Contains(strings.ToLower(key), strings.ToLower(bene))
	if key == "" || !holds && !rows.Identifies(key) && !field.KeyOfPerson(key) {
		return key
	}
	rows.Books.Tally(store.Info, "P001", kind+"_key", "keys that hold a person's number, or a name or a birth date as it seems: a keyed hash of each is stored")
	return kind + "-" + im.run.Key.Short(kind, key)
}

// offset is a day as days from the anchor's end.
func offset(day, anchorEnd calendar.Day) int32 { return int32(day - anchorEnd) }

// yes reports a stated yes.
func yes(k panel.Known) bool { return k == panel.Yes }
