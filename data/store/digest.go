package store

import (
	"crypto/sha256"
	"encoding/binary"

	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// digester reduces an episode with its services to 16 bytes, so that a second
// import of the same file sees at once that nothing changed. Every text
// is written with its length and every number ends itself, so two different
// episodes never give the same bytes to hash.
type digester struct{ buf []byte }

// sum covers every field of the episode and its services.
func (d *digester) sum(e *Episode) []byte {
	d.buf = d.buf[:0]
	d.text(e.Key, string(e.BeneHash), e.CCN, e.Trigger, e.Cell, e.Discharge, e.Sex, e.Attending, e.Operating)
	d.ints(int64(e.Category), int64(e.Start), int64(e.End), int64(e.StdAnchor), e.Risk, int64(e.CMSDays), int64(e.DropFlags),
		int64(e.Dual), int64(e.LIS), int64(e.CDI), int64(e.PriorPAC), int64(e.Fracture))
	d.bools(e.Inpatient, e.NotStd)
	d.money(e.RawAnchor, e.Target, e.CMSTotal)
	d.days(e.DataThrough, e.EligEnd, e.Death)
	for _, n := range []*int{e.Age, e.HCC} {
		d.bools(n != nil)
		if n != nil {
			d.ints(int64(*n))
		}
	}
	d.bools(e.RiskFacts != nil)
	if e.RiskFacts != nil {
		d.text(*e.RiskFacts)
	}
	d.ints(int64(len(e.Services)))
	for i := range e.Services {
		d.service(&e.Services[i])
	}
	sum := sha256.Sum256(d.buf)
	return sum[:16]
}

func (d *digester) service(s *Service) {
	d.ints(int64(s.Setting), int64(s.Rule), int64(s.Excluded), int64(s.From), int64(s.To), int64(s.GMLOS),
		int64(s.Amount), int64(s.Outlier), int64(s.Units), int64(s.PrimaryPayer))
	d.text(s.LineKey, s.Provider, s.ProviderKind, s.CodeKind, s.Code, s.Stay, s.Exclusion)
	d.money(s.Raw)
	d.ints(int64(len(s.Visits)))
	for _, v := range s.Visits {
		d.ints(int64(v.Offset), int64(v.Count))
	}
}

func (d *digester) text(all ...string) {
	for _, s := range all {
		d.buf = binary.AppendUvarint(d.buf, uint64(len(s)))
		d.buf = append(d.buf, s...)
	}
}

func (d *digester) ints(all ...int64) {
	for _, n := range all {
		d.buf = binary.AppendVarint(d.buf, n)
	}
}

func (d *digester) bools(all ...bool) {
	for _, b := range all {
		if b {
			d.buf = append(d.buf, 1)
		} else {
			d.buf = append(d.buf, 0)
		}
	}
}

func (d *digester) money(all ...*money.Cents) {
	for _, c := range all {
		d.bools(c != nil)
		if c != nil {
			d.ints(int64(*c))
		}
	}
}

func (d *digester) days(all ...*calendar.Day) {
	for _, c := range all {
		d.bools(c != nil)
		if c != nil {
			d.ints(int64(*c))
		}
	}
}
