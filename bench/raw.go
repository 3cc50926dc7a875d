package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// figure is a number with its unit.
type figure struct {
	value float64
	unit  string
}

// figures are the samples of every measurement, in the order they were taken,
// by name, size and unit: "Stream/episodes=2000 ns/op".
type figures map[string][]float64

func key(name string, episodes int, unit string) string {
	return fmt.Sprintf("%s/episodes=%d %s", name, episodes, unit)
}

// recorder writes measurements as lines that benchstat reads, and keeps them.
type recorder struct {
	w     io.Writer
	all   figures // nil in a child
	begun bool
}

// add records n turns that took so long each.
func (r *recorder) add(name string, episodes, n int, each time.Duration, more ...figure) error {
	line := fmt.Sprintf("Benchmark%s/episodes=%d-%d\t%d\t%d ns/op", name, episodes, runtime.GOMAXPROCS(0), n, each.Nanoseconds())
	for _, f := range more {
		line += fmt.Sprintf("\t%.6g %s", f.value, f.unit)
	}
	return r.take(line + "\n")
}

// take keeps lines of a child.
func (r *recorder) take(lines string) error {
	if !r.begun {
		r.begun = true
		if r.all != nil {
			lines = fmt.Sprintf("goos: %s\ngoarch: %s\npkg: bundlelab/bench\n", runtime.GOOS, runtime.GOARCH) + lines
		}
	}
	if _, err := io.WriteString(r.w, lines); err != nil || r.all == nil {
		return err
	}
	for line := range strings.Lines(lines) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(fields[0], "Benchmark")
		if i := strings.LastIndexByte(name, '-'); i > 0 {
			name = name[:i]
		}
		for i := 2; i+1 < len(fields); i += 2 {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return fmt.Errorf("raw line %q: %w", strings.TrimSpace(line), err)
			}
			k := name + " " + fields[i+1]
			r.all[k] = append(r.all[k], v)
		}
	}
	return nil
}

// median of samples, NaN-free: the caller has some.
func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// percentile is the nearest rank.
func percentile(v []time.Duration, percent int) time.Duration {
	s := slices.Sorted(slices.Values(v))
	return s[max(0, (len(s)*percent+99)/100-1)]
}
