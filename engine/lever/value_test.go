package lever_test

import (
	"errors"
	"strings"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
)

func TestParseValue(t *testing.T) {
	for _, x := range []struct{ key, text, rate string }{
		{"care.readmissions", "-10%", "-0.1000"},
		{"care.readmissions", "-0.1", "-0.1000"}, // with or without %, ruling 26
		{"care.readmissions", "+100%", "1.0000"},
		{"care.saving.snf", " 15 % ", "0.1500"},
		{"policy.discount", "-10%", "-0.1000"},
		{"policy.discount", "20%", "0.2000"},
		{"care.snf_days", "2.5", "2.5000"},
		{"policy.episode_days", "0", "0.0000"},
		{"policy.episode_days", "3650", "3650.0000"},
		{"policy.episode_days", "60.0", "60.0000"},
		{"quality.cqs", "62.5", "62.5000"},
		{"policy.cap_percentile", "97.5", "97.5000"},
		{"policy.cap_percentile", "97.5%", "97.5000"},
		{"policy.stop_gain", "5%", "0.0500"},
	} {
		_, d, err := lever.ParseKey(x.key)
		if err != nil {
			t.Fatal(err)
		}
		v, err := lever.ParseValue(d, x.text)
		if err != nil || v.Rate.String() != x.rate || v.None {
			t.Errorf("%s = %q: %s, %v; want %s", x.key, x.text, v.Rate, err, x.rate)
		}
	}
	var s lever.Set
	s = with(t, s, "policy.stop_loss", "none", "policy.exclusions", "off", "program.fixed_cost", "250000.00", "policy.track", "3")
	if v, _ := s.Get("policy", "stop_loss", "", 0); !v.None {
		t.Error("none is not none")
	}
	if v, _ := s.Get("policy", "exclusions", "", 0); !v.None {
		t.Error("off is not off")
	}
	if v, _ := s.Get("program", "fixed_cost", "", 0); v.Cents != 25_000_000 {
		t.Errorf("fixed cost %s", v.Cents)
	}
	if v, _ := s.Get("policy", "track", "", 0); v.Text != "3" {
		t.Errorf("track %q", v.Text)
	}
}

func TestParseValueRefuses(t *testing.T) {
	for _, x := range []struct{ key, text, why string }{
		{"care.saving.snf", "15", "from -100% to 100%"}, // 15 is a factor, not fifteen percent
		{"care.saving.snf", "101%", "from -100% to 100%"},
		{"care.snf_to_hha", "-1%", "from 0% to 100%"},
		{"care.snf_days", "-1", "at least 0"},
		{"care.snf_days", "10%", "days such as"},
		{"policy.discount", "20.01%", "from -10% to 20%"},
		{"policy.discount", "none", "a rate such as"},
		{"quality.cqs", "abc", `"abc": write a number from 0 to 100`},
		{"quality.cqs", "50%", `"50%": write a number from 0 to 100`},
		{"policy.data_year", "next", `"next": write a whole number from 2000 to 2100`},
		{"policy.episode_days", "1.5", `"1.5": write a whole number from 0 to 3650`},
		{"care.all.snf_days", "two", `"two": write days such as "2.0"`},
		{"policy.episode_days", "30.5", "whole number"},
		{"policy.episode_days", "3651", "from 0 to 3650"},
		{"policy.episode_days", "-1", "from 0 to 3650"},
		{"quality.cqs", "101", "from 0 to 100"},
		{"quality.cqs", "-0.1", "from 0 to 100"},
		{"quality.cqs", "60%", "a number"},
		{"policy.cap_percentile", "49.9", "from 50 to 100"},
		{"policy.stop_gain", "101%", "from 0% to 100%"},
		{"policy.stop_gain", "unlimited", "a rate such as"},
		{"policy.cap_source", "file", "table, panel"},
		{"policy.exclusions", "maybe", "on, off"},
		{"policy.track", "", "use one of"},
		{"program.fixed_cost", "-1.00", "cannot be negative"},
		{"program.fixed_cost", "1,000", "dollars with two decimals"},
		{"program.fixed_cost", "1.001", "dollars with two decimals"},
		{"market.volume", "-101%", "from -100% to 1000%"},
	} {
		var s lever.Set
		after, err := s.With(x.key, x.text)
		var re *lever.RangeError
		if !errors.As(err, &re) || !strings.Contains(err.Error(), x.why) || re.Key != x.key || after.Len() != 0 {
			t.Errorf("%s = %q: %v, want %q", x.key, x.text, err, x.why)
		}
	}
}

