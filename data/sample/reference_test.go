package sample

import (
	"context"
	"strings"
	"testing"

	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

// 32 price cells x 9 divisions x lengths 0 to 90 = 26,208 rows, each curve never
// falling with length, each row in order.
func TestPrices(t *testing.T) {
	rows, err := Prices()
	if err != nil {
		t.Fatal(err)
	}
	if want := 32 * 9 * 91; len(rows) != want {
		t.Fatalf("%d rows, want %d", len(rows), want)
	}
	b, err := price.NewBook(rows)
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		cells[r.Cell] = true
		if r.Kind != price.Benchmark || r.Period != "" || !strings.Contains(r.Source, "SYNTHETIC") || r.Episodes < referenceEpisodes*9/10 {
			t.Fatalf("row %+v", r)
		}
		if *r.P1 > *r.P5 || *r.P5 > *r.P75 || *r.P75 > *r.P95 || *r.P95 > *r.P99 || r.Price > *r.Mean || r.Price < *r.P5 || *r.SD <= 0 || *r.PostMean <= 0 || *r.PostSD <= 0 {
			t.Errorf("cell %s, division %d, %d days is out of order", r.Cell, r.Division, r.Days)
		}
		if r.Days == 0 {
			continue
		}
		p, ok := b.Exact(price.Benchmark, r.Cell, r.Division, r.Days-1, "PY1")
		if !ok {
			t.Fatalf("cell %s, division %d has no price for %d days", r.Cell, r.Division, r.Days-1)
		}
		for k, pair := range [][2]money.Cents{{p.Price, r.Price}, {*p.Mean, *r.Mean}, {*p.P1, *r.P1}, {*p.P5, *r.P5}, {*p.P75, *r.P75}, {*p.P95, *r.P95}, {*p.P99, *r.P99}} {
			if pair[1] < pair[0] {
				t.Errorf("cell %s, division %d: column %d falls from %s to %s on day %d", r.Cell, r.Division, k, pair[0], pair[1], r.Days)
			}
		}
	}
	for _, c := range strings.Fields("231 232 233 234 235 236 329 330 331 402 426 427 428 429 430 447 448 450 451 469 470 471 472 473 480 481 482 521 522 523 524 525") {
		if !cells[c] {
			t.Errorf("no price for cell %s", c)
		}
	}
}

// The embedded table is what today's code makes: its parameters by fingerprint,
// its numbers for a few cells made again. The slack covers platforms that fuse
// a multiplication and an addition, where a patient in 12,000 may fare otherwise.
func TestReferenceIsFresh(t *testing.T) {
	m := newModel()
	if !strings.Contains(strings.SplitN(reference, "\n", 2)[0], m.fingerprint()) {
		t.Fatalf("%s was made with other parameters: run go generate ./data/sample", ReferenceFile)
	}
	have, err := readReference(reference)
	if err != nil {
		t.Fatal(err)
	}
	again := map[string]bool{"470": true, "481": true, "329": true, "523": true}
	for i, c := range m.cells() {
		if !again[c.code] || testing.Short() && c.code != "470" {
			continue
		}
		k, err := m.curve(context.Background(), &c, 1)
		if err != nil {
			t.Fatal(err)
		}
		for d := range k.at {
			want := k.at[d].amounts()
			for j, got := range have[i][1].at[d].amounts() {
				if (*got - *want[j]).Abs() > 150+*want[j]/400 {
					t.Fatalf("cell %s, %d days, column %d: %s in %s, %s made now: run go generate ./data/sample", c.code, d, j, *got, ReferenceFile, *want[j])
				}
			}
		}
	}
}

func TestReadReferenceRefuses(t *testing.T) {
	head := "# x\n" + referenceColumns + "\n"
	for _, text := range []string{"", "# x\ncell\n", head + "470,0,0", head + "470,0,0,x,1,1,1,1,1,1,1,1,1,1", head + "470,2,0,1,1,1,1,1,1,1,1,1,1,1", head + "470,0,91,1,1,1,1,1,1,1,1,1,1,1"} {
		if _, err := readReference(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}
