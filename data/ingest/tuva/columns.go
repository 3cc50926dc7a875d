package tuva

import "fmt"

// required are the columns a file cannot do without.
func required(what content) []string {
	switch what {
	case claimFile:
		return []string{"claim_id", "claim_line_number", "claim_type", "person_id", "claim_start_date", "claim_end_date", "bill_type_code", "hcpcs_code", "paid_amount"}
	case peopleFile:
		return []string{"person_id", "enrollment_start_date", "enrollment_end_date", "payer_type"}
	case hospitalFile:
		return []string{"npi", "ccn"}
	case otherFile:
	}
	return nil
}

// columns are those that are read, and all that the model has (version 0 of
// Tuva's input layer, and names before it).
func columns(what content) (used, all []string) {
	switch what {
	case claimFile:
		used = []string{
			"claim_id", "claim_line_number", "claim_type", "person_id", "patient_id", "claim_start_date", "claim_end_date",
			"claim_line_start_date", "claim_line_end_date", "admission_date", "discharge_date", "discharge_disposition_code",
			"place_of_service_code", "bill_type_code", "revenue_center_code", "drg_code_type", "drg_code", "ms_drg_code", "service_unit_quantity", "hcpcs_code",
			"rendering_npi", "billing_npi", "facility_npi", "paid_amount", "allowed_amount", "diagnosis_code_type", "data_source",
		}
		used = append(used, numbered("diagnosis_code_", 25)...)
		all = append(all, used...)
		all = append(all,
			"member_id", "payer", "plan", "admit_source_code", "admit_type_code", "rendering_tin", "billing_tin",
			"paid_date", "charge_amount", "coinsurance_amount", "copayment_amount", "deductible_amount", "total_cost_amount",
			"procedure_code_type", "in_network_flag", "file_name", "file_date", "ingest_datetime", "apr_drg_code", "tuva_last_run",
		)
		all = append(all, numbered("hcpcs_modifier_", 5)...)
		for _, stem := range []string{"diagnosis_poa_", "procedure_code_", "procedure_date_"} {
			all = append(all, numbered(stem, 25)...)
		}
	case peopleFile:
		used = []string{
			"person_id", "patient_id", "gender", "birth_date", "death_date", "enrollment_start_date", "enrollment_end_date", "payer", "payer_type",
			"plan", "original_reason_entitlement_code", "dual_status_code", "medicare_status_code", "low_income_subsidy_indicator",
		}
		all = append(all, used...)
		all = append(all,
			"member_id", "subscriber_id", "race", "death_flag", "enrollment_status", "hospice_flag", "institutional_snp_flag",
			"long_term_institutional_flag", "group_id", "group_name", "name_suffix", "first_name", "middle_name", "last_name",
			"social_security_number", "subscriber_relation", "address", "city", "state", "zip_code", "phone", "email", "ethnicity",
			"data_source", "file_name", "file_date", "ingest_datetime", "snp_type", "medicaid_indicator", "part_d_raf_type", "metal_level",
			"csr_indicator", "enrollment_duration_months", "esrd_status", "transplant_duration_months", "tuva_last_run",
		)
	case hospitalFile:
		used = []string{"npi", "ccn"}
		all = []string{"npi", "ccn", "name", "state", "facility_name", "city"}
	case otherFile:
	}
	return used, all
}

func numbered(stem string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%s%d", stem, i+1)
	}
	return names
}
