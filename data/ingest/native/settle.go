package native

import (
	"bundlelab/data/ingest/check"
	"bundlelab/data/ingest/control"
	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// original is what a negative line takes back.
type original struct {
	setting  uint8
	from, to int32
	code     string
	amount   money.Cents
}

func originalOf(s *store.Service) original {
	return original{uint8(s.Setting), s.From, s.To, s.Code, s.Amount.Abs()}
}

// settle puts the services into the episode: the first of a line key (K001). A
// negative line stays only beside the original it takes back, so that the two
// come to nothing; any other is rejected (A002).
func (j *joining) settle(h *held) {
	books := j.services.Books
	reject := func(l *line, code, column, hint, message string) {
		books.Find(store.Reject, code, l.at, column, hint, message)
		books.Rejects(1, l.Amount)
	}
	clear(j.seen)
	j.places = j.places[:0]
	var originals map[original]int
	for i := range h.lines {
		if h.lines[i].Amount < 0 {
			originals = positives(h.lines)
			break
		}
	}
	e := h.Episode
	e.Services = make([]store.Service, 0, len(h.lines))
	for i := range h.lines {
		l := &h.lines[i]
		if j.seen[l.key] {
			reject(l, "K001", "line_key", "", "a service of this episode and line key came before; the first row is kept")
			continue
		}
		j.seen[l.key] = true
		if l.Amount < 0 {
			o := originalOf(&l.Service)
			if originals[o] == 0 {
				reject(l, "A002", "std_allowed", control.Mask(l.Amount.String()), "the amount is negative and the line it takes back is not there")
				continue
			}
			originals[o]--
		}
		books.Loads(1, l.Amount)
		e.Services = append(e.Services, l.Service)
		j.places = append(j.places, check.Place{Books: books, Line: l.at})
	}
}

// positives counts the lines that others may take back: the first of a line
// key only, since the rest are rejected.
func positives(lines []line) map[original]int {
	all, seen := map[original]int{}, map[string]bool{}
	for i := range lines {
		if s := &lines[i].Service; s.Amount > 0 && !seen[lines[i].key] {
			all[originalOf(s)]++
		}
		seen[lines[i].key] = true
	}
	return all
}
