package table_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bundlelab/data/ingest/table"
)

// Packed by bzip2, which the standard library only undoes: a tar archive of
// a.csv and sub/b.csv, 70 MiB of zeros, and the text "x,y\n1,2\n".
const (
	tarBzip2  = "QlpoOTFBWSZTWfTdeagAAI97gMqQAQBABf2AAIh4AB9gCgggAHQSiahoAAGQ0BJKBpoBo0AA+6LAkHMADTJIRbfuQHhSVjDhCGAhPImSqqRGK5lZQKIPFBCEGEGIZam8GxGYnZ4+YVwceEZdGY4+kep6KfGJaIgfi7kinChIem681AA="
	zeros     = "QlpoOTFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZM/Kv7gDSo8EAwABAAAAIIAAwzAUppqhJEtgRJEvF3JFOFCQL+FqUAA=="
	textBzip2 = "QlpoOTFBWSZTWd8LUD8AAANYgAAQAAQwAABgIAAwwAhpsogjJ4u5IpwoSG+FqB+A"
)

const (
	first  = "x,y\n1,2\n"
	second = "x,y\n3,4\n"
)

func raw(t testing.TB, s string) []byte {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// member is a file of an archive. Its tar header can be made odd.
type member struct {
	name, text string
	kind       byte // of a tar header; 0 a file
}

func zipOf(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate}
		h.SetMode(0o644)
		if m.kind == tar.TypeSymlink {
			h.SetMode(0o644 | os.ModeSymlink)
		}
		w, err := z.CreateHeader(h)
		if err == nil && !strings.HasSuffix(m.name, "/") {
			_, err = w.Write([]byte(m.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		h := &tar.Header{Name: m.name, Mode: 0o644, Typeflag: tar.TypeReg, Size: int64(len(m.text))}
		if m.kind != 0 {
			h.Typeflag, h.Size, h.Linkname = m.kind, 0, "a.csv"
		}
		err := w.WriteHeader(h)
		if err == nil && m.kind == 0 {
			_, err = w.Write([]byte(m.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gz(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(text)
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// save writes one file into a folder of its own and gives its path.
func save(t testing.TB, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestArchives(t *testing.T) {
	two := []member{{name: "./a.csv", text: first}, {name: "sub/"}, {name: "sub/b.csv", text: second}}
	dirs := []member{{name: "./a.csv", text: first}, {name: "sub/", kind: tar.TypeDir}, {name: "sub/b.csv", text: second}}
	for name, text := range map[string][]byte{
		"c.zip": zipOf(t, two...), "c.tar": tarOf(t, dirs...), "c.tar.gz": gz(t, tarOf(t, dirs...)), "c.TGZ": gz(t, tarOf(t, dirs...)), "c.tar.bz2": raw(t, tarBzip2),
		"c2.zip": zipOf(t, member{name: "a.csv", text: first}, member{name: "__MACOSX/._a.csv", text: "x"}, member{name: "sub/.DS_Store", text: "x"}, member{name: "sub/b.csv", text: second}),
		"c3.zip": zipOf(t, member{name: "a.csv", text: string(gz(t, []byte(first)))}, member{name: "sub/b.csv", text: second}),
	} {
		t.Run(name, func(t *testing.T) {
			path := save(t, name, text)
			got, err := table.List(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 2 || got[0].Name != name+"/a.csv" || got[1].Name != name+"/sub/b.csv" || got[1].Base() != "b.csv" || got[0].Size != 8 {
				t.Fatalf("%+v", got)
			}
			for i, want := range []string{first, second} {
				sum := sha256.Sum256([]byte(want))
				if !bytes.Equal(got[i].SHA256, sum[:]) {
					t.Error("the fingerprint is not that of the plain bytes")
				}
				for range 2 { // each opening reads the same
					in, err := got[i].OpenRaw()
					if err != nil {
						t.Fatal(err)
					}
					text, err := io.ReadAll(in)
					if err = errors.Join(err, in.Close()); err != nil || string(text) != want {
						t.Errorf("%q %v", text, err)
					}
				}
				at, err := got[i].OpenAt()
				if err != nil {
					t.Fatal(err)
				}
				last := make([]byte, 4)
				if _, err := at.ReadAt(last, at.Size()-4); err != nil || string(last) != want[4:] {
					t.Errorf("%q %v", last, err)
				}
				if err := at.Close(); err != nil {
					t.Error(err)
				}
				head, err := got[i].Head()
				if err != nil || !slices.Equal(head.Header, []string{"x", "y"}) {
					t.Errorf("%v", err)
				}
			}
		})
	}
}

func TestPackedAlone(t *testing.T) {
	plain, err := table.Find(save(t, "a.csv", []byte(first)))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"a.csv.gz": gz(t, []byte(first)), "a.csv.bz2": raw(t, textBzip2), "a.dat": gz(t, []byte(first))} {
		s, err := table.Find(save(t, name, text))
		if err != nil || !bytes.Equal(s.SHA256, plain.SHA256) || s.Size != 8 || s.Disk != int64(len(text)) || s.Packed == nil {
			t.Errorf("%s: %+v %v", name, s, err)
		}
		if rows, err := table.Open(s); err != nil || rows.Column("y") != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if plain.Packed != nil || plain.Stem() != "a.csv" {
		t.Errorf("%+v", plain)
	}
}

// encrypted sets bit 0 of every member's flags, here and in the directory.
func encrypted(archive []byte) []byte {
	b := bytes.Clone(archive)
	for i := range len(b) - 10 {
		switch string(b[i : i+4]) {
		case "PK\x03\x04":
			b[i+6] |= 1
		case "PK\x01\x02":
			b[i+8] |= 1
		}
	}
	return b
}

// method changes how the members say they are packed.
func method(archive []byte, m uint16) []byte {
	b := bytes.Clone(archive)
	for i := range len(b) - 12 {
		switch string(b[i : i+4]) {
		case "PK\x03\x04":
			binary.LittleEndian.PutUint16(b[i+8:], m)
		case "PK\x01\x02":
			binary.LittleEndian.PutUint16(b[i+10:], m)
		}
	}
	return b
}

func TestArchivesThatAreRefused(t *testing.T) {
	file := func(name string) member { return member{name: name, text: first} }
	many := make([]member, 1001)
	for i := range many {
		many[i] = member{name: fmt.Sprint(i)}
	}
	broken := zipOf(t, file("a.csv"))
	broken[40] ^= 0xff // in the packed bytes
	whole := tarOf(t, file("a.csv"), file("b.csv"))
	packed := gz(t, whole)
	tests := []struct {
		name, file string
		text       []byte
		want       string
	}{
		{"absolute path", "x.zip", zipOf(t, file("/etc/passwd")), "absolute path"},
		{"a drive", "x.zip", zipOf(t, file("C:a.csv")), "absolute path"},
		{"out of the archive", "x.zip", zipOf(t, file("a/../../b.csv")), "leads out"},
		{"out of the archive, tar", "x.tar", tarOf(t, file("../b.csv")), "leads out"},
		{"backslash", "x.zip", zipOf(t, file(`a\b.csv`)), "backslash"},
		{"control characters", "x.zip", zipOf(t, file("a\x1b[31m.csv")), "control characters"},
		{"not UTF-8", "x.zip", zipOf(t, file("\xff.csv")), "not UTF-8"},
		{"long path", "x.zip", zipOf(t, file(strings.Repeat("a", 2000))), "too long"},
		{"symbolic link, zip", "x.zip", zipOf(t, member{name: "l", text: "/etc/passwd", kind: tar.TypeSymlink}), "a link"},
		{"symbolic link", "x.tar", tarOf(t, member{name: "l", kind: tar.TypeSymlink}), "a link"},
		{"hard link", "x.tar", tarOf(t, file("a.csv"), member{name: "l", kind: tar.TypeLink}), "a link"},
		{"device", "x.tar", tarOf(t, member{name: "null", kind: tar.TypeChar}), "a device"},
		{"pipe", "x.tar", tarOf(t, member{name: "p", kind: tar.TypeFifo}), "special file"},
		{"one name twice", "x.zip", zipOf(t, file("a.csv"), file("./a.csv")), "the name of one before"},
		{"too many", "x.zip", zipOf(t, many...), "more than 1000"},
		{"an archive inside", "x.zip", zipOf(t, file("in.tar.gz")), "an archive itself"},
		{"an archive inside, tar", "x.tgz", gz(t, tarOf(t, file("in.zip"))), "an archive itself"},
		{"encrypted", "x.zip", encrypted(zipOf(t, file("a.csv"))), "encrypted"},
		{"packed otherwise", "x.zip", method(zipOf(t, file("a.csv")), 99), "does not read"},
		{"no zip", "x.zip", []byte(first), "damaged or cut short"},
		{"empty zip", "x.zip", nil, "damaged or cut short"},
		{"zip cut short", "x.zip", zipOf(t, file("a.csv"))[:60], "damaged or cut short"},
		{"zip with a wrong byte", "x.zip", broken, "damaged or cut short"},
		{"no tar", "x.tar", []byte(strings.Repeat(first, 200)), "damaged or cut short"},
		{"empty tar", "x.tar", nil, "damaged or cut short"},
		{"tar cut short", "x.tar", whole[:700], "damaged or cut short"},
		{"tar cut between two files", "x.tar", whole[:1024], "damaged or cut short"},
		{"gzip cut short", "x.tar.gz", packed[:len(packed)-4], "damaged or cut short"},
		{"gzip with a wrong sum", "x.tar.gz", append(bytes.Clone(packed[:len(packed)-8]), 1, 2, 3, 4, 5, 6, 7, 8), "damaged or cut short"},
		{"no gzip", "x.tar.gz", []byte(first), "damaged or cut short"},
		{"bzip2 cut short", "x.tar.bz2", raw(t, tarBzip2)[:100], "damaged or cut short"},
		{"no bzip2", "x.tar.bz2", []byte(first), "damaged or cut short"},
		{"file cut short", "a.csv.gz", gz(t, []byte(first))[:15], "damaged or cut short"},
		{"bomb in bzip2", "a.csv.bz2", raw(t, zeros), "expands to more"},
		{"bomb in a tar", "x.tar.bz2", raw(t, zeros), "expands to more"}, // zeros are a tar's end; what follows is read to its limit
		{"bomb in a zip", "x.zip", zipOf(t, member{name: "a.csv", text: strings.Repeat("\x00", 70<<20)}), "expands to more"},
		{"bomb in pieces", "x.zip", zipOf(t, member{name: "a", text: strings.Repeat("\x00", 40<<20)}, member{name: "b", text: strings.Repeat("\x00", 40<<20)}), "expands to more"},
		{"bomb in a bomb", "x.zip", zipOf(t, member{name: "a.bz2", text: string(raw(t, zeros))}), "expands to more"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := table.List(save(t, tt.file, tt.text))
			var bad *table.BadFileError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.want) || bad.File == "" {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "passwd") {
				t.Error("the message repeats a name of the archive")
			}
		})
	}
}

// TestLongDirectory makes a zip file that says it holds far more than memory
// should be spent on.
func TestLongDirectory(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range 60_000 {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%s%d", strings.Repeat("a", 60), i), Method: zip.Store}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := table.List(save(t, "x.zip", b.Bytes()))
	var bad *table.BadFileError
	if !errors.As(err, &bad) || !strings.Contains(bad.Why, "too many files") {
		t.Errorf("got %v", err)
	}
}

func TestMemberNamesAreMasked(t *testing.T) {
	for _, tt := range []struct{ archive, member, want string }{
		{"claims.zip", "Smith_John.csv", "claims.zip/member-1 (name masked).csv"},
		{"claims.zip", "Smith_John/claims.csv", "claims.zip/member-1 (name masked)"},
		{"Smith_John.zip", "claims.csv", "file-1 (name masked).zip/claims.csv"},
		{"claims.zip", "2025/claims.csv", "claims.zip/2025/claims.csv"},
	} {
		got, err := table.List(save(t, tt.archive, zipOf(t, member{name: tt.member, text: first})))
		if err != nil || got[0].Name != tt.want || got[0].Masked == strings.HasSuffix(tt.want, "2025/claims.csv") {
			t.Errorf("%s: %+v %v", tt.member, got, err)
		}
	}
}

func TestMeterStopsTheReading(t *testing.T) {
	path := save(t, "a.csv", []byte("x,y\n"+strings.Repeat("1,2\n", 100_000)))
	var sum int64
	if _, err := table.ListMetered(path, func(_ string, n int64) error { sum += n; return nil }); err != nil || sum != 400_004 {
		t.Errorf("%d bytes, %v", sum, err)
	}
	stop := errors.New("stop")
	if _, err := table.ListMetered(path, func(string, int64) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	s, err := table.Find(path)
	if err != nil {
		t.Fatal(err)
	}
	s.Meter = func(int64) error { return stop }
	r, err := table.Open(s)
	for err == nil {
		_, err = r.Next()
	}
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

func TestTextThatIsNone(t *testing.T) {
	for name, text := range map[string]string{
		"UTF-16":   "\xff\xfea\x00,\x00b\x00\n\x00",
		"big":      "\xfe\xff\x00a\x00,\x00b\x00\n",
		"workbook": "PK\x03\x04 workbook",
	} {
		_, err := open(text)
		var bad *table.BadFileError
		if !errors.As(err, &bad) || bad.Line != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadingByColumn(t *testing.T) {
	r, err := open("k,v\na,1\n\"b\",2\nc\n\"a\"\"\",3\na,4\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	fields := make([]string, 0, 2)
	for {
		rec, err := r.NextWhere(0, func(cell []byte) bool { return string(cell) != "b" }, fields)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d:%s", rec.Line, strings.Join(rec.Fields, "+")))
	}
	if want := []string{"2:a+1", "4:c", "5:a\"+3", "6:a+4"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	r, err = open("k,v\na,1\nb\n\"c\",3\n")
	if err != nil {
		t.Fatal(err)
	}
	var cells []string
	if err := r.Cells(1, func(cell []byte) { cells = append(cells, string(cell)) }); err != nil || !slices.Equal(cells, []string{"1", "3"}) {
		t.Errorf("%q %v", cells, err)
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(uint8(0), zipOf(f, member{name: "a.csv", text: first}, member{name: "b/c.csv", text: second}))
	f.Add(uint8(1), tarOf(f, member{name: "a.csv", text: first}, member{name: "l", kind: tar.TypeSymlink}))
	f.Add(uint8(2), gz(f, tarOf(f, member{name: "a.csv", text: first})))
	f.Add(uint8(3), raw(f, tarBzip2))
	f.Add(uint8(4), raw(f, textBzip2))
	f.Add(uint8(4), gz(f, []byte(first)))
	f.Fuzz(func(t *testing.T, kind uint8, text []byte) {
		name := []string{"x.zip", "x.tar", "x.tar.gz", "x.tar.bz2", "x.csv"}[kind%5]
		all, err := table.List(save(t, name, text))
		var bad *table.BadFileError
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("not a coded refusal: %v", err)
		}
		for _, s := range all {
			in, err := s.OpenRaw()
			if err != nil {
				t.Fatalf("listed, but does not open: %v", err)
			}
			h := sha256.New()
			n, err := io.Copy(h, in)
			if err = errors.Join(err, in.Close()); err != nil || n != s.Size || !bytes.Equal(h.Sum(nil), s.SHA256) {
				t.Fatalf("another content than was listed: %v", err)
			}
			if r, err := s.Head(); err == nil {
				_ = r.Close()
			}
		}
	})
}
