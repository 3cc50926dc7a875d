package lever_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
)

// means of a category whose SNF, IRF and HHA users cost 10,000, 20,000 and
// 1,000 dollars; the mean SNF stay is 25 days.
func means() lever.Means {
	m := lever.Means{SNFDays: big.NewRat(25, 1)}
	for s, c := range map[episode.Setting]money.Cents{episode.SNF: 1_000_000, episode.IRF: 2_000_000, episode.HHA: 100_000} {
		m.Users[s], m.PerUser[s] = 10, c
	}
	return m
}

func TestFold(t *testing.T) {
	type weights map[episode.Setting]money.BP
	for _, x := range []struct {
		name   string
		years  int
		levers []string
		anchor money.BP
		want   weights // 10,000 where not named
		shifts []lever.Shift
	}{
		{"nothing", 3, nil, 10_000, nil, nil},
		// 5 of 25 days fewer: 20/25.
		{"SNF days", 0, []string{"care.all.snf_days", "5"}, 10_000, weights{episode.SNF: 8_000}, nil},
		{"all SNF days", 0, []string{"care.all.snf_days", "25"}, 10_000, weights{episode.SNF: 0}, nil},
		// 1 + x for readmissions, 1 - x for a saving (ruling 27).
		{"readmissions", 0, []string{"care.all.readmissions", "-10%"}, 10_000, weights{episode.Readmission: 9_000}, nil},
		{"saving", 0, []string{"care.all.saving.snf", "10%"}, 10_000, weights{episode.SNF: 9_000}, nil},
		{"negative saving", 0, []string{"care.all.saving.snf", "-100%"}, 10_000, weights{episode.SNF: 20_000}, nil},
		{"category beats all", 0, []string{"care.all.saving.snf", "10%", "care.LEJR.saving.snf", "30%"}, 10_000, weights{episode.SNF: 7_000}, nil},
		{"another category's", 0, []string{"care.CABG.saving.snf", "30%"}, 10_000, nil, nil},
		// 0.9 x 0.8 = 0.72.
		{"readmissions and their saving", 0, []string{"care.all.readmissions", "-10%", "care.all.saving.readmission", "20%"}, 10_000, weights{episode.Readmission: 7_200}, nil},
		// 20/25 x 0.9 = 0.72, rounded once.
		{"days and saving", 0, []string{"care.all.snf_days", "5", "care.all.saving.snf", "10%"}, 10_000, weights{episode.SNF: 7_200}, nil},
		// 0.333 x 0.333 = 0.110889 = 1,108.89 bp. Rounding 0.333 first would not
		// show, but 0.99995 twice does: 9,999.00 bp; each alone rounds to 10,000.
		{"rounded once", 0, []string{"care.all.readmissions", "-66.7%", "care.all.saving.readmission", "66.7%"}, 10_000, weights{episode.Readmission: 1_109}, nil},
		{"rounded after the product", 0, []string{"care.all.readmissions", "-0.005%", "care.all.saving.readmission", "0.005%"}, 10_000, weights{episode.Readmission: 9_999}, nil},
		// 0.5 bp away from zero: 1 - 0.00005 = 9,999.5.
		{"half away from zero", 0, []string{"care.all.saving.snf", "0.005%"}, 10_000, weights{episode.SNF: 10_000}, nil},
		// A quarter of SNF users go home: 1 - 0.25, and 0.25 of a mean HHA user.
		{
			"shift", 0, []string{"care.all.snf_to_hha", "25%"}, 10_000, weights{episode.SNF: 7_500},
			[]lever.Shift{{From: episode.SNF, To: episode.HHA, Mean: 100_000, Weight: 2_500}},
		},
		// Both shifts act on baseline IRF users at once: 1 - 0.3 - 0.5 (ruling
		// 7); those moved to a SNF are not moved on home.
		{
			"three shifts", 0, []string{"care.all.irf_to_snf", "30%", "care.all.irf_to_hha", "50%", "care.all.snf_to_hha", "10%"}, 10_000,
			weights{episode.IRF: 2_000, episode.SNF: 9_000},
			[]lever.Shift{
				{From: episode.IRF, To: episode.SNF, Mean: 1_000_000, Weight: 3_000},
				{From: episode.IRF, To: episode.HHA, Mean: 100_000, Weight: 5_000},
				{From: episode.SNF, To: episode.HHA, Mean: 100_000, Weight: 1_000},
			},
		},
		// The column takes the target setting's factors of steps 2 to 5: 0.3 x
		// 20/25 x 0.9 = 0.216; the setting itself 0.72.
		{
			"a shift carries the other setting's levers", 0, []string{"care.all.irf_to_snf", "30%", "care.all.snf_days", "5", "care.all.saving.snf", "10%"}, 10_000,
			weights{episode.IRF: 7_000, episode.SNF: 7_200},
			[]lever.Shift{{From: episode.IRF, To: episode.SNF, Mean: 1_000_000, Weight: 2_160}},
		},
		{"all of them", 0, []string{"care.all.irf_to_snf", "60%", "care.all.irf_to_hha", "40%"}, 10_000, weights{episode.IRF: 0},
			[]lever.Shift{{From: episode.IRF, To: episode.SNF, Mean: 1_000_000, Weight: 6_000}, {From: episode.IRF, To: episode.HHA, Mean: 100_000, Weight: 4_000}}},
	} {
		t.Run(x.name, func(t *testing.T) {
			w, warn, err := lever.Fold(with(t, lever.Set{}, x.levers...), "", episode.LEJR, means(), x.years)
			if err != nil || len(warn) > 0 {
				t.Fatal(warn, err)
			}
			check(t, w, x.anchor, x.want, 10_000)
			if len(w.Shifts) != len(x.shifts) {
				t.Fatalf("shifts %v, want %v", w.Shifts, x.shifts)
			}
			for i := range x.shifts {
				if w.Shifts[i] != x.shifts[i] {
					t.Errorf("shift %+v, want %+v", w.Shifts[i], x.shifts[i])
				}
			}
		})
	}
}

