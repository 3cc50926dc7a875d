package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"bundlelab/bench/board"
	"bundlelab/data/store"
)

// defaultSample is the size of the built-in sample.
const defaultSample = 11_842

// start measures whole processes: the command that prints one design, and a
// process that draws the board's first frame, each from a fresh snapshot and
// without any.
func (o *options) start(ctx context.Context, r *recorder) error {
	small := *o
	small.episodes, small.db = defaultSample, o.path(defaultSample)
	if err := small.sample(ctx, defaultSample, r.all); err != nil {
		return err
	}
	if o.db != small.db {
		if err := small.screens(ctx, r); err != nil {
			return err
		}
	}
	project := []string{"project", "--db", o.db, "--design", "team", "--draws", "0"}
	if err := o.command(ctx, &recorder{w: os.Stderr}, "WarmUp", o.episodes, project...); err != nil {
		return err
	}
	for range o.slowRounds() {
		if err := o.command(ctx, r, "ProjectSnapshot", o.episodes, project...); err != nil {
			return err
		}
		if err := o.drop(ctx); err != nil {
			return err
		}
		if err := o.command(ctx, r, "ProjectRows", o.episodes, project...); err != nil {
			return err
		}
	}
	return o.screens(ctx, r)
}

// slowRounds is how often what takes many seconds is measured.
func (o *options) slowRounds() int { return min(3, o.rounds) }

func (o *options) screens(ctx context.Context, r *recorder) error {
	if err := o.first(ctx, &recorder{w: os.Stderr}, "WarmUp"); err != nil {
		return err
	}
	for range o.slowRounds() {
		if err := o.first(ctx, r, "ScreenSnapshot"); err != nil {
			return err
		}
		if err := o.drop(ctx); err != nil {
			return err
		}
		if err := o.first(ctx, r, "ScreenRows"); err != nil {
			return err
		}
	}
	return nil
}

// drop empties the snapshot: the next start makes it again from the rows.
func (o *options) drop(ctx context.Context) error {
	db, err := store.OpenExisting(ctx, o.db, false)
	if err != nil {
		return err
	}
	return errors.Join(db.DropSnapshot(ctx), db.Close())
}

// first runs a process until its first frame with numbers stands.
func (o *options) first(ctx context.Context, r *recorder, name string) error {
	c := exec.CommandContext(ctx, filepath.Join(o.out, "screen"), o.db, o.scenarios())
	c.Stderr, c.Env = os.Stderr, o.env()
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	begun := board.Now()
	if err := c.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(out)
	_, err = lines.ReadString('\n')
	took := board.Now().Sub(begun)
	var load, model, frame, peak float64
	if err == nil {
		_, err = fmt.Fscan(lines, &load, &model, &frame, &peak)
	}
	if err := errors.Join(c.Wait(), err); err != nil {
		return err
	}
	return r.add(name, o.episodes, 1, took, figure{load, "load-ns"}, figure{model, "model-ns"}, figure{frame, "frame-ns"}, figure{peak, "peak-bytes"})
}
