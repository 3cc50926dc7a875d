package parquet

import (
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Limits of pages. Writers make them of about 1 MB.
const (
	maxHeader = 1 << 20
	maxPage   = 128 << 20 // plain bytes of one page
	maxHeld   = 512 << 20 // plain bytes of the pages held at once, one of each column
)

// oldDictionary is the number under which early files have dictionaries.
const oldDictionary format.Encoding = 2

// cursor gives the values of one column of one row group, in order.
type cursor struct {
	file  *File
	col   *column
	codec format.CompressionCodec
	at    int64 // of the next page
	end   int64
	held  *int // plain bytes that all cursors hold
	size  int  // of the page, of the words
	words []string
	vast  int // size of words

	write writer
	left  int32 // values left in the page
	nulls *hybrid
	index *hybrid // into words; nil for plain values
	plain []byte
	truth *hybrid // truth values that lie as runs
	steps *deltas // numbers that lie as differences
	texts *texts  // texts that lie after their lengths
	split int     // place among values whose bytes lie apart
}

// open starts on a column of a row group.
func (f *File) open(c *column, group *format.RowGroup, held *int) (*cursor, error) {
	chunk := &group.Columns[c.leaf]
	m := &chunk.MetaData
	w, ok := writerOf(c.element)
	switch {
	case !ok || m.Type != c.element.Type.V:
		return nil, damaged()
	case chunk.FilePath != "" || chunk.CryptoMetadata.Value != nil:
		return nil, bad("keeps columns in another file or encrypts them: save it as one plain file")
	}
	switch m.Codec {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Zstd:
	default:
		return nil, bad("is packed with %s: save it with snappy, gzip or zstd", m.Codec)
	}
	at := m.DataPageOffset
	if d := m.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	if at < 4 || m.TotalCompressedSize < 0 || at > f.in.Size() || m.TotalCompressedSize > f.in.Size()-at {
		return nil, damaged()
	}
	return &cursor{file: f, col: c, split: -1, codec: m.Codec, at: at, end: at + m.TotalCompressedSize, held: held, write: w}, nil
}

// close gives up what is held.
func (c *cursor) close() {
	*c.held -= c.size + c.vast
	c.size, c.vast = 0, 0
}

// next is the next value as text; "" for null.
func (c *cursor) next() (string, error) {
	for c.left == 0 {
		if err := c.page(); err != nil {
			return "", err
		}
	}
	c.left--
	if c.nulls != nil {
		there, ok := c.nulls.next()
		if !ok || there > 1 {
			return "", damaged()
		}
		if there == 0 {
			return "", nil
		}
	}
	return c.value()
}

func (c *cursor) value() (text string, err error) {
	ok := false
	switch {
	case c.index != nil:
		i, found := c.index.next()
		if !found || uint64(i) >= uint64(len(c.words)) {
			return "", damaged()
		}
		return c.words[i], nil
	case c.truth != nil:
		v, found := c.truth.next()
		text, ok = "false", found
		if v == 1 {
			text = "true"
		}
	case c.steps != nil:
		var n int64
		n, ok = c.steps.next()
		text = c.write.integer(n)
	case c.texts != nil:
		var b []byte
		b, ok = c.texts.next()
		text = c.write.array(b)
	case c.split >= 0:
		text, ok = c.gathered()
	default:
		text, c.plain, ok = c.write.next(c.plain)
	}
	if !ok {
		return "", damaged()
	}
	return text, nil
}

// page reads the next page.
func (c *cursor) page() error {
	var head format.PageHeader
	n, err := c.header(&head)
	if err != nil {
		return err
	}
	packed, plain := int64(head.CompressedPageSize), head.UncompressedPageSize
	c.at += int64(n)
	switch {
	case packed < 0 || packed > c.end-c.at || plain < 0:
		return damaged()
	case plain > maxPage || packed > maxPage:
		return bad("has pages of more than %d MB: write it with smaller pages or row groups", maxPage>>20)
	}
	*c.held += int(plain) - c.size
	if c.size = int(plain); *c.held > maxHeld {
		return bad("needs more than %d MB at once: write it with smaller row groups", maxHeld>>20)
	}
	text, err := c.file.bytes(c.at, int(packed))
	if err != nil {
		return err
	}
	if c.file.meter != nil {
		if err := c.file.meter(packed + int64(n)); err != nil {
			return err
		}
	}
	c.at += packed
	return c.take(&head, text)
}

// take opens a page.
func (c *cursor) take(head *format.PageHeader, text []byte) (err error) {
	size := int(head.UncompressedPageSize)
	switch head.Type {
	case format.DictionaryPage:
		if text, err = c.unpack(text, size); err != nil {
			return err
		}
		return c.dictionary(&head.DictionaryPageHeader.V, text)
	case format.DataPage:
		h := &head.DataPageHeader.V
		if text, err = c.unpack(text, size); err != nil {
			return err
		}
		var levels []byte
		if c.col.optional {
			if h.DefinitionLevelEncoding != format.RLE {
				return bad("writes its blanks in an old way (%s): save it with a newer program", h.DefinitionLevelEncoding)
			}
			if levels, text, err = prefixed(text); err != nil {
				return err
			}
		}
		return c.values(h.Encoding, h.NumValues, levels, text)
	case format.DataPageV2:
		h := &head.DataPageHeaderV2.V
		n := int(h.DefinitionLevelsByteLength)
		if h.RepetitionLevelsByteLength != 0 || n < 0 || n > len(text) || n > size {
			return damaged()
		}
		levels := text[:n]
		if text = text[n:]; !h.IsCompressed.Valid || h.IsCompressed.V {
			if text, err = c.unpack(text, size-n); err != nil {
				return err
			}
		}
		return c.values(h.Encoding, h.NumValues, levels, text)
	case format.IndexPage:
		return nil
	}
	return damaged()
}

// values starts on the values of a page.
func (c *cursor) values(e format.Encoding, n int32, levels, text []byte) error {
	if n < 0 {
		return damaged()
	}
	c.left, c.nulls, c.index, c.truth, c.plain, c.steps, c.texts, c.split = n, nil, nil, nil, nil, nil, nil, -1
	if c.col.optional {
		c.nulls = &hybrid{text: levels, width: 1}
	}
	switch {
	case e == format.Plain:
		c.plain, c.write.bits = text, 0
	case e == format.RLEDictionary || e == oldDictionary:
		c.index = &hybrid{}
		if len(text) > 0 {
			if c.index.width = int(text[0]); c.index.width > 32 {
				return damaged()
			}
			c.index.text = text[1:]
		}
	case e == format.RLE && c.write.kind == format.Boolean:
		runs, _, err := prefixed(text)
		if err != nil {
			return err
		}
		c.truth = &hybrid{text: runs, width: 1}
	default:
		return c.packedValues(e, text)
	}
	return nil
}

// packedValues starts on values in one of the newer forms.
func (c *cursor) packedValues(e format.Encoding, text []byte) error {
	kind, ok := c.write.kind, false
	switch {
	case e == format.DeltaBinaryPacked && (kind == format.Int32 || kind == format.Int64):
		c.steps, ok = newDeltas(text)
	case e == format.DeltaLengthByteArray && kind == format.ByteArray, e == format.DeltaByteArray && (kind == format.ByteArray || kind == format.FixedLenByteArray):
		c.texts, ok = newTexts(text, e == format.DeltaByteArray)
	case e == format.ByteStreamSplit && c.write.width > 0:
		c.plain, c.split, ok = text, 0, len(text)%c.write.width == 0
	default:
		return bad("writes values as %s: save it with plain or dictionary encoding", e)
	}
	if !ok {
		return damaged()
	}
	return nil
}

// gathered is the next of the values whose bytes lie apart.
func (c *cursor) gathered() (string, bool) {
	n := len(c.plain) / c.write.width
	if c.split >= n {
		return "", false
	}
	b := make([]byte, c.write.width)
	for i := range b {
		b[i] = c.plain[i*n+c.split]
	}
	c.split++
	return c.write.write(b), true
}

// dictionary reads the words that later pages number.
func (c *cursor) dictionary(h *format.DictionaryPageHeader, text []byte) error {
	if h.Encoding != format.Plain && h.Encoding != oldDictionary {
		return damaged()
	}
	*c.held -= c.vast
	c.words, c.vast = nil, 0
	w := c.write
	w.bits = 0
	for range h.NumValues {
		word, rest, ok := w.next(text)
		if !ok {
			return damaged()
		}
		c.words, text = append(c.words, word), rest
		c.vast += len(word) + 32
		if *c.held+c.vast > maxHeld {
			return bad("needs more than %d MB at once: write it with smaller row groups", maxHeld>>20)
		}
	}
	*c.held += c.vast
	return nil
}

// header reads the head of the next page and gives its length.
func (c *cursor) header(head *format.PageHeader) (int, error) {
	for n := int64(1 << 10); ; n *= 8 {
		n = min(n, c.end-c.at, maxHeader)
		if n <= 0 {
			return 0, damaged()
		}
		text, err := c.file.bytes(c.at, int(n))
		if err != nil {
			return 0, err
		}
		used, err := size(text, maxHeader)
		switch {
		case err == nil:
			if err := thrift.Unmarshal(new(thrift.CompactProtocol), text[:used], head); err != nil {
				return 0, damaged()
			}
			return used, nil
		case n == c.end-c.at || n == maxHeader:
			return 0, damaged()
		}
	}
}
