package pseudonym

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Ring is the folder of the keys: the current one, which new databases get, in
// identifier.key, and every other in identifier-<ID>.key. A hash cannot be made
// again without the identifiers, so a database keeps the key it began with.
type Ring struct{ Dir string }

// Held is a key of the ring.
type Held struct {
	ID      string
	Path    string
	Current bool
}

// currentName is the file of the current key.
const currentName = "identifier.key"

// idOf is the ID in the name of a key's file; "" in any other name.
func idOf(name string) string {
	id, ok := strings.CutPrefix(name, "identifier-")
	id, key := strings.CutSuffix(id, ".key")
	if raw, err := hex.DecodeString(id); !ok || !key || err != nil || len(raw) != 4 {
		return ""
	}
	return id
}

// Path is the file of the current key.
func (r Ring) Path() string { return filepath.Join(r.Dir, currentName) }

func (r Ring) pathOf(id string) string { return filepath.Join(r.Dir, "identifier-"+id+".key") }

// Current opens the current key; the error wraps fs.ErrNotExist when there is
// none yet.
func (r Ring) Current() (*Key, error) {
	if err := r.guarded(); err != nil {
		return nil, err
	}
	return Open(r.Path())
}

// Ensure opens the current key and makes one when there is none.
func (r Ring) Ensure() (*Key, error) {
	if err := r.guarded(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return OpenOrCreate(r.Path())
}

// guarded refuses a folder in which others could put a key of theirs.
func (r Ring) guarded() error {
	info, err := os.Stat(r.Dir)
	if err != nil {
		return fmt.Errorf("reading the folder of the identifier keys: %w", err)
	}
	if info.Mode().Perm()&0o022 != 0 && runtime.GOOS != "windows" { // whose modes say nothing
		return fmt.Errorf("other users may write to %s, where the identifier keys are: run chmod 700 on it", r.Dir)
	}
	return nil
}

// MissingError says that the ring has no key of an ID.
type MissingError struct{ ID, Dir string }

// Error names the key and the next step.
func (e *MissingError) Error() string {
	return fmt.Sprintf("identifier key %s is not in %s: bring it back with \"bundlelab key restore FILE\" from its backup, or import into a new database", e.ID, e.Dir)
}

// Find opens the key of an ID, current or not; a *MissingError when the ring
// does not have it.
func (r Ring) Find(id string) (*Key, error) {
	if err := r.guarded(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, path := range []string{r.Path(), r.pathOf(id)} {
		k, err := Open(path)
		switch {
		case err == nil && k.ID() == id:
			return k, nil
		case err == nil && path != r.Path():
			return nil, fmt.Errorf("%s holds another key than its name says: restore it from a copy", path)
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	return nil, &MissingError{id, r.Dir}
}

// List gives the keys, the current one first.
func (r Ring) List() ([]Held, error) {
	var all []Held
	switch k, err := r.Current(); {
	case err == nil:
		all = append(all, Held{k.ID(), r.Path(), true})
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	entries, err := os.ReadDir(r.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing the identifier keys: %w", err)
	}
	for _, e := range entries {
		id := idOf(e.Name())
		if id == "" || len(all) > 0 && all[0].ID == id {
			continue // the current one has its own file, and may have this too
		}
		if _, err := r.Find(id); err != nil {
			return nil, err
		}
		all = append(all, Held{id, r.pathOf(id), false})
	}
	return all, nil
}

// Rotate makes a new current key and keeps the old one under its ID, first of
// all, so that a crash loses neither. Databases stay with the key they have.
func (r Ring) Rotate() (old, current *Key, err error) {
	if old, err = r.Current(); err != nil {
		return nil, nil, err
	}
	if err := r.keep(old); err != nil {
		return nil, nil, err
	}
	if current, err = drawn(); err != nil {
		return nil, nil, err
	}
	tmp, err := current.temp(r.Dir)
	if err != nil {
		return nil, nil, fmt.Errorf("writing the identifier key: %w", err)
	}
	if err := os.Rename(tmp, r.Path()); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("writing the identifier key: %w", err), os.Remove(tmp))
	}
	if err := lasting(r.Dir); err != nil {
		return nil, nil, fmt.Errorf("writing the identifier key: %w", err)
	}
	return old, current, nil
}

// keep files a key under its ID; one that is there already stays.
func (r Ring) keep(k *Key) error {
	if err := makeFolder(r.Dir); err != nil {
		return fmt.Errorf("making the folder of the identifier keys: %w", err)
	}
	if err := k.write(r.pathOf(k.ID())); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keeping identifier key %s: %w", k.ID(), err)
	}
	_, err := r.Find(k.ID())
	return err
}

// Backup writes every key, one to a line, the current one first, to a new file
// that only its owner can read.
func (r Ring) Backup(path string) (keys []Held, err error) {
	if keys, err = r.List(); err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("there is no identifier key to back up: the first import makes one: %w", fs.ErrNotExist)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("writing the backup of the identifier keys: %w", err)
	}
	for _, h := range keys {
		k, ferr := r.Find(h.ID)
		if ferr == nil {
			_, ferr = fmt.Fprintln(f, hex.EncodeToString(k.secret[:]))
		}
		err = errors.Join(err, ferr)
	}
	if err = errors.Join(err, f.Sync(), f.Close(), lasting(filepath.Dir(path))); err != nil {
		return nil, errors.Join(fmt.Errorf("writing the backup of the identifier keys: %w", err), os.Remove(path))
	}
	return keys, nil
}

// Restore takes the keys of a backup into the ring. The current key stays; a
// ring without one makes the backup's first its current key.
func (r Ring) Restore(path string) (ids []string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the backup of the identifier keys: %w", err)
	}
	var keys []*Key
	for i, line := range strings.Fields(string(text)) {
		secret, err := hex.DecodeString(line)
		if err != nil || len(secret) != KeySize {
			return nil, fmt.Errorf("%s:%d: this is no identifier key: a backup has one of 64 hexadecimal digits to a line", path, i+1)
		}
		k, err := New(secret)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s holds no identifier key", path)
	}
	for _, k := range keys {
		if err := r.keep(k); err != nil {
			return nil, err
		}
		ids = append(ids, k.ID())
	}
	if err := keys[0].write(r.Path()); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("writing the identifier key: %w", err)
	}
	return ids, nil
}
