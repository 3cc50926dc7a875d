package sample

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// digest writes everything an episode says, pointers followed.
func digest(e *store.Episode) string {
	x := *e
	x.RawAnchor, x.DataThrough, x.EligEnd, x.Death, x.Age, x.HCC = nil, nil, nil, nil, nil, nil
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v %v %v %v %v %d %d", x, *e.RawAnchor, *e.DataThrough, text(e.EligEnd), text(e.Death), *e.Age, *e.HCC))
	return hex.EncodeToString(sum[:])
}

func text(d *calendar.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func digests(t *testing.T, o Options) []string {
	t.Helper()
	var all []string
	walk(t, o, func(e *store.Episode) { all = append(all, digest(e)) })
	return all
}

func TestDeterminism(t *testing.T) {
	for _, hospitals := range []int{6, 40} {
		a := digests(t, Options{Hospitals: hospitals, Episodes: 1500, Seed: 7})
		if b := digests(t, Options{Hospitals: hospitals, Episodes: 1500, Seed: 7}); !slices.Equal(a, b) {
			t.Errorf("%d hospitals: the same seed gave other rows", hospitals)
		}
		// A small sample is the beginning of a large one.
		if b := digests(t, Options{Hospitals: hospitals, Episodes: 300, Seed: 7}); !slices.Equal(a[:300], b) {
			t.Errorf("%d hospitals: episode rows depend on how many are asked for", hospitals)
		}
		if b := digests(t, Options{Hospitals: hospitals, Episodes: 1500, Seed: 8}); slices.Equal(a, b) {
			t.Errorf("%d hospitals: seeds 7 and 8 gave the same rows", hospitals)
		}
	}
	anchors := func(seed uint64) (all []money.Cents) {
		walk(t, Options{Episodes: 1500, Seed: seed}, func(e *store.Episode) { all = append(all, e.StdAnchor) })
		return all
	}
	same, a, b := 0, anchors(7), anchors(8)
	for i := range a {
		if a[i] == b[i] {
			same++
		}
	}
	if same > 2 {
		t.Errorf("seeds 7 and 8 share %d of %d anchor amounts", same, len(a))
	}
	g, err := newGenerator(Options{Hospitals: 6, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	late := digest(g.episode(1234))
	g.episode(3)
	if again := digest(g.episode(1234)); again != late {
		t.Error("an episode depends on the one made before it")
	}
}

func TestLegalTriggers(t *testing.T) {
	cells := map[string]bool{}
	for _, c := range newModel().cells() {
		cells[c.code] = true
	}
	since := map[string]calendar.Day{}
	for _, code := range []string{"402", "426", "427", "428", "429", "430", "447", "448", "450", "451"} {
		since[code] = fusionListOf2025()
	}
	for _, code := range []string{"523", "524", "525"} {
		since[code] = fusionListOf2027()
	}
	until := map[string]calendar.Day{}
	for _, code := range []string{"453", "454", "455", "459", "460"} {
		until[code] = fusionListOf2025()
	}
	hcpcs := map[string]string{"27130": "470", "27447": "470", "27702": "469", "22551": "473", "22554": "473", "22612": "451", "22630": "451", "22633": "402"}
	seen := map[string]int{}
	walk(t, Options{Episodes: 60000}, func(e *store.Episode) {
		seen[e.Trigger]++
		if e.End < since[e.Trigger] || until[e.Trigger] != 0 && e.End >= until[e.Trigger] {
			t.Errorf("%s: %s on %s", e.Key, e.Trigger, e.End)
		}
		if !cells[e.Cell] {
			t.Errorf("%s: cell %s has no price", e.Key, e.Cell)
		}
		pool, outpatient := hcpcs[e.Trigger]
		switch {
		case outpatient != !e.Inpatient:
			t.Errorf("%s: %s inpatient %v", e.Key, e.Trigger, e.Inpatient)
		case outpatient && e.Cell != pool:
			t.Errorf("%s: %s priced as %s, want %s", e.Key, e.Trigger, e.Cell, pool)
		case !outpatient && until[e.Trigger] == 0 && e.Cell != e.Trigger:
			t.Errorf("%s: %s priced as %s", e.Key, e.Trigger, e.Cell)
		}
	})
	for _, code := range []string{"523", "524", "525", "402", "426", "453", "455", "460", "471", "473", "27702", "22554", "522", "236", "331"} {
		if seen[code] == 0 {
			t.Errorf("no episode of %s among 60,000", code)
		}
	}
}

func TestEpisodesAreValid(t *testing.T) {
	keys, settings, excluded := map[string]bool{}, map[episode.Setting]int{}, episode.Exclusion(0)
	var n, lines, deaths, lost, payer, before int
	walk(t, Options{Episodes: 20000}, func(e *store.Episode) {
		n++
		lines += len(e.Services)
		if keys[e.Key] || len(e.BeneHash) != sha256.Size {
			t.Errorf("%s: key used twice or no hash", e.Key)
		}
		keys[e.Key] = true
		checkEpisode(t, e)
		last := dataThrough() // a claim that begins inside may end after the cover
		if e.Death != nil {
			deaths++
			last = min(last, *e.Death)
		}
		if e.EligEnd != nil {
			lost++
			last = min(last, *e.EligEnd)
		}
		lineKeys := map[string]bool{}
		for i := range e.Services {
			v := &e.Services[i]
			checkService(t, e, v, int32(last-e.End))
			if lineKeys[v.LineKey] {
				t.Errorf("%s: line %s twice", e.Key, v.LineKey)
			}
			lineKeys[v.LineKey] = true
			settings[v.Setting]++
			excluded |= v.Excluded
			if v.PrimaryPayer > 0 {
				payer++
			}
			if v.From < 0 {
				before++
			}
		}
		checkStays(t, e)
	})
	for _, s := range episode.Settings() {
		if settings[s] == 0 {
			t.Errorf("no %s among %d episodes", s, n)
		}
	}
	want := episode.ExcludedDRG | episode.ExcludedMDC | episode.PartBDrugList | episode.Hemophilia | episode.CardiacRehab | episode.PassThrough | episode.Payer | episode.WithinStay
	if excluded != want {
		t.Errorf("exclusions seen %b, want %b", excluded, want)
	}
	if each := float64(lines) / float64(n); each < 22 || each > 28 {
		t.Errorf("%.1f services an episode, want about 25", each)
	}
	for what, k := range map[string]int{"deaths": deaths, "lost eligibility": lost, "primary payer lines": payer, "lines before the anchor's end": before} {
		if k == 0 || k > n/10 {
			t.Errorf("%s: %d of %d", what, k, n)
		}
	}
}

func checkEpisode(t *testing.T, e *store.Episode) {
	t.Helper()
	if e.Start > e.End || e.End < firstDay() || e.End > lastDay() || !e.Inpatient && e.Start != e.End || int(e.End-e.Start) > 60 {
		t.Errorf("%s: %s to %s", e.Key, e.Start, e.End)
	}
	// Every length to 120 days is observed, and no longer one is claimed to be.
	if obs := int(*e.DataThrough-e.End) + 1; obs != followed {
		t.Errorf("%s: %d days observed", e.Key, obs)
	}
	if e.StdAnchor <= 0 || e.Risk < 500_000 || e.Risk > 2_000_000 || *e.Age < 30 || *e.HCC < 0 {
		t.Errorf("%s: anchor %s, risk %d, age %d, hcc %d", e.Key, e.StdAnchor, e.Risk, *e.Age, *e.HCC)
	}
	if e.Death != nil && (*e.Death <= e.End && (len(e.Services) > 0 || e.Discharge != "20") || *e.Death < e.Start) {
		t.Errorf("%s: died in the anchor stay: %d services, status %s", e.Key, len(e.Services), e.Discharge)
	}
}

func checkService(t *testing.T, e *store.Episode, v *store.Service, last int32) {
	t.Helper()
	bad := func(why string) { t.Errorf("%s line %s: %s: %+v", e.Key, v.LineKey, why, v) }
	if v.To < v.From || v.To > last || v.From >= followed || v.From < int32(e.Start-e.End)-3 {
		bad("days")
	}
	if v.Amount <= 0 || v.Outlier < 0 || v.Outlier > v.Amount || v.Amount > 21_000_000_00 {
		bad("amount")
	}
	if v.Rule != v.Setting.Rule(v.Rule == episode.Visits) {
		bad("rule")
	}
	if (v.Rule == episode.GMLOS) != (v.GMLOS > 0) || (v.Rule == episode.Visits) != (len(v.Visits) > 0) {
		bad("rule without its facts")
	}
	for i, x := range v.Visits {
		if x.Count < 1 || x.Offset < v.From || x.Offset > v.To || i > 0 && x.Offset <= v.Visits[i-1].Offset {
			bad("visits")
		}
	}
	if v.Provider == "" || v.ProviderKind != "CCN" && v.ProviderKind != "NPI" || (v.CodeKind == "") != (v.Code == "") || v.Units < 1 && v.Setting != episode.Readmission {
		bad("provider, code or units")
	}
	if (v.Excluded == 0) != (v.Exclusion == "") || (v.Excluded == episode.Payer) != (v.PrimaryPayer > 0) {
		bad("exclusion")
	}
}

// checkStays holds that nobody lies in two beds on one day; the day of a
// transfer belongs to both.
func checkStays(t *testing.T, e *store.Episode) {
	t.Helper()
	bed := func(v *store.Service) bool {
		switch v.Setting {
		case episode.SNF, episode.Readmission, episode.IRF, episode.LTCH:
			return true
		case episode.HHA, episode.Outpatient, episode.Professional, episode.DME, episode.Hospice, episode.OtherInpatient, episode.PartBDrug:
		}
		return false
	}
	for i := range e.Services {
		for k := range i {
			if a, b := &e.Services[i], &e.Services[k]; bed(a) && bed(b) && a.From < b.To && b.From < a.To {
				t.Errorf("%s: %s %d-%d and %s %d-%d overlap", e.Key, b.Setting, b.From, b.To, a.Setting, a.From, a.To)
			}
		}
	}
}

func TestHospitals(t *testing.T) {
	m := newModel()
	all, err := m.roster(3, 700)
	if err != nil {
		t.Fatal(err)
	}
	prefix := map[string]string{}
	division := map[string]int{}
	for _, s := range states() {
		prefix[s.code], division[s.code] = s.ccn, s.division
	}
	form := regexp.MustCompile(`^[0-9]{2}0[0-8][0-7][0-9]$`)
	names, ccns, divisions := map[string]bool{}, map[string]bool{}, map[int]int{}
	for i := range all {
		h := &all[i].row
		if names[h.Name] || ccns[h.CCN] || !form.MatchString(h.CCN) || !strings.HasPrefix(h.CCN, prefix[h.State]) || h.Division != division[h.State] || h.Beds < 20 {
			t.Errorf("hospital %d: %+v", i, h)
		}
		names[h.Name], ccns[h.CCN] = true, true
		divisions[h.Division]++
		for _, s := range all[i].surgeons {
			for _, x := range s {
				if len(x.id) != 10 || x.id[0] != '9' {
					t.Errorf("surgeon %q could be a real NPI", x.id)
				}
			}
		}
	}
	if len(divisions) != 9 {
		t.Errorf("divisions %v", divisions)
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{{Hospitals: -1}, {Hospitals: maxHospitals + 1}, {Episodes: -5}} {
		if err := Generate(context.Background(), o, each(func(*store.Episode) {}), nil); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	err := Generate(ctx, Options{Episodes: 50000}, each(func(*store.Episode) {
		if n++; n == 10 {
			cancel()
		}
	}), nil)
	if !errors.Is(err, context.Canceled) || n >= 50000 {
		t.Errorf("after %d episodes: %v", n, err)
	}
	full := errors.New("disk full")
	if err := Generate(context.Background(), Options{}, failing{full}, nil); !errors.Is(err, full) {
		t.Errorf("sink's error became %v", err)
	}
	done := 0
	if err := Generate(context.Background(), Options{Episodes: 3000}, each(func(*store.Episode) {}), func(d, total int) {
		if d < done || total != 3000 {
			t.Errorf("progress %d of %d after %d", d, total, done)
		}
		done = d
	}); err != nil || done != 3000 {
		t.Errorf("progress ended at %d: %v", done, err)
	}
}

type failing struct{ err error }

func (f failing) Hospitals([]store.Hospital) error { return f.err }
func (f failing) Prices([]store.PriceRow) error    { return f.err }
func (f failing) Episode(*store.Episode) error     { return f.err }

func BenchmarkGenerate(b *testing.B) {
	var cents money.Cents
	for b.Loop() {
		if err := Generate(context.Background(), Options{}, each(func(e *store.Episode) { cents += e.StdAnchor }), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(DefaultEpisodes), "episodes/op")
}
