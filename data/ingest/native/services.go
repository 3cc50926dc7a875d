package native

import (
	"bytes"
	"context"
	"errors"

	"bundlelab/data/ingest/check"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
)

// line is a service with what the books need of it.
type line struct {
	store.Service
	key string // as in the file
	at  int    // line of the file
}

// held is an accepted episode until its services are in.
type held struct {
	*store.Episode
	bene  string
	at    int
	lines []line
}

// joining gives episodes their services and sends them.
type joining struct {
	*survey
	im       *importer
	ctx      context.Context
	episodes *record.Rows
	services *record.Rows
	next     int    // place of the next new key of episodes.csv
	rejected []bool // by place
	waiting  int    // place of the service row at hand; none: no row is
	places   []check.Place
	lent     []line          // for the lines of one episode after the other
	seen     map[string]bool // line keys of the episode at hand
}

// Instead of a place: no row is at hand, and the row's key is no episode's.
const (
	none   = -2
	orphan = -1
)

// care reads episodes.csv and services.csv side by side and sends every
// episode.
func (im *importer) care(ctx context.Context) error {
	s, err := im.look(ctx)
	if err != nil {
		return err
	}
	episodes, err := im.open("episodes", episodeColumns())
	if err != nil {
		return err
	}
	services, err := im.open("services", serviceColumns())
	if episodes != nil {
		defer func() { _ = episodes.Close() }() // read only
	}
	if services != nil {
		defer func() { _ = services.Close() }()
	}
	if err != nil || episodes == nil || services == nil {
		return err
	}
	j := &joining{survey: s, im: im, ctx: ctx, episodes: episodes, services: services, waiting: none, rejected: make([]bool, len(s.lines)), seen: map[string]bool{}}
	if s.ordered {
		return j.merge()
	}
	return j.rounds()
}

// merge reads both files once, side by side.
func (j *joining) merge() error {
	for err := range j.episodes.Each(j.ctx) {
		if err != nil {
			return err
		}
		h, place := j.episode()
		if place < 0 {
			continue
		}
		if err := j.upTo(place, h); err != nil {
			return err
		}
		if h != nil {
			if err := j.send(h); err != nil {
				return err
			}
		}
	}
	if j.episodes.Books.Refused() != nil {
		return nil
	}
	j.skip(len(j.lines))
	return j.upTo(len(j.lines), nil)
}

// skip passes over places up to one: the rows of their keys were of the wrong
// width.
func (j *joining) skip(place int) {
	for ; j.next < place; j.next++ {
		j.rejected[j.next] = true
	}
}

// upTo reads the services up to those of the episode at a place; h is nil when
// it was rejected.
func (j *joining) upTo(place int, h *held) error {
	for {
		if j.waiting == none {
			ok, err := j.services.Next()
			if err != nil || !ok {
				return err
			}
			j.waiting = j.keys.find([]byte(j.services.Text("episode_key")))
		}
		if j.waiting > place {
			return nil
		}
		mine := h
		if j.waiting != place {
			mine = nil
		}
		j.row(mine, j.waiting)
		j.waiting = none
	}
}

// rounds reads services.csv once for every so many episodes. Its first round
// also takes the rows that are no episode's.
func (j *joining) rounds() error {
	j.expect()
	rows := j.services
	for {
		from := j.next
		some, err := j.some()
		if err != nil {
			return err
		}
		to := j.next
		if from == to && rows != j.services {
			return nil
		}
		if err := j.round(rows, from, to, some); err != nil {
			return err
		}
		for _, h := range some {
			if h != nil {
				if err := j.send(h); err != nil {
					return err
				}
			}
		}
		if j.episodes.Books.Refused() != nil || j.services.Books.Refused() != nil {
			return nil
		}
		if rows, err = j.services.Again(); err != nil {
			return err
		}
	}
}

// expect tells the progress how often services.csv will be read again.
func (j *joining) expect() {
	most, lines, episodes := j.im.most, 0, 0
	for _, n := range j.lines {
		lines, episodes = lines+int(n), episodes+1
		if lines >= most.lines || episodes >= most.episodes {
			j.im.run.Again(j.im.sources["services"])
			lines, episodes = 0, 0
		}
	}
}

