package ingest_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/data/ingest"
	"bundlelab/data/ingest/group"
	"bundlelab/data/store"
)

// bpciaTry imports a set with one fault: a rejected row refuses it, since one
// row is more than 1%; any other finding lets it pass.
func bpciaTry(t *testing.T, role, code string, severity store.Severity, files map[string]string) *memory {
	t.Helper()
	m, report, err := load(t, store.BPCIA, write(t, files))
	var no *ingest.RefusedError
	if severity == store.Reject {
		if !errors.As(err, &no) || no.Code != code || len(m.files) != 0 {
			t.Errorf("got %v", err)
		}
		return m
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Files {
		for _, p := range f.Problems {
			if f.Role == role && p.Code == code && p.Severity == severity {
				return m
			}
		}
	}
	t.Errorf("%s was not found", code)
	for _, f := range report.Files {
		for _, p := range f.Problems {
			t.Log(f.Name, p.Line, p.Code, p.Severity, p.Column, p.Message)
		}
	}
	return m
}

func TestBPCIAEpisodeFindings(t *testing.T) {
	swap := func(old, with string) string {
		if !strings.Contains(rowA, old) {
			t.Fatalf("%q is not in the row", old)
		}
		return strings.Replace(rowA, old, with, 1)
	}
	const drg, name = "ANCHOR_TRIGGER_CD=470", "IP-Major joint replacement of the lower extremity"
	tests := []struct {
		name, row, code string
		severity        store.Severity
	}{
		{"bad date", swap("ANCHOR_END_DT=04MAR2021", "ANCHOR_END_DT=31FEB2021"), "D001", store.Reject},
		{"future", swap("ANCHOR_END_DT=04MAR2021", "ANCHOR_END_DT=04MAR2031"), "D001", store.Reject},
		{"end before start", swap("ANCHOR_END_DT=04MAR2021", "ANCHOR_END_DT=28FEB2021"), "D002", store.Reject},
		{"outpatient over two days", strings.Replace(swap(drg, "ANCHOR_TRIGGER_CD=27447"), "ANCHOR_TYPE=IP", "ANCHOR_TYPE=OP", 1), "D002", store.Reject},
		{"twice", rowA, "K001", store.Reject},
		{"same anchor, other number", swap("EPISODE_ID=1001", "EPISODE_ID=1002"), "K003", store.Warning},
		{"short hospital number", swap("ANCHOR_PROVIDER=010001", "ANCHOR_PROVIDER=10001"), "C001", store.Reject},
		{"no state", swap("ANCHOR_PROVIDER=010001", "ANCHOR_PROVIDER=980001"), "C001", store.Reject},
		{"no trigger", swap(drg, "ANCHOR_TRIGGER_CD=999"), "C002", store.Reject},
		{"trigger of another category", swap(drg, "ANCHOR_TRIGGER_CD=481"), "C002", store.Reject},
		{"trigger of another year", strings.Replace(swap(name, "Spinal fusion"), drg, "ANCHOR_TRIGGER_CD=402", 1), "C002", store.Reject},
		{"name of another category", swap(name, "Sepsis"), "C002", store.Reject},
		{"unknown name", swap(name, "Joints"), "C002", store.Warning},
		{"form of the number", swap("1AC4DE5FG01", "1OC4DE5FG01"), "C006", store.Warning},
		{"synthetic number", swap("1AC4DE5FG01", "1SC4DE5FG01"), "C006", store.Warning},
		{"nobody", strings.Replace(swap("1AC4DE5FG01", ""), "BENE_SK=77", "BENE_SK=", 1), "V001", store.Reject},
		{"name in a code", swap(drg, "ANCHOR_TRIGGER_CD=Smith John"), "P001", store.Reject},
		{"amount", swap("ANCHOR_ALLOWED_AMT=14000.00", "ANCHOR_ALLOWED_AMT=14000.001"), "A001", store.Reject},
		{"negative", swap("ANCHOR_ALLOWED_AMT=14000.00", "ANCHOR_ALLOWED_AMT=-1.00"), "A002", store.Reject},
		{"anchor does not add up", swap("ANCHOR_STANDARD_ALLOWED_AMT=12000.00", "ANCHOR_STANDARD_ALLOWED_AMT=13000.00"), "A004", store.Warning},
		{"dropped without a reason", swap("DROP_EPISODE=0", "DROP_EPISODE=1"), "E001", store.Info},
		{"not a flag", swap("DROPFLAG_ESRD=0", "DROPFLAG_ESRD=7"), "V001", store.Warning},
		{"anchor stay not there", strings.Replace(swap("ANCHOR_STAY_ID=S1", "ANCHOR_STAY_ID=S0"), drg, "ANCHOR_TRIGGER_CD=469", 1), "K002", store.Warning},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows := []string{tt.row}
			if tt.code == "K001" || tt.code == "K003" {
				rows = []string{rowA, tt.row}
			}
			m := bpciaTry(t, "episodes", tt.code, tt.severity, map[string]string{
				"epi_.csv": bpciaSheet(bpciaEpisodes, rows...), "ip_.csv": bpciaSheet(bpciaStays, stayA),
			})
			if tt.severity != store.Reject && len(m.episodes) != 1 {
				t.Errorf("%d episodes", len(m.episodes))
			}
		})
	}
}

