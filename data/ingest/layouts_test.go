package ingest_test

import (
	"slices"

	"bundlelab/data/store"
)

// layouts are the formats. DE-SynPUF has no skilled nursing and no home health.
func layouts() []*layout {
	team := bpciaLayout()
	team.format, team.date = store.TEAM, "2006-01-02"
	return []*layout{nativeLayout(), rifLayout(), synpufLayout(), bpciaLayout(), team, cclfLayout(), tuvaLayout()}
}

// layoutOf is the layout of one format.
func layoutOf(format store.Format) *layout {
	all := layouts()
	return all[slices.IndexFunc(all, func(l *layout) bool { return l.format == format })]
}

func nativeLayout() *layout {
	service := func(fixed string) kind {
		return kind{"services.csv", "key=episode_key id=line_key from=from_date to=to_date amount=std_allowed std=std_allowed raw=raw_allowed outlier=outlier provider=provider_id code=code other=primary_payer_amount", fixed}
	}
	return &layout{
		format: store.Native, comma: ",", date: "2006-01-02", base: []string{"episode", "snf", "hha", "line"}, need: [2]string{"snf", "from_date"},
		kinds: map[string]kind{
			"episode": {
				"episodes.csv",
				"key=episode_key person=bene_key provider=ccn category=category drg=trigger_code from=anchor_start to=anchor_end amount=std_anchor status=discharge_status death=death_date total=cms_episode_total",
				"anchor_type=IP cms_window_days=30",
			},
			"snf": service("setting=snf provider_kind=CCN"), "hha": service("setting=hha provider_kind=CCN"),
			"line": service("setting=professional"), "again": service("setting=readmission provider_kind=CCN"),
		},
	}
}

func rifLayout() *layout {
	const bill = "person=BENE_ID id=CLM_ID provider=PRVDR_NUM amount=CLM_PMT_AMT "
	stay := kind{
		"inpatient.csv",
		bill + "from=CLM_FROM_DT+CLM_ADMSN_DT to=CLM_THRU_DT+NCH_BENE_DSCHRG_DT drg=CLM_DRG_CD status=PTNT_DSCHRG_STUS_CD outlier=NCH_DRG_OUTLIER_APRVD_PMT_AMT ime=IME_OP_CLM_VAL_AMT dx=ICD_DGNS_CD1 icd=ICD_DGNS_VRSN_CD1",
		"NCH_CLM_TYPE_CD=60",
	}
	return &layout{
		format: store.RIF, comma: "|", date: "02-Jan-2006", base: []string{"stay", "snf", "hha", "line", "bill", "who"}, need: [2]string{"snf", "CLM_PMT_AMT"},
		kinds: map[string]kind{
			"stay": stay, "again": stay,
			"snf": {"snf.csv", bill + "from=CLM_FROM_DT to=CLM_THRU_DT", "NCH_CLM_TYPE_CD=20"},
			"hha": {"hha.csv", bill + "from=CLM_FROM_DT to=CLM_THRU_DT", "NCH_CLM_TYPE_CD=10"},
			"line": {
				"carrier.csv",
				"person=BENE_ID id=CLM_ID line=LINE_NUM place=LINE_PLACE_OF_SRVC_CD from=CLM_FROM_DT+LINE_1ST_EXPNS_DT to=CLM_THRU_DT+LINE_LAST_EXPNS_DT code=HCPCS_CD amount=LINE_ALOWD_CHRG_AMT other=LINE_BENE_PRMRY_PYR_PD_AMT",
				"NCH_CLM_TYPE_CD=71 CARR_CLM_PMT_DNL_CD=1 LINE_PRCSG_IND_CD=A",
			},
			"bill": {
				"outpatient.csv",
				"person=BENE_ID id=CLM_ID line=CLM_LINE_NUM provider=PRVDR_NUM from=CLM_FROM_DT+REV_CNTR_DT to=CLM_THRU_DT code=HCPCS_CD amount=REV_CNTR_PMT_AMT_AMT whole=CLM_PMT_AMT",
				"NCH_CLM_TYPE_CD=40",
			},
			"who": {"people.csv", "person=BENE_ID death=DEATH_DT enrolled=MDCR_ENTLMT_BUYIN_3_IND", "RFRNC_YR=2024 BENE_BIRTH_DT=02-MAR-1950 MDCR_ENTLMT_BUYIN_3_IND=3"},
		},
	}
}

