package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bundlelab/data/sample"
	"bundlelab/data/store"
	"bundlelab/engine"
	"bundlelab/engine/policy"
	"bundlelab/engine/worked"
	"bundlelab/scenarios"
	"bundlelab/scenarios/designdoc"
	"bundlelab/tui"
	"bundlelab/tui/action"
	"bundlelab/tui/picture"
)

// docsCmd writes the generated documents; the build checks that they are
// fresh.
type docsCmd struct {
	What   string `arg:"" enum:"keys,designs,board" help:"Document: ${enum}."`
	Own    bool   `help:"The board with the user's own designs too."`
	Rows   int    `default:"38" help:"Height of the board."`
	Folder string `default:"docs" type:"path" help:"Folder of the design pages: designs.md and designs/<id>.md."`
}

// Run writes one document: to stdout, or, of the designs, the pages.
func (c *docsCmd) Run(s *session) error {
	if c.What == "keys" {
		_, err := io.WriteString(s.out, action.Markdown())
		return err
	}
	set, err := policy.Builtin()
	if err != nil {
		return err
	}
	if c.Own {
		if set, err = loadDesigns(); err != nil {
			return err
		}
	}
	if c.What == "board" {
		return boardPicture(s, set, c.Rows)
	}
	return c.designs(set)
}

// designs writes the index and one page a design; pages of designs that are
// gone go too.
func (c *docsCmd) designs(set *policy.Set) error {
	cases, err := worked.Run(set)
	if err != nil {
		return err
	}
	dir := filepath.Join(c.Folder, "designs")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if id := strings.TrimSuffix(filepath.Base(f), ".md"); !slices.Contains(set.IDs(), id) {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	var index bytes.Buffer
	if err := designdoc.Index(&index, set.All()); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Folder, "designs.md"), index.Bytes(), 0o644); err != nil {
		return err
	}
	for _, d := range set.All() {
		var page bytes.Buffer
		if err := designdoc.Page(&page, d, of(cases, d.ID)); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, d.ID+".md"), page.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// of are the worked cases of one design.
func of(all []worked.Outcome, id string) []worked.Outcome {
	var out []worked.Outcome
	for _, o := range all {
		if o.Design == id {
			out = append(out, o)
		}
	}
	return out
}

// pictureCols is the width of the board in the README's picture.
const pictureCols = 120

// boardPicture draws the real board on the sample, with a scenario that moves
// something.
func boardPicture(s *session, set *policy.Set, rows int) error {
	var mem store.Memory
	if err := sample.Generate(s.ctx, sample.Options{}, &mem, nil); err != nil {
		return err
	}
	name := sample.Name(sample.Options{})
	data, err := mem.Data(name, true)
	if err != nil {
		return err
	}
	m, err := engine.New(data.Panel, data.Prices, set)
	if err != nil {
		return err
	}
	plan := scenarios.Scenario{Name: "Preferred SNF network", Base: "status-quo"}
	for _, kv := range [][2]string{{"quality.cqs", "60"}, {"care.all.snf_to_hha", "15%"}, {"care.all.readmissions", "-10%"}} {
		if plan.Levers, err = plan.Levers.With(kv[0], kv[1]); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "bundlelab-board-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // an empty folder of no scenarios
	app := tui.New(tui.Options{
		Model: m, Title: name, Synthetic: true, Scenario: plan, Folder: scenarios.Folder{Dir: dir},
		Env: func(key string) string { return map[string]string{"TERM": "xterm-256color"}[key] },
	})
	_, err = io.WriteString(s.out, picture.SVG(app.Still(pictureCols, rows), pictureCols, rows))
	return err
}
