// Package pseudonym turns a person's identifier into a name nobody can read
// back: a keyed hash whose key stays in one file outside the database.
package pseudonym

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// KeySize is the length of the key in bytes.
const KeySize = 32

// Key hashes identifiers. The zero Key hashes nothing: get one from Open,
// OpenOrCreate or New.
type Key struct{ secret [KeySize]byte }

// New makes a Key from 32 secret bytes, for tests and for keys kept elsewhere.
func New(secret []byte) (*Key, error) {
	if len(secret) != KeySize {
		return nil, fmt.Errorf("identifier key has %d bytes instead of %d", len(secret), KeySize)
	}
	k := &Key{}
	copy(k.secret[:], secret)
	return k, nil
}

// Open reads the key from its file. The error wraps fs.ErrNotExist when there
// is none.
func Open(path string) (*Key, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading the identifier key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" { // whose modes say nothing
		return nil, fmt.Errorf("identifier key %s can be read by others: run chmod 600 on it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the identifier key: %w", err)
	}
	secret := make([]byte, KeySize)
	if len(text) < 2*KeySize {
		return nil, fmt.Errorf("identifier key %s is cut short: restore it from a copy, or move it away and import again into a new database", path)
	}
	if _, err := hex.Decode(secret, text[:2*KeySize]); err != nil {
		return nil, fmt.Errorf("identifier key %s is damaged: restore it from a copy, or move it away and import again into a new database", path)
	}
	return New(secret)
}

// OpenOrCreate reads the key, or makes one of random bytes with mode 0600 in a
// folder of mode 0700 when there is none. Two first imports at once agree on
// one key: whoever comes second reads what the first wrote.
func OpenOrCreate(path string) (*Key, error) {
	k, err := Open(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("making the folder of the identifier key: %w", err)
	}
	if k, err = drawn(); err != nil {
		return nil, err
	}
	if err := k.write(path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return Open(path)
		}
		return nil, fmt.Errorf("writing the identifier key: %w", err)
	}
	return k, nil
}

// drawn is a new key of random bytes.
func drawn() (*Key, error) {
	k := &Key{}
	if _, err := rand.Read(k.secret[:]); err != nil {
		return nil, fmt.Errorf("drawing an identifier key: %w", err)
	}
	return k, nil
}

// write puts the whole key in place in one step: a crash leaves no half key. A
// key that is there already (fs.ErrExist) stays, and lasts as the new one would.
func (k *Key) write(path string) error {
	tmp, err := k.temp(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp) }()
	if err = settle(tmp, path, os.Link); err == nil || errors.Is(err, fs.ErrExist) {
		err = errors.Join(err, lasting(filepath.Dir(path)))
	}
	return err
}

// temp writes the key to a file that has no name yet and gives its path.
func (k *Key) temp(dir string) (string, error) {
	tmp, err := os.CreateTemp(dir, ".key-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = tmp.WriteString(hex.EncodeToString(k.secret[:]) + "\n")
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return "", errors.Join(err, os.Remove(tmp.Name()))
	}
	return tmp.Name(), nil
}

// settle gives the finished file its name, never over a key that is there.
// Link does that in one step; where a file system has no links, a copy of so
// few bytes must do: renaming could replace the key of another first import,
// and with it the way back to what that import hashed.
func settle(tmp, path string, link func(from, to string) error) error {
	err := link(tmp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	text, err := os.ReadFile(tmp)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// Hash is the keyed hash of an identifier: 32 bytes, HMAC-SHA256. Kind keeps
// apart identifiers of different kinds that happen to be written alike.
func (k *Key) Hash(kind, value string) []byte {
	h := hmac.New(sha256.New, k.secret[:])
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write([]byte(value))
	return h.Sum(nil)
}

// Short is the hash as 16 hexadecimal digits, for keys people see.
func (k *Key) Short(kind, value string) string {
	return hex.EncodeToString(k.Hash(kind, value)[:8])
}

// ID is a fingerprint of the key itself, 8 hexadecimal digits. The database
// keeps it, so that an import with another key is noticed.
func (k *Key) ID() string { return hex.EncodeToString(k.Hash("key-id", "")[:4]) }

// String keeps the key out of any print.
func (k *Key) String() string { return "pseudonym key " + k.ID() }

// GoString keeps the key out of any debug print.
func (k *Key) GoString() string { return k.String() }
