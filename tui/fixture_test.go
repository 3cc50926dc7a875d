package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"bundlelab/engine"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
)

// cells are the fixture's price cells by category; major bowel has no price,
// so that its benchmark is the hospital's own.
func cells() map[episode.Category]string {
	return map[episode.Category]string{episode.LEJR: "470", episode.SHFFT: "481", episode.CABG: "235", episode.Fusion: "402", episode.Bowel: "330"}
}

func dollars(n int) money.Cents { return money.Cents(n * 100) }

// services are made from a running number, so that every setting, an exclusion
// and a readmission occur and every run is the same.
func services(n int, scale int) []episode.Service {
	one := func(s episode.Setting, from, to, amount int) episode.Service {
		return episode.Service{Setting: s, Rule: s.Rule(false), From: int32(from), To: int32(to), GMLOS: 400, Amount: dollars(amount * scale / 100)}
	}
	out := []episode.Service{
		one(episode.Professional, 3, 3, 180+n%7*20),
		one(episode.Outpatient, 12+n%50, 12+n%50, 240),
		one(episode.HHA, 2, 31, 1500+n%5*100),
	}
	if n%2 == 0 {
		out = append(out, one(episode.SNF, 1, 14+n%12, 5200+n%9*300))
	}
	if n%5 == 0 {
		out = append(out, one(episode.IRF, 1, 12, 14000))
	}
	if n%6 == 0 {
		out = append(out, one(episode.Readmission, 8+n%40, 12+n%40, 9000))
	}
	if n%7 == 0 {
		out = append(out, one(episode.DME, 2, 2, 300), one(episode.LTCH, 3, 25, 9000), one(episode.Hospice, 5, 20, 2000),
			one(episode.OtherInpatient, 9, 14, 3000), one(episode.PartBDrug, 4, 4, 700))
		x := one(episode.Outpatient, 6, 6, 800)
		x.Excluded = episode.CardiacRehab
		out = append(out, x)
	}
	return out
}

// fixture is three hospitals over three years: the first earns, the second
// repays, the third is small, rural and safety-net.
func fixture(designs *policy.Set) (*engine.Model, error) {
	hospitals := []panel.Hospital{
		{CCN: "100001", Name: "Riverside General", State: "FL", Division: 5, SafetyNet: panel.No},
		{CCN: "100002", Name: "Lakeside Medical Center", State: "FL", Division: 5, SafetyNet: panel.No},
		{CCN: "100003", Name: "Hill Community", State: "FL", Division: 5, SafetyNet: panel.Yes, Rural: panel.Yes},
	}
	anchor := map[episode.Category]int{episode.LEJR: 12000, episode.SHFFT: 15000, episode.CABG: 33000, episode.Fusion: 30000, episode.Bowel: 18000}
	var eps []panel.Episode
	n := 0
	for year := 2023; year <= 2025; year++ {
		for h := range hospitals {
			for _, c := range episode.Categories() {
				for k := range []int{20, 16, 4}[h] {
					n++
					end := calendar.Date(year, 1, 5+k*17)
					eps = append(eps, panel.Episode{
						Key: fmt.Sprintf("e%d", n), Hospital: h, Category: c, Inpatient: true, Cell: cells()[c], Start: end - 3, End: end,
						Anchor: dollars(anchor[c] + n%11*150), ObsDays: 400, EligOff: panel.NoEnd, DeathOff: panel.NoEnd,
						Risk: 1_000_000 + int64(n%5)*10_000, Services: episode.Pack(services(n, []int{78, 125, 100}[h])...),
					})
				}
			}
		}
	}
	var rows []price.Row
	for c, base := range map[episode.Category]int{episode.LEJR: 20600, episode.SHFFT: 23900, episode.CABG: 42200, episode.Fusion: 38600} {
		p99 := dollars(base * 5 / 4)
		rows = append(rows, price.Row{Kind: price.Benchmark, Cell: cells()[c], Division: 5, Days: 30, Price: dollars(base), P99: &p99, Source: "fixture"})
	}
	p, err := panel.New("fixture", hospitals, eps, true)
	if err != nil {
		return nil, err
	}
	book, err := price.NewBook(rows)
	if err != nil {
		return nil, err
	}
	return engine.New(p, book, designs)
}

// someDesigns are built-in designs by id, so that a new one does not change
// every frame.
func someDesigns(ids ...string) (*policy.Set, error) {
	dir := fstest.MapFS{}
	for _, id := range ids {
		b, err := os.ReadFile(filepath.Join("..", "engine", "policy", "designs", id+".toml"))
		if err != nil {
			return nil, err
		}
		dir[id+".toml"] = &fstest.MapFile{Data: b}
	}
	return policy.Load(dir)
}

// model is the fixture under designs of every kind of settlement data express.
func model(t testing.TB) *engine.Model {
	t.Helper()
	designs, err := someDesigns("team", "team-proposed", "cjr", "bpcia", "bpci-m2", "state-ar")
	if err != nil {
		t.Fatal(err)
	}
	m, err := fixture(designs)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// whole is the fixture under every built-in design.
func whole(t testing.TB) *engine.Model {
	t.Helper()
	designs, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m, err := fixture(designs)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