func synpufLayout() *layout {
	stay := func(procedure string) kind {
		return kind{
			"stays.csv",
			"person=DESYNPUF_ID id=CLM_ID from=CLM_FROM_DT+CLM_ADMSN_DT to=CLM_THRU_DT+NCH_BENE_DSCHRG_DT provider=PRVDR_NUM amount=CLM_PMT_AMT other=NCH_PRMRY_PYR_CLM_PD_AMT",
			"SEGMENT=1 ICD9_PRCDR_CD_1=" + procedure,
		}
	}
	return &layout{
		format: store.SynPUF, comma: ",", date: "20060102", base: []string{"stay", "line", "who"}, need: [2]string{"stay", "PRVDR_NUM"},
		kinds: map[string]kind{
			"stay": stay("8154"), "again": stay(""),
			"line": {"carrier.csv", "person=DESYNPUF_ID id=CLM_ID from=CLM_FROM_DT to=CLM_THRU_DT code=HCPCS_CD_1 amount=LINE_ALOWD_CHRG_AMT_1 other=LINE_BENE_PRMRY_PYR_PD_AMT_1", ""},
			"who":  {"DE1_0_2024_Beneficiary_Summary.csv", "person=DESYNPUF_ID death=BENE_DEATH_DT esrd=BENE_ESRD_IND", "BENE_BIRTH_DT=19400101"},
		},
	}
}

func bpciaLayout() *layout {
	stay := kind{
		"ip_202406.csv",
		"key=EPISODE_ID id=IP_STAY_ID provider=PROVIDER from=STAY_FROM_DT+STAY_ADMSN_DT to=STAY_THRU_DT+STAY_DSCHRGDT drg=STAY_DRG_CD amount=STAY_STD_ALLOWED+STAY_ALLOWED status=STUS_CD", "",
	}
	const bill = "key=EPISODE_ID id=CLAIMNO provider=PROVIDER from=FROM_DT to=THRU_DT amount=STD_ALLOWED+CLM_ALLOWED"
	return &layout{
		format: store.BPCIA, comma: ",", date: "02Jan2006", base: []string{"episode", "stay", "snf", "hha", "line"}, need: [2]string{"line", "CLAIMNO"},
		kinds: map[string]kind{
			"episode": {
				"epi_202406.csv",
				"key=EPISODE_ID person=MBI_ID drg=ANCHOR_TRIGGER_CD provider=ANCHOR_PROVIDER from=ANCHOR_BEG_DT to=ANCHOR_END_DT amount=ANCHOR_STANDARD_ALLOWED_AMT+ANCHOR_ALLOWED_AMT stay=ANCHOR_STAY_ID death=BENE_DEATH_DT total=TOT_STD_ALLOWED esrd=DROPFLAG_ESRD",
				"ANCHOR_TYPE=IP EPISODE_GROUP_NAME=Major_joint_replacement_of_the_lower_extremity",
			},
			"stay": stay, "again": stay, "snf": {"sn_202406.csv", bill, ""}, "hha": {"hh_202406.csv", bill, ""},
			"bill": {
				"opl_202406.csv",
				"key=EPISODE_ID id=CLAIMNO line=LINEITEM code=HCPCS_CD provider=PROVIDER amount=LINE_STD_ALLOWED+LINE_ALLOWED from=FROM_DT+REV_DT to=THRU_DT other=REV_MSP1 second=REV_MSP2", "",
			},
			"line": {
				"pb_202406.csv",
				"key=EPISODE_ID id=CLAIMNO line=LINEITEM code=HCPCS_CD amount=LINE_STD_ALLOWED+LINE_ALLOWED std=LINE_STD_ALLOWED from=FROM_DT+EXPNSDT1 to=THRU_DT+EXPNSDT2 place=PLCSRVC other=LPRPDAMT", "",
			},
		},
	}
}

