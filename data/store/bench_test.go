package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// typical is an episode with 25 lines, the mean of a claims extract.
func typical(i int) *Episode {
	e := plain(i, money.Cents(1_000_000+i))
	for k := range 23 {
		e.Services = append(e.Services, Service{
			Service: episode.Service{Setting: episode.Setting(k % 11), From: int32(k * 3), To: int32(k*3 + 4), Amount: money.Cents(12_345 + k*i)},
			LineKey: "L0", CodeKind: "HCPCS", Code: "99213", ProviderKind: "NPI", Provider: "1234567893", Units: 1,
		})
	}
	return e
}

func BenchmarkImport(b *testing.B) {
	const episodes = 12_000
	all := make([]*Episode, episodes)
	for i := range all {
		all[i] = typical(i)
	}
	b.ReportAllocs()
	for b.Loop() {
		s := newStore(b)
		batch := begin(b, s, BatchInfo{Format: Synthetic})
		put(b, batch, all...)
		commit(b, batch)
	}
	b.ReportMetric(float64(b.N*episodes*25)/b.Elapsed().Seconds(), "lines/s")
}

// BenchmarkRawInsert is the yardstick: the same service rows through the same
// driver with nothing around them.
func BenchmarkRawInsert(b *testing.B) {
	const lines = 300_000
	for b.Loop() {
		s := newStore(b)
		c, err := s.dial("foreign_keys(OFF)")
		if err != nil {
			b.Fatal(err)
		}
		var plain []target
		for i, col := range serviceColumns() {
			plain = append(plain, target{col.name, fmt.Sprintf("column%d", i+1)})
		}
		in, err := newInserter(c, 100, "service", len(plain), plain...)
		if err == nil {
			err = c.run("BEGIN IMMEDIATE")
		}
		if err == nil { // as an import does
			err = c.restTriggers()
		}
		for i := 0; i < lines && err == nil; i++ {
			r := in.row()
			for k := range r {
				r[k].Value = int64(1)
			}
			r[0].Value, r[1].Value, r[8].Value = int64(i/25), int64(i%25), int64(12_345+i)
			r[15].Value, r[16].Value, r[17].Value, r[18].Value = "99213", "L0", nil, nil
			if in.isFull() {
				err = in.flush()
			}
		}
		if err == nil {
			err = c.run("COMMIT")
		}
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*lines)/b.Elapsed().Seconds(), "lines/s")
}

func BenchmarkLoad(b *testing.B) {
	const episodes = 12_000
	path := filepath.Join(b.TempDir(), "load.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		b.Fatal(err)
	}
	batch := begin(b, s, BatchInfo{Format: Synthetic})
	for i := range episodes {
		put(b, batch, typical(i))
	}
	commit(b, batch)
	b.ReportAllocs()
	for b.Loop() {
		load(b, s)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
