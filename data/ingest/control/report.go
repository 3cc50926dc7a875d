package control

import (
	"fmt"
	"sort"

	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Report is the reconciliation table of an import (data.md 6.3).
type Report struct {
	Format        store.Format
	Unchanged     bool // every file was imported before; nothing was done
	Files         []store.File
	Hospitals     int // full hospital rows
	BareHospitals int // hospitals known by their number only
	Prices        int
	Episodes      int
	Anchor        money.Cents                       // loaded as the anchors' own amount
	Settings      [episode.NumSettings]SettingTotal // loaded services, by setting
	SharedLines   int                               // loaded lines that a second episode holds too
	Shared        money.Cents                       // their dollars, counted in Settings twice
	Restated      money.Cents                       // standardized less raw dollars, of what was loaded from raw books
	Triggers      []TriggerCount                    // episodes by category and trigger
	Latest        calendar.Day                      // last day the data cover; 0 without episodes
	Guessed       bool                              // Latest is the latest service seen, not stated by a file (ruling 13)
	MaxDays       int                               // longest length any episode is observed for
	Observed      [3]Observed                       // 30, 60 and 90 days
	Notes         []string                          // sentences a person should read

	triggers   map[triggerKey]int
	follow     []follow
	lastEvent  calendar.Day
	lastAnchor calendar.Day // stands in when there is no service
}

// SettingTotal is what was loaded in one setting.
type SettingTotal struct {
	Lines  int
	Amount money.Cents
}

// TriggerCount is a number of episodes of one trigger.
type TriggerCount struct {
	Category episode.Category
	Trigger  string
	Cell     string // pooled MS-DRG that sets the price
	Episodes int
}

// Observed is how many episodes the data cover for a length.
type Observed struct {
	Days     int
	Episodes int
}

type triggerKey struct {
	category episode.Category
	code     string
	cell     string
}

// follow is what the follow-up of an episode depends on; through is 0 when
// the file does not state it.
type follow struct{ end, through calendar.Day }

func (r *Report) add(e *store.Episode) {
	r.Episodes++
	r.Anchor += e.StdAnchor
	r.triggers[triggerKey{e.Category, e.Trigger, e.Cell}]++
	w := follow{end: e.End}
	if e.DataThrough != nil {
		w.through = *e.DataThrough
		r.Latest = max(r.Latest, w.through)
	}
	r.follow = append(r.follow, w)
	r.lastAnchor = max(r.lastAnchor, e.End)
	for i := range e.Services {
		s := &e.Services[i]
		t := &r.Settings[s.Setting]
		t.Lines++
		t.Amount += s.Amount
		r.lastEvent = max(r.lastEvent, e.End+calendar.Day(s.To))
	}
}

// settle fills the parts that need every episode: the order of the triggers
// and, where no file states how far the data reach, the latest service date
// (ruling 13).
func (r *Report) settle() {
	for k, n := range r.triggers {
		r.Triggers = append(r.Triggers, TriggerCount{k.category, k.code, k.cell, n})
	}
	sort.Slice(r.Triggers, func(a, b int) bool {
		x, y := r.Triggers[a], r.Triggers[b]
		if x.Category != y.Category {
			return x.Category < y.Category
		}
		if x.Trigger != y.Trigger {
			return x.Trigger < y.Trigger
		}
		return x.Cell < y.Cell
	})
	r.Observed = [3]Observed{{Days: 30}, {Days: 60}, {Days: 90}}
	if r.lastEvent == 0 {
		r.lastEvent = r.lastAnchor
	}
	for _, w := range r.follow {
		through := w.through
		if through == 0 {
			through = r.lastEvent
			r.Latest, r.Guessed = max(r.Latest, through), true
		}
		days := int(through-w.end) + 1
		r.MaxDays = max(r.MaxDays, days)
		for i := range r.Observed {
			if days >= r.Observed[i].Days {
				r.Observed[i].Episodes++
			}
		}
	}
}

// SharePercent is the share of episodes observed for the i-th of 30, 60 and 90
// days, in percent; 0 without episodes. For the screen only.
func (r *Report) SharePercent(i int) float64 {
	if r.Episodes == 0 {
		return 0
	}
	return 100 * float64(r.Observed[i].Episodes) / float64(r.Episodes)
}

// Problems counts findings of one severity over all files.
func (r *Report) Problems(s store.Severity) int {
	n := 0
	for _, f := range r.Files {
		for _, p := range f.Problems {
			if p.Severity == s {
				n += p.Count
			}
		}
	}
	return n
}

// balance compares the files' loaded dollars with what the episodes hold.
func (r *Report) balance() error {
	var files money.Cents
	for _, f := range r.Files {
		files += f.AmountLoaded
	}
	held := r.Anchor
	for _, s := range r.Settings {
		held += s.Amount
	}
	if files+r.Shared+r.Restated != held {
		return fmt.Errorf("control totals do not balance: the files loaded %s (%s of it twice), but the episodes hold %s; please report this as a defect",
			files, r.Shared, held)
	}
	return nil
}
