package main

import (
	"os"
	"path/filepath"
	"strings"
)

// folders are where the program keeps things, by the XDG rules on every
// system.
type folders struct{ config, data, state string }

func places() folders {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	at := func(env string, fallback ...string) string {
		dir := os.Getenv(env)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(append([]string{home}, fallback...)...)
		}
		return filepath.Join(dir, "bundlelab")
	}
	return folders{at("XDG_CONFIG_HOME", ".config"), at("XDG_DATA_HOME", ".local", "share"), at("XDG_STATE_HOME", ".local", "state")}
}

func (f folders) sample() string    { return filepath.Join(f.data, "sample.db") }
func (f folders) own() string       { return filepath.Join(f.data, "hospital.db") }
func (f folders) scenarios() string { return filepath.Join(f.config, "scenarios") }
func (f folders) designs() string   { return filepath.Join(f.config, "designs") }
func (f folders) last() string      { return filepath.Join(f.state, "last-database") }

// database is the path the rules choose: --db, then BUNDLELAB_DB, then the
// last one used, then the sample (ruling 40). why says which rule chose it.
func database(flag string) (path, why string) {
	f := places()
	if flag != "" {
		return flag, "--db"
	}
	if env := os.Getenv("BUNDLELAB_DB"); env != "" {
		return env, "BUNDLELAB_DB"
	}
	if b, err := os.ReadFile(f.last()); err == nil {
		if p := strings.TrimSpace(string(b)); p != "" {
			if _, err := os.Stat(p); err == nil {
				return p, "last used"
			}
		}
	}
	return f.sample(), "built-in sample"
}

// remember notes the database for next time. Not being able to is no reason
// to fail what the user asked for.
func remember(path string) {
	f := places()
	abs, err := filepath.Abs(path)
	if err != nil || os.MkdirAll(f.state, 0o700) != nil {
		return
	}
	_ = os.WriteFile(f.last(), []byte(abs+"\n"), 0o600) // best effort, see above
}
