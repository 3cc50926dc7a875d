package lever

// formulaLevers are the levers of designs that settle by a formula of their
// own.
func formulaLevers() []Def {
	const term = "no published value: a term of the contract"
	return []Def{
		{Group: "condition", Name: "avoided", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "Operations avoided", Meaning: "share of the operations that patients of a condition bundle do without", Evidence: "elective surgery fell by more than 25% at one institute (Dell Medical School)"},
		{Group: "condition", Name: "conservative_cost", Unit: Dollars, Min: "0.00", Baseline: "the design's cost", Step: "100.00", Title: "Cost without operation", Meaning: "a year of care of a patient who is not operated", Evidence: term},
		{Group: "condition", Name: "deferral", Unit: Percent, Min: "0%", Max: any100, Baseline: "the design's share", Step: "1%", Title: "Only put off", Meaning: "share of avoided operations that come in months 13 to 24", Evidence: term},
		{Group: "condition", Name: "margin", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "500.00", Title: "Margin of an operation", Meaning: "the hospital's contribution margin of an operation, lost when it is avoided", Evidence: "the hospital's own figure"},
		{Group: "capitation", Name: "stop_loss", Unit: Dollars, Min: "0.00", Baseline: "the design's, none", Step: "5000.00", Title: "Stop-loss attachment", Meaning: "cost of one episode from which the individual stop-loss pays", Evidence: term},
		{Group: "capitation", Name: "premium", Unit: Percent, Min: "0%", Max: any100, Baseline: "the design's, 0%", Step: "0.5%", Title: "Stop-loss premium", Meaning: "price of the stop-loss as a share of the capitation", Evidence: term},
		{Group: "capitation", Name: "admin", Unit: Percent, Min: "0%", Max: any100, Baseline: "the design's, 0%", Step: "0.5%", Title: "Administration", Meaning: "cost of administration as a share of the capitation", Evidence: term},
		{Group: "aco", Name: "other_benchmark", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "1000000.00", Title: "ACO's other benchmark", Meaning: "benchmark of the care outside these episodes, of each hospital's ACO", Evidence: "the ACO's own figure"},
		{Group: "aco", Name: "other_spending", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "1000000.00", Title: "ACO's other spending", Meaning: "spending on the care outside these episodes, of each hospital's ACO", Evidence: "the ACO's own figure"},
		{Group: "aco", Name: "msr", Unit: Percent, Min: "0%", Max: "20%", Baseline: "the design's", Step: "0.5%", Title: "Least savings rate", Meaning: "savings or losses below this share of the benchmark count as nothing", Evidence: "0%, 0.5% to 2.0%, or by size (42 CFR 425.610, text of 2015-17)"},
		{Group: "aco", Name: "fsr", Unit: Percent, Min: "0%", Max: any100, Baseline: "the design's, at full quality", Step: "5%", Title: "Final sharing rate", Meaning: "the ACO's share of savings with quality in it; its loss share is the rest of 100%, held by the design", Evidence: "at most 75% (42 CFR 425.610, text of 2015-17)"},
	}
}
