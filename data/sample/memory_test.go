package sample_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bundlelab/data/sample"
	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// The first start shows the sample from memory; every later one loads the
// file. Both must be the same data.
func TestMemoryIsWhatTheDatabaseGivesBack(t *testing.T) {
	o := sample.Options{Episodes: 700}
	var m store.Memory
	if err := sample.Generate(t.Context(), o, &m, nil); err != nil {
		t.Fatal(err)
	}
	want, err := m.Data(sample.Name(o), true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "sample.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if err := s.SetMeta(t.Context(), "name", sample.Name(o)); err != nil {
		t.Fatal(err)
	}
	b, err := s.Begin(t.Context(), sample.Info("test", o))
	if err != nil {
		t.Fatal(err)
	}
	if err := sample.Generate(t.Context(), o, b, nil); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	got, err := s.Load(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	opts := cmp.Options{cmpopts.EquateEmpty(), cmp.AllowUnexported(panel.Panel{}), cmpopts.SortSlices(func(a, b price.Row) bool {
		return a.Cell < b.Cell || a.Cell == b.Cell && (a.Division < b.Division || a.Division == b.Division && a.Days < b.Days)
	}), cmpopts.EquateComparable(episode.Category(0))}
	if d := cmp.Diff(want.Panel, got.Panel, opts); d != "" {
		t.Errorf("panel differs (-memory +database):\n%.2000s", d)
	}
	if d := cmp.Diff(want.Prices.Rows(), got.Prices.Rows(), opts); d != "" {
		t.Errorf("prices differ:\n%.2000s", d)
	}
	if want.Info.Services != got.Info.Services || want.Info.Episodes != got.Info.Episodes || *want.Info.DataThrough != *got.Info.DataThrough || !got.Info.Synthetic {
		t.Errorf("summary differs: %+v and %+v", want.Info, got.Info)
	}
}
