package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// DRG is a row of CMS's IPPS Table 5: an MS-DRG in a fiscal year.
type DRG struct {
	FY     int    // federal fiscal year of the discharge
	Code   string // three digits
	MDC    string // major diagnostic category: two digits, PRE or ""
	Kind   string // MED, SURG or ""
	Weight int64  // ten-thousandths
	GMLOS  int32  // geometric mean stay, hundredths of a day; 0 unknown
	AMLOS  int32  // arithmetic mean stay, hundredths of a day; 0 unknown
}

// HCC says which condition category a diagnosis falls into, under a version of
// the CMS-HCC model in a payment year.
type HCC struct {
	Year      int
	Version   int    // 24 or 28
	Diagnosis string // ICD-10-CM without its point
	Category  int
}

// Coefficient is one factor of a risk multiplier.
type Coefficient struct {
	Design, Period string
	Category       string // LEJR ... BOWEL, or "" for all
	Variable       string
	Version        int    // of the HCC model
	Factor         string // exponentiated coefficient, a decimal
	Source         string
	Evidence       string
}

// PutDRGs replaces the table of every fiscal year that the rows are of.
func (s *Store) PutDRGs(ctx context.Context, rows []DRG) error {
	years := map[int]bool{}
	for i := range rows {
		years[rows[i].FY] = true
	}
	return s.putReference(ctx, "storing Table 5", func(c *conn) error {
		for y := range years {
			if err := c.run("DELETE FROM drg WHERE fy = ?", int64(y)); err != nil {
				return err
			}
		}
		return c.fill(ctx, len(rows), "INSERT INTO drg(fy, code, mdc, kind, weight, gmlos_x100, amlos_x100) VALUES(?,?,?,?,?,?,?)", func(i int) []driver.Value {
			r := &rows[i]
			return []driver.Value{int64(r.FY), r.Code, r.MDC, r.Kind, r.Weight, int64(r.GMLOS), int64(r.AMLOS)}
		})
	})
}

// PutHCCs replaces the map of every payment year and version that the rows are
// of: a file of one version leaves the other where it is.
func (s *Store) PutHCCs(ctx context.Context, rows []HCC) error {
	type table struct{ year, version int }
	tables := map[table]bool{}
	for i := range rows {
		tables[table{rows[i].Year, rows[i].Version}] = true
	}
	return s.putReference(ctx, "storing the HCC map", func(c *conn) error {
		for t := range tables {
			if err := c.run("DELETE FROM hcc_map WHERE payment_year = ? AND version = ?", int64(t.year), int64(t.version)); err != nil {
				return err
			}
		}
		return c.fill(ctx, len(rows), "INSERT OR IGNORE INTO hcc_map(payment_year, version, diagnosis, hcc) VALUES(?,?,?,?)", func(i int) []driver.Value {
			r := &rows[i]
			return []driver.Value{int64(r.Year), int64(r.Version), r.Diagnosis, int64(r.Category)}
		})
	})
}

// PutCoefficients replaces the factors of every design and period that the
// rows are of.
func (s *Store) PutCoefficients(ctx context.Context, rows []Coefficient) error {
	return s.putReference(ctx, "storing risk coefficients", func(c *conn) error {
		for i := range rows {
			if err := c.run("DELETE FROM risk_coefficient WHERE design = ? AND period = ?", rows[i].Design, rows[i].Period); err != nil {
				return err
			}
		}
		return c.fill(ctx, len(rows), "INSERT INTO risk_coefficient(design, period, category, variable, version, factor, source, evidence) VALUES(?,?,?,?,?,?,?,?)", func(i int) []driver.Value {
			r := &rows[i]
			return []driver.Value{r.Design, r.Period, r.Category, r.Variable, int64(r.Version), r.Factor, r.Source, r.Evidence}
		})
	})
}

// putReference runs a change of reference tables in one transaction.
func (s *Store) putReference(ctx context.Context, doing string, change func(*conn) error) (err error) {
	if s.readonly {
		return fmt.Errorf("%s in %s: %w", doing, s.path, errReadOnly)
	}
	c, err := s.dial()
	if err != nil {
		return s.explain(doing, err)
	}
	defer func() { err = errors.Join(err, s.explain(doing, c.Close())) }()
	if err := c.run("BEGIN IMMEDIATE"); err != nil {
		return s.explain(doing, err)
	}
	if err = change(c); err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = c.run("COMMIT")
	}
	if err != nil {
		_ = c.run("ROLLBACK") // closing the connection would do the same
		if ctx.Err() != nil {
			return err
		}
		return s.explain(doing, err)
	}
	return nil
}

// fill runs one statement for n rows.
func (c *conn) fill(ctx context.Context, n int, text string, row func(int) []driver.Value) error {
	st, err := c.prepare(text)
	if err != nil {
		return err
	}
	for i := range n {
		if i%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if err := st.exec(row(i)...); err != nil {
			return err
		}
	}
	return nil
}

// ListDRGs lists Table 5 as imported, by year and code.
func (s *Store) ListDRGs(ctx context.Context) (all []DRG, err error) {
	err = s.readReference(ctx, "SELECT fy, code, mdc, kind, weight, gmlos_x100, amlos_x100 FROM drg ORDER BY fy, code", func(r []driver.Value) error {
		all = append(all, DRG{int(asInt(r[0])), asText(r[1]), asText(r[2]), asText(r[3]), asInt(r[4]), int32(asInt(r[5])), int32(asInt(r[6]))})
		return nil
	})
	return all, err
}

// ListHCCs lists the HCC map as imported, by year and version.
func (s *Store) ListHCCs(ctx context.Context) (all []HCC, err error) {
	err = s.readReference(ctx, "SELECT payment_year, version, diagnosis, hcc FROM hcc_map ORDER BY payment_year, version, diagnosis, hcc", func(r []driver.Value) error {
		all = append(all, HCC{int(asInt(r[0])), int(asInt(r[1])), asText(r[2]), int(asInt(r[3]))})
		return nil
	})
	return all, err
}

// ListCoefficients lists the risk coefficients as imported.
func (s *Store) ListCoefficients(ctx context.Context) (all []Coefficient, err error) {
	err = s.readReference(ctx, "SELECT design, period, category, variable, version, factor, source, evidence FROM risk_coefficient ORDER BY design, period, category, variable", func(r []driver.Value) error {
		all = append(all, Coefficient{asText(r[0]), asText(r[1]), asText(r[2]), asText(r[3]), int(asInt(r[4])), asText(r[5]), asText(r[6]), asText(r[7])})
		return nil
	})
	return all, err
}

func (s *Store) readReference(ctx context.Context, query string, each func([]driver.Value) error) (err error) {
	const doing = "reading reference tables"
	if err := ctx.Err(); err != nil {
		return err
	}
	c, err := s.dial()
	if err != nil {
		return s.explain(doing, err)
	}
	defer func() { err = errors.Join(s.explain(doing, err), c.Close()) }()
	return c.query(query, each)
}
