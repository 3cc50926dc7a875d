package main

import (
	"bytes"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// shown is what a terminal was sent.
type shown struct {
	lock  sync.Mutex
	bytes bytes.Buffer
}

func (s *shown) Write(b []byte) (int, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.bytes.Write(b)
}

func (s *shown) all() []byte {
	s.lock.Lock()
	defer s.lock.Unlock()
	return bytes.Clone(s.bytes.Bytes())
}

// board opens the board on a database, goes through its screens and leaves it;
// the result is every byte that the terminal was sent.
func board(t *testing.T, home, db string) []byte {
	t.Helper()
	screen, program := openTerminal(t)
	if err := unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 160}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bundlelab", "tui", "--db", db)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	cmd.Env = append(homeEnv(home), "TERM=xterm-256color")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = program.Close()
	var seen shown
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 1<<16)
		for {
			n, err := screen.Read(buffer)
			_, _ = seen.Write(buffer[:n])
			if err != nil { // the other end closes
				return
			}
		}
	}()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	// Every close-up, each full screen and back; a lever and what is known of it; an
	// explanation; help; the saved scenarios; saving one; leaving.
	for _, keys := range []string{
		"", "1", "2", "3", "4", "z", "\x1b", "l", "i", "\x1b", "\t", "\r", "\x1b", "?", "\x1b", "s", "Plan", "\r", "o", "\x1b", "q",
	} {
		before := len(seen.all())
		_, _ = screen.WriteString(keys)
		for range 40 { // a screen that does not answer is no fault here
			if time.Sleep(25 * time.Millisecond); len(seen.all()) > before {
				break
			}
		}
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the board: %v", err)
		}
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill()
		t.Errorf("the board does not end: %q", seen.all())
		t.Log("killed:", <-ended)
	}
	_ = screen.Close()
	<-done
	if _, err := os.Stat(home); err != nil || !bytes.Contains(seen.all(), []byte("scenario: ")) {
		t.Errorf("no board was shown: %q", seen.all())
	}
	return seen.all()
}
