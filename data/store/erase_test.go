package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"time"

	"bundlelab/engine/money"
)

// Undo leaves nothing of an import in the file, the packed copy and the
// write-ahead log included, when nobody else holds them.
func TestUndoErases(t *testing.T) {
	ctx := context.Background()
	s := newStore(t)
	const many = 600 // many pages, those of the two imports among each other
	for batch, word := range []string{"STAYS", "QUACKENBUSH"} {
		b := begin(t, s, BatchInfo{Format: Native})
		for i := range many {
			e := plain(i, money.Cents(batch+1))
			e.Key = fmt.Sprintf("%04d-%s", i*7919%many, word)
			e.BeneHash = fmt.Appendf(nil, "hash-%s-%d", word, i)
			for k := range e.Services {
				e.Services[k].LineKey = fmt.Sprintf("line-%s-%d-%d", word, i, k)
			}
			if err := b.Episode(e); err != nil {
				t.Fatal(err)
			}
		}
		commit(t, b)
		if err := s.Snapshot(ctx, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := inFiles(t, s.Path(), "QUACKENBUSH"); n < many {
		t.Fatalf("before: %d", n)
	}
	if u, err := s.Undo(ctx, 2, time.Now()); err != nil || u.Removed != many {
		t.Fatal(u, err)
	}
	if n := inFiles(t, s.Path(), "QUACKENBUSH"); n != 0 {
		t.Errorf("undone, and still there %d times", n)
	}
	if n := inFiles(t, s.Path(), "STAYS"); n < many {
		t.Errorf("the other import is there %d times", n)
	}
	if info, err := os.Stat(s.Path() + "-wal"); err == nil && info.Size() != 0 {
		t.Errorf("the write-ahead log holds %d bytes", info.Size())
	}
}

// inFiles counts a word in the bytes of a database and its log.
func inFiles(t *testing.T, path, word string) (n int) {
	t.Helper()
	for _, p := range []string{path, path + "-wal"} {
		text, err := os.ReadFile(p)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		n += bytes.Count(text, []byte(word))
	}
	return n
}
