package group_test

import (
	"fmt"
	"strings"
	"testing"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/group"
)

// TestAnchors draws each timeline in days: [==] a stay, * a procedure.
func TestAnchors(t *testing.T) {
	tests := []struct {
		name   string
		events []*claim.Event
		want   string // episodes
		code   string
	}{
		// A [==470==]
		// 0        3
		{"a stay", []*claim.Event{stay("1", hospA, 0, 3, "470", "06")}, "LEJR IP 010001 0..3 470", ""},
		// A [482]
		// B      [==480==]     the next day, status 02: one chain
		//   0   2 3     8
		{"transfer on the next day", []*claim.Event{stay("1", hospA, 0, 2, "482", "02"), stay("2", hospB, 3, 8, "480", "03")}, "SHFFT IP 010033 0..8 480", ""},
		// A [470]
		// B      [==470==]     the next day, but A sent the patient home: a readmission
		//   0   2 3     8
		{"home, then another hospital", []*claim.Event{stay("1", hospA, 0, 2, "470", "01"), stay("2", hospB, 3, 8, "470", "01")}, fmt.Sprintf("LEJR IP 010001 0..2 470; LEJR IP 010033 3..8 470 flags %d", group.DropOverlap), "K003"},
		// A [482][==480==] B   the same day: a transfer, whatever the status
		{"transfer on the day", []*claim.Event{stay("1", hospA, 0, 2, "482", "01"), stay("2", hospB, 2, 8, "480", "03")}, "SHFFT IP 010033 0..8 480", ""},
		// Both begin on day 0: the shorter stay came first, whatever their claim numbers.
		{"transfer within the first day", []*claim.Event{stay("1", hospB, 0, 8, "480", "03"), stay("2", hospA, 0, 0, "482", "02")}, "SHFFT IP 010033 0..8 480", ""},
		// cah [482][==480==] B: the first leg is at a critical access hospital
		{"from a critical access hospital", []*claim.Event{stay("1", cah, 0, 2, "482", "02"), stay("2", hospB, 2, 8, "480", "03")}, fmt.Sprintf("SHFFT IP 010033 0..8 480 flags %d", group.DropTransferOut), "E001"},
		// A [==480==][871] cah: the chain ends outside of the payment system: care after
		{"to a critical access hospital", []*claim.Event{stay("1", hospA, 0, 5, "480", "66"), stay("2", cah, 5, 9, "871", "01")}, fmt.Sprintf("SHFFT IP 010001 0..5 480 flags %d", group.DropTransferOut), "E001"},
		{"to a cancer hospital", []*claim.Event{stay("1", hospA, 0, 5, "329", "05"), stay("2", cancer, 5, 9, "374", "01")}, fmt.Sprintf("BOWEL IP 010001 0..5 329 flags %d", group.DropTransferOut), ""},
		{"only at a critical access hospital", []*claim.Event{stay("1", cah, 0, 2, "470", "01")}, "", "C001"},
		// A [470][871] B
		{"transfer to no trigger", []*claim.Event{stay("1", hospA, 0, 2, "470", "02"), stay("2", hospB, 2, 8, "871", "01")}, "", "K003"},
		// A [470] then the same hospital again on the next day: a readmission
		{"the same hospital again", []*claim.Event{stay("1", hospA, 0, 2, "470", "01"), stay("2", hospA, 3, 8, "871", "01")}, "LEJR IP 010001 0..2 470", ""},
		// A [329 status 30][329 status 01]: two bills of one stay
		{"interim bill", []*claim.Event{stay("1", hospA, 0, 10, "329", "30"), stay("2", hospA, 11, 15, "329", "01")}, "BOWEL IP 010001 0..15 329", ""},
		// 0..61 days
		{"longer than 60 days", []*claim.Event{stay("1", hospA, 0, 61, "329", "01")}, fmt.Sprintf("BOWEL IP 010001 0..61 329 flags %d", group.DropLongStay), "D003"},
		// [470]0-2 ... [470]92-94: 90 days from day 2 are 2..91
		{"second after 90 days", []*claim.Event{stay("1", hospA, 0, 2, "470", "01"), stay("2", hospA, 92, 94, "470", "01")}, "LEJR IP 010001 0..2 470; LEJR IP 010001 92..94 470", ""},
		{"second on day 90", []*claim.Event{stay("1", hospA, 0, 2, "470", "01"), stay("2", hospA, 91, 94, "470", "01")}, fmt.Sprintf("LEJR IP 010001 0..2 470; LEJR IP 010001 91..94 470 flags %d", group.DropOverlap), "K003"},
		// * on day 0
		{"a procedure", []*claim.Event{procedure("9", hospA, 0, "27447")}, "LEJR OP 010001 0..0 27447", ""},
		// *0 [470]3: same category, three days after: the admission takes it over
		{"admission on day 3 after the procedure", []*claim.Event{procedure("9", hospA, 0, "27447"), stay("1", hospA, 3, 5, "470", "01")}, "LEJR IP 010001 0..5 470", ""},
		{"admission on the day of the procedure", []*claim.Event{procedure("9", hospA, 0, "27447"), stay("1", hospA, 0, 5, "470", "01")}, "LEJR IP 010001 0..5 470", ""},
		{"admission on day 4", []*claim.Event{procedure("9", hospA, 0, "27447"), stay("1", hospA, 4, 5, "470", "01")}, fmt.Sprintf("LEJR OP 010001 0..0 27447; LEJR IP 010001 4..5 470 flags %d", group.DropOverlap), "K003"},
		{"admission of another category", []*claim.Event{procedure("9", hospA, 0, "22551"), stay("1", hospA, 2, 5, "470", "01")}, fmt.Sprintf("FUSION OP 010001 0..0 22551; LEJR IP 010001 2..5 470 flags %d", group.DropOverlap), ""},
		// *0 [A 482 1..2][B 470 2..6]: the chain's first admission counts
		{"procedure before a chain", []*claim.Event{procedure("9", hospA, 0, "27130"), stay("1", hospA, 2, 3, "482", "02"), stay("2", hospB, 3, 6, "470", "01")}, "LEJR IP 010033 0..6 470", ""},
		// two hospitals on one day: the dearer one, whatever the claim numbers
		{"two procedures on a day", []*claim.Event{procedure("1", hospB, 0, "22554"), dear(procedure("2", hospA, 0, "27447"))}, "LEJR OP 010001 0..0 27447", "K003"},
		{"two procedures on a day, numbered otherwise", []*claim.Event{procedure("2", hospB, 0, "22554"), dear(procedure("1", hospA, 0, "27447"))}, "LEJR OP 010001 0..0 27447", "K003"},
		// *27702 and *22554 at B on day 0, [469] 2..4: the admission takes the first one
		// over, begins on day 0 and comes before the other
		{"a procedure beside one taken over", []*claim.Event{procedure("1", hospA, 0, "27702"), procedure("2", hospB, 0, "22554"), stay("3", hospA, 2, 4, "469", "01")}, "LEJR IP 010001 0..4 469", "K003"},
		{"a procedure that nobody paid for", []*claim.Event{free(procedure("1", hospA, 0, "27447"))}, "", ""},
		// one claim, knees on day 0 and day 2
		{"two procedures of one claim", []*claim.Event{procedure("9", hospA, 0, "27447"), procedure("9", hospA, 2, "27447")}, fmt.Sprintf("LEJR OP 010001 0..0 27447; LEJR OP 010001 2..2 27447 flags %d", group.DropOverlap), "K003"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := feed{events: tt.events}
			r := f.group(t)
			var got []string
			keys := map[string]bool{}
			for i := range f.sink.episodes {
				got = append(got, brief(&f.sink.episodes[i]))
				keys[f.sink.episodes[i].Key] = true
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
			if len(keys) != len(got) {
				t.Error("two episodes have one key")
			}
			if tt.code != "" && codes(r)[tt.code] == 0 {
				t.Errorf("no %s in %v", tt.code, codes(r))
			}
		})
	}
}

