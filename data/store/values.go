package store

import (
	"database/sql/driver"
	"fmt"
	"time"

	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// How Go values become columns and back. A fact nobody has stated is NULL.

func cents(c *money.Cents) driver.Value {
	if c == nil {
		return nil
	}
	return int64(*c)
}

func number(n *int) driver.Value {
	if n == nil {
		return nil
	}
	return int64(*n)
}

// offset is a day as days from the anchor's end.
func offset(d *calendar.Day, end calendar.Day) driver.Value {
	if d == nil {
		return nil
	}
	return int64(*d - end)
}

func flag(b bool) driver.Value {
	if b {
		return int64(1)
	}
	return int64(0)
}

func known(k panel.Known) driver.Value {
	switch k {
	case panel.No:
		return int64(0)
	case panel.Yes:
		return int64(1)
	case panel.Unknown:
	}
	return nil
}

// words is NULL for nil.
func words(s *string) driver.Value {
	if s == nil {
		return nil
	}
	return *s
}

func asWords(v driver.Value) *string {
	if v == nil {
		return nil
	}
	s := asText(v)
	return &s
}

// nonzero is NULL for 0.
func nonzero(n int64) driver.Value {
	if n == 0 {
		return nil
	}
	return n
}

// nonempty is NULL for "".
func nonempty(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

// asInt and the like read a column of a STRICT table; NULL is the zero value.
func asInt(v driver.Value) int64 { n, _ := v.(int64); return n }

func asText(v driver.Value) string { s, _ := v.(string); return s }

func asBytes(v driver.Value) []byte { b, _ := v.([]byte); return b }

func asCents(v driver.Value) *money.Cents {
	n, ok := v.(int64)
	if !ok {
		return nil
	}
	c := money.Cents(n)
	return &c
}

func asNumber(v driver.Value) *int {
	n, ok := v.(int64)
	if !ok {
		return nil
	}
	i := int(n)
	return &i
}

func asKnown(v driver.Value) panel.Known {
	n, ok := v.(int64)
	switch {
	case !ok:
		return panel.Unknown
	case n == 0:
		return panel.No
	}
	return panel.Yes
}

func asDay(v driver.Value, end calendar.Day) *calendar.Day {
	n, ok := v.(int64)
	if !ok {
		return nil
	}
	d := end + calendar.Day(n)
	return &d
}

// asTime reads a moment; NULL is the zero time.
func asTime(v driver.Value) (time.Time, error) {
	if v == nil {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, asText(v))
	if err != nil {
		return at, fmt.Errorf("a moment in the database cannot be read: %w", err)
	}
	return at, nil
}
