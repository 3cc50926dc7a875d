package ingest_test

import (
	"strings"
	"testing"

	"bundlelab/data/store"
)

// FuzzFeeds changes cells of every format's feed: a line of edits is a kind of
// row, with a plus before it to add such a row, and then "name=cell" pairs.
func FuzzFeeds(f *testing.F) {
	for i := range layouts() {
		for _, edits := range []string{
			"stay drg=0470 status=2", "line amount=-1.00\n+line id=9 code=27447", "+stay id=9 key=E9 from=2024-03-05 to=2024-03-09\n+episode id=9 key=E9 drg=481",
			"who death=2024-03-04\nepisode death=2024-03-04", "hha provider=013025 to=2024-07-01\nsnf from=2024-02-01", "stay act=1\n+stay id=9 act=2 amount=99999999.99",
			"place npi=1\nhospital ccn=\nbill whole=0.01 amount=-5", "+again from=2024-03-26\n+again from=2024-03-29 to=2024-04-02", "line from=9999-12-31 to=1000-01-01 code=1EG4-TE5-MK73",
		} {
			f.Add(uint8(i), edits)
		}
	}
	f.Fuzz(func(t *testing.T, format uint8, edits string) {
		all := layouts()
		l := all[int(format)%len(all)]
		feed := l.feed()
		for _, line := range strings.Split(edits, "\n")[:min(20, strings.Count(edits, "\n")+1)] {
			name, changes, _ := strings.Cut(line, " ")
			name, more := strings.CutPrefix(name, "+")
			if _, known := l.kinds[name]; !known {
				continue
			}
			if more {
				feed.add(name, changes)
			} else {
				feed.set(name, changes)
			}
		}
		nothingLost(t, l.format, feed.write())
	})
}

// FuzzManifest has any manifest beside a good native set.
func FuzzManifest(f *testing.F) {
	for _, rows := range []string{"services.csv,,1,9000.00\n", "episodes.csv,,,15000.01\n", "prices.csv,,2,\n", "services.csv,00,x,y\n\"", "episodes.csv,,1,\nepisodes.csv,,2,\n"} {
		f.Add("file,sha256,rows,sum_std_allowed\n" + rows)
	}
	f.Fuzz(func(t *testing.T, manifest string) {
		nothingLost(t, store.Native, map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService, "manifest.csv": manifest})
	})
}

// FuzzTuvaPeople has any spans of coverage and any hospitals beside good claims.
func FuzzTuvaPeople(f *testing.F) {
	good := layoutOf(store.Tuva).feed().write()
	f.Add(good["eligibility.csv"], good["npi_ccn.csv"])
	f.Add(strings.ReplaceAll(good["eligibility.csv"], "2025-12-31", "1025-02-30"), "npi,ccn\n1111111111,10001\n1111111111,010001\n")
	f.Add(strings.ReplaceAll(good["eligibility.csv"], "2025-12-31", "9999-12-31"), "ccn,npi\n")
	f.Fuzz(func(t *testing.T, people, hospitals string) {
		nothingLost(t, store.Tuva, map[string]string{"medical_claim.csv": good["medical_claim.csv"], "eligibility.csv": people, "npi_ccn.csv": hospitals})
	})
}

// FuzzBPCIATables has any peer groups and winsor bounds.
func FuzzBPCIATables(f *testing.F) {
	set := bpciaPriceSet()
	f.Add(set["TP_Components.csv"], set["Peer_Group_Characteristics.csv"], set["wins_values.csv"])
	f.Add("INITIATOR_BPID,PGP_ACH,CCN_TIN,EPI_CAT,SBS\nB1,ACH,010001,Sepsis,1e5\n", "CCN,ACADEMIC\n010001,1EG4TE5MK73\n", "EPI_CAT,DRG_APC,Low_Pct,High_Pct\nSepsis,871,2,1\n")
	f.Fuzz(func(t *testing.T, components, peers, bounds string) {
		nothingLost(t, store.BPCIA, map[string]string{"TP_Components.csv": components, "Peer_Group_Characteristics.csv": peers, "wins_values.csv": bounds})
	})
}

// FuzzCCLFHeaded has any delimited claims and persons of the feed.
func FuzzCCLFHeaded(f *testing.F) {
	good := layoutOf(store.CCLF).feed().write()
	f.Add(good["cclf1.csv"], good["cclf5.csv"], good["cclf8.csv"])
	f.Add(strings.ReplaceAll(good["cclf1.csv"], ",60,", ",40,"), good["cclf5.csv"]+"x\n", "\ufeff"+good["cclf8.csv"])
	f.Fuzz(func(t *testing.T, stays, lines, people string) {
		nothingLost(t, store.CCLF, map[string]string{"cclf1.csv": stays, "cclf2.csv": good["cclf2.csv"], "cclf5.csv": lines, "cclf8.csv": people})
	})
}
