package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"bundlelab/scenarios/report"
	"bundlelab/scenarios/totals"
)

type settleCmd struct {
	File   string        `arg:"" help:"Statement of totals, JSON or TOML; - reads standard input."`
	Format report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

// Run settles the totals of a file.
func (c *settleCmd) Run(s *session) error {
	name, body, err := read(s, c.File)
	if err != nil {
		return err
	}
	designs, err := loadDesigns()
	if err != nil {
		return err
	}
	x, err := totals.Settle(name, body, designs)
	if err != nil {
		return err
	}
	switch c.Format {
	case report.JSON:
		l := report.NewLedger(x.Design.ID, x.Period.ID, x.Track, &x.Ledger)
		l.QualityScore = report.NewQualityScore(x.Score)
		return report.WriteJSON(s.out, l)
	case report.CSV:
		return report.Write(s.out, c.Format, report.LedgerRows(x.Design.ID, x.Period.ID, x.Track, "", "given totals", &x.Ledger))
	case report.Table, report.Markdown:
	}
	title := x.Design.Name + " " + x.Period.ID
	if x.Track != "" {
		title += " track " + x.Track
	}
	sheet := report.LedgerSheet(title, &x.Ledger)
	sheet.Notes = append(sheet.Notes, report.Verdict(x.Design.Says(cmp.Compare(x.Ledger.Net, 0)), x.Ledger.Net)+"; lowest evidence: "+x.Ledger.Evidence.String())
	if x.Score != nil {
		return report.Write(s.out, c.Format, report.QualitySheet(x.Score), sheet)
	}
	return report.Write(s.out, c.Format, sheet)
}

// read reads a named file, or standard input for "-". One that cannot be read
// is bad input (exit code 3).
func read(s *session, path string) (string, []byte, error) {
	name, b, err := "stdin", []byte(nil), error(nil)
	if path == "-" {
		b, err = io.ReadAll(s.in)
	} else {
		name = path
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return name, nil, input(fmt.Errorf("reading %s: %w", name, cause(err)))
	}
	return name, b, nil
}

// cause is what is wrong with a file, without its name.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
