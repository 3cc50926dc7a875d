package parquet

import "encoding/binary"

// hybrid reads the numbers of Parquet's encoding of runs and packed bits, one
// at a time, so that a run of any claimed length takes no memory.
type hybrid struct {
	text   []byte
	width  int    // bits of a number
	run    uint64 // left of a run
	value  uint32 // of the run
	packed []byte // of a packed stretch
	bit    int    // in packed
	left   uint64 // numbers left in packed
}

// next is the next number; false when the text ends or is no such encoding.
func (h *hybrid) next() (uint32, bool) {
	for h.run == 0 && h.left == 0 {
		if !h.open() {
			return 0, false
		}
	}
	if h.run > 0 {
		h.run--
		return h.value, true
	}
	h.left--
	var v uint64
	first, shift := h.bit/8, h.bit%8
	for i := 0; i*8 < shift+h.width; i++ {
		v |= uint64(h.packed[first+i]) << (8 * i)
	}
	h.bit += h.width
	return uint32(v >> shift & (1<<h.width - 1)), true
}

// open starts on the next stretch.
func (h *hybrid) open() bool {
	head, n := binary.Uvarint(h.text)
	if n <= 0 {
		return false
	}
	h.text = h.text[n:]
	if head&1 == 0 {
		bytes := (h.width + 7) / 8
		if len(h.text) < bytes {
			return false
		}
		h.run, h.value = head>>1, 0
		for i := range bytes {
			h.value |= uint32(h.text[i]) << (8 * i)
		}
		h.text = h.text[bytes:]
		return true
	}
	groups := head >> 1
	if h.width > 0 && groups > uint64(len(h.text)/h.width) {
		return false
	}
	if h.width == 0 {
		h.run, h.value = groups*8, 0
		return groups < 1<<32
	}
	h.packed, h.text = h.text[:int(groups)*h.width], h.text[int(groups)*h.width:]
	h.bit, h.left = 0, groups*8
	return true
}
