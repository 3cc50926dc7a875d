package panel_test

import (
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

func day(t testing.TB, s string) calendar.Day {
	t.Helper()
	d, err := calendar.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// row is an episode that ends on a day and is observed through another.
func row(t testing.TB, end, through string, services ...episode.Service) panel.Episode {
	e := day(t, end)
	return panel.Episode{
		Key: end, Category: episode.LEJR, End: e, ObsDays: int32(day(t, through) - e + 1),
		EligOff: panel.NoEnd, DeathOff: panel.NoEnd, Anchor: 1_000_000, Services: episode.Pack(services...),
	}
}

func load(t testing.TB, episodes ...panel.Episode) *panel.Panel {
	t.Helper()
	p, err := panel.New("test", []panel.Hospital{{CCN: "100001"}}, episodes, false)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSpendingAtALength(t *testing.T) {
	p := load(t, row(t, "2026-03-01", "2026-12-31",
		// From 4 days before discharge: 4 of 10 days are the anchor's (ruling 6).
		episode.Service{Setting: episode.SNF, Rule: episode.Days, From: -4, To: 5, Amount: 100_000},
		episode.Service{Setting: episode.SNF, Rule: episode.Days, From: 20, To: 39, Amount: 40_000},
		// Wholly before discharge: the anchor's.
		episode.Service{Setting: episode.Professional, Rule: episode.Whole, From: -1, To: -1, Amount: 5_000},
		// At offset 0: post-discharge.
		episode.Service{Setting: episode.Outpatient, Rule: episode.Whole, From: 0, To: 0, Amount: 700},
		episode.Service{Setting: episode.PartBDrug, Rule: episode.Whole, From: 3, To: 3, Amount: 900, Excluded: episode.PartBDrugList},
		episode.Service{Setting: episode.DME, Rule: episode.Whole, From: 4, To: 4, Amount: 800, Excluded: episode.Payer},
	))
	for _, x := range []struct {
		length                 int
		exclusions             bool
		anchor, snf, drug, sum money.Cents
		days                   int32
	}{
		// Anchor 10,000 + 400 + 50. SNF 600 + 400 x 10/20 at 30 days.
		{30, true, 1_045_000, 80_000, 0, 1_125_700, 16},
		{30, false, 1_045_000, 80_000, 900, 1_126_600, 16},
		{0, true, 1_045_000, 0, 0, 1_045_000, 0},
		{40, true, 1_045_000, 100_000, 0, 1_145_700, 26},
		{3, true, 1_045_000, 30_000, 0, 1_075_700, 3},
	} {
		s := p.At(x.length, x.exclusions)
		if s.Anchor[0] != x.anchor || s.Post[0][episode.SNF] != x.snf || s.Post[0][episode.PartBDrug] != x.drug || s.Total(0) != x.sum || s.SNFDays[0] != x.days {
			t.Errorf("%d days, exclusions %v: anchor %s, SNF %s, drugs %s, total %s, %d SNF days; want %+v",
				x.length, x.exclusions, s.Anchor[0], s.Post[0][episode.SNF], s.Post[0][episode.PartBDrug], s.Total(0), s.SNFDays[0], x)
		}
		if s.Post[0][episode.DME] != 0 {
			t.Error("a line Medicare did not pay first counts")
		}
	}
}

func TestSNFDaysLeaveOutFreeAndExcludedLines(t *testing.T) {
	p := load(t, row(t, "2026-03-01", "2026-12-31",
		episode.Service{Setting: episode.SNF, Rule: episode.Days, From: 0, To: 9, Amount: 0},
		episode.Service{Setting: episode.SNF, Rule: episode.Days, From: 10, To: 12, Amount: 1, Excluded: episode.Listed},
		episode.Service{Setting: episode.SNF, Rule: episode.Days, From: 28, To: 50, Amount: 100},
	))
	// Only offsets 28 and 29 of the last line.
	if got := p.At(30, true).SNFDays[0]; got != 2 {
		t.Errorf("%d SNF days, want 2", got)
	}
}

func TestCancelled(t *testing.T) {
	const no = int32(panel.NoEnd)
	for _, x := range []struct {
		name        string
		elig, death int32
		length      int
		want        bool
	}{
		{"nothing happens", no, no, 30, false},
		{"eligible to the last day", 29, no, 30, false},
		{"eligible to the day before", 28, no, 30, true},
		{"not yet at a shorter length", 28, no, 29, false},
		{"dies first", 10, 5, 30, false},
		{"eligibility ends with death", 10, 10, 30, false},
		{"dies later", 10, 11, 30, true},
		{"dies on the last day of the anchor", no, 0, 30, true},
		{"dies in the anchor", no, -2, 30, true},
		{"dies the day after", no, 1, 30, false},
		{"dies on the last day", no, 29, 30, false},
		{"dies past the last day", no, 30, 30, false},
	} {
		e := panel.Row{EligOff: x.elig, DeathOff: x.death}
		if got := e.Cancelled(x.length, false); got != x.want {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
		// Where a death inside cancels, so does any up to the last day.
		inside := x.want || x.death < int32(x.length)
		if got := e.Cancelled(x.length, true); got != inside {
			t.Errorf("%s, with deaths inside: %v, want %v", x.name, got, inside)
		}
	}
}

func TestDataYear(t *testing.T) {
	for _, x := range []struct {
		name, through string
		ends          []string
		year          int
	}{
		{"covered whole", "2025-12-31", []string{"2024-05-01", "2025-05-01"}, 2025},
		{"last year not whole", "2025-12-30", []string{"2024-05-01", "2025-05-01"}, 2024},
		{"no year whole: the last", "2025-06-30", []string{"2025-05-01"}, 2025},
		{"a year without episodes does not count", "2026-12-31", []string{"2024-05-01"}, 2024},
	} {
		var rows []panel.Episode
		for _, e := range x.ends {
			rows = append(rows, row(t, e, x.through))
		}
		p := load(t, rows...)
		if p.DataYear() != x.year || p.Latest() != day(t, x.through) {
			t.Errorf("%s: year %d, latest %s", x.name, p.DataYear(), p.Latest())
		}
	}
	if p := load(t); p.DataYear() != 0 || p.MaxLength() != 0 {
		t.Error("an empty panel has a data year")
	}
}

func TestHospitalsComeInCCNOrder(t *testing.T) {
	hospitals := []panel.Hospital{{CCN: "300001"}, {CCN: "100001"}, {CCN: "200001"}}
	p, err := panel.New("test", hospitals, []panel.Episode{{Key: "A", Hospital: 0}, {Key: "B", Hospital: 1}}, false)
	if err != nil {
		t.Fatal(err)
	}
	if p.Hospitals[p.Episodes[0].Hospital].CCN != "300001" || p.Hospitals[p.Episodes[1].Hospital].CCN != "100001" {
		t.Error("an episode changed hospital")
	}
	if i, ok := p.FindHospital("200001"); !ok || i != 1 {
		t.Errorf("200001 is at %d, %v", i, ok)
	}
	if _, ok := p.FindHospital("250001"); ok {
		t.Error("a hospital nobody loaded is found")
	}
	for _, h := range []int{-1, 3} {
		if _, err := panel.New("test", hospitals, []panel.Episode{{Key: "A", Hospital: h}}, false); err == nil {
			t.Errorf("hospital index %d is accepted", h)
		}
	}
}

func TestSpendingNeverFallsWithLengthAndPartsSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []episode.Service
		for n := rapid.IntRange(0, 6).Draw(t, "services"); n > 0; n-- {
			from := rapid.Int32Range(-10, 80).Draw(t, "from")
			list = append(list, episode.Service{
				Setting: episode.Setting(rapid.IntRange(0, episode.NumSettings-1).Draw(t, "setting")), Rule: episode.Rule(rapid.IntRange(0, 3).Draw(t, "rule")),
				From: from, To: from + rapid.Int32Range(0, 50).Draw(t, "days"), GMLOS: rapid.Int32Range(0, 900).Draw(t, "gmlos"),
				Amount: money.Cents(rapid.Int64Range(0, 5_000_000).Draw(t, "amount")), Excluded: episode.Exclusion(rapid.SampledFrom([]uint16{0, 0, 0, 1, 128}).Draw(t, "excluded")),
			})
		}
		p, err := panel.New("test", []panel.Hospital{{CCN: "1"}}, []panel.Episode{{Anchor: 100, Services: episode.Pack(list...)}}, false)
		if err != nil {
			t.Fatal(err)
		}
		var before money.Cents
		for l := range 140 {
			s := p.At(l, true)
			if s.Total(0) < before {
				t.Fatalf("spending falls from %s to %s at %d days", before, s.Total(0), l)
			}
			if s.Anchor[0] != p.At(0, true).Anchor[0] {
				t.Fatalf("the anchor moves with the length, at %d days", l)
			}
			before = s.Total(0)
		}
		// At a length past every service the parts are the billed amounts.
		sum := p.Episodes[0].Anchor
		for _, s := range list {
			if s.Excluded == 0 {
				sum += s.Amount
			}
		}
		if before != sum {
			t.Fatalf("all of it is %s, parts sum to %s", before, sum)
		}
	})
}
