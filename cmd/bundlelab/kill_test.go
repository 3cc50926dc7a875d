package main

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to look at the database as another program would
)

// killed is the real program on a home of its own.
type killed struct {
	t        *testing.T
	dir, db  string
	round    int
	old      string // digest of what the database holds
	duration time.Duration
}

// files writes the files of a round. Half of the episodes of the round before
// come again with other amounts, some unchanged, and the others are new.
func (k *killed) files() string {
	k.t.Helper()
	const episodes = 60
	var e, s strings.Builder
	e.WriteString("episode_key,bene_key,ccn,category,anchor_type,trigger_code,anchor_start,anchor_end,std_anchor,data_through\n")
	s.WriteString("episode_key,line_key,setting,from_date,to_date,std_allowed\n")
	for i := range episodes {
		at := i + k.round%7*episodes/2
		amount := 10_000 + k.round*(i%3)
		fmt.Fprintf(&e, "E%d,P%d,10000%d,LEJR,IP,470,2025-02-27,2025-03-01,%d.00,2025-12-31\n", at, at, at%9, amount)
		for line := range 3 {
			fmt.Fprintf(&s, "E%d,%d,snf,2025-03-0%d,2025-03-20,%d.00\n", at, line, line+1, amount)
		}
	}
	folder := filepath.Join(k.dir, "in")
	if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(folder, "episodes.csv"), []byte(e.String()), 0o600),
		os.WriteFile(filepath.Join(folder, "services.csv"), []byte(s.String()), 0o600)); err != nil {
		k.t.Fatal(err)
	}
	return folder
}

func (k *killed) env() []string { return homeEnv(k.dir) }

// homeEnv makes a folder the home of a program.
func homeEnv(dir string) []string {
	return append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=", "XDG_STATE_HOME=", "BUNDLELAB_DB=")
}

// start begins an import of the round's files.
func (k *killed) start(folder, db string) *exec.Cmd {
	k.t.Helper()
	cmd := exec.Command("bundlelab", "import", "--from", "native", folder, "--db", db)
	cmd.Env = k.env()
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	return cmd
}

// digest checks the whole file and reduces what it holds, without the clock
// and what is derived.
func (k *killed) digest(path string) string {
	k.t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	h := sha256.New()
	rows := func(query string) (all []string) {
		r, err := db.Query(query)
		if err != nil {
			k.t.Fatal(err)
		}
		names, err := r.Columns()
		if err != nil {
			k.t.Fatal(err)
		}
		for r.Next() {
			cells, to := make([]any, len(names)), make([]any, len(names))
			for i := range to {
				to[i] = &cells[i]
				if names[i] == "imported_at" {
					to[i] = new(any)
				}
			}
			if err := r.Scan(to...); err != nil {
				k.t.Fatal(err)
			}
			all = append(all, fmt.Sprint(cells...))
		}
		if err := errors.Join(r.Err(), r.Close()); err != nil {
			k.t.Fatal(err)
		}
		slices.Sort(all)
		return all
	}
	if sound := rows("PRAGMA integrity_check"); len(sound) != 1 || sound[0] != "ok" {
		k.t.Fatalf("integrity_check: %v", sound)
	}
	if lost := rows("PRAGMA foreign_key_check"); len(lost) != 0 {
		k.t.Fatalf("foreign_key_check: %v", lost)
	}
	for _, table := range rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('data_version','snapshot','col_chunk')") {
		h.Write([]byte(table))
		for _, row := range rows("SELECT * FROM " + table) {
			h.Write([]byte(row + "\n"))
		}
	}
	for _, text := range rows("SELECT name, sql FROM sqlite_schema") {
		h.Write([]byte(text + "\n"))
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// want imports the round's files into a copy of the database, undisturbed.
func (k *killed) want(folder string, before []byte) string {
	k.t.Helper()
	path := filepath.Join(k.dir, "undisturbed.db")
	if err := os.WriteFile(path, before, 0o600); err != nil {
		k.t.Fatal(err)
	}
	if err := k.start(folder, path).Wait(); err != nil {
		k.t.Fatal(err)
	}
	return k.digest(path)
}

// An interrupt ends an import with exit code 130 and nothing changed, unless it
// comes after the commit.
func TestInterruptedImport(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a program cannot be sent an interrupt there")
	}
	k := &killed{t: t, dir: t.TempDir()}
	k.db = filepath.Join(k.dir, "h.db")
	if err := k.start(k.files(), k.db).Wait(); err != nil {
		t.Fatal(err)
	}
	k.old = k.digest(k.db)
	interrupted := false
	for wait := 30 * time.Millisecond; !interrupted && wait < 10*time.Second; wait += wait / 4 {
		k.round++
		cmd := k.start(k.files(), k.db)
		time.Sleep(wait)
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended already
		err := cmd.Wait()
		var exit *exec.ExitError
		switch now := k.digest(k.db); {
		case err == nil:
			k.old = now
		case !errors.As(err, &exit) || now != k.old:
			t.Fatalf("%v, and the content is another: %v", err, now != k.old)
		default:
			// Before the program listens, the interrupt kills it: that is code -1.
			interrupted = exit.ExitCode() == exitInterrupted
		}
	}
	if !interrupted {
		t.Error("no import was interrupted")
	}
}

