package store

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

func TestEpisodesRoundTrip(t *testing.T) {
	ctx := context.Background()
	s := newStore(t)
	rapid.Check(t, func(rt *rapid.T) {
		byKey := map[string]*Episode{}
		b, err := s.Begin(ctx, BatchInfo{Format: Native})
		if err != nil {
			rt.Fatal(err)
		}
		defer b.Rollback() //nolint:errcheck // after a failure only
		for _, e := range rapid.SliceOfN(episodeGen(), 1, 8).Draw(rt, "episodes") {
			if err := b.Episode(e); err != nil {
				rt.Fatal(err)
			}
			byKey[e.Key] = e // the same key again replaces
		}
		if err := b.Commit(); err != nil {
			rt.Fatal(err)
		}
		for key, want := range byKey {
			got, found, err := s.Episode(ctx, key)
			if err != nil || !found {
				rt.Fatal(found, err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				rt.Fatal(diff)
			}
		}
		sameInEngine(rt, load(t, s), byKey)
	})
	if r, err := s.Doctor(ctx); err != nil || !r.OK() {
		t.Errorf("doctor: %+v %v", r, err)
	}
}

// sameInEngine compares the panel with what was put in.
func sameInEngine(t *rapid.T, d *Data, want map[string]*Episode) {
	for i := range d.Panel.Episodes {
		p := d.Panel.Episode(i)
		e, ok := want[p.Key]
		if !ok {
			continue // of an earlier round
		}
		w := panel.Episode{
			Key: e.Key, Hospital: p.Hospital, Category: e.Category, Inpatient: e.Inpatient, Trigger: e.Trigger, Cell: e.Cell,
			Start: e.Start, End: e.End, Anchor: e.StdAnchor, NotStd: e.NotStd, ObsDays: p.ObsDays, EligOff: panel.NoEnd, DeathOff: panel.NoEnd,
			Risk: e.Risk, ObsGuess: e.DataThrough == nil, Surgeon: e.Operating,
		}
		if e.DataThrough != nil {
			w.ObsDays = int32(*e.DataThrough-e.End) + 1
		}
		if e.EligEnd != nil {
			w.EligOff = int32(*e.EligEnd - e.End)
		}
		if e.Death != nil {
			w.DeathOff = int32(*e.Death - e.End)
		}
		var services []episode.Service
		for _, s := range e.Services {
			services = append(services, s.Service)
		}
		w.Services = episode.Pack(services...)
		if ccn := d.Panel.Hospitals[p.Hospital].CCN; ccn != e.CCN {
			t.Fatalf("hospital %s, want %s", ccn, e.CCN)
		}
		if diff := cmp.Diff(w, p, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestSecondImport(t *testing.T) {
	s := newStore(t)
	info := BatchInfo{Format: Synthetic, App: "1.0", Synthetic: true, Note: "n", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	first := begin(t, s, info)
	put(t, first, plain(1, 100), plain(2, 100))
	commit(t, first)
	before := load(t, s)
	second := begin(t, s, BatchInfo{Format: Native})
	put(t, second, plain(2, 100), plain(1, 300), plain(3, 100), plain(3, 400))
	if got, want := second.Counts(), (Counts{New: 1, Replaced: 1, Same: 1, Again: 1, Services: 6}); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
	commit(t, second)
	d := load(t, s)
	var amounts []money.Cents
	for i := range d.Panel.Episodes {
		e := d.Panel.Episode(i)
		if e.Key != plain(i+1, 0).Key {
			t.Errorf("episode %d is %s: a replaced one keeps its place", i, e.Key)
		}
		amounts = append(amounts, e.Anchor, e.Services.At(0).Amount)
	}
	if diff := cmp.Diff([]money.Cents{300, 300, 100, 100, 400, 400}, amounts); diff != "" {
		t.Error(diff)
	}
	if !before.Info.Synthetic || before.Info.Mixed || d.Info.Synthetic || !d.Info.Mixed {
		t.Errorf("made up: %+v then %+v", before.Info, d.Info)
	}
	if !before.Info.Imported.Equal(info.At) {
		t.Errorf("imported %v", before.Info.Imported)
	}
	if diff := cmp.Diff([]Format{Synthetic, Native}, d.Info.Formats); diff != "" {
		t.Error(diff)
	}
}

// A cover that the file leaves blank is the batch's latest service day, ruling
// 13: obs_days = data_through - anchor_end + 1.
func TestAssumedCover(t *testing.T) {
	s := newStore(t)
	cover := func() (all []int32) {
		for _, e := range load(t, s).Panel.Episodes {
			all = append(all, e.ObsDays)
		}
		return all
	}
	check := func(want ...int32) {
		t.Helper()
		if diff := cmp.Diff(want, cover()); diff != "" {
			t.Error(diff)
		}
	}
	one, two, stated := plain(1, 100), plain(2, 100), plain(3, 100)
	stated.DataThrough = ptr(stated.End + 9) // 10 days
	b := begin(t, s, BatchInfo{Format: Native})
	put(t, b, one, two, stated)
	commit(t, b)
	// plain(i) ends on day i of the year's count and its last service is 39
	// days later; the latest is plain(3)'s, 42. 42-1+1 = 42, 42-2+1 = 41.
	check(42, 41, 10)
	b = begin(t, s, BatchInfo{Format: Native})
	put(t, b, one, plain(11, 100)) // latest 11+39 = 50: one is the same, 50-1+1
	commit(t, b)
	check(50, 41, 10, 40)
	b = begin(t, s, BatchInfo{Format: Native})
	put(t, b, one) // alone it reaches 40: the longer cover stays
	commit(t, b)
	check(50, 41, 10, 40)
	b = begin(t, s, BatchInfo{Format: Native})
	b.DataThrough(two.End + 99)
	put(t, b, two)
	commit(t, b)
	check(50, 100, 10, 40)
	bare := plain(4, 100)
	bare.Services = nil
	b = begin(t, s, BatchInfo{Format: Native})
	put(t, b, bare) // no service at all: to its own anchor end
	commit(t, b)
	check(50, 100, 10, 40, 1)
	if a := load(t, s).Info.Assumed; a != 4 {
		t.Errorf("%d assumed", a)
	}
}

func TestRollbackLeavesNothing(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	put(t, b, plain(1, 100))
	if err := b.SetMeta("key_id", "x"); err != nil {
		t.Fatal(err)
	}
	if err := b.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := b.Episode(plain(2, 100)); err == nil {
		t.Error("a batch that ended takes episodes")
	}
	if err := b.Commit(); err == nil {
		t.Error("a batch that was undone commits")
	}
	if d := load(t, s); d.Info.Episodes+d.Info.Hospitals != 0 || !d.Info.Imported.IsZero() {
		t.Errorf("left: %+v", d.Info)
	}
	if _, ok, err := s.Meta(context.Background(), "key_id"); ok || err != nil {
		t.Error(ok, err)
	}
}

func TestCancelledImport(t *testing.T) {
	s := newStore(t)
	ctx, cancel := context.WithCancel(context.Background())
	b, err := s.Begin(ctx, BatchInfo{Format: Native})
	if err != nil {
		t.Fatal(err)
	}
	put(t, b, plain(1, 100))
	cancel()
	if err := b.Episode(plain(2, 100)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if err := b.Commit(); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if n := load(t, s).Info.Episodes; n != 0 {
		t.Errorf("%d episodes", n)
	}
	if _, err := s.Load(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestBadRowsAreRefusedAndLeaveTheBatchUsable(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	for _, tt := range []struct {
		want string
		edit func(*Episode)
	}{
		{"no key", func(e *Episode) { e.Key = "" }},
		{"category", func(e *Episode) { e.Category = 6 }},
		{"six characters", func(e *Episode) { e.CCN = "1" }},
		{"before its start", func(e *Episode) { e.End = e.Start - 1 }},
		{"risk", func(e *Episode) { e.Risk = -1 }},
		{"sex", func(e *Episode) { e.Sex = "X" }},
		{"service 1", func(e *Episode) { e.Services[0].To = -1 }},
		{"Setting(11)", func(e *Episode) { e.Services[1].Setting = episode.NumSettings }},
		{"Rule(5)", func(e *Episode) { e.Services[1].Rule = 5 }},
		{"GMLOS", func(e *Episode) { e.Services[1].GMLOS = -1 }},
		{"ten trillion", func(e *Episode) { e.Services[1].Amount = maxAmount + 1 }},
		{"kind of code", func(e *Episode) { e.Services[1].CodeKind = "drg" }},
	} {
		e := plain(1, 100)
		tt.edit(e)
		if err := b.Episode(e); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v", tt.want, err)
		}
	}
	for _, r := range []PriceRow{{Kind: "x", Division: 1}, {Kind: price.Benchmark}, {Kind: price.Benchmark, Division: 1, Days: -1}} {
		if err := b.Prices([]PriceRow{r}); err == nil {
			t.Errorf("%+v is taken", r)
		}
	}
	for _, h := range []Hospital{{CCN: "12"}, {CCN: "360001", Division: 10}} {
		if err := b.Hospitals([]Hospital{h}); err == nil {
			t.Errorf("%+v is taken", h)
		}
	}
	put(t, b, plain(1, 100))
	commit(t, b)
	if n := load(t, s).Info.Services; n != 2 {
		t.Errorf("%d services", n)
	}
}

func TestPrices(t *testing.T) {
	s := newStore(t)
	full := PriceRow{
		Kind: price.Benchmark, Cell: "470", Division: 3, Days: 30, Period: "PY1", Price: 2_400_000, P99: ptr(money.Cents(1)),
		PostMean: ptr(money.Cents(2)), PostSD: ptr(money.Cents(3)), Mean: ptr(money.Cents(4)), SD: ptr(money.Cents(5)), P1: ptr(money.Cents(6)),
		P5: ptr(money.Cents(7)), P75: ptr(money.Cents(8)), P95: ptr(money.Cents(9)), Episodes: 10, Source: "made up", AsOf: 20_000,
	}
	bare := PriceRow{Kind: price.Preliminary, Cell: "521", Division: 9, Days: 90, Price: -1}
	b := begin(t, s, BatchInfo{Format: Native})
	if err := b.Prices([]PriceRow{bare, full}); err != nil {
		t.Fatal(err)
	}
	commit(t, b)
	if diff := cmp.Diff([]PriceRow{full, bare}, load(t, s).Prices.Rows()); diff != "" {
		t.Error(diff)
	}
	full.Price, full.P99 = 1, nil
	b = begin(t, s, BatchInfo{Format: Native})
	if err := b.Prices([]PriceRow{full}); err != nil {
		t.Fatal(err)
	}
	commit(t, b)
	d := load(t, s)
	if diff := cmp.Diff([]PriceRow{full, bare}, d.Prices.Rows()); diff != "" || d.Info.Prices != 2 {
		t.Error(diff)
	}
}

func TestFilesAndMeta(t *testing.T) {
	ctx := context.Background()
	s := newStore(t)
	info := BatchInfo{Format: RIF, App: "1.2.3", Note: "first try", At: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)}
	file := File{
		Role: "snf", Name: "snf.csv", SHA256: bytes.Repeat([]byte{7}, 32), Bytes: 1 << 40, Read: 10, Loaded: 6, Skipped: 3, Warned: 2, Rejected: 1,
		AmountRead: 1000, AmountLoaded: 600, AmountSkipped: 300, AmountRejected: 100,
		Problems: []Problem{
			{Code: "D002", Severity: Reject, Line: 7, Column: "to_date", Hint: "9999-99-99", Message: "ends before it starts", Count: 1},
			{Code: "F005", Severity: Warning, Message: "unknown column", Count: 12},
		},
	}
	b := begin(t, s, info)
	if err := errors.Join(b.File(file), b.File(File{Role: "prices", Name: "p.csv", SHA256: []byte{1}}), b.SetMeta("key_id", "k1")); err != nil {
		t.Fatal(err)
	}
	put(t, b, plain(1, 100))
	commit(t, b)
	list, err := s.ListBatches(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want := []BatchRecord{{
		ID: 1, BatchInfo: info, Counts: Counts{New: 1, Services: 2}, DataThrough: ptr(plain(1, 0).End + calendar.Day(39)), CanUndo: true,
		Files: []File{file, {Role: "prices", Name: "p.csv", SHA256: []byte{1}}},
	}}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	for _, tt := range []struct {
		sum  []byte
		want bool
	}{{file.SHA256, true}, {bytes.Repeat([]byte{8}, 32), false}} {
		if seen, err := s.SeenIn(ctx, tt.sum); err != nil || len(seen) == 1 != tt.want {
			t.Errorf("%x: %v %v", tt.sum, seen, err)
		}
	}
	if v, ok, err := s.Meta(ctx, "key_id"); v != "k1" || !ok || err != nil {
		t.Error(v, ok, err)
	}
	if err := errors.Join(s.SetMeta(ctx, "name", "Two counties"), s.SetMeta(ctx, "name", "Three counties")); err != nil {
		t.Fatal(err)
	}
	if name := load(t, s).Panel.Name; name != "Three counties" {
		t.Errorf("name %q", name)
	}
	if _, found, err := s.Episode(ctx, "nobody"); found || err != nil {
		t.Error(found, err)
	}
}
