package policy_test

import (
	"errors"
	"strings"
	"testing"

	"bundlelab/engine/policy"
)

// entry is a parameter with the given axes; its value tells it apart.
func entry(key, axes, value string) string {
	return "[[parameter]]\nkey = \"" + key + "\"\n" + axes + "\nvalues = [{ since = \"2026-01-01\", value = \"" + value + "\", cite = \"c\", evidence = \"regulation\" }]\n"
}

// axes is a design whose discount differs along every axis. LEJR is surgical.
func axes(t testing.TB) *policy.Design {
	t.Helper()
	kind := "[[category]]\nid = \"LEJR\"\nkind = \"surgical\"\ncite = \"c\"\nevidence = \"regulation\"\n"
	return parse(t, head+kind+
		entry("episode_days", "", "90")+
		entry("discount", "", "1%")+
		entry("discount", `tracks = ["2"]`, "2%")+
		entry("discount", `days = "0-60"`, "3%")+
		entry("discount", `days = "0-60"`+"\n"+`tracks = ["2"]`, "4%")+
		entry("discount", `classes = ["rural", "sch"]`, "5%")+
		entry("discount", `classes = ["rural"]`+"\n"+`days = "0-60"`+"\n"+`tracks = ["2"]`, "6%")+
		entry("discount", `kinds = ["surgical"]`, "7%")+
		entry("discount", `kinds = ["medical"]`+"\n"+`tracks = ["2"]`, "8%")+
		entry("discount", `kinds = ["surgical"]`+"\n"+`classes = ["rrc"]`+"\n"+`days = "0-60"`+"\n"+`tracks = ["2"]`, "11%")+
		entry("discount", `categories = ["CABG"]`, "9%")+
		entry("discount", `categories = ["CABG"]`+"\n"+`classes = ["mdh"]`, "10%"))
}

// A category before a kind, a class, a length, a track; each of them before
// all the ones after it together.
func TestTheAxesOfAParameter(t *testing.T) {
	d := axes(t)
	rural, sch := policy.Class{"rural": true}, policy.Class{"sch": true, "rural": false}
	for _, x := range []struct {
		name string
		s    policy.Scope
		want string
	}{
		{"nothing named", policy.Scope{}, "1%"},
		{"track", policy.Scope{Track: "2"}, "2%"},
		{"another track", policy.Scope{Track: "1"}, "1%"},
		{"length", policy.Scope{Days: 60}, "3%"},
		{"length before track", policy.Scope{Days: 60, Track: "2"}, "4%"},
		{"a length past the range", policy.Scope{Days: 61, Track: "2"}, "2%"},
		{"the design's own length, 90", policy.Scope{Track: "2"}, "2%"},
		{"class", policy.Scope{Class: rural}, "5%"},
		{"any one of the classes", policy.Scope{Class: sch}, "5%"},
		{"a class that is not", policy.Scope{Class: policy.Class{"rural": false, "mdh": true}}, "1%"},
		{"class before length and track", policy.Scope{Class: sch, Days: 30, Track: "2"}, "5%"},
		{"class, length and track", policy.Scope{Class: rural, Days: 30, Track: "2"}, "6%"},
		{"kind", policy.Scope{Kind: "surgical"}, "7%"},
		{"kind of a listed category", policy.Scope{Category: "LEJR"}, "7%"},
		{"a given kind before the listed one", policy.Scope{Category: "LEJR", Kind: "medical"}, "1%"},
		{"kind before class, length and track together", policy.Scope{Kind: "surgical", Class: rural, Days: 30, Track: "2"}, "7%"},
		{"kind and track", policy.Scope{Kind: "medical", Class: rural, Days: 30, Track: "2"}, "8%"},
		{"kind without its track", policy.Scope{Kind: "medical", Class: rural}, "5%"},
		{"category", policy.Scope{Category: "CABG"}, "9%"},
		{"category before kind and all", policy.Scope{Category: "CABG", Kind: "surgical", Class: rural, Days: 30, Track: "2"}, "9%"},
		{"kind, class, length and track", policy.Scope{Kind: "surgical", Class: policy.Class{"rrc": true}, Days: 30, Track: "2"}, "11%"},
		{"category before all the others together", policy.Scope{Category: "CABG", Kind: "surgical", Class: policy.Class{"rrc": true}, Days: 30, Track: "2"}, "9%"},
		{"category and class", policy.Scope{Category: "CABG", Class: policy.Class{"mdh": true}}, "10%"},
		{"a category not listed", policy.Scope{Category: "OTHER"}, "1%"},
	} {
		f, err := d.At("discount", day(t, "2026-07-01"), x.s)
		if err != nil || f.Value != x.want {
			t.Errorf("%s: %s, %v; want %s", x.name, f.Value, err, x.want)
		}
	}
}

