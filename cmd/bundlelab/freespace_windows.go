package main

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// freeSpace is the room left for this user on the disk of a file, in bytes.
func freeSpace(path string) (int64, bool) {
	name, err := windows.UTF16PtrFromString(filepath.Dir(path))
	if err != nil {
		return 0, false
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, false
	}
	return int64(free), true
}
