package term

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

func TestSyncWriterBracketsEachWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"one", "two"} {
		if n, err := (syncWriter{f}).Write([]byte(s)); n != 3 || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := beginSync + "one" + endSync + beginSync + "two" + endSync; string(got) != want {
		t.Errorf("got %q", got)
	}
	if _, err := (syncWriter{f}).Write([]byte("x")); err == nil {
		t.Error("a closed file takes a frame")
	}
}

func TestKeys(t *testing.T) {
	for _, x := range []struct {
		m    tea.KeyMsg
		want []Key
	}{
		{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("jj")}, []Key{{"j", "j"}, {"j", "j"}}},
		{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("1"), Alt: true}, []Key{{"alt+1", ""}}},
		{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a b"), Paste: true}, []Key{{"paste", "a b"}}},
		{tea.KeyMsg{Type: tea.KeySpace, Runes: []rune(" ")}, []Key{{" ", " "}}},
		{tea.KeyMsg{Type: tea.KeyShiftRight}, []Key{{"shift+right", ""}}},
		{tea.KeyMsg{Type: tea.KeyCtrlR}, []Key{{"ctrl+r", ""}}},
	} {
		if got := Keys(x.m); !slices.Equal(got, x.want) {
			t.Errorf("%v gives %v, want %v", x.m, got, x.want)
		}
	}
}
