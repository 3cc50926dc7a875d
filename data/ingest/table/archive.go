package table

import (
	"fmt"
	"os"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// packing is how files lie in an archive.
type packing uint8

const (
	single packing = iota // no archive: the file itself, packed on its own or not
	zipped
	tarred
	tarGzip
	tarBzip2
)

// packingOf tells an archive by its name.
func packingOf(name string) packing {
	name = strings.ToLower(name)
	for _, x := range []struct {
		end  string
		kind packing
	}{{".zip", zipped}, {".tar", tarred}, {".tar.gz", tarGzip}, {".tgz", tarGzip}, {".tar.bz2", tarBzip2}, {".tbz2", tarBzip2}, {".tbz", tarBzip2}} {
		if strings.HasSuffix(name, x.end) {
			return x.kind
		}
	}
	return single
}

// IsArchive says by its name that a file is an archive, whether this program
// reads its kind or not.
func IsArchive(name string) bool {
	if packingOf(name) != single {
		return true
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".7z", ".rar", ".xz", ".txz", ".zst", ".cab", ".jar", ".z", ".lz", ".lzma":
		return true
	}
	return false
}

// Limits of an archive. Claims pack to a tenth or a twentieth; what expands
// further than this was made to.
const (
	maxMembers   = 1000
	maxPath      = 1024     // bytes of a member's path
	maxRatio     = 250      // plain bytes to bytes on disk ...
	freeOfRatio  = 64 << 20 // ... past so many plain bytes
	maxPlain     = 64 << 30 // plain bytes of one file on disk, whatever its size
	maxDirectory = 4 << 20  // bytes read to learn what a zip archive holds
	maxAt        = 64 << 20 // bytes of a packed file held in memory for OpenAt
	meterStep    = 64 << 10 // bytes between two calls of a meter
)

// allowance is how many plain bytes a file of so many bytes on disk may give.
func allowance(disk int64) int64 {
	if disk > maxPlain/maxRatio {
		return maxPlain
	}
	return max(freeOfRatio, disk*maxRatio)
}

// archive is an archive while it is looked through.
type archive struct {
	path   string
	name   string // as it may be shown
	masked bool
	kind   packing
	meter  func(int64) error
	size   int64 // on disk
	plain  int64 // bytes of the members so far
	seen   map[string]bool
}

// bad is a refusal of the whole archive. Members are named by their place:
// their names are anybody's text.
func (a *archive) bad(format string, args ...any) error {
	return &BadFileError{File: a.name, Why: fmt.Sprintf(format, args...)}
}

// add checks the n-th member and gives the source it will be; false for a
// member that is passed over: a folder, or a hidden file.
func (a *archive) add(n int, name string, mode os.FileMode, dir bool) (Source, bool, error) {
	none := Source{}
	clean, why := memberPath(name)
	switch {
	case why != "":
		return none, false, a.bad("member %d of the archive %s: make the archive again from plain files", n, why)
	case n > maxMembers:
		return none, false, a.bad("the archive holds more than %d files: unpack it and import the folder", maxMembers)
	case dir:
		return none, false, nil
	case !mode.IsRegular():
		return none, false, a.bad("member %d of the archive is a link, a device or another special file: make the archive again from plain files", n)
	case a.seen[clean]:
		return none, false, a.bad("member %d of the archive has the name of one before it: make the archive again", n)
	}
	a.seen[clean] = true
	for part := range strings.SplitSeq(clean, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" {
			return none, false, nil
		}
	}
	if IsArchive(clean) {
		return none, false, a.bad("member %d of the archive is an archive itself: unpack the outer one and import the folder", n)
	}
	s := Source{Path: a.path, kind: a.kind, member: clean, index: n - 1, Masked: a.masked, Meter: a.meter}
	parts := strings.Split(clean, "/")
	for i, part := range parts {
		if _, masked := shown(part, "member", n); masked {
			s.Masked = true
			parts = parts[i:]
			name, _ := shown(parts[len(parts)-1], "member", n)
			if name == parts[len(parts)-1] { // a folder's name is the person's
				name = fmt.Sprintf("member-%d (name masked)", n)
			}
			parts = []string{name}
			break
		}
	}
	s.Name = a.name + "/" + strings.Join(parts, "/")
	return s, true, nil
}

// take counts the plain bytes of a member that was fingerprinted.
func (a *archive) take(s *Source) error {
	a.plain += s.Size
	if a.plain > allowance(a.size) {
		return a.bad("%s", tooMuch())
	}
	return nil
}

func tooMuch() string {
	return fmt.Sprintf("it expands to more than %d times its size or %d GiB, as no honest file does: it was not read further", maxRatio, maxPlain>>30)
}

// memberPath cleans a member's path, or says what is wrong with it: nothing is
// ever written where it points, but who makes such an archive is up to no good.
func memberPath(name string) (clean, why string) {
	switch {
	case name == "" || len(name) > maxPath:
		return "", "has no name or one that is too long"
	case !utf8.ValidString(name):
		return "", "has a name that is not UTF-8"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "", "has control characters in its name"
	case strings.Contains(name, `\`):
		return "", "has a backslash in its path"
	case name[0] == '/' || len(name) > 1 && name[1] == ':':
		return "", "has an absolute path"
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "", "has a path that leads out of the archive"
		}
	}
	return path.Clean(name), ""
}
