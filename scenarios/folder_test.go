package scenarios_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bundlelab/engine/lever"
	"bundlelab/scenarios"
)

func set(t testing.TB, kv ...string) lever.Set {
	t.Helper()
	var s lever.Set
	for i := 0; i < len(kv); i += 2 {
		var err error
		if s, err = s.With(kv[i], kv[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestSaveWritesWholeFilesAndKeepsOldOnes(t *testing.T) {
	f := scenarios.Folder{Dir: filepath.Join(t.TempDir(), "deep", "scenarios")}
	a := scenarios.Scenario{Name: "Plan A", Levers: set(t, "quality.cqs", "60")}
	path, err := f.Save(a, false)
	if err != nil || filepath.Base(path) != "plan-a.toml" {
		t.Fatal(path, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	if dir, err := os.Stat(f.Dir); err != nil || dir.Mode().Perm() != 0o700 {
		t.Errorf("folder mode %v, %v", dir.Mode(), err)
	}
	if _, err := f.Save(a, false); err != nil {
		t.Errorf("the same content again: %v", err)
	}
	b := a
	b.Levers = set(t, "quality.cqs", "70")
	if _, err := f.Save(b, false); !errors.Is(err, scenarios.ErrExists) {
		t.Errorf("over another content: %v", err)
	}
	if back, err := scenarios.Load(path); err != nil || !same(back, a) {
		t.Errorf("the refused save changed the file: %+v, %v", back, err)
	}
	if _, err := f.Save(b, true); err != nil {
		t.Fatal(err)
	}
	if back, err := scenarios.Load(path); err != nil || !same(back, b) {
		t.Errorf("forced: %+v, %v", back, err)
	}
	names, err := os.ReadDir(f.Dir)
	if err != nil || len(names) != 1 {
		t.Errorf("files left behind: %v, %v", names, err)
	}
}

func TestAFailedSaveLeavesNothing(t *testing.T) {
	f := scenarios.Folder{Dir: t.TempDir()}
	// A folder stands where the file should go: the rename fails.
	if err := os.Mkdir(f.Path("x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Save(scenarios.Scenario{Name: "x"}, true); err == nil {
		t.Fatal("saved over a folder")
	}
	names, err := os.ReadDir(f.Dir)
	if err != nil || len(names) != 1 {
		t.Errorf("files left behind: %v, %v", names, err)
	}
}

func TestPathsStayInTheFolder(t *testing.T) {
	f := scenarios.Folder{Dir: "dir"}
	for name, want := range map[string]string{
		"Plan A": "plan-a", "../../etc/passwd": "etc-passwd", "a/b\\c": "a-b-c", "": "scenario", "...": "scenario", "Été 2027": "t-2027", "x  --  y": "x-y",
	} {
		if got := f.Path(name); got != filepath.Join("dir", want+".toml") {
			t.Errorf("%q is saved as %s", name, got)
		}
	}
}

func TestList(t *testing.T) {
	f := scenarios.Folder{Dir: t.TempDir()}
	if got, err := (scenarios.Folder{Dir: filepath.Join(f.Dir, "missing")}).List(); err != nil || got != nil {
		t.Errorf("a missing folder: %v, %v", got, err)
	}
	for _, name := range []string{"beta", "Alpha"} {
		if _, err := f.Save(scenarios.Scenario{Name: name}, false); err != nil {
			t.Fatal(err)
		}
	}
	for name, body := range map[string]string{"broken.toml": "x", "notes.txt": "x"} {
		if err := os.WriteFile(filepath.Join(f.Dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.List()
	if err != nil || len(got) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	if got[0].Err == nil || got[1].Scenario.Name != "Alpha" || got[2].Scenario.Name != "beta" {
		t.Errorf("%v", got)
	}
	if !strings.HasPrefix(got[0].Err.Error(), "broken.toml:1:") {
		t.Errorf("the broken file: %v", got[0].Err)
	}
}

func TestBases(t *testing.T) {
	f := scenarios.Folder{Dir: t.TempDir()}
	save := func(name, base string, kv ...string) scenarios.Scenario {
		s := scenarios.Scenario{Name: name, Base: base, Levers: set(t, kv...)}
		if _, err := f.Save(s, true); err != nil {
			t.Fatal(err)
		}
		return s
	}
	save("far", "Status quo", "quality.cqs", "40", "market.volume", "5%")
	save("near", "far", "quality.cqs", "60", "policy.track", "3")
	top := save("top", "near", "quality.cqs", "80")
	base, err := f.Base(top)
	if err != nil {
		t.Fatal(err)
	}
	// The nearest base wins; the scenario's own levers are not in it.
	if base.Rate("quality", "cqs", "", 0).String() != "60.0000" || base.Len() != 3 {
		t.Errorf("%v", base.Items())
	}
	if own, err := f.Base(save("alone", "")); err != nil || own.Len() != 0 {
		t.Errorf("no base: %v, %v", own.Items(), err)
	}
	var fe *scenarios.FileError
	if _, err := f.Base(scenarios.Scenario{Name: "x", Base: "nowhere"}); !errors.As(err, &fe) || !strings.Contains(err.Error(), `x: its base "nowhere" cannot be read`) {
		t.Errorf("a base that is not there: %v", err)
	}
	save("far", "top")
	if _, err := f.Base(top); err == nil || !strings.Contains(err.Error(), "builds on itself") {
		t.Errorf("a circle: %v", err)
	}
}
