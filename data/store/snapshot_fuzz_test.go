package store

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// Whatever bytes stand in a chunk, reading gives an error or rows; and rows
// that were read once are packed and read again as they were.
func FuzzChunk(f *testing.F) {
	var p packer
	var rows panel.Rows
	rows.Add(&panel.Episode{Key: "a", Trigger: "470", EligOff: panel.NoEnd, DeathOff: 4, Services: episode.Pack()})
	b := episode.NewBuilder(2)
	b.Add(&episode.Service{Setting: episode.HHA, Rule: episode.Visits, From: -3, To: 59, Amount: -12, Outlier: 5, Visits: []episode.Visit{{Offset: 3, Count: 1}}})
	b.Add(&episode.Service{Setting: episode.SNF, Excluded: 4, From: 1, To: 2, GMLOS: 350, Amount: 1 << 20})
	rows.Add(&panel.Episode{Key: "b", Cell: "469", EligOff: 30, DeathOff: panel.NoEnd, Services: b.Pool().Lines(0, 2)})
	lines, _, _ := b.Pool().Packed()
	f.Add(bytes.Clone(p.packEpisodes(&rows, 0, 1)), []byte{}, false)
	f.Add(bytes.Clone(p.packEpisodes(&rows, 1, 2)), lines, false)
	f.Add(bytes.Clone(p.packEpisodes(&rows, 0, 0)), []byte{}, false)
	f.Add(bytes.Clone(p.packPrices([]price.Row{{Kind: price.Benchmark, Cell: "470", Division: 1, Price: 5, Source: "x"}})), []byte{}, true)
	f.Fuzz(func(t *testing.T, data, lines []byte, prices bool) {
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
		texts := []string{"470", "", "469"}
		got, again := panel.Rows{Episodes: make([]panel.Row, n), Texts: texts}, panel.Rows{Episodes: make([]panel.Row, n), Texts: texts}
		if unpackInto(&u, &got, data, lines) != nil {
			return
		}
		if err := unpackInto(&u, &again, p.packEpisodes(&got, 0, int(n)), lines); err != nil || !got.Equal(again) {
			t.Fatalf("%v: %+v and %+v", err, got, again)
		}
	})
}

// Chunks that do not belong together are refused.
func TestChunksThatDisagree(t *testing.T) {
	b := episode.NewBuilder(2)
	for range 2 {
		b.Add(&episode.Service{Setting: episode.SNF, Amount: 100})
	}
	var rows panel.Rows
	rows.Add(&panel.Episode{Key: "a", Trigger: "470", Services: b.Pool().Lines(0, 2)})
	lines, _, _ := b.Pool().Packed()
	line := lines[:len(lines)/2]
	for _, tt := range []struct {
		name  string
		lines []byte
		texts []string
		ok    bool
	}{
		{"as packed", lines, rows.Texts, true},
		{"a line more", append(bytes.Clone(lines), line...), rows.Texts, false},
		{"a line less", line, rows.Texts, false},
		{"a text less", lines, rows.Texts[:1], false},
	} {
		var p packer
		var u unpacker
		err := unpackInto(&u, &panel.Rows{Episodes: make([]panel.Row, 1), Texts: tt.texts}, p.packEpisodes(&rows, 0, 1), tt.lines)
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// unpackInto reads one block into rows.
func unpackInto(u *unpacker, rows *panel.Rows, data, lines []byte) (err error) {
	rows.Blocks = make([]panel.Block, 1)
	if rows.Blocks[0], err = u.episodes(data, lines, rows.Episodes, 0); err == nil && int(u.last) >= len(rows.Texts) {
		err = errDamaged
	}
	return err
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
