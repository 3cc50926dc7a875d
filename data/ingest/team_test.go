package ingest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// teamSet is a made-up delivery in the spelling that the shipped profile
// guesses: one fusion, a stay 2-6 February 2026; day 0 is 6 February and 30 days
// end on 7 March.
func teamSet() map[string]string {
	return map[string]string{
		"TEAM_episodes_202608.csv": "EPISODE_ID|EPISODE_CATEGORY|MBI_ID|BENE_SEX|BENE_AGE|ANCHOR_TYPE|ANCHOR_STAY_ID|ANCHOR_TRIGGER_CD|ANCHOR_CCN|ANCHOR_BEG_DT|ANCHOR_END_DT|EPISODE_END_DT|ANCHOR_STD_ALLOWED_AMT|TOT_STD_ALLOWED|HCC_COUNT|DUAL_FLAG|RA_MULTIPLIER\n" +
			"E1|Spinal Fusion|1AC4DE5FG01|F|70|IP|S1|402|010001|2026-02-02|2026-02-06|2026-03-07|45000.00|53250.00|2|N|1.05\n",
		"TEAM_inpatient_202608.csv": "EPISODE_ID,CLM_ID,PRVDR_NUM,CLM_FROM_DT,CLM_THRU_DT,CLM_DRG_CD,STD_ALLOWED,BENE_PTNT_STUS_CD\nE1,S1,010001,2026-02-02,2026-02-06,402,45000.00,03\n",
		"TEAM_snf_202608.csv":       "EPISODE_ID,CLM_ID,PRVDR_NUM,CLM_FROM_DT,CLM_THRU_DT,STD_ALLOWED\nE1,S1,015001,2026-02-06,2026-02-25,8000.00\n",
		"TEAM_carrier_202608.csv":   "EPISODE_ID,CLM_ID,LINE_NUM,HCPCS_CD,CLM_FROM_DT,LINE_1ST_EXPNS_DT,LINE_LAST_EXPNS_DT,LINE_PLACE_OF_SRVC_CD,STD_ALLOWED\nE1,7,1,99213,02/20/2026,02/20/2026,02/20/2026,11,250.00\nE1,8,1,99213,03/20/2026,03/20/2026,03/20/2026,11,90.00\n",
	}
}

func TestTEAM(t *testing.T) {
	m, report, err := load(t, store.TEAM, write(t, teamSet()))
	if err != nil {
		t.Fatal(err)
	}
	// 45,000.00 + 8,000.00 + 250.00 = 53,250.00 at 30 days; the visit of 20 March
	// lies on offset 42, after the episode.
	e := &m.episodes[0]
	if got := []money.Cents{bpciaSpending(e, 30), bpciaSpending(e, 60)}; got[0] != 53_250_00 || got[1] != 53_340_00 {
		t.Errorf("comes to %v", got)
	}
	if len(m.episodes) != 1 || e.Category != episode.Fusion || e.CMSDays != 30 || e.Risk != 1_050_000 || *e.HCC != 2 || e.NotStd || !strings.HasPrefix(e.Key, "team-") {
		t.Errorf("%+v", e)
	}
	for _, f := range report.Files {
		for _, p := range f.Problems {
			if p.Code == "A006" || p.Code == "F005" && strings.Contains(p.Message, "does not know") {
				t.Errorf("%s: %s %s", f.Name, p.Code, p.Message)
			}
		}
	}
	if !strings.Contains(strings.Join(report.Notes, "\n"), "unconfirmed") {
		t.Error("the guess is not said")
	}
}

// withProfile imports a TEAM folder under a profile of its own.
func withProfile(t *testing.T, files map[string]string, text string) (*memory, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "own.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m := &memory{}
	_, err := ingest.Import(context.Background(), ingest.Options{Format: store.TEAM, Dir: write(t, files), Profile: path, Key: key(t), Today: today()}, m)
	return m, err
}

// TestTEAMProfile: a feed that calls everything otherwise is read once its
// profile says so, and refused, with what was looked for, before.
func TestTEAMProfile(t *testing.T) {
	files := map[string]string{
		"surgeries.tsv": "Case\tPatient\tOperation\tCode\tIn\tOut\tCost\n1\tP-1\tHip or knee\t470\t3/1/2026\t3/4/2026\t12000.00\n",
	}
	shipped, err := ingest.ShippedProfile("team")
	if err != nil {
		t.Fatal(err)
	}
	_, err = withProfile(t, map[string]string{"episodes.csv": "Case,Patient\n1,2\n"}, string(shipped))
	var no *ingest.RefusedError
	if !errors.As(err, &no) || no.Code != "F001" || !strings.Contains(err.Error(), "episode (looked for EPISODE_ID, EPI_ID, EPISODE_NUMBER)") {
		t.Errorf("got %v", err)
	}
	own := `schema = "bundlelab.profile/1"
format = "team"
name = "Our vendor"
evidence = "user"
[[file]]
kind = "episodes"
names = ["surgeries"]
dates = ["MM/DD/YYYY"]
delimiter = "tab"
[file.constants]
ccn = "010001"
data_through = "6/30/2026"
[file.fields]
episode = ["Case"]
bene = ["Patient"]
category = ["Operation"]
trigger = ["Code"]
anchor_start = ["In"]
anchor_end = ["Out"]
std_anchor = ["Cost"]
[file.values.category]
"Hip or knee" = "LEJR"
`
	m, err := withProfile(t, files, own)
	if err != nil {
		t.Fatal(err)
	}
	// The data are said to reach 30 June; an episode of 30 days with the 30 after
	// it, from 4 March, is covered to 2 May.
	e := m.episodes[0]
	if e.StdAnchor != 12_000_00 || e.CCN != "010001" || e.DataThrough.String() != "2026-05-02" {
		t.Errorf("%+v", e)
	}
	_, err = withProfile(t, files, strings.Replace(own, "bene =", "patient =", 1))
	if !errors.As(err, &no) || !strings.Contains(err.Error(), "own.toml:15:1: patient is not a field of episodes") {
		t.Errorf("got %v", err)
	}
}

func TestShippedProfiles(t *testing.T) {
	for _, f := range []store.Format{store.BPCIA, store.TEAM} {
		if text, err := ingest.ShippedProfile(string(f)); err != nil || len(text) == 0 {
			t.Errorf("%s: %v", f, err)
		}
	}
	var no *ingest.UnknownFormatError
	if _, err := ingest.ShippedProfile("rif"); !errors.As(err, &no) {
		t.Errorf("got %v", err)
	}
}

func FuzzTEAM(f *testing.F) {
	set := teamSet()
	f.Add(set["TEAM_episodes_202608.csv"], set["TEAM_inpatient_202608.csv"], set["TEAM_carrier_202608.csv"])
	f.Add(strings.ReplaceAll(set["TEAM_episodes_202608.csv"], "|", ","), strings.ToLower(set["TEAM_inpatient_202608.csv"]), "EPISODE_ID\n")
	f.Fuzz(func(t *testing.T, episodes, stays, lines string) {
		nothingLost(t, store.TEAM, map[string]string{"epi_.csv": episodes, "ip_.csv": stays, "pb_.csv": lines})
	})
}
