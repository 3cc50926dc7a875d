//go:build unix

package main

import (
	"path/filepath"
	"syscall"
)

// freeSpace is the room left for this user on the disk of a file, in bytes.
func freeSpace(path string) (int64, bool) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &st); err != nil {
		return 0, false
	}
	return product(st.Bavail, st.Bsize), true
}

// product multiplies two counts, whose types differ between systems.
func product[A, B int32 | uint32 | int64 | uint64](a A, b B) int64 { return int64(a) * int64(b) }