func TestBPCIARowFindings(t *testing.T) {
	const line = "EPISODE_ID=1001;CLAIMNO=P1;LINEITEM=1;HCPCS_CD=99213;LINE_STD_ALLOWED=100.00;LINE_ALLOWED=95.00;FROM_DT=06MAR2021;THRU_DT=06MAR2021;PLCSRVC=11;EXPNSDT1=06MAR2021;EXPNSDT2=06MAR2021"
	swap := func(old, with string) string { return strings.Replace(line, old, with, 1) }
	tests := []struct {
		name, row, code string
		severity        store.Severity
	}{
		{"orphan", swap("1001", "555"), "K002", store.Warning},
		{"no number", swap("1001", ""), "V001", store.Reject},
		{"twice", line + ";LINEDGNS=x", "K001", store.Reject},
		{"bad date", swap("EXPNSDT1=06MAR2021", "EXPNSDT1=06MRA2021"), "D001", store.Reject},
		{"end before start", swap("EXPNSDT2=06MAR2021", "EXPNSDT2=05MAR2021"), "D002", store.Reject},
		{"no standardized amount", swap("LINE_STD_ALLOWED=100.00", "LINE_STD_ALLOWED="), "A005", store.Warning},
		{"no amount", swap("LINE_STD_ALLOWED=100.00;LINE_ALLOWED=95.00", "LINE_STD_ALLOWED="), "A001", store.Reject},
		{"huge", swap("LINE_ALLOWED=95.00", "LINE_ALLOWED=21000000.01"), "A001", store.Reject},
		{"another payer", line + ";LPRPDAMT=5.00", "A007", store.Warning},
		{"far away", swap("EXPNSDT1=06MAR2021;EXPNSDT2=06MAR2021", "EXPNSDT1=06NOV2021;EXPNSDT2=06NOV2021"), "D004", store.Warning},
		{"provider", line + ";PRFNPI=12", "V001", store.Warning},
		{"stated part", line + ";STD_COST_EPI_TOTAL=98.99", "A006", store.Warning},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows := []string{tt.row}
			if tt.name == "twice" {
				rows = []string{line, tt.row}
			}
			bpciaTry(t, "carrier", tt.code, tt.severity, map[string]string{
				"epi_.csv": bpciaSheet(bpciaEpisodes, rowA), "ip_.csv": bpciaSheet(bpciaStays, stayA), "pb_.csv": bpciaSheet(bpciaCarrier, rows...),
			})
		})
	}
}

