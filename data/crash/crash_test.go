package crash_test

import (
	"errors"
	"strings"
	"testing"

	"bundlelab/data/crash"
)

func work(what func()) (err error) {
	defer crash.Catch(&err)
	what()
	return nil
}

func TestCatch(t *testing.T) {
	secret := []string{"1EG4TE5MK73"}
	for name, tt := range map[string]struct {
		what func()
		kind string
	}{
		"text":        {func() { panic("patient " + secret[0]) }, "string"},
		"error":       {func() { panic(errors.New(secret[0])) }, "*errors.errorString"},
		"bounds":      {func() { secret[len(secret)] = "" }, "runtime.boundsError"},
		"nil pointer": {func() { _ = (*struct{ a int })(nil).a }, "runtime.errorString"},
	} {
		t.Run(name, func(t *testing.T) {
			err := work(tt.what)
			var e *crash.Error
			if !errors.As(err, &e) || !strings.Contains(e.Place, "crash_test.go:") || strings.Contains(err.Error(), secret[0]) {
				t.Fatalf("got %v", err)
			}
			if e.Kind != tt.kind && name != "nil pointer" {
				t.Errorf("kind %s", e.Kind)
			}
			// Passed on by another goroutine, it keeps its place.
			if again := work(func() { panic(e) }); again.Error() != err.Error() {
				t.Errorf("got %v", again)
			}
		})
	}
	if err := work(func() {}); err != nil {
		t.Error(err)
	}
}
