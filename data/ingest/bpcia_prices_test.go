package ingest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

const (
	bpciaComponents = "INDEX CONVENER_ID INITIATOR_BPID PERFORMANCE_PERIOD PGP_ACH CCN_TIN ASSOC_ACH_CCN EPI_TYPE EPI_CAT EPI_COUNT COUNT_GT_40 EPI_SPEND AMT ACH_EFF SBS PCMA PAT HBP PGP_EFF PGP_OFFSET" +
		" PGP_OFFSET_ADJ PGP_ACH_PCMA CASE_MIX PGP_ACH_BNCHMRK TARGET_PRICE PAYMENT_RATIO TARGET_PRICE_REAL"
	hospitalPrice = "INDEX=1;CONVENER_ID=7777-0000;INITIATOR_BPID=7777-0001;PERFORMANCE_PERIOD=MY3;PGP_ACH=ACH;CCN_TIN=010001;EPI_TYPE=IP;EPI_CAT=Major joint replacement of the lower extremity;EPI_COUNT=212;COUNT_GT_40=1" +
		";ACH_EFF=0.9654321;SBS=25000.005;PCMA=1.02;PAT=0.98;HBP=24990;CASE_MIX=1.0000005;PGP_ACH_BNCHMRK=24990;TARGET_PRICE=24240.3;PAYMENT_RATIO=1.10;TARGET_PRICE_REAL=26664.33"
	groupPrice = "INDEX=2;CONVENER_ID=7777-0000;INITIATOR_BPID=7777-0002;PGP_ACH=PGP;CCN_TIN=123456789;ASSOC_ACH_CCN=010033;EPI_TYPE=IP;EPI_CAT=Sepsis;EPI_COUNT=12;COUNT_GT_40=0;PGP_EFF=0.99;PGP_OFFSET=0.97;PGP_OFFSET_ADJ=0.975;PGP_ACH_PCMA=1.01;TARGET_PRICE=."
)

func bpciaPriceSet() map[string]string {
	return map[string]string{
		"TP_Components.csv":              bpciaSheet(bpciaComponents, hospitalPrice, groupPrice),
		"Peer_Group_Characteristics.csv": "CCN,ACADEMIC,URBAN_RURAL,SAFETY_NET,BED_SIZE,CENSUS\n010001,1,Urban,0,251-500,East South Central\n",
		"wins_values.csv":                "EPI_CAT,DRG_APC,Low_Pct,High_Pct\nMajor joint replacement of the lower extremity,470,11234.565,60123.4\nSepsis,871,5000,90000\n",
		"reconciliation_report.csv":      "A,B\n1,2\n3,4\n",
		"True_Up_Amount.csv":             "X\n5\n",
	}
}

func cent(c money.Cents) *money.Cents { return &c }

func millionths(n int64) *int64 { return &n }

