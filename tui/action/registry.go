package action

// The actions.
const (
	Up       ID = "up"
	Down     ID = "down"
	PageUp   ID = "page-up"
	PageDown ID = "page-down"
	Top      ID = "top"
	Bottom   ID = "bottom"
	NextPane ID = "next-pane"
	PrevPane ID = "previous-pane"

	StepUp     ID = "step-up"
	StepDown   ID = "step-down"
	LeapUp     ID = "leap-up"
	LeapDown   ID = "leap-down"
	Edit       ID = "edit"
	Reset      ID = "reset"
	About      ID = "about"
	SetByName  ID = "set"
	Category   ID = "category"
	CategoryUp ID = "category-back"
	Hospital   ID = "hospital"

	Explain    ID = "explain"
	Zoom       ID = "zoom"
	NextTab    ID = "next-tab"
	PrevTab    ID = "previous-tab"
	Ledger     ID = "ledger"
	Categories ID = "categories"
	Length     ID = "length"
	Hospitals  ID = "hospitals"
	Filter     ID = "filter"
	Back       ID = "back"

	Undo  ID = "undo"
	Redo  ID = "redo"
	Save  ID = "save"
	Open  ID = "open"
	Fresh ID = "status-quo"

	Palette ID = "palette"
	Help    ID = "help"
	Redraw  ID = "redraw"
	Suspend ID = "suspend"
	Quit    ID = "quit"
	Leave   ID = "leave"
)

// Tabs are the close-ups in their order on the board.
func Tabs() []ID { return []ID{Ledger, Categories, Length, Hospitals} }

// Registry lists every action, in the order of help.
func Registry() []Action {
	var all []Action
	all = append(all, levers()...)
	all = append(all, looking()...)
	all = append(all, moving()...)
	all = append(all, keeping()...)
	return append(all, program()...)
}

func levers() []Action {
	const g = "Levers"
	in := []Pane{Levers}
	return []Action{
		{ID: StepUp, Keys: []string{"right", "l"}, Title: "one step up", Hint: "change", Group: g, Priority: 2, Panes: in},
		{ID: StepDown, Keys: []string{"left", "h"}, Title: "one step down", Group: g, Panes: in},
		{ID: LeapUp, Keys: []string{"shift+right", ">"}, Title: "ten steps up", Hint: "×10", Group: g, Priority: 8, Panes: in},
		{ID: LeapDown, Keys: []string{"shift+left", "<"}, Title: "ten steps down", Group: g, Panes: in},
		{ID: Edit, Keys: []string{"enter", "="}, Title: "type a value (a digit starts at once)", Hint: "type a value", Group: g, Priority: 4, Panes: in},
		{ID: Reset, Keys: []string{"backspace", "delete"}, Title: "back to the base value", Hint: "reset", Group: g, Priority: 5, Panes: in,
			Why: unless(func(s State) bool { return s.LeverSet }, "this lever is not set here")},
		{ID: About, Keys: []string{"i"}, Title: "about this lever: what it does, its range and what is known of it", Hint: "about", Group: g, Priority: 7, Panes: in},
		{ID: Category, Keys: []string{"c"}, Title: "next category for the levers set by category", Hint: "category", Group: g, Priority: 8},
		{ID: CategoryUp, Keys: []string{"C"}, Title: "previous category", Group: g},
		{ID: Hospital, Keys: []string{"H"}, Title: "look at one hospital or all; its levers are then set for it alone", Hint: "hospital", Group: g, Priority: 9,
			Why: unless(func(s State) bool { return s.Many }, "the data hold one hospital only")},
		{ID: SetByName, Title: "set a lever by name: set care.all.snf_days=2", Group: g},
	}
}

