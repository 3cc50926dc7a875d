package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

func ptr[T any](v T) *T { return &v }

// newStore opens a new database in a folder of the test's own.
func newStore(t testing.TB) *Store {
	t.Helper()
	s, err := Open(context.Background(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func begin(t testing.TB, s *Store, info BatchInfo) *Batch {
	t.Helper()
	b, err := s.Begin(context.Background(), info)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Rollback(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func put(t testing.TB, b *Batch, episodes ...*Episode) {
	t.Helper()
	for _, e := range episodes {
		if err := b.Episode(e); err != nil {
			t.Fatal(err)
		}
	}
}

func commit(t testing.TB, b *Batch) {
	t.Helper()
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB, s *Store) *Data {
	t.Helper()
	d, err := s.Load(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// plain is an episode with one SNF stay, days 0..9, at 1,000.00 dollars, and a
// home-health period by visits.
func plain(i int, amount money.Cents) *Episode {
	end := calendar.Date(2024, 3, 1) + calendar.Day(i%200)
	return &Episode{
		Key: fmt.Sprintf("E%07d", i), BeneHash: []byte(fmt.Sprintf("hash-%07d-0123456789abcdefghij", i)), CCN: fmt.Sprintf("36%04d", i%20),
		Category: episode.Category(1 + i%5), Inpatient: true, Trigger: "470", Cell: "470",
		Start: end - 3, End: end, StdAnchor: amount, Discharge: "03", Operating: "1000000004",
		Services: []Service{
			{Service: episode.Service{Setting: episode.SNF, Rule: episode.Days, From: 0, To: 9, Amount: amount},
				LineKey: "1", Provider: "365001", ProviderKind: "CCN", CodeKind: "REV", Code: "0022", Stay: "S1"},
			{Service: episode.Service{Setting: episode.HHA, Rule: episode.Visits, From: 10, To: 39, Amount: amount,
				Visits: []episode.Visit{{Offset: 10, Count: 1}, {Offset: 12, Count: 2}}}, LineKey: "2"},
		},
	}
}

// optional is nil as often as not.
func optional[T any](g *rapid.Generator[T]) *rapid.Generator[*T] { return rapid.Ptr(g, true) }

func knownGen() *rapid.Generator[panel.Known] {
	return rapid.SampledFrom([]panel.Known{panel.Unknown, panel.No, panel.Yes})
}

func centsGen() *rapid.Generator[money.Cents] {
	return rapid.Custom(func(t *rapid.T) money.Cents {
		return money.Cents(rapid.Int64Range(-2_100_000_000, 2_100_000_000).Draw(t, "cents"))
	})
}

func dayGen() *rapid.Generator[calendar.Day] {
	return rapid.Custom(func(t *rapid.T) calendar.Day { return calendar.Day(rapid.Int32Range(10_000, 30_000).Draw(t, "day")) })
}

func serviceGen() *rapid.Generator[Service] {
	return rapid.Custom(func(t *rapid.T) Service {
		from := rapid.Int32Range(-40_000, 40_000).Draw(t, "from")
		s := Service{
			Service: episode.Service{
				Setting: episode.Setting(rapid.IntRange(0, episode.NumSettings-1).Draw(t, "setting")), Rule: episode.Rule(rapid.IntRange(0, 4).Draw(t, "rule")),
				Excluded: episode.Exclusion(rapid.Uint16().Draw(t, "excluded")), From: from, To: from + rapid.Int32Range(0, 400).Draw(t, "days"),
				GMLOS: rapid.Int32Range(0, 1<<30).Draw(t, "gmlos"), Amount: centsGen().Draw(t, "amount"), Outlier: centsGen().Draw(t, "outlier"),
			},
			LineKey: rapid.String().Draw(t, "line"), Raw: optional(centsGen()).Draw(t, "raw"),
			Provider: rapid.StringMatching(`[0-9]{0,3}`).Draw(t, "provider"), ProviderKind: rapid.SampledFrom([]string{"", "CCN", "NPI", "TIN"}).Draw(t, "kind"),
			CodeKind: rapid.SampledFrom([]string{"", "DRG", "HCPCS", "HIPPS", "REV"}).Draw(t, "codekind"), Code: rapid.String().Draw(t, "code"),
			Units: rapid.Int().Draw(t, "units"), Stay: rapid.String().Draw(t, "stay"), Exclusion: rapid.String().Draw(t, "exclusion"),
			PrimaryPayer: centsGen().Draw(t, "payer"),
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "visits") {
			s.Visits = append(s.Visits, episode.Visit{Offset: int32(7 - i), Count: rapid.Int32Range(0, 9).Draw(t, "count")})
		}
		return s
	})
}

func episodeGen() *rapid.Generator[*Episode] {
	return rapid.Custom(func(t *rapid.T) *Episode {
		start := dayGen().Draw(t, "start")
		e := &Episode{
			Key: rapid.StringN(1, 12, -1).Draw(t, "key"), CCN: rapid.StringMatching(`3600[0-9]{2}`).Draw(t, "ccn"),
			Category: episode.Category(rapid.IntRange(1, 5).Draw(t, "category")), Inpatient: rapid.Bool().Draw(t, "inpatient"),
			Trigger: rapid.String().Draw(t, "trigger"), Cell: rapid.String().Draw(t, "cell"),
			Start: start, End: start + calendar.Day(rapid.IntRange(0, 90).Draw(t, "stay")),
			StdAnchor: centsGen().Draw(t, "std"), RawAnchor: optional(centsGen()).Draw(t, "raw"),
			DataThrough: optional(dayGen()).Draw(t, "through"), EligEnd: optional(dayGen()).Draw(t, "elig"), Death: optional(dayGen()).Draw(t, "death"),
			Discharge: rapid.String().Draw(t, "discharge"), Age: optional(rapid.IntRange(0, 120)).Draw(t, "age"), Sex: rapid.SampledFrom([]string{"", "M", "F"}).Draw(t, "sex"),
			HCC: optional(rapid.IntRange(0, 9)).Draw(t, "hcc"), Dual: knownGen().Draw(t, "dual"), LIS: knownGen().Draw(t, "lis"), CDI: knownGen().Draw(t, "cdi"),
			PriorPAC: knownGen().Draw(t, "pac"), Fracture: knownGen().Draw(t, "fracture"),
			Attending: rapid.StringMatching(`[0-9]{0,10}`).Draw(t, "attending"), Operating: rapid.StringMatching(`[0-9]{0,10}`).Draw(t, "operating"),
			Risk: rapid.Int64Range(0, 9_000_000).Draw(t, "risk"), Target: optional(centsGen()).Draw(t, "target"), CMSTotal: optional(centsGen()).Draw(t, "total"),
			CMSDays: rapid.IntRange(0, 120).Draw(t, "cmsdays"), DropFlags: rapid.Uint32().Draw(t, "drop"), NotStd: rapid.Bool().Draw(t, "notstd"),
			Services: rapid.SliceOfN(serviceGen(), 0, 6).Draw(t, "services"),
		}
		if rapid.Bool().Draw(t, "person") {
			e.BeneHash = rapid.SliceOfN(rapid.Byte(), 1, 32).Draw(t, "hash")
		}
		return e
	})
}

// folder lists a folder as name -> content, to see that nothing changed.
func folder(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(text)
	}
	return all
}
