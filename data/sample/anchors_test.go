package sample

import (
	"math"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
)

// near fails when got is further from want than the tolerance, a share of want.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance*want {
		t.Errorf("%s: %.4g, want %.4g within %.0f%%", what, got, want, 100*tolerance)
	}
}

// facts are what one category of a national sample looks like.
type facts struct {
	n                     float64
	total, post           [3]float64 // mean dollars at 30, 60, 90 days
	back30, back90        float64    // share readmitted
	snf, institution, hha float64    // any SNF; first destination
}

func factsOf(p *panel.Panel, s *panelSink) [episode.NumCategories]facts {
	var all [episode.NumCategories]facts
	for k, days := range [...]int{30, 60, 90} {
		at := p.At(days, true)
		for i := range p.Episodes {
			if e := &p.Episodes[i]; e.DeathOff > 0 && e.EligOff == panel.NoEnd {
				f := &all[e.Category.Index()]
				f.total[k] += float64(at.Total(i)) / 100
				f.post[k] += float64(at.Total(i)-at.Anchor[i]) / 100
			}
		}
	}
	for i := range p.Episodes {
		e := p.Episode(i)
		if e.DeathOff <= 0 || e.EligOff != panel.NoEnd {
			continue
		}
		all[e.Category.Index()].count(&e, s.status[i])
	}
	for k := range all {
		f := &all[k]
		for d := range f.total {
			f.total[d] /= f.n
			f.post[d] /= f.n
		}
		for _, x := range []*float64{&f.back30, &f.back90, &f.snf, &f.institution, &f.hha} {
			*x /= f.n
		}
	}
	return all
}

func (f *facts) count(e *panel.Episode, status string) {
	f.n++
	first, snf, hha := int32(panel.NoEnd), false, false
	for v := range e.Services.All() {
		if v.Setting == episode.Readmission && v.Excluded == 0 {
			first = min(first, v.From)
		}
		snf = snf || v.Setting == episode.SNF
		hha = hha || v.Setting == episode.HHA && v.From == 1
	}
	tick := func(x *float64, yes bool) {
		if yes {
			*x++
		}
	}
	tick(&f.back30, first <= 30)
	tick(&f.back90, first <= 90)
	tick(&f.snf, snf)
	tick(&f.institution, status == "03" || status == "62" || status == "63")
	tick(&f.hha, hha)
}

// The published anchors, and the calibrated set that reconciles them (means of
// 20,000 episodes a category in fiscal 2024 dollars). Tolerances are wide enough
// for hospitals drawn by kind, whose mix of strata is not exactly national, and
// for deaths, which the calibrated set does not have.
func TestAnchors(t *testing.T) {
	if testing.Short() {
		t.Skip("a national sample takes seconds")
	}
	s, p, _ := load(t, Options{Hospitals: 200, Episodes: 40000})
	got := factsOf(p, s)
	var all [3]float64
	for _, c := range episode.Categories() {
		f := &got[c.Index()]
		want := [...]struct {
			total          [3]float64
			share30        float64
			back30, back90 float64
			snf            float64
			curve          [2]float64 // of 90-day post-discharge spending, by day 30 and 60
		}{
			{[3]float64{23179, 24968, 25866}, .303, .047, .080, .226, [2]float64{.72, .91}},
			{[3]float64{39080, 44423, 46649}, .497, .106, .170, .698, [2]float64{.72, .92}},
			{[3]float64{54394, 57192, 58561}, .177, .119, .175, .217, [2]float64{.70, .90}},
			{[3]float64{39258, 41384, 42495}, .185, .063, .104, .160, [2]float64{.69, .89}},
			{[3]float64{35972, 39605, 41334}, .313, .146, .203, .275, [2]float64{.68, .90}},
		}[c.Index()]
		for k, days := range []string{" 30 days", " 60 days", " 90 days"} {
			near(t, c.String()+" mean total,"+days, f.total[k], want.total[k], .06)
		}
		near(t, c.String()+" post-discharge share at 30 days", f.post[0]/f.total[0], want.share30, .08)
		near(t, c.String()+" readmitted in 30 days", f.back30, want.back30, .15)
		near(t, c.String()+" readmitted in 90 days", f.back90, want.back90, .15)
		near(t, c.String()+" SNF users", f.snf, want.snf, .15)
		near(t, c.String()+" spending curve, 30 of 90 days", f.post[0]/f.post[2], want.curve[0], .05)
		near(t, c.String()+" spending curve, 60 of 90 days", f.post[1]/f.post[2], want.curve[1], .03)
		for k := range all {
			all[k] += f.n * f.post[k]
		}
		t.Logf("%-6s n %5.0f, total %.0f, 30-day share %.3f, curve %.2f %.2f, readmitted %.3f %.3f, SNF %.3f, first institution %.3f, HHA %.3f",
			c, f.n, f.total, f.post[0]/f.total[0], f.post[0]/f.post[2], f.post[1]/f.post[2], f.back30, f.back90, f.snf, f.institution, f.hha)
	}
	// Milliman on TEAM, the five categories together: of 90-day post-acute
	// spending, three quarters fall in 30 days and nine tenths in 60.
	near(t, "all categories, 30 of 90 days", all[0]/all[2], .75, .08)
	near(t, "all categories, 60 of 90 days", all[1]/all[2], .90, .03)
	// American Heart Association 2025: half of a fracture episode's 30 days is
	// post-acute.
	near(t, "SHFFT post-discharge share", got[1].post[0]/got[1].total[0], .501, .04)
	checkDestinations(t, &got)
}

