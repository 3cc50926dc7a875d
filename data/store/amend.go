package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// Amend lets change fill in what reference tables give of stored episodes: the
// geometric mean stay of services, the number of HCCs, the risk multiplier and
// its facts. It says of each episode whether it changed it; nothing else of the
// episode may be touched. All is one transaction, which moves the data version
// when anything changed. The result is how many episodes and services changed.
//
// With gaps set only episodes are shown that have an admission under rule 2
// without a geometric mean stay.
func (s *Store) Amend(ctx context.Context, gaps bool, change func(*Episode) bool) (episodes, services int, err error) {
	err = s.putReference(ctx, "amending episodes", func(c *conn) error {
		a := amender{conn: c, ctx: ctx}
		if err := a.prepare(); err != nil {
			return err
		}
		ids, err := a.ids(gaps)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := a.episode(id, change); err != nil {
				return err
			}
		}
		episodes, services = a.episodes, a.services
		if a.episodes == 0 {
			return nil
		}
		return c.setTriggers()
	})
	if err != nil {
		return 0, 0, err
	}
	return episodes, services, nil
}

// amender is one run of Amend.
type amender struct {
	*conn
	ctx                context.Context
	hash               digester
	read, put, stay    *statement
	episodes, services int
}

func (a *amender) prepare() (err error) {
	for _, p := range []struct {
		to   **statement
		text string
	}{
		{&a.read, selectEpisodes + " WHERE e.ep_id = ?"},
		{&a.put, "UPDATE episode SET hcc_count = ?, risk_e6 = ?, risk_facts = ?, digest = ? WHERE ep_id = ?"},
		{&a.stay, "UPDATE service SET gmlos_x100 = ? WHERE ep_id = ? AND seq = ?"},
	} {
		if *p.to, err = a.conn.prepare(p.text); err != nil {
			return err
		}
	}
	return nil
}

func (a *amender) ids(gaps bool) (ids []int64, err error) {
	query := "SELECT ep_id FROM episode ORDER BY ep_id"
	if gaps {
		query = "SELECT DISTINCT ep_id FROM service WHERE rule = 2 AND gmlos_x100 = 0 AND setting = 1 ORDER BY ep_id"
	}
	err = a.query(query, func(r []driver.Value) error {
		ids = append(ids, asInt(r[0]))
		return nil
	})
	return ids, err
}

// episode shows one episode to change and writes what became of it.
func (a *amender) episode(id int64, change func(*Episode) bool) error {
	var e *Episode
	if err := a.read.rows(func(r []driver.Value) error { e = scanEpisode(r); return nil }, id); err != nil {
		return err
	}
	if e == nil {
		return fmt.Errorf("episode number %d names a hospital that is not there", id)
	}
	if err := a.conn.services(id, e); err != nil {
		return err
	}
	before := make([]int32, len(e.Services))
	for i := range e.Services {
		before[i] = e.Services[i].GMLOS
	}
	if !change(e) {
		return nil
	}
	if a.episodes == 0 {
		if err := a.restTriggers(); err != nil {
			return err
		}
	}
	a.episodes++
	if err := a.put.exec(number(e.HCC), nonzero(e.Risk), words(e.RiskFacts), a.hash.sum(e), id); err != nil {
		return err
	}
	return a.stays(id, e, before)
}

// stays writes the geometric mean stays that changed.
func (a *amender) stays(id int64, e *Episode, before []int32) error {
	var seqs []int64
	err := a.query("SELECT seq FROM service WHERE ep_id = ? AND setting > 0 ORDER BY seq", func(r []driver.Value) error {
		seqs = append(seqs, asInt(r[0]))
		return nil
	}, id)
	if err == nil && len(seqs) != len(e.Services) {
		err = errors.New("the services of an episode changed under way")
	}
	for i := range e.Services {
		if err != nil {
			return err
		}
		if n := e.Services[i].GMLOS; n != before[i] {
			a.services++
			err = a.stay.exec(int64(n), id, seqs[i])
		}
	}
	return err
}
