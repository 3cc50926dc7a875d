package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bundlelab/data/store"
)

func TestDiscard(t *testing.T) {
	ctx := context.Background()
	fresh := func(t *testing.T) (*store.Store, string) {
		path := filepath.Join(t.TempDir(), "h.db")
		s, err := store.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		return s, path
	}
	gone := func(path string) bool { _, err := os.Stat(path); return os.IsNotExist(err) }

	t.Run("empty", func(t *testing.T) {
		s, path := fresh(t)
		if err := s.Discard(); err != nil {
			t.Fatal(err)
		}
		left, _ := filepath.Glob(path + "*")
		if len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	})
	t.Run("filled by another", func(t *testing.T) {
		s, path := fresh(t)
		other, err := store.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := other.Begin(ctx, store.BatchInfo{Format: store.Native})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Hospitals([]store.Hospital{{CCN: "100001"}}); err != nil {
			t.Fatal(err)
		}
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Discard(); err != nil || gone(path) {
			t.Fatalf("%v, gone %v", err, gone(path))
		}
		again, err := store.OpenExisting(ctx, path, true)
		if err != nil {
			t.Fatal(err)
		}
		if all, err := again.ListBatches(ctx); err != nil || len(all) != 1 {
			t.Errorf("%d batches, %v", len(all), err)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("open elsewhere", func(t *testing.T) {
		s, path := fresh(t)
		other, err := store.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := other.Begin(ctx, store.BatchInfo{Format: store.Native})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Discard(); err != nil || gone(path) {
			t.Errorf("%v, gone %v", err, gone(path))
		}
		if err := b.Commit(); err != nil {
			t.Error(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("removed before the lock", func(t *testing.T) {
		s, path := fresh(t)
		defer func() { _ = s.Close() }()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Begin(ctx, store.BatchInfo{Format: store.Native}); err == nil || strings.Contains(err.Error(), path+".") {
			t.Errorf("an import into a file without a name: %v", err)
		}
	})
}
