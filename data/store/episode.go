package store

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"fmt"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// The values of an episode, and the columns made of them: the small fields in
// the fifth, a fact nobody has stated being 3; both days of the anchor in the
// eighth. The batch is the same for all.
const episodeValues = 27

func episodeColumns(batch int64) []target {
	known := func(shift int) string { return fmt.Sprintf("nullif(column5 >> %d & 3, 3)", shift) }
	return []target{
		{"ep_id", "column1"}, {"src_key", "column2"}, {"batch_id", fmt.Sprint(batch)}, {"person_id", "column3"}, {"hosp_id", "column4"},
		{"category", "column5 & 7"}, {"anchor_type", "column5 >> 3 & 3"}, {"obs_guess", "column5 >> 5 & 1"}, {"not_std", "column5 >> 6 & 1"},
		{"dual", known(7)}, {"lis", known(9)}, {"cdi", known(11)}, {"prior_pac", known(13)}, {"fracture", known(15)},
		{"trigger_code", "column6"}, {"price_code", "column7"},
		{"anchor_start", "column8 >> 32"}, {"anchor_end", "((column8 & 0xffffffff) << 32) >> 32"},
		{"std_anchor", "column9"}, {"raw_anchor", "column10"}, {"obs_days", "column11"}, {"elig_off", "column12"}, {"died_off", "column13"},
		{"risk_e6", "column14"}, {"disch_status", "column15"}, {"age", "column16"}, {"sex", "column17"}, {"hcc_count", "column18"},
		{"attending_npi", "column19"}, {"operating_npi", "column20"}, {"target_price", "column21"}, {"src_total", "column22"},
		{"src_days", "column23"}, {"drop_flags", "column24"}, {"services", "column25"}, {"digest", "column26"}, {"risk_facts", "column27"},
	}
}

// smallFields puts the small fields of an episode into one number.
func smallFields(e *Episode) int64 {
	anchor := int64(2)
	if e.Inpatient {
		anchor = 1
	}
	n := int64(e.Category) | anchor<<3 | bit(e.DataThrough == nil)<<5 | bit(e.NotStd)<<6
	for i, k := range []panel.Known{e.Dual, e.LIS, e.CDI, e.PriorPAC, e.Fracture} {
		stated := int64(3)
		if k != panel.Unknown {
			stated = bit(k == panel.Yes)
		}
		n |= stated << (7 + 2*i)
	}
	return n
}

// The values of a service line, and the columns made of them: ep_id and seq in
// the first, the small fields in the second, the offsets in the third.
const serviceValues = 13

func serviceColumns() []target {
	return []target{
		{"ep_id", "column1 >> 24"}, {"seq", "column1 & 0xffffff"},
		{"setting", "column2 & 15"}, {"rule", "column2 >> 4 & 7"}, {"code_kind", "column2 >> 7 & 7"}, {"excl", "column2 >> 10 & 0xffff"},
		{"gmlos_x100", "column2 >> 26"}, {"off_from", "column3 >> 32"}, {"off_to", "((column3 & 0xffffffff) << 32) >> 32"},
		{"std_cents", "column4"}, {"outlier_cents", "column5"}, {"raw_cents", "column6"}, {"payer_cents", "column7"}, {"units", "column8"},
		{"prov_id", "column9"}, {"code", "column10"}, {"line_key", "column11"}, {"stay_key", "column12"}, {"exclusion", "column13"},
	}
}

// The values of a visit: ep_id and seq in the first.
const visitValues = 4