// some reads as many episodes as may be held with their services, by place from
// the first on; a rejected one is nil.
func (j *joining) some() ([]*held, error) {
	var some []*held
	from, lines := j.next, 0
	for lines < j.im.most.lines && len(some) < j.im.most.episodes {
		ok, err := j.episodes.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			j.skip(len(j.lines))
			return append(some, make([]*held, j.next-from-len(some))...), nil
		}
		h, place := j.episode()
		if place < 0 {
			continue
		}
		for len(some) < place-from {
			some = append(some, nil)
		}
		some = append(some, h)
		lines += int(j.lines[place])
	}
	return some, nil
}

// round takes the services of the episodes from one place to another.
func (j *joining) round(rows *record.Rows, from, to int, all []*held) error {
	first := rows == j.services
	if !first {
		defer func() { _ = rows.Close() }() // read only
	}
	find := func(key []byte) int { return j.keys.find(bytes.TrimSpace(key)) }
	some := j.keys.some(from, to)
	want := func(key []byte) bool {
		if !first && !some.holds(j.keys.hash(bytes.TrimSpace(key))) {
			return false
		}
		place := find(key)
		return place >= from && place < to || first && place < 0
	}
	parent := j.services
	j.services = rows
	defer func() { j.services = parent }()
	for n := 0; ; n++ {
		if n%1024 == 0 && j.ctx.Err() != nil {
			return j.ctx.Err()
		}
		ok, err := rows.NextWhere("episode_key", want)
		if err != nil || !ok {
			return err
		}
		place := find([]byte(rows.Text("episode_key")))
		var h *held
		if place >= from && place < to {
			h = all[place-from]
		}
		j.row(h, place)
	}
}

// episode reads the row of episodes.csv at hand. The place is -1 when its key
// came before, or is none.
func (j *joining) episode() (*held, int) {
	rows := j.episodes
	e, bene := j.im.episode(rows)
	rows.Books.Saw(1, e.StdAnchor)
	place := j.keys.find([]byte(rows.Text("episode_key")))
	switch {
	case place >= j.next:
		j.skip(place)
		j.next++
	case place >= 0:
		rows.Reject("K001", "episode_key", "an episode of this key came before; the first row is kept")
		place = orphan
	}
	if rows.Bad() {
		if place >= 0 {
			j.rejected[place] = true
		}
		rows.Books.Rejects(1, e.StdAnchor)
		return nil, place
	}
	rows.Books.Loads(1, e.StdAnchor)
	h := &held{Episode: e, bene: bene, at: rows.Line()}
	if j.ordered { // one episode at a time: its lines have been copied when the next comes
		h.lines = j.lent[:0]
	}
	return h, place
}

// row takes one service for an episode, or for none.
func (j *joining) row(h *held, place int) {
	if h == nil {
		j.orphan(place)
		return
	}
	rows := j.services
	key := rows.Required("line_key")
	s := j.im.service(rows, h.Episode, h.bene)
	rows.Books.Saw(1, s.Amount)
	if rows.Bad() {
		rows.Books.Rejects(1, s.Amount)
		return
	}
	h.lines = append(h.lines, line{s, key, rows.Line()})
}

// orphan skips a service of no accepted episode (K002): its own row may be
// fine, so it is a warning; the fault is counted where the episode is.
func (j *joining) orphan(place int) {
	rows := j.services
	amount, _ := rows.Cents("std_allowed")
	to, ok := rows.Day("to_date")
	rows.Books.Saw(1, amount)
	if rows.Bad() {
		rows.Books.Rejects(1, amount)
		return
	}
	if ok {
		j.im.run.Through(to)
	}
	why := "no episode has this key"
	if place >= 0 && j.rejected[place] {
		why = "its episode was rejected"
	}
	rows.Warn("K002", "episode_key", "the service is left out: "+why)
	rows.Books.Skips(1, amount)
}

// send settles the services of an episode and sends it.
func (j *joining) send(h *held) error {
	j.settle(h)
	if j.ordered {
		j.lent = h.lines
	}
	at := control.Origin{Episode: check.Place{Books: j.episodes.Books, Line: h.at}, Services: j.places}
	return j.im.run.EpisodeFrom(h.Episode, at)
}

// ignoreBad leaves a file that cannot be trusted to its real reading.
func ignoreBad(err error) error {
	var bad *table.BadFileError
	if errors.As(err, &bad) {
		return nil
	}
	return err
}