func TestBPCIAPrices(t *testing.T) {
	db := database(t)
	report := into(t, db, store.BPCIA, write(t, bpciaPriceSet()))
	if report.Problems(store.Warning)+report.Problems(store.Reject) != 0 {
		for _, f := range report.Files {
			t.Log(f.Name, f.Problems)
		}
		t.Error("findings")
	}
	for _, want := range []string{"reconciliation_report.csv is a file of the kind reconciliation, whose layout is not public", "True_Up_Amount.csv is a file of the kind true_up"} {
		if !strings.Contains(strings.Join(report.Notes, "\n"), want) {
			t.Errorf("%q is not in %q", want, report.Notes)
		}
	}
	components, err := db.ListComponents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n, m := 212, 12
	want := []store.Component{
		{
			// 25,000.005 rounds half away to 25,000.01; 1.0000005 to 1.000001.
			Initiator: "7777-0001", Kind: "ACH", CCN: "010001", Type: "IP", Given: "Major joint replacement of the lower extremity", Category: episode.LEJR,
			Period: "MY3", Convener: "7777-0000", Episodes: &n, Over40: panel.Yes,
			SBS: cent(25_000_01), HBP: cent(24_990_00), Benchmark: cent(24_990_00), Target: cent(24_240_30), Real: cent(26_664_33),
			PCMA: millionths(1_020_000), PAT: millionths(980_000), CaseMix: millionths(1_000_001), Efficiency: millionths(965_432), Payout: millionths(1_100_000),
		},
		{ // the tax number of a group is not kept
			Initiator: "7777-0002", Kind: "PGP", CCN: "010033", Type: "IP", Given: "Sepsis", Convener: "7777-0000", Episodes: &m, Over40: panel.No,
			GroupEfficiency: millionths(990_000), GroupOffset: millionths(970_000), GroupAdjusted: millionths(975_000), GroupPCMA: millionths(1_010_000),
		},
	}
	if d := cmp.Diff(want, components); d != "" {
		t.Error(d)
	}
	peers, err := db.ListPeerGroups(t.Context())
	if d := cmp.Diff([]store.PeerGroup{{CCN: "010001", Academic: "1", UrbanRural: "Urban", SafetyNet: "0", BedSize: "251-500", Census: "East South Central"}}, peers); d != "" || err != nil {
		t.Error(d, err)
	}
	bounds, err := db.ListWinsors(t.Context())
	if d := cmp.Diff([]store.Winsor{
		{Given: "Major joint replacement of the lower extremity", Code: "470", Category: episode.LEJR, Low: cent(11_234_57), High: cent(60_123_40)},
		{Given: "Sepsis", Code: "871", Low: cent(5_000_00), High: cent(90_000_00)},
	}, bounds); d != "" || err != nil {
		t.Error(d, err)
	}
	// A newer import is read in place of an older one, row by row.
	set := bpciaPriceSet()
	set["TP_Components.csv"] = bpciaSheet(bpciaComponents, strings.Replace(hospitalPrice, "24240.3", "24000", 1))
	into(t, db, store.BPCIA, write(t, set))
	components, err = db.ListComponents(t.Context())
	if err != nil || len(components) != 2 || *components[0].Target != 24_000_00 {
		t.Errorf("%+v %v", components, err)
	}
	if _, err := db.Undo(t.Context(), 2, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	if components, err = db.ListComponents(t.Context()); err != nil || len(components) != 2 || *components[0].Target != 24_240_30 {
		t.Errorf("after an undo %+v %v", components, err)
	}
}

func TestBPCIAPriceFaults(t *testing.T) {
	swap := func(old, with string) string {
		return bpciaSheet(bpciaComponents, strings.Replace(hospitalPrice, old, with, 1))
	}
	for name, tt := range map[string]struct{ file, text, code string }{
		"twice":           {"TP_Components.csv", bpciaSheet(bpciaComponents, hospitalPrice, hospitalPrice), "K001"},
		"not a number":    {"TP_Components.csv", swap("SBS=25000.005", "SBS=many"), "A001"},
		"too large":       {"TP_Components.csv", swap("SBS=25000.005", "SBS=1e30"), "A001"},
		"no initiator":    {"TP_Components.csv", swap("INITIATOR_BPID=7777-0001", "INITIATOR_BPID="), "V001"},
		"hospital":        {"TP_Components.csv", swap("CCN_TIN=010001", "CCN_TIN=10001"), "C001"},
		"bounds":          {"wins_values.csv", "EPI_CAT,DRG_APC,Low_Pct,High_Pct\nSepsis,871,2,1\n", "A001"},
		"no code":         {"wins_values.csv", "EPI_CAT,DRG_APC,Low_Pct,High_Pct\nSepsis,,1,2\n", "V001"},
		"missing column":  {"wins_values.csv", "EPI_CAT,DRG_APC,Low_Pct\nSepsis,871,2\n", "F001"},
		"a person's name": {"wins_values.csv", "EPI_CAT,DRG_APC,Low_Pct,High_Pct\nSepsis,\"Smith, John\",1,2\n", "P001"},
	} {
		t.Run(name, func(t *testing.T) {
			bpciaTry(t, "prices", tt.code, store.Reject, map[string]string{tt.file: tt.text})
		})
	}
}
