// Package team imports the episode data that CMS shares with participants of
// TEAM (42 CFR 512.562). Their layout is not published, so everything is read
// through a mapping profile; the one that ships is a best guess, one file of
// episodes with the fields of BPCI Advanced and claims in one file for each
// setting, to be corrected by whoever holds the files.
package team

import (
	"context"
	_ "embed"

	"bundlelab/data/ingest/bpcia"
	"bundlelab/data/ingest/control"
)

//go:embed team.toml
var shipped []byte

// Shipped is the mapping profile that ships.
func Shipped() []byte { return shipped }

// Import reads the files of a folder, under the profile of the run or the one
// that ships.
func Import(ctx context.Context, run *control.Run, dir string) error {
	if run.Profile == "" {
		run.Note("read under the mapping profile that ships, a guess at a layout that is not published (unconfirmed): check the totals, and correct it with \"bundlelab import profile team\" and --profile")
	}
	return bpcia.ReadFeed(ctx, run, dir, "team", shipped)
}
