package report_test

import (
	"bytes"
	"encoding/json"
	"sort"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"bundlelab/engine"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/risk"
	"bundlelab/engine/settle"
	"bundlelab/scenarios/report"
)

// ledger is a settlement of one category, written by hand.
func ledger() settle.Ledger {
	return settle.Ledger{
		Lines: []settle.Line{
			{ID: "benchmark", Label: "Benchmark", Amount: 150_000_000, Formula: "LEJR $1,500,000.00", Cite: "given by the user", Evidence: policy.User},
			{
				ID: "discount", Label: "Medicare discount", Amount: -3_000_000, Formula: "-(LEJR 2.0% × $1,500,000.00)", Cite: "42 CFR 512.540(c)", Evidence: policy.Regulation, Note: "n",
				Parts: []settle.Part{{Category: "LEJR", Amount: -3_000_000, Rate: money.NewRate(2, 2)}},
			},
			{ID: "target", Label: "Target", Amount: 147_000_000, Subtotal: true, Formula: "f", Cite: "c", Evidence: policy.Regulation},
			{ID: "low_volume", Label: "Low volume", Amount: 5, Formula: "f", Cite: "c", Evidence: policy.Assumed, Parts: []settle.Part{{Category: "CABG", Amount: 5}}},
		},
		Tags: settle.PriceTags{Discount: -3_000_000, Quality: -168_000, StopGain: -1, StopLoss: 2, Cap: 3},
		Net:  4_032_000, Hospital: 4_032_001, Evidence: policy.Assumed, Warnings: []string{"w"},
	}
}

const wantLedger = `{
  "schema": "bundlelab.ledger/1",
  "design": "team",
  "period": "PY2",
  "track": "2",
  "lines": [
    {
      "id": "benchmark",
      "label": "Benchmark",
      "amount": "1500000.00",
      "subtotal": false,
      "formula": "LEJR $1,500,000.00",
      "cite": "given by the user",
      "evidence": "user"
    },
    {
      "id": "discount",
      "label": "Medicare discount",
      "amount": "-30000.00",
      "subtotal": false,
      "formula": "-(LEJR 2.0% × $1,500,000.00)",
      "cite": "42 CFR 512.540(c)",
      "evidence": "regulation",
      "note": "n",
      "parts": [
        {
          "category": "LEJR",
          "amount": "-30000.00",
          "rate": "0.0200"
        }
      ]
    },
    {
      "id": "target",
      "label": "Target",
      "amount": "1470000.00",
      "subtotal": true,
      "formula": "f",
      "cite": "c",
      "evidence": "regulation"
    },
    {
      "id": "low_volume",
      "label": "Low volume",
      "amount": "0.05",
      "subtotal": false,
      "formula": "f",
      "cite": "c",
      "evidence": "assumed",
      "parts": [
        {
          "category": "CABG",
          "amount": "0.05"
        }
      ]
    }
  ],
  "price_tags": {
    "discount": "-30000.00",
    "quality": "-1680.00",
    "stop_gain": "-0.01",
    "stop_loss": "0.02",
    "cap": "0.03"
  },
  "net_payment": "40320.00",
  "hospital_net": "40320.01",
  "evidence": "assumed",
  "warnings": [
    "w"
  ]
}
`

func TestLedgerJSON(t *testing.T) {
	l := ledger()
	var b bytes.Buffer
	if err := report.WriteJSON(&b, report.NewLedger("team", "PY2", "2", &l)); err != nil {
		t.Fatal(err)
	}
	if b.String() != wantLedger {
		t.Errorf("got\n%s\nwant\n%s", b.String(), wantLedger)
	}
}

