package episode_test

import (
	"testing"

	"bundlelab/engine/episode"
)

func TestNamesReadBack(t *testing.T) {
	for i, c := range episode.Categories() {
		back, err := episode.ParseCategory(c.String())
		if err != nil || back != c || c.Index() != i || c.Title() == c.String() {
			t.Errorf("%s reads as %s, %v; index %d, title %q", c, back, err, c.Index(), c.Title())
		}
	}
	for _, s := range episode.Settings() {
		for _, name := range []string{s.String(), "SNF"} {
			if _, err := episode.ParseSetting(name); err != nil {
				t.Error(err)
			}
		}
		if back, err := episode.ParseSetting(s.String()); err != nil || back != s || s.Title() == "" {
			t.Errorf("%s reads as %s, %v", s, back, err)
		}
	}
	for _, bad := range []string{"", "lejr", "SPINE", "LEJR "} {
		if _, err := episode.ParseCategory(bad); err == nil {
			t.Errorf("%q is read as a category", bad)
		}
	}
	for _, bad := range []string{"", "anchor", "ANCHOR", "hospital"} {
		if _, err := episode.ParseSetting(bad); err == nil {
			t.Errorf("%q is read as a setting", bad)
		}
	}
}

func TestOutOfRangeNamesDoNotPanic(t *testing.T) {
	for _, s := range []string{
		episode.Category(0).String(), episode.Category(6).Title(), episode.Setting(11).String(), episode.Setting(200).Title(), episode.Rule(9).String(),
	} {
		if s == "" {
			t.Error("a name out of range is empty")
		}
	}
}

// The order and the numbers are those of the database and of every file.
func TestSettingsInOrderWithTheirRules(t *testing.T) {
	for i, x := range []struct {
		name string
		rule episode.Rule // ruling 25
	}{
		{"readmission", episode.GMLOS}, {"snf", episode.Days}, {"irf", episode.GMLOS}, {"ltch", episode.GMLOS}, {"hha", episode.Days},
		{"outpatient", episode.Whole}, {"professional", episode.Whole}, {"dme", episode.Whole}, {"hospice", episode.Days},
		{"other_inpatient", episode.Days}, {"partb_drug", episode.Whole},
	} {
		s := episode.Setting(i)
		if s.String() != x.name || s.Rule(false) != x.rule {
			t.Errorf("setting %d is %s with rule %s, want %s with %s", i, s, s.Rule(false), x.name, x.rule)
		}
		lupa := x.rule
		if s == episode.HHA {
			lupa = episode.Visits
		}
		if s.Rule(true) != lupa {
			t.Errorf("%s with LUPA: rule %s, want %s", s, s.Rule(true), lupa)
		}
	}
	for i, name := range []string{"whole", "days", "gmlos", "visits", "always"} {
		if episode.Rule(i).String() != name {
			t.Errorf("rule %d is %s, want %s (ruling 24)", i, episode.Rule(i), name)
		}
	}
}
