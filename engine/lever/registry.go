package lever

import (
	"slices"

	"bundlelab/engine/episode"
)

const any100 = "100%"

// Registry lists every lever in the order of the board.
func Registry() []Def {
	return slices.Concat(policyLevers(), careLevers(), marketLevers(), programLevers(), formulaLevers())
}

// inGroup are the levers among which a group's are.
func inGroup(group string) []Def {
	switch group {
	case "policy", "quality":
		return policyLevers()
	case "care":
		return careLevers()
	case "market":
		return marketLevers()
	case "program":
		return programLevers()
	}
	return formulaLevers()
}

func policyLevers() []Def {
	return []Def{
		{Group: "policy", Name: "design", Unit: ID, Baseline: "all designs", Title: "Design", Meaning: "which bundle design settles the episodes"},
		{Group: "policy", Name: "period", Unit: ID, Baseline: "the period after the data year", Title: "Period", Meaning: "performance period whose rules apply"},
		{Group: "policy", Name: "track", Unit: ID, Baseline: "the rule's default for each hospital", Title: "Track", Meaning: "participation track; an ineligible choice is refused with the rule"},
		{Group: "policy", Name: "episode_days", Scope: PerDesign, Unit: Count, Min: "0", Max: "3650", Baseline: "the design's length", Step: "1", Title: "Episode days", Meaning: "days from discharge or procedure; targets re-derive at that length"},
		{Group: "policy", Name: "discount", Scope: PerCategory, Unit: Percent, Min: "-10%", Max: "20%", Baseline: "the design's discount", Step: "0.5%", Title: "Discount", Meaning: "Medicare's share off the benchmark"},
		{Group: "policy", Name: "cap_percentile", Scope: PerDesign, Unit: Number, Min: "50", Max: "100", Baseline: "99", Step: "0.5", Title: "Cap percentile", Meaning: "percentile of episode spending above which dollars do not count"},
		{Group: "policy", Name: "cap_source", Scope: PerDesign, Unit: ID, Choices: []string{"table", "panel"}, Baseline: "table", Title: "Cap source", Meaning: "the price table's percentile, or the loaded episodes' own projected one"},
		{Group: "policy", Name: "stop_gain", Scope: PerDesign, Unit: Limit, Min: "0%", Max: any100, Baseline: "the track's limit", Step: "1%", Title: "Stop-gain", Meaning: "largest payment as a share of the aggregate target"},
		{Group: "policy", Name: "stop_loss", Scope: PerDesign, Unit: Limit, Min: "0%", Max: any100, Baseline: "the track's limit", Step: "1%", Title: "Stop-loss", Meaning: "largest repayment as a share of the aggregate target; Track 1 never repays"},
		{Group: "policy", Name: "exclusions", Scope: PerDesign, Unit: Switch, Choices: []string{"on", "off"}, Baseline: "on", Title: "Exclusions", Meaning: "leave excluded services out of spending"},
		{Group: "policy", Name: "data_year", Scope: PerDesign, Unit: Count, Min: "2000", Max: "2100", Baseline: "the last year the data cover whole", Title: "Data year", Meaning: "calendar year of anchor ends that stands for the performance year"},
		{Group: "quality", Name: "cqs", Unit: Number, Min: "0", Max: "100", Baseline: "50, assumed", Step: "1", Title: "CQS", Meaning: "composite quality score, on the design's own scale (0 to 100 unless the design says otherwise)"},
		{Group: "quality", Name: "cjr_cqs", Unit: Number, Min: "0", Max: "20", Baseline: "the middle of the measures, assumed", Step: "0.5", Title: "CQS of 20", Meaning: "composite quality score of a design that scores from 0 to 20 (CJR); it goes before quality.cqs there"},
		{Group: "quality", Name: "gate", Unit: Switch, Choices: []string{"on", "off"}, Baseline: "by the score", Title: "Quality gate", Meaning: "whether a state design's quality gate is passed: off pays no gain"},
	}
}

func careLevers() []Def {
	defs := []Def{
		{Group: "care", Name: "irf_to_snf", Scope: PerCategory, Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "IRF → SNF", Meaning: "share of IRF users who go to a SNF instead", Evidence: "CJR evaluation: -$357 IRF spending per episode"},
		{Group: "care", Name: "irf_to_hha", Scope: PerCategory, Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "IRF → home", Meaning: "share of IRF users who go home with home health instead", Evidence: "CJR evaluation: -$357 IRF spending per episode"},
		{Group: "care", Name: "snf_to_hha", Scope: PerCategory, Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "SNF → home", Meaning: "share of SNF users who go home with home health instead", Evidence: "CJR year 1: institutional post-acute use -2.9 points"},
		{Group: "care", Name: "snf_days", Scope: PerCategory, Unit: Days, Min: "0", Max: "", Baseline: "0", Step: "0.5", Title: "SNF days fewer", Meaning: "days taken off the mean SNF stay", Likely: likely("snf_days"), Evidence: "CJR evaluation: -2.3 days, -$508 per episode"},
		{Group: "care", Name: "readmissions", Scope: PerCategory, Unit: Percent, Min: "-100%", Max: any100, Baseline: "0%", Step: "1%", Title: "Readmissions", Meaning: "change in readmission spending; -10% is a tenth less", Likely: likely("readmissions"), Evidence: "CJR 90-day readmissions: -3.9%"},
	}
	for _, s := range episode.Settings() {
		defs = append(defs, Def{Group: "care", Name: "saving." + s.String(), Scope: PerCategory, Unit: Percent, Min: "-100%", Max: any100, Baseline: "0%", Step: "1%", Title: "Saving " + s.Title(), Meaning: "plain saving on " + s.Title() + " spending", Evidence: "whole programs saved $812 to $998 per episode (CJR)"})
	}
	return defs
}

