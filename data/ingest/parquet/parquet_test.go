package parquet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bundlelab/data/ingest/parquet"
	"bundlelab/data/ingest/table"
)

// source puts bytes into a file.
func source(t interface {
	TempDir() string
	Fatal(...any)
}, content []byte) table.Source {
	path := filepath.Join(t.TempDir(), "claims.parquet")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := table.Find(path)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// written writes rows with the reference library.
func written[T any](t testing.TB, rows []T, options ...pq.WriterOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pq.NewGenericWriter[T](&b, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// text is what a file gives, header first.
func text(src table.Source, columns ...string) ([][]string, error) {
	f, err := parquet.Open(src)
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(f.Text(columns))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return csv.NewReader(bytes.NewReader(out)).ReadAll()
}

type line struct {
	Claim  string  `parquet:"claim_id"`
	Number int32   `parquet:"claim_line_number"`
	Code   *string `parquet:"code,optional,dict"`
	Words  *string `parquet:"words,optional"`
	Flag   bool    `parquet:"flag"`
	Maybe  *bool   `parquet:"maybe,optional"`
}

// What the reference library writes is read as it was, under every packing,
// form and size of pages.
func TestRowsComeBack(t *testing.T) {
	dir := t
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "rows")
		words := rapid.SampledFrom([]string{"", "a", "470", "x,y", `say "no"`, "Ärzte", strings.Repeat("long ", 60)})
		maybe := func(name string) *string {
			if !rapid.Bool().Draw(t, name+" there") {
				return nil
			}
			s := words.Draw(t, name)
			return &s
		}
		rows := make([]line, n)
		want := [][]string{{"claim_id", "claim_line_number", "code", "words", "flag", "maybe"}}
		opt := func(s *string) string {
			if s == nil {
				return ""
			}
			return *s
		}
		for i := range rows {
			r := line{Claim: fmt.Sprint("c", i/3), Number: int32(rapid.IntRange(-5, 1<<30).Draw(t, "number")), Code: maybe("code"), Words: maybe("words"), Flag: rapid.Bool().Draw(t, "flag")}
			m := ""
			if rapid.Bool().Draw(t, "maybe there") {
				b := rapid.Bool().Draw(t, "maybe")
				r.Maybe, m = &b, fmt.Sprint(b)
			}
			rows[i] = r
			want = append(want, []string{r.Claim, fmt.Sprint(r.Number), opt(r.Code), opt(r.Words), fmt.Sprint(r.Flag), m})
		}
		codec := rapid.SampledFrom([]compress.Codec{&pq.Uncompressed, &pq.Snappy, &pq.Gzip, &pq.Zstd}).Draw(t, "codec")
		b := written(dir, rows, pq.Compression(codec), pq.DataPageVersion(rapid.IntRange(1, 2).Draw(t, "version")),
			pq.PageBufferSize(rapid.SampledFrom([]int{64, 1024, 1 << 20}).Draw(t, "page")), pq.MaxRowsPerRowGroup(int64(rapid.SampledFrom([]int{7, 50, 1000}).Draw(t, "group"))))
		got, err := text(source(dir, b), want[0]...)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

type typed struct {
	Day    int32     `parquet:"day,date"`
	Cents  int64     `parquet:"cents,decimal(2:18)"`
	Small  int32     `parquet:"small,decimal(2:9)"`
	Fixed  [16]byte  `parquet:"fixed,decimal(2:38)"`
	Real   float64   `parquet:"real"`
	Single float32   `parquet:"single"`
	At     time.Time `parquet:"at,timestamp(microsecond)"`
	Milli  time.Time `parquet:"milli,timestamp(millisecond)"`
	Big    uint64    `parquet:"big"`
	NPI    float64   `parquet:"npi"`
}

func TestTypes(t *testing.T) {
	minus := [16]byte{}
	for i := range minus {
		minus[i] = 0xff
	}
	before := time.Date(1969, 12, 31, 23, 0, 0, 0, time.UTC)
	rows := []typed{
		// 2025-11-15 is day 20407; 0.1 + 0.2 and three times 10.1 show the last
		// binary digit as doubles, and the cents are meant.
		{20407, 123456, -5, [16]byte{14: 1, 15: 0x2c}, 3 * 10.1, 0.1, time.Date(2025, 11, 15, 23, 59, 59, 0, time.UTC), before, 1<<64 - 1, 1003811290},
		{-1, -1, 0, minus, 12.345, 1e6, before, before, 0, 0},
	}
	got, err := text(source(t, written(t, rows)), "day", "cents", "small", "fixed", "real", "single", "at", "milli", "big", "npi")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"day", "cents", "small", "fixed", "real", "single", "at", "milli", "big", "npi"},
		{"2025-11-15", "1234.56", "-0.05", "3", "30.3", "0.1", "2025-11-15", "1969-12-31", "18446744073709551615", "1003811290"},
		{"1969-12-31", "-0.01", "0", "-0.01", "12.345", "1000000", "1969-12-31", "1969-12-31", "0", "0"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

type nested struct {
	Before string   `parquet:"before"`
	List   []string `parquet:"list,list"`
	Group  struct {
		A, B string
	} `parquet:"group"`
	Many  []int32 `parquet:"many"`
	After string  `parquet:"after"`
}

func TestOnlyFlatColumnsAskedForAreRead(t *testing.T) {
	rows := []nested{{Before: "b", List: []string{"x", "y"}, Many: []int32{1, 2, 3}, After: "a"}, {Before: "c", After: "d"}}
	src := source(t, written(t, rows))
	f, err := parquet.Open(src)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"before", "after"}, f.Columns()); d != "" {
		t.Error(d)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := text(src, "AFTER", "many", "absent", "group")
	if d := cmp.Diff([][]string{{"after"}, {"a"}, {"d"}}, got); d != "" || err != nil {
		t.Error(d, err)
	}
}

// forms has a column in every form of values.
type forms struct {
	Plain  string  `parquet:"plain,plain"`
	Words  string  `parquet:"words,dict"`
	Length string  `parquet:"length"`
	Shared string  `parquet:"shared,delta"`
	Small  int32   `parquet:"small,delta"`
	Large  int64   `parquet:"large,delta"`
	Apart  float64 `parquet:"apart,split"`
	Maybe  *int64  `parquet:"maybe,optional"`
}

func TestFormsOfValues(t *testing.T) {
	dir := t
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 700).Draw(t, "rows")
		word := rapid.SampledFrom([]string{"", "a", "abc", "abd", "abdef", "x"})
		want := [][]string{{"plain", "words", "length", "shared", "small", "large", "apart", "maybe"}}
		rows := make([]forms, n)
		for i := range rows {
			r := forms{word.Draw(t, "p"), word.Draw(t, "w"), word.Draw(t, "l"), word.Draw(t, "s"), rapid.Int32().Draw(t, "small"), rapid.Int64().Draw(t, "large"), float64(rapid.IntRange(-999, 999).Draw(t, "apart")) / 4, nil}
			maybe := ""
			if rapid.Bool().Draw(t, "there") {
				m := rapid.Int64Range(-9, 9).Draw(t, "maybe")
				r.Maybe, maybe = &m, fmt.Sprint(m)
			}
			rows[i] = r
			want = append(want, []string{r.Plain, r.Words, r.Length, r.Shared, fmt.Sprint(r.Small), fmt.Sprint(r.Large), strconv.FormatFloat(r.Apart, 'f', -1, 64), maybe})
		}
		got, err := text(source(dir, written(dir, rows, pq.DataPageVersion(rapid.IntRange(1, 2).Draw(t, "version")), pq.PageBufferSize(rapid.SampledFrom([]int{256, 1 << 20}).Draw(t, "page")))), want[0]...)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	good := written(t, []line{{Claim: "a"}, {Claim: "b"}})
	change := func(at int, with string) []byte {
		b := bytes.Clone(good)
		if at < 0 {
			at += len(b)
		}
		copy(b[at:], with)
		return b
	}
	for _, x := range []struct {
		name    string
		content []byte
		words   string
	}{
		{"empty", nil, "damaged"},
		{"text", []byte("claim_id,claim_type\na,b\n"), "damaged"},
		{"cut short", good[:len(good)-20], "damaged"},
		{"without its end", good[:len(good)/2], "damaged"},
		{"encrypted", change(-4, "PARE"), "encrypted"},
		{"a footer longer than the file", change(-8, "\xff\xff\xff\x7f"), "damaged"},
		{"a footer of nothing", change(-8, "\x00\x00\x00\x00"), "damaged"},
		{"LZ4", written(t, []line{{Claim: "a"}}, pq.Compression(&pq.Lz4Raw)), "snappy, gzip or zstd"},
		{"zeros where the pages are", append(append([]byte("PAR1"), make([]byte, len(good)/2)...), good[4+len(good)/2:]...), "damaged"},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := text(source(t, x.content), "claim_id", "claim_line_number", "code", "number")
			var bad *table.BadFileError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), x.words) {
				t.Errorf("%v", err)
			}
		})
	}
}

