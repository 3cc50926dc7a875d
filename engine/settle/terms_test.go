package settle_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// set is a set of terms with what the properties need to know of its design.
type set struct {
	settle.Terms
	name   string
	names  []string // categories to draw from
	kinds  []string // of names the design does not list
	after  bool     // quality acts after the limits
	edges  []policy.Edge
	points []money.Rate
}

// off are the points a score takes off the discounts, reckoned anew.
func (x *set) off(score decimal.Decimal) money.Rate {
	if len(x.points) == 0 {
		return money.Rate{}
	}
	return x.points[policy.Tier(score, x.edges)]
}

// tiers reads the quality tiers from the design.
func (x *set) tiers(t failer, d *policy.Design, p policy.Period, s policy.Scope) {
	order, err := d.At("quality.order", p.Start, s)
	x.after = err == nil && order.Value == "after"
	if !x.Quality.Acts("discount") {
		return
	}
	edges, err := d.At("quality.tiers", p.Start, s)
	if err == nil {
		x.edges, err = policy.Edges(edges.Value)
	}
	if err != nil {
		t.Fatal(err)
	}
	points, err := d.At("quality.discount", p.Start, s)
	if err == nil {
		x.points, err = policy.Rates(points.Value)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// builtin are the terms of every built-in design at every period, track, class
// of hospital and length.
func builtin(t testing.TB) []set {
	t.Helper()
	var out []set
	for _, d := range designs(t).All() {
		tracks := d.TrackIDs()
		if len(tracks) == 0 {
			tracks = []string{""}
		}
		for _, p := range d.Periods {
			days := []int{0}
			if f, err := d.At("episode_days.choices", p.Start, policy.Scope{}); err == nil {
				if days, err = policy.Lengths(f.Value); err != nil {
					t.Fatal(err)
				}
			}
			for _, track := range tracks {
				for _, class := range append([]string{""}, policy.Classes()...) {
					for _, n := range days {
						out = append(out, resolved(t, d, p, settle.Asked{Track: track, Class: policy.Class{class: true}, Days: n}))
					}
				}
			}
		}
	}
	return out
}

func resolved(t failer, d *policy.Design, p policy.Period, a settle.Asked) set {
	terms, err := settle.Resolve(d, p, a)
	if err != nil {
		t.Fatal(err)
	}
	x := set{Terms: terms, name: fmt.Sprintf("%s %s track %q %v %d days", d.ID, p.ID, a.Track, a.Class, a.Days)}
	for _, c := range d.Listed {
		x.names = append(x.names, c.ID)
	}
	if d.Open {
		x.kinds = []string{"medical", "surgical"}
	}
	x.tiers(t, d, p, policy.Scope{Track: a.Track, Class: a.Class, Days: a.Days})
	return x
}

// random are the terms of a made-up design.
func random(t *rapid.T) set {
	pick := func(key string, words ...string) string { return rapid.SampledFrom(words).Draw(t, key) }
	percent := func(key string, lo, hi int) string { return strconv.Itoa(rapid.IntRange(lo, hi).Draw(t, key)) + "%" }
	gain := rapid.IntRange(-10, 20).Draw(t, "discount")
	kv := []string{
		"discount", strconv.Itoa(gain) + "%", "pool", pick("pool", "hospital", "category"),
		"quality.effect", pick("effect", "none", "gate", "discount", "multiplier", "sharing_rate", "withhold", "discount+gate", "multiplier+withhold"),
		"quality.order", pick("order", "before", "after"), "quality.scale", pick("scale", "100", "20", "3"), "quality.default", "1",
		"quality.gain_max", percent("gain max", 0, 100), "quality.loss_max", percent("loss max", 0, 100), "quality.gate", "2", "quality.withhold", percent("withhold", 0, 20),
		"quality.tiers", "1/>2", "quality.discount", "0%/1.0%/2.5%", "limit.base", pick("base", "target", "benchmark", "reimbursement"),
		"stop_gain", pick("stop gain", "none", "0%", "3%", "20%"), "stop_loss", pick("stop loss", "none", "0%", "3%", "20%", "waived"),
	}
	optional := func(key, value string) {
		if rapid.Bool().Draw(t, "has "+key) {
			kv = append(kv, key, value)
		}
	}
	optional("discount.loss", strconv.Itoa(rapid.IntRange(-20, gain).Draw(t, "discount.loss"))+"%")
	optional("gain_share", percent("gain share", 0, 100))
	optional("loss_share", percent("loss share", 0, 100))
	optional("gain_floor", percent("floor", 0, 100))
	optional("min_rate", percent("min rate", 0, 20))
	optional("min_rate.loss", percent("min loss rate", 0, 20))
	optional("min_rate.first_dollar", pick("first dollar", "yes", "no"))
	if rapid.Bool().Draw(t, "has low volume") {
		kv = append(kv, "low_volume.below", "31", "low_volume.action", pick("action", policy.NoLoss, policy.Exclude, policy.Regional))
	}
	d, err := made(kv...)
	if err != nil {
		t.Fatal(err)
	}
	return resolved(t, d, d.Periods[0], settle.Asked{})
}

// totals draws a hospital's totals, most of them near the benchmark, where the
// rules bite.
func totals(t *rapid.T, x *set) settle.Input {
	scale := x.Quality.Scale
	in := settle.Input{CQS: scale.Mul(decimal.New(int64(rapid.IntRange(0, 100).Draw(t, "cqs")), -2))}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(x.names), 1, min(3, len(x.names)), rapid.ID[string]).Draw(t, "categories") {
		in.Categories = append(in.Categories, category1(t, settle.Category{Name: name}))
	}
	if len(x.kinds) > 0 && rapid.IntRange(0, 3).Draw(t, "another") == 0 {
		in.Categories = append(in.Categories, category1(t, settle.Category{Name: "OTHER", Kind: rapid.SampledFrom(x.kinds).Draw(t, "kind")}))
	}
	if rapid.Bool().Draw(t, "charged") {
		in.PostEpisode, in.Overlap = money.Cents(rapid.Int64Range(0, 1e7).Draw(t, "post")), money.Cents(rapid.Int64Range(0, 1e6).Draw(t, "overlap"))
	}
	if rapid.Bool().Draw(t, "reimbursed") {
		v := money.Cents(rapid.Int64Range(0, 1e10).Draw(t, "reimbursement"))
		in.Reimbursement = &v
	}
	if x.Pooled && rapid.IntRange(0, 3).Draw(t, "added") == 0 {
		in.Adds = adds(t, x, in.Categories[0].Name)
	}
	if rapid.Bool().Draw(t, "programmed") {
		in.Program = program(t)
	}
	return in
}

func category1(t *rapid.T, c settle.Category) settle.Category {
	amount := rapid.Int64Range(0, 1e10).Draw(t, "benchmark")
	c.Episodes = decimal.New(int64(rapid.IntRange(0, 5000).Draw(t, "episodes")), -1)
	c.Baseline, c.Benchmark = rapid.IntRange(-1, 60).Draw(t, "baseline"), money.Cents(amount)
	if rapid.IntRange(0, 9).Draw(t, "far") == 0 {
		c.Spending = money.Cents(rapid.Int64Range(0, 1e10).Draw(t, "spending"))
	} else {
		c.Spending = money.Cents(amount / 1000 * int64(rapid.IntRange(700, 1300).Draw(t, "per mille")))
	}
	switch rapid.IntRange(0, 7).Draw(t, "form") {
	case 0:
		c.Given, c.Target, c.Benchmark = true, c.Benchmark, 0
	case 1:
		c.Thresholds = &settle.Thresholds{Commendable: c.Benchmark * 9 / 10, Acceptable: c.Benchmark, GainLimit: c.Benchmark / 2}
		c.Benchmark = 0
	}
	return c
}

// adds draws an addend at every stage; one after the limits takes nothing from
// a hospital that never repays.
func adds(t *rapid.T, x *set, name string) []settle.Addend {
	var out []settle.Addend
	for stage, id := range []string{"pac", "warranty", "deferral", "bundle_npra"} {
		amount := money.Cents(rapid.Int64Range(-1e7, 1e7).Draw(t, id))
		if settle.Stage(stage) == settle.ToNet && x.NeverRepays {
			amount = amount.Abs()
		}
		if amount != 0 {
			out = append(out, settle.Addend{Stage: settle.Stage(stage), Line: settle.Line{ID: id, Label: id, Formula: id, Cite: "drawn", Evidence: policy.User, Amount: amount, Parts: []settle.Part{{Category: name, Amount: amount}}}})
		}
	}
	return out
}

func program(t *rapid.T) settle.Program {
	share := func(name string) money.Rate {
		return money.NewRate(int64(rapid.IntRange(0, 1000).Draw(t, name)), 3)
	}
	dollars := func(name string) money.Cents { return money.Cents(rapid.Int64Range(0, 1e7).Draw(t, name)) }
	return settle.Program{
		FixedCost: dollars("fixed"), PerEpisode: dollars("per episode"), Gainshare: share("gainshare"), PFS: dollars("pfs"), Alignment: share("alignment"),
		Collaborators: rapid.IntRange(0, 5).Draw(t, "collaborators"), ConvenerGain: share("gain share"), ConvenerLoss: share("loss share"), ConvenerFee: share("fee"),
		ConvenerPerEpisode: dollars("convener per episode"), ConvenerGuarantee: share("guarantee"), FeesFirst: rapid.Bool().Draw(t, "fees first"),
		InternalSaving: dollars("saving"), LostMargin: dollars("margin"),
	}
}