func marketLevers() []Def {
	return []Def{
		{Group: "market", Name: "volume", Scope: PerCategory, Unit: Percent, Min: "-100%", Max: "1000%", Baseline: "0%", Step: "1%", Title: "Volume", Meaning: "change in the number of episodes"},
		{Group: "market", Name: "mix", Scope: PerCategory, Unit: Percent, Min: "-100%", Max: "1000%", Baseline: "0%", Step: "1%", Title: "Mix", Meaning: "change in the number of episodes of one category"},
		{Group: "market", Name: "cost_trend", Scope: PerCategory, Unit: Percent, Min: "-20%", Max: "20%", Baseline: "0%", Step: "0.5%", Title: "Own cost trend", Meaning: "own spending per year, from the data year to the performance year"},
		{Group: "market", Name: "trend_realized", Scope: PerCategory, Unit: Percent, Min: "-50%", Max: "50%", Baseline: "0%", Step: "0.5%", Title: "Realized trend", Meaning: "realized against prospective trend; the design holds it in a band"},
		{Group: "market", Name: "normalization_realized", Unit: Percent, Min: "-50%", Max: "50%", Baseline: "0%", Step: "0.5%", Title: "Realized normalization", Meaning: "realized against prospective normalization; the design holds it in a band"},
		{Group: "market", Name: "benchmark_level", Scope: PerCategory, Unit: Percent, Min: "-90%", Max: "200%", Baseline: "0%", Step: "1%", Title: "Benchmark level", Meaning: "level of estimated benchmarks (own or scaled) against the region"},
	}
}

func programLevers() []Def {
	return []Def{
		{Group: "program", Name: "fixed_cost", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "10000.00", Title: "Fixed cost", Meaning: "yearly cost of care redesign"},
		{Group: "program", Name: "cost_per_episode", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "10.00", Title: "Cost per episode", Meaning: "cost of care redesign per episode"},
		{Group: "program", Name: "gainshare", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "Gainshare", Meaning: "share of a payment passed on to collaborators"},
		{Group: "program", Name: "convener.gain_share", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "Convener gain share", Meaning: "convener's share of a payment"},
		{Group: "program", Name: "convener.loss_share", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "Convener loss share", Meaning: "convener's share of a repayment"},
		{Group: "program", Name: "convener.fee", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "0.5%", Title: "Convener fee", Meaning: "convener's fee as a share of the aggregate target"},
		{Group: "program", Name: "convener.fee_per_episode", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "10.00", Title: "Convener fee per episode", Meaning: "convener's fee per episode"},
		{Group: "program", Name: "convener.guarantee", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "0.5%", Title: "Convener guarantee", Meaning: "yearly price of the convener's guarantee, as a share of the largest repayment"},
		{Group: "program", Name: "convener.fees_first", Unit: Switch, Choices: []string{"on", "off"}, Baseline: "off", Title: "Convener fees first", Meaning: "the convener's fees come off the payment before it is split"},
		{Group: "program", Name: "gainshare_pfs", Unit: Dollars, Min: "0.00", Baseline: "0.00, no limit", Step: "10000.00", Title: "Collaborators' PFS", Meaning: "collaborators' physician fee schedule payments; where the design limits gainsharing to a share of them, 0 leaves it without limit"},
		{Group: "program", Name: "alignment", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "Alignment", Meaning: "share of a repayment that collaborators bear, inside the design's limits"},
		{Group: "program", Name: "alignment_collaborators", Unit: Count, Min: "0", Max: "10000", Baseline: "0, unknown", Step: "1", Title: "Aligned collaborators", Meaning: "how many collaborators bear it; a design's limit for one counts once for each"},
		{Group: "program", Name: "aco_overlap", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "1000.00", Title: "Paid to an ACO", Meaning: "what an ACO was paid out of the discount, for each hospital; taken off where the design does so"},
		{Group: "program", Name: "internal_savings", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "100.00", Title: "Internal savings", Meaning: "own cost saved per avoided readmission, outside reconciliation"},
		{Group: "program", Name: "lost_margin", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "100.00", Title: "Lost margin", Meaning: "own margin lost per avoided readmission, outside reconciliation"},
	}
}
