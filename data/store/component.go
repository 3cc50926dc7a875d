package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// Component is what BPCI Advanced states behind one target price: standardized
// baseline spending (SBS) x patient case mix (PCMA) x peer trend (PAT) is the
// historical benchmark price (HBP). Dollars are of one episode; ratios are in
// millionths; nil is not stated.
type Component struct {
	Initiator string           // BPID of the episode initiator
	Kind      string           // ACH or PGP
	CCN       string           // hospital, of a group the one it is associated with
	Type      string           // of the episodes, as given
	Given     string           // category, as given
	Category  episode.Category // ours; 0 for any other
	Period    string           // "" not stated
	Convener  string
	Episodes  *int
	Over40    panel.Known // more than 40 baseline episodes

	Spend, SBS, HBP, Benchmark, Target, Real                       *money.Cents
	PCMA, PAT, CaseMix, Efficiency                                 *int64
	GroupEfficiency, GroupOffset, GroupAdjusted, GroupPCMA, Payout *int64 // Payout is real over standardized payment
}

// PeerGroup is what BPCI Advanced compares a hospital by, in its own words.
type PeerGroup struct{ CCN, Academic, UrbanRural, SafetyNet, BedSize, Census string }

// Winsor are the bounds that BPCI Advanced holds the spending of one episode
// in, by category and MS-DRG or APC.
type Winsor struct {
	Given, Code string
	Category    episode.Category // ours; 0 for any other
	Low, High   *money.Cents
}

// Components writes components; a second row of one key is an error.
func (b *Batch) Components(rows []Component) error {
	return batchRows(b, "writing target price components", insertComponent, rows, func(c *Component) []driver.Value {
		return []driver.Value{
			c.Initiator, c.Kind, c.CCN, c.Type, c.Given, c.Period, c.Convener, nonzero(int64(c.Category)), number(c.Episodes), known(c.Over40),
			cents(c.Spend), cents(c.SBS), cents(c.HBP), cents(c.Benchmark), cents(c.Target), cents(c.Real),
			ratio(c.PCMA), ratio(c.PAT), ratio(c.CaseMix), ratio(c.Efficiency),
			ratio(c.GroupEfficiency), ratio(c.GroupOffset), ratio(c.GroupAdjusted), ratio(c.GroupPCMA), ratio(c.Payout),
		}
	})
}

const componentColumns = `initiator, kind, ccn, epi_type, epi_category, period, convener, category, episodes, over_40,
	spend, sbs, hbp, benchmark, target, real_target, pcma, pat, case_mix, efficiency, pgp_eff, pgp_offset, pgp_adjusted, pgp_pcma, pay_ratio`

const insertComponent = "INSERT INTO component(batch_id, " + componentColumns + ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

// PeerGroups writes peer groups, likewise.
func (b *Batch) PeerGroups(rows []PeerGroup) error {
	const insert = "INSERT INTO peer_group(batch_id, ccn, academic, urban_rural, safety_net, bed_size, census) VALUES(?,?,?,?,?,?,?)"
	return batchRows(b, "writing peer groups", insert, rows, func(p *PeerGroup) []driver.Value {
		return []driver.Value{p.CCN, p.Academic, p.UrbanRural, p.SafetyNet, p.BedSize, p.Census}
	})
}

// Winsors writes bounds, likewise.
func (b *Batch) Winsors(rows []Winsor) error {
	const insert = "INSERT INTO winsor(batch_id, epi_category, code, category, low, high) VALUES(?,?,?,?,?,?)"
	return batchRows(b, "writing winsor bounds", insert, rows, func(w *Winsor) []driver.Value {
		return []driver.Value{w.Given, w.Code, nonzero(int64(w.Category)), cents(w.Low), cents(w.High)}
	})
}

// batchRows writes rows that carry their batch.
func batchRows[T any](b *Batch, doing, insert string, rows []T, values func(*T) []driver.Value) error {
	if err := b.usable(); err != nil || len(rows) == 0 {
		return err
	}
	st, err := b.conn.prepare(insert)
	for i := range rows {
		if err == nil {
			err = st.exec(append([]driver.Value{b.id}, values(&rows[i])...)...)
		}
	}
	return b.fail(doing, err)
}

// ListComponents lists components by initiator, hospital, category and period,
// each as the newest import brought it.
func (s *Store) ListComponents(ctx context.Context) (all []Component, err error) {
	err = s.newest(ctx, "component", componentColumns, componentKey, func(r []driver.Value) { all = append(all, scanComponent(r)) })
	return all, err
}

const componentKey = "initiator, ccn, epi_category, epi_type, period, kind"

