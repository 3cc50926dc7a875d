package policy

import (
	"fmt"
	"strings"

	"bundlelab/engine/calendar"
)

// Row is one parameter value with all it applies to.
type Row struct {
	Key, For                           string // For is the scope in words, "" when the value serves all
	Categories, Kinds, Classes, Tracks []string
	Days                               string // a range of episode lengths, "" for all
	Value                              string
	Since, Through                     calendar.Day
	Entry                              int // rows of one entry follow each other in time
	Source
}

// Params lists every parameter value, for `designs show` and the generated
// documents.
func (d *Design) Params() []Row {
	var rows []Row
	for i := range d.params {
		p := &d.params[i]
		for _, v := range p.values {
			rows = append(rows, Row{
				Key: p.key, For: p.scope(), Categories: p.categories, Kinds: p.kinds, Classes: p.classes, Tracks: p.tracks, Days: p.days(),
				Value: v.Value, Since: v.Since, Through: v.Through, Entry: i, Source: v.Source,
			})
		}
	}
	return rows
}

// ParamsOn lists the values in force on a day, one of each entry.
func (d *Design) ParamsOn(on calendar.Day) []Row {
	var out []Row
	for _, r := range d.Params() {
		switch n := len(out); {
		case r.Since > on:
		case n > 0 && out[n-1].Entry == r.Entry:
			out[n-1] = r
		default:
			out = append(out, r)
		}
	}
	return out
}

// Default is the track the rule gives those who choose none, from a date on.
// A hospital with fewer than SmallBelow baseline episodes gets SmallTrack.
type Default struct {
	Since, Through calendar.Day
	Track          string
	SmallBelow     int // 0: all get Track
	SmallTrack     string
	Source
}

// Defaults lists the default tracks by date.
func (d *Design) Defaults() []Default {
	out := make([]Default, len(d.tracks))
	for i, t := range d.tracks {
		out[i] = Default(t)
	}
	return out
}

// Weakest is the lowest grade of anything the file states.
func (d *Design) Weakest() Evidence {
	var low Evidence
	see := func(s Source) { low = low.Lowest(s.Evidence) }
	for _, r := range d.Params() {
		see(r.Source)
	}
	for _, p := range d.Periods {
		see(p.Source)
	}
	for _, c := range d.Listed {
		see(c.Source)
	}
	for _, t := range d.Tracks {
		for _, r := range t.Rules {
			see(r.Source)
			for _, f := range r.AnyOf {
				see(f.Source)
			}
		}
	}
	for _, t := range d.tracks {
		see(t.Source)
	}
	for _, s := range d.Steps {
		see(s.Source)
	}
	for _, m := range d.Measures {
		see(m.Source)
	}
	return low
}

// Form says how a parameter's value is written, and whether a design must
// state one.
func Form(key string) (form string, needed bool) {
	s := paramSpecs()[key]
	text := map[string]string{
		"rate": "rate from " + s.lo + " to " + s.hi, "number": "number from " + s.lo + " to " + s.hi, "count": "whole number",
		"share": "share such as 2/3 or 66.7%", "weights": "weights such as 17%/33%/50%, oldest first", "dollars": "dollars such as 3500.00",
		"lengths": "days such as 30/60/90", "rates": "rates such as 0%/1.0%/1.5%", "edges": "lower edges such as 6.9/>15",
		"cells": "cells such as 521=469F", "effects": strings.Join(Effects(), ", ") + ", joined by +", "name": "a design's id",
	}[s.kind]
	words := s.words
	if text != "" {
		words = append([]string{text}, words...)
	}
	return strings.Join(words, ", or "), s.needed
}

// StepIDs are the steps of the settlement in the order of the file.
func (d *Design) StepIDs() []string { return d.stepOrder }

// scope says in words whom an entry names.
func (p *param) scope() string {
	var parts []string
	for _, x := range []struct {
		title string
		names []string
	}{{"", p.categories}, {"kind ", p.kinds}, {"hospital ", p.classes}, {"track ", p.tracks}} {
		if len(x.names) > 0 {
			parts = append(parts, x.title+strings.Join(x.names, " "))
		}
	}
	if p.to > 0 {
		parts = append(parts, p.days()+" days")
	}
	return strings.Join(parts, ", ")
}

// days is the range of lengths an entry serves.
func (p *param) days() string {
	if p.to == 0 {
		return ""
	}
	return fmt.Sprintf("%d-%d", p.from, p.to)
}

// Says puts the sign of a net payment into words, with who pays whom.
func (d *Design) Says(sign int) string { return Says(d.Formula, d.Payer, sign) }

// Says is what a net payment of a sign means under a formula.
func Says(formula, payer string, sign int) string {
	party := "the hospital"
	switch formula {
	case "prospective", "capitation":
		switch {
		case sign > 0:
			return "the price leaves a margin of"
		case sign < 0:
			return "the price falls short of the cost by"
		}
		return "the price just meets the cost"
	case "aco":
		party = "the ACO"
	}
	switch {
	case sign > 0:
		return payer + " pays " + party
	case sign < 0:
		return party + " repays " + payer
	}
	return "nothing is owed either way"
}
