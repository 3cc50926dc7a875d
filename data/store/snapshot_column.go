package store

import (
	"encoding/binary"
	"errors"
)

// Columns of a chunk. A dense column is every number less the smallest, in as
// few whole little-endian bytes as the largest needs; a sparse one is only
// the numbers that are not zero, each with the distance from the last.

// appendDense packs numbers, each in at least so many bytes: 1 where the count
// of the column bounds what the reader allocates.
func appendDense(b []byte, v []int64, least int) []byte {
	var low, high int64
	if len(v) > 0 {
		low, high = v[0], v[0]
	}
	for _, n := range v {
		low, high = min(low, n), max(high, n)
	}
	width := max(least, widthOf(uint64(high)-uint64(low)))
	b = append(b, byte(width))
	b = binary.AppendVarint(b, low)
	for _, n := range v {
		u := uint64(n) - uint64(low)
		for range width {
			b, u = append(b, byte(u)), u>>8
		}
	}
	return b
}

// widthOf is the number of bytes a number takes; above four it is eight.
func widthOf(u uint64) int {
	switch {
	case u == 0:
		return 0
	case u < 1<<8:
		return 1
	case u < 1<<16:
		return 2
	case u < 1<<24:
		return 3
	case u < 1<<32:
		return 4
	}
	return 8
}

func appendSparse(b []byte, v []int64) []byte {
	n, last := 0, -1
	for _, x := range v {
		if x != 0 {
			n++
		}
	}
	b = binary.AppendUvarint(b, uint64(n))
	for i, x := range v {
		if x != 0 {
			b = binary.AppendUvarint(b, uint64(i-last-1))
			b = binary.AppendVarint(b, x)
			last = i
		}
	}
	return b
}

// appendPool packs texts as the distinct ones, in order of appearance, and a
// column of numbers into them.
func appendPool(b []byte, v []string) []byte {
	at := map[string]int64{}
	ints := make([]int64, len(v))
	var pool []string
	for i, s := range v {
		k, ok := at[s]
		if !ok {
			k = int64(len(pool))
			at[s] = k
			pool = append(pool, s)
		}
		ints[i] = k
	}
	b = binary.AppendUvarint(b, uint64(len(pool)))
	return appendDense(appendTexts(b, pool), ints, 0)
}

// appendTexts packs texts as their lengths and one long text.
func appendTexts(b []byte, v []string) []byte {
	sizes := make([]int64, len(v))
	for i, s := range v {
		sizes[i] = int64(len(s))
	}
	b = appendDense(b, sizes, 1)
	for _, s := range v {
		b = append(b, s...)
	}
	return b
}

// errChunk is a chunk that says what no chunk says.
var errChunk = errors.New("a chunk of the snapshot cannot be read")

// column reads what the functions above append. After the first thing that
// cannot be, everything reads as nothing and bad stays set.
type column struct {
	data []byte
	bad  bool
}

func (c *column) fail() { c.data, c.bad = nil, true }

// take gives the next bytes.
func (c *column) take(n int) []byte {
	if n < 0 || n > len(c.data) {
		c.fail()
		return nil
	}
	b := c.data[:n:n]
	c.data = c.data[n:]
	return b
}

func (c *column) uvarint() uint64 {
	u, n := binary.Uvarint(c.data)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.data = c.data[n:]
	return u
}

func (c *column) varint() int64 {
	v, n := binary.Varint(c.data)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.data = c.data[n:]
	return v
}

// count is a number of things that take a byte each at least.
func (c *column) count() int {
	u := c.uvarint()
	if u > uint64(len(c.data)) {
		c.fail()
		return 0
	}
	return int(u)
}

// dense fills v. With least 1 it refuses a column whose numbers take no bytes.
func (c *column) dense(v []int64, least int) {
	head := c.take(1)
	low := c.varint()
	if c.bad || int(head[0]) < least {
		c.fail()
		clear(v)
		return
	}
	width := int(head[0])
	if width > 8 || width > 4 && width < 8 {
		c.fail()
	}
	b := c.take(width * len(v))
	if c.bad {
		clear(v)
		return
	}
	spread(v, b, low, width)
}

// spread is the inner loop of dense. There are bytes for every number.
func spread(v []int64, b []byte, low int64, width int) {
	switch width {
	case 0:
		for i := range v {
			v[i] = low
		}
	case 1:
		for i, x := range b[:len(v)] {
			v[i] = low + int64(x)
		}
	case 2:
		for i := range v {
			v[i] = low + int64(binary.LittleEndian.Uint16(b[2*i:]))
		}
	case 3:
		for i := range v {
			x := b[3*i : 3*i+3]
			v[i] = low + int64(uint32(x[0])|uint32(x[1])<<8|uint32(x[2])<<16)
		}
	case 4:
		for i := range v {
			v[i] = low + int64(binary.LittleEndian.Uint32(b[4*i:]))
		}
	case 8:
		for i := range v {
			v[i] = low + int64(binary.LittleEndian.Uint64(b[8*i:]))
		}
	}
}

// sparse hands over each number that is not zero with its place below n.
func (c *column) sparse(n int, each func(i int, x int64)) {
	at := -1
	for range c.count() {
		gap, x := c.uvarint(), c.varint()
		if c.bad || gap >= uint64(n) || at+1+int(gap) >= n {
			c.fail()
			return
		}
		at += 1 + int(gap)
		each(at, x)
	}
}

// texts reads n texts, which share one allocation.
func (c *column) texts(n int, ints []int64) []string {
	ints = ints[:n]
	c.dense(ints, 1)
	total := int64(0)
	for _, k := range ints {
		if k < 0 || k > int64(len(c.data)) {
			c.fail()
			return nil
		}
		total += k
		if total > int64(len(c.data)) {
			c.fail()
			return nil
		}
	}
	all := string(c.take(int(total)))
	out := make([]string, n)
	for i, k := range ints {
		out[i], all = all[:k], all[k:]
	}
	return out
}

// pool reads n texts of which many are equal: the distinct ones, and which of
// them each is.
func (c *column) pool(n int, ints []int64) (pool []string, which []int64) {
	size := c.count()
	if size > n {
		c.fail()
	}
	if c.bad {
		return nil, nil
	}
	pool = c.texts(size, ints)
	c.dense(ints[:n], 0)
	for _, k := range ints[:n] {
		if uint64(k) >= uint64(len(pool)) {
			c.fail()
			return nil, nil
		}
	}
	return pool, ints[:n]
}
