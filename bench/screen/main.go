// Command screen draws the board's first frame and leaves. Unlike its parent it
// holds no DuckDB, so that it starts as the product starts.
package main

import (
	_ "bundlelab/tui/term/early" // first, as in the product

	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"bundlelab/bench/board"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "screen:", err)
		os.Exit(1)
	}
}

// run prints a line as soon as the frame stands, and then how long the parts
// took, in nanoseconds, and the peak memory in bytes.
func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return errors.New("say the database and the folder of scenarios")
	}
	start := board.Now()
	data, err := board.Load(ctx, args[0])
	if err != nil {
		return err
	}
	loaded := board.Now()
	m, err := board.Model(data)
	if err != nil {
		return err
	}
	modelled := board.Now()
	a := board.Open(m, data.Info.Name, args[1])
	if !strings.Contains(a.View(), "$") {
		return errors.New("the first frame shows no dollars")
	}
	drawn := board.Now()
	_, err = fmt.Printf("shown\n%d %d %d %.0f\n", loaded.Sub(start), modelled.Sub(loaded), drawn.Sub(modelled), board.Held())
	return err
}
