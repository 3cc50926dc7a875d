// Package native imports bundlelab's own CSV files: hospitals, episodes,
// services, prices and an optional manifest (docs/formats.md). A first look at
// the keys shows whether services.csv follows the order of episodes.csv: then
// both stream side by side, one episode at a time; else services.csv is read
// once for every so many episodes. Memory is the same however long they are.
package native

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/table"
)

// The columns of the files; the first list of each is required.
type columns struct{ required, optional []string }

func hospitalColumns() columns {
	return columns{[]string{"ccn"}, []string{"name", "state", "division", "bed_size", "safety_net", "rural", "sch", "mdh", "each", "teaching", "rrc"}}
}

func episodeColumns() columns {
	return columns{
		[]string{"episode_key", "bene_key", "ccn", "category", "anchor_type", "trigger_code", "anchor_start", "anchor_end", "std_anchor"},
		[]string{
			"raw_anchor", "age", "sex", "hcc_count", "dual", "lis", "cdi", "prior_pac", "fracture", "discharge_status", "death_date", "elig_end",
			"data_through", "attending_npi", "operating_npi", "ra_multiplier", "target_price", "cms_episode_total", "cms_window_days",
		},
	}
}

func serviceColumns() columns {
	return columns{
		[]string{"episode_key", "line_key", "setting", "from_date", "to_date", "std_allowed"},
		[]string{
			"raw_allowed", "outlier", "provider_id", "provider_kind", "code_kind", "code", "gmlos", "units", "visits", "lupa", "stay_key",
			"exclusion", "primary_payer_amount", "rule",
		},
	}
}

func priceColumns() columns {
	return columns{
		[]string{"cell", "division", "days", "price"},
		[]string{"kind", "period", "p99", "post_mean", "post_sd", "episodes", "source", "mean", "sd", "p1", "p5", "p75", "p95", "as_of"},
	}
}

func manifestColumns() columns {
	return columns{[]string{"file", "sha256", "rows", "sum_std_allowed"}, nil}
}

// importer is one native import.
type importer struct {
	run     *control.Run
	sources map[string]table.Source
	books   map[string]*control.File
	most    bounds
}

// bounds are the most that is held at once when services.csv does not follow
// the order of episodes.csv. It is then read as often as that takes.
type bounds struct{ lines, episodes int }

// Import reads the folder into the run. The run's Finish judges the outcome.
func Import(ctx context.Context, run *control.Run, dir string) error {
	return read(ctx, run, dir, bounds{lines: 400_000, episodes: 100_000})
}

func read(ctx context.Context, run *control.Run, dir string, most bounds) error {
	all, err := run.List(ctx, dir)
	if err != nil {
		return err
	}
	im := &importer{run: run, sources: map[string]table.Source{}, books: map[string]*control.File{}, most: most}
	var own []table.Source
	for _, s := range all {
		role, ok := roleOf(s.Base())
		if !ok {
			run.Note(fmt.Sprintf("%s is not a file of the native format and was not read", s.Name))
			continue
		}
		if first, twice := im.sources[role]; twice {
			return &control.RefusedError{File: s.Name, Code: "F003", Message: fmt.Sprintf("%s is a %s file too, with other content: leave one of them in the folder", first.Name, role)}
		}
		im.sources[role] = s
		own = append(own, s)
	}
	for _, role := range []string{"episodes", "services"} {
		if _, ok := im.sources[role]; !ok {
			return &control.RefusedError{File: role + ".csv", Code: "F001", Message: "the file is not in the folder: a native import needs episodes.csv and services.csv"}
		}
	}
	if done, err := run.AllSeen(own); done || err != nil {
		return err
	}
	steps := []func(context.Context) error{im.hospitals, im.care, im.prices, im.manifest}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Prices imports one price file of its own.
func Prices(ctx context.Context, run *control.Run, path string) error {
	src, err := table.Find(path)
	if err != nil {
		return err
	}
	im := &importer{run: run, sources: map[string]table.Source{"prices": src}, books: map[string]*control.File{}}
	return im.prices(ctx)
}

func roleOf(name string) (string, bool) {
	base := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(name), ".gz"), ".bz2")
	role, ok := strings.CutSuffix(base, ".csv")
	switch role {
	case "hospitals", "episodes", "services", "prices", "manifest":
		return role, ok
	}
	return "", false
}

// open starts a file of the folder; nil when it is absent or refused.
func (im *importer) open(role string, cols columns) (*record.Rows, error) {
	src, ok := im.sources[role]
	if !ok {
		return nil, nil
	}
	rows, err := record.Open(im.run, role, src, field.ISO)
	if rows == nil || err != nil {
		return nil, err
	}
	im.books[role] = rows.Books
	rows.Identifiers("episode_key", "bene_key", "line_key", "stay_key")
	if !rows.Expect(cols.required, cols.optional) {
		return nil, rows.Close()
	}
	return rows, nil
}

// each calls read for every row of a file and closes it.
func each(ctx context.Context, rows *record.Rows, read func() error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for err := range rows.Each(ctx) {
		if err == nil {
			err = read()
		}
		if err != nil {
			return err
		}
	}
	return nil
}
