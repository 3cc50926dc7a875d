package store

import (
	"fmt"
	"reflect"
	"testing"

	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// The digest must see every field: two episodes of one digest would count as
// unchanged. Each field in turn, found by reflection, gets another value.
func TestDigestSeesEveryField(t *testing.T) {
	var d digester
	full := func() *Episode {
		e := plain(1, 100)
		e.RawAnchor, e.Target, e.CMSTotal, e.Services[0].Raw = new(money.Cents), new(money.Cents), new(money.Cents), new(money.Cents)
		e.DataThrough, e.EligEnd, e.Death, e.Age, e.HCC = new(calendar.Day), new(calendar.Day), new(calendar.Day), new(int), new(int)
		return e
	}
	seen := map[string]string{string(d.sum(full())): "nothing"}
	for i := 0; ; i++ {
		e, n := full(), 0
		name := ""
		walk(reflect.ValueOf(e).Elem(), "Episode", func(path string, v reflect.Value) {
			if n == i {
				name = path
				other(v)
			}
			n++
		})
		if i >= n {
			if n < 50 {
				t.Errorf("only %d fields", n)
			}
			return
		}
		sum := string(d.sum(e))
		if was, ok := seen[sum]; ok {
			t.Errorf("%s changes nothing, as %s", name, was)
		}
		seen[sum] = name
	}
}

// walk visits each leaf, and each pointer as a leaf of its own.
func walk(v reflect.Value, path string, leaf func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), path+"."+v.Type().Field(i).Name, leaf)
		}
	case reflect.Slice:
		if v.Len() > 0 {
			leaf(path+" length", v)
		}
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), leaf)
		}
	case reflect.Pointer:
		leaf(path+" nil", v)
		if !v.IsNil() {
			walk(v.Elem(), path+" value", leaf)
		}
	default:
		leaf(path, v)
	}
}

func other(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		} else {
			v.SetZero()
		}
	case reflect.Slice:
		v.Set(v.Slice(0, v.Len()/2))
	default:
		if v.CanInt() {
			v.SetInt(v.Int() + 1)
		} else {
			v.SetUint(v.Uint() + 1)
		}
	}
}
