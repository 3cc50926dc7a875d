package cclf

import (
	"slices"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// action is what a record does to a claim, CLM_ADJSMT_TYPE_CD.
type action byte

const (
	original action = '0'
	canceled action = '1'
	adjusted action = '2'
)

// bill is one version of a claim: a Part A header, or the lines of a
// professional or equipment claim.
type bill struct {
	head      *claim.Event
	act       action
	effective calendar.Day
	loaded    calendar.Day // into CMS's repository
	rank      string       // of the delivery that brought it
	paid      money.Cents  // what decides whether versions cancel out; without sign in the files
	addOns    money.Cents  // teaching, low-income and uncompensated care payments within paid
	booked    money.Cents  // of the header, in its file's books
	extra     extra        // of CCLFA
	lines     []*claim.Event
	denied    []*claim.Event
	from      [3]string         // the delivery that brought the details
	first     []claim.Diagnosis // the principal diagnosis, when no other is known
}

// detail is a kind of record that belongs to a claim.
type detail int

const (
	ofLines detail = iota
	ofDiagnoses
	ofExtra
)

// brings says that a delivery is the one whose details of a claim count: the
// newest that has any. What an older one brought before is dropped.
func (b *bill) brings(what detail, rank string) bool {
	if b.from[what] >= rank {
		return b.from[what] == rank
	}
	switch what {
	case ofLines:
		for _, v := range slices.Concat(b.lines, b.denied) {
			v.Books.Skips(1, v.Allowed)
		}
		b.lines, b.denied, b.head.Visits = nil, nil, nil
	case ofDiagnoses:
		b.head.Diagnoses = nil
	case ofExtra:
		b.extra = extra{}
	}
	b.from[what] = rank
	return true
}

// drop books a version that is not used as skipped.
func (b *bill) drop() { b.book((*control.File).Skips) }

// refuse books it as rejected.
func (b *bill) refuse(code, column, message string) {
	b.head.Books.Find(store.Reject, code, b.head.At, column, "", message)
	b.book((*control.File).Rejects)
}

func (b *bill) book(how func(*control.File, int, money.Cents)) {
	if b.head.Rows > 0 {
		how(b.head.Books, b.head.Rows, b.booked)
	}
	for _, v := range slices.Concat(b.lines, b.denied) {
		how(v.Books, 1, v.Allowed)
	}
}

// ledger keeps the versions of claims by the number of the version and by the
// natural key that all versions of a claim share.
type ledger struct {
	byID  map[string]*bill
	byKey map[string][]*bill
	keys  []string
}

func newLedger() *ledger { return &ledger{byID: map[string]*bill{}, byKey: map[string][]*bill{}} }

// add takes a new version; its head's Claim is the natural key.
func (l *ledger) add(id string, b *bill) {
	key := b.head.Claim
	l.byID[strings.Clone(id)] = b
	if _, known := l.byKey[key]; !known {
		l.keys = append(l.keys, key)
	}
	l.byKey[key] = append(l.byKey[key], b)
}

// remove takes a version back out.
func (l *ledger) remove(id string, b *bill) {
	delete(l.byID, id)
	l.byKey[b.head.Claim] = slices.DeleteFunc(l.byKey[b.head.Claim], func(other *bill) bool { return other == b })
}

// settle leaves the version in force of every claim, in the order they were
// read, and books the others.
func (l *ledger) settle() []*bill {
	left := make([]*bill, 0, len(l.keys))
	for _, key := range l.keys {
		if b := net(l.byKey[key]); b != nil {
			left = append(left, b)
		}
	}
	kept := make(map[*bill]bool, len(left))
	for _, b := range left {
		kept[b] = true
	}
	for id, b := range l.byID {
		if !kept[b] {
			delete(l.byID, id)
		}
	}
	l.byKey, l.keys = nil, nil
	return left
}
