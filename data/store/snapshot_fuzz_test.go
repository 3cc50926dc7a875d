package store

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// Whatever bytes stand in a chunk, reading gives an error or rows; and rows
// that were read once are packed and read again as they were.
func FuzzChunk(f *testing.F) {
	var p packer
	rows := []panel.Episode{{Key: "a", Trigger: "470", EligOff: panel.NoEnd, DeathOff: 4}, {Key: "b", Cell: "469", EligOff: 30, DeathOff: panel.NoEnd, Services: episode.Pack([]episode.Service{
		{Setting: episode.HHA, Rule: episode.Visits, From: -3, To: 59, Amount: -12, Outlier: 5, Visits: []episode.Visit{{Offset: 3, Count: 1}}},
		{Setting: episode.SNF, Excluded: 4, From: 1, To: 2, GMLOS: 350, Amount: 1 << 40},
	}...)}}
	f.Add(bytes.Clone(p.packEpisodes(rows)), uint8(2), false)
	f.Add(bytes.Clone(p.packEpisodes(nil)), uint8(0), false)
	f.Add(bytes.Clone(p.packPrices([]price.Row{{Kind: price.Benchmark, Cell: "470", Division: 1, Price: 5, Source: "x"}})), uint8(0), true)
	f.Fuzz(func(t *testing.T, data []byte, lines uint8, prices bool) {
		n, _ := binary.Uvarint(data)
		if n > uint64(len(data)) {
			n = 0
		}
		var u unpacker
		if prices {
			got, again := make([]price.Row, n), make([]price.Row, n)
			if u.prices(data, got) != nil {
				return
			}
			if err := u.prices(p.packPrices(got), again); err != nil || !reflect.DeepEqual(got, again) {
				t.Fatalf("%v: %+v and %+v", err, got, again)
			}
			return
		}
		got, again := make([]panel.Episode, n), make([]panel.Episode, n)
		if u.episodes(data, got, int(lines)) != nil {
			return
		}
		if err := u.episodes(p.packEpisodes(got), again, int(lines)); err != nil || !cmp.Equal(got, again) {
			t.Fatalf("%v: %+v and %+v", err, got, again)
		}
	})
}

// The widths of a dense column, each at its edges.
func FuzzColumn(f *testing.F) {
	f.Add(int64(0), int64(0), int64(0))
	f.Add(int64(-1<<63), int64(1<<63-1), int64(5))
	f.Add(int64(7), int64(7+1<<24), int64(7+1<<32-1))
	f.Fuzz(func(t *testing.T, a, b, c int64) {
		want := []int64{a, b, c, a}
		for least := range 2 {
			data := appendSparse(appendDense(nil, want, least), want)
			got, thin := make([]int64, 4), make([]int64, 4)
			col := column{data: data}
			col.dense(got, least)
			col.sparse(4, func(i int, x int64) { thin[i] = x })
			if col.bad || len(col.data) > 0 || !reflect.DeepEqual(want, got) || !reflect.DeepEqual(want, thin) {
				t.Fatalf("%v became %v and %v", want, got, thin)
			}
		}
	})
}
