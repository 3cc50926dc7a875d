package store

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"fmt"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

const insertEpisode = `INSERT INTO episode(ep_id, src_key, batch_id, person_id, hosp_id, category, anchor_type, trigger_code, price_code,
	anchor_start, anchor_end, std_anchor, raw_anchor, obs_days, obs_guess, elig_off, died_off, risk_e6, disch_status, age, sex,
	hcc_count, dual, lis, cdi, prior_pac, fracture, attending_npi, operating_npi, target_price, src_total, src_days,
	drop_flags, not_std, services, digest)
	VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`

func serviceColumns() []string {
	return []string{"ep_id", "seq", "setting", "rule", "excl", "off_from", "off_to", "gmlos_x100", "std_cents", "outlier_cents",
		"raw_cents", "payer_cents", "units", "prov_id", "code_kind", "code", "line_key", "stay_key", "exclusion"}
}

type providerKey struct{ kind, code string }

// maxProviders bounds the memory of the provider numbers already looked up.
const maxProviders = 200_000

// Episode writes an episode with its services. A key that is held already
// replaces that episode and its services and keeps its number; with the same
// content to the last field it changes nothing and counts as Same. The
// argument is not kept.
func (b *Batch) Episode(e *Episode) error {
	if err := b.usable(); err != nil {
		return err
	}
	if err := checkEpisode(e); err != nil {
		return err
	}
	for i := range e.Services {
		b.latest = max(b.latest, e.End+calendar.Day(e.Services[i].To))
	}
	return b.fail("writing episodes", b.writeEpisode(e))
}

func (b *Batch) writeEpisode(e *Episode) error {
	digest := b.hash.sum(e)
	id := int64(-1)
	same := false
	err := b.find.rows(func(r []driver.Value) error {
		id, same = asInt(r[0]), bytes.Equal(asBytes(r[1]), digest)
		return nil
	}, e.Key)
	switch {
	case err != nil:
		return err
	case same:
		b.counts.Same++
		if e.DataThrough != nil {
			return nil
		}
		// Commit sets its cover from this batch, so it belongs to this batch.
		return b.touch.exec(b.id, id)
	case id < 0:
		id = b.nextEp
		b.nextEp++
		b.counts.New++
	default:
		if err := b.dropEpisode(id); err != nil {
			return err
		}
		b.counts.Replaced++
	}
	if err := b.insertEpisode(id, e, digest); err != nil {
		return err
	}
	b.counts.Services += len(e.Services)
	for i := range e.Services {
		if err := b.insertService(id, int64(i), &e.Services[i]); err != nil {
			return err
		}
	}
	return nil
}

// dropEpisode deletes the row; its services and visits go with it.
func (b *Batch) dropEpisode(id int64) error {
	if b.services.holds(id) || b.visits.holds(id) { // the same key twice in a batch
		if err := b.flush(); err != nil {
			return err
		}
	}
	return b.drop.exec(id)
}

func (b *Batch) insertEpisode(id int64, e *Episode, digest []byte) error {
	hospital, err := b.hospitalID(e.CCN)
	if err != nil {
		return err
	}
	var person driver.Value
	if len(e.BeneHash) > 0 {
		if err := b.personID.rows(func(r []driver.Value) error { person = r[0]; return nil }, e.BeneHash); err != nil {
			return err
		}
	}
	anchor, observed := int64(2), unseen
	if e.Inpatient {
		anchor = 1
	}
	if e.DataThrough != nil {
		observed = int64(*e.DataThrough-e.End) + 1 // ruling 13
	}
	return b.put.exec(id, e.Key, b.id, person, hospital, int64(e.Category), anchor, e.Trigger, e.Cell,
		int64(e.Start), int64(e.End), int64(e.StdAnchor), cents(e.RawAnchor), observed, flag(e.DataThrough == nil),
		offset(e.EligEnd, e.End), offset(e.Death, e.End), nonzero(e.Risk), e.Discharge, number(e.Age), e.Sex,
		number(e.HCC), known(e.Dual), known(e.LIS), known(e.CDI), known(e.PriorPAC), known(e.Fracture),
		e.Attending, e.Operating, cents(e.Target), cents(e.CMSTotal), int64(e.CMSDays),
		int64(e.DropFlags), flag(e.NotStd), int64(len(e.Services)), digest)
}

