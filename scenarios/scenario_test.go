package scenarios_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/lever"
	"bundlelab/scenarios"
)

const network = `schema = "bundlelab.scenario/1"
name   = "Preferred SNF network"
base   = "status-quo"
note   = "owner and source of each assumption stand in [notes]"
[policy]
design = "team"
period = "PY2"
track  = "3"
[quality]
cqs = "60"
[care.all]
snf_to_hha = "15%"
saving.snf = "2%"
[care.LEJR]
snf_days = "2.0"
readmissions = "-10%"
[market]
trend_realized = "1.0%"
mix.CABG = "5%"
[hospital.100001.policy]
track = "2"
[program]
fixed_cost = "250000.00"
[notes]
"care.all.snf_to_hha" = "network contract, CMO, 2026-10"
`

func TestParse(t *testing.T) {
	s, err := scenarios.Parse("network.toml", []byte(network))
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "Preferred SNF network" || s.Base != "status-quo" || s.Notes["care.all.snf_to_hha"] != "network contract, CMO, 2026-10" {
		t.Errorf("%+v", s)
	}
	var got []string
	for _, x := range s.Levers.Items() {
		got = append(got, x.Key.String()+"="+x.Value.Text)
	}
	want := "policy.design=team policy.period=PY2 policy.track=3 quality.cqs=60 care.all.snf_to_hha=15% care.all.saving.snf=2% care.LEJR.snf_days=2.0 " +
		"care.LEJR.readmissions=-10% market.trend_realized=1.0% market.CABG.mix=5% hospital.100001.policy.track=2 program.fixed_cost=250000.00"
	if strings.Join(got, " ") != want {
		t.Errorf("levers\n%s\nwant\n%s", strings.Join(got, " "), want)
	}
}

func TestParseNamesLineAndColumn(t *testing.T) {
	head := "schema = \"bundlelab.scenario/1\"\nname = \"x\"\n"
	for _, x := range []struct {
		name, body, where, why string
	}{
		{"not TOML", head + "x = = 1\n", "s.toml:3:5: ", ""},
		{"key twice", head + "name = \"y\"\n", "s.toml:3:", "name"},
		{"unknown key", head + "colour = \"red\"\n", "s.toml:3:10: ", `unknown key "colour"`},
		{"unknown lever", head + "[care.LEJR]\nsnf_dayz = \"2\"\n", "s.toml:4:12: ", "did you mean care.snf_days"},
		{"unknown category", head + "[care.SPINE]\nsnf_days = \"2\"\n", "s.toml:4:12: ", "no such lever"},
		{"wrong unit", head + "[care.LEJR]\n\n  snf_days = \"2%\"\n", "s.toml:5:14: ", `days such as "2.0"`},
		{"out of range", head + "[policy]\ndiscount = \"21%\"\n", "s.toml:4:12: ", "from -10% to 20%"},
		{"number without quotes", head + "[quality]\ncqs = 60\n", "s.toml:4:7: ", "text in quotes"},
		{"list", head + "[quality]\ncqs = [\"60\"]\n", "s.toml:4:", "text in quotes"},
		{"lever at the top", head + "cqs = \"60\"\n", "s.toml:3:7: ", "in a table"},
		{"wrong schema", "schema = \"bundlelab.scenario/2\"\n", "s.toml:1:10: ", `schema is "bundlelab.scenario/2"`},
		{"no schema", "name = \"x\"\n", "s.toml:1:1: ", "the first key must be schema"},
		{"empty", "", "s.toml:1:1: ", "the first key must be schema"},
		{"hospital's own length", head + "[hospital.100001.policy]\nepisode_days = \"2\"\n", "s.toml:4:16: ", "not set by hospital"},
	} {
		_, err := scenarios.Parse("s.toml", []byte(x.body))
		var fe *scenarios.FileError
		if !errors.As(err, &fe) || !strings.HasPrefix(err.Error(), x.where) || !strings.Contains(err.Error(), x.why) {
			t.Errorf("%s: %v, want %s...%s", x.name, err, x.where, x.why)
		}
	}
}

