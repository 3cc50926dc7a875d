//go:build !linux

package main

import "testing"

// board shows nothing where there is no pseudo-terminal to show it on.
func board(*testing.T, string, string) []byte { return nil }