func (b *Batch) insertService(id, seq int64, s *Service) error {
	provider, err := b.provider(s.ProviderKind, s.Provider)
	if err != nil {
		return err
	}
	if b.services.isFull() {
		if err := b.services.flush(); err != nil {
			return err
		}
	}
	kind, _ := codeKind(s.CodeKind)
	r := b.services.row()
	r[0].Value, r[1].Value = id, seq
	r[2].Value, r[3].Value, r[4].Value = int64(s.Setting)+1, int64(s.Rule), int64(s.Excluded)
	r[5].Value, r[6].Value, r[7].Value = int64(s.From), int64(s.To), int64(s.GMLOS)
	r[8].Value, r[9].Value = int64(s.Amount), int64(s.Outlier)
	r[10].Value, r[11].Value, r[12].Value = cents(s.Raw), int64(s.PrimaryPayer), int64(s.Units)
	r[13].Value, r[14].Value, r[15].Value = provider, kind, nonempty(s.Code)
	r[16].Value, r[17].Value, r[18].Value = nonempty(s.LineKey), nonempty(s.Stay), nonempty(s.Exclusion)
	for i, v := range s.Visits {
		if b.visits.isFull() {
			if err := b.flush(); err != nil {
				return err
			}
		}
		r := b.visits.row()
		r[0].Value, r[1].Value, r[2].Value = id, seq, int64(i)
		r[3].Value, r[4].Value = int64(v.Offset), int64(v.Count)
	}
	return nil
}

// provider gives the number of a provider; NULL without one.
func (b *Batch) provider(kind, code string) (driver.Value, error) {
	if kind == "" && code == "" {
		return nil, nil
	}
	key := providerKey{kind, code}
	if id, ok := b.providers[key]; ok {
		return id, nil
	}
	var id int64
	if err := b.providerID.rows(func(r []driver.Value) error { id = asInt(r[0]); return nil }, kind, code); err != nil {
		return nil, err
	}
	if len(b.providers) >= maxProviders {
		clear(b.providers)
	}
	b.providers[key] = id
	return id, nil
}

// codeKind is the number of a kind of code.
func codeKind(s string) (int64, error) {
	for i, name := range codeKinds() {
		if name == s {
			return int64(i), nil
		}
	}
	return 0, fmt.Errorf("%q is not a kind of code: use DRG, HCPCS, HIPPS or REV", s)
}

// codeKinds lists the kinds by their number.
func codeKinds() [5]string { return [...]string{"", "DRG", "HCPCS", "HIPPS", "REV"} }

// checkEpisode refuses what the schema would, with a better reason. No value
// that could name a person is repeated.
func checkEpisode(e *Episode) error {
	err := checkCategory(e.Category)
	switch {
	case e.Key == "":
		return errors.New("an episode has no key")
	case err != nil:
	case len(e.CCN) != 6:
		err = fmt.Errorf("hospital %q: a CCN has six characters", e.CCN)
	case e.End < e.Start:
		err = fmt.Errorf("the anchor ends on %s, before its start on %s", e.End, e.Start)
	case e.Risk < 0:
		err = errors.New("the risk multiplier is negative")
	case e.Sex != "" && e.Sex != "M" && e.Sex != "F":
		err = errors.New("sex is M, F or blank")
	}
	for i := range e.Services {
		if err == nil {
			if err = checkService(&e.Services[i]); err != nil {
				err = fmt.Errorf("service %d: %w", i+1, err)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("episode %s: %w", e.Key, err)
	}
	return nil
}

// maxAmount is ten trillion dollars, money.ParseCents's own limit.
const maxAmount = money.Cents(1_000_000_000_000_000)

func checkService(s *Service) error {
	_, err := codeKind(s.CodeKind)
	switch {
	case err != nil:
		return err
	case s.Setting >= episode.NumSettings:
		return fmt.Errorf("%s does not exist", s.Setting)
	case s.Rule > episode.Always:
		return fmt.Errorf("%s does not exist", s.Rule)
	case s.To < s.From:
		return errors.New("it ends before it starts")
	case s.GMLOS < 0:
		return errors.New("its GMLOS is negative")
	case s.Amount.Abs() > maxAmount || s.Outlier.Abs() > maxAmount:
		return errors.New("its amount is above ten trillion dollars")
	}
	return nil
}
