package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
)

func TestAllDesignsTakeWhatTheyKnow(t *testing.T) {
	m := simple(t).model(t)
	all := func(kv ...string) (*engine.Result, error) {
		return m.Evaluate(engine.Request{Levers: levers(t, kv...)})
	}
	r, err := all("policy.period", "PY8", "policy.track", "B")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, d := range r.Designs {
		said[d.Design] = d.Period.ID + " " + d.Track + ": " + strings.Join(d.Warnings, "\n")
	}
	for design, want := range map[string][]string{
		"team":    {"PY2 3:", "TEAM has no period PY8: its PY2 is used", "TEAM has no track B: its default is used"},
		"cjr":     {"PY8 :", "CJR has no track B: it has none"},
		"bpci-m2": {"2013-2018 B:", "BPCI Model 2 has no period PY8"},
	} {
		for _, w := range want {
			if !strings.Contains(said[design], w) {
				t.Errorf("%s: %q is not in %q", design, w, said[design])
			}
		}
	}
	if strings.Contains(said["cjr"], "no period") || strings.Contains(said["bpci-m2"], "no track") {
		t.Errorf("a design that knows the choice warns: %q", said)
	}
	var period *policy.PeriodError
	if _, err := all("policy.period", "PY9"); !errors.As(err, &period) {
		t.Errorf("a period nobody knows: %v", err)
	}
	var track *policy.TrackError
	if _, err := all("policy.track", "Z"); !errors.As(err, &track) {
		t.Errorf("a track nobody knows: %v", err)
	}
	var no *policy.IneligibleError
	if _, err := all("policy.period", "PY2", "policy.track", "2"); !errors.As(err, &no) {
		t.Errorf("an ineligible hospital: %v", err)
	}
	// Asked for by name, a design must know what it is asked.
	for _, kv := range [][]string{{"policy.design", "cjr", "policy.period", "MY3"}, {"policy.design", "cjr", "policy.track", "B"}} {
		if _, err := all(kv...); !errors.As(err, &period) && !errors.As(err, &track) {
			t.Errorf("%v: %v", kv, err)
		}
	}
	// The board is as lenient.
	for _, row := range m.Rows(engine.Request{Levers: levers(t, "policy.period", "PY8")}) {
		if row.Design.ID == "team" && row.Track.ID == "3" && (row.Err != nil || row.Result.Period.ID != "PY2") {
			t.Errorf("team on the board: %v", row.Err)
		}
	}
}