func cclfLayout() *layout {
	bill := func(kindOf string) kind {
		return kind{
			"cclf1.csv",
			"id=CUR_CLM_UNIQ_ID person=BENE_MBI_ID provider=PRVDR_OSCAR_NUM+CLM_BLG_PRVDR_OSCAR_NUM from=CLM_FROM_DT to=CLM_THRU_DT+CLM_EFCTV_DT drg=DGNS_DRG_CD amount=CLM_PMT_AMT status=BENE_PTNT_STUS_CD act=CLM_ADJSMT_TYPE_CD dx=PRNCPL_DGNS_CD icd=DGNS_PRCDR_ICD_IND",
			"CLM_ADJSMT_TYPE_CD=0 CLM_TYPE_CD=" + kindOf,
		}
	}
	return &layout{
		format: store.CCLF, comma: ",", date: "2006-01-02", base: []string{"stay", "snf", "hha", "line", "head", "bill", "who"}, need: [2]string{"line", "CLM_LINE_HCPCS_CD"},
		kinds: map[string]kind{
			"stay": bill("60"), "again": bill("60"), "snf": bill("20"), "hha": bill("10"), "head": bill("40"),
			"bill": {"cclf2.csv", "id=CUR_CLM_UNIQ_ID person=BENE_MBI_ID line=CLM_LINE_NUM code=CLM_LINE_HCPCS_CD amount=CLM_LINE_CVRD_PD_AMT from=CLM_FROM_DT+CLM_LINE_INSTNL_REV_CTR_DT to=CLM_THRU_DT", "CLM_TYPE_CD=40"},
			"line": {
				"cclf5.csv",
				"id=CUR_CLM_UNIQ_ID person=BENE_MBI_ID line=CLM_LINE_NUM from=CLM_FROM_DT+CLM_LINE_FROM_DT to=CLM_THRU_DT+CLM_LINE_THRU_DT+CLM_EFCTV_DT code=CLM_LINE_HCPCS_CD place=CLM_POS_CD amount=CLM_LINE_ALOWD_CHRG_AMT act=CLM_ADJSMT_TYPE_CD payer=CLM_LINE_PRMRY_PYR_CD",
				"CLM_TYPE_CD=71 CLM_ADJSMT_TYPE_CD=0 RNDRG_PRVDR_NPI_NUM= CLM_CNTL_NUM= CLM_CARR_PMT_DNL_CD=1 CLM_PRCSG_IND_CD=A",
			},
			"who": {"cclf8.csv", "person=BENE_MBI_ID death=BENE_DEATH_DT medicare=BENE_MDCR_STUS_CD", "BENE_DOB=1950-03-02 BENE_MDCR_STUS_CD=10"},
		},
	}
}

func tuvaLayout() *layout {
	bill := func(fixed string) kind {
		return kind{
			"medical_claim.csv",
			"person=person_id id=claim_id line=claim_line_number from=claim_start_date+admission_date to=claim_end_date+discharge_date status=discharge_disposition_code drg=drg_code amount=paid_amount+allowed_amount bill=bill_type_code dx=diagnosis_code_1 icd=diagnosis_code_type",
			"claim_line_number=1 claim_type=institutional drg_code_type=ms-drg " + fixed,
		}
	}
	place := func(npi, ccn string) kind {
		return kind{"npi_ccn.csv", "npi=npi ccn=ccn", "npi=" + npi + " ccn=" + ccn}
	}
	return &layout{
		format: store.Tuva, comma: ",", date: "2006-01-02", need: [2]string{"line", "hcpcs_code"},
		base: []string{"stay", "snf", "hha", "line", "who", "hospital", "facility", "other hospital"},
		kinds: map[string]kind{
			"stay": bill("bill_type_code=111 facility_npi=1111111111"), "again": bill("bill_type_code=111 facility_npi=3333333333"),
			"snf": bill("bill_type_code=211 facility_npi=2222222222"), "hha": bill("bill_type_code=329 facility_npi=4444444444"),
			"line": {
				"medical_claim.csv",
				"person=person_id id=claim_id line=claim_line_number from=claim_start_date+claim_line_start_date to=claim_end_date+claim_line_end_date code=hcpcs_code place=place_of_service_code amount=paid_amount+allowed_amount allowed=allowed_amount",
				"claim_type=professional",
			},
			"who":      {"eligibility.csv", "person=person_id death=death_date payer=payer_type", "enrollment_start_date=2020-01-01 enrollment_end_date=2025-12-31 payer_type=medicare"},
			"hospital": place("1111111111", "010001"), "facility": place("2222222222", "015001"), "other hospital": place("3333333333", "010033"),
		},
	}
}