// TestBPCIARefusals: each damaged set gives its code and nothing else happens.
func TestBPCIARefusals(t *testing.T) {
	packed := func(text string, cut int) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()[:b.Len()-cut]
	}
	epi, ip := bpciaSheet(bpciaEpisodes, rowA), bpciaSheet(bpciaStays, stayA)
	tests := []struct {
		name  string
		files map[string]string
		code  string
		words string
	}{
		{"no episodes", map[string]string{"ip_.csv": ip}, "F001", "no file of the kind episodes"},
		{"no file at all", map[string]string{"readme.txt": "x\n"}, "F001", "no file of the kind episodes"},
		{"missing column", map[string]string{"epi_.csv": strings.Replace(epi, "ANCHOR_BEG_DT", "BEGINNING", 1), "ip_.csv": ip}, "F001", "anchor_start (looked for ANCHOR_BEG_DT)"},
		{"no person", map[string]string{"epi_.csv": strings.NewReplacer("MBI_ID", "A1", "BENE_SK", "A2").Replace(epi), "ip_.csv": ip}, "F001", "mbi, bene"},
		{"wrong header", map[string]string{"epi_.csv": "a,b\n1,2\n"}, "F001", "required fields of episodes"},
		{"no amounts", map[string]string{"epi_.csv": epi, "ip_.csv": strings.NewReplacer("STAY_STD_ALLOWED", "X", "STAY_ALLOWED", "Y").Replace(ip)}, "F001", "std, raw"},
		{"NUL", map[string]string{"epi_.csv": strings.Replace(epi, "04MAR2021", "04\x00MAR", 1)}, "F002", "NUL"},
		{"not UTF-8", map[string]string{"epi_.csv": epi, "ip_.csv": strings.Replace(ip, "S1", "\xff", 1)}, "F002", "UTF-8"},
		{"cut short", map[string]string{"epi_.csv.gz": packed(epi, 9)}, "F002", ""},
		{"empty", map[string]string{"epi_.csv": ""}, "F002", "empty"},
		{"bad rows past the threshold", map[string]string{"epi_.csv": strings.Replace(epi, "04MAR2021", "04MRZ2021", 1), "ip_.csv": ip}, "D001", "1 of 1 rows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, _, err := load(t, store.BPCIA, write(t, tt.files))
			var no *ingest.RefusedError
			if !errors.As(err, &no) || no.Code != tt.code || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("got %v", err)
			}
			if len(m.files) != 0 {
				t.Error("books were sent")
			}
		})
	}
}

func TestBPCIAAccepts(t *testing.T) {
	want, _, err := load(t, store.BPCIA, write(t, bpciaSet()))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(string) string{
		"CRLF":            func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"byte order mark": func(s string) string { return "\ufeff" + s },
		"small letters": func(s string) string {
			head, rest, _ := strings.Cut(s, "\n")
			return strings.ToLower(head) + "\n" + rest
		},
		"pipes":            func(s string) string { return strings.ReplaceAll(s, ",", "|") },
		"days of ISO 8601": func(s string) string { return strings.ReplaceAll(s, "04MAR2021", "2021-03-04") },
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			for n, text := range bpciaSet() {
				files[n] = change(text)
			}
			m, report, err := load(t, store.BPCIA, write(t, files))
			if err != nil || len(m.episodes) != len(want.episodes) {
				t.Fatalf("%d episodes, %v", len(m.episodes), err)
			}
			for i := range want.episodes {
				if bpciaSpending(&m.episodes[i], 90) != bpciaSpending(&want.episodes[i], 90) || m.episodes[i].Key != want.episodes[i].Key {
					t.Errorf("episode %d differs", i)
				}
			}
			if count(report, "F002") != 0 && name != "byte order mark" {
				t.Error("F002")
			}
		})
	}
}

// TestBPCIADrift: a header that changed is told in one finding a file, and what
// is there is read.
func TestBPCIADrift(t *testing.T) {
	set := bpciaSet()
	set["perf_sn_202109.csv"] = strings.NewReplacer("SGMT_NUM", "SEGMENT_NEW").Replace(set["perf_sn_202109.csv"])
	_, report, err := load(t, store.BPCIA, write(t, set))
	if err != nil || count(report, "F005") != 1 {
		t.Fatalf("%v, %d findings", err, count(report, "F005"))
	}
	for _, f := range report.Files {
		for _, p := range f.Problems {
			if p.Code == "F005" && (!strings.Contains(p.Message, "SEGMENT_NEW") || !strings.Contains(p.Message, "no column holds: segment")) {
				t.Errorf("got %q", p.Message)
			}
		}
	}
}