func visitColumns() []target {
	return []target{{"ep_id", "column1 >> 24"}, {"seq", "column1 & 0xffffff"}, {"ord", "column2"}, {"off", "column3"}, {"n", "column4"}}
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
	if b.episodes.holdsText(e.Key) { // the same key twice in a batch
		if err := b.flush(); err != nil {
			return err
		}
	}
	id, owner := int64(-1), int64(0)
	same := false
	err := b.find.rows(func(r []driver.Value) error {
		id, same, owner = asInt(r[0]), bytes.Equal(asBytes(r[1]), digest), asInt(r[2])
		return nil
	}, e.Key)
	switch {
	case err != nil:
		return err
	case same && owner == b.id:
		b.counts.Again++
		return nil
	case same:
		b.counts.Same++
		return b.takeOver(id)
	case id < 0:
		id = b.nextEp
		b.nextEp++
		b.counts.New++
	default:
		if err := b.replace(id, owner, e); err != nil {
			return err
		}
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

// replace deletes the row with its services and visits, for the journal to
// keep, and counts what is put in its place.
func (b *Batch) replace(id, owner int64, e *Episode) error {
	if b.services.holds(id) || b.visits.holds(id) { // the same key twice in a batch
		if err := b.flush(); err != nil {
			return err
		}
	}
	switch own, err := b.keepEpisode(id, owner); {
	case err != nil:
		return err
	case own:
		b.counts.Again++
	default:
		b.counts.Replaced++
		if err := b.weigh(id, e); err != nil {
			return err
		}
	}
	for _, st := range []*statement{b.dropVisits, b.dropLines, b.drop} {
		if err := st.exec(id); err != nil {
			return err
		}
	}
	return nil
}

func (b *Batch) insertEpisode(id int64, e *Episode, digest []byte) error {
	hospital, err := b.hospitalID(e.CCN)
	if err != nil {
		return err
	}
	var person driver.Value
	if len(e.BeneHash) > 0 {
		if person, err = b.persons.of(e.BeneHash); err != nil {
			return err
		}
	}
	observed := unseen
	if e.DataThrough != nil {
		observed = int64(*e.DataThrough-e.End) + 1 // ruling 13
	}
	if b.episodes.isFull() {
		if err := b.episodes.flush(); err != nil {
			return err
		}
	}
	r := b.episodes.row()
	r[0].Value, r[1].Value, r[2].Value, r[3].Value, r[4].Value = id, e.Key, person, hospital, smallFields(e)
	r[5].Value, r[6].Value, r[7].Value = e.Trigger, e.Cell, int64(e.Start)<<32|int64(uint32(e.End))
	r[8].Value, r[9].Value, r[10].Value = int64(e.StdAnchor), cents(e.RawAnchor), observed
	r[11].Value, r[12].Value, r[13].Value = offset(e.EligEnd, e.End), offset(e.Death, e.End), nonzero(e.Risk)
	r[14].Value, r[15].Value, r[16].Value, r[17].Value = e.Discharge, number(e.Age), e.Sex, number(e.HCC)
	r[18].Value, r[19].Value, r[20].Value, r[21].Value = e.Attending, e.Operating, cents(e.Target), cents(e.CMSTotal)
	r[22].Value, r[23].Value, r[24].Value = int64(e.CMSDays), int64(e.DropFlags), int64(len(e.Services))
	r[25].Value, r[26].Value = digest, words(e.RiskFacts)
	return nil
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
	kind, _ := codeKind(s.CodeKind) // checked before
	key := id<<24 | seq
	r := b.services.row()
	r[0].Value = key
	r[1].Value = int64(s.Setting) + 1 | int64(s.Rule)<<4 | kind<<7 | int64(s.Excluded)<<10 | int64(s.GMLOS)<<26
	r[2].Value = int64(s.From)<<32 | int64(uint32(s.To))
	r[3].Value, r[4].Value = int64(s.Amount), int64(s.Outlier)
	r[5].Value, r[6].Value, r[7].Value = cents(s.Raw), int64(s.PrimaryPayer), int64(s.Units)
	r[8].Value, r[9].Value = provider, nonempty(s.Code)
	r[10].Value, r[11].Value, r[12].Value = nonempty(s.LineKey), nonempty(s.Stay), nonempty(s.Exclusion)
	for i, v := range s.Visits {
		if b.visits.isFull() {
			if err := b.flush(); err != nil {
				return err
			}
		}
		r := b.visits.row()
		r[0].Value, r[1].Value, r[2].Value, r[3].Value = key, int64(i), int64(v.Offset), int64(v.Count)
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
	id, err := b.providerIDs.of(kind, code)
	if err != nil {
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
	case len(e.Services) > maxServices:
		err = fmt.Errorf("it has %d services, more than %d", len(e.Services), maxServices)
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

func checkCategory(c episode.Category) error {
	if c < episode.LEJR || c > episode.Bowel {
		return fmt.Errorf("%s is not a category", c)
	}
	return nil
}

// maxServices is what the place of a line in its episode has room for.
const maxServices = 1 << 24

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
