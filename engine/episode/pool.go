package episode

import (
	"encoding/binary"

	"bundlelab/engine/money"
)

// Pool holds the services of many episodes, packed: a nation's year has tens of
// millions, most of which say the same few things of other days and amounts.
// Six bytes hold one of those, without a pointer that the garbage collector
// would follow, and just as a file can keep them; any other stands in full
// beside them, so nothing is cut short. A pool is read-only.
type Pool struct {
	lines []byte // lineBytes each
	kinds []kind
	full  []Service
	size  money.Cents
}

// kind is what services repeat.
type kind struct {
	Setting     Setting
	Rule        Rule
	Excluded    Exclusion
	GMLOS, Span int32 // Span is To - From
}

func (s *Service) kind() kind {
	return kind{s.Setting, s.Rule, s.Excluded, s.GMLOS, s.To - s.From}
}

// line is a packed service: from the lowest bit the number of its kind, its
// first day and its amount, both from the least that fits. One of kind
// standsInFull has its place in Pool.full above the kind.
type line uint64

const (
	lineBytes = 6

	kindBits, fromBits, amountBits = 14, 10, 24

	standsInFull = 1<<kindBits - 1
	leastFrom    = -1 << 8  // a service seldom begins long before the discharge
	leastAmount  = -1 << 21 // cents; refunds are few and small
)

func lineAt(b []byte) line {
	return line(binary.LittleEndian.Uint32(b)) | line(binary.LittleEndian.Uint16(b[4:]))<<32
}

func (x line) full() bool          { return x&standsInFull == standsInFull }
func (x line) kind() int           { return int(x & (1<<kindBits - 1)) }
func (x line) place() uint64       { return uint64(x >> kindBits) }
func (x line) from() int32         { return int32(x>>kindBits&(1<<fromBits-1)) + leastFrom }
func (x line) amount() money.Cents { return money.Cents(x>>(kindBits+fromBits)) + leastAmount }

// read puts a line into s, field by field: a copy of a struct that was just
// written waits for it.
func (p *Pool) read(x line, s *Service) {
	if x.full() {
		*s = p.full[x.place()]
		return
	}
	k, from := &p.kinds[x.kind()], x.from()
	s.Setting, s.Rule, s.Excluded, s.GMLOS = k.Setting, k.Rule, k.Excluded, k.GMLOS
	s.From, s.To = from, from+k.Span
	s.Amount, s.Outlier, s.Visits = x.amount(), 0, nil
}

// Unpacked makes a pool of what Packed gave, which it keeps. ok is false where
// it never gave that.
func Unpacked(lines []byte, kinds, full []Service) (p *Pool, ok bool) {
	p = &Pool{lines: lines, kinds: make([]kind, len(kinds)), full: full}
	for i := range kinds {
		p.kinds[i] = kinds[i].kind()
	}
	if len(kinds) > standsInFull || len(lines)%lineBytes != 0 {
		return nil, false
	}
	for b := lines; len(b) >= lineBytes; b = b[lineBytes:] {
		x := lineAt(b)
		if x.kind() < len(kinds) {
			p.size += x.amount().Abs()
			continue
		}
		if !x.full() || x.place() >= uint64(len(full)) {
			return nil, false
		}
		p.size += full[x.place()].Amount.Abs()
	}
	return p, true
}

// Packed is the pool in parts that a file can keep: the lines, what their kinds
// are (as services from day 0, without an amount) and the services that stand
// in full. They are not to be changed.
func (p *Pool) Packed() (lines []byte, kinds, full []Service) {
	kinds = make([]Service, len(p.kinds))
	for i, k := range p.kinds {
		kinds[i] = Service{Setting: k.Setting, Rule: k.Rule, Excluded: k.Excluded, GMLOS: k.GMLOS, To: k.Span}
	}
	return p.lines, kinds, p.full
}

// Len is the number of services.
func (p *Pool) Len() int { return len(p.lines) / lineBytes }

// Size is the sum of what the services cost, whatever their sign.
func (p *Pool) Size() money.Cents { return p.size }

// Lines are n services from the first on.
func (p *Pool) Lines(first, n int) Lines { return Lines{p, uint32(first), uint32(n)} }

// Place is where the lines stand: the pool, nil for none, and the first of
// them.
func (l Lines) Place() (p *Pool, first int) { return l.pool, int(l.first) }

// Builder fills a pool.
type Builder struct {
	pool  Pool
	index map[kind]int
}

// NewBuilder makes room for so many services; more may come.
func NewBuilder(services int) *Builder {
	return &Builder{pool: Pool{lines: make([]byte, 0, lineBytes*services)}, index: map[kind]int{}}
}

// Add adds a service and keeps its Visits.
func (b *Builder) Add(s *Service) {
	p := &b.pool
	p.size += s.Amount.Abs()
	from, amount := uint64(int64(s.From)-leastFrom), uint64(s.Amount-leastAmount)
	k := standsInFull
	if from < 1<<fromBits && amount < 1<<amountBits && s.Outlier == 0 && len(s.Visits) == 0 {
		k = b.kind(s.kind())
	}
	x := uint64(k) | from<<kindBits | amount<<(kindBits+fromBits)
	if k == standsInFull {
		x = standsInFull | uint64(len(p.full))<<kindBits
		p.full = append(p.full, *s)
	}
	p.lines = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint32(p.lines, uint32(x)), uint16(x>>32))
}

// kind numbers a kind, or says standsInFull when there are too many.
func (b *Builder) kind(x kind) int {
	k, ok := b.index[x]
	if !ok {
		if k = len(b.pool.kinds); k < standsInFull {
			b.index[x], b.pool.kinds = k, append(b.pool.kinds, x)
		}
	}
	return k
}

// Len is the number of services added.
func (b *Builder) Len() int { return b.pool.Len() }

// Pool is the services added, now and later.
func (b *Builder) Pool() *Pool { return &b.pool }