func with(t testing.TB, s lever.Set, kv ...string) lever.Set {
	t.Helper()
	for i := 0; i < len(kv); i += 2 {
		var err error
		if s, err = s.With(kv[i], kv[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestHospitalBeatsCategoryBeatsAll(t *testing.T) {
	s := with(t, lever.Set{}, "care.CABG.saving.snf", "20%", "care.all.saving.snf", "10%", "hospital.100001.quality.cqs", "80", "quality.cqs", "40")
	for _, x := range []struct {
		c    episode.Category
		want string
	}{{episode.LEJR, "0.1000"}, {episode.CABG, "0.2000"}, {0, "0.1000"}} {
		if got := s.Rate("care", "saving.snf", "", x.c).String(); got != x.want {
			t.Errorf("%s: %s, want %s", x.c, got, x.want)
		}
	}
	if got := s.Rate("quality", "cqs", "100001", 0).String(); got != "80.0000" {
		t.Errorf("the hospital's own: %s", got)
	}
	if got := s.Rate("quality", "cqs", "100002", 0).String(); got != "40.0000" {
		t.Errorf("another hospital: %s", got)
	}
	if got := s.Rate("quality", "cqs", "", 0).String(); got != "40.0000" {
		t.Errorf("no hospital: %s", got)
	}
	// A hospital's own beats a category's, and its own category's both.
	h := with(t, s, "hospital.100001.care.saving.snf", "30%", "hospital.100001.care.CABG.saving.snf", "40%")
	for _, x := range []struct {
		hospital string
		c        episode.Category
		want     string
	}{{"100001", episode.LEJR, "0.3000"}, {"100001", episode.CABG, "0.4000"}, {"100002", episode.CABG, "0.2000"}, {"", episode.LEJR, "0.1000"}} {
		if got := h.Rate("care", "saving.snf", x.hospital, x.c).String(); got != x.want {
			t.Errorf("hospital %q, %s: %s, want %s", x.hospital, x.c, got, x.want)
		}
	}
	if got := h.Hospitals(); len(got) != 1 || got[0] != "100001" {
		t.Errorf("hospitals with settings of their own: %v", got)
	}
	if _, ok := s.Get("care", "snf_days", "", episode.LEJR); ok {
		t.Error("a lever nobody set is found")
	}
	if !s.Rate("care", "snf_days", "", episode.LEJR).IsZero() {
		t.Error("a lever nobody set is not zero")
	}
}

func TestSetsAreValues(t *testing.T) {
	a := with(t, lever.Set{}, "quality.cqs", "40", "market.volume", "5%")
	b := with(t, a, "quality.cqs", "60")
	if v, _ := a.Get("quality", "cqs", "", 0); v.Text != "40" {
		t.Errorf("the old set now says %s", v.Text)
	}
	if b.Len() != 2 || b.Items()[0].Value.Text != "60" {
		t.Errorf("the same key again: %v", b.Items())
	}
	k, _, err := lever.ParseKey("quality.cqs")
	if err != nil {
		t.Fatal(err)
	}
	c := b.Without(k)
	if _, ok := c.Exactly(k); ok || c.Len() != 1 || b.Len() != 2 {
		t.Error("Without")
	}
	// The base's volume stays, its score gives way.
	over := with(t, lever.Set{}, "quality.cqs", "90").Over(a)
	if v, ok := over.Exactly(k); !ok || v.Text != "90" || over.Len() != 2 {
		t.Errorf("over the base: %v", over.Items())
	}
	if _, err := a.With("no.lever", "1"); err == nil {
		t.Error("an unknown key is set")
	}
}
