package check

import (
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// people are the anchors of every person, by the hash that stands for one.
type people struct {
	last    map[[16]byte]int32 // place of a person's latest anchor in all
	anchors []anchor
}

type anchor struct {
	start, end calendar.Day
	before     int32 // place of the person's anchor before; -1
}

// anchor compares an episode's anchor with the others of its person (K003).
func (p *people) anchor(e *store.Episode, at Place) {
	if len(e.BeneHash) < 16 {
		return
	}
	if p.last == nil {
		p.last = map[[16]byte]int32{}
	}
	who := [16]byte(e.BeneHash)
	before, known := p.last[who]
	if !known {
		before = -1
	}
	closest, met := far, false
	for i := before; i >= 0; i = p.anchors[i].before {
		o := p.anchors[i]
		gap := int(max(e.Start-o.end, o.start-e.End))
		if gap < closest {
			closest, met = gap, true
		}
	}
	p.last[who] = int32(len(p.anchors))
	p.anchors = append(p.anchors, anchor{e.Start, e.End, before})
	switch {
	case !met:
	case closest <= 0:
		at.warn("K003", "anchor_start", "the anchor touches another anchor of the person: a transfer or the same stay twice")
	case closest < near:
		at.warn("K003", "anchor_start", "the anchor is within 30 days of another anchor of the person")
	default:
		at.warn("K003", "anchor_start", "the anchor is within 90 days of another anchor of the person")
	}
}