func TestAllFaultsAreNamedAtOnce(t *testing.T) {
	_, err := scenarios.Parse("s.toml", []byte("schema = \"bundlelab.scenario/1\"\n[quality]\ncqs = \"101\"\n[policy]\ndiscount = \"x\"\n"))
	if err == nil || strings.Count(err.Error(), "s.toml:") != 2 {
		t.Errorf("want two faults, got %v", err)
	}
}

func same(a, b scenarios.Scenario) bool {
	if a.Name != b.Name || a.Base != b.Base || a.Note != b.Note || len(a.Notes) != len(b.Notes) || a.Levers.Len() != b.Levers.Len() {
		return false
	}
	for k, v := range a.Notes {
		if w, ok := b.Notes[k]; !ok || v != w {
			return false
		}
	}
	for _, x := range a.Levers.Items() {
		if v, ok := b.Levers.Exactly(x.Key); !ok || v.Text != x.Value.Text {
			return false
		}
	}
	return true
}

func TestFormatReadsBack(t *testing.T) {
	choices := [][2]string{
		{"policy.design", "team"}, {"policy.LEJR.discount", "3%"}, {"policy.stop_loss", "none"}, {"policy.exclusions", "off"}, {"quality.cqs", "61.5"},
		{"hospital.100001.quality.cqs", "70"}, {"hospital.05T001.program.convener.fee", "1%"}, {"hospital.05T001.care.LEJR.saving.snf", "3%"}, {"hospital.05T001.market.volume", "3%"}, {"care.all.saving.snf", "10%"}, {"care.BOWEL.saving.partb_drug", "-5%"},
		{"care.all.snf_days", "1.5"}, {"market.mix.CABG", "5%"}, {"market.volume", "+10%"}, {"program.fixed_cost", "250000.00"}, {"program.convener.gain_share", "0.25"},
	}
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`["'\\\n\r\t#=\[\]a.é]{0,12}`))
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios.Scenario{Name: text.Draw(t, "name"), Base: text.Draw(t, "base"), Note: text.Draw(t, "note")}
		for _, i := range rapid.SliceOfDistinct(rapid.IntRange(0, len(choices)-1), rapid.ID).Draw(t, "levers") {
			var err error
			if s.Levers, err = s.Levers.With(choices[i][0], choices[i][1]); err != nil {
				t.Fatal(err)
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "notes") {
			if s.Notes == nil {
				s.Notes = map[string]string{}
			}
			s.Notes[text.Draw(t, "key")] = text.Draw(t, "note")
		}
		back, err := scenarios.Parse("s.toml", s.Format())
		if err != nil || !same(s, back) {
			t.Fatalf("%v\n%s\n%+v\n%+v", err, s.Format(), s, back)
		}
		if string(back.Format()) != string(s.Format()) {
			t.Fatalf("written again:\n%s\n%s", s.Format(), back.Format())
		}
	})
}

func TestStatusQuoChangesNothing(t *testing.T) {
	s := scenarios.StatusQuo()
	if s.Levers.Len() != 0 || s.Base != "status-quo" {
		t.Errorf("%+v", s)
	}
	if back, err := scenarios.Parse("s", s.Format()); err != nil || !same(s, back) {
		t.Errorf("%+v, %v", back, err)
	}
	if _, ok := s.Levers.Exactly(lever.Key{Group: "quality", Name: "cqs"}); ok {
		t.Error("the status quo sets a score")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(network))
	f.Add([]byte("schema = \"bundlelab.scenario/1\"\n[quality]\ncqs = 60\n"))
	f.Add([]byte("schema = 'bundlelab.scenario/1'\n[[care]]\nx = {a = '1'}\n"))
	f.Add([]byte("\"\" = \"\""))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := scenarios.Parse("s.toml", b)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "s.toml:") {
				t.Fatalf("the error does not say where: %v", err)
			}
			return
		}
		back, err := scenarios.Parse("s.toml", s.Format())
		if err != nil || !same(s, back) {
			t.Fatalf("%v\n%s", err, s.Format())
		}
	})
}
