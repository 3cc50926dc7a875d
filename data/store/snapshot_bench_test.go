package store

import (
	"context"
	"os"
	"testing"
)

// sizes of the benchmarks. The nation takes minutes to make; it is measured on
// the database that BUNDLELAB_BENCH_DB names, such as one made with
// "bundlelab sample --hospitals 700 --episodes 700000".
const benchDatabase = "BUNDLELAB_BENCH_DB"

func benchmarkLoad(b *testing.B, load func(*Store) (*Data, error)) {
	for _, size := range []struct {
		name     string
		episodes int
	}{{"2k", 2_000}, {"50k", 50_000}, {"nation", 0}} {
		b.Run(size.name, func(b *testing.B) {
			path := os.Getenv(benchDatabase)
			var s *Store
			if size.episodes > 0 {
				s = newStore(b)
				batch := begin(b, s, BatchInfo{Format: Synthetic})
				for i := range size.episodes {
					put(b, batch, typical(i))
				}
				commit(b, batch)
			} else {
				if path == "" || testing.Short() {
					b.Skip("set " + benchDatabase + " to a large database")
				}
				var err error
				if s, err = OpenExisting(context.Background(), path, false); err != nil {
					b.Fatal(err)
				}
				defer func() { _ = s.Close() }()
			}
			if err := s.Snapshot(context.Background(), nil); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			lines := 0
			for b.Loop() {
				d, err := load(s)
				if err != nil {
					b.Fatal(err)
				}
				lines = d.Info.Services
			}
			b.ReportMetric(float64(b.N)*float64(lines)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}

// BenchmarkLoadRows and BenchmarkLoadSnapshot load the same database both ways.
func BenchmarkLoadRows(b *testing.B) {
	benchmarkLoad(b, func(s *Store) (*Data, error) {
		return s.fromRows(context.Background(), func(int, int) {}, false)
	})
}

func BenchmarkLoadSnapshot(b *testing.B) {
	benchmarkLoad(b, func(s *Store) (*Data, error) {
		return s.fromSnapshot(context.Background(), func(int, int) {})
	})
}