// A column of one value packs a million rows into a few hundred bytes: what it
// would expand to is bounded, and memory does not follow the claim.
func TestBombs(t *testing.T) {
	type one struct {
		Word string `parquet:"word,dict"`
	}
	rows := make([]one, 200_000)
	for i := range rows {
		rows[i].Word = strings.Repeat("x", 1000)
	}
	b := written(t, rows, pq.Compression(&pq.Zstd))
	if len(b) > 100_000 {
		t.Fatalf("the bomb has %d bytes", len(b))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, err := parquet.Open(source(t, b))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, f.Text([]string{"word"}))
	var bad *table.BadFileError
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), "expands to more than 250 times") || n > 65<<20 {
		t.Errorf("%d bytes, %v", n, err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
		t.Errorf("%d MB were set aside", grown>>20)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// Rows of nothing pack into nearly no bytes: how many a file may claim is
// bounded by its size before any is read. Of 1,000,000 rows a file of any size
// may be; 3,000,000 need 12,000 bytes.
func TestRowsOfNothing(t *testing.T) {
	type none struct {
		Word *string `parquet:"word,optional"`
	}
	for n, refused := range map[int]bool{1_000_000: false, 3_000_000: true} {
		b := written(t, make([]none, n), pq.Compression(&pq.Zstd))
		if len(b) > 12_000 {
			t.Fatalf("%d rows of nothing take %d bytes", n, len(b))
		}
		f, err := parquet.Open(source(t, b))
		var bad *table.BadFileError
		if refused != errors.As(err, &bad) || refused && !strings.Contains(err.Error(), "more rows than its bytes can hold") {
			t.Errorf("%d rows: %v", n, err)
		}
		if err == nil {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestRowsAreATable(t *testing.T) {
	words := "two\nlines, and \"more\""
	r, err := parquet.Rows(source(t, written(t, []line{{Claim: "a", Words: &words}, {Claim: "b"}})), []string{"claim_id", "words"})
	if err != nil {
		t.Fatal(err)
	}
	first, err := r.Next()
	if err != nil || first.Line != 2 || first.Fields[1] != `two lines, and "more"` {
		t.Errorf("%+v %v", first, err)
	}
	if second, err := r.Next(); err != nil || second.Line != 3 || second.Fields[0] != "b" {
		t.Errorf("%+v %v", second, err)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// FuzzRows: no bytes make the reader panic, take memory past all bounds, or
// fail in another way than by refusing the file.
func FuzzRows(f *testing.F) {
	s := "470"
	yes := true
	rows := []line{{Claim: "a", Number: 1, Code: &s, Words: &s, Maybe: &yes}, {Claim: "b"}}
	for _, codec := range []compress.Codec{&pq.Uncompressed, &pq.Snappy, &pq.Gzip, &pq.Zstd} {
		for version := 1; version <= 2; version++ {
			f.Add(written(f, rows, pq.Compression(codec), pq.DataPageVersion(version)))
		}
	}
	f.Add(written(f, []typed{{}}))
	f.Add(written(f, []forms{{Shared: "ab"}, {Shared: "abc", Small: 7, Large: 1 << 40}}))
	f.Add(written(f, []nested{{Many: []int32{1}}}))
	f.Fuzz(func(t *testing.T, content []byte) {
		src := source(t, content)
		p, err := parquet.Open(src)
		var bad *table.BadFileError
		if err != nil {
			if !errors.As(err, &bad) {
				t.Fatal(err)
			}
			return
		}
		if _, err := io.Copy(io.Discard, p.Text(p.Columns())); err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
