package rif

import (
	"context"
	"fmt"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/record"
	"bundlelab/engine/calendar"
)

// people is what the beneficiary files say of each person. Names, numbers and
// addresses in them are never read.
type people struct {
	known claim.People
	roll  claim.Roll
}

func newPeople() *people { return &people{known: claim.People{}} }

// read reads one beneficiary file, of one year or of none.
func (p *people) read(ctx context.Context, rows *record.Rows) error {
	seen := map[string]bool{}
	for err := range rows.Each(ctx) {
		if err != nil {
			return err
		}
		rows.Books.Saw(1, 0)
		id := rows.Required("BENE_ID")
		year := first(rows, "RFRNC_YR", "BENE_ENROLLMT_REF_YR")
		if seen[id+"/"+year] && !rows.Bad() {
			rows.Reject("K001", "BENE_ID", "a row of this person and year came before; the first row is kept")
		}
		facts := facts(rows)
		if rows.Bad() {
			rows.Books.Rejects(1, 0)
			continue
		}
		seen[id+"/"+year] = true
		p.roll.Add(id, rows.Books)
		enrolment(rows, p.known.Add(id, facts), year)
	}
	return nil
}

// first is the first of several columns that holds something.
func first(rows *record.Rows, columns ...string) string {
	for _, c := range columns {
		if s := rows.Text(c); s != "" {
			return s
		}
	}
	return ""
}

func facts(rows *record.Rows) claim.Person {
	p := claim.Person{
		Sex:      claim.Sex(first(rows, "BENE_SEX_IDENT_CD", "SEX_IDENT_CD")),
		Disabled: claim.DisabledBy(first(rows, "BENE_ENTLMT_RSN_ORIG", "ENTLMT_RSN_ORIG")),
	}
	reason := first(rows, "BENE_ENTLMT_RSN_CURR", "ENTLMT_RSN_CURR")
	p.ESRD = reason == "2" || reason == "3"
	if d, err := rows.Date(rows.Text("BENE_BIRTH_DT")); err == nil {
		p.Birth = &d
	}
	for _, column := range []string{"DEATH_DT", "BENE_DEATH_DT"} {
		if d, ok := rows.Day(column); ok {
			p.Death = &d
		}
	}
	return p
}

// monthNames are how newer files name a month's columns.
func monthNames() [12]string {
	return [12]string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC"}
}

// enrolment reads the twelve months of a yearly file, in either spelling. A
// month whose entitlement is blank is unknown.
func enrolment(rows *record.Rows, k *claim.Person, year string) {
	y, err := calendar.Parse(year + "-01-01")
	if err != nil {
		return
	}
	for i, name := range monthNames() {
		plain, padded := fmt.Sprint(i+1), fmt.Sprintf("%02d", i+1)
		entitled := first(rows, "MDCR_ENTLMT_BUYIN_"+plain+"_IND", "MDCR_ENTLMT_BUYIN_IND_"+padded)
		if entitled == "" {
			continue
		}
		hmo := first(rows, "HMO_"+plain+"_IND", "HMO_IND_"+padded)
		k.Months[claim.Month(y)+i] = claim.Cover{
			AB:   entitled == "3" || entitled == "C",
			MA:   hmo != "" && hmo != "0" && hmo != "4",
			Dual: claim.TwoDigits(first(rows, "META_DUAL_ELGBL_STUS_"+name+"_CD", "DUAL_STUS_CD_"+padded)),
			LIS:  claim.TwoDigits(first(rows, "CST_SHR_GRP_"+name+"_CD", "CST_SHR_GRP_CD_"+padded)),
		}
	}
}
