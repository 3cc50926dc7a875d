package episode

import (
	"iter"
	"math"
	"slices"

	"bundlelab/engine/money"
)

// Lines are the services of one episode, packed: a nation's year holds tens of
// millions, most of which say the same few things of other days and amounts.
// Eight bytes hold one of those, without a pointer that the collector would
// follow; any other stands in full beside them, so nothing is cut short. Lines
// are read-only. The zero value is no service.
type Lines struct {
	pool     *pool
	first, n uint32
}

// pool is the memory that the lines of many episodes share.
type pool struct {
	lines []line
	kinds []kind
	wide  []Service
}

// line is a service of a kind. One of kind standsInFull is wide[amount].
type line struct {
	kind   uint16
	from   int16
	amount int32 // cents
}

const standsInFull = math.MaxUint16

// kind is what services repeat.
type kind struct {
	setting     Setting
	rule        Rule
	excluded    Exclusion
	gmlos, span int32 // span is To - From
}

// Pack packs the services of one episode, in their order. It keeps their
// Visits.
func Pack(services ...Service) Lines {
	b := NewBuilder(len(services))
	for i := range services {
		b.Add(&services[i])
	}
	return b.Take(len(services))
}

// Len is the number of services.
func (l Lines) Len() int { return int(l.n) }

// At is service k, counted from zero. Its Visits are not to be changed.
func (l Lines) At(k int) Service { return l.pool.at(l.pool.lines[l.first : l.first+l.n][k]) }

// Read puts service k into s, which is quicker than At where every line is
// looked at.
func (l Lines) Read(k int, s *Service) {
	x := l.pool.lines[l.first : l.first+l.n][k]
	if x.kind == standsInFull {
		*s = l.pool.wide[x.amount]
		return
	}
	// Field by field: a copy of a struct that was just written waits for it.
	q := &l.pool.kinds[x.kind]
	s.Setting, s.Rule, s.Excluded, s.GMLOS = q.setting, q.rule, q.excluded, q.gmlos
	s.From, s.To = int32(x.from), int32(x.from)+q.span
	s.Amount, s.Outlier, s.Visits = money.Cents(x.amount), 0, nil
}

// All goes through the services in their order.
func (l Lines) All() iter.Seq[Service] {
	return func(yield func(Service) bool) {
		if l.n == 0 {
			return
		}
		for _, x := range l.pool.lines[l.first : l.first+l.n] {
			if !yield(l.pool.at(x)) {
				return
			}
		}
	}
}

// Size is the sum of what the services cost, whatever their sign.
func (l Lines) Size() money.Cents {
	if l.n == 0 {
		return 0
	}
	var sum money.Cents
	for _, x := range l.pool.lines[l.first : l.first+l.n] {
		if x.kind == standsInFull {
			sum += l.pool.wide[x.amount].Amount.Abs()
		} else {
			sum += money.Cents(x.amount).Abs()
		}
	}
	return sum
}

// Readmissions counts the stays of cost that begin on the offsets from 0 up to
// below length. listed as in Exclusion.Out.
func (l Lines) Readmissions(length int, listed bool) int {
	if l.n == 0 {
		return 0
	}
	n, end := 0, int32(length)
	for _, x := range l.pool.lines[l.first : l.first+l.n] {
		if x.kind != standsInFull && l.pool.kinds[x.kind].setting != Readmission {
			continue
		}
		s := l.pool.at(x)
		if s.Setting == Readmission && s.From >= 0 && s.From < end && s.Amount > 0 && !s.Excluded.Out(listed) {
			n++
		}
	}
	return n
}

