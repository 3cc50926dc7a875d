package lever_test

import (
	"errors"
	"strings"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
)

func TestParseKey(t *testing.T) {
	for _, x := range []struct {
		in, out string // as written, as scenario files write it
		key     lever.Key
	}{
		{"market.trend_realized", "market.trend_realized", lever.Key{Group: "market", Name: "trend_realized"}},
		{"market.LEJR.trend_realized", "market.LEJR.trend_realized", lever.Key{Category: episode.LEJR, Group: "market", Name: "trend_realized"}},
		{"policy.LEJR.discount", "policy.LEJR.discount", lever.Key{Category: episode.LEJR, Group: "policy", Name: "discount"}},
		{"care.all.saving.snf", "care.all.saving.snf", lever.Key{Group: "care", Name: "saving.snf"}},
		{"care.saving.snf", "care.all.saving.snf", lever.Key{Group: "care", Name: "saving.snf"}},
		{"care.BOWEL.saving.partb_drug", "care.BOWEL.saving.partb_drug", lever.Key{Category: episode.Bowel, Group: "care", Name: "saving.partb_drug"}},
		{"quality.cqs", "quality.cqs", lever.Key{Group: "quality", Name: "cqs"}},
		{"hospital.100001.quality.cqs", "hospital.100001.quality.cqs", lever.Key{Hospital: "100001", Group: "quality", Name: "cqs"}},
		{"hospital.05T001.policy.track", "hospital.05T001.policy.track", lever.Key{Hospital: "05T001", Group: "policy", Name: "track"}},
		{"hospital.100001.program.convener.fee", "hospital.100001.program.convener.fee", lever.Key{Hospital: "100001", Group: "program", Name: "convener.fee"}},
		{"hospital.100001.care.LEJR.snf_days", "hospital.100001.care.LEJR.snf_days", lever.Key{Hospital: "100001", Category: episode.LEJR, Group: "care", Name: "snf_days"}},
		{"hospital.100001.care.snf_days", "hospital.100001.care.all.snf_days", lever.Key{Hospital: "100001", Group: "care", Name: "snf_days"}},
		{"market.mix.CABG", "market.CABG.mix", lever.Key{Category: episode.CABG, Group: "market", Name: "mix"}},
		{"market.CABG.mix", "market.CABG.mix", lever.Key{Category: episode.CABG, Group: "market", Name: "mix"}},
	} {
		k, d, err := lever.ParseKey(x.in)
		if err != nil || k != x.key || k.String() != x.out || d.Key() != x.key.Group+"."+x.key.Name {
			t.Errorf("ParseKey(%q) = %+v (%s), %v; want %s", x.in, k, k, err, x.out)
		}
	}
}

func TestParseKeyRefuses(t *testing.T) {
	for _, x := range []struct{ in, why string }{
		{"", "write <group>.<name>"},
		{"cqs", "write <group>.<name>"},
		{"quality.", "no such lever"},
		{"quality.cq", "did you mean quality.cqs"},
		{"care.LEJR.snf_day", "did you mean care.snf_days"},
		{"quality.cqz", "did you mean quality.cqs"},
		{"quality.qcs", "did you mean quality.cqs"},
		{"aco.rsm", "did you mean aco.msr"},
		{"policy.trak", "did you mean policy.track"},
		{"care.LEJR.daysnf", "no such lever"},
		{"market.vloume", "did you mean market.volume"},
		{"care.track", "did you mean policy.track"},
		{"care.all.saving.hotel", "no such lever"},
		{"policy.LEJR.track", "not set by category"},
		{"quality.CABG.cqs", "not set by category"},
		{"hospital.100001", "write hospital.<CCN>"},
		{"hospital.100001.cqs", "write hospital.<CCN>"},
		{"hospital..quality.cqs", "write hospital.<CCN>"},
		{"hospital.100001.policy.cap_source", "not set by hospital"},
		{"hospital.100001.policy.episode_days", "not set by hospital"},
		{"hospital.100001.policy.design", "not set by hospital"},
		{"hospital.100001.policy.period", "not set by hospital"},
		{"care.SPINE.snf_days", "no such lever"},
		{"Quality.CQS", "no such lever"},
	} {
		_, _, err := lever.ParseKey(x.in)
		var ke *lever.KeyError
		if !errors.As(err, &ke) || !strings.Contains(err.Error(), x.why) {
			t.Errorf("ParseKey(%q): %v, want %q", x.in, err, x.why)
		}
	}
}

// Every lever that engine.md 3 names is in the registry, with a meaning and
// bounds that read.
func TestRegistry(t *testing.T) {
	have := map[string]bool{}
	for _, d := range lever.Registry() {
		if have[d.Key()] {
			t.Errorf("%s stands twice", d.Key())
		}
		have[d.Key()] = true
		if d.Title == "" || d.Meaning == "" || d.Baseline == "" {
			t.Errorf("%s does not explain itself", d.Key())
		}
		for _, bound := range []string{d.Min, d.Max, d.Likely} {
			if bound == "" {
				continue
			}
			if _, err := lever.ParseValue(&d, bound); err != nil {
				t.Errorf("bound %s of %s: %v", bound, d.Key(), err)
			}
		}
		if _, got, err := lever.ParseKey(d.Key()); err != nil || got.Key() != d.Key() {
			t.Errorf("%s does not parse: %v", d.Key(), err)
		}
	}
	names := []string{
		"policy.design", "policy.period", "policy.track", "policy.episode_days", "policy.discount", "policy.cap_percentile", "policy.cap_source",
		"policy.stop_gain", "policy.stop_loss", "policy.exclusions", "policy.data_year", "quality.cqs", "care.irf_to_snf", "care.irf_to_hha",
		"care.snf_to_hha", "care.snf_days", "care.readmissions", "market.volume", "market.mix", "market.cost_trend", "market.trend_realized",
		"market.normalization_realized", "market.benchmark_level", "program.fixed_cost", "program.cost_per_episode", "program.gainshare",
		"program.convener.gain_share", "program.internal_savings", "program.lost_margin",
	}
	for _, s := range episode.Settings() {
		names = append(names, "care.saving."+s.String())
	}
	for _, n := range names {
		if !have[n] {
			t.Errorf("%s is missing", n)
		}
	}
}

func FuzzKeyAndValue(f *testing.F) {
	for _, x := range [][2]string{{"care.LEJR.snf_days", "2.0"}, {"hospital.1.quality.cqs", "60"}, {"market.mix.CABG", "+5%"}, {"policy.stop_gain", "none"}, {"program.fixed_cost", "1.00"}} {
		f.Add(x[0], x[1])
	}
	f.Fuzz(func(t *testing.T, key, text string) {
		k, d, err := lever.ParseKey(key)
		if err != nil {
			return
		}
		again, _, err := lever.ParseKey(k.String())
		if err != nil || again != k {
			t.Fatalf("%q is %s, which reads as %s, %v", key, k, again, err)
		}
		v, err := lever.ParseValue(d, text)
		if err != nil {
			var re *lever.RangeError
			if !errors.As(err, &re) {
				t.Fatal(err)
			}
			return
		}
		back, err := lever.ParseValue(d, v.Text)
		if err != nil || back.Rate.Cmp(v.Rate) != 0 || back.Cents != v.Cents || back.None != v.None {
			t.Fatalf("%s = %q reads back differently: %v", key, text, err)
		}
	})
}
