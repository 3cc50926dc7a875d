package parquet

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// prefixed cuts off a stretch that says its length before it.
func prefixed(text []byte) (part, rest []byte, err error) {
	if len(text) < 4 {
		return nil, nil, damaged()
	}
	n := binary.LittleEndian.Uint32(text)
	if text = text[4:]; uint64(n) > uint64(len(text)) {
		return nil, nil, damaged()
	}
	return text[:n], text[n:], nil
}

// unpack gives the plain bytes of a page, as many as it says and no more.
func (c *cursor) unpack(text []byte, size int) ([]byte, error) {
	switch c.codec {
	case format.Snappy:
		if n, err := snappy.DecodedLen(text); err != nil || n != size {
			return nil, damaged()
		}
		plain, err := snappy.Decode(nil, text)
		if err != nil {
			return nil, damaged()
		}
		return plain, nil
	case format.Gzip:
		z, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			return nil, damaged()
		}
		return exactly(z, size)
	case format.Zstd:
		z, err := zstd.NewReader(bytes.NewReader(text), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxPage))
		if err != nil {
			return nil, damaged()
		}
		defer z.Close()
		return exactly(z, size)
	default:
		if len(text) != size {
			return nil, damaged()
		}
		return text, nil
	}
}

// exactly reads size bytes, after which there must be nothing.
func exactly(in io.Reader, size int) ([]byte, error) {
	plain, err := io.ReadAll(io.LimitReader(in, int64(size)+1))
	if err != nil && !errors.Is(err, io.EOF) || len(plain) != size {
		return nil, damaged()
	}
	return plain, nil
}