// Entries that name as much and give the same value stand side by side.
func TestTwoThatNameAsMuch(t *testing.T) {
	d := parse(t, head+entry("discount", `classes = ["rural"]`, "3%")+entry("discount", `classes = ["mdh"]`, "3%"))
	for _, class := range []string{"rural", "mdh", "rural mdh"} {
		c := policy.Class{}
		for _, f := range strings.Fields(class) {
			c[f] = true
		}
		if f, err := d.At("discount", day(t, "2026-07-01"), policy.Scope{Class: c}); err != nil || f.Value != "3%" {
			t.Errorf("%s: %s, %v; want 3%%", class, f.Value, err)
		}
	}
}

func TestLengthRanges(t *testing.T) {
	d := parse(t, head+entry("episode_days", "", "60")+entry("discount", `days = "0-60"`, "3%")+entry("discount", `days = "61-365"`, "2%"))
	for days, want := range map[int]string{0: "3%", 1: "3%", 60: "3%", 61: "2%", 365: "2%"} {
		if f, err := d.At("discount", day(t, "2026-07-01"), policy.Scope{Days: days}); err != nil || f.Value != want {
			t.Errorf("%d days: %s, %v; want %s", days, f.Value, err, want)
		}
	}
	var de *policy.DateError
	if f, err := d.At("discount", day(t, "2026-07-01"), policy.Scope{Days: 366}); !errors.As(err, &de) {
		t.Errorf("366 days: %s, %v", f.Value, err)
	}
	// Without a length of its own no range can be the design's.
	d = parse(t, head+entry("discount", `days = "0-60"`, "3%"))
	if f, err := d.At("discount", day(t, "2026-07-01"), policy.Scope{}); err == nil && f.Value != "3%" {
		t.Errorf("no length: %s, %v", f.Value, err)
	}
	for _, bad := range []string{"60", "60-30", "a-b", "-5-30", "0-0"} {
		if _, err := policy.Parse("design.toml", []byte(head+entry("discount", `days = "`+bad+`"`, "3%"))); err == nil || !strings.Contains(err.Error(), "range of lengths") {
			t.Errorf("days %q: %v", bad, err)
		}
	}
	rows := axes(t).Params()
	for i, want := range map[int]string{1: "", 4: "track 2, 0-60 days", 5: "hospital rural sch", 7: "kind surgical", 11: "CABG, hospital mdh"} {
		if rows[i].For != want {
			t.Errorf("row %d is for %q, want %q", i, rows[i].For, want)
		}
	}
}

