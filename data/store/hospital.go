package store

import (
	"cmp"
	"database/sql/driver"
	"fmt"

	"bundlelab/engine/panel"
)

// held is a hospital as the database has it.
type held struct {
	id  int64
	row Hospital
}

const selectHospitals = `SELECT hosp_id, ccn, name, state, division, beds, safety_net, rural, is_sch, is_mdh, is_each, is_rrc, teaching
	FROM hospital ORDER BY ccn`

const upsertHospital = `INSERT INTO hospital(ccn,name,state,division,beds,safety_net,rural,is_sch,is_mdh,is_each,is_rrc,teaching)
	VALUES(?,?,?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT(ccn) DO UPDATE SET name=excluded.name, state=excluded.state, division=excluded.division, beds=excluded.beds,
	safety_net=excluded.safety_net, rural=excluded.rural, is_sch=excluded.is_sch, is_mdh=excluded.is_mdh,
	is_each=excluded.is_each, is_rrc=excluded.is_rrc, teaching=excluded.teaching
	RETURNING hosp_id`

const sayHospital = `INSERT INTO hospital_said(batch_id,ccn,name,state,division,beds,safety_net,rural,is_sch,is_mdh,is_each,is_rrc,teaching)
	VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)`

func scanHospital(r []driver.Value) held {
	return held{asInt(r[0]), Hospital{
		CCN: asText(r[1]), Name: asText(r[2]), State: asText(r[3]), Division: int(asInt(r[4])), Beds: int(asInt(r[5])),
		SafetyNet: asKnown(r[6]), Rural: asKnown(r[7]), SCH: asKnown(r[8]), MDH: asKnown(r[9]),
		EACH: asKnown(r[10]), RRC: asKnown(r[11]), Teach: asKnown(r[12]),
	}}
}

func (b *Batch) readHospitals() error {
	return b.conn.query(selectHospitals, func(r []driver.Value) error {
		h := scanHospital(r)
		b.hospitals[h.row.CCN] = &h
		return nil
	})
}

// Hospitals writes hospital rows. What a row leaves blank stays as the
// database has it; a blank division follows from the state, and without one
// from the CCN (ruling 16).
func (b *Batch) Hospitals(rows []Hospital) error {
	if err := b.usable(); err != nil {
		return err
	}
	for _, h := range rows {
		if len(h.CCN) != 6 {
			return fmt.Errorf("hospital %q: a CCN has six characters", h.CCN)
		}
		if h.Division < 0 || h.Division > 9 {
			return fmt.Errorf("hospital %s: division %d is not 1..9", h.CCN, h.Division)
		}
		if _, err := b.putHospital(h); err != nil {
			return b.fail("writing hospitals", err)
		}
		b.counts.Hospitals++
	}
	return nil
}

func (b *Batch) putHospital(h Hospital) (*held, error) {
	if last, ok := b.said[h.CCN]; !ok || last != h {
		b.said[h.CCN] = h
		if err := b.say.exec(append([]driver.Value{b.id}, hospitalValues(h)...)...); err != nil {
			return nil, err
		}
	}
	old := b.hospitals[h.CCN]
	if old == nil {
		h = *lay(nil, h)
	} else if h = *lay(&old.row, h); old.row == h {
		return old, nil
	}
	put := &held{row: h}
	err := b.hospital.rows(func(r []driver.Value) error { put.id = asInt(r[0]); return nil }, hospitalValues(h)...)
	if err != nil {
		return nil, err
	}
	b.hospitals[h.CCN] = put
	return put, nil
}

// hospitalValues are the columns from ccn to teaching.
func hospitalValues(h Hospital) []driver.Value {
	return []driver.Value{
		h.CCN, h.Name, h.State, nonzero(int64(h.Division)), nonzero(int64(h.Beds)),
		known(h.SafetyNet), known(h.Rural), known(h.SCH), known(h.MDH), known(h.EACH), known(h.RRC), known(h.Teach),
	}
}

// lay gives a hospital as it stands after one more row about it.
func lay(old *Hospital, h Hospital) *Hospital {
	if old != nil {
		h = merge(*old, h)
	}
	h.Division = division(h)
	return &h
}

// division is the stated one, or the state's, or the certification number's.
func division(h Hospital) int {
	if h.Division != 0 {
		return h.Division
	}
	if d := divisionOf(h.State); d != 0 {
		return d
	}
	return divisionOf(stateOfCCN(h.CCN))
}

// merge lays a new row over an old one. A row that states its state but no
// division gets the state's division, not the old one, which may have been
// read off the CCN.
func merge(old, h Hospital) Hospital {
	if h.Division == 0 && divisionOf(h.State) == 0 {
		h.Division = old.Division
	}
	h.Name, h.State = cmp.Or(h.Name, old.Name), cmp.Or(h.State, old.State)
	h.Beds = cmp.Or(h.Beds, old.Beds)
	for _, k := range []struct{ to, from *panel.Known }{
		{&h.SafetyNet, &old.SafetyNet}, {&h.Rural, &old.Rural}, {&h.SCH, &old.SCH}, {&h.MDH, &old.MDH},
		{&h.EACH, &old.EACH}, {&h.RRC, &old.RRC}, {&h.Teach, &old.Teach},
	} {
		*k.to = cmp.Or(*k.to, *k.from)
	}
	return h
}

// hospitalID finds the hospital of an episode, and makes a row that says no
// more than its CCN when no hospital file of this batch brought it.
func (b *Batch) hospitalID(ccn string) (int64, error) {
	if _, ok := b.said[ccn]; ok {
		return b.hospitals[ccn].id, nil
	}
	h, err := b.putHospital(Hospital{CCN: ccn})
	if err != nil {
		return 0, err
	}
	return h.id, nil
}
