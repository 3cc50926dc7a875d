package cclf

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
)

// file is one file of the folder and what it is.
type file struct {
	table.Source
	code   code
	group  string // of its delivery
	day    string // of its delivery
	headed bool   // has a header
	layout *layout
	all    map[code]*layout
	books  *control.File // nil until it is read
}

// rank orders deliveries: the newer one wins. Files of a day, or without one,
// go by their names.
func (f *file) rank() string { return f.day + "\x00" + f.Base() }

// sort lists the CCLF files of a folder, newest delivery first, and notes the
// others. Done says that all were imported before.
func (im *importer) sort(ctx context.Context, dir string) (done bool, err error) {
	sources, err := im.run.List(ctx, dir)
	if err != nil {
		return false, err
	}
	names := newNaming()
	var own []table.Source
	for _, src := range sources {
		f := im.classify(names, src)
		if f == nil {
			im.run.Note(fmt.Sprintf("%s has no CCLF records by its name or its header and was not read", src.Name))
			continue
		}
		im.files, own = append(im.files, f), append(own, src)
	}
	sort.SliceStable(im.files, func(a, b int) bool { return im.files[a].rank() > im.files[b].rank() })
	return im.run.AllSeen(own)
}

// classify says what a file is: by its header when it has that of a known file,
// else by its name; nil when it is none.
func (im *importer) classify(names naming, src table.Source) *file {
	l := names.read(src.Stem())
	f := &file{Source: src, group: l.group, day: l.day, all: im.layouts}
	if c := im.byHeader(src); c != unknownCode {
		f.code, f.headed = c, true
	} else if f.code = l.code; f.code == unknownCode {
		return nil
	}
	f.layout = im.layouts[f.code]
	return f
}

// byHeader is the file whose required columns a header has.
func (im *importer) byHeader(src table.Source) code {
	r, err := src.Head()
	if err != nil {
		return unknownCode
	}
	for _, c := range []code{partA, revenue, physicians, equipment, procedures, diagnoses, people, numbers, partAExtra, partBExtra, drugs} {
		if r.Has(telling(c)...) {
			return c
		}
	}
	return unknownCode
}

// telling are columns that no other file has together.
func telling(c code) []string {
	switch c {
	case partA:
		return []string{"CUR_CLM_UNIQ_ID", "CLM_BLG_PRVDR_OSCAR_NUM", "CLM_PMT_AMT"}
	case revenue:
		return []string{"CUR_CLM_UNIQ_ID", "CLM_LINE_INSTNL_REV_CTR_DT"}
	case procedures:
		return []string{"CUR_CLM_UNIQ_ID", "CLM_PRCDR_CD"}
	case diagnoses:
		return []string{"CUR_CLM_UNIQ_ID", "CLM_DGNS_CD"}
	case physicians:
		return []string{"CUR_CLM_UNIQ_ID", "RNDRG_PRVDR_NPI_NUM"}
	case equipment:
		return []string{"CUR_CLM_UNIQ_ID", "PAYTO_PRVDR_NPI_NUM"}
	case drugs:
		return []string{"CUR_CLM_UNIQ_ID", "CLM_LINE_NDC_CD"}
	case people:
		return []string{"BENE_MBI_ID", "BENE_MDCR_STUS_CD"}
	case numbers:
		return []string{"CRNT_NUM", "PRVS_NUM"}
	case partAExtra:
		return []string{"CUR_CLM_UNIQ_ID", "CLM_ACTV_CARE_FROM_DT"}
	case partBExtra:
		return []string{"CUR_CLM_UNIQ_ID", "CLM_LINE_NGACO_PBPMT_SW"}
	case statistics, unknownCode:
	}
	return []string{"File Number Label"}
}

// of are the files of a code, newest delivery first.
func (im *importer) of(c code) (some []*file) {
	for _, f := range im.files {
		if f.code == c {
			some = append(some, f)
		}
	}
	return some
}

// read opens a file's books and hands every record to row. A file that cannot
// be trusted has its refusal in the books.
func (im *importer) read(ctx context.Context, f *file, row func(*input)) error {
	books := im.run.Open(f.code.role(), f.Source)
	f.books = books
	in := &input{file: f, books: books, today: im.run.Today, screen: im.screen}
	r, err := f.open()
	if err != nil {
		if in.refuse(err) {
			return nil
		}
		return err
	}
	in.rows = r
	if r.marked() {
		books.Find(store.Info, "F002", 1, "", "", "the file opens with a byte order mark, which was skipped")
	}
	if in.headers() {
		for err := range in.each(ctx) {
			if err != nil {
				return errors.Join(err, r.close())
			}
			row(in)
		}
	}
	return r.close()
}

// headers looks for the columns of a file that has a header: without a required
// one the file is refused (F001), without another one that is said (F005).
func (in *input) headers() bool {
	h, ok := in.rows.(*headed)
	if !ok {
		return true
	}
	var missing, absent []string
	for _, c := range in.file.layout.columns {
		switch {
		case h.reader.Has(c):
		case in.file.layout.places[c].required:
			missing = append(missing, c)
		default:
			absent = append(absent, c)
		}
	}
	if len(missing) > 0 {
		in.books.Find(store.Refuse, "F001", 1, "", "", fmt.Sprintf("required columns of CCLF%s are missing: %s", in.file.code, strings.Join(missing, ", ")))
		return false
	}
	if len(absent) > 0 {
		in.books.Find(store.Warning, "F005", 1, "", "", "columns of version 36 that are not there, taken as blank: "+strings.Join(absent, ", "))
	}
	return true
}

// count reads a file whose records are not needed.
func (im *importer) count(ctx context.Context, c code) error {
	for _, f := range im.of(c) {
		err := im.read(ctx, f, func(in *input) {
			in.books.Saw(1, 0)
			in.books.Skips(1, 0)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