func dear(v *claim.Event) *claim.Event { v.Allowed *= 2; return v }
func free(v *claim.Event) *claim.Event { v.Allowed = 0; return v }

// TestSevenLegs: a chain has at most seven stays.
func TestSevenLegs(t *testing.T) {
	var f feed
	for i := range 8 {
		hospital := []string{hospA, hospB}[i%2]
		f.events = append(f.events, stay(fmt.Sprint(i), hospital, i, i+1, "470", "02"))
	}
	f.group(t)
	if e := f.sink.episodes[0]; brief(&e) != "LEJR IP 010001 0..7 470" || e.StdAnchor != 70_000_00 {
		t.Errorf("%s %s", brief(&e), e.StdAnchor)
	}
}

// TestTriggerByDate: the code is judged by the day the anchor ends (ruling 51).
// Fiscal year 2025 begins 92 days before 1 January 2025.
func TestTriggerByDate(t *testing.T) {
	tests := []struct {
		name, drg string
		from, to  int
		want      string // trigger and cell
	}{
		{"460 ends in FY 2024", "460", -96, -93, "460 451"},
		{"460 ends on the first day of FY 2025", "460", -96, -92, ""},
		{"451 ends on the first day of FY 2025", "451", -96, -92, "451 451"},
		{"451 ends in FY 2024", "451", -96, -93, ""},
		{"523 in FY 2025", "523", 0, 4, ""},
		{"523 in FY 2027", "523", 640, 645, "523 523"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := feed{events: []*claim.Event{stay("1", hospA, tt.from, tt.to, tt.drg, "01")}}
			f.group(t)
			got := ""
			for _, e := range f.sink.episodes {
				got = e.Trigger + " " + e.Cell
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	// Outpatient codes share the price of an MS-DRG (42 CFR 512.540(a)(1)).
	for code, cell := range map[string]string{"27130": "470", "27447": "470", "27702": "469", "22551": "473", "22554": "473", "22612": "451", "22630": "451", "22633": "402"} {
		f := feed{events: []*claim.Event{procedure("1", hospA, 0, code)}}
		f.group(t)
		if len(f.sink.episodes) != 1 || f.sink.episodes[0].Cell != cell {
			t.Errorf("%s: %+v", code, f.sink.episodes)
		}
	}
}