func projection() engine.Result {
	return engine.Result{Designs: []engine.DesignResult{{
		Design: "team", Name: "TEAM", Says: "Medicare pays the hospital", Period: policy.Period{ID: "PY1", Start: calendar.Date(2026, 1, 1)}, Track: "3", EpisodeDays: 30, DataYear: 2026,
		Net: 4_032_000, HospitalNet: 4_032_001, Evidence: policy.Assumed, Cancelled: 1, CutShort: 2, Sources: []engine.SourceCount{{Source: "cms", Episodes: 4}},
		Hospitals: []engine.HospitalResult{{
			CCN: "100001", Name: "North | South", Track: "3", Episodes: decimal.New(27, -1), Ledger: ledger(), PerEpisode: 1_493_333,
			Categories: []engine.CategoryResult{{Category: episode.LEJR, Episodes: decimal.New(27, -1), Baseline: 90, Benchmark: 100, Target: 98, Spending: 90, Capped: 7}},
		}},
	}}}
}

// keys lists every key path of a JSON value, list positions left out.
func keys(v any, at string, out map[string]bool) {
	switch x := v.(type) {
	case map[string]any:
		for k, y := range x {
			out[at+k] = true
			keys(y, at+k+".", out)
		}
	case []any:
		for _, y := range x {
			keys(y, at, out)
		}
	}
}

func TestProjectionJSONShape(t *testing.T) {
	r := projection()
	result := report.NewResult(&r.Designs[0])
	result.Distribution = report.NewDistribution(risk.Describe([]money.Cents{-100, 300, 50}, 9))
	var b bytes.Buffer
	err := report.WriteJSON(&b, report.Projection{Schema: report.ProjectionSchema, Scenario: report.Scenario{Levers: map[string]string{"quality.cqs": "60"}}, Results: []report.Result{result}})
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(b.Bytes(), &tree); err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	keys(tree, "", have)
	want := strings.Fields(`schema database database.path database.hospitals database.episodes database.synthetic scenario scenario.levers scenario.levers.quality.cqs
		results results.design results.period results.track results.episode_days results.data_year results.price_source results.price_source.cms results.cancelled
		results.cut_short results.hospitals results.hospitals.ccn results.hospitals.name results.hospitals.track results.hospitals.episodes
		results.hospitals.categories results.hospitals.categories.category results.hospitals.categories.episodes results.hospitals.categories.baseline_episodes
		results.hospitals.categories.benchmark results.hospitals.categories.target results.hospitals.categories.spending results.hospitals.categories.capped
		results.hospitals.lines results.hospitals.lines.id results.hospitals.lines.amount results.hospitals.price_tags results.hospitals.net_payment
		results.hospitals.per_episode results.hospitals.hospital_net results.hospitals.evidence results.net_payment results.hospital_net results.evidence
		results.warnings results.distribution results.distribution.draws results.distribution.seed results.distribution.p5 results.distribution.p25
		results.distribution.p50 results.distribution.p75 results.distribution.p95 results.distribution.mean results.distribution.p_repay`)
	var missing []string
	for _, k := range want {
		if !have[k] {
			missing = append(missing, k)
		}
	}
	sort.Strings(missing)
	if len(missing) > 0 {
		t.Errorf("keys that are promised and absent: %v\n%s", missing, b.String())
	}
	// Counts are numbers, money and rates are text (ruling 44). The mean of
	// -1.00, 3.00 and 0.50 is 0.8333; one of three repays.
	for _, part := range []string{`"episodes": 2.7`, `"per_episode": "14933.33"`, `"capped": "0.07"`, `"data_year": 2026`, `"mean": "0.83"`, `"p5": "-1.00"`, `"p95": "3.00"`, `"p_repay": "0.3333"`, `"seed": 9`, `"warnings": []`, `"cms": 4`} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("%s is not in\n%s", part, b.String())
		}
	}
}

func TestNothingIsNull(t *testing.T) {
	var b bytes.Buffer
	if err := report.WriteJSON(&b, report.NewResult(&engine.DesignResult{})); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "null") || strings.Contains(b.String(), "distribution") {
		t.Errorf("an empty result has nulls:\n%s", b.String())
	}
}

func TestCounts(t *testing.T) {
	for in, want := range map[string]string{"3": "3", "2.70": "2.7", "2.345": "2.35", "0": "0", "1200": "1200", "100.00": "100"} {
		if got := report.Count(decimal.RequireFromString(in)); string(got) != want {
			t.Errorf("%s episodes are written %s, want %s", in, got, want)
		}
	}
}