func check(t *testing.T, w lever.Weights, anchor money.BP, want map[episode.Setting]money.BP, other money.BP) {
	t.Helper()
	if w.Anchor != anchor {
		t.Errorf("anchor %d, want %d", w.Anchor, anchor)
	}
	for _, s := range episode.Settings() {
		v, ok := want[s]
		if !ok {
			v = other
		}
		if w.Setting[s] != v {
			t.Errorf("%s %d, want %d", s, w.Setting[s], v)
		}
	}
}

func TestOwnCostTrend(t *testing.T) {
	for _, x := range []struct {
		trend string
		years int
		want  money.BP
	}{
		{"2%", 0, 10_000},
		{"2%", 1, 10_200},
		{"2%", 3, 10_612}, // 1.061208
		{"-10%", 2, 8_100},
		{"10%", -1, 9_091}, // 1/1.1 = 0.90909...: performance before data
		{"0%", 5, 10_000},
		{"2.5%", 2, 10_506}, // 1.050625 = 10,506.25
	} {
		w, _, err := lever.Fold(with(t, lever.Set{}, "market.cost_trend", x.trend), "", episode.LEJR, means(), x.years)
		if err != nil {
			t.Fatal(err)
		}
		check(t, w, x.want, nil, x.want)
	}
	// With a shift and a saving in one fold: SNF 0.9 x 0.8 x 1.1 = 0.792, the
	// column 0.1 x 1.1 (home health has no lever of its own).
	w, _, err := lever.Fold(with(t, lever.Set{}, "market.cost_trend", "10%", "care.all.snf_to_hha", "10%", "care.all.snf_days", "5"), "", episode.LEJR, means(), 1)
	if err != nil {
		t.Fatal(err)
	}
	check(t, w, 11_000, map[episode.Setting]money.BP{episode.SNF: 7_920}, 11_000)
	if w.Shifts[0].Weight != 1_100 || w.Max() != 11_000 {
		t.Errorf("shift %d, largest %d", w.Shifts[0].Weight, w.Max())
	}
}

