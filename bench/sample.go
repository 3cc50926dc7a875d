package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
)

// path is where a synthetic database of a size is kept.
func (o *options) path(episodes int) string {
	return filepath.Join(o.out, fmt.Sprintf("sample-%d.db", episodes))
}

// hospitals of a synthetic database.
func hospitals(episodes int) int { return min(1_000, max(1, episodes/1_000)) }

// product is the program that is measured, as users get it: without cgo.
func (o *options) product() string { return filepath.Join(o.out, "bundlelab") }

// build makes the product, and the program that draws the first frame, without
// the version control stamp: a snapshot serves only the version that made it,
// and all three programs share snapshots.
func (o *options) build(ctx context.Context) error {
	for _, x := range []struct{ dir, from, to string }{{"..", "./cmd/bundlelab", o.product()}, {".", "./screen", filepath.Join(o.out, "screen")}} {
		c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", x.to, x.from)
		c.Dir, c.Stderr, c.Env = x.dir, os.Stderr, append(os.Environ(), "CGO_ENABLED=0")
		if err := c.Run(); err != nil {
			return fmt.Errorf("building %s (run this in the folder bench): %w", x.from, err)
		}
	}
	return nil
}

// scenarios is an empty folder.
func (o *options) scenarios() string { return filepath.Join(o.out, "home", "scenarios") }

// sample writes the synthetic database unless it is there.
func (o *options) sample(ctx context.Context, episodes int, all figures) error {
	path := o.path(episodes)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	say("writing %d synthetic episodes", episodes)
	f, err := os.Create(filepath.Join(o.out, "sample.txt"))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	r := &recorder{w: f, all: all}
	return o.command(ctx, r, "Sample", episodes, "sample", "--db", path, "--hospitals", fmt.Sprint(hospitals(episodes)), "--episodes", fmt.Sprint(episodes))
}

// command runs the product once and records its time and peak memory.
func (o *options) command(ctx context.Context, r *recorder, name string, episodes int, args ...string) error {
	c := exec.CommandContext(ctx, o.product(), args...)
	c.Env = o.env()
	took, err := timed(func() error {
		out, err := c.CombinedOutput()
		if err != nil {
			return fmt.Errorf("bundlelab %s: %w: %s", args[0], err, out)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.add(name, episodes, 1, took, figure{float64(peak(c.ProcessState)), "peak-bytes"})
}

// peak is the most memory an ended process held, in bytes.
func peak(p *os.ProcessState) int64 {
	u, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return u.Maxrss
	}
	return u.Maxrss * 1024
}