func TestDesignsWithoutEpisodesAreSkipped(t *testing.T) {
	w := simple(t)
	for i := range w.episodes {
		w.episodes[i].Category = episode.Bowel
	}
	m := w.model(t)
	r, err := m.Evaluate(engine.Request{})
	if err != nil {
		t.Fatal(err)
	}
	skipped := map[string]string{}
	for _, s := range r.Skipped {
		skipped[s.Design] = s.Why
	}
	if len(r.Designs)+len(r.Skipped) != len(m.Designs().IDs()) || !strings.HasPrefix(skipped["cjr"], "no episodes of CJR end from") || skipped["team"] != "" {
		t.Errorf("%d results, skipped %v", len(r.Designs), skipped)
	}
	d := r.Designs[0]
	if fmt.Sprint(d.Counts) != "{[BOWEL] 2 2}" {
		t.Errorf("counts %v", d.Counts)
	}
	var input *engine.InputError
	if _, err := m.Evaluate(engine.Request{Designs: []string{"cjr"}}); !errors.As(err, &input) {
		t.Errorf("asked for by name: %v", err)
	}
	if _, err := m.Evaluate(engine.Request{Levers: levers(t, "policy.data_year", "2019")}); !errors.As(err, &input) {
		t.Errorf("none left: %v", err)
	}
	// What the hospitals asked for do not have is left out as well.
	w.hospitals = append(w.hospitals, panel.Hospital{CCN: "100002", Division: 5})
	w.add(t, "joint", "2026-05-01", "1.00", 1)
	for ccn, want := range map[string]bool{"100001": true, "100002": false} {
		r, err = w.model(t).Evaluate(engine.Request{Hospitals: []string{ccn}})
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(r.Skipped, engine.Skipped{Design: "cjr", Why: "the hospitals asked for have no episodes of CJR"}); got != want {
			t.Errorf("%s: %v", ccn, r.Skipped)
		}
	}
	// Data too short for a length leave out the designs that have it.
	for i := range w.episodes {
		w.episodes[i].ObsDays = 45
	}
	r, err = w.model(t).Evaluate(engine.Request{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Designs {
		if d.EpisodeDays > 45 {
			t.Errorf("%s runs on %d days", d.Design, d.EpisodeDays)
		}
	}
}

func TestScoresStayOnTheirScale(t *testing.T) {
	m := joints(t, 20).model(t)
	// 16 is excellent: 1.5 points off the loss side's 2%. 50,800 x 0.5% = 254.
	for _, kv := range [][]string{{"quality.cqs", "16"}, {"quality.cqs", "90", "quality.cjr_cqs", "16"}} {
		d := one(t, m, "cjr", append(kv, "policy.period", "PY2")...)
		if got := line(t, &d, "100001", "discount"); got != "-254.00" {
			t.Errorf("%v: discount %s, want -254.00", kv, got)
		}
	}
	var usage *engine.UsageError
	if _, err := m.Evaluate(engine.Request{Designs: []string{"cjr"}, Levers: levers(t, "quality.cqs", "60")}); !errors.As(err, &usage) {
		t.Errorf("60 of 20: %v", err)
	}
	// Over all designs a score is one of 100, even where it would fit on 20.
	for _, score := range []string{"60", "16"} {
		r, err := m.Evaluate(engine.Request{Levers: levers(t, "quality.cqs", score, "policy.period", "PY2")})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range r.Designs {
			if d.Design == "cjr" && !strings.Contains(strings.Join(d.Warnings, "\n"), "quality.cqs "+score+" is not read as a score of CJR, which goes from 0 to 20: its default is used") {
				t.Errorf("it is not said: %q", d.Warnings)
			}
		}
	}
}

func TestAPeriodOfSeveralYearsStandsOnTheYearsItHas(t *testing.T) {
	// Ohio, 2016 to 2019, with data of 2019 alone: nothing to bring forward.
	w := simple(t)
	w.rows[0].Days = 90
	for i := range w.episodes {
		w.episodes[i].End -= 7 * 365
	}
	d := one(t, w.model(t), "state-oh", "market.cost_trend", "10%")
	if d.DataYear != 2019 || d.Hospitals[0].Categories[0].Spending.String() != "50000.00" || !strings.Contains(strings.Join(d.Warnings, "\n"), "no episode of the period before 2019") {
		t.Errorf("data year %d, %+v, %q", d.DataYear, d.Hospitals[0].Categories[0], d.Warnings)
	}
	// Tennessee's ended in 2018: today's episodes stand in as they are, and no
	// trend runs back to it.
	d = one(t, w.model(t), "state-tn", "market.cost_trend", "10%")
	said := strings.Contains(strings.Join(d.Warnings, "\n"), "market.cost_trend moves nothing here")
	if d.DataYear != 2019 || d.Hospitals[0].Categories[0].Spending.String() != "50000.00" || !said {
		t.Errorf("data year %d, %+v, %q", d.DataYear, d.Hospitals[0].Categories[0], d.Warnings)
	}
	if d = one(t, w.model(t), "state-tn"); strings.Contains(strings.Join(d.Warnings, "\n"), "cost_trend") {
		t.Errorf("without the lever: %q", d.Warnings)
	}
	// TEAM's first year lies before data of 2028: its trend runs back, as the
	// levers say (ruling 10): 50,000.00 / 1.1 / 1.1 rounded by weight, 8264 of
	// 10,000.
	later := simple(t)
	for i := range later.episodes {
		later.episodes[i].End += 2 * 365
	}
	if d = one(t, later.model(t), "team", "policy.period", "PY1", "market.cost_trend", "10%"); !strings.Contains(strings.Join(d.Warnings, "\n"), "takes spending back 2 years") {
		t.Errorf("data year %d, %+v, %q", d.DataYear, d.Hospitals[0].Categories[0], d.Warnings)
	}
}

func TestANamedDesignWithoutEpisodesOfAHospitalIsEmpty(t *testing.T) {
	m := three(t).model(t)
	r, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Hospitals: []string{"100003"}})
	if err != nil || len(r.Designs[0].Hospitals) != 0 {
		t.Errorf("%v, %+v", err, r)
	}
}

// A program that is over and has no price is left out; where the one in force
// has none, or the design was named, that is the answer (ruling 15).
func TestDesignsOverWithoutPricesAreSkipped(t *testing.T) {
	w := simple(t)
	w.rows[0].Period = "PY2" // TEAM's default; CJR opens on PY1
	w.hospitals = append(w.hospitals, panel.Hospital{CCN: "100002", Division: 5})
	w.add(t, "before CJR", "2013-05-01", "1.00", 1) // another hospital's own history
	m := w.model(t)
	r, err := m.Evaluate(engine.Request{Hospitals: []string{"100001"}})
	if err != nil {
		t.Fatal(err)
	}
	const why = "no price for cell 470 in division 5 under CJR, and hospital 100001 has no baseline episode in it: import a price table with `bundlelab prices import`"
	if r.Designs[0].Design != "team" || !slices.Contains(r.Skipped, engine.Skipped{Design: "cjr", Why: why}) {
		t.Errorf("%s, skipped %v", r.Designs[0].Design, r.Skipped)
	}
	var input *engine.InputError
	if _, err := m.Evaluate(engine.Request{Designs: []string{"cjr"}, Hospitals: []string{"100001"}}); !errors.As(err, &input) {
		t.Errorf("asked for by name: %v", err)
	}
	w.rows[0].Cell = "521"
	w.add(t, "before TEAM", "2023-05-01", "1.00", 1)
	if _, err := w.model(t).Evaluate(engine.Request{Hospitals: []string{"100001"}}); !errors.As(err, &input) {
		t.Errorf("the one in force has no price: %v", err)
	}
}
