package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
)

// conn is one driver connection. Bulk work goes to the driver directly: the
// boxing and locking of database/sql cost a third of the speed.
type conn struct {
	driver.Conn
	stmts []driver.Stmt // open ones; SQLite keeps the file until they are closed
}

// dial opens a connection of its own, outside the pool.
func (s *Store) dial(pragmas ...string) (*conn, error) {
	c, err := s.db.Driver().Open(s.dsn)
	if err != nil {
		return nil, err
	}
	d := &conn{Conn: c}
	for _, p := range pragmas {
		if err := d.run("PRAGMA " + p); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return d, nil
}

// Close closes the statements and the connection.
func (c *conn) Close() error {
	var err error
	for _, st := range c.stmts {
		err = errors.Join(err, st.Close())
	}
	c.stmts = nil
	return errors.Join(err, c.Conn.Close())
}

// Prepare makes a statement that lives as long as the connection.
func (c *conn) Prepare(query string) (driver.Stmt, error) {
	st, err := c.Conn.Prepare(query)
	if err == nil {
		c.stmts = append(c.stmts, st)
	}
	return st, err
}

// statement is a prepared statement with its argument list, reused from call
// to call.
type statement struct {
	stmt driver.Stmt
	args []driver.NamedValue
}

func (c *conn) prepare(query string) (*statement, error) {
	st, err := c.Prepare(query)
	if err != nil {
		return nil, err
	}
	return &statement{stmt: st}, nil
}

// run prepares, executes and closes.
func (c *conn) run(query string, args ...driver.Value) error {
	st, err := c.Conn.Prepare(query)
	if err != nil {
		return err
	}
	return errors.Join((&statement{stmt: st}).exec(args...), st.Close())
}

func (st *statement) bind(args []driver.Value) {
	st.args = st.args[:0]
	for i, a := range args {
		st.args = append(st.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
}

func (st *statement) exec(args ...driver.Value) error {
	st.bind(args)
	return execArgs(st.stmt, st.args)
}

// execArgs gives the driver no context: it would start a goroutine for every
// call. Callers look at theirs between calls, none of which is long.
func execArgs(st driver.Stmt, args []driver.NamedValue) error {
	e, ok := st.(driver.StmtExecContext)
	if !ok {
		return errors.ErrUnsupported
	}
	_, err := e.ExecContext(context.Background(), args)
	return err
}

// rows runs a query and hands over each row. The slice is reused.
func (st *statement) rows(each func([]driver.Value) error, args ...driver.Value) (err error) {
	q, ok := st.stmt.(driver.StmtQueryContext)
	if !ok {
		return errors.ErrUnsupported
	}
	st.bind(args)
	r, err := q.QueryContext(context.Background(), st.args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	row := make([]driver.Value, len(r.Columns()))
	for {
		if err := r.Next(row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
}

// query prepares, hands over each row, and closes.
func (c *conn) query(text string, each func([]driver.Value) error, args ...driver.Value) error {
	st, err := c.Conn.Prepare(text)
	if err != nil {
		return err
	}
	return errors.Join((&statement{stmt: st}).rows(each, args...), st.Close())
}

// int runs a query for one number.
func (c *conn) int(text string) (n int64, err error) {
	err = c.query(text, func(r []driver.Value) error { n = asInt(r[0]); return nil })
	return n, err
}

// inserter gathers rows of one table and writes many with one statement,
// which is twice as fast as row by row.
type inserter struct {
	table  string
	cols   int
	max, n int // rows a group holds, rows gathered
	full   driver.Stmt
	one    driver.Stmt
	args   []driver.NamedValue
}

// newInserter prepares for groups of so many rows of so many values. Each
// column is an expression of column1, column2 ... of the values: small values
// come packed in one, since handing one over costs more than taking it apart.
func newInserter(c *conn, group int, table string, values int, columns ...target) (*inserter, error) {
	in := &inserter{table: table, cols: values, max: group, args: make([]driver.NamedValue, group*values)}
	for i := range in.args {
		in.args[i].Ordinal = i + 1
	}
	var names, exprs []string
	for _, col := range columns {
		names, exprs = append(names, col.name), append(exprs, col.expr)
	}
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", values), ",") + ")"
	insert := "INSERT INTO " + table + "(" + strings.Join(names, ",") + ") SELECT " + strings.Join(exprs, ",") + " FROM (VALUES "
	var err error
	if in.one, err = c.Prepare(insert + row + ")"); err != nil {
		return nil, err
	}
	in.full, err = c.Prepare(insert + strings.TrimSuffix(strings.Repeat(row+",", group), ",") + ")")
	return in, err
}

// target is a column of a table and what goes into it.
type target struct{ name, expr string }

// row gives the places for the next row's values, in column order. There must
// be room: the caller flushes when full, and sets every value.
func (in *inserter) row() []driver.NamedValue {
	at := in.n * in.cols
	in.n++
	return in.args[at : at+in.cols : at+in.cols]
}

// isFull says that the next row needs a flush first.
func (in *inserter) isFull() bool { return in.n == in.max }

// holds says whether a gathered row is of this episode: its number is in the
// first value, above the place of the line.
func (in *inserter) holds(ep int64) bool {
	for i := range in.n {
		if key, ok := in.args[i*in.cols].Value.(int64); ok && key>>24 == ep {
			return true
		}
	}
	return false
}

// holdsText says whether a gathered row has this text as its second value.
func (in *inserter) holdsText(text string) bool {
	for i := range in.n {
		if in.args[i*in.cols+1].Value == text {
			return true
		}
	}
	return false
}

// flush writes what is gathered.
func (in *inserter) flush() error {
	n := in.n
	in.n = 0
	if n == in.max {
		return in.write(in.full, in.args)
	}
	first := in.args[:in.cols] // whose ordinals are 1, 2, 3 ...
	for i := range n {
		for k := range first {
			first[k].Value = in.args[i*in.cols+k].Value
		}
		if err := in.write(in.one, first); err != nil {
			return err
		}
	}
	return nil
}

func (in *inserter) write(st driver.Stmt, args []driver.NamedValue) error {
	if err := execArgs(st, args); err != nil {
		return fmt.Errorf("writing %s: %w", in.table, err)
	}
	return nil
}

// numbering gives every key of a table its number: the one it has, or the next.
type numbering struct {
	find, add *statement
	next      int64
}

// newNumbering prepares for a table whose rows are a number and the key columns.
func newNumbering(c *conn, table, number string, key ...string) (n *numbering, err error) {
	n = &numbering{}
	if n.next, err = c.int("SELECT coalesce(max(" + number + "), 0) + 1 FROM " + table); err != nil {
		return nil, err
	}
	if n.find, err = c.prepare("SELECT " + number + " FROM " + table + " WHERE " + strings.Join(key, " = ? AND ") + " = ?"); err != nil {
		return nil, err
	}
	n.add, err = c.prepare("INSERT INTO " + table + "(" + strings.Join(key, ",") + "," + number + ") VALUES(" + strings.Repeat("?,", len(key)) + "?)")
	return n, err
}

// of looks a key up and adds it when it is new: twice as fast as an insert that
// returns what was there.
func (n *numbering) of(key ...driver.Value) (id int64, err error) {
	err = n.find.rows(func(r []driver.Value) error { id = asInt(r[0]); return nil }, key...)
	if err != nil || id != 0 {
		return id, err
	}
	id = n.next
	n.next++
	return id, n.add.exec(append(key, id)...)
}
