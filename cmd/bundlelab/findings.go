package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"bundlelab/data/ingest"
	"bundlelab/scenarios/report"
)

// maxPerCode is how many findings of one code the error report lists; one more
// row counts the others.
const maxPerCode = 1000

// writeFindings writes the coded findings as CSV to a new file that only its
// owner can read; with force it may replace one. Values are masked already.
func writeFindings(path string, rep *ingest.Report, force bool) (err error) {
	out, settle, err := newOutput(path, force)
	if err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	w := csv.NewWriter(out)
	err = errors.Join(w.WriteAll(findingRows(rep)), w.Error())
	if err = settle(err); err != nil {
		return fmt.Errorf("writing the findings to %s: %w", path, cause(err))
	}
	return nil
}

// newOutput opens a file for its owner alone. settle closes it and, unless
// there was an error, gives it its name; a half-written file does not stay. A
// pipe or device is written to as it is.
func newOutput(path string, force bool) (out io.Writer, settle func(error) error, err error) {
	info, serr := os.Stat(path)
	var f *os.File
	switch {
	case serr != nil || !force:
		f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	case info.Mode().IsRegular():
		f, err = os.CreateTemp(filepath.Dir(path), ".findings-*") // mode 0600
	default:
		f, err = os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, nil, err
		}
		return f, func(err error) error { return errors.Join(err, f.Close()) }, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return f, func(err error) error {
		if err = errors.Join(err, f.Close()); err == nil && f.Name() != path {
			err = os.Rename(f.Name(), path)
		}
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
		return err
	}, nil
}

// findingRows lists the findings under a header, of each code so many, and
// then how many more there are.
func findingRows(rep *ingest.Report) [][]string {
	rows := [][]string{{"file", "line", "column", "code", "severity", "form", "count", "message"}}
	listed, more := map[string]int{}, map[string]int{}
	var order []string
	severities := map[string]string{}
	for _, f := range rep.Files {
		for _, p := range f.Problems {
			if listed[p.Code] == maxPerCode {
				if more[p.Code] == 0 {
					order = append(order, p.Code)
					severities[p.Code] = severity(p.Severity)
				}
				more[p.Code] += p.Count
				continue
			}
			listed[p.Code]++
			rows = append(rows, []string{
				report.Neutral(f.Name), fmt.Sprint(p.Line), report.Neutral(p.Column), p.Code, severity(p.Severity),
				report.Neutral(p.Hint), fmt.Sprint(p.Count), report.Neutral(p.Message),
			})
		}
	}
	for _, code := range order {
		rows = append(rows, []string{"", "0", "", code, severities[code], "", fmt.Sprint(more[code]), "more of the same, not listed"})
	}
	return rows
}
