package parquet

import "errors"

// The thrift decoder takes the lengths that a text claims at their word and
// sets memory aside for them. What goes to it is walked through first.

// errClaim is a length that the bytes cannot hold, or a text that ends early.
var errClaim = errors.New("a length in it cannot be true")

// maxNested is how deep structures may lie in one another; the format needs
// ten.
const maxNested = 32

// walker goes through a structure in thrift's compact protocol.
type walker struct {
	text  []byte
	at    int
	items int // elements of lists still allowed
}

// size is the length of the structure that text begins with.
func size(text []byte, items int) (int, error) {
	w := walker{text: text, items: items}
	if err := w.structure(0); err != nil {
		return 0, err
	}
	return w.at, nil
}

func (w *walker) byte() (byte, error) {
	if w.at >= len(w.text) {
		return 0, errClaim
	}
	b := w.text[w.at]
	w.at++
	return b, nil
}

func (w *walker) uvarint() (uint64, error) {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		b, err := w.byte()
		if err != nil {
			return 0, err
		}
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n, nil
		}
	}
	return 0, errClaim
}

func (w *walker) skip(n uint64) error {
	if n > uint64(len(w.text)-w.at) {
		return errClaim
	}
	w.at += int(n)
	return nil
}

func (w *walker) structure(depth int) error {
	if depth > maxNested {
		return errClaim
	}
	for {
		b, err := w.byte()
		if err != nil {
			return err
		}
		if b == 0 {
			return nil
		}
		if b>>4 == 0 { // the field's number stands on its own
			if _, err := w.uvarint(); err != nil {
				return err
			}
		}
		if kind := b & 0x0f; kind > 2 { // a truth value has no bytes of its own
			if err := w.value(kind, depth); err != nil {
				return err
			}
		}
	}
}

func (w *walker) value(kind byte, depth int) error {
	switch kind {
	case 1, 2, 3: // in a list a truth value is a byte
		return w.skip(1)
	case 4, 5, 6:
		_, err := w.uvarint()
		return err
	case 7:
		return w.skip(8)
	case 8:
		n, err := w.uvarint()
		if err != nil {
			return err
		}
		return w.skip(n)
	case 9, 10:
		return w.list(depth)
	case 12:
		return w.structure(depth + 1)
	}
	return errClaim // maps and what is none of the protocol: Parquet has neither
}

func (w *walker) list(depth int) error {
	b, err := w.byte()
	if err != nil {
		return err
	}
	n := uint64(b >> 4)
	if n == 15 {
		if n, err = w.uvarint(); err != nil {
			return err
		}
	}
	if n > uint64(len(w.text)-w.at) || n > uint64(w.items) || depth > maxNested {
		return errClaim
	}
	w.items -= int(n)
	for range n {
		if err := w.value(b&0x0f, depth+1); err != nil {
			return err
		}
	}
	return nil
}
