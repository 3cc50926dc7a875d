// Package bpcia imports episodes that CMS has built already, with their claims
// in one file for each setting, as BPCI Advanced gave them to its participants.
// Nothing is grouped: the claims of an episode carry its number. What is read
// from which column stands in a mapping profile, so the same code reads other
// feeds of that kind. Episodes and their claims are held in memory: made for
// one convener or one region.
package bpcia

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/exclusion"
	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/profile"
	"bundlelab/data/ingest/table"
)

// importer is one import.
type importer struct {
	run     *control.Run
	profile *profile.Profile
	grouper *group.Grouper

	ready []*ready                     // in file order
	sets  map[string]map[string]*ready // by delivery and the file's own number
	order []string                     // deliveries, newest first
	// The delivery that an anchor is read from, by person, hospital and days:
	// the number of an episode may change from month to month.
	anchors map[string]string
	others  map[string]int // episodes of other categories, by what the profile calls them
	newer   int            // episodes that a newer delivery brings too
	// Episodes that the feed does not count, and those of them that no
	// projection counts.
	dropped, cancelled int
	parts              map[string]*compared // by kind of file
	texts              map[string]string    // one copy of each code
}

// Import reads the files of BPCI Advanced, under the profile that ships or
// that of the run.
func Import(ctx context.Context, run *control.Run, dir string) error {
	return ReadFeed(ctx, run, dir, "bpcia", shipped)
}

// ReadFeed reads a folder of ready-made episodes of a format, under the
// profile of the run or, without one, the text given.
func ReadFeed(ctx context.Context, run *control.Run, dir, format string, text []byte) error {
	p, err := mapping(run, format, text)
	if err != nil {
		return err
	}
	all, err := run.List(ctx, dir)
	if err != nil {
		return err
	}
	im := &importer{
		run: run, profile: p, sets: map[string]map[string]*ready{}, anchors: map[string]string{}, others: map[string]int{}, parts: map[string]*compared{}, texts: map[string]string{},
		grouper: &group.Grouper{Run: run, Lists: exclusion.Builtin(), Acute: group.Acute, Admission: group.Admission},
	}
	own := im.sort(all)
	var sources []table.Source
	for _, x := range own {
		sources = append(sources, x.Source)
	}
	if done, err := run.AllSeen(sources); done || err != nil {
		return err
	}
	return im.read(ctx, own)
}

// mapping is the profile to read by.
func mapping(run *control.Run, format string, text []byte) (*profile.Profile, error) {
	if run.Profile != "" {
		p, err := profile.Load(run.Profile, Shape(format))
		if err != nil {
			return nil, &control.RefusedError{File: "the mapping profile", Code: "F001", Message: err.Error()}
		}
		run.Note(fmt.Sprintf("read under the mapping profile %q (%s)", p.Name, p.Evidence))
		return p, nil
	}
	return profile.Parse(format+".toml", text, Shape(format))
}

// read reads the files: the episodes first, of the newest delivery before any
// other, then the claims of those that are wanted.
func (im *importer) read(ctx context.Context, own []input) error {
	held := 0
	for _, x := range slices.Backward(own) {
		if x.file.Title == episodeFile {
			held++
			if err := im.episodes(ctx, x); err != nil {
				return err
			}
		}
	}
	prices := 0
	for _, x := range own {
		var err error
		kind, isClaim := kindOf(x.file.Title)
		switch {
		case isClaim && held == 0:
			return im.refused(episodeFile)
		case isClaim:
			err = im.claims(ctx, x, kind)
		case x.file.Title != episodeFile:
			prices++
			err = im.prices(ctx, x)
		}
		if err != nil {
			return err
		}
	}
	if held+prices == 0 {
		return im.refused(episodeFile)
	}
	if err := im.send(ctx); err != nil {
		return err
	}
	im.notes(own)
	return nil
}

// notes says what was left out on purpose.
func (im *importer) notes(own []input) {
	if im.newer > 0 {
		im.run.Note(fmt.Sprintf("F003: %d episodes stand in two deliveries: the newest one is used", im.newer))
	}
	if im.dropped > 0 {
		im.run.Note(fmt.Sprintf("E001: episodes the feed does not count: %d; cancelled here too, because the patient was not eligible: %d; counted here, flagged: %d", im.dropped, im.cancelled, im.dropped-im.cancelled))
	}
	total := 0
	var names []string
	for _, name := range slices.Sorted(maps.Keys(im.others)) {
		total += im.others[name]
		names = append(names, fmt.Sprintf("%s %d", name, im.others[name]))
	}
	if total > 0 {
		im.run.Note(fmt.Sprintf("%d episodes are of categories beside the five and were skipped: %s", total, strings.Join(names, ", ")))
	}
	im.absent(own)
	im.agreement()
}

// absent says which claims no file holds: the care of that kind is missing from
// every episode, and nothing else would show it.
func (im *importer) absent(own []input) {
	if len(im.order) == 0 { // prices alone
		return
	}
	there := map[string]bool{}
	for _, x := range own {
		there[x.file.Title] = true
	}
	for _, c := range []struct {
		kind claim.Kind
		name string
	}{
		{claim.Inpatient, "inpatient care"}, {claim.Outpatient, "outpatient care"}, {claim.SNF, "skilled nursing"}, {claim.HHA, "home health"},
		{claim.Hospice, "hospice care"}, {claim.Carrier, "professional services"}, {claim.DME, "equipment"},
	} {
		if title := c.kind.String(); !there[title] {
			im.run.Note(fmt.Sprintf("there is no %s: %s is missing", im.called(title), c.name))
		}
	}
}

// called is what a file of a kind is called under the profile, such as sn_ file.
func (im *importer) called(title string) string {
	for _, f := range im.profile.Files {
		if f.Title == title && len(f.Names) > 0 {
			return f.Names[0] + " file"
		}
	}
	return "file of the kind " + title
}

// agreement says how our parts of the rows compare with those that the feed
// states.
func (im *importer) agreement() {
	rows, differ := 0, 0
	for _, k := range slices.Sorted(maps.Keys(im.parts)) {
		c := im.parts[k]
		rows, differ = rows+c.rows, differ+c.differ
		if c.differ > 0 {
			im.run.Note(fmt.Sprintf("%s: of %d rows that state their part of the episode, %d differ from ours by more than $1 (ours %s, stated %s)", k, c.rows, c.differ, c.ours.Grouped(), c.theirs.Grouped()))
		}
	}
	if rows > 0 && differ == 0 {
		im.run.Note(fmt.Sprintf("all %d rows that state their part of the episode agree with ours to $1", rows))
	}
}

// text keeps one copy of a code that many rows have: a part of a row's text
// would hold the whole row in memory.
func (im *importer) text(s string) string {
	if kept, ok := im.texts[s]; ok {
		return kept
	}
	s = strings.Clone(s)
	im.texts[s] = s
	return s
}
