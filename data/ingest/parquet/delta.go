package parquet

import "encoding/binary"

// maxValue is the longest text value that is put together of parts; a line of
// more is refused anyway.
const maxValue = 64 << 10

// deltas reads the numbers of Parquet's encoding of packed differences, one at
// a time.
type deltas struct {
	text   []byte
	per    int    // numbers in a packed stretch
	widths []byte // of the stretches of the block that are not begun
	parts  int    // stretches in a block
	left   uint64 // numbers left in all
	first  bool   // the next is the first
	last   int64
	least  int64
	width  int
	packed []byte
	bit    int
	run    int // numbers left in the stretch
}

// newDeltas reads the head; false where it is none.
func newDeltas(text []byte) (*deltas, bool) {
	d := &deltas{text: text, first: true}
	size, ok := d.uvarint()
	parts, ok2 := d.uvarint()
	count, ok3 := d.uvarint()
	if !ok || !ok2 || !ok3 || size == 0 || size > 1<<20 || parts == 0 || parts > size || size%parts != 0 || size/parts%8 != 0 || count > 1<<31 {
		return nil, false
	}
	d.per, d.parts, d.left = int(size/parts), int(parts), count
	d.last, ok = d.varint()
	return d, ok
}

func (d *deltas) uvarint() (uint64, bool) {
	v, n := binary.Uvarint(d.text)
	if n <= 0 {
		return 0, false
	}
	d.text = d.text[n:]
	return v, true
}

func (d *deltas) varint() (int64, bool) {
	v, n := binary.Varint(d.text)
	if n <= 0 {
		return 0, false
	}
	d.text = d.text[n:]
	return v, true
}

// next is the next number; false when the text ends.
func (d *deltas) next() (int64, bool) {
	if d.left == 0 {
		return 0, false
	}
	d.left--
	if d.first {
		d.first = false
		return d.last, true
	}
	if d.run == 0 && !d.open() {
		return 0, false
	}
	d.run--
	d.last += d.least + int64(d.take())
	return d.last, true
}

// open starts on the next packed stretch.
func (d *deltas) open() bool {
	if len(d.widths) == 0 {
		least, ok := d.varint()
		if !ok || len(d.text) < d.parts {
			return false
		}
		d.least, d.widths, d.text = least, d.text[:d.parts], d.text[d.parts:]
	}
	d.width, d.widths = int(d.widths[0]), d.widths[1:]
	n := d.per / 8 * d.width
	if d.width > 64 || n > len(d.text) {
		return false
	}
	d.packed, d.text = d.text[:n], d.text[n:]
	d.bit, d.run = 0, d.per
	return true
}

// take reads the next packed bits.
func (d *deltas) take() uint64 {
	var v uint64
	for got := 0; got < d.width; {
		b := d.packed[d.bit/8] >> (d.bit % 8)
		n := min(8-d.bit%8, d.width-got)
		v |= uint64(b&byte(1<<n-1)) << got
		got += n
		d.bit += n
	}
	return v
}

// rest is what stands after the numbers. The reader is not changed.
func (d *deltas) rest() ([]byte, bool) {
	walk := *d
	for walk.left > 0 {
		if _, ok := walk.next(); !ok {
			return nil, false
		}
	}
	return walk.text, true
}

// texts reads texts whose lengths stand before all of them and, where prefixes
// is not nil, of which each begins like the one before.
type texts struct {
	lengths  *deltas
	prefixes *deltas
	text     []byte
	last     []byte
}

// newTexts starts on texts; shared says that they share their beginnings.
func newTexts(text []byte, shared bool) (*texts, bool) {
	t := &texts{}
	for _, d := range []**deltas{&t.prefixes, &t.lengths} {
		if d == &t.prefixes && !shared {
			continue
		}
		var ok bool
		if *d, ok = newDeltas(text); !ok {
			return nil, false
		}
		if text, ok = (*d).rest(); !ok {
			return nil, false
		}
	}
	t.text = text
	return t, true
}

// next is the next text, valid until the one after it.
func (t *texts) next() ([]byte, bool) {
	n, ok := t.lengths.next()
	if !ok || n < 0 || n > int64(len(t.text)) {
		return nil, false
	}
	own := t.text[:n]
	t.text = t.text[n:]
	if t.prefixes == nil {
		return own, true
	}
	same, ok := t.prefixes.next()
	if !ok || same < 0 || same > int64(len(t.last)) || same+n > maxValue {
		return nil, false
	}
	t.last = append(t.last[:same], own...)
	return t.last, true
}
