package native

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/pseudonym"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// kept is a sink that keeps everything.
type kept struct {
	episodes []store.Episode
	files    []store.File
	through  calendar.Day
}

func (k *kept) Hospitals([]store.Hospital) error { return nil }
func (k *kept) Episode(e *store.Episode) error   { k.episodes = append(k.episodes, *e); return nil }
func (k *kept) Prices([]store.PriceRow) error    { return nil }
func (k *kept) File(f store.File) error          { k.files = append(k.files, f); return nil }
func (k *kept) DataThrough(d calendar.Day)       { k.through = d }

// imported is what an import of the two files gives, put into one order: the
// books' fingerprints and findings by line, the services by key.
func imported(t *rapid.T, episodes, services []string, most bounds) (*kept, *control.Report) {
	dir, err := os.MkdirTemp("", "order")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	for name, rows := range map[string][]string{
		"episodes.csv": append([]string{"episode_key,bene_key,ccn,category,anchor_type,trigger_code,anchor_start,anchor_end,std_anchor"}, episodes...),
		"services.csv": append([]string{"episode_key,line_key,setting,from_date,to_date,std_allowed"}, services...),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	key, err := pseudonym.New(make([]byte, pseudonym.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	triggers, err := trigger.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	k := &kept{}
	run := &control.Run{Format: store.Native, Key: key, Triggers: triggers, Today: calendar.Date(2026, 1, 1)}
	run.Begin(k)
	if err := read(context.Background(), run, dir, most); err != nil {
		t.Fatal(err)
	}
	report, err := run.Finish()
	if err != nil && !strings.Contains(err.Error(), "were rejected") {
		t.Fatal(err)
	}
	for i := range k.episodes {
		slices.SortFunc(k.episodes[i].Services, func(a, b store.Service) int { return strings.Compare(a.LineKey, b.LineKey) })
	}
	for i := range report.Files {
		f := &report.Files[i]
		f.SHA256 = nil
		for n := range f.Problems {
			f.Problems[n].Line = 0
		}
		slices.SortFunc(f.Problems, func(a, b store.Problem) int {
			return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
		})
	}
	return k, report
}

// TestAnyOrderIsRead holds the reading in rounds, with room for a few lines
// only, against the one that streams: whatever the order of services.csv, and
// with rows that are rejected, too short or nobody's, the same episodes, books
// and findings come out.
func TestAnyOrderIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var episodes, services []string
		for i := range rapid.IntRange(1, 12).Draw(t, "episodes") {
			row := fmt.Sprintf("G%d,P%d,010001,LEJR,IP,470,2025-01-0%d,2025-01-09,1000.00", i, i, i%9+1)
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				row = strings.Replace(row, "470", "871", 1)
			case 1:
				row = strings.TrimSuffix(row, ",1000.00")
			case 2:
				row = strings.Replace(row, fmt.Sprintf("G%d,", i), fmt.Sprintf("G%d,", max(0, i-1)), 1)
			}
			episodes = append(episodes, row)
			for n := range rapid.IntRange(0, 4).Draw(t, "lines") {
				key := fmt.Sprintf("G%d", i)
				if rapid.IntRange(0, 9).Draw(t, "orphan") == 0 {
					key = "X"
				}
				line := fmt.Sprintf("%s,%d-%d,outpatient,2025-01-1%d,2025-01-1%d,10.00", key, i, n, n, n)
				switch rapid.IntRange(0, 9).Draw(t, "fault") {
				case 0:
					line = strings.Replace(line, "2025-01", "2025-13", 1)
				case 1:
					line = strings.TrimSuffix(line, ",10.00")
				}
				services = append(services, line)
			}
		}
		want, wantReport := imported(t, episodes, services, bounds{lines: 1000, episodes: 1000})
		most := bounds{lines: rapid.IntRange(1, 8).Draw(t, "held lines"), episodes: rapid.IntRange(1, 4).Draw(t, "held episodes")}
		got, report := imported(t, episodes, rapid.Permutation(services).Draw(t, "order"), most)
		if d := cmp.Diff(want.episodes, got.episodes); d != "" {
			t.Fatalf("another order, other episodes:\n%s", d)
		}
		if d := cmp.Diff(wantReport.Files, report.Files); d != "" {
			t.Fatalf("another order, other books:\n%s", d)
		}
		if want.through != got.through {
			t.Fatalf("data through %s, then %s", want.through, got.through)
		}
	})
}