func scanComponent(r []driver.Value) Component {
	return Component{
		Initiator: asText(r[0]), Kind: asText(r[1]), CCN: asText(r[2]), Type: asText(r[3]), Given: asText(r[4]), Period: asText(r[5]),
		Convener: asText(r[6]), Category: episode.Category(asInt(r[7])), Episodes: asNumber(r[8]), Over40: asKnown(r[9]),
		Spend: asCents(r[10]), SBS: asCents(r[11]), HBP: asCents(r[12]), Benchmark: asCents(r[13]), Target: asCents(r[14]), Real: asCents(r[15]),
		PCMA: asRatio(r[16]), PAT: asRatio(r[17]), CaseMix: asRatio(r[18]), Efficiency: asRatio(r[19]), GroupEfficiency: asRatio(r[20]),
		GroupOffset: asRatio(r[21]), GroupAdjusted: asRatio(r[22]), GroupPCMA: asRatio(r[23]), Payout: asRatio(r[24]),
	}
}

// ListPeerGroups lists peer groups by hospital, likewise.
func (s *Store) ListPeerGroups(ctx context.Context) (all []PeerGroup, err error) {
	err = s.newest(ctx, "peer_group", "ccn, academic, urban_rural, safety_net, bed_size, census", "ccn", func(r []driver.Value) {
		all = append(all, PeerGroup{asText(r[0]), asText(r[1]), asText(r[2]), asText(r[3]), asText(r[4]), asText(r[5])})
	})
	return all, err
}

// ListWinsors lists bounds by category and code, likewise.
func (s *Store) ListWinsors(ctx context.Context) (all []Winsor, err error) {
	err = s.newest(ctx, "winsor", "epi_category, code, category, low, high", "epi_category, code", func(r []driver.Value) {
		all = append(all, Winsor{asText(r[0]), asText(r[1]), episode.Category(asInt(r[2])), asCents(r[3]), asCents(r[4])})
	})
	return all, err
}

// statedDays is the length of every BPCI Advanced episode past its anchor, which
// its components are of (CMS fact sheets).
const statedDays = 90

// stated gives the price book the benchmarks that the components state for
// hospitals: HBP, and of a physician group at one its PGP_ACH_BNCHMRK. The table
// is small and no part of the snapshot.
func (l *loader) stated() error {
	var all []price.Stated
	err := l.conn.newest("component", componentColumns+", batch_id", componentKey, func(r []driver.Value) {
		c := scanComponent(r)
		s := price.Stated{
			CCN: c.CCN, Category: c.Category, Anchor: c.anchor(), Days: statedDays, Period: c.Period, Initiator: c.Initiator, Group: c.Kind == "PGP",
			Import: asInt(r[25]), SBS: c.SBS, HBP: c.HBP, PCMA: c.PCMA, PAT: c.PAT,
		}
		benchmark := c.HBP
		if s.Group {
			benchmark = c.Benchmark
		}
		if s.CCN != "" && s.Category != 0 && benchmark != nil && *benchmark > 0 {
			s.Benchmark = *benchmark
			all = append(all, s)
		}
	})
	l.data.Prices.State(all)
	return err
}

// anchor is the kind of anchor that the type of the episodes names.
func (c *Component) anchor() price.Anchor {
	switch strings.ToLower(c.Type) {
	case "ip", "inpatient":
		return price.InpatientAnchor
	case "op", "outpatient":
		return price.OutpatientAnchor
	}
	return price.EitherAnchor
}

// newest reads the rows of a table whose key is batch_id and key: of each key
// the one of the latest batch.
func (s *Store) newest(ctx context.Context, table, columns, key string, row func([]driver.Value)) (err error) {
	doing := "reading " + table
	c, err := s.dial()
	if err != nil {
		return s.explain(doing, err)
	}
	defer func() { err = errors.Join(s.explain(doing, err), c.Close()) }()
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.newest(table, columns, key, row)
}

func (c *conn) newest(table, columns, key string, row func([]driver.Value)) error {
	query := "SELECT " + columns + " FROM (SELECT *, row_number() OVER (PARTITION BY " + key + " ORDER BY batch_id DESC) AS age FROM " + table + ") WHERE age = 1 ORDER BY " + key
	return c.query(query, func(r []driver.Value) error { row(r); return nil })
}

// ratio is a ratio in millionths, NULL when not stated.
func ratio(n *int64) driver.Value {
	if n == nil {
		return nil
	}
	return *n
}

func asRatio(v driver.Value) *int64 {
	n, ok := v.(int64)
	if !ok {
		return nil
	}
	return &n
}