// Values that no design can mean are refused where they stand.
func TestValuesOutOfRange(t *testing.T) {
	for _, x := range []struct{ key, value, want string }{
		{"quality.scale", "0", "outside 1 to 1000"}, // a score is divided by it
		{"quality.scale", "1e99", "not a number"},
		{"quality.gate", "-1", "outside 0 to 1000"},
		{"quality.default", "20%", "not a number"},
		{"quality.discount", "0%/21%", "21% is outside 0% to 20%"},
		{"quality.discount", "0%/-1%", "-1% is outside 0% to 20%"},
		{"quality.tiers", "15/6.9", "must rise"},
		{"quality.effect", "gates", `"gates" is not an effect`},
		{"quality.effect", "none+gate", "none stands alone"},
		{"quality.order", "inside", "not a choice"},
		{"min_rate", "21%", "outside 0% to 20%"},
		{"gain_share", "101%", "outside 0% to 100%"},
		{"stop_gain", "waived", "not a rate"},
		{"baseline.weights", "150%/-50%", "below zero"},
		{"low_volume.below", "-1", "not a whole number"},
		{"blend.own", "4/3", "between 0 and 1"},
		{"cells", "521=469F 521=470F", "given two others"},
		{"episode_days.choices", "90/60", "list of days"},
		{"trend.band", "101%", "outside 0% to 100%"},
	} {
		_, err := policy.Parse("design.toml", []byte(head+entry(x.key, "", x.value)))
		if err == nil || !strings.Contains(err.Error(), x.want) || !strings.Contains(err.Error(), x.key) {
			t.Errorf("%s %q: %v; want %q", x.key, x.value, err, x.want)
		}
	}
}

func TestWhatADesignSaysAgainstItself(t *testing.T) {
	whole := head + entry("episode_days", "", "30") + entry("discount", "", "2%") + entry("baseline.weights", "", "17%/33%/50%") + entry("trend.band", "", "3%") +
		entry("normalization.band", "", "5%") + entry("cap.high", "", "p99") + entry("stop_gain", "", "5%") + entry("stop_loss", "", "5%")
	effect := func(e string) string { return entry("quality.effect", "", e) + entry("quality.default", "", "5") }
	if err := parse(t, whole+effect("none")).Complete(); err != nil {
		t.Fatalf("the bare design: %v", err)
	}
	tiers := effect("discount") + entry("quality.tiers", "", "6.9/>15")
	for _, x := range []struct{ name, more, want string }{
		{"a loss discount above the gain's", effect("none") + entry("discount.loss", "", "2.1%"), "2.1% is above discount 2.0% for LEJR"},
		{"for one category", effect("none") + entry("discount.loss", `categories = ["CABG"]`, "3%"), "3.0% is above discount 2.0% for CABG"},
		{"one target", effect("none") + entry("discount.loss", "", "2%"), ""},
		{"a dead zone", effect("none") + entry("discount.loss", "", "-5%"), ""},
		{"two rates for three tiers", tiers + entry("quality.discount", "", "0%/1%"), "needs one rate more"},
		{"four rates for three tiers", tiers + entry("quality.discount", "", "0%/1%/2%/3%"), "needs one rate more"},
		{"a rate for each tier", tiers + entry("quality.discount", "", "0%/1%/2%"), ""},
		{"tiers without rates", tiers, "quality.discount"},
		{"a gate without its score", effect("gate"), "quality.gate"},
		{"a gate past the scale", effect("gate") + entry("quality.scale", "", "20") + entry("quality.gate", "", "20.1"), "above the scale's top, 20"},
		{"a gate at the top", effect("gate") + entry("quality.scale", "", "20") + entry("quality.gate", "", "20"), ""},
		{"a default past the scale", effect("none") + entry("quality.scale", "", "4"), "5 is above the scale's top, 4"},
		{"a multiplier of nothing", effect("multiplier"), "quality.gain_max"},
		{"a withhold of nothing", effect("withhold"), "quality.withhold"},
		{"low volume without an action", effect("none") + entry("low_volume.below", "", "31"), "without low_volume.action"},
		{"low volume", effect("none") + entry("low_volume.below", "", "31") + entry("low_volume.action", "", "exclude"), ""},
	} {
		err := parse(t, whole+x.more).Complete()
		if x.want == "" && err != nil || x.want != "" && (err == nil || !strings.Contains(err.Error(), x.want)) {
			t.Errorf("%s: %v; want %q", x.name, err, x.want)
		}
	}
	// Of a design that settles other categories too, each kind is looked at.
	open := strings.Replace(whole, "categories =", "open_categories = true\ncategories =", 1) + effect("none") + entry("discount.loss", `kinds = ["medical"]`, "3%")
	if err := parse(t, open).Complete(); err == nil || !strings.Contains(err.Error(), "for medical") {
		t.Errorf("a kind's loss discount above the gain's: %v", err)
	}
}