// Inside adds to post what the services cost on the offsets from 0 up to
// below length, and gives what of them belongs to the anchor (ruling 6) and the
// SNF days inside (ruling 8). listed as in Exclusion.Out.
func (l Lines) Inside(length int, listed bool, post *[NumSettings]money.Cents) (anchor money.Cents, snfDays int32) {
	if l.n == 0 {
		return 0, 0
	}
	end := int32(length)
	for _, x := range l.pool.lines[l.first : l.first+l.n] {
		if x.kind != standsInFull {
			// Most lines begin after the discharge and are in or out as a whole.
			q := &l.pool.kinds[x.kind]
			from := int32(x.from)
			if from >= 0 && q.setting != SNF && q.rule != Always && (from >= end || q.rule == Whole || from+q.span < end) {
				if from < end && !q.excluded.Out(listed) {
					post[q.setting] += money.Cents(x.amount)
				}
				continue
			}
		}
		s := l.pool.at(x)
		if s.Excluded.Out(listed) {
			continue
		}
		before := s.Inside(0)
		anchor += before
		post[s.Setting] += s.Inside(length) - before
		if s.Setting == SNF && s.Amount != 0 {
			snfDays += max(0, min(s.To, end-1)-max(s.From, 0)+1)
		}
	}
	return anchor, snfDays
}

func (p *pool) at(x line) Service {
	if x.kind == standsInFull {
		return p.wide[x.amount]
	}
	q := &p.kinds[x.kind]
	return Service{
		Setting: q.setting, Rule: q.rule, Excluded: q.excluded, GMLOS: q.gmlos,
		From: int32(x.from), To: int32(x.from) + q.span, Amount: money.Cents(x.amount),
	}
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

func (s *Service) kind() kind {
	return kind{s.Setting, s.Rule, s.Excluded, s.GMLOS, s.To - s.From}
}

// Builder packs the services of many episodes into memory that they share.
type Builder struct {
	pool  *pool
	index map[kind]int
	next  int // line, the first that Take has not given
}

// maxKinds is the number of kinds at which the next episode starts a new pool.
const maxKinds = 1 << 14

// NewBuilder makes room for so many services; more may come.
func NewBuilder(services int) *Builder {
	return &Builder{pool: &pool{lines: make([]line, 0, services)}, index: map[kind]int{}}
}

// Kind is the number of the kind of service that s is: all of it but its first
// day, amount, outlier and visits. It holds until Take.
func (b *Builder) Kind(s *Service) int {
	x := s.kind()
	k, ok := b.index[x]
	if !ok {
		k = len(b.pool.kinds)
		b.index[x], b.pool.kinds = k, append(b.pool.kinds, x)
	}
	return k
}

// Line adds a service of a kind, without outlier or visits.
func (b *Builder) Line(kind int, from int32, amount money.Cents) {
	p := b.pool
	if kind < standsInFull && int32(int16(from)) == from && money.Cents(int32(amount)) == amount {
		p.lines = append(p.lines, line{uint16(kind), int16(from), int32(amount)})
		return
	}
	q := &p.kinds[kind]
	p.lines = append(p.lines, line{kind: standsInFull, amount: int32(len(p.wide))})
	p.wide = append(p.wide, Service{
		Setting: q.setting, Rule: q.rule, Excluded: q.excluded, GMLOS: q.gmlos,
		From: from, To: from + q.span, Amount: amount,
	})
}

// Full makes service i, counted from the first that Take has not given, stand
// in full, for its outlier and visits to be set until the next call.
func (b *Builder) Full(i int) *Service {
	p, x := b.pool, &b.pool.lines[b.next+i]
	if x.kind != standsInFull {
		s := p.at(*x)
		*x = line{kind: standsInFull, amount: int32(len(p.wide))}
		p.wide = append(p.wide, s)
	}
	return &p.wide[x.amount]
}

// Add adds a service and keeps its Visits.
func (b *Builder) Add(s *Service) {
	b.Line(b.Kind(s), s.From, s.Amount)
	if s.Outlier != 0 || len(s.Visits) > 0 {
		full := b.Full(b.Waiting() - 1)
		full.Outlier, full.Visits = s.Outlier, s.Visits
	}
}

// Waiting is the number of services that Take has not given.
func (b *Builder) Waiting() int { return len(b.pool.lines) - b.next }

// Take gives the first n services that it has not given yet: those of the next
// episode.
func (b *Builder) Take(n int) Lines {
	l := Lines{b.pool, uint32(b.next), uint32(n)}
	b.next += n
	if b.Waiting() == 0 && len(b.pool.kinds) >= maxKinds {
		p := b.pool
		rest := p.lines[len(p.lines):]
		p.lines = slices.Clip(p.lines)
		*b = Builder{pool: &pool{lines: rest}, index: map[kind]int{}}
	}
	return l
}
