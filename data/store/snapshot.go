package store

import (
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"runtime/debug"
)

// The snapshot is a packed copy of the rows that Load reads. The rows are the
// truth: a snapshot that is missing, made of other rows, by another program or
// damaged is passed over and made again.
//
// It stands for the rows when its data_version is that of the table
// data_version, which triggers move with every change of a row, whichever
// program makes it, in the transaction that makes it. The triggers themselves
// must be there, word for word.

// snapshotFormat changes with the bytes of a chunk, with what Load makes of the
// rows, with the bytes of a packed line, and with the fields of panel.Episode,
// episode.Service, episode.Visit and price.Row.
const snapshotFormat = 3

// A chunk holds at most so many episodes, service lines (a longer episode is a
// chunk of its own) and prices: the memory that packing or reading one takes.
const (
	chunkEpisodes = 4096
	chunkLines    = 1 << 18
	chunkPrices   = 1 << 16
)

// The kinds of chunks.
const (
	kindEpisodes = 1
	kindPrices   = 2
	kindLines    = 3 // packed services, of the episodes of the chunk before
	kindTexts    = 4 // panel.Rows.Texts, after all episodes
)

// header is the row of the table snapshot.
type header struct {
	dataVersion, format                        int64
	program                                    string
	chunks, episodes, services, prices, volume int64
}

// add counts a chunk in.
func (h *header) add(k *chunk) {
	h.chunks++
	h.volume += int64(len(k.data))
	switch k.kind {
	case kindEpisodes:
		h.episodes += k.rows
	case kindLines:
		h.services += k.lines
	case kindPrices:
		h.prices += k.rows
	}
}

// room counts what a chunk holds.
type room struct{ episodes, lines int }

// take counts an episode with some lines in, or says that a chunk begins with
// it.
func (r *room) take(lines int) bool {
	if r.episodes == 0 || r.episodes == chunkEpisodes || r.lines+lines > chunkLines {
		*r = room{1, lines}
		return false
	}
	r.episodes, r.lines = r.episodes+1, r.lines+lines
	return true
}

// program is the version of the running program as the Go tools stamp it. A
// snapshot of another one is not trusted: what a row means may have changed.
func program() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}

// staleness is why there is no snapshot to use, in words; "" when there is.
type staleness string

// snapshot reads the header as this connection sees it and says why it does
// not stand for the rows.
func (c *conn) snapshot() (h header, why staleness, err error) {
	none := true
	err = c.query("SELECT data_version, format, program, chunks, episodes, services, prices, bytes FROM snapshot", func(r []driver.Value) error {
		none = false
		h = header{asInt(r[0]), asInt(r[1]), asText(r[2]), asInt(r[3]), asInt(r[4]), asInt(r[5]), asInt(r[6]), asInt(r[7])}
		return nil
	})
	if err != nil {
		return h, "its tables are gone", err
	}
	version, err := c.dataVersion()
	if err != nil {
		return h, "the data have no version, so sqlite3 can change no row: data_version was removed", err
	}
	if _, err := c.int("SELECT count(*) FROM (SELECT 1 FROM col_chunk LIMIT 1)"); err != nil {
		return h, "its tables are gone", err
	}
	missing, err := c.missingTriggers()
	switch {
	case err != nil:
		return h, "the schema cannot be read", err
	case none:
		return h, "there is none", nil
	case len(missing) > 0:
		return h, "changes go unnoticed: the triggers were removed", nil
	case h.format != snapshotFormat || h.program != program():
		return h, "another version of the program made it", nil
	case h.dataVersion != version:
		return h, "the data have changed since", nil
	}
	return h, "", nil
}

var errNoVersion = errors.New("the table data_version has no row")

func (c *conn) dataVersion() (version int64, err error) {
	found := false
	err = c.query("SELECT version FROM data_version", func(r []driver.Value) error {
		version, found = asInt(r[0]), true
		return nil
	})
	if err == nil && !found {
		err = errNoVersion
	}
	return version, err
}

// trigger moves the data version when a table changes.
type trigger struct{ name, text string }

// triggers lists all of them, as the migration made them.
func triggers() []trigger {
	var all []trigger
	for _, table := range []string{"hospital", "episode", "service", "visit", "price"} {
		for _, on := range []struct{ name, event string }{{"insert", "INSERT"}, {"update", "UPDATE"}, {"delete", "DELETE"}} {
			name := "moved_" + table + "_" + on.name
			all = append(all, trigger{name, fmt.Sprintf(
				"CREATE TRIGGER %s AFTER %s ON %s BEGIN UPDATE data_version SET version = version + 1; END", name, on.event, table)})
		}
	}
	return all
}

// missingTriggers lists those that are not there, or not as they should be.
func (c *conn) missingTriggers() ([]trigger, error) {
	have := map[string]string{}
	err := c.query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'", func(r []driver.Value) error {
		have[asText(r[0])] = asText(r[1])
		return nil
	})
	var missing []trigger
	for _, t := range triggers() {
		if have[t.name] != t.text {
			missing = append(missing, t)
		}
	}
	return missing, err
}

// restTriggers takes the triggers out until the transaction ends, because a
// table with triggers takes rows at half the speed, and moves the version
// itself.
func (c *conn) restTriggers() error {
	err := c.run("UPDATE data_version SET version = version + 1")
	for _, t := range triggers() {
		if err == nil {
			err = c.run("DROP TRIGGER IF EXISTS " + t.name)
		}
	}
	return err
}

// setTriggers puts back what is missing, in the same transaction.
func (c *conn) setTriggers() error {
	missing, err := c.missingTriggers()
	for _, t := range missing {
		if err == nil {
			err = c.run("DROP TRIGGER IF EXISTS " + t.name)
		}
		if err == nil {
			err = c.run(t.text)
		}
	}
	return err
}

// chunk is a row of col_chunk.
type chunk struct {
	number, kind, rows, lines int64
	crc                       int64
	data                      []byte
}

// sum is the checksum of a chunk in its place in a snapshot of a version.
func (k *chunk) sum(dataVersion int64) int64 {
	var b []byte
	for _, n := range []int64{snapshotFormat, dataVersion, k.number, k.kind, k.rows, k.lines} {
		b = binary.AppendVarint(b, n)
	}
	table := crc32.MakeTable(crc32.Castagnoli)
	return int64(crc32.Update(crc32.Checksum(b, table), table, k.data))
}
