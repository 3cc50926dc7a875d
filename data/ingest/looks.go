package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
)

// signature is what the header of a format's main file holds.
type signature struct {
	format  store.Format
	columns []string
}

func signatures() []signature {
	return []signature{
		{store.Native, []string{"episode_key", "bene_key", "anchor_end"}},
		{store.BPCIA, []string{"EPISODE_ID", "ANCHOR_TRIGGER_CD", "ANCHOR_BEG_DT"}},
		{store.RIF, []string{"BENE_ID", "CLM_ID", "NCH_CLM_TYPE_CD"}},
		{store.SynPUF, []string{"DESYNPUF_ID", "CLM_ID", "SEGMENT"}},
		{store.CCLF, []string{"CUR_CLM_UNIQ_ID", "BENE_MBI_ID"}},
		{store.Tuva, []string{"claim_id", "claim_line_number", "claim_type", "person_id"}},
	}
}

// manySemicolons in a header without another delimiter are what it is cut by.
const manySemicolons = 3

// hint adds to a refusal of a whole folder (F001) what the folder holds
// instead: nothing, files of another format, or rows cut by semicolons. Any
// other error is given back as it is.
func (o Options) hint(ctx context.Context, err error) error {
	var no *RefusedError
	if !errors.As(err, &no) || no.Code != "F001" || no.Line > 0 || ctx.Err() != nil {
		return err
	}
	look := &control.Run{}
	look.Begin(discard{})
	sources, lerr := look.List(ctx, o.Dir)
	if lerr != nil {
		return err
	}
	why := ""
	if len(sources) == 0 {
		no.Message = "it holds no files: name the folder that holds the claims"
		return err
	}
	for _, src := range sources {
		if why == "" {
			why = looksLike(src, o.Format)
		}
	}
	no.Message += why
	return err
}

// looksLike says in what a file differs from a format; "" when nothing tells.
func looksLike(src table.Source, asked store.Format) string {
	r, err := src.Head()
	if err != nil {
		return "" // a picture, a workbook
	}
	defer func() { _ = r.Close() }() // read only
	if h := strings.Join(r.Header, ","); len(r.Header) == 1 && strings.Count(h, ";") >= manySemicolons {
		return fmt.Sprintf("; the columns of %s are cut by semicolons: save it with commas or pipes", src.Name)
	}
	for _, s := range signatures() {
		if s.format != asked && r.Has(s.columns...) {
			return fmt.Sprintf("; %s looks like %s: --from %s", src.Name, s.format, s.format)
		}
	}
	return ""
}
