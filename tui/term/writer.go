package term

import (
	"fmt"
	"os"
)

const (
	beginSync = "\x1b[?2026h"
	endSync   = "\x1b[?2026l"
)

// syncWriter brackets each write with synchronized-output marks, so that a
// terminal shows a frame whole. It stays a file: bubbletea asks it for its
// size.
type syncWriter struct{ *os.File }

// Write writes one frame.
func (w syncWriter) Write(p []byte) (int, error) {
	b := make([]byte, 0, len(beginSync)+len(p)+len(endSync))
	b = append(append(append(b, beginSync...), p...), endSync...)
	if n, err := w.File.Write(b); err != nil {
		return min(max(n-len(beginSync), 0), len(p)), fmt.Errorf("write to the terminal: %w", err)
	}
	return len(p), nil
}
