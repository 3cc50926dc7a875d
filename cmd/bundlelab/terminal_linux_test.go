package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal gives both ends of a pseudo-terminal.
func openTerminal(t *testing.T) (screen, program *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal on this machine: %v", err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	if err := unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return screen, program
}

// The terminal library asks the terminal about its colours when it is
// imported, and waits for an answer. On a terminal as well as in a pipe, text
// commands must write text only, and not wait.
func TestTextCommandsWriteNoEscapeOnATerminal(t *testing.T) {
	path := buildProgram(t)
	for _, args := range [][]string{{"--version"}, {"--help"}, {"verify"}, {"designs"}} {
		screen, program := openTerminal(t)
		cmd := exec.Command(path, args...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
		// The query is sent only by the foreground program of its terminal.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "TERM=xterm-256color")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var seen bytes.Buffer
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = io.Copy(&seen, screen) // ends with an error when the other end closes
		}()
		// Nobody answers a query here: a program that asks would hang.
		stuck := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", args, err)
		}
		stuck.Stop()
		_ = program.Close()
		<-done
		if seen.Len() == 0 || bytes.ContainsRune(seen.Bytes(), 0x1b) {
			t.Errorf("%v wrote %d bytes with an escape among them: %q", args, seen.Len(), seen.String())
		}
	}
}
