package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/data/ingest/check"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// books keep findings as "S001 W 3: text".
type books struct{ found []string }

func (b *books) Find(s store.Severity, code string, line int, _, _, message string) {
	b.found = append(b.found, fmt.Sprintf("%s %c %d: %s", code, " IWRF"[s], line, message))
}

func (b *books) FindMany(s store.Severity, code, message string, times int) {
	b.found = append(b.found, fmt.Sprintf("%s %c x%d: %s", code, " IWRF"[s], times, message))
}

func (b *books) codes() string {
	var all []string
	for _, f := range b.found {
		all = append(all, f[:4])
	}
	return strings.Join(all, " ")
}

// stay makes an episode of a person whose anchor ends on a day.
func stay(person byte, start, end calendar.Day, services ...store.Service) *store.Episode {
	return &store.Episode{
		Key: "E", BeneHash: slices.Repeat([]byte{person}, 32), CCN: "010001", Category: episode.LEJR, Inpatient: true, Trigger: "470", Cell: "470",
		Start: start, End: end, StdAnchor: 10_000_00, Services: services,
	}
}

func line(s episode.Setting, from, to int32, provider string) store.Service {
	kind := ""
	if provider != "" {
		kind = "CCN"
	}
	return store.Service{Service: episode.Service{Setting: s, From: from, To: to, Amount: 100_00}, Provider: provider, ProviderKind: kind}
}

func TestEpisode(t *testing.T) {
	day := calendar.Date(2025, 3, 10)
	office := line(episode.Professional, 5, 5, "")
	withDeath := func(on calendar.Day, services ...store.Service) *store.Episode {
		e := stay(1, day-3, day, services...)
		e.Death = &on
		return e
	}
	back := line(episode.SNF, 0, 9, "")
	back.Amount = -100_00
	listed := line(episode.SNF, 5, 20, "")
	listed.Excluded = episode.Listed
	split := line(episode.Readmission, 5, 9, "")
	split.Rule = episode.GMLOS
	tests := []struct {
		name string
		e    *store.Episode
		want string
	}{
		{"nothing", stay(1, day-3, day, office), ""},
		{"no service", stay(1, day-3, day), "K002"},
		{"60 days", stay(1, day-60, day, office), ""},
		{"61 days", stay(1, day-61, day, office), "D003"},
		{"three days before", stay(1, day-3, day, line(episode.Outpatient, -6, -6, "")), ""},
		{"four days before", stay(1, day-3, day, line(episode.Outpatient, -7, -7, "")), "D004"},
		{"180 days after", stay(1, day-3, day, line(episode.Outpatient, 180, 180, "")), ""},
		{"181 days after", stay(1, day-3, day, line(episode.Outpatient, 181, 181, "")), "D004"},
		{"on the day of death", withDeath(day+5, office), ""},
		{"after death", withDeath(day+4, office), "S004"},
		{"dead before the anchor", withDeath(day-4, office), "S004 S004"},
		{"100 days", stay(1, day-3, day, line(episode.SNF, 0, 99, "")), ""},
		{"101 days", stay(1, day-3, day, line(episode.SNF, 0, 100, "")), "S001"},
		{"a move between two on one day", stay(1, day-3, day, line(episode.SNF, 0, 9, ""), line(episode.SNF, 9, 20, "")), ""},
		{"two at once", stay(1, day-3, day, line(episode.SNF, 0, 9, ""), line(episode.SNF, 8, 20, "")), "S001"},
		{"one taken back", stay(1, day-3, day, line(episode.SNF, 0, 9, ""), back, line(episode.SNF, 5, 20, "")), ""},
		{"one that does not count", stay(1, day-3, day, line(episode.SNF, 0, 9, ""), listed), ""},
		{"30 days at home", stay(1, day-3, day, line(episode.HHA, 0, 29, "")), ""},
		{"31 days at home", stay(1, day-3, day, line(episode.HHA, 0, 30, "")), "S002"},
		{"60 days at home in 2019", stay(1, calendar.Date(2019, 3, 1), calendar.Date(2019, 3, 4), line(episode.HHA, 0, 59, "")), ""},
		{"one agency twice", stay(1, day-3, day, line(episode.HHA, 0, 9, "017001"), line(episode.HHA, 9, 20, "017001")), ""},
		{"two agencies", stay(1, day-3, day, line(episode.HHA, 0, 9, "017001"), line(episode.HHA, 9, 20, "017002")), "S002"},
		{"no mean", stay(1, day-3, day, split), "C003"},
		{"a unit as skilled nursing", stay(1, day-3, day, line(episode.SNF, 0, 9, "013025")), "S003"},
		{"a nursing home as a readmission", stay(1, day-3, day, line(episode.Readmission, 0, 9, "015001")), "S003"},
		{"a hospital as a readmission", stay(1, day-3, day, line(episode.Readmission, 0, 9, "010033")), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c check.Checker
			b := &books{}
			c.Episode(tt.e, check.Place{Books: b, Line: 2}, nil)
			c.Close(b, nil)
			if got := b.codes(); got != tt.want {
				t.Errorf("got %q, want %q: %q", got, tt.want, b.found)
			}
		})
	}
}

