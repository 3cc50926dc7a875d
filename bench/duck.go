package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"bundlelab/engine/episode"
	"bundlelab/engine/project"
)

// threads DuckDB may use; the kernel uses one.
const threads = 2

// duck answers from lines and from a table with one row per episode, both in
// DuckDB's memory. Lines split by visits stand apart with their visits counted,
// so that the many others need no join for the few.
func (k *contest) duck(ctx context.Context) (*peer, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	p := &peer{close: func() { _, _ = c.Close(), db.Close() }} // in memory
	if err := k.fill(ctx, c); err != nil {
		return nil, errors.Join(fmt.Errorf("filling DuckDB: %w", err), c.Close())
	}
	for _, w := range []struct {
		who, name, query string
		times            int
		slow             bool
		h                project.Holding
	}{
		{"DuckDB from lines", "DuckLines", duckLines(), 1, true, k.stated},
		{"DuckDB from its prefix table, stated caps", "DuckPrefixStated", duckPrefix(false), 9, false, k.stated},
		{"DuckDB from its prefix table, projected percentiles", "DuckPrefix", duckPrefix(true), 9, false, k.ranked},
	} {
		got, err := ask(ctx, c, w.query)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.who, err)
		}
		if err := k.agree(w.who, w.h, got); err != nil {
			return nil, err
		}
		p.ways = append(p.ways, contender{w.name, w.times, w.slow, func() error { _, err := ask(ctx, c, w.query); return err }})
	}
	return p, nil
}

// fill makes the tables.
func (k *contest) fill(ctx context.Context, c *sql.Conn) error {
	var columns []string
	for _, s := range episode.Settings() {
		columns = append(columns, fmt.Sprintf("s%d INTEGER", s))
	}
	for _, q := range []string{
		fmt.Sprintf("SET threads = %d", threads),
		"CREATE TABLE episode(ep INTEGER, grp SMALLINT, pair SMALLINT, anchor INTEGER)",
		"CREATE TABLE prefix(grp SMALLINT, pair SMALLINT, anchor INTEGER, " + strings.Join(columns, ", ") + ")",
		"CREATE TABLE cap(grp SMALLINT, cap BIGINT)",
		"CREATE TABLE line(ep INTEGER, setting UTINYINT, rule UTINYINT, excl USMALLINT, off_from INTEGER, off_to INTEGER, gmlos BIGINT, std_cents BIGINT, outlier_cents BIGINT)",
		"CREATE TABLE visited(ep INTEGER, setting UTINYINT, rule UTINYINT, excl USMALLINT, off_from INTEGER, off_to INTEGER, gmlos BIGINT, std_cents BIGINT, outlier_cents BIGINT, before0 BIGINT, before_end BIGINT, visits BIGINT)",
	} {
		if _, err := c.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return c.Raw(func(raw any) error {
		conn, ok := raw.(driver.Conn)
		if !ok {
			return errors.New("the connection is no driver's")
		}
		return k.append(conn)
	})
}

// append writes the rows.
func (k *contest) append(conn driver.Conn) error {
	tables := map[string]*duckdb.Appender{}
	for _, name := range []string{"episode", "prefix", "cap", "line", "visited"} {
		a, err := duckdb.NewAppenderFromConn(conn, "", name)
		if err != nil {
			return err
		}
		tables[name] = a
	}
	group := map[project.Group]int16{}
	x := k.indexes[len(k.indexes)-1]
	for n := range x.Groups() {
		group[x.Group(n)] = int16(n)
		if err := tables["cap"].AppendRow(int16(n), k.caps[n]); err != nil {
			return err
		}
	}
	spending := k.p.At(asked, true)
	for i := range k.p.Episodes {
		e := &k.p.Episodes[i]
		g := group[project.Group{Cell: k.p.Text(e.Cell), Division: k.p.Hospitals[e.Hospital].Division}]
		pair := int16(e.Hospital*episode.NumCategories + e.Category.Index())
		if err := tables["episode"].AppendRow(int32(i), g, pair, int32(e.Anchor)); err != nil {
			return err
		}
		row := []driver.Value{g, pair, int32(spending.Anchor[i])}
		for _, v := range spending.Post[i] {
			row = append(row, int32(v))
		}
		if err := tables["prefix"].AppendRow(row...); err != nil {
			return err
		}
		if err := lines(tables, int32(i), k.p.Services(i)); err != nil {
			return err
		}
	}
	var err error
	for _, a := range tables {
		err = errors.Join(err, a.Close())
	}
	return err
}

// lines writes the service lines of an episode.
func lines(tables map[string]*duckdb.Appender, ep int32, services episode.Lines) error {
	for s := range services.All() {
		row := []driver.Value{ep, uint8(s.Setting), uint8(s.Rule), uint16(s.Excluded), s.From, s.To, int64(s.GMLOS), int64(s.Amount), int64(s.Outlier)}
		to := "line"
		if len(s.Visits) > 0 {
			to = "visited"
			var before, end, all int64
			for _, v := range s.Visits {
				all += int64(v.Count)
				if v.Offset < 0 {
					before += int64(v.Count)
				}
				if v.Offset < asked {
					end += int64(v.Count)
				}
			}
			row = append(row, before, end, all)
		}
		if err := tables[to].AppendRow(row...); err != nil {
			return err
		}
	}
	return nil
}

// together adds up the sums by hospital and category, to compare.
const together = "SELECT CAST(sum(held) AS BIGINT) FROM ("

// duckLines asks the lines under stated caps.
func duckLines() string {
	plain := dialect{divide: "//", gmlos: "gmlos", inner: "0*%d", outer: "0"}
	visited := dialect{divide: "//", gmlos: "gmlos", inner: fmt.Sprintf("(CASE WHEN %%d < %d THEN s.before0 ELSE s.before_end END)", asked), outer: "s.visits"}
	return together + fmt.Sprintf(`SELECT pair, sum(least(x, cap)) AS held FROM (
 SELECT e.grp, e.pair, CAST(e.anchor AS BIGINT)*%d + coalesce(t.x, 0) AS x FROM episode e LEFT JOIN (
  SELECT ep, CAST(sum(x) AS BIGINT) AS x FROM (
   SELECT s.ep, %s AS x FROM line s WHERE %s UNION ALL SELECT s.ep, %s AS x FROM visited s WHERE %s) GROUP BY ep) t USING(ep)
) JOIN cap USING(grp) GROUP BY pair)`, whole, plain.line(0), counts(), visited.line(0), counts())
}

// duckPrefix asks the prefix table.
func duckPrefix(percentile bool) string {
	x := fmt.Sprintf("CAST(anchor AS BIGINT)*%d", whole)
	for _, s := range episode.Settings() {
		w := whole
		if v, ok := savings(0)[s]; ok {
			w = v
		}
		x += fmt.Sprintf(" + CAST(s%d AS BIGINT)*%d", s, w)
	}
	if !percentile {
		return together + fmt.Sprintf("SELECT pair, sum(least(x, cap)) AS held FROM (SELECT grp, pair, %s AS x FROM prefix) JOIN cap USING(grp) GROUP BY pair)", x)
	}
	return fmt.Sprintf(`WITH p AS MATERIALIZED (SELECT grp, pair, %s AS x FROM prefix),
 held AS (SELECT grp, quantile_disc(x, 0.99::DECIMAL(3,2)) AS cap FROM p GROUP BY grp)
`+together+`SELECT pair, sum(least(x, cap)) AS held FROM p JOIN held USING(grp) GROUP BY pair)`, x)
}
