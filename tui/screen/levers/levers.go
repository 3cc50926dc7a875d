// Package levers is the pane on the left of the board: what a user may change,
// by group, with the value in force.
package levers

import (
	"slices"
	"strconv"
	"strings"

	"bundlelab/engine/lever"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// Pane is the list of levers. The zero value is ready.
type Pane struct {
	cursor id
	top    int
	open   []string // groups shown in full
	filter string
	rev    int
	cache  draw.Cache[key, []string]
	list   draw.Cache[listKey, []item]
	drawn  draw.Each[shown, string]
}

type listKey struct {
	version uint64
	rev     int
}

// id names a line of the list that can be in hand; the zero id is a line that
// cannot. Without a name it is the line that opens or closes a group.
type id struct{ group, name string }

type key struct {
	version   uint64
	rev, w, h int
	focused   bool
	theme     draw.Theme
}

// item is one line of the list.
type item struct {
	group string
	def   *lever.Def // nil for a heading
	more  int        // levers a closed group keeps back; -1 offers to close it
	off   string     // why no lever of the group acts under the selected design
}

func (i item) id() id {
	switch {
	case i.def != nil:
		return id{i.group, i.def.Name}
	case i.more != 0:
		return id{group: i.group}
	}
	return id{}
}

// common are the levers shown without opening a group.
func common(d *lever.Def) bool {
	switch d.Group {
	case "policy":
		return slices.Contains([]string{"design", "period", "track", "episode_days", "discount", "stop_loss"}, d.Name)
	case "care":
		return !strings.HasPrefix(d.Name, "saving.") || d.Name == "saving.snf"
	case "market":
		return slices.Contains([]string{"volume", "cost_trend", "trend_realized"}, d.Name)
	case "program":
		return slices.Contains([]string{"fixed_cost", "cost_per_episode", "gainshare", "alignment"}, d.Name)
	}
	return true
}

func title(group string) string {
	switch group {
	case "care":
		return "POST-ACUTE"
	case "aco":
		return "ACO"
	}
	return strings.ToUpper(group)
}

// items lists what is shown: with a filter every match, else each group's
// common levers, those that are set, and the rest when the group is open.
func (p *Pane) items(s *session.Session) []item {
	return p.list.Of(listKey{s.Version(), p.rev}, func() []item { return p.find(s) })
}

func (p *Pane) find(s *session.Session) []item {
	defs := s.Defs()
	out := make([]item, 0, len(defs))
	for i := 0; i < len(defs); {
		group := defs[i].Group
		head, kept, shown := len(out), 0, 0
		off := s.Elsewhere(group)
		out = append(out, item{group: group, off: off})
		open := slices.Contains(p.open, group)
		for ; i < len(defs) && defs[i].Group == group; i++ {
			d := &defs[i]
			switch {
			case p.filter != "":
				if !matches(d, p.filter) {
					continue
				}
			case (off != "" || !common(d)) && !open && !isSet(s, d):
				kept++
				continue
			}
			out = append(out, item{group: group, def: d})
			shown++
		}
		switch {
		case p.filter != "" && shown == 0:
			out = out[:head]
		case off != "" && kept > 0 && shown == 0: // heading and the rest on one line
			out[head].more = kept
		case kept > 0:
			out = append(out, item{group: group, more: kept})
		case open && p.filter == "":
			out = append(out, item{group: group, more: -1})
		}
	}
	return out
}

func isSet(s *session.Session, d *lever.Def) bool {
	if !s.Anywhere(d) {
		return false
	}
	r := s.Read(d)
	return r.Set || r.Change != 0 || r.More > 0
}

func matches(d *lever.Def, text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(strings.ToLower(d.Title), text) || strings.Contains(d.Key(), text) || strings.Contains(strings.ToLower(title(d.Group)), text)
}

// place is the cursor's index; the first lever when its own line is gone.
func (p *Pane) place(items []item) int {
	first := -1
	for i, it := range items {
		if at := it.id(); at != (id{}) {
			if at == p.cursor {
				return i
			}
			if first < 0 {
				first = i
			}
		}
	}
	return first
}

// Current is the lever under the cursor; nil on a line that is none.
func (p *Pane) Current(s *session.Session) *lever.Def {
	items := p.items(s)
	if i := p.place(items); i >= 0 {
		return items[i].def
	}
	return nil
}

// Move moves the cursor n levers.
func (p *Pane) Move(s *session.Session, n int) {
	items := slices.DeleteFunc(slices.Clone(p.items(s)), func(i item) bool { return i.id() == id{} })
	if len(items) == 0 {
		return
	}
	i := max(0, min(p.place(items)+n, len(items)-1))
	p.cursor = items[i].id()
	p.rev++
}

// Find puts the cursor on a lever, opening its group.
func (p *Pane) Find(d *lever.Def) {
	p.filter = ""
	if !common(d) && !slices.Contains(p.open, d.Group) {
		p.open = append(p.open, d.Group)
	}
	p.cursor = id{d.Group, d.Name}
	p.rev++
}

// Toggle opens or closes the group of a "more" line, and says whether the
// cursor stood on one.
func (p *Pane) Toggle(s *session.Session) bool {
	group := p.cursor.group
	if group == "" || p.cursor.name != "" || p.Current(s) != nil {
		return false
	}
	p.rev++
	if i := slices.Index(p.open, group); i >= 0 {
		p.open = slices.Delete(p.open, i, i+1)
	} else {
		p.open = append(p.open, group)
		items := p.items(s)
		off := s.Elsewhere(group) != ""
		for k, it := range items {
			if it.group == group && it.def != nil && (off || !common(it.def)) {
				p.cursor = items[k].id()
				break
			}
		}
	}
	return true
}

// Filter is the text the list is filtered by.
func (p *Pane) Filter() string { return p.filter }

// SetFilter filters the list and says how many levers match.
func (p *Pane) SetFilter(s *session.Session, text string) int {
	p.filter = text
	p.rev++
	n := 0
	for _, it := range p.items(s) {
		if it.def != nil {
			n++
		}
	}
	return n
}

// text is the text of a line that opens or closes a group.
func (i item) text() string {
	if i.more < 0 {
		return "fewer"
	}
	return strconv.Itoa(i.more) + " more …"
}

// Forget drops the lines kept of the last frame.
func (p *Pane) Forget() {
	p.cache.Forget()
	p.list.Forget()
	p.drawn = nil
}
