package synpuf

import (
	"context"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/record"
	"bundlelab/engine/calendar"
)

// beneficiaries gives the reader of a yearly beneficiary file.
func (im *importer) beneficiaries(year int) func(context.Context, *record.Rows) error {
	return func(ctx context.Context, rows *record.Rows) error {
		seen := map[string]bool{}
		for err := range rows.Each(ctx) {
			if err != nil {
				return err
			}
			rows.Books.Saw(1, 0)
			id := rows.Required("DESYNPUF_ID")
			if seen[id] && !rows.Bad() {
				rows.Reject("K001", "DESYNPUF_ID", "a row of this person came before; the first row is kept")
			}
			death, dead := rows.Day("BENE_DEATH_DT")
			if rows.Bad() {
				rows.Books.Rejects(1, 0)
				continue
			}
			seen[id] = true
			k := im.people[id]
			if k == nil {
				k = &claim.Person{Months: map[int]claim.Cover{}}
				im.people[id] = k
			}
			if dead {
				k.Death = &death
			}
			facts(rows, k, year)
			im.roll.Add(id, rows.Books)
		}
		return nil
	}
}

// facts reads one year of one person. The files count the months of coverage
// in the year but do not name them: a year wholly in Part A and B outside
// Medicare Advantage, or wholly not, is known by month; any other is not.
func facts(rows *record.Rows, k *claim.Person, year int) {
	if d, err := rows.Date(rows.Text("BENE_BIRTH_DT")); err == nil {
		k.Birth = &d
	}
	switch rows.Text("BENE_SEX_IDENT_CD") {
	case "1":
		k.Sex = "M"
	case "2":
		k.Sex = "F"
	}
	k.ESRD = k.ESRD || rows.Text("BENE_ESRD_IND") == "Y"
	hospital, medical := rows.Int("BENE_HI_CVRAGE_TOT_MONS", 0, 12), rows.Int("BENE_SMI_CVRAGE_TOT_MONS", 0, 12)
	advantage := rows.Int("BENE_HMO_CVRAGE_TOT_MONS", 0, 12)
	if year == 0 || hospital == nil || medical == nil || advantage == nil {
		return
	}
	cover := claim.Cover{AB: *hospital == 12 && *medical == 12, MA: *advantage == 12}
	whole := cover.AB && (*advantage == 0 || *advantage == 12)
	none := *hospital == 0 || *medical == 0
	if !whole && !none {
		return
	}
	for i := range 12 {
		k.Months[claim.Month(calendar.Date(year, 1, 1))+i] = cover
	}
}