// checkDestinations holds first destinations to published ones: CJR control
// areas sent 33.7% of joint replacements to institutions in 2016, before
// outpatient joints (SD 11.2 over areas), and 32.2% to home health, which was
// 42.6% later; CABG claims and records show 12-25% in SNFs and 37% in home
// health; nine in ten users after a fracture go to a SNF or IRF; elective spine
// sends 10%, with emergencies more.
func checkDestinations(t *testing.T, got *[episode.NumCategories]facts) {
	t.Helper()
	for _, w := range []struct {
		c        episode.Category
		what     string
		got      float64
		low, top float64
	}{
		{episode.LEJR, "institution first", got[0].institution, .20, .34},
		{episode.LEJR, "home health first", got[0].hha, .32, .46},
		{episode.SHFFT, "institution first", got[1].institution, .78, .92},
		{episode.CABG, "institution first", got[2].institution, .15, .33},
		{episode.CABG, "home health first", got[2].hha, .33, .45},
		{episode.Fusion, "institution first", got[3].institution, .10, .25},
		{episode.Bowel, "institution first", got[4].institution, .18, .47},
	} {
		if w.got < w.low || w.got > w.top {
			t.Errorf("%s, %s: %.3f, want %.2f to %.2f", w.c, w.what, w.got, w.low, w.top)
		}
	}
}

// A sickness the multiplier sees must be paid by the multiplier: spending over
// target is flat over the multiplier, and the mean multiplier is one.
func TestRiskFits(t *testing.T) {
	if testing.Short() {
		t.Skip("a national sample takes seconds")
	}
	_, p, b := load(t, Options{Hospitals: 200, Episodes: 40000, Seed: 5})
	at := p.At(30, true)
	for _, c := range episode.Categories() {
		var paid, spent [2]float64
		var mult, n float64
		for i := range p.Episodes {
			e := &p.Episodes[i]
			if e.Category != c || e.Cancelled(30, false) {
				continue
			}
			row, ok := b.Exact("benchmark", p.Text(e.Cell), p.Hospitals[e.Hospital].Division, 30, "")
			if !ok {
				t.Fatalf("no price for %s", p.Text(e.Cell))
			}
			half := 0
			if e.Risk > 1_000_000 {
				half = 1
			}
			paid[half] += float64(row.Price) * float64(e.Risk) / 1e6
			spent[half] += float64(min(at.Total(i), *row.P99))
			mult += float64(e.Risk) / 1e6
			n++
		}
		near(t, c.String()+" mean multiplier", mult/n, 1, .02)
		near(t, c.String()+" spending over target, high against low multiplier", spent[1]/paid[1]/(spent[0]/paid[0]), 1, .05)
	}
}
