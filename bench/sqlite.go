package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver of the product
)

// peer is a database that answers the question.
type peer struct {
	ways  []contender
	close func()
}

// ask runs a query for one number.
func ask(ctx context.Context, db *sql.Conn, query string) (n int64, err error) {
	err = db.QueryRowContext(ctx, query).Scan(&n)
	return n, err
}

// statedCaps is a table of the stated caps by price cell and division.
func (k *contest) statedCaps() string {
	var b strings.Builder
	b.WriteString("CREATE TEMP TABLE cap(price_code TEXT, division INTEGER, cap INTEGER, PRIMARY KEY(price_code, division)) WITHOUT ROWID; INSERT INTO cap VALUES ")
	x := k.indexes[len(k.indexes)-1]
	for n := range x.Groups() {
		if n > 0 {
			b.WriteByte(',')
		}
		g := x.Group(n)
		fmt.Fprintf(&b, "('%s',%d,%d)", strings.ReplaceAll(g.Cell, "'", "''"), g.Division, k.caps[n])
	}
	return b.String() + ";"
}

// sqliteLines asks the product's own tables.
func sqliteLines() string {
	const visits = "(SELECT coalesce(sum(v.n), 0) FROM visit v WHERE v.ep_id = s.ep_id AND v.seq = s.seq"
	d := dialect{divide: "/", setting: 1, gmlos: "gmlos_x100", inner: visits + " AND v.off < %d)", outer: visits + ")"}
	return fmt.Sprintf(`SELECT sum(held) FROM (SELECT sum(min(x, cap)) AS held FROM (
 SELECT e.hosp_id, e.category, e.price_code, h.division, e.std_anchor*%d + coalesce(t.x, 0) AS x
 FROM episode e JOIN hospital h USING(hosp_id)
 LEFT JOIN (SELECT s.ep_id, sum(%s) AS x FROM service s WHERE s.setting > 0 AND %s GROUP BY s.ep_id) t USING(ep_id)
) JOIN cap USING(price_code, division) GROUP BY hosp_id, category);`, whole, d.line(0), counts())
}

// sqlite answers from the lines of the very file: through the product's driver,
// and by the sqlite3 command where there is one.
func (k *contest) sqlite(ctx context.Context, path string) (*peer, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?mode=ro")
	if err != nil {
		return nil, err
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	p := &peer{close: func() { _, _ = c.Close(), db.Close() }} // read only
	if _, err := c.ExecContext(ctx, k.statedCaps()); err != nil {
		return nil, err
	}
	query := sqliteLines()
	answer := func() (int64, error) { return ask(ctx, c, query) }
	if err := k.peer(p, "SQLite", "SQLiteLines", answer); err != nil {
		return nil, err
	}
	command, err := exec.LookPath("sqlite3")
	if err != nil {
		say("no sqlite3 command here: measured without it")
		return p, nil
	}
	script := k.statedCaps() + query
	answer = func() (int64, error) {
		c := exec.CommandContext(ctx, command, "-readonly", path)
		c.Stdin, c.Stderr = strings.NewReader(script), os.Stderr
		out, err := c.Output()
		if err != nil {
			return 0, err
		}
		return strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	}
	return p, k.peer(p, "the sqlite3 command", "SQLiteCommandLines", answer)
}

// peer checks an answer under stated caps once and adds it to the slow ways.
func (k *contest) peer(p *peer, who, name string, answer func() (int64, error)) error {
	got, err := answer()
	if err != nil {
		return fmt.Errorf("%s: %w", who, err)
	}
	if err := k.agree(who, k.stated, got); err != nil {
		return err
	}
	p.ways = append(p.ways, contender{name, 1, true, func() error { _, err := answer(); return err }})
	return nil
}
