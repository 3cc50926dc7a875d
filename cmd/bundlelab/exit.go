package main

import (
	"context"
	"errors"
	"io/fs"

	"bundlelab/data/store"
	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/engine/policy"
	"bundlelab/engine/project"
	"bundlelab/scenarios"
	"bundlelab/scenarios/totals"
)

// The exit codes of docs/formats.md.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInput       = 3
	exitRule        = 4
	exitDatabase    = 5
	exitInterrupted = 130
)

// errSaid ends a command that has already told its story.
var errSaid = errors.New("said")

// coded gives an error an exit code of its own.
type coded struct {
	code int
	err  error
}

func (c coded) Error() string { return c.err.Error() }
func (c coded) Unwrap() error { return c.err }

func usage(err error) error { return coded{exitUsage, err} }
func input(err error) error { return coded{exitInput, err} }

// exitCode is the one place that turns kinds of errors into exit codes.
func exitCode(err error) int {
	var c coded
	var db *store.Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &c):
		return c.code
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &db):
		return exitDatabase
	case isA[*scenarios.FileError](err), isA[*totals.InputError](err), isA[*engine.InputError](err), isA[*project.OverflowError](err):
		return exitInput
	case isA[*policy.IneligibleError](err), isA[*policy.PeriodError](err), isA[*policy.TrackError](err), isA[*policy.DateError](err), isA[*engine.RuleError](err):
		return exitRule
	case isA[*policy.NotFoundError](err), isA[*engine.UsageError](err), isA[*lever.KeyError](err), isA[*lever.RangeError](err), errors.Is(err, fs.ErrNotExist):
		return exitUsage
	}
	return exitFailed
}

func isA[T error](err error) bool {
	var t T
	return errors.As(err, &t)
}