// TestBPCIAOverlap: of two monthly deliveries the newer one is used, whatever
// the number it gives an episode; what only the older one has stays.
func TestBPCIAOverlap(t *testing.T) {
	old := func(s string) string {
		return strings.NewReplacer("EPISODE_ID=1001", "EPISODE_ID=7", "12000.00", "11000.00").Replace(s)
	}
	gone := strings.NewReplacer("1001", "8", "=S1", "=S8", "1AC4DE5FG01", "5AC4DE5FG05")
	m, report, err := load(t, store.BPCIA, write(t, map[string]string{
		"epi_202108.csv": bpciaSheet(bpciaEpisodes, gone.Replace(rowA), old(rowA)),
		"ip_202108.csv":  bpciaSheet(bpciaStays, gone.Replace(stayA), old(stayA)),
		"epi_202109.csv": bpciaSheet(bpciaEpisodes, rowA),
		"ip_202109.csv":  bpciaSheet(bpciaStays, stayA),
	}))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.episodes) != 2 || m.episodes[0].StdAnchor != 12_000_00 || m.episodes[1].StdAnchor != 12_000_00 {
		t.Errorf("%d episodes", len(m.episodes))
	}
	if count(report, "F003") != 2 || count(report, "K002") != 2 || !strings.Contains(strings.Join(report.Notes, "\n"), "1 episodes stand in two deliveries") {
		t.Errorf("F003 %d, K002 %d, notes %q", count(report, "F003"), count(report, "K002"), report.Notes)
	}
}

// TestBPCIASecondImport: a second import changes nothing, and a newer delivery
// in another import replaces the episode.
func TestBPCIASecondImport(t *testing.T) {
	db := database(t)
	dir := write(t, bpciaSet())
	into(t, db, store.BPCIA, dir)
	into(t, db, store.BPCIA, dir)
	set := bpciaSet()
	set["perf_epi_202109.csv"] = strings.ReplaceAll(set["perf_epi_202109.csv"], "\n1001,", "\n2001,")
	set["perf_ip_202109.csv"] = strings.ReplaceAll(set["perf_ip_202109.csv"], "7000.00", "7100.00")
	into(t, db, store.BPCIA, write(t, set))
	batches, err := db.ListBatches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []store.Counts{{New: 3}, {Same: 3}, {Same: 2, Replaced: 1}} {
		if b := batches[i]; b.New != want.New || b.Same != want.Same || b.Replaced != want.Replaced {
			t.Errorf("import %d: %+v", i+1, b.Counts)
		}
	}
	if got, found, err := db.Episode(t.Context(), "none"); got != nil || found || err != nil {
		t.Error(err)
	}
}

// TestBPCIAFlags: every reason of the feed reaches the episode.
func TestBPCIAFlags(t *testing.T) {
	for column, want := range map[string]uint32{
		"NOT_CONT_ENR_AB_NO_C": group.DropNotAB, "ESRD": group.DropESRD, "OTHER_PRIMARY_PAYER": group.DropSecondary, "NO_BENE_ENR_INFO": group.DropNoEnrolment,
		"NON_ACH": group.DropFeed, "LOS_GT_59": group.DropLongStay, "EXCLUDED_STATE": group.DropFeed, "NON_HIGHEST_J1": group.DropFeed,
		"TRANS_W_CAH_CANCER": group.DropTransferOut, "CJR": group.DropFeed, "RCH_DEMO": group.DropFeed, "RURAL_PA": group.DropFeed,
		"PRELIM_CJR_OVERLAP": group.DropFeed, "PRELIM_BPCI_A_OVERLAP": group.DropFeed,
	} {
		row := strings.Replace(rowA, ";DROPFLAG_ESRD=0", "", 1) + ";DROPFLAG_" + column + "=1"
		m, report, err := load(t, store.BPCIA, write(t, map[string]string{"epi_.csv": bpciaSheet(bpciaEpisodes, row), "ip_.csv": bpciaSheet(bpciaStays, stayA)}))
		if err != nil || m.episodes[0].DropFlags != want || count(report, "E001") == 0 {
			t.Errorf("%s: %v, flags %b", column, err, m.episodes[0].DropFlags)
		}
		if cancelled := m.episodes[0].EligEnd != nil; cancelled != (want&group.NotEligible != 0) {
			t.Errorf("%s: cancelled %v", column, cancelled)
		}
	}
}

