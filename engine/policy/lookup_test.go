package policy_test

import (
	"errors"
	"strings"
	"testing"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/policy"
)

func day(t testing.TB, s string) calendar.Day {
	t.Helper()
	d, err := calendar.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func parse(t testing.TB, body string) *policy.Design {
	t.Helper()
	d, err := policy.Parse("design.toml", []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func team(t testing.TB) *policy.Design {
	t.Helper()
	s, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Get("team")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// head opens every small design of these tests.
const head = `schema = "bundlelab.design/1"
id = "x"
name = "X"
formula = "retrospective"
categories = ["LEJR", "CABG"]
step = [{ id = "target", cite = "c", evidence = "regulation" }, { id = "spending", cite = "c", evidence = "regulation" }, { id = "reconciliation_amount", cite = "c", evidence = "regulation" }, { id = "quality_adjusted", cite = "c", evidence = "regulation" }, { id = "npra", cite = "c", evidence = "regulation" }, { id = "net_payment", cite = "c", evidence = "regulation" }]
[[period]]
id = "Y1"
start = "2026-01-01"
end = "2026-12-31"
baseline = [2022, 2023, 2024]
cite = "c"
evidence = "regulation"
`

const dated = head + `[[parameter]]
key = "discount"
values = [
  { since = "2026-01-01", through = "2026-12-31", value = "2%", cite = "first", evidence = "regulation" },
  { since = "2027-01-01", through = "2027-06-30", value = "3%", cite = "second", evidence = "secondary" },
]
[[parameter]]
key = "discount"
tracks = ["2"]
values = [{ since = "2026-01-01", value = "4%", cite = "track", evidence = "regulation" }]
[[parameter]]
key = "discount"
categories = ["CABG"]
values = [{ since = "2026-07-01", value = "5%", cite = "category", evidence = "regulation" }]
[[parameter]]
key = "discount"
tracks = ["2"]
categories = ["CABG"]
values = [{ since = "2026-01-01", value = "6%", cite = "both", evidence = "regulation" }]
`

// scope is a track and a category; 0 asks for the value that serves all.
func scope(track string, c episode.Category) policy.Scope {
	s := policy.Scope{Track: track}
	if c != 0 {
		s.Category = c.String()
	}
	return s
}

func TestLookUpByDate(t *testing.T) {
	d := parse(t, dated)
	for _, x := range []struct {
		on, value, since string
		carried          bool
		grade            policy.Evidence
	}{
		{"2026-01-01", "2%", "2026-01-01", false, policy.Regulation},
		{"2026-12-31", "2%", "2026-01-01", false, policy.Regulation},
		{"2027-01-01", "3%", "2027-01-01", false, policy.Secondary},
		{"2027-06-30", "3%", "2027-01-01", false, policy.Secondary},
		{"2027-07-01", "3%", "2027-01-01", true, policy.Secondary}, // past the last day it is known for
		{"2040-01-01", "3%", "2027-01-01", true, policy.Secondary},
	} {
		f, err := d.At("discount", day(t, x.on), policy.Scope{Track: "1", Category: "LEJR"})
		if err != nil || f.Value != x.value || f.Since.String() != x.since || f.Carried != x.carried || f.Evidence != x.grade {
			t.Errorf("on %s: %+v, %v; want %+v", x.on, f, err, x)
		}
	}
}

func TestLookUpBeforeTheFirstDate(t *testing.T) {
	d := parse(t, dated)
	_, err := d.At("discount", day(t, "2025-12-31"), policy.Scope{Track: "1", Category: "LEJR"})
	var de *policy.DateError
	if !errors.As(err, &de) || de.First.String() != "2026-01-01" || !strings.Contains(err.Error(), "2025-12-31") || !strings.Contains(err.Error(), "2026-01-01") {
		t.Errorf("before the first date: %v", err)
	}
	// The category's own entry answers, so its own first date counts.
	if _, err := d.At("discount", day(t, "2026-06-30"), policy.Scope{Track: "1", Category: "CABG"}); !errors.As(err, &de) {
		t.Errorf("before the category's first date: %v", err)
	}
	if _, err := d.At("stop_gain", day(t, "2026-01-01"), policy.Scope{Track: "1"}); !errors.As(err, &de) || !strings.Contains(err.Error(), "states no stop_gain") {
		t.Errorf("a parameter the design does not state: %v", err)
	}
	if _, _, err := d.Rate("stop_gain", day(t, "2026-01-01"), policy.Scope{Track: "1"}); err == nil {
		t.Error("a rate the design does not state is found")
	}
	if d.Has("stop_gain") || !d.Has("discount") {
		t.Error("Has")
	}
}

func TestTheEntryThatNamesMostWins(t *testing.T) {
	d := parse(t, dated)
	for _, x := range []struct {
		track string
		c     episode.Category
		cite  string
	}{
		{"1", episode.LEJR, "first"}, {"", 0, "first"}, {"2", episode.LEJR, "track"}, {"1", episode.CABG, "category"}, {"2", episode.CABG, "both"},
	} {
		if f, err := d.At("discount", day(t, "2026-08-01"), scope(x.track, x.c)); err != nil || f.Cite != x.cite {
			t.Errorf("track %q, %s: %q, %v; want %q", x.track, x.c, f.Cite, err, x.cite)
		}
	}
}

func TestTEAMFigures(t *testing.T) {
	// 42 CFR 512.540(c), 512.545(e)-(f), 512.550(d)-(g).
	d := team(t)
	for _, x := range []struct {
		key, track string
		c          episode.Category
		want       string
	}{
		{"episode_days", "", 0, "30"},
		{"discount", "", episode.LEJR, "2.0%"}, {"discount", "", episode.SHFFT, "2.0%"}, {"discount", "", episode.Fusion, "2.0%"},
		{"discount", "", episode.CABG, "1.5%"}, {"discount", "", episode.Bowel, "1.5%"},
		{"stop_gain", "1", 0, "10%"}, {"stop_gain", "2", 0, "5%"}, {"stop_gain", "3", 0, "20%"},
		{"stop_loss", "1", 0, "waived"}, {"stop_loss", "2", 0, "5%"}, {"stop_loss", "3", 0, "20%"},
		{"quality.gain_max", "1", 0, "10%"}, {"quality.gain_max", "2", 0, "10%"}, {"quality.gain_max", "3", 0, "10%"},
		{"quality.loss_max", "1", 0, "0%"}, {"quality.loss_max", "2", 0, "15%"}, {"quality.loss_max", "3", 0, "10%"},
		{"low_volume.below", "", 0, "31"}, {"trend.band", "", 0, "3%"}, {"normalization.band", "", 0, "5%"},
		{"baseline.weights", "", 0, "17%/33%/50%"}, {"post_episode.sd", "", 0, "3"},
	} {
		for _, p := range d.Periods {
			f, err := d.At(x.key, p.Start, scope(x.track, x.c))
			if err != nil || f.Value != x.want || f.Carried || f.Cite == "" || f.Evidence == 0 {
				t.Errorf("%s of track %q, %s in %s: %+v, %v; want %s", x.key, x.track, x.c, p.ID, f, err, x.want)
			}
		}
	}
	if f, err := d.At("discount", day(t, "2031-01-01"), policy.Scope{Category: "LEJR"}); err != nil || !f.Carried {
		t.Errorf("a value past 2030 is not marked carried forward: %+v, %v", f, err)
	}
	if len(d.Params()) < 18 {
		t.Errorf("%d parameter rows", len(d.Params()))
	}
}

func TestPeriods(t *testing.T) {
	d := team(t)
	for _, x := range []struct {
		year int
		want string
	}{{2024, "PY1"}, {2025, "PY1"}, {2026, "PY2"}, {2029, "PY5"}, {2030, "PY1"}, {0, "PY1"}} {
		if got := d.DefaultPeriod(x.year).ID; got != x.want {
			t.Errorf("data of %d: %s, want %s (ruling 28)", x.year, got, x.want)
		}
	}
	for i, p := range d.Periods {
		// PY1 is 2026 with baseline 2022-2024; both slide by a year.
		if p.Start.Year() != 2026+i || p.End.Year() != 2026+i || p.Baseline[0] != 2022+i || p.Baseline[2] != 2024+i {
			t.Errorf("%s: %s to %s, baseline %v", p.ID, p.Start, p.End, p.Baseline)
		}
	}
	var pe *policy.PeriodError
	if _, err := d.Period("PY6"); !errors.As(err, &pe) || !strings.Contains(err.Error(), "PY1, PY2, PY3, PY4, PY5") {
		t.Errorf("PY6: %v", err)
	}
	var te *policy.TrackError
	if _, err := d.Track("4"); !errors.As(err, &te) || !strings.Contains(err.Error(), "1, 2, 3") {
		t.Errorf("track 4: %v", err)
	}
}
