package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// terminal drives the real program in tmux, as a person would.
type terminal struct {
	t    *testing.T
	name string
}

func (m terminal) tmux(args ...string) string {
	m.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-L", m.name, "-f", "/dev/null"}, args...)...).CombinedOutput()
	if err != nil {
		m.t.Fatalf("tmux %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// wait waits for a text on the screen; the deadline only keeps a broken
// program from hanging the test.
func (m terminal) wait(text string) {
	m.t.Helper()
	screen := ""
	for range 600 {
		if screen = m.tmux("capture-pane", "-p"); strings.Contains(screen, text) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	m.t.Fatalf("%q did not appear; the screen is\n%s", text, screen)
}

func (m terminal) keys(keys ...string) {
	m.t.Helper()
	for _, k := range keys {
		m.tmux("send-keys", k)
	}
}

// TestJourney opens the board on the sample, sets a lever by name, undoes and
// redoes it, reads the explanation, resizes the window, saves the scenario,
// leaves, and finds the scenario again from the command line.
func TestJourney(t *testing.T) {
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux not found: the journey needs a terminal to drive")
	}
	path, home := buildProgram(t), t.TempDir()
	m := terminal{t, fmt.Sprintf("bundlelab-%d", os.Getpid())}
	m.tmux("new-session", "-d", "-x", "120", "-y", "40", fmt.Sprintf("env HOME=%s XDG_CONFIG_HOME= XDG_DATA_HOME= XDG_STATE_HOME= BUNDLELAB_DB= %s; sleep 60", home, path))
	defer func() { _ = exec.Command("tmux", "-L", m.name, "kill-server").Run() }() // gone already when all went well
	m.wait("SYNTHETIC DATA")
	m.wait("hospital repays")
	before := m.tmux("capture-pane", "-p")
	m.keys(":")
	m.wait("Command")
	m.tmux("send-keys", "-l", "set care.all.snf_to_hha=15%")
	m.wait("set care.all.snf_to_hha=15%")
	m.keys("Enter")
	m.wait("▲ +$")
	if m.tmux("capture-pane", "-p") == before {
		t.Error("the lever changed nothing on the screen")
	}
	m.keys("u")
	m.wait("undone: ")
	m.keys("C-r")
	m.wait("done again: ")
	m.keys("Tab", "Enter")
	m.wait("512.540")
	m.keys("Escape")
	m.tmux("resize-window", "-x", "80", "-y", "24")
	m.wait("TEAM Track 3")
	m.keys("s")
	m.tmux("send-keys", "-l", "Home first")
	m.keys("Enter")
	m.wait("saved")
	m.keys("q")
	out, err := command(home, path, "project", "--scenario", "Home first", "--design", "team", "--draws", "0", "--format", "json")
	if err != nil || !strings.Contains(out, `"care.all.snf_to_hha": "15%"`) {
		t.Errorf("the saved scenario does not come back: %v\n%.400s", err, out)
	}
}

func command(home, path string, args ...string) (string, error) {
	cmd := exec.Command(path, args...)
	cmd.Env = []string{"HOME=" + home}
	out, err := cmd.Output()
	return string(out), err
}

// buildProgram builds the real program once: the test binary would start
// through another main.
func buildProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bundlelab")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}
