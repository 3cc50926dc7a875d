package bpcia

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/record"
	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// prices reads one file about target prices.
func (im *importer) prices(ctx context.Context, x input) error {
	switch x.file.Title {
	case componentFile:
		return read(ctx, im, x, im.component, func(c *store.Component) string {
			return strings.Join([]string{c.Initiator, c.Kind, c.CCN, c.Type, c.Given, c.Period}, "|")
		}, func(s priceSink, all []store.Component) error { return s.Components(all) })
	case peerFile:
		return read(ctx, im, x, peerGroup, func(p *store.PeerGroup) string { return p.CCN },
			func(s priceSink, all []store.PeerGroup) error { return s.PeerGroups(all) })
	case winsorFile:
		return read(ctx, im, x, im.winsor, func(w *store.Winsor) string { return w.Given + "|" + w.Code },
			func(s priceSink, all []store.Winsor) error { return s.Winsors(all) })
	}
	return im.unread(ctx, x)
}

// priceSink is a sink that keeps what stands behind target prices; one that
// does not hears nothing of them.
type priceSink interface {
	Components([]store.Component) error
	PeerGroups([]store.PeerGroup) error
	Winsors([]store.Winsor) error
}

// read reads a file row by row, keeps the first of a key (K001), and sends the
// rows.
func read[T any](ctx context.Context, im *importer, x input, row func(*record.Rows) T, key func(*T) string, send func(priceSink, []T) error) error {
	rows, _, err := im.rows(x)
	if rows == nil || err != nil {
		return err
	}
	seen := map[string]bool{}
	var all []T
	err = each(ctx, rows, func() {
		rows.Books.Saw(1, 0)
		t := row(rows)
		if !rows.Bad() && seen[key(&t)] {
			rows.Reject("K001", "category", "a row of this key came before; the first row is kept")
		}
		if rows.Bad() {
			rows.Books.Rejects(1, 0)
			return
		}
		seen[key(&t)] = true
		rows.Books.Loads(1, 0)
		all = append(all, t)
	})
	if err != nil || len(all) == 0 {
		return err
	}
	im.run.Note(fmt.Sprintf("%s: %d rows of the kind %s; \"bundlelab prices show --components\" lists them", x.Name, len(all), x.file.Title))
	return im.run.Send(func(s control.Sink) error {
		if p, ok := s.(priceSink); ok {
			return send(p, all)
		}
		return nil
	})
}

// component reads a row of target-price components. The tax number of a
// physician group is not kept: it may be a person's.
func (im *importer) component(rows *record.Rows) store.Component {
	c := store.Component{
		Initiator: number(rows, "initiator"), Convener: number(rows, "convener"), Period: number(rows, "period"),
		Kind: strings.ToUpper(rows.Code("kind", false)), Type: vocabulary(rows, "type"), Given: im.given(rows),
		Episodes: rows.Int("episodes", 0, 100_000_000), Over40: yes(rows, "over_40"),
		Spend: dollars(rows, "spend"), SBS: dollars(rows, "sbs"), HBP: dollars(rows, "hbp"),
		Benchmark: dollars(rows, "benchmark"), Target: dollars(rows, "target"), Real: dollars(rows, "real_target"),
		PCMA: ratio(rows, "pcma"), PAT: ratio(rows, "pat"), CaseMix: ratio(rows, "case_mix"), Efficiency: ratio(rows, "efficiency"),
		GroupEfficiency: ratio(rows, "group_efficiency"), GroupOffset: ratio(rows, "group_offset"), GroupAdjusted: ratio(rows, "group_adjusted"),
		GroupPCMA: ratio(rows, "group_pcma"), Payout: ratio(rows, "payment_ratio"),
	}
	if c.Initiator == "" {
		rows.Reject("V001", "initiator", "the cell is blank and must not be")
	}
	if c.Kind != "ACH" && c.Kind != "PGP" {
		rows.Reject("V001", "kind", "an initiator is an ACH (hospital) or a PGP (physician group)")
	}
	c.Category = im.ours(c.Given)
	hospital := "ccn"
	if c.Kind == "PGP" {
		hospital = "associated"
	}
	switch c.CCN = strings.ToUpper(rows.Text(hospital)); {
	case c.CCN == "" && c.Kind == "PGP": // the group's own row
	case !ccn.Valid(c.CCN):
		rows.Reject("C001", hospital, "a hospital's number has six letters or digits; keep leading zeros")
	}
	return c
}

