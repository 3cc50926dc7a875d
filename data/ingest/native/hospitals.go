package native

import (
	"context"
	"strings"

	"bundlelab/data/ingest/record"
	"bundlelab/data/store"
)

// hospitals sends the rows of hospitals.csv. A second row of a CCN is rejected
// (K001).
func (im *importer) hospitals(ctx context.Context) error {
	rows, err := im.open("hospitals", hospitalColumns())
	if rows == nil || err != nil {
		return err
	}
	seen := map[string]bool{}
	return each(ctx, rows, func() error {
		rows.Books.Saw(1, 0)
		h := hospital(rows)
		if !rows.Bad() && seen[h.CCN] {
			rows.Reject("K001", "ccn", "a hospital of this number came before; the first row is kept")
		}
		if rows.Bad() {
			rows.Books.Rejects(1, 0)
			return nil
		}
		seen[h.CCN] = true
		rows.Books.Loads(1, 0)
		return im.run.Hospital(h)
	})
}

func hospital(rows *record.Rows) store.Hospital {
	h := store.Hospital{
		CCN: record.Hospital(rows, "ccn"), Name: rows.Words("name"), State: strings.ToUpper(rows.Code("state", false)),
		SafetyNet: rows.Known("safety_net"), Rural: rows.Known("rural"), SCH: rows.Known("sch"), MDH: rows.Known("mdh"),
		EACH: rows.Known("each"), RRC: rows.Known("rrc"), Teach: rows.Known("teaching"),
	}
	if h.State != "" && len(h.State) != 2 {
		rows.Reject("V001", "state", "the state is two letters")
	}
	if d := rows.Int("division", 1, 9); d != nil {
		h.Division = *d
	}
	if b := rows.Int("bed_size", 0, 100_000); b != nil {
		h.Beds = *b
	}
	return h
}
