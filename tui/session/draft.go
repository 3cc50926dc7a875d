package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"bundlelab/scenarios"
)

const draftName = ".draft.toml"

// IsDraft says whether a scenario file is the unsaved draft.
func IsDraft(file string) bool { return filepath.Base(file) == draftName }

// WriteDraft keeps an unsaved scenario, so that a crash loses nothing: written
// whole or not at all, readable by its owner only.
func WriteDraft(f scenarios.Folder, x scenarios.Scenario) error {
	fail := func(err error) error { return fmt.Errorf("keep the draft: %w", err) }
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return fail(err)
	}
	tmp, err := os.CreateTemp(f.Dir, ".draft-*")
	if err != nil {
		return fail(err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when the rename succeeded
	_, werr := tmp.Write(x.Format())
	if err := errors.Join(werr, tmp.Sync(), tmp.Close()); err != nil {
		return fail(err)
	}
	if err := os.Rename(tmp.Name(), filepath.Join(f.Dir, draftName)); err != nil {
		return fail(err)
	}
	return nil
}

// DropDraft removes the draft once its content is saved.
func DropDraft(f scenarios.Folder) error {
	if err := os.Remove(filepath.Join(f.Dir, draftName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the draft: %w", err)
	}
	return nil
}
