package ingest_test

import (
	"errors"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
)

// nothingLost checks what every import must hold whatever its files: it is done
// or refused, with books that balance (Finish would say so), and no outcome
// repeats a secret.
func nothingLost(t *testing.T, format store.Format, files map[string]string) {
	t.Helper()
	_, report, err := load(t, format, write(t, files))
	var refused *ingest.RefusedError
	if err != nil && !errors.As(err, &refused) {
		t.Fatal(err)
	}
	if report == nil {
		t.Fatalf("no report: %v", err)
	}
	for _, f := range report.Files {
		for _, p := range f.Problems {
			if strings.Contains(p.Hint+p.Message, "1EG4") {
				t.Errorf("a finding repeats a cell: %+v", p)
			}
		}
	}
}

func FuzzNative(f *testing.F) {
	f.Add(episodeHead+oneEpisode, serviceHead+oneService)
	f.Add(episodeHead+oneEpisode+"E2,1EG4TE5MK73,010001,LEJR,OP,27447,2025-03-01,2025-03-01,1.00\n", serviceHead+oneService+"E1,2,snf,2025-03-03,2025-03-22,-9000.00\n")
	f.Add(strings.ReplaceAll(episodeHead+oneEpisode, "\n", "\r\n"), "\ufeff"+serviceHead+"E2,1,hha,x,y,z\n\"E1")
	f.Add("a\n", "")
	f.Fuzz(func(t *testing.T, episodes, services string) {
		nothingLost(t, store.Native, map[string]string{"episodes.csv": episodes, "services.csv": services})
	})
}

func FuzzNativePrices(f *testing.F) {
	f.Add("ccn,name\n010001,North\n", "cell,division,days,price\n470,6,30,24000.00\n")
	f.Add("ccn,beds\n1EG4-TE5-MK73,\n", "cell,division,days,price,kind\n470,6,30,24000.00,x\n\n")
	f.Fuzz(func(t *testing.T, hospitals, prices string) {
		nothingLost(t, store.Native, map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService, "hospitals.csv": hospitals, "prices.csv": prices})
	})
}

func FuzzRIF(f *testing.F) {
	stay := pipes(stayColumns, stayRow("1", "01-JAN-2024", "03-JAN-2024", "010001", "470", "02", 100), stayRow("2", "03-JAN-2024", "09-JAN-2024", "010033", "470", "01", 100))
	f.Add(stay, pipes(lineColumns, "7|9|71|01-MAR-2024|01-MAR-2024|1|1|11|01-MAR-2024|01-MAR-2024|99213|10.00|A|"))
	f.Add("\ufeff"+stay, pipes(revenueColumns, "7|9|40|01-JAN-2024|01-JAN-2024|010001|1000|0|0|1|01-JAN-2024|27447|1|0|0|J1", "7|9|40|01-JAN-2024|01-JAN-2024|010001|1000|0|0|2|01-JAN-2024|27447|-1|0|0|J1"))
	f.Add(stay, pipes("BENE_ID BENE_BIRTH_DT RFRNC_YR MDCR_ENTLMT_BUYIN_1_IND", "7|01-JAN-1940|2024|3"))
	f.Add(stay+"1EG4TE5MK73|x\n", pipes(homeColumns, "7|300|10|26-Mar-2024|30-Mar-2024|017001|300.00|L|0421|26-Mar-2024"))
	f.Fuzz(func(t *testing.T, stays, other string) {
		nothingLost(t, store.RIF, map[string]string{"a.txt": stays, "b.csv": other})
	})
}

func FuzzSynPUF(f *testing.F) {
	head := "DESYNPUF_ID,CLM_ID,SEGMENT,CLM_FROM_DT,CLM_THRU_DT,CLM_ADMSN_DT,PRVDR_NUM,CLM_PMT_AMT,ICD9_PRCDR_CD_1\n"
	f.Add(head+"A,1,1,20080101,20080105,20080101,2600GD,4000.00,8154\n", "DESYNPUF_ID,CLM_ID,CLM_FROM_DT,CLM_THRU_DT,HCPCS_CD_1,LINE_ALOWD_CHRG_AMT_1\nA,2,20080103,20080103,27447,100.00\n")
	f.Add(head+"A,1,2,,,,2600GD,4000.00,\nA,1,1,20080101,20080105,20080101,2600GD,4000.00,8154\n", "DESYNPUF_ID,BENE_BIRTH_DT,BENE_DEATH_DT\nA,19300101,20080201\n")
	f.Add(head+"A,1,1,20080101,20080105,20080101,2600GD,4000.00,8154\n", "DESYNPUF_ID,CLM_ID,SEGMENT,CLM_FROM_DT,CLM_THRU_DT,PRVDR_NUM,CLM_PMT_AMT,HCPCS_CD_1,NCH_BENE_PTB_DDCTBL_AMT\nA,1,1,20080101,20080101,2600GD,-10.00,27447,0\n")
	f.Fuzz(func(t *testing.T, stays, other string) {
		nothingLost(t, store.SynPUF, map[string]string{"a.csv": stays, "DE1_0_2008_Beneficiary_b.csv": other})
	})
}
