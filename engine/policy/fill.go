package policy

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// fill copies a decoded TOML value into a field of the schema. A key the
// schema does not have and a value of another type are faults; the rest of
// the file is read all the same, so that one look names them all.
func (r *reader) fill(v reflect.Value, x any, path string) {
	if t, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		s, isText := x.(string)
		if !isText {
			r.mistyped(path, "text in quotes", x)
		} else if err := t.UnmarshalText([]byte(s)); err != nil {
			r.fail(path, "", "%v", err)
			r.bad[path] = true
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if m, ok := x.(map[string]any); ok {
			r.fillTable(v, m, path)
		} else {
			r.mistyped(path, "a table", x)
		}
	case reflect.Slice:
		list, ok := x.([]any)
		if !ok {
			want := "a list"
			if v.Type().Elem().Kind() == reflect.Struct {
				want = fmt.Sprintf("a list of tables ([[%s]])", plain(path))
			}
			r.mistyped(path, want, x)
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
		for i, e := range list {
			r.fill(v.Index(i), e, item(path, i))
		}
	case reflect.String:
		if s, ok := x.(string); ok {
			v.SetString(s)
		} else {
			r.mistyped(path, "text in quotes", x)
		}
	case reflect.Int:
		if n, ok := x.(int64); ok {
			v.SetInt(n)
		} else {
			r.mistyped(path, "a whole number", x)
		}
	case reflect.Bool:
		if b, ok := x.(bool); ok {
			v.SetBool(b)
		} else {
			r.mistyped(path, "true or false", x)
		}
	default:
		panic("a schema field of a kind fill does not know: " + v.Kind().String())
	}
}

// fillTable copies a table into a struct, in the order of the keys' names.
func (r *reader) fillTable(v reflect.Value, m map[string]any, path string) {
	fields := map[string]reflect.Value{}
	fieldsOf(v, fields)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		at := join(path, key)
		if f, ok := fields[key]; ok {
			r.fill(f, m[key], at)
			continue
		}
		r.problems = append(r.problems, r.src.atKey(at, "unknown key %q%s: remove it or correct its spelling", plain(at), nearest(key, slices.Sorted(maps.Keys(fields)))))
	}
}

// fieldsOf are the fields of a struct by their names in the file; those of an
// embedded struct stand beside its own.
func fieldsOf(v reflect.Value, out map[string]reflect.Value) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Anonymous {
			fieldsOf(v.Field(i), out)
		} else {
			out[f.Tag.Get("toml")] = v.Field(i)
		}
	}
}

func (r *reader) mistyped(path, want string, x any) {
	have := "a date or time: put it in quotes"
	switch x.(type) {
	case string:
		have = "text"
	case int64, float64:
		have = "a number"
	case bool:
		have = "true or false"
	case []any:
		have = "a list"
	case map[string]any:
		have = "a table"
	}
	r.fail(path, "", "%s: want %s, have %s", plain(path), want, have)
	r.bad[path] = true
}

// plain is a path without the numbers of its tables.
func plain(path string) string {
	var b strings.Builder
	for {
		before, after, numbered := strings.Cut(path, "[")
		b.WriteString(before)
		if !numbered {
			return b.String()
		}
		_, path, _ = strings.Cut(after, "]")
	}
}
