// Package crash turns a panic into an error that says which kind it is and
// where in the program it arose, and nothing it was about: the text of a panic
// may repeat a value of a patient's record, and so may a stack.
package crash

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// Error is a defect that stopped some work.
type Error struct {
	Kind  string // Go type of what the program panicked with
	Place string // function, file and line
}

// Error is one sentence without a value.
func (e *Error) Error() string {
	return fmt.Sprintf("a defect stopped the work (%s in %s): please report this line; nothing of your data is in it", e.Kind, e.Place)
}

// Catch is deferred by a function with a named error: a panic becomes that
// error.
func Catch(err *error) {
	if r := recover(); r != nil {
		*err = Of(r)
	}
}

// Of describes what recover gave, while the panic is still under way. A panic
// that was described before keeps its place.
func Of(r any) *Error {
	if known, ok := r.(*Error); ok {
		return known
	}
	return &Error{Kind: fmt.Sprintf("%T", r), Place: place()}
}

// module begins the names of this program's own functions.
const module = "bundlelab/"

// place is the innermost function of the program that was running, or of any
// library when there is none. Only the base name of the file is told: the rest
// is the folder of whoever built it.
func place() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	thrown, first := false, "an unknown place"
	for {
		f, more := frames.Next()
		switch {
		case strings.HasPrefix(f.Function, "runtime."):
			thrown = thrown || f.Function == "runtime.gopanic"
		case !thrown:
		case strings.HasPrefix(f.Function, module), strings.HasPrefix(f.Function, "main."):
			return where(f)
		case first == "an unknown place":
			first = where(f)
		}
		if !more {
			return first
		}
	}
}

func where(f runtime.Frame) string {
	return fmt.Sprintf("%s, %s:%d", f.Function, filepath.Base(f.File), f.Line)
}