func FuzzBPCIA(f *testing.F) {
	set := bpciaSet()
	f.Add(set["perf_epi_202109.csv"], set["perf_ip_202109.csv"], set["perf_hh_202109.csv"], "INITIATOR_BPID,PGP_ACH,CCN_TIN,EPI_CAT,SBS\nB1,ACH,010001,Sepsis,1.5\n")
	f.Add(strings.ReplaceAll(bpciaSheet(bpciaEpisodes, rowA), "1AC4DE5FG01", "1EG4TE5MK73"), bpciaSheet(bpciaStays, stayA), "", "x")
	f.Add(bpciaSheet(bpciaEpisodes, rowA), bpciaSheet(bpciaStays, strings.Replace(stayA, "12000.00", "-1.00", 1)), "EPISODE_ID\n1001\n", "INITIATOR_BPID,PGP_ACH,CCN_TIN,EPI_CAT,TARGET_PRICE\nB1,PGP,,x,$1e9\n")
	f.Fuzz(func(t *testing.T, episodes, stays, home, components string) {
		nothingLost(t, store.BPCIA, map[string]string{"epi_.csv": episodes, "ip_.csv": stays, "hh_.csv": home, "TP_Components.csv": components})
	})
}

// TestBPCIAArchive: a delivery is read out of the archive it came in.
func TestBPCIAArchive(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(bpciaSet())) {
		w, err := z.Create("monthly/" + name)
		if err == nil {
			_, err = w.Write([]byte(bpciaSet()[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	m, _, err := load(t, store.BPCIA, write(t, map[string]string{"delivery.zip": b.String(), "epi_guide.pdf": "%PDF"}))
	if err != nil || len(m.episodes) != 3 || bpciaSpending(bpciaEpisode(t, m, "470"), 90) != 34_300_00 {
		t.Errorf("%d episodes, %v", len(m.episodes), err)
	}
}

// TestBPCIADamage: however a delivery is damaged, the books balance, nothing
// panics, and no finding repeats a cell.
func TestBPCIADamage(t *testing.T) {
	set := bpciaSet()
	names := slices.Sorted(maps.Keys(set))
	rapid.Check(t, func(r *rapid.T) {
		files := map[string]string{}
		for n, text := range set {
			files[n] = strings.ReplaceAll(text, "1AC4DE5FG01", "1EG4TE5MK73")
		}
		for range rapid.IntRange(1, 4).Draw(r, "faults") {
			name := rapid.SampledFrom(names).Draw(r, "file")
			lines := strings.Split(files[name], "\n")
			at := rapid.IntRange(0, len(lines)-1).Draw(r, "line")
			cells := strings.Split(lines[at], ",")
			cell := rapid.IntRange(0, len(cells)-1).Draw(r, "cell")
			switch rapid.IntRange(0, 4).Draw(r, "kind") {
			case 0:
				lines = slices.Delete(lines, at, at+1)
			case 1:
				lines = slices.Insert(lines, at, lines[at])
			case 2:
				cells[cell] = rapid.SampledFrom([]string{"", "-1", "99999999", "1EG4TE5MK73", "Smith, John", "\"", "31FEB2021", "1e9", "\x00", "\xff"}).Draw(r, "text")
				lines[at] = strings.Join(cells, ",")
			case 3:
				lines[at] = strings.Join(slices.Delete(cells, cell, cell+1), ",")
			case 4:
				other := rapid.IntRange(0, len(cells)-1).Draw(r, "other")
				cells[cell], cells[other] = cells[other], cells[cell]
				lines[at] = strings.Join(cells, ",")
			}
			files[name] = strings.Join(lines, "\n")
		}
		if nothingLost(t, store.BPCIA, files); t.Failed() {
			r.FailNow()
		}
	})
}
