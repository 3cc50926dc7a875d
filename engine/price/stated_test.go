package price_test

import (
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

func TestStatedBenchmarks(t *testing.T) {
	row := func(amount money.Cents, change func(*price.Stated)) price.Stated {
		s := price.Stated{CCN: "010001", Category: episode.LEJR, Days: 90, Initiator: "A", Import: 1, Benchmark: amount}
		change(&s)
		return s
	}
	plain := func(*price.Stated) {}
	inPeriod := func(s *price.Stated) { s.Period = "MY4" }
	group := func(who string, batch int64) func(*price.Stated) {
		return func(s *price.Stated) { s.Group, s.Initiator, s.Import = true, who, batch }
	}
	later := func(s *price.Stated) { s.Import, s.Initiator = 2, "B" }
	for name, x := range map[string]struct {
		rows     []price.Stated
		want     money.Cents // 0: none
		disputed bool
	}{
		"none":                             {},
		"one":                              {[]price.Stated{row(1, plain)}, 1, false},
		"the period's own":                 {[]price.Stated{row(1, plain), row(2, inPeriod)}, 2, false},
		"another period's":                 {[]price.Stated{row(1, func(s *price.Stated) { s.Period = "MY5" })}, 0, false},
		"another length's":                 {[]price.Stated{row(1, func(s *price.Stated) { s.Days = 30 })}, 0, false},
		"another hospital's":               {[]price.Stated{row(1, func(s *price.Stated) { s.CCN = "010002" })}, 0, false},
		"another category's":               {[]price.Stated{row(1, func(s *price.Stated) { s.Category = episode.CABG })}, 0, false},
		"an outpatient one":                {[]price.Stated{row(1, func(s *price.Stated) { s.Anchor = price.OutpatientAnchor })}, 0, false},
		"inpatient before either":          {[]price.Stated{row(1, plain), row(2, func(s *price.Stated) { s.Anchor = price.InpatientAnchor })}, 2, false},
		"the hospital's before a group's":  {[]price.Stated{row(1, group("G", 9)), row(2, plain)}, 2, false},
		"a group's":                        {[]price.Stated{row(1, group("G", 1))}, 1, false},
		"a group's of two imports":         {[]price.Stated{row(1, group("G", 1)), row(2, group("G", 2))}, 2, false},
		"two groups that agree":            {[]price.Stated{row(3, group("G", 1)), row(3, group("H", 2))}, 3, false},
		"two groups, a later import":       {[]price.Stated{row(1, group("G", 1)), row(2, group("H", 2))}, 0, true},
		"the later import of the hospital": {[]price.Stated{row(1, plain), row(2, later)}, 2, false},
		"two names in one import":          {[]price.Stated{row(1, plain), row(2, plain)}, 0, true},
	} {
		b, err := price.NewBook(nil)
		if err != nil {
			t.Fatal(err)
		}
		b.State(x.rows)
		s, disputed := b.Stated("010001", episode.LEJR, price.InpatientAnchor, 90, "MY4")
		var got money.Cents
		if s != nil {
			got = s.Benchmark
		}
		if got != x.want || disputed != x.disputed {
			t.Errorf("%s: %s, disputed %t", name, got, disputed)
		}
	}
}
