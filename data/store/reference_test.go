package store

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A map of one version of the HCC model leaves the other version of the year.
func TestHCCMapsStandByVersion(t *testing.T) {
	s, ctx := newStore(t), context.Background()
	old, now := HCC{2026, 24, "I509", 85}, HCC{2026, 28, "I509", 226}
	for _, rows := range [][]HCC{{old, {2026, 24, "E1122", 18}}, {now}, {old}} {
		if err := s.PutHCCs(ctx, rows); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.ListHCCs(ctx)
	if diff := cmp.Diff([]HCC{old, now}, got); err != nil || diff != "" {
		t.Errorf("%v - want, + got\n%s", err, diff)
	}
}
