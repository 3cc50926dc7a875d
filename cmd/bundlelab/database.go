package main

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"bundlelab/data/sample"
	"bundlelab/data/store"
	"bundlelab/engine"
	"bundlelab/engine/policy"
)

// loaded is an open database in the engine's terms.
type loaded struct {
	model *engine.Model
	info  store.Summary
	path  string

	// finish waits for the first sample to be written behind the user's back;
	// nil when nothing is.
	finish func() error
}

// close ends what still goes on behind a loaded database.
func (l *loaded) close(err error) error {
	if l.finish == nil {
		return err
	}
	return errors.Join(err, l.finish())
}

// open loads the database the rules choose; the sample is made when it is not
// there yet. The caller closes what it gets.
func (s *session) open(flag string) (*loaded, error) {
	path, why := database(flag)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && path == places().sample() && why != "--db" && why != "BUNDLELAB_DB" {
		return s.firstSample(path)
	}
	db, err := store.OpenExisting(s.ctx, path, true)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // read-only: nothing is lost
	designs := designsMeanwhile()
	data, err := s.load(db)
	if err != nil {
		return nil, err
	}
	if data.Info.Mixed {
		s.say("warning: %s holds SYNTHETIC and real episodes together: do not rely on its totals", path)
	}
	m, err := newModel(data, designs)
	if err != nil {
		return nil, err
	}
	remember(path)
	return &loaded{model: m, info: data.Info, path: path}, nil
}

// load reads the database. Most of what a snapshot's chunks become stays, so
// the collector rests meanwhile. Rows read one by one leave several times what
// stays: it wakes when the first of them is heard of.
func (s *session) load(db *store.Store) (*store.Data, error) {
	percent := debug.SetGCPercent(-1)
	wake := sync.OnceFunc(func() { debug.SetGCPercent(percent) })
	defer wake()
	defer boundMemory()
	bar := s.bar("loading " + filepath.Base(db.Path()))
	defer bar.done()
	return db.Load(s.ctx, func(done, total int) {
		wake()
		bar.step(done, total)
	})
}

// boundMemory has the collector work harder near 1 GiB, which a nation's year
// then stays below under all designs at once. Data that alone fill half of that
// get twice their size, and GOMEMLIMIT goes before.
func boundMemory() {
	if debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return
	}
	const bound = 960 << 20
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetMemoryLimit(max(bound, 2*int64(m.HeapAlloc)))
}

// snapshot packs what was just written, so that the next start is quick. When
// that cannot be, the next start does it, or goes without.
func (s *session) snapshot(db *store.Store) {
	bar := s.bar("packing for a quick start")
	err := db.Snapshot(s.ctx, bar.step)
	bar.done()
	if err != nil && s.ctx.Err() == nil {
		s.say("the data are in; only the quick start is not ready: %v", err)
	}
}

// dropSnapshot empties the snapshot of a database.
func (s *session) dropSnapshot(path string) error {
	db, err := store.OpenExisting(s.ctx, path, false)
	if err != nil {
		return err
	}
	return errors.Join(db.DropSnapshot(s.ctx), db.Close())
}

// designsMeanwhile reads the design files beside a database; what it returns
// waits for them.
func designsMeanwhile() func() (*policy.Set, error) {
	designs := sync.OnceValues(loadDesigns)
	go func() {
		_ = guarded(func() error { // whoever asks for the designs hears of it
			_, err := designs()
			return err
		})
	}()
	return designs
}

func newModel(data *store.Data, designs func() (*policy.Set, error)) (*engine.Model, error) {
	set, err := designs()
	if err != nil {
		return nil, err
	}
	return engine.New(data.Panel, data.Prices, set)
}

// firstSample makes the sample in memory, which takes a tenth of the time its
// file takes, and writes the file while the user already looks at it.
func (s *session) firstSample(path string) (*loaded, error) {
	var o sample.Options
	var mem store.Memory
	designs := designsMeanwhile()
	if err := sample.Generate(s.ctx, o, &mem, nil); err != nil {
		return nil, err
	}
	data, err := mem.Data(sample.Name(o), true)
	if err != nil {
		return nil, err
	}
	m, err := newModel(data, designs)
	if err != nil {
		return nil, err
	}
	written := make(chan error, 1)
	go func() {
		err := guarded(func() error { return s.makeSample(path, o, false, false) })
		if errors.Is(err, fs.ErrExist) {
			err = nil // another first start was quicker, with the same sample
		}
		written <- err
	}()
	return &loaded{model: m, info: data.Info, path: path, finish: func() error { return <-written }}, nil
}

// makeSample writes a synthetic database beside the target and moves it into
// place when it is whole, so that a stop half-way leaves nothing. Without
// replace it gives fs.ErrExist when a file came to stand there meanwhile.
func (s *session) makeSample(path string, o sample.Options, progress, replace bool) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	sweep(filepath.Dir(path))
	dir, err := os.MkdirTemp(filepath.Dir(path), halfMade)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	tmp := filepath.Join(dir, filepath.Base(path))
	if err := s.fillSample(tmp, o, progress); err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil && !replace {
		return fs.ErrExist
	}
	// What a replaced or deleted database left beside it must not be read with
	// the new one.
	for _, side := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + side); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if !replace {
		err := os.Link(tmp, path)
		if err == nil || errors.Is(err, fs.ErrExist) {
			return err
		}
		// A file system without links: move; the look above has to do.
	}
	return os.Rename(tmp, path)
}

// halfMade begins the name of a folder with a sample that is not whole yet.
const halfMade = ".sample-"

// sweep removes what a program that was killed left half-made. A folder of the
// last hour may still be filled by another program.
func sweep(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, halfMade+"*")) // the pattern is well formed
	for _, d := range left {
		if st, err := os.Stat(d); err == nil && time.Since(st.ModTime()) > time.Hour {
			_ = os.RemoveAll(d) // it wastes space and harms nothing
		}
	}
}

func (s *session) fillSample(path string, o sample.Options, progress bool) (err error) {
	db, err := store.Open(s.ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.SetMeta(s.ctx, "name", sample.Name(o)); err != nil {
		return err
	}
	batch, err := db.Begin(s.ctx, sample.Info(version, o))
	if err != nil {
		return err
	}
	bar := s.bar("making the synthetic sample")
	bar.wanted = bar.wanted && progress
	err = sample.Generate(s.ctx, o, batch, bar.step)
	bar.done()
	if err != nil {
		return errors.Join(err, batch.Rollback())
	}
	if err := batch.Commit(); err != nil {
		return err
	}
	if progress {
		s.snapshot(db)
		return nil
	}
	return db.Snapshot(s.ctx, nil)
}
