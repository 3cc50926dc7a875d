package cclf

import (
	"context"
	"errors"
	"io"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/table"
	"bundlelab/data/ingest/trigger"
	"bundlelab/engine/calendar"
)

// The days around a person's triggers whose claims are kept: enough behind for
// a look-back of a year, enough ahead for 180 days and a chain of transfers.
const (
	daysBehind = 400
	daysAhead  = 240
)

// near is the part of a person's time that is kept.
type near struct {
	id       string
	from, to calendar.Day
	judged   bool // the form of the number was looked at
}

// scout goes through the stays and outpatient lines a first time and marks the
// persons with a trigger, whatever became of the claim: a feed of a whole
// population is kept only around them. What is wrong with a file the second
// reading says.
func (im *importer) scout(ctx context.Context) error {
	for _, c := range []code{partA, revenue} {
		for _, f := range im.of(c) {
			if err := im.scoutFile(ctx, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (im *importer) scoutFile(ctx context.Context, f *file) (err error) {
	quiet := *f
	quiet.Meter = nil
	r, err := quiet.open()
	if err != nil {
		return onlyFailed(err)
	}
	defer func() { err = errors.Join(err, r.close()) }()
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := r.next(); err != nil {
			return onlyFailed(err)
		}
		im.mark(f.code, r)
	}
}

// onlyFailed drops what is about the file's content.
func onlyFailed(err error) error {
	var bad *table.BadFileError
	var width *widthError
	if errors.Is(err, io.EOF) || errors.As(err, &bad) || errors.As(err, &width) {
		return nil
	}
	return err
}

// mark looks for a trigger in a record.
func (im *importer) mark(c code, r rows) {
	kind, _ := claim.KindOfNCH(r.cell("CLM_TYPE_CD"))
	switch {
	case c == partA && kind == claim.Inpatient:
		if !im.run.Triggers.Ever(trigger.DRG, trigger.NormalDRG(r.cell("DGNS_DRG_CD"))) {
			return
		}
	case c == revenue && kind == claim.Outpatient:
		if !im.run.Triggers.Ever(trigger.HCPCS, strings.ToUpper(r.cell("CLM_LINE_HCPCS_CD"))) {
			return
		}
	default:
		return
	}
	number := r.cell("BENE_MBI_ID")
	if number == "" {
		return
	}
	days := make([]calendar.Day, 0, 3)
	for _, column := range []string{"CLM_FROM_DT", "CLM_THRU_DT", "CLM_LINE_INSTNL_REV_CTR_DT"} {
		if s := r.cell(column); !none(s) {
			if d, err := field.ISO(s); err == nil {
				days = append(days, d)
			}
		}
	}
	id := im.cross.person(number)
	for _, d := range days {
		n := im.near[id]
		if n == nil {
			id = strings.Clone(id)
			n = &near{id: id, from: d - daysBehind, to: d + daysAhead}
			im.near[id] = n
		}
		n.from, n.to = min(n.from, d-daysBehind), max(n.to, d+daysAhead)
	}
}

// keeps says that a claim of a person and time is kept.
func (im *importer) keeps(number string, from, to calendar.Day) *near {
	n := im.near[im.cross.person(number)]
	if n == nil || to < n.from || from > n.to {
		return nil
	}
	return n
}
