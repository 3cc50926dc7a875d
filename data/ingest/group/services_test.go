package group_test

import (
	"fmt"
	"strings"
	"testing"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/group"
	"bundlelab/data/reference"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

func TestThreeDaysBefore(t *testing.T) {
	tests := []struct {
		name   string
		events []*claim.Event
		want   string // services, days from the anchor's end
	}{
		// o -2 office visit, [470 0..3]: nothing of before belongs
		{"an office visit", []*claim.Event{stay("1", hospA, 0, 3, "470", "01"), seen("2", -2, "99213", "11")}, ""},
		// S -2 the operation itself, none during the stay: the professional bills of
		// those days belong, the outpatient hospital's do not
		{"operated before the admission", []*claim.Event{stay("1", hospA, 0, 3, "470", "01"), seen("2", -2, "27447", "22"), seen("3", -3, "99213", "11"), seen("4", -4, "99213", "11"), procedure("5", hospA, -1, "97110")},
			"professional whole -3..-3 100.00 0; professional whole -2..-2 100.00 0"},
		{"operated during the stay", []*claim.Event{stay("1", hospA, 0, 3, "470", "01"), seen("2", -2, "27447", "22"), seen("3", 1, "27447", "21")},
			"professional whole 1..1 100.00 0"},
		{"an operation of another category", []*claim.Event{stay("1", hospA, 0, 3, "470", "01"), seen("2", -2, "44140", "22")}, ""},
		{"before an outpatient anchor", []*claim.Event{procedure("1", hospA, 0, "27447"), seen("2", -2, "27447", "22")}, ""},
		// * 0 (27447, 9,000) [470 2..4]: the procedure's own line is care before the
		// admission, on the episode's first day
		{"a procedure taken over", []*claim.Event{procedure("1", hospA, 0, "27447"), stay("2", hospA, 2, 4, "470", "01")}, "outpatient whole 0..0 9000.00 0"},
		// discharge day 3: from the hospital always the anchor's, from the office after it
		{"on the day of discharge", []*claim.Event{stay("1", hospA, 0, 3, "470", "01"), seen("2", 3, "99238", "21"), seen("3", 3, "99213", "11")},
			"professional always 3..3 100.00 0; professional whole 3..3 100.00 0"},
		{"180 days after, and 181", []*claim.Event{stay("1", hospA, 0, 3, "470", "01"), seen("2", 183, "99213", "11"), seen("3", 184, "99213", "11")},
			"professional whole 183..183 100.00 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := feed{events: tt.events}
			f.group(t)
			if got := lines(&f.sink.episodes[0]); got != tt.want {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// months gives a person whose enrolment says the same in every month of 2025,
// but for the ones named.
func person(change func(month int, c *claim.Cover)) *claim.Person {
	p := &claim.Person{Months: map[int]claim.Cover{}}
	for m := range 12 {
		c := claim.Cover{AB: true}
		change(m+1, &c)
		p.Months[claim.Month(calendar.Date(2025, 1, 1))+m] = c
	}
	return p
}

func day(n int) *calendar.Day {
	d := day0() + calendar.Day(n)
	return &d
}

// TestEligibility: who is not eligible upon admission leaves a cancelled,
// flagged episode at any length; who loses it later, one cancelled at lengths
// that reach so far (42 CFR 512.535, 512.537(b); ruling 14).
func TestEligibility(t *testing.T) {
	always := person(func(int, *claim.Cover) {})
	managed := person(func(_ int, c *claim.Cover) { c.MA = true })
	partA := person(func(m int, c *claim.Cover) { c.AB = m > 1 })
	leaves := person(func(m int, c *claim.Cover) { c.MA = m >= 2 })
	kidney := person(func(int, *claim.Cover) {})
	kidney.ESRD = true
	dead, diedInside, diedLater := *always, *always, *leaves
	dead.Death, diedInside.Death, diedLater.Death = day(20), day(3), day(25)
	other := stay("1", hospA, 0, 3, "470", "01")
	other.NotPrimary, other.Payer = true, 50_00
	fine := func() *claim.Event { return stay("1", hospA, 0, 3, "470", "01") }
	died := stay("1", hospA, 0, 3, "470", "20")
	tests := []struct {
		name   string
		person *claim.Person
		stay   *claim.Event
		flags  uint32
		at1    bool // cancelled at a length of one day
		at30   bool
	}{
		{"nothing known", nil, fine(), 0, false, false},
		{"eligible", always, fine(), 0, false, false},
		{"managed care", managed, fine(), group.DropMA, true, true},
		{"not in both parts", partA, fine(), group.DropNotAB, true, true},
		{"kidney disease", kidney, fine(), group.DropESRD, true, true},
		{"another payer first", always, other, group.DropSecondary, true, true},
		// Day 3 is 4 January; enrolment ends on the 31st, day 30: 30 days are 3..32.
		{"managed care from February", leaves, fine(), 0, false, true},
		// The death on day 25 comes before the loss of eligibility.
		{"died before that", &diedLater, fine(), 0, false, false},
		{"died after discharge", &dead, fine(), 0, false, false},
		{"died on the day of discharge", &diedInside, fine(), 0, true, true},
		{"discharged as dead, without a date of death", always, died, 0, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := feed{events: []*claim.Event{tt.stay}, persons: map[string]*claim.Person{"P": tt.person}}
			r := f.group(t)
			e := f.sink.episodes[0]
			if e.DropFlags != tt.flags {
				t.Errorf("flags %d, want %d", e.DropFlags, tt.flags)
			}
			if got := codes(r)["E001"]; (got > 0) != (tt.flags != 0) {
				t.Errorf("%d E001", got)
			}
			off := func(d *calendar.Day) int32 {
				if d == nil {
					return panel.NoEnd
				}
				return int32(*d - e.End)
			}
			p := panel.Row{EligOff: off(e.EligEnd), DeathOff: off(e.Death)}
			if p.Cancelled(1, false) != tt.at1 || p.Cancelled(30, false) != tt.at30 {
				t.Errorf("cancelled at 1 %v, at 30 %v", p.Cancelled(1, false), p.Cancelled(30, false))
			}
		})
	}
}

func TestPayerAfterTheAnchor(t *testing.T) {
	v := seen("2", 20, "99213", "11")
	v.NotPrimary, v.Payer = true, 10_00
	f := feed{events: []*claim.Event{stay("1", hospA, 0, 3, "470", "01"), v}}
	r := f.group(t)
	e := f.sink.episodes[0]
	// The line counts for nothing (ruling 23); the episode goes on, flagged.
	if e.DropFlags != group.DropPayerAfter || e.EligEnd != nil || e.Services[0].Excluded == 0 || codes(r)["A007"] != 1 || codes(r)["E001"] != 1 {
		t.Errorf("%+v %v", e, codes(r))
	}
}

// TestDestination: the discharge status beside the first post-acute claim
// (C005).
func TestDestination(t *testing.T) {
	care := func(kind claim.Kind, provider string, from int) *claim.Event {
		return event(kind, "2", provider, from, from+10, 5_000_00)
	}
	tests := []struct {
		name, status string
		care         *claim.Event
		want         int
	}{
		{"nursing, as stated", "03", care(claim.SNF, snfX, 3), 0},
		{"nursing stated, home health given", "03", care(claim.HHA, "017001", 4), 1},
		{"home, but nursing on the same day", "01", care(claim.SNF, snfX, 3), 1},
		{"home, nursing a week later", "01", care(claim.SNF, snfX, 10), 0},
		{"home health stated, rehabilitation given", "06", care(claim.Inpatient, irfX, 3), 1},
		{"rehabilitation, as stated", "62", care(claim.Inpatient, irfX, 3), 0},
		{"long-term, as stated", "63", care(claim.Inpatient, ltchX, 4), 0},
		{"hospice stated, nothing came", "50", nil, 0},
		{"dead, but nursing", "20", care(claim.SNF, snfX, 4), 1},
		{"no status", "", care(claim.SNF, snfX, 3), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := feed{events: []*claim.Event{stay("1", hospA, 0, 3, "470", tt.status)}}
			if tt.care != nil {
				f.events = append(f.events, tt.care)
			}
			if got := codes(f.group(t))["C005"]; got != tt.want {
				t.Errorf("%d C005, want %d", got, tt.want)
			}
		})
	}
	alive := &claim.Person{Death: day(40)}
	f := feed{events: []*claim.Event{stay("1", hospA, 0, 3, "470", "20")}, persons: map[string]*claim.Person{"P": alive}}
	if r := f.group(t); codes(r)["C005"] != 1 || *f.sink.episodes[0].Death != *day(40) {
		t.Errorf("%v", codes(r))
	}
}

func TestAfterDeath(t *testing.T) {
	f := feed{
		persons: map[string]*claim.Person{"P": {Death: day(10)}},
		events:  []*claim.Event{stay("1", hospA, 0, 3, "470", "01"), seen("2", 10, "99213", "11"), seen("3", 11, "99213", "11")},
	}
	if got := codes(f.group(t))["S004"]; got != 1 {
		t.Errorf("%d S004", got)
	}
}

// TestStandardized: where a bill has a standardized amount it counts, else the
// raw one, and the episode says so; the books stay raw and balance.
func TestStandardized(t *testing.T) {
	build := func() []*claim.Event {
		return []*claim.Event{stay("1", hospA, 0, 3, "470", "01"), seen("2", 10, "99213", "11"), seen("3", 12, "99213", "11")}
	}
	with := func(v *claim.Event, std money.Cents) { v.Std = &std }
	tests := []struct {
		name   string
		set    func([]*claim.Event)
		approx bool
		notStd bool
		anchor money.Cents
		note   string
	}{
		{"raw only", func([]*claim.Event) {}, false, true, 10_000_00, ""},
		{"all standardized", func(e []*claim.Event) { with(e[0], 9_000_00); with(e[1], 90_00); with(e[2], 90_00) }, false, false, 9_000_00, ""},
		{"mixed", func(e []*claim.Event) { with(e[0], 9_000_00); with(e[1], 90_00) }, false, true, 9_000_00, "MIXED AMOUNTS: 1 of 3"},
		{"approximated", func(e []*claim.Event) { with(e[0], 9_000_00) }, true, true, 9_000_00, "approximated"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := feed{events: build(), approx: tt.approx}
			tt.set(f.events)
			r := f.group(t) // Finish checks that books and episodes balance
			e := f.sink.episodes[0]
			if e.StdAnchor != tt.anchor || *e.RawAnchor != 10_000_00 || e.NotStd != tt.notStd {
				t.Errorf("std %s raw %s, not standardized %v", e.StdAnchor, *e.RawAnchor, e.NotStd)
			}
			if notes := strings.Join(r.Notes, "\n"); tt.note != "" && !strings.Contains(notes, tt.note) || tt.note == "" && strings.Contains(notes, "A005") {
				t.Errorf("notes %q", notes)
			}
		})
	}
}

// tables are a made-up Table 5 and HCC map.
func tables(t testing.TB) *reference.Set {
	t.Helper()
	s, err := reference.New(
		[]store.DRG{
			{FY: 2025, Code: "194", MDC: "04", GMLOS: 310}, {FY: 2025, Code: "768", MDC: "14", GMLOS: 270},
			{FY: 2025, Code: "945", MDC: "23", GMLOS: 990}, {FY: 2025, Code: "114", MDC: "03", GMLOS: 200},
		},
		[]store.HCC{{Year: 2025, Version: 28, Diagnosis: "E1122", Category: 37}, {Year: 2025, Version: 28, Diagnosis: "I509", Category: 226}, {Year: 2025, Version: 28, Diagnosis: "I5022", Category: 226}, {Year: 2025, Version: 24, Diagnosis: "I509", Category: 85}},
		nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTable5 fills mean stays, and the diagnostic categories that count for
// nothing: here the made-up table says that 114 is no eye stay, which the
// built-in list says it is.
func TestTable5(t *testing.T) {
	f := feed{tables: tables(t), events: []*claim.Event{
		stay("1", hospA, 0, 3, "470", "01"), stay("2", hospB, 20, 25, "194", "01"), stay("3", hospA, 30, 32, "768", "01"),
		stay("4", hospA, 40, 42, "999", "01"), stay("5", irfX, 45, 50, "945", "01"), stay("6", hospA, 60, 61, "114", "01"),
	}}
	r := f.group(t)
	var got []string
	for _, s := range f.sink.episodes[0].Services {
		got = append(got, fmt.Sprintf("%s %d %d", s.Code, s.GMLOS, s.Excluded))
	}
	// 945 is a rehabilitation stay: split by its days (42 CFR 512.555(b)(1)).
	if s := strings.Join(got, "; "); s != "194 310 0; 768 270 2; 999 0 0; 945 0 0; 114 200 0" {
		t.Errorf("got %s", s)
	}
	if n := codes(r)["C003"]; n != 2 { // 999 and 945
		t.Errorf("%d C003", n)
	}
}

// TestConditions counts distinct categories of the 180 days that end on the day
// before the anchor: day -1 counts, day 0 and day -181 do not, nor equipment.
func TestConditions(t *testing.T) {
	sick := func(v *claim.Event, codes ...string) *claim.Event {
		for _, c := range codes {
			v.Diagnoses = append(v.Diagnoses, claim.Diagnosis{Code: c, ICD10: true})
		}
		return v
	}
	f := feed{tables: tables(t), events: []*claim.Event{
		sick(seen("0", -300, "99213", "11")),
		sick(seen("1", -181, "99213", "11"), "E1122"),
		sick(seen("2", -180, "99213", "11"), "I509"),
		sick(seen("3", -1, "99213", "11"), "I5022", "Z000"),
		sick(event(claim.DME, "4", "", -5, -5, 1_00), "E1122"),
		sick(stay("5", hospA, 0, 3, "470", "01"), "E1122"),
	}}
	f.group(t)
	e := f.sink.episodes[0]
	if e.HCC == nil || *e.HCC != 1 || e.RiskFacts == nil || *e.RiskFacts != "v24=85 v28=226" {
		t.Errorf("%v %v", e.HCC, e.RiskFacts)
	}
	g := feed{tables: tables(t), events: []*claim.Event{sick(seen("2", -100, "99213", "11"), "I509"), stay("5", hospA, 0, 3, "470", "01")}}
	g.group(t)
	if e := g.sink.episodes[0]; e.HCC != nil || *e.RiskFacts != "" {
		t.Errorf("claims that begin 100 days before: %v %q", e.HCC, *e.RiskFacts)
	}
}