// ours is the category of the five that a name is, 0 for any other.
func (im *importer) ours(given string) episode.Category {
	name, _ := im.category(given)
	c, err := episode.ParseCategory(name)
	if err != nil {
		return 0
	}
	return c
}

func peerGroup(rows *record.Rows) store.PeerGroup {
	return store.PeerGroup{
		CCN: record.Hospital(rows, "ccn"), Academic: vocabulary(rows, "academic"), UrbanRural: vocabulary(rows, "urban_rural"),
		SafetyNet: vocabulary(rows, "safety_net"), BedSize: vocabulary(rows, "bed_size"), Census: vocabulary(rows, "census"),
	}
}

func (im *importer) winsor(rows *record.Rows) store.Winsor {
	w := store.Winsor{Given: im.given(rows), Code: strings.ToUpper(number(rows, "code")), Low: dollars(rows, "low"), High: dollars(rows, "high")}
	w.Category = im.ours(w.Given)
	if w.Code == "" {
		rows.Reject("V001", "code", "the cell is blank and must not be")
	}
	if w.Low != nil && w.High != nil && *w.Low > *w.High {
		rows.Reject("A001", "low", "the low bound is above the high one")
	}
	return w
}

// given is the name of a category as the file writes it, if the profile lists
// it; a keyed hash stands for any other, which may be anything when columns
// have slipped.
func (im *importer) given(rows *record.Rows) string {
	name := rows.Required("category")
	if _, listed := im.category(name); listed || name == "" {
		return name
	}
	rows.Warn("V001", "category", "the mapping profile does not list the category's name: a hash stands for it")
	return "unlisted-" + im.run.Key.Short("category", name)
}

// number is a code that holds a digit; a word is none (P001).
func number(rows *record.Rows, name string) string {
	s := rows.Code(name, false)
	if s != "" && (!strings.ContainsAny(s, "0123456789") || len(s) > 24) {
		rows.Reject("P001", name, "the cell is not a code: it may be a name, which this column must not hold")
		return ""
	}
	return s
}

// vocabulary is a description made of numbers and of the words that such
// descriptions have; any other is left out (P001).
func vocabulary(rows *record.Rows, name string) string {
	s := rows.Text(name)
	for _, word := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if !slices.Contains(words(), word) {
			rows.Warn("P001", name, "the cell is not a description that this column is known to hold: left out")
			return ""
		}
	}
	if len(s) > 40 || rows.Identifies(strings.ReplaceAll(s, " ", "_")) {
		rows.Warn("P001", name, "the cell is not a description that this column is known to hold: left out")
		return ""
	}
	return s
}

// words are those of peer groups and kinds of episodes.
func words() []string {
	return []string{
		"academic", "and", "atlantic", "bed", "beds", "central", "east", "england", "fewer", "greater", "hospital", "inpatient", "ip", "large",
		"less", "major", "medical", "medium", "mid", "middle", "minor", "more", "mountain", "ms", "n", "net", "new", "no", "non", "north", "not",
		"op", "or", "other", "outpatient", "over", "pacific", "rural", "safety", "small", "south", "surgical", "teaching", "than", "to", "under",
		"urban", "west", "y", "yes",
	}
}

// dollars reads an amount that CMS states with as many decimals as came out,
// rounded half away from zero to a cent; nil when blank.
func dollars(rows *record.Rows, name string) *money.Cents {
	n := scaled(rows, name, 2, 21_000_000_00)
	if n == nil {
		return nil
	}
	c := money.Cents(*n)
	return &c
}

// ratio reads a factor in millionths, rounded likewise.
func ratio(rows *record.Rows, name string) *int64 { return scaled(rows, name, 6, 1_000_000_000) }

func scaled(rows *record.Rows, name string, places int32, high int64) *int64 {
	s := rows.Text(name)
	if s == "" || s == "." {
		return nil
	}
	d, err := decimal.NewFromString(strings.TrimPrefix(strings.ReplaceAll(s, ",", ""), "$"))
	if err == nil && len(s) <= 32 && d.Exponent() > -30 && d.Exponent() < 12 {
		if d = d.Shift(places).Round(0); d.Abs().LessThanOrEqual(decimal.New(high, 0)) {
			n := d.IntPart()
			return &n
		}
	}
	rows.Reject("A001", name, "not a number of a size that an amount or a factor has")
	return nil
}
