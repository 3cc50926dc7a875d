package episode

import (
	"iter"
	"slices"

	"bundlelab/engine/money"
)

// Lines are the services of one episode, as they stand in a pool. They are
// read-only. The zero value is no service.
type Lines struct {
	pool     *Pool
	first, n uint32
}

// Pack packs the services of one episode, in their order. It keeps their
// Visits.
func Pack(services ...Service) Lines {
	b := NewBuilder(len(services))
	for i := range services {
		b.Add(&services[i])
	}
	return b.Pool().Lines(0, len(services))
}

// Len is the number of services.
func (l Lines) Len() int { return int(l.n) }

// bytes are the packed lines.
func (l Lines) bytes() []byte {
	if l.n == 0 {
		return nil
	}
	return l.pool.lines[lineBytes*int(l.first) : lineBytes*int(l.first+l.n)]
}

// At is service k, counted from zero. Its Visits are not to be changed.
func (l Lines) At(k int) (s Service) {
	l.pool.read(lineAt(l.bytes()[lineBytes*k:]), &s)
	return s
}

// Read puts service k into s, which is quicker than At where every line is
// looked at.
func (l Lines) Read(k int, s *Service) { l.pool.read(lineAt(l.bytes()[lineBytes*k:]), s) }

// All goes through the services in their order.
func (l Lines) All() iter.Seq[Service] {
	return func(yield func(Service) bool) {
		for k := range l.Len() {
			if !yield(l.At(k)) {
				return
			}
		}
	}
}

// Readmissions counts the stays of cost that begin on the offsets from 0 up to
// below length. listed as in Exclusion.Out.
func (l Lines) Readmissions(length int, listed bool) int {
	n, end := 0, int32(length)
	var s Service
	for b := l.bytes(); len(b) >= lineBytes; b = b[lineBytes:] {
		x := lineAt(b)
		if !x.full() && l.pool.kinds[x.kind()].Setting != Readmission {
			continue
		}
		l.pool.read(x, &s)
		if s.Setting == Readmission && s.From >= 0 && s.From < end && s.Amount > 0 && !s.Excluded.Out(listed) {
			n++
		}
	}
	return n
}

// Inside adds to post what the services cost on the offsets from 0 up to
// below length, and gives what of them belongs to the anchor (ruling 6) and the
// SNF days inside (ruling 8). listed as in Exclusion.Out. A Window does the
// same for many episodes.
func (l Lines) Inside(length int, listed bool, post *[NumSettings]money.Cents) (anchor money.Cents, snfDays int32) {
	var s Service
	for b := l.bytes(); len(b) >= lineBytes; b = b[lineBytes:] {
		l.pool.read(lineAt(b), &s)
		before, days := s.count(length, listed, post)
		anchor, snfDays = anchor+before, snfDays+days
	}
	return anchor, snfDays
}

// count adds one service as Lines.Inside does.
func (s *Service) count(length int, listed bool, post *[NumSettings]money.Cents) (anchor money.Cents, snfDays int32) {
	if s.Excluded.Out(listed) {
		return 0, 0
	}
	anchor = s.Inside(0)
	post[s.Setting] += s.Inside(length) - anchor
	if s.Setting == SNF && s.Amount != 0 {
		snfDays = max(0, min(s.To, int32(length)-1)-max(s.From, 0)+1)
	}
	return anchor, snfDays
}

// Equal says whether two episodes have the same services in the same order.
func (l Lines) Equal(m Lines) bool {
	if l.n != m.n {
		return false
	}
	for k := range l.Len() {
		a, b := l.At(k), m.At(k)
		if a.kind() != b.kind() || a.From != b.From || a.Amount != b.Amount || a.Outlier != b.Outlier || !slices.Equal(a.Visits, b.Visits) {
			return false
		}
	}
	return true
}
