package parquet

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
	"github.com/shopspring/decimal"
)

// writer turns the plain encoding of one type into text.
type writer struct {
	kind    format.Type
	width   int // bytes of a value; 0 for texts, which say their own length
	meaning meaning
	scale   int32
	bits    int // read of the current byte, of truth values
}

// meaning is what a number stands for.
type meaning int

const (
	plainNumber meaning = iota
	decimalNumber
	day
	second // since 1970, in units of scale
	unsigned
)

// writerOf is the writer of a column; false for a type it cannot write.
func writerOf(e *format.SchemaElement) (writer, bool) {
	w := writer{kind: e.Type.V}
	switch w.kind {
	case format.Boolean, format.ByteArray:
	case format.Int32, format.Float:
		w.width = 4
	case format.Int64, format.Double:
		w.width = 8
	case format.Int96:
		w.width = 12
	case format.FixedLenByteArray:
		w.width = int(e.TypeLength.V)
	default:
		return w, false
	}
	if !e.Type.Valid || w.width < 0 || w.kind == format.FixedLenByteArray && (w.width == 0 || w.width > 1<<16) {
		return w, false
	}
	w.read(e)
	return w, w.scale >= 0 && w.scale <= 1e9
}

// read takes what the schema says a number stands for, in its new or its old
// words.
func (w *writer) read(e *format.SchemaElement) {
	switch t := e.LogicalType.Value.(type) {
	case *format.DecimalType:
		w.meaning, w.scale = decimalNumber, t.Scale
	case *format.DateType:
		w.meaning = day
	case *format.TimestampType:
		w.meaning, w.scale = second, 1_000_000
		switch t.Unit.Value.(type) {
		case *format.MilliSeconds:
			w.scale = 1000
		case *format.NanoSeconds:
			w.scale = 1_000_000_000
		}
	case *format.IntType:
		if !t.IsSigned {
			w.meaning = unsigned
		}
	}
	if e.LogicalType.Value != nil || !e.ConvertedType.Valid {
		return
	}
	switch e.ConvertedType.V {
	case deprecated.Decimal:
		w.meaning, w.scale = decimalNumber, e.Scale.V
	case deprecated.Date:
		w.meaning = day
	case deprecated.TimestampMillis:
		w.meaning, w.scale = second, 1000
	case deprecated.TimestampMicros:
		w.meaning, w.scale = second, 1_000_000
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		w.meaning = unsigned
	default:
	}
}

// next takes a value off the text; false when it ends early.
func (w *writer) next(text []byte) (value string, rest []byte, ok bool) {
	switch {
	case w.kind == format.Boolean:
		if len(text) == 0 {
			return "", nil, false
		}
		value = strconv.FormatBool(text[0]>>w.bits&1 == 1)
		if w.bits++; w.bits == 8 {
			w.bits, text = 0, text[1:]
		}
		return value, text, true
	case w.width == 0:
		if len(text) < 4 {
			return "", nil, false
		}
		n := binary.LittleEndian.Uint32(text)
		if text = text[4:]; uint64(n) > uint64(len(text)) {
			return "", nil, false
		}
		return w.array(text[:n]), text[n:], true
	case len(text) < w.width:
		return "", nil, false
	}
	return w.write(text[:w.width]), text[w.width:], true
}

func (w *writer) array(b []byte) string {
	if w.meaning == decimalNumber {
		return w.decimal(twosComplement(b))
	}
	return string(b)
}

func (w *writer) write(b []byte) string {
	switch w.kind {
	case format.Int32:
		return w.integer(int64(int32(binary.LittleEndian.Uint32(b))))
	case format.Int64:
		return w.integer(int64(binary.LittleEndian.Uint64(b)))
	case format.Float:
		return shortest(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), 32)
	case format.Double:
		return shortest(math.Float64frombits(binary.LittleEndian.Uint64(b)), 64)
	case format.Int96: // nanoseconds of a Julian day
		return date(int64(binary.LittleEndian.Uint32(b[8:])) - 2_440_588)
	default:
		return w.array(b)
	}
}

// integer writes a whole number of the column's size; packed differences may
// run over it.
func (w *writer) integer(n int64) string {
	if w.kind == format.Int32 {
		n = int64(int32(n))
	}
	switch {
	case w.meaning == unsigned && w.kind == format.Int32:
		return strconv.FormatUint(uint64(uint32(n)), 10)
	case w.meaning == unsigned:
		return strconv.FormatUint(uint64(n), 10)
	}
	return w.number(n)
}

func (w *writer) number(n int64) string {
	switch w.meaning {
	case decimalNumber:
		return w.decimal(big.NewInt(n))
	case day:
		return date(n)
	case second:
		perDay := int64(w.scale) * 86400
		days := n / perDay
		if n%perDay < 0 {
			days--
		}
		return date(days)
	case plainNumber, unsigned:
	}
	return strconv.FormatInt(n, 10)
}

// date writes a day since 1970; a time of day is of no use to an import.
func date(days int64) string {
	if days < -1_000_000 || days > 3_000_000 {
		return strconv.FormatInt(days, 10) + " days" // no date: the check will say so
	}
	return time.Unix(days*86400, 0).UTC().Format("2006-01-02")
}

func (w *writer) decimal(n *big.Int) string {
	if w.scale > 64 {
		return n.String() + "e-" + strconv.Itoa(int(w.scale))
	}
	return decimal.NewFromBigInt(n, -w.scale).String()
}

// twosComplement reads a number with its highest byte first.
func twosComplement(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}

// shortest writes a floating number as the shortest decimal that reads back as it.
// An amount whose error of the last binary digit shows past the cents is
// written in cents: 10.1 x 3 is 30.3, not 30.299999999999997.
func shortest(v float64, bits int) string {
	s := strconv.FormatFloat(v, 'f', -1, bits)
	if _, frac, _ := strings.Cut(s, "."); len(frac) <= 2 || len(s) > 24 {
		return s
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return s
	}
	if cents := d.Round(2); d.Sub(cents).Abs().LessThan(decimal.New(1, -6)) {
		return cents.String()
	}
	return s
}