// TestKilledAtAnyMoment kills the program 200 times while it imports into a
// database that holds something, at moments spread evenly from its start to past
// its end, and as many around its commit: the file is sound each time
// and holds exactly what it held, or exactly what an undisturbed import makes of
// it, and both happen.
func TestKilledAtAnyMoment(t *testing.T) {
	kills, renewed := 200, make([]int, 2)
	if testing.Short() {
		kills = 20
	}
	t.Run("databases", func(t *testing.T) {
		for i := range renewed {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				renewed[i] = killMany(t, kills/len(renewed), uint64(i))
			})
		}
	})
	n := renewed[0] + renewed[1]
	t.Logf("%d kills: new content %d times, old %d times", kills, n, kills-n)
	if !testing.Short() && (n == 0 || n == kills) {
		t.Errorf("all kills came before the commit, or after it: new content %d times", n)
	}
}

// moments are parts of an import's time from its start to a tenth past its end,
// each as far from the next, in a shuffled order.
func moments(kills int, order *rand.Rand) []float64 {
	all := make([]float64, kills)
	for i, place := range order.Perm(kills) {
		all[i] = 1.1 * float64(place) / float64(kills-1)
	}
	return all
}

// killMany kills imports into one database and gives how often the new content
// was there. How long an import takes is measured again on those that end by
// themselves, since other programs of the machine come and go; where the commit
// is, on what every kill found.
func killMany(t *testing.T, kills int, seed uint64) (renewed int) {
	k := &killed{t: t, dir: t.TempDir()}
	k.db = filepath.Join(k.dir, "h.db")
	folder := ""
	for k.round = range 2 { // the first also makes the key and the database
		folder = k.files()
		began := time.Now()
		if err := k.start(folder, k.db).Wait(); err != nil {
			t.Fatal(err)
		}
		k.duration = time.Since(began)
	}
	k.old = k.digest(k.db)
	last, commit, order := k.round, 0.8, rand.New(rand.NewPCG(seed, 1))
	for n, share := range moments(kills, order) {
		if n%2 == 0 {
			share = max(0, commit+0.3*(order.Float64()-0.5))
		}
		if k.round == last { // its files are in: the next ones
			k.round++
			folder = k.files()
		}
		before, err := os.ReadFile(k.db)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		cmd := k.start(folder, k.db)
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
			k.duration = (k.duration + time.Since(began)) / 2
		case <-time.After(time.Duration(share * float64(k.duration))):
			_ = cmd.Process.Kill() // it may have ended already
			t.Log("killed:", <-ended)
			if share > 1 {
				k.duration += k.duration / 20
			}
		}
		now := k.digest(k.db)
		if now == k.old {
			if n%2 == 0 {
				commit += 0.02
			}
			continue
		}
		if n%2 == 0 {
			commit -= 0.02
		}
		if want := k.want(folder, before); now != want {
			t.Fatalf("kill %d, %.0f%% of the way: neither the old content nor the new", n, 100*share)
		}
		k.old, last, renewed = now, k.round, renewed+1
	}
	return renewed
}
