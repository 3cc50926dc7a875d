// Command bundlelab projects what a bundled-payment design would pay a
// hospital for its own surgical episodes.
package main

import (
	// The leaf package first: it settles the colour question before the
	// terminal library would ask the terminal at start-up.
	_ "bundlelab/tui/term/early"

	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"bundlelab/data/crash"
)

// version is set by the release build.
var version = "dev"

// cli is the command line (docs/formats.md).
type cli struct {
	Tui       tuiCmd       `cmd:"" default:"withargs" help:"Open the board (the default)."`
	Project   projectCmd   `cmd:"" help:"Project the reconciliation under each design."`
	Settle    settleCmd    `cmd:"" help:"Settle given totals from a file."`
	Designs   designsCmd   `cmd:"" help:"Bundle designs: list, show one, check a file."`
	Import    importCmd    `cmd:"" help:"Import claims or episodes into the local database."`
	Key       keyCmd       `cmd:"" help:"The keys that hash identifiers: show, rotate, backup, restore."`
	Prices    pricesCmd    `cmd:"" help:"Target-price and benchmark tables."`
	Reference referenceCmd `cmd:"" help:"Public tables: MS-DRGs, HCC map, risk coefficients."`
	Sample    sampleCmd    `cmd:"" help:"Write a synthetic database of any size."`
	Verify    verifyCmd    `cmd:"" help:"Run the built-in worked cases."`
	Doctor    doctorCmd    `cmd:"" help:"Show paths, database integrity and versions."`
	Docs      docsCmd      `cmd:"" hidden:"" help:"Write a generated document."`
	Version   versionFlag  `name:"version" help:"Print the version and leave."`
}

type versionFlag bool

// BeforeReset prints the version before anything is parsed or opened.
func (versionFlag) BeforeReset(app *kong.Kong) error {
	_, err := fmt.Fprintln(app.Stdout, "bundlelab "+version)
	app.Exit(0)
	return err
}

const examples = `Scenario modeler for bundled payments, on a local copy of a hospital's own episodes.

Examples:
  bundlelab                                     the board, on your last database or the built-in sample
  bundlelab import --from native ./claims       load your own files
  bundlelab project --design team --set policy.track=3 --format json
  bundlelab settle totals.json                  settle totals you already have

Exit codes: 0 ok, 1 failed, 2 bad usage, 3 bad input data or a refused import,
4 a rule forbids it, 5 database missing, locked, newer or damaged, 130 interrupted.`

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program: it parses, runs one command, and turns its error
// into one sentence on stderr and an exit code.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	code := -1
	var c cli
	parser, err := kong.New(&c,
		kong.Name("bundlelab"), kong.Description(examples), kong.UsageOnError(),
		kong.Writers(out, errs), kong.Exit(func(n int) { code = n }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		tell(errs, "bundlelab: %v\n", err)
		return exitFailed
	}
	k, err := parser.Parse(args)
	if code >= 0 { // --help or --version has answered
		return code
	}
	if err != nil {
		tell(errs, "bundlelab: %v: see `bundlelab --help`\n", err)
		return exitUsage
	}
	s := &session{ctx: ctx, in: in, out: out, errs: errs}
	if err := guarded(func() error { return k.Run(s) }); err != nil {
		if !errors.Is(err, errSaid) {
			tell(errs, "bundlelab: %v\n", err)
		}
		return exitCode(err)
	}
	return 0
}

// guarded runs a command. A panic, the program's or a library's, ends it as an
// error without the value it was about; what was open is closed on the way, and
// an import that was under way is undone.
func guarded(command func() error) (err error) {
	defer crash.Catch(&err)
	return command()
}

// session is what every command works with.
type session struct {
	ctx  context.Context
	in   io.Reader
	out  io.Writer
	errs io.Writer
}

// say writes a line for people to stderr; stdout is for data.
func (s *session) say(format string, a ...any) { tell(s.errs, format+"\n", a...) }

// tell writes to stderr. When even that fails there is nobody left to tell.
func tell(w io.Writer, format string, a ...any) { _, _ = fmt.Fprintf(w, format, a...) }
