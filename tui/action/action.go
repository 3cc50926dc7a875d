// Package action is the one registry of what a user can do on the screen: its
// keys, its words, where it works and why not elsewhere. The footer, the ?
// help, the : palette and docs/keys.md all read it, so they cannot disagree.
package action

import "slices"

// ID names an action.
type ID string

// Pane is a part of the board that can hold the focus.
type Pane uint8

// The panes.
const (
	Levers Pane = iota
	Designs
	Tab
)

// String is the pane's title.
func (p Pane) String() string {
	switch p {
	case Designs:
		return "Designs"
	case Tab:
		return "Close-ups"
	case Levers:
	}
	return "Levers"
}

// State is what availability depends on.
type State struct {
	Focus    Pane
	Tab      ID   // the open close-up
	CanUndo  bool // there is a change to take back
	CanRedo  bool
	LeverSet bool // the lever under the cursor is set here
	OneCCN   bool // one hospital is looked at
	Many     bool // the data hold more than one hospital
	Filtered bool // the focused list is filtered
	Zoomed   bool
}

// Action is one entry of the registry.
type Action struct {
	ID       ID
	Keys     []string // as the terminal seam names them; the first is shown
	Title    string   // what it does, for help and palette
	Hint     string   // for the footer; "" never there
	Group    string
	Priority int    // in the footer: 1 is dropped last
	Panes    []Pane // where it works; empty everywhere
	Why      func(State) string
}

// Works says whether the action can run, and why not.
func (a *Action) Works(s State) (string, bool) {
	if len(a.Panes) > 0 && !slices.Contains(a.Panes, s.Focus) {
		return "works in the pane " + a.Panes[0].String() + ": tab moves there", false
	}
	if a.Why != nil {
		if why := a.Why(s); why != "" {
			return why, false
		}
	}
	return "", true
}

// Find gives the action of a key. When the key belongs only to actions that
// do not work now, it gives the reason instead.
func Find(list []Action, key string, s State) (ID, string) {
	why := ""
	for i := range list {
		if !slices.Contains(list[i].Keys, key) {
			continue
		}
		reason, ok := list[i].Works(s)
		if ok {
			return list[i].ID, ""
		}
		if why == "" || len(list[i].Panes) == 0 || slices.Contains(list[i].Panes, s.Focus) {
			why = reason
		}
	}
	return "", why
}

// Key is how a key is written for people.
func Key(name string) string {
	switch name {
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	case "shift+left":
		return "shift ←"
	case "shift+right":
		return "shift →"
	}
	return name
}
