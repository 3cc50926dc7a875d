package totals

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// decode reads JSON, or TOML when the first character is no brace.
func decode(name string, b []byte) (map[string]any, error) {
	if t := bytes.TrimSpace(b); len(t) > 0 && t[0] == '{' {
		return decodeJSON(name, b)
	}
	var tree map[string]any
	if err := toml.Unmarshal(b, &tree); err != nil {
		var d *toml.DecodeError
		if errors.As(err, &d) {
			row, col := d.Position()
			return nil, &InputError{fmt.Sprintf("%s:%d:%d", name, row, col), []string{"neither JSON nor TOML: " + strings.TrimPrefix(d.Error(), "toml: ")}}
		}
		return nil, &InputError{name, []string{"neither JSON nor TOML: " + err.Error()}}
	}
	return tree, nil
}

// decodeJSON reads one object and nothing after it. Unlike the library's own
// decoding it refuses a key that stands twice: which of two amounts was meant
// is not ours to guess.
func decodeJSON(name string, b []byte) (map[string]any, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	v, err := value(dec)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more text follows the statement")
		}
	}
	if err != nil {
		line, col := position(b, dec.InputOffset(), err)
		return nil, &InputError{fmt.Sprintf("%s:%d:%d", name, line, col), []string{"not JSON: " + err.Error()}}
	}
	tree, _ := v.(map[string]any) // decode saw the brace
	return tree, nil
}

// value reads the next value, whatever it is.
func value(dec *json.Decoder) (any, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, unexpected(err)
	}
	switch t {
	case json.Delim('{'):
		return object(dec)
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			v, err := value(dec)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := dec.Token()
		return list, unexpected(err)
	}
	return t, nil
}

func object(dec *json.Decoder) (any, error) {
	m := map[string]any{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, unexpected(err)
		}
		key, _ := t.(string) // the decoder gives nothing else as a key
		if _, twice := m[key]; twice {
			return nil, fmt.Errorf("the key %q stands twice", key)
		}
		if m[key], err = value(dec); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return m, unexpected(err)
}

// unexpected is the end of the text where there should be more.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func position(b []byte, at int64, err error) (line, col int) {
	var s *json.SyntaxError
	if errors.As(err, &s) {
		at = s.Offset
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		at = int64(len(b))
	}
	before := b[:min(int(at), len(b))]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, len(before) - bytes.LastIndexByte(before, '\n')
}