func looking() []Action {
	const g = "Look closer"
	list := []Action{
		{ID: Explain, Keys: []string{"enter"}, Title: "explain the number; in Hospitals look at that hospital, in Length take that length", Hint: "explain", Group: g, Priority: 1, Panes: []Pane{Designs, Tab}},
		{ID: Zoom, Keys: []string{"z"}, Title: "designs or close-up on the full screen and back", Hint: "full screen", Group: g, Priority: 6},
		{ID: NextTab, Keys: []string{"]", "right", "l"}, Title: "next close-up", Hint: "close-up", Group: g, Priority: 4, Panes: []Pane{Tab, Designs}},
		{ID: PrevTab, Keys: []string{"[", "left", "h"}, Title: "previous close-up", Group: g, Panes: []Pane{Tab, Designs}},
	}
	titles := map[ID]string{
		Ledger: "ledger: from benchmark to what the hospital keeps", Categories: "categories: target, spending and cap by category",
		Length: "length: the net payment at every length", Hospitals: "hospitals: each one's settlement",
	}
	for i, id := range Tabs() {
		n := string(rune('1' + i))
		list = append(list, Action{ID: id, Keys: []string{n, "alt+" + n}, Title: titles[id], Group: g})
	}
	return append(list,
		Action{ID: Filter, Keys: []string{"/"}, Title: "filter the list in focus", Hint: "filter", Group: g, Priority: 10,
			Why: unless(func(s State) bool { return s.Focus != Tab || s.Tab == Hospitals }, "this close-up is no list to filter")},
		Action{ID: Back, Keys: []string{"esc"}, Title: "clear the filter, leave the full screen, or go back to all hospitals", Group: g,
			Why: unless(func(s State) bool { return s.Filtered || s.Zoomed || s.OneCCN }, "nothing to go back from; q quits")},
	)
}

func moving() []Action {
	const g = "Move"
	return []Action{
		{ID: Up, Keys: []string{"up", "k"}, Title: "up", Group: g},
		{ID: Down, Keys: []string{"down", "j"}, Title: "down", Group: g},
		{ID: PageUp, Keys: []string{"pgup", "ctrl+b"}, Title: "a page up", Group: g},
		{ID: PageDown, Keys: []string{"pgdown", "ctrl+f"}, Title: "a page down", Group: g},
		{ID: Top, Keys: []string{"g", "home"}, Title: "first", Group: g},
		{ID: Bottom, Keys: []string{"G", "end"}, Title: "last", Group: g},
		{ID: NextPane, Keys: []string{"tab"}, Title: "next pane", Hint: "next pane", Group: g, Priority: 5},
		{ID: PrevPane, Keys: []string{"shift+tab"}, Title: "previous pane", Group: g},
	}
}

func keeping() []Action {
	const g = "Scenario"
	return []Action{
		{ID: Undo, Keys: []string{"u"}, Title: "undo the last change", Hint: "undo", Group: g, Priority: 4,
			Why: unless(func(s State) bool { return s.CanUndo }, "there is nothing to undo")},
		{ID: Redo, Keys: []string{"ctrl+r"}, Title: "redo what was undone", Group: g,
			Why: unless(func(s State) bool { return s.CanRedo }, "there is nothing to redo")},
		{ID: Save, Keys: []string{"s"}, Title: "save the scenario under a name", Hint: "save", Group: g, Priority: 3},
		{ID: Open, Keys: []string{"o"}, Title: "open a scenario or the unsaved draft", Hint: "open", Group: g, Priority: 11},
		{ID: Fresh, Title: "start again from the status quo", Group: g},
	}
}

func program() []Action {
	const g = "Program"
	return []Action{
		{ID: Palette, Keys: []string{":", "ctrl+p"}, Title: "find any action, lever, scenario or hospital by name", Hint: "command", Group: g, Priority: 2},
		{ID: Help, Keys: []string{"?"}, Title: "all keys", Hint: "help", Group: g, Priority: 1},
		{ID: Redraw, Keys: []string{"ctrl+l"}, Title: "draw the screen anew", Group: g},
		{ID: Suspend, Keys: []string{"ctrl+z"}, Title: "suspend to the shell; fg comes back", Group: g},
		{ID: Quit, Keys: []string{"q"}, Title: "quit; asks when something is not saved", Hint: "quit", Group: g, Priority: 12},
		{ID: Leave, Keys: []string{"ctrl+c"}, Title: "quit at once; the draft stays", Group: g},
	}
}

func unless(ok func(State) bool, why string) func(State) string {
	return func(s State) string {
		if ok(s) {
			return ""
		}
		return why
	}
}
