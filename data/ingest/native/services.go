package native

import (
	"context"
	"errors"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// basket holds the services of one episode until it is sent.
type basket struct {
	keys  map[string]bool
	lines []line
}

// line is a service with what the books need of it.
type line struct {
	store.Service
	at int // line of the file
}

// gathering gives episodes their services and sends them in the order of
// episodes.csv.
type gathering struct {
	im      *importer
	rows    *record.Rows
	ordered bool            // services.csv follows episodes.csv
	next    int             // first episode not sent
	held    map[int]*basket // by place of the episode
}

// services reads services.csv and sends every episode.
func (im *importer) services(ctx context.Context) error {
	ordered, err := im.ordered()
	if err != nil {
		return err
	}
	rows, err := im.open("services", serviceColumns())
	if err != nil {
		return err
	}
	g := &gathering{im: im, rows: rows, ordered: ordered, held: map[int]*basket{}}
	if rows != nil {
		if err := each(ctx, rows, g.row); err != nil {
			return err
		}
	}
	return g.sendBefore(len(im.episodes.all))
}

// ordered looks through services.csv once for the keys alone. Its rows follow
// episodes.csv when the places of their episodes never fall; then one
// episode's services are held at a time.
func (im *importer) ordered() (ok bool, err error) {
	in, err := table.Open(im.sources["services"])
	var bad *table.BadFileError
	if errors.As(err, &bad) {
		return false, nil // the second look writes the refusal
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	column, last := in.Column("episode_key"), 0
	for {
		rec, err := in.Next()
		if err != nil || column < 0 || column >= len(rec.Fields) {
			return true, nil // faults and the end are the second look's business
		}
		place, known := im.episodes.place[rec.Fields[column]]
		if !known {
			continue
		}
		if place < last {
			return false, nil
		}
		last = place
	}
}

// row takes one service.
func (g *gathering) row() error {
	rows := g.rows
	key := rows.Text("episode_key")
	place, ok := g.im.episodes.place[key]
	if !ok {
		g.orphan(key)
		return nil
	}
	if g.ordered {
		if err := g.sendBefore(place); err != nil {
			return err
		}
	}
	b := g.held[place]
	if b == nil {
		b = &basket{keys: map[string]bool{}}
		g.held[place] = b
	}
	e, bene := g.im.episodes.all[place], g.im.episodes.bene[place]
	lineKey := rows.Required("line_key")
	s := g.im.service(rows, e, bene)
	rows.Books.Saw(1, s.Amount)
	if !rows.Bad() && b.keys[lineKey] {
		rows.Reject("K001", "line_key", "a service of this episode and line key came before; the first row is kept")
	}
	if rows.Bad() {
		rows.Books.Rejects(1, s.Amount)
		return nil
	}
	b.keys[lineKey] = true
	b.lines = append(b.lines, line{s, rows.Line()})
	return nil
}

// orphan skips a service of no accepted episode (K002): its own row may be
// fine, so it is a warning; the fault is counted where the episode is.
func (g *gathering) orphan(key string) {
	rows := g.rows
	amount, _ := rows.Cents("std_allowed")
	to, ok := rows.Day("to_date")
	rows.Books.Saw(1, amount)
	if rows.Bad() {
		rows.Books.Rejects(1, amount)
		return
	}
	if ok {
		g.im.run.Through(to)
	}
	why := "no episode has this key"
	if g.im.episodes.rejected[key] {
		why = "its episode was rejected"
	}
	rows.Warn("K002", "episode_key", "the service is left out: "+why)
	rows.Books.Skips(1, amount)
}

// sendBefore sends every episode before a place with its services.
func (g *gathering) sendBefore(place int) error {
	for ; g.next < place; g.next++ {
		e, b := g.im.episodes.all[g.next], g.held[g.next]
		delete(g.held, g.next)
		if b != nil {
			g.settle(e, b)
		}
		if len(e.Services) == 0 && g.im.episodes.books != nil {
			g.im.episodes.books.Find(store.Warning, "K002", 0, "", "", "an episode has no service")
		}
		checkTotal(g.im.episodes.books, e)
		if err := g.im.run.Episode(e); err != nil {
			return err
		}
		g.im.episodes.all[g.next] = nil // sent: the memory is free
	}
	return nil
}

// settle puts the services into the episode. A negative line stays only beside
// the original it takes back, so that the two come to nothing; any other is
// rejected (A002).
func (g *gathering) settle(e *store.Episode, b *basket) {
	type original struct {
		setting  uint8
		from, to int32
		code     string
		amount   money.Cents
	}
	of := func(s *store.Service) original {
		return original{uint8(s.Setting), s.From, s.To, s.Code, s.Amount.Abs()}
	}
	originals := map[original]int{}
	for i := range b.lines {
		if s := &b.lines[i].Service; s.Amount > 0 {
			originals[of(s)]++
		}
	}
	e.Services = make([]store.Service, 0, len(b.lines))
	for i := range b.lines {
		s := &b.lines[i].Service
		if s.Amount < 0 {
			if originals[of(s)] == 0 {
				g.rows.Books.Find(store.Reject, "A002", b.lines[i].at, "std_allowed", control.Mask(s.Amount.String()), "the amount is negative and the line it takes back is not there")
				g.rows.Books.Rejects(1, s.Amount)
				continue
			}
			originals[of(s)]--
		}
		g.rows.Books.Loads(1, s.Amount)
		e.Services = append(e.Services, *s)
	}
}

// checkTotal compares the episode with the total the feed states (A006).
func checkTotal(books *control.File, e *store.Episode) {
	if e.CMSTotal == nil || e.CMSDays == 0 {
		return
	}
	total := e.StdAnchor
	for i := range e.Services {
		if e.Services[i].Excluded == 0 {
			total += e.Services[i].Inside(e.CMSDays)
		}
	}
	if d := total - *e.CMSTotal; d.Abs() > 1_00 {
		books.Find(store.Warning, "A006", 0, "cms_episode_total", "", "the services come to "+d.String()+" more than the stated total of an episode")
	}
}

// window is how far before the anchor and after its end a service is expected
// (D004), in days.
const (
	windowBefore = 3
	windowAfter  = 180
)

func inWindow(from calendar.Day, e *store.Episode) bool {
	return from >= e.Start-windowBefore && from <= e.End+windowAfter
}
