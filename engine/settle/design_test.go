package settle_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"

	"bundlelab/engine/lever"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// loaded reads the built-in designs once for all tests.
var loaded = sync.OnceValues(policy.Builtin)

func designs(t failer) *policy.Set {
	all, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// asked are a built-in design's terms at a period, for the hospital and with
// the levers of a.
func asked(t testing.TB, design, period string, a settle.Asked) settle.Terms {
	t.Helper()
	d, err := designs(t).Get(design)
	if err != nil {
		t.Fatal(err)
	}
	p, err := d.Period(period)
	if err != nil {
		t.Fatal(err)
	}
	x, err := settle.Resolve(d, p, a)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// made is a design of the tests' own: neutral but for the given keys and
// values. LEJR, CABG and AMI are its categories, AMI a medical one.
func made(kv ...string) (*policy.Design, error) {
	values := map[string]string{
		"episode_days": "30", "discount": "0%", "baseline.weights": policy.Pooled, "trend.band": policy.None, "normalization.band": policy.None,
		"cap.high": policy.None, "stop_gain": policy.None, "stop_loss": policy.None, "quality.effect": policy.None,
	}
	for i := 0; i < len(kv); i += 2 {
		values[kv[i]] = kv[i+1]
	}
	var b strings.Builder
	source := `cite = "made up", evidence = "assumed"`
	b.WriteString("schema = \"bundlelab.design/1\"\nid = \"made\"\nname = \"Made up\"\nformula = \"retrospective\"\ncategories = [\"LEJR\", \"CABG\", \"AMI\"]\nopen_categories = true\nstep = [")
	for _, id := range []string{"target", "spending", "reconciliation_amount", "quality_adjusted", "npra", "net_payment"} {
		b.WriteString(`{ id = "` + id + `", ` + source + " }, ")
	}
	b.WriteString("]\nperiod = [{ id = \"Y\", start = \"2026-01-01\", end = \"2026-12-31\", " + source + " }]\n")
	b.WriteString("[[category]]\nid = \"AMI\"\nkind = \"medical\"\ncite = \"made up\"\nevidence = \"assumed\"\n")
	for _, key := range slices.Sorted(maps.Keys(values)) {
		name, axis, some := strings.Cut(key, "@") // discount@kinds=medical
		b.WriteString("[[parameter]]\nkey = \"" + name + "\"\n")
		if some {
			who, what, _ := strings.Cut(axis, "=")
			b.WriteString(who + " = [\"" + what + "\"]\n")
		}
		b.WriteString("values = [{ since = \"2026-01-01\", value = \"" + values[key] + "\", " + source + " }]\n")
	}
	return policy.Parse("made.toml", []byte(b.String()))
}

// own are the terms of a made-up design.
func own(t testing.TB, kv ...string) settle.Terms {
	t.Helper()
	return ownAsked(t, settle.Asked{}, kv...)
}

func ownAsked(t testing.TB, a settle.Asked, kv ...string) settle.Terms {
	t.Helper()
	d, err := made(kv...)
	if err != nil {
		t.Fatal(err)
	}
	x, err := settle.Resolve(d, d.Periods[0], a)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func levers(t testing.TB, kv ...string) lever.Set {
	t.Helper()
	var s lever.Set
	var err error
	for i := 0; i < len(kv); i += 2 {
		if s, err = s.With(kv[i], kv[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// named is a category by name, with 100 episodes and an unknown baseline.
func named(t testing.TB, name, benchmark, spending string) settle.Category {
	t.Helper()
	return settle.Category{Name: name, Episodes: decimal.New(100, 0), Baseline: -1, Benchmark: cents(t, benchmark), Spending: cents(t, spending)}
}

// one is a pool of one LEJR category.
func one(t testing.TB, cqs, benchmark, spending string) settle.Input {
	t.Helper()
	return settle.Input{Categories: []settle.Category{named(t, "LEJR", benchmark, spending)}, CQS: number(t, cqs)}
}
