package bpcia

import (
	"fmt"
	"strings"

	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/trigger"
	"bundlelab/engine/episode"
)

// other is what a profile calls a category beside the five.
const other = "other"

// anchor reads what opened the episode. The name of the category and the
// trigger must agree (C002); an episode of another category is left out. The
// code is judged by the day the anchor ends (ruling 51).
func (im *importer) anchor(rows *record.Rows, r *ready) {
	e := r.row
	name, named := im.category(rows.Text("category"))
	code := strings.ToUpper(rows.Code("trigger", false))
	if e.Inpatient = inpatient(rows.Text("anchor_type"), code); e.Inpatient {
		code = trigger.NormalDRG(code)
	}
	if rows.Bad() {
		return
	}
	kind := trigger.HCPCS
	if e.Inpatient {
		kind = trigger.DRG
	}
	t, ok := im.run.Triggers.Find(kind, code, e.End)
	ours, err := episode.ParseCategory(name)
	switch {
	case name == other && !ok, !named && !ok && !im.run.Triggers.Ever(kind, code):
		im.leave(r, rows.Text("category"), named)
		return
	case name == other:
		rows.Reject("C002", "category", fmt.Sprintf("the code opens an episode of %s, the row names a category beside the five", t.Category))
	case !named && !ok, err == nil && !ok && im.run.Triggers.Ever(kind, code):
		rows.Reject("C002", "trigger", fmt.Sprintf("the code opens no episode in fiscal year %d", e.End.FiscalYear()))
	case !ok:
		rows.Reject("C002", "trigger", "the code opens no TEAM episode with this anchor type")
	case named && err != nil:
		rows.Reject("C002", "category", "the mapping profile gives the name a category that is not one of the five or \"other\"")
	case named && ours != t.Category:
		rows.Reject("C002", "trigger", fmt.Sprintf("the code belongs to %s, the row says %s", t.Category, ours))
	case !named:
		rows.Warn("C002", "category", fmt.Sprintf("the mapping profile does not know the category's name: the code makes it %s", t.Category))
	}
	e.Category, e.Trigger, e.Cell = t.Category, code, t.Cell
	if !rows.Bad() {
		dates(rows, r)
	}
}

// leave notes an episode of another category. A name that the profile does not
// list is not repeated: columns may have slipped.
func (im *importer) leave(r *ready, name string, named bool) {
	r.why, r.quiet = "its category is not one of the five", true
	if !named {
		name = "of a name the profile does not list"
	}
	im.others[name]++
}

// category is what the profile makes of the name of a category.
func (im *importer) category(given string) (name string, named bool) {
	f := im.profile.Kind(episodeFile)
	if f == nil || given == "" {
		return "", false
	}
	if v, ok := f.Value("category", given); ok {
		return v, true
	}
	words := strings.FieldsFunc(given, func(r rune) bool { return strings.ContainsRune(" -_:()", r) })
	if len(words) > 1 && isSetting(words[0]) {
		words = words[1:]
	} else if len(words) > 1 && isSetting(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return f.Value("category", strings.Join(words, " "))
}

// isSetting says that a word of a category's name is where its anchor is:
// inpatient, outpatient or either.
func isSetting(word string) bool {
	switch strings.ToUpper(word) {
	case "IP", "OP", "MS", "INPATIENT", "OUTPATIENT":
		return true
	}
	return false
}

// inpatient says that the anchor is a stay. An episode that may open in either
// setting, and one that does not say, shows it by its code: an MS-DRG has at
// most four digits.
func inpatient(kind, code string) bool {
	switch strings.ToUpper(kind) {
	case "IP", "INPATIENT":
		return true
	case "OP", "OUTPATIENT":
		return false
	}
	return len(code) <= 4
}

// dates checks the anchor's days (D002); the length of the stay is looked at
// by the checks of every importer.
func dates(rows *record.Rows, r *ready) {
	switch e := r.row; {
	case e.End < e.Start:
		rows.Reject("D002", "anchor_end", "the anchor ends before it starts")
	case !e.Inpatient && e.End != e.Start:
		rows.Reject("D002", "anchor_end", "an outpatient anchor starts and ends on one day")
	}
}
