// Command regional simulates the synthetic regional price table and writes it
// beside the package that embeds it. Run it with go generate in data/sample.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"bundlelab/data/sample"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var b bytes.Buffer
	if err := sample.WriteReference(context.Background(), &b); err != nil {
		return err
	}
	return os.WriteFile(sample.ReferenceFile, b.Bytes(), 0o644)
}
