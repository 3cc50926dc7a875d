package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bundlelab/engine/lever"
)

// TestLoadScenario looks a base up beside the file first, then among the saved
// scenarios, and leaves the scenario's own levers apart from it.
func TestLoadScenario(t *testing.T) {
	home, work := t.TempDir(), t.TempDir()
	for _, k := range []string{"HOME", "XDG_CONFIG_HOME"} {
		t.Setenv(k, home)
	}
	write := func(dir, name, text string) {
		t.Helper()
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte("schema = \"bundlelab.scenario/1\"\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	saved := places().scenarios()
	write(saved, "parent.toml", "name = \"Parent\"\n[quality]\ncqs = \"60\"\n")
	write(saved, "grand-plan.toml", "name = \"Grand plan\"\n[market]\nvolume = \"5%\"\n")
	write(saved, "child.toml", "name = \"Child\"\nbase = \"Parent\"\n[care.all]\nsnf_days = \"1\"\n")
	write(work, "parent.toml", "name = \"Parent\"\nbase = \"Grand plan\"\n[quality]\ncqs = \"80\"\n")
	write(work, "child.toml", "name = \"Child\"\nbase = \"parent\"\n[care.all]\nsnf_days = \"2\"\n")
	write(work, "lost.toml", "name = \"Lost\"\nbase = \"nowhere\"\n")
	for _, x := range []struct{ name, own, base string }{
		{filepath.Join(work, "child.toml"), "care.all.snf_days=2", "market.volume=5% quality.cqs=80"}, // the grandparent is a saved one
		{"Child", "care.all.snf_days=1", "quality.cqs=60"},
		{"", "", ""},
	} {
		sc, base, err := loadScenario(x.name)
		if err != nil || text(sc.Levers) != x.own || text(base) != x.base {
			t.Errorf("%q: %q over %q, %v; want %q over %q", x.name, text(sc.Levers), text(base), err, x.own, x.base)
		}
	}
	for name, want := range map[string]string{filepath.Join(work, "lost.toml"): `base "nowhere" cannot be read`, "nobody": `no scenario "nobody"`} {
		if _, _, err := loadScenario(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

func text(s lever.Set) string {
	var out []string
	for _, x := range s.Items() {
		out = append(out, x.Key.String()+"="+x.Value.Text)
	}
	return strings.Join(out, " ")
}