func TestFoldTakesTheHospitalsOwn(t *testing.T) {
	s := with(t, lever.Set{}, "care.all.saving.snf", "10%", "hospital.100001.care.saving.snf", "50%", "hospital.100001.market.cost_trend", "10%")
	for hospital, want := range map[string][2]money.BP{"100001": {5_500, 11_000}, "100002": {9_000, 10_000}, "": {9_000, 10_000}} {
		w, _, err := lever.Fold(s, hospital, episode.LEJR, means(), 1)
		if err != nil || w.Setting[episode.SNF] != want[0] || w.Anchor != want[1] {
			t.Errorf("hospital %q: SNF %d, anchor %d, %v; want %v", hospital, w.Setting[episode.SNF], w.Anchor, err, want)
		}
	}
}

func TestFoldRefuses(t *testing.T) {
	noHHA := means()
	noHHA.Users[episode.HHA] = 0
	for _, x := range []struct {
		name   string
		m      lever.Means
		levers []string
		why    string
	}{
		{"more than all IRF users", means(), []string{"care.all.irf_to_snf", "60%", "care.all.irf_to_hha", "40.1%"}, "more than 100%"},
		{"more than all, though one is not applied", noHHA, []string{"care.all.irf_to_snf", "60%", "care.all.irf_to_hha", "60%"}, "more than 100%"},
		{"more days than the mean stay", means(), []string{"care.all.snf_days", "25.01"}, "25.00 days"},
	} {
		_, _, err := lever.Fold(with(t, lever.Set{}, x.levers...), "", episode.LEJR, x.m, 0)
		var re *lever.RangeError
		if !errors.As(err, &re) || !strings.Contains(err.Error(), x.why) || !strings.Contains(re.Key, "LEJR") {
			t.Errorf("%s: %v, want %q", x.name, err, x.why)
		}
	}
}

func TestFoldWarnsOfWhatItCannotApply(t *testing.T) {
	m := means()
	m.Users[episode.HHA], m.Users[episode.SNF], m.SNFDays = 0, 0, nil
	w, warn, err := lever.Fold(with(t, lever.Set{}, "care.all.snf_to_hha", "20%", "care.all.snf_days", "2"), "", episode.LEJR, m, 0)
	if err != nil || len(warn) != 2 || !strings.Contains(warn[0], "snf_to_hha") || !strings.Contains(warn[1], "snf_days") {
		t.Fatalf("warnings %q, %v", warn, err)
	}
	check(t, w, 10_000, nil, 10_000)
	if len(w.Shifts) != 0 {
		t.Errorf("a shift without a price is applied: %v", w.Shifts)
	}
	var whole [episode.NumSettings]money.BP
	for i := range whole {
		whole[i] = money.Whole
	}
	if w.Anchor != money.Whole || w.Setting != whole {
		t.Error("the neutral weights differ from an empty fold")
	}
}

func TestASavingNeverRaisesAWeight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pct := func(name string, lo, hi int) string {
			return money.NewRate(int64(rapid.IntRange(lo, hi).Draw(t, name)), 4).Percent()
		}
		var s lever.Set
		for _, kv := range [][2]string{
			{"care.all.snf_to_hha", pct("shift", 0, 5_000)}, {"care.all.readmissions", pct("readmissions", -10_000, 10_000)},
			{"market.cost_trend", pct("trend", -2_000, 2_000)},
		} {
			var err error
			if s, err = s.With(kv[0], kv[1]); err != nil {
				t.Fatal(err)
			}
		}
		set := episode.Settings()[rapid.IntRange(0, episode.NumSettings-1).Draw(t, "setting")]
		less, err := s.With("care.all.saving."+set.String(), pct("saving", 0, 10_000))
		if err != nil {
			t.Fatal(err)
		}
		a, _, err := lever.Fold(s, "", episode.LEJR, means(), 2)
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := lever.Fold(less, "", episode.LEJR, means(), 2)
		if err != nil {
			t.Fatal(err)
		}
		if b.Anchor != a.Anchor {
			t.Fatal("a saving moves the anchor")
		}
		for i := range a.Setting {
			if b.Setting[i] > a.Setting[i] || b.Setting[i] < 0 || episode.Setting(i) != set && b.Setting[i] != a.Setting[i] {
				t.Fatalf("saving on %s: %s from %d to %d", set, episode.Setting(i), a.Setting[i], b.Setting[i])
			}
		}
		for i := range a.Shifts {
			if b.Shifts[i].Weight > a.Shifts[i].Weight {
				t.Fatalf("saving on %s raises a shift", set)
			}
		}
	})
}
