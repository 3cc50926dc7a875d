// Command bench measures bundlelab against yardsticks that run beside it: a sum
// over the same bytes, SQLite and DuckDB answering the same question, the
// SQLite driver alone, and its own slow ways. It prints ratios. Times of two
// machines, or of one machine on two days, say little; two times taken in turns
// say how they compare.
//
// It is a module of its own because DuckDB needs cgo and the product does not.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bundlelab/bench/board"
)

// options are what the command line says.
type options struct {
	episodes int
	rounds   int
	db       string // a database to measure on instead of a made one
	out      string // folder of everything that is written
	section  string // set in a child: the one thing it measures
	full     bool   // in a child: the section is about the database itself
	only     string // sections to measure
}

// sections in the order they are measured.
func sections() []string { return []string{"start", "import", "kernel", "frame"} }

func main() {
	var o options
	flag.IntVar(&o.episodes, "episodes", 700_000, "episodes of the synthetic database, in a thousand each per hospital")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each pair is measured in turns")
	flag.StringVar(&o.db, "db", "", "database to measure on; without it a synthetic one is made and kept")
	flag.StringVar(&o.out, "out", "out", "folder for databases and raw figures")
	flag.StringVar(&o.only, "only", strings.Join(sections(), ","), "sections to measure")
	flag.StringVar(&o.section, "section", "", "measure one section in this process and print its raw figures")
	flag.BoolVar(&o.full, "full", false, "in a child: measure on the database itself")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := o.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context) error {
	if o.episodes < 1 || o.rounds < 1 {
		return errors.New("episodes and rounds start at 1")
	}
	if o.section != "" {
		return o.child(ctx)
	}
	var err error
	if o.out, err = filepath.Abs(o.out); err != nil {
		return err
	}
	return o.parent(ctx)
}

// child measures one section. A process of its own has its own heap and peak
// memory.
func (o *options) child(ctx context.Context) error {
	r := &recorder{w: os.Stdout}
	switch o.section {
	case "import":
		return o.imports(ctx, r)
	case "kernel":
		return o.kernel(ctx, r)
	case "frame":
		return o.frames(ctx, r)
	}
	return fmt.Errorf("no section %q", o.section)
}

// parent stays small: what it starts would else inherit its peak memory in the
// books of the system.
func (o *options) parent(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(o.out, "home"), 0o700); err != nil {
		return err
	}
	if err := o.build(ctx); err != nil {
		return err
	}
	all := figures{}
	if o.db == "" {
		o.db = o.path(o.episodes)
		if err := o.sample(ctx, o.episodes, all); err != nil {
			return err
		}
	}
	only := strings.Split(o.only, ",")
	for _, name := range only {
		if !slices.Contains(sections(), name) {
			return fmt.Errorf("no section %q: use some of %s", name, strings.Join(sections(), ","))
		}
	}
	for _, name := range sections() {
		if !slices.Contains(only, name) {
			continue
		}
		say("measuring: %s", name)
		if err := o.measure(ctx, name, all); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return all.table(os.Stdout, o.episodes)
}

// measure runs one section and keeps its raw lines.
func (o *options) measure(ctx context.Context, name string, all figures) (err error) {
	f, err := os.Create(filepath.Join(o.out, name+".txt"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := &recorder{w: f, all: all}
	switch name {
	case "start":
		return o.start(ctx, r)
	case "frame":
		for _, n := range sizes(o.episodes) {
			if err := o.inChild(ctx, r, name, "-episodes", fmt.Sprint(n), fmt.Sprintf("-full=%t", n == o.episodes)); err != nil {
				return err
			}
		}
		return nil
	}
	return o.inChild(ctx, r, name, "-episodes", fmt.Sprint(o.episodes))
}

// sizes of the frames.
func sizes(episodes int) []int {
	return append(slices.DeleteFunc([]int{2_000, 50_000}, func(n int) bool { return n >= episodes }), episodes)
}

// inChild runs one child and takes its lines.
func (o *options) inChild(ctx context.Context, r *recorder, name string, args ...string) error {
	c, err := o.self(ctx, name, args...)
	if err != nil {
		return err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && err == nil {
		err = r.take(lines.Text() + "\n")
	}
	return errors.Join(err, lines.Err(), c.Wait())
}

// self is this program as a child.
func (o *options) self(ctx context.Context, section string, args ...string) (*exec.Cmd, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, exe, append([]string{"-section", section, "-db", o.db, "-out", o.out, "-rounds", fmt.Sprint(o.rounds)}, args...)...)
	c.Stderr, c.Env = os.Stderr, o.env()
	return c, nil
}

// env keeps the user's own settings out of the measurement and the measurement
// out of his settings, and bounds memory as the program bounds its own.
func (o *options) env() []string {
	home := filepath.Join(o.out, "home")
	return append(os.Environ(), "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "XDG_STATE_HOME="+home, "BUNDLELAB_DB=", "GOMEMLIMIT=960MiB")
}

// say tells the person who waits what goes on.
func say(format string, a ...any) { fmt.Fprintf(os.Stderr, format+"\n", a...) }

// timed is how long some work takes.
func timed(work func() error) (time.Duration, error) {
	start := board.Now()
	err := work()
	return board.Now().Sub(start), err
}
