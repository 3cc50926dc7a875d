package tuva

import (
	"strings"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/record"
	"bundlelab/engine/calendar"
)

// hospital reads a row of npi_ccn.csv.
func (im *importer) hospital(rows *record.Rows) {
	im.crosswalk = true
	rows.Books.Saw(1, 0)
	npi := rows.Required("npi")
	if !record.IsNPI(npi) {
		rows.Reject("V001", "npi", "a national provider identifier has ten digits")
	}
	number := strings.ToUpper(rows.Required("ccn"))
	switch {
	case rows.Bad():
	case !ccn.Valid(number):
		rows.Reject("C001", "ccn", "a hospital's number has six letters or digits; keep leading zeros")
	case !ccn.KnownState(number):
		rows.Reject("C001", "ccn", "the first two characters are not a state code in use")
	case im.hospitals[npi] != "" && im.hospitals[npi] != number:
		rows.Reject("K001", "npi", "this NPI came before with another hospital; the first row is kept")
	}
	if rows.Bad() {
		rows.Books.Rejects(1, 0)
		return
	}
	im.hospitals[npi] = number
	rows.Books.Loads(1, 0)
}

// span is one row of eligibility.
type span struct {
	from, to int // months
	cover    claim.Cover
}

// person reads a row of eligibility. Names, addresses and numbers in it are
// never read.
func (im *importer) person(rows *record.Rows) {
	rows.Books.Saw(1, 0)
	id := rows.Required("person_id")
	start, err := rows.Date(rows.Text("enrollment_start_date"))
	if err != nil {
		rows.Reject("D001", "enrollment_start_date", err.Error())
	}
	end := rows.Today
	if s := rows.Text("enrollment_end_date"); s != "" {
		if end, err = rows.Date(s); err != nil {
			rows.Reject("D001", "enrollment_end_date", err.Error())
		}
	}
	if !rows.Bad() && end < start {
		rows.Reject("D002", "enrollment_end_date", "the coverage ends before it starts")
	}
	facts := facts(rows)
	switch {
	case rows.Bad():
		rows.Books.Rejects(1, 0)
	case !im.near[id]:
		rows.Books.Skips(1, 0)
		im.reach(start, end, rows.Today)
	default:
		rows.Books.Loads(1, 0)
		im.reach(start, end, rows.Today)
		im.known.Add(id, facts)
		im.spans[id] = append(im.spans[id], span{claim.Month(start), claim.Month(min(end, rows.Today)), cover(rows)})
	}
}

// cover reads what kind of coverage a span is.
func cover(rows *record.Rows) claim.Cover {
	kind := fold(rows.Text("payer_type"))
	c := claim.Cover{Dual: status(rows.Text("dual_status_code"))}
	advantage := strings.Contains(kind, "advantage") || strings.Contains(fold(rows.Text("payer")), "medicareadvantage") || strings.Contains(fold(rows.Text("plan")), "medicareadvantage")
	switch {
	case advantage, kind == "ma":
		c.AB, c.MA = true, true
	case kind == "medicare", strings.HasPrefix(kind, "medicare") && strings.Contains(kind, "fee"), kind == "dual":
		c.AB = true
	}
	switch rows.Text("low_income_subsidy_indicator") {
	case "1", "1.0", "true":
		c.LIS = "01"
	case "0", "0.0", "false":
		c.LIS = "00"
	}
	return c
}

// fold writes a text as its small letters.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// status reads a two-digit status that a warehouse may have made a number:
// 2.0 is 02.
func status(s string) string {
	if s = claim.TwoDigits(strings.TrimSuffix(s, ".0")); len(s) > 2 {
		return ""
	}
	return s
}

func facts(rows *record.Rows) claim.Person {
	p := claim.Person{
		Sex:      claim.Sex(rows.Text("gender")),
		ESRD:     claim.KidneyStatus(status(rows.Text("medicare_status_code"))),
		Disabled: claim.DisabledBy(strings.TrimSuffix(rows.Text("original_reason_entitlement_code"), ".0")),
	}
	if d, err := rows.Date(rows.Text("birth_date")); err == nil {
		p.Birth = &d
	}
	if d, ok := rows.Day("death_date"); ok {
		p.Death = &d
	}
	return p
}

// reach widens the months that the eligibility files speak of.
func (im *importer) reach(start, end, today calendar.Day) {
	from, to := claim.Month(start), claim.Month(min(end, today))
	if im.enrolled.to == 0 {
		im.enrolled = stretch{from, to}
	}
	im.enrolled.from, im.enrolled.to = min(im.enrolled.from, from), max(im.enrolled.to, to)
}

// stretch is a stretch of months.
type stretch struct{ from, to int }

// enrol fills the months of every person: those inside a span with its
// coverage, Medicare's before any other's, and the others that the files speak
// of at all without any. A person whose last span ends with the files is not
// thought to have left then.
func (im *importer) enrol() {
	for id, spans := range im.spans {
		months := im.known[id].Months
		for m := im.enrolled.from; m <= im.enrolled.to; m++ {
			c, told := claim.Cover{}, false
			for _, s := range spans {
				if m < s.from || m > s.to {
					continue
				}
				if !told || s.cover.MA && !c.MA || s.cover.AB && !c.AB {
					c, told = s.cover, true
				}
			}
			months[m] = c
		}
	}
}
