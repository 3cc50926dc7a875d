package cclf

import (
	"context"
	"slices"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/field"
	"bundlelab/engine/calendar"
)

// people reads what CCLF8 says of the kept persons. Names, addresses and
// numbers in it are never read. A delivery's file says how things stood when it
// was made: the oldest is read first, and each speaks for the months since the
// one before it. An older file's facts give way to a newer's.
func (im *importer) people(ctx context.Context) error {
	files := im.of(people)
	slices.Reverse(files)
	for _, f := range files {
		seen := map[string]bool{}
		err := im.read(ctx, f, func(in *input) { im.beneficiary(in, seen) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) beneficiary(in *input, seen map[string]bool) {
	in.books.Saw(1, 0)
	number := in.required("BENE_MBI_ID")
	n := im.near[im.cross.person(number)]
	switch {
	case in.bad:
		in.books.Rejects(1, 0)
		return
	case n == nil:
		in.books.Skips(1, 0)
		return
	}
	im.judge(in, n, number)
	row := number + "/" + in.rank()
	if seen[row] {
		in.reject("K001", "BENE_MBI_ID", "a record of this person came before; the first is kept")
	}
	facts := standing(in)
	if in.bad {
		in.books.Rejects(1, 0)
		return
	}
	seen[strings.Clone(row)] = true
	in.books.Loads(1, 0)
	facts.months(im.known.Add(n.id, facts.Person), n, im.snapshot(in))
}

// facts are what one record says of a person.
type facts struct {
	claim.Person
	begin [2]calendar.Day // of Part A and Part B; 0 unknown
	buyIn string
	dual  string
}

func standing(in *input) facts {
	p := facts{Person: claim.Person{
		Sex:      claim.Sex(in.cell("BENE_SEX_CD")),
		ESRD:     claim.KidneyStatus(in.cell("BENE_MDCR_STUS_CD")),
		Disabled: claim.DisabledBy(in.cell("BENE_ORGNL_ENTLMT_RSN_CD")),
	}}
	if d, ok := in.anyDay("BENE_DOB"); ok {
		p.Birth = &d
	}
	if d, ok := in.day("BENE_DEATH_DT"); ok {
		p.Death = &d
	}
	p.begin[0], _ = in.anyDay("BENE_PART_A_ENRLMT_BGN_DT")
	p.begin[1], _ = in.anyDay("BENE_PART_B_ENRLMT_BGN_DT")
	p.buyIn = in.cell("BENE_ENTLMT_BUYIN_IND")
	p.dual = strings.Clone(claim.TwoDigits(in.code("BENE_DUAL_STUS_CD")))
	return p
}

// months fills the enrolment up to the month of the record: in both parts from
// the later of the two first days on, and in the record's own month as its
// buy-in code says. Later months stay unknown, and so do all without a first
// day. CCLF has no word of Medicare Advantage.
func (p *facts) months(k *claim.Person, n *near, snapshot int) {
	cover := claim.Cover{Dual: p.dual}
	first := 0
	if p.begin[0] != 0 && p.begin[1] != 0 {
		first = claim.Month(max(p.begin[0], p.begin[1]))
		for m := claim.Month(n.from); m < snapshot; m++ {
			if _, told := k.Months[m]; !told {
				cover.AB = m >= first
				k.Months[m] = cover
			}
		}
	}
	if p.buyIn == "" && first == 0 {
		return
	}
	cover.AB = p.buyIn == "3" || p.buyIn == "C" || p.buyIn == "" && snapshot >= first
	k.Months[snapshot] = cover
}

// snapshot is the month a record speaks of: its delivery's, or without one the
// last that the claims reach.
func (im *importer) snapshot(in *input) int {
	day, _, _ := strings.Cut(in.rank(), "\x00")
	if len(day) == 6 {
		day += "01"
	}
	if d, err := field.Compact(day); err == nil {
		return claim.Month(d)
	}
	return claim.Month(im.last)
}
