package episode

import (
	"math"
	"math/bits"

	"bundlelab/engine/money"
)

// Window reads the services of many episodes at one length: what a kind of
// service is worth there is worked out once for a pool, and most lines are then
// one comparison and one sum. It is for one goroutine.
type Window struct {
	length int
	listed bool
	pool   *Pool
	kinds  []glance
}

// glance is what a window knows of a kind. A line from day cross up to below
// day cross+crossing needs a second look; any other counts whole before the
// end, and for nothing after it.
type glance struct {
	cross    int32
	crossing uint32
	slot     uint8
	again    bool  // a readmission that counts
	days     int32 // SNF days of a line that counts whole
}

// nothing is a place for what does not count, so that most lines are summed
// without a branch that the processor cannot foresee.
const (
	nothing = 15
	slots   = 16
)

// NewWindow reads at a length; listed as in Exclusion.Out.
func NewWindow(length int, listed bool) *Window { return &Window{length: length, listed: listed} }

// open makes the window ready for the pool of some lines.
func (w *Window) open(p *Pool) {
	if w.pool == p {
		return
	}
	w.pool, w.kinds = p, w.kinds[:0]
	end := int32(w.length)
	for i := range p.kinds {
		k := &p.kinds[i]
		g := glance{cross: end, slot: uint8(k.Setting)}
		switch {
		case k.Excluded.Out(w.listed):
			g.slot = nothing
		case k.Rule == Always || k.Span < 0 || k.Span > 1<<20: // the last two do not occur, and the sums below need not fear them
			g.cross, g.crossing = math.MinInt32, math.MaxUint32
		case k.Rule != Whole || k.Setting == SNF:
			g.cross, g.crossing = end-k.Span, uint32(k.Span)
		}
		g.again = g.slot == uint8(Readmission)
		if g.slot == uint8(SNF) {
			g.days = k.Span + 1
		}
		w.kinds = append(w.kinds, g)
	}
}

// Inside is Lines.Inside.
func (w *Window) Inside(l Lines, post *[NumSettings]money.Cents) (anchor money.Cents, snfDays int32) {
	if l.n == 0 {
		return 0, 0
	}
	w.open(l.pool)
	var sums [slots]money.Cents
	for b := l.bytes(); len(b) > 0; {
		some := b[:min(len(b), lineBytes*64)]
		b = b[len(some):]
		days, second := w.glance(some, &sums)
		for snfDays += days; second != 0; second &= second - 1 {
			var s Service
			l.pool.read(lineAt(some[lineBytes*bits.TrailingZeros64(second):]), &s)
			before, days := s.count(w.length, w.listed, post)
			anchor, snfDays = anchor+before, snfDays+days
		}
	}
	for s := range post {
		post[s] += sums[s]
	}
	return anchor, snfDays
}

// glance sums up to 64 lines, but for those that need a second look, which it
// marks.
func (w *Window) glance(b []byte, sums *[slots]money.Cents) (snfDays int32, second uint64) {
	last, kinds := int32(w.length)-1, w.kinds
	for bit := uint64(1); len(b) >= lineBytes; b, bit = b[lineBytes:], bit<<1 {
		x := lineAt(b)
		k := x.kind()
		if k >= len(kinds) {
			second |= bit
			continue
		}
		g, from := &kinds[k], x.from()
		if from < 0 || uint32(from-g.cross) < g.crossing {
			second |= bit
			continue
		}
		amount := x.amount()
		if amount == 0 {
			continue // also no SNF days
		}
		after := (last - from) >> 31 // all ones from the end on, else none
		sums[(g.slot|uint8(after))%slots] += amount
		snfDays += g.days &^ after
	}
	return snfDays, second
}

// Readmissions is Lines.Readmissions.
func (w *Window) Readmissions(l Lines) int {
	if l.n == 0 {
		return 0
	}
	w.open(l.pool)
	n, end, kinds := 0, int32(w.length), w.kinds
	for b := l.bytes(); len(b) >= lineBytes; b = b[lineBytes:] {
		x := lineAt(b)
		if k := x.kind(); k < len(kinds) {
			if from := x.from(); kinds[k].again && from >= 0 && from < end && x.amount() > 0 {
				n++
			}
			continue
		}
		if s := &l.pool.full[x.place()]; s.Setting == Readmission && s.From >= 0 && s.From < end && s.Amount > 0 && !s.Excluded.Out(w.listed) {
			n++
		}
	}
	return n
}