func TestLinesOfFindings(t *testing.T) {
	day := calendar.Date(2025, 3, 10)
	var c check.Checker
	b := &books{}
	at := check.Place{Books: b, Line: 2}
	c.Episode(stay(1, day-3, day, line(episode.SNF, 0, 9, ""), line(episode.SNF, 5, 200, "")), at, []check.Place{{Books: b, Line: 7}, {Books: b, Line: 9}})
	if got := b.found; len(got) != 2 || !strings.HasPrefix(got[0], "S001 W 9: a skilled") || !strings.HasPrefix(got[1], "S001 W 9: two") {
		t.Errorf("%q", got)
	}
}

// TestWaiver counts the episodes with skilled nursing and no stay of three days
// before it.
func TestWaiver(t *testing.T) {
	day := calendar.Date(2025, 3, 10)
	snf := line(episode.SNF, 10, 20, "")
	for _, tt := range []struct {
		name string
		e    *store.Episode
		want string
	}{
		{"three nights", stay(1, day-3, day, snf), ""},
		{"two nights", stay(1, day-2, day, snf), "S001"},
		{"two nights, then three", stay(1, day-2, day, line(episode.Readmission, 7, 10, ""), snf), ""},
		{"before the anchor ends", stay(1, day-2, day, line(episode.SNF, -1, 4, "")), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var c check.Checker
			b := &books{}
			c.Episode(tt.e, check.Place{Books: b}, nil)
			c.Close(b, nil)
			if b.codes() != tt.want {
				t.Errorf("%q", b.found)
			}
		})
	}
}

func TestPersons(t *testing.T) {
	day := calendar.Date(2025, 3, 10)
	office := line(episode.Professional, 5, 5, "")
	for _, tt := range []struct {
		name       string
		gap        calendar.Day // from the first anchor's end to the second's start
		person     byte
		want, text string
	}{
		{"another person", 5, 2, "", ""},
		{"the same stay", -3, 1, "K003", "twice"},
		{"a transfer", 0, 1, "K003", "touches"},
		{"29 days", 29, 1, "K003", "30 days"},
		{"30 days", 30, 1, "K003", "90 days"},
		{"89 days", 89, 1, "K003", "90 days"},
		{"90 days", 90, 1, "", ""},
	} {
		for _, turned := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, turned), func(t *testing.T) {
				all := []*store.Episode{stay(1, day-3, day, office), stay(tt.person, day+tt.gap, day+tt.gap+3, office)}
				if turned {
					slices.Reverse(all)
				}
				var c check.Checker
				b := &books{}
				for _, e := range all {
					c.Episode(e, check.Place{Books: b}, nil)
				}
				if b.codes() != tt.want || tt.want != "" && !strings.Contains(b.found[0], tt.text) {
					t.Errorf("%q", b.found)
				}
			})
		}
	}
}

// TestCostly: ten times the median and a cent, and past the cap of its cell.
func TestCostly(t *testing.T) {
	day := calendar.Date(2025, 3, 10)
	var c check.Checker
	b := &books{}
	for i, amount := range []money.Cents{10_000_00, 10_000_00, 100_000_00, 100_000_01, 60_000_00} {
		e := stay(byte(i), day-3, day, line(episode.Professional, 40, 40, "")) // after 30 days, and so past the cap's length
		e.StdAnchor = amount - 100_00
		if i == 4 {
			e.Cell = "469"
		}
		c.Episode(e, check.Place{Books: b, Line: i + 2}, nil)
	}
	// The third of five in order is 60,000.00: nobody is above ten times that.
	c.Close(b, map[string]int64{"470": 99_899_99, "469": 59_900_00})
	if got := b.found; len(got) != 2 || !strings.HasPrefix(got[0], "A008 I 4:") || !strings.HasPrefix(got[1], "A008 I 5:") {
		t.Errorf("%q", got)
	}
	b.found = nil
	c = check.Checker{}
	for i, amount := range []money.Cents{10_000_00, 10_000_00, 100_000_00, 100_000_01} {
		e := stay(byte(i), day-3, day)
		e.StdAnchor = amount
		c.Episode(e, check.Place{Books: b, Line: i + 2}, nil)
	}
	b.found = nil
	// Of four the second: 10,000.00, and ten times that is 100,000.00.
	c.Close(b, nil)
	if got := b.found; len(got) != 1 || !strings.HasPrefix(got[0], "A008 I 5:") {
		t.Errorf("%q", got)
	}
}

// TestAnyEpisode: nothing panics, and the order of services does not matter to
// what is found.
func TestAnyEpisode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := calendar.Date(2025, 3, 10)
		e := stay(1, day-calendar.Day(rapid.IntRange(0, 70).Draw(t, "stay")), day)
		for range rapid.IntRange(0, 8).Draw(t, "services") {
			from := rapid.Int32Range(-10, 200).Draw(t, "from")
			s := line(episode.Setting(rapid.IntRange(0, int(episode.NumSettings)-1).Draw(t, "setting")), from, from+rapid.Int32Range(0, 120).Draw(t, "days"),
				rapid.SampledFrom([]string{"", "015001", "013025", "017001", "017002", "010033"}).Draw(t, "provider"))
			s.Rule = s.Setting.Rule(false)
			e.Services = append(e.Services, s)
		}
		found := func(services []store.Service) []string {
			var c check.Checker
			b := &books{}
			x := *e
			x.Services = services
			c.Episode(&x, check.Place{Books: b}, nil)
			c.Close(b, nil)
			slices.Sort(b.found)
			return slices.Compact(b.found)
		}
		if a, b := found(e.Services), found(rapid.Permutation(e.Services).Draw(t, "order")); !slices.Equal(a, b) {
			t.Fatalf("%q, then %q", a, b)
		}
	})
}
