package policy_test

import (
	"errors"
	"strings"
	"testing"

	"bundlelab/engine/policy"
)

// Who may choose what in TEAM, 42 CFR 512.520. One letter a period, PY1 to
// PY5: y may, n may not.
func TestEligibilityInEveryPeriod(t *testing.T) {
	d := team(t)
	for _, x := range []struct {
		class                  string
		track1, track2, track3 string
	}{
		// Track 1: all in PY1, safety nets to PY3. Track 2: from PY2 for the
		// classes; MDH alone only in PY2 (ruling 31). Track 3: anyone, always.
		{"", "ynnnn", "nnnnn", "yyyyy"},
		{"safety_net", "yyynn", "nyyyy", "yyyyy"},
		{"rural", "ynnnn", "nyyyy", "yyyyy"},
		{"sch", "ynnnn", "nyyyy", "yyyyy"},
		{"each", "ynnnn", "nyyyy", "yyyyy"},
		{"mdh", "ynnnn", "nynnn", "yyyyy"},
		{"rrc", "ynnnn", "nnnnn", "yyyyy"}, // a rural referral centre by itself opens nothing
		{"mdh+rural", "ynnnn", "nyyyy", "yyyyy"},
	} {
		class := policy.Class{"safety_net": false}
		for _, f := range strings.Split(x.class, "+") {
			class[f] = true
		}
		for track, want := range map[string]string{"1": x.track1, "2": x.track2, "3": x.track3} {
			got := ""
			for _, p := range d.Periods {
				src, err := d.Eligible(track, p, class)
				var no *policy.IneligibleError
				switch {
				case err == nil:
					got += "y"
				case errors.As(err, &no):
					got += "n"
					if no.Why == "" || !strings.Contains(err.Error(), "42 CFR 512.520") || !strings.Contains(err.Error(), p.ID) {
						t.Errorf("the refusal does not name its rule: %v", err)
					}
				default:
					t.Fatal(err)
				}
				if src.Cite == "" || src.Evidence == 0 {
					t.Errorf("track %s in %s: the answer rests on nothing", track, p.ID)
				}
			}
			if got != want {
				t.Errorf("class %q, track %s: %s, want %s", x.class, track, got, want)
			}
		}
	}
}

func TestTheFlagThatServesGivesItsOwnSource(t *testing.T) {
	d := team(t)
	p, err := d.Period("PY2")
	if err != nil {
		t.Fatal(err)
	}
	src, err := d.Eligible("2", p, policy.Class{"mdh": true})
	if err != nil || src.Evidence != policy.Derived || !strings.Contains(src.Cite, "(b)(4)(i)") {
		t.Errorf("MDH in PY2 rests on %+v, %v; want evidence derived (ruling 31)", src, err)
	}
	var te *policy.TrackError
	if _, err := d.Eligible("9", p, nil); !errors.As(err, &te) {
		t.Errorf("track 9: %v", err)
	}
	no := &policy.IneligibleError{Design: "team", Track: "2", Period: "PY2", Hospital: "100001", Why: "w"}
	if !strings.Contains(no.Error(), "hospital 100001") {
		t.Errorf("the refusal does not name the hospital: %v", no)
	}
}

func TestATrackBeforeItsFirstRule(t *testing.T) {
	d := parse(t, head+`[[track]]
id = "late"
[[track.rule]]
since = "2027-01-01"
open = true
cite = "c"
evidence = "regulation"
`)
	var no *policy.IneligibleError
	if _, err := d.Eligible("late", d.Periods[0], nil); !errors.As(err, &no) || !strings.Contains(err.Error(), "does not exist yet") {
		t.Errorf("a track that opens a year later: %v", err)
	}
}

func TestDefaultTrack(t *testing.T) {
	d := team(t)
	for i, want := range []string{"1", "3", "3", "3", "3"} {
		if got, src := d.DefaultTrack(d.Periods[i].Start, 0); got != want || src.Cite == "" {
			t.Errorf("%s: track %q, want %s", d.Periods[i].ID, got, want)
		}
	}
	if got, _ := d.DefaultTrack(day(t, "2025-12-31"), 0); got != "" {
		t.Errorf("before the first rule: track %q", got)
	}
	small := parse(t, head+`[[default_track]]
since = "2026-01-01"
track = "big"
small_below = 31
small_track = "small"
cite = "c"
evidence = "regulation"
`)
	for n, want := range map[int]string{-1: "big", 0: "small", 30: "small", 31: "big", 500: "big"} {
		if got, _ := small.DefaultTrack(day(t, "2026-01-01"), n); got != want {
			t.Errorf("%d baseline episodes: track %q, want %s", n, got, want)
		}
	}
}
