package control

import (
	"fmt"

	"bundlelab/data/store"
)

// RefusedError says that an import writes nothing because a file cannot be
// trusted. It names the file, the place and the next step, never a value.
type RefusedError struct {
	File    string
	Code    string // of the finding, or of the first rejection past the threshold
	Line    int    // 0: the file as a whole
	Column  string
	Message string
}

// Error is one sentence: file:line:column, why, next step.
func (e *RefusedError) Error() string {
	place := e.File
	if e.Line > 0 {
		place += fmt.Sprintf(":%d", e.Line)
	}
	if e.Column != "" {
		place += ":" + e.Column
	}
	return fmt.Sprintf("import refused, nothing written: %s: %s: %s", place, e.Code, e.Message)
}

// refusalOf gives the reason a file refuses the batch, or nil.
func refusalOf(f *File) *RefusedError {
	if p := f.Refused(); p != nil {
		return &RefusedError{File: f.Name, Code: p.Code, Line: p.Line, Column: p.Column, Message: p.Message}
	}
	if !f.OverThreshold() {
		return nil
	}
	e := &RefusedError{File: f.Name, Code: "threshold"}
	first := ""
	for _, p := range f.Problems {
		if p.Severity == store.Reject {
			e.Code, e.Line, e.Column = p.Code, p.Line, p.Column
			first = ", the first because " + p.Message
			break
		}
	}
	e.Message = fmt.Sprintf("%d of %d rows and %s of %s were rejected%s; the limit is 1%% of the rows and 0.1%% of the dollars: correct the file and import again",
		f.Rejected, f.Read, f.AmountRejected.Grouped(), f.AmountRead.Grouped(), first)
	return e
}
