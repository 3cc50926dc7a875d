package ingest_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
)

// zipped packs files by name.
func zipped(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestProgress(t *testing.T) {
	e, s := good(5000)
	dir := write(t, map[string]string{"episodes.csv": episodeHead + e, "services.csv": serviceHead + s})
	var all []ingest.Progress
	o := ingest.Options{Format: store.Native, Dir: dir, Key: key(t), Today: today(), Progress: func(p ingest.Progress) { all = append(all, p) }}
	if _, err := ingest.Import(context.Background(), o, &memory{}); err != nil {
		t.Fatal(err)
	}
	phases := map[string]int{}
	for i, p := range all {
		phases[p.Phase]++
		if p.Total == 0 || p.Bytes > p.Total || p.File == "" {
			t.Errorf("%+v", p)
		}
		if i > 0 && all[i-1].Phase == p.Phase && (p.Bytes < all[i-1].Bytes || p.Rows < all[i-1].Rows || p.Total != all[i-1].Total) {
			t.Errorf("%+v after %+v", p, all[i-1])
		}
	}
	last := all[len(all)-1]
	if phases["checking"] == 0 || phases["reading"] == 0 || last.Bytes != last.Total || last.Rows < 4000 {
		t.Errorf("%v, last %+v", phases, last)
	}
	// No more often than every 64 KB, but for the end of each file.
	if most := int(last.Total>>16) + 10; len(all) > 2*most {
		t.Errorf("%d reports", len(all))
	}
}

// stopping is a sink that does something at one episode.
type stopping struct {
	memory
	left int
	stop func()
}

func (s *stopping) Episode(e *store.Episode) error {
	if s.left--; s.left == 0 {
		s.stop()
	}
	return s.memory.Episode(e)
}

// TestNothingIsLeftAtWork ends imports early, by a cancelled context and by a
// sink that fails or panics: none leaves a goroutine behind.
func TestNothingIsLeftAtWork(t *testing.T) {
	e, s := good(20000)
	dir := write(t, map[string]string{"episodes.csv": episodeHead + e, "services.csv": serviceHead + s})
	before := runtime.NumGoroutine()
	run := func(ctx context.Context, sink ingest.Sink) error {
		_, err := ingest.Import(ctx, ingest.Options{Format: store.Native, Dir: dir, Key: key(t), Today: today()}, sink)
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := run(ctx, &stopping{left: 10, stop: cancel}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := run(context.Background(), &failing{}); err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("failing: %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was lost")
			}
		}()
		_ = run(context.Background(), &stopping{left: 10, stop: func() { panic("1EG4") }})
	}()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// failing is a sink that takes nothing after its hospitals.
type failing struct{ memory }

func (failing) Episode(*store.Episode) error { return errors.New("full") }
