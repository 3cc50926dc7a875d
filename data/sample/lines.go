package sample

import (
	"strconv"

	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// lines collects the service lines of one episode in a slice that is used
// again for the next.
type lines struct {
	all  []store.Service
	keys []string // "1", "2" ... made once
}

// add appends a line with its setting's own rule (ruling 25) and returns it for
// the details. Both days are inside the service.
func (l *lines) add(s episode.Setting, from, to int, dollars float64) *store.Service {
	l.all = append(l.all, store.Service{Service: episode.Service{
		Setting: s, Rule: s.Rule(false), From: int32(from), To: int32(to), Amount: max(1, cents(dollars)),
	}})
	return &l.all[len(l.all)-1]
}

// finish ends the course at the last day anything can happen (death, loss of
// eligibility or end of data): it drops what starts after that day or after the
// days followed, shortens what crosses it, and numbers the lines.
func (l *lines) finish(last int) {
	kept := l.all[:0]
	for i := range l.all {
		v := &l.all[i]
		if int(v.From) > last || v.From >= followed {
			continue
		}
		if int(v.To) > last {
			shorten(v, int32(last))
		}
		kept = append(kept, *v)
	}
	l.all = kept
	for len(l.keys) < len(kept) {
		l.keys = append(l.keys, strconv.Itoa(len(l.keys)+1))
	}
	for i := range kept {
		kept[i].LineKey = l.keys[i]
	}
}

// shorten ends a service on a day. Per-diem care is paid for the days given; a
// case-rate stay keeps its payment; visits after the day never happened.
func shorten(v *store.Service, last int32) {
	switch v.Rule {
	case episode.Days:
		days, all := int64(last-v.From+1), int64(v.To-v.From+1)
		v.Amount = max(1, money.Cents(money.MulDiv(int64(v.Amount), days, all)))
		v.Units = min(v.Units, int(days))
	case episode.Visits:
		done, all, kept := int64(0), int64(0), v.Visits[:0]
		for _, x := range v.Visits {
			all += int64(x.Count)
			if x.Offset <= last {
				kept = append(kept, x)
				done += int64(x.Count)
			}
		}
		v.Visits = kept
		v.Units = int(done)
		v.Amount = max(1, money.Cents(money.MulDiv(int64(v.Amount), done, all)))
	case episode.Whole, episode.GMLOS, episode.Always:
	}
	v.To = last
}
