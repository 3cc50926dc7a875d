package designdoc

import "bundlelab/engine/policy"

// entry is a parameter with its name for people.
type entry struct{ key, title string }

// group is a chapter of parameters.
type group struct {
	title   string
	entries []entry
}

// groups puts every parameter a design may state into a chapter, in the order
// of the settlement.
func groups() []group {
	return []group{
		{"Episode", []entry{
			{"episode_days", "Episode length in days"},
			{"episode_days.choices", "Lengths to choose from"},
			{"scope", "Care inside the episode"},
			{"cancel.death", "Where a death cancels the episode"},
		}},
		{"Benchmark", []entry{
			{"baseline.weights", "Weights of the baseline years"},
			{"blend.own", "Weight of own history against the region"},
			{"benchmark.factors", "Factors the benchmark is the product of"},
			{"risk", "Where the risk of the patient acts"},
			{"cells", "Price cells of other names"},
			{"trend.band", "Realized trend counts up to"},
			{"normalization.band", "Realized normalization counts up to"},
			{"cap.high", "Cap on an episode's spending"},
			{"cap.low", "Floor of an episode's spending"},
			{"cap.keep_above", "Share above the cap that counts"},
			{"low_volume.below", "Low volume: baseline episodes below"},
			{"low_volume.action", "Low volume: what happens"},
		}},
		{"Discount and sharing", []entry{
			{"pool", "What is settled as one"},
			{"discount", "Discount on the side of a gain"},
			{"discount.loss", "Discount on the side of a loss"},
			{"gain_floor", "Spending below this part of the benchmark earns nothing more"},
			{"min_rate", "Least rate of a gain"},
			{"min_rate.loss", "Least rate of a loss"},
			{"min_rate.first_dollar", "Past the least rate, counts from the first dollar"},
			{"gain_share", "Hospital's share of a gain"},
			{"loss_share", "Hospital's share of a loss"},
		}},
		{"Limits", []entry{
			{"stop_gain", "Stop-gain"},
			{"stop_loss", "Stop-loss"},
			{"limit.base", "Limits are a part of"},
		}},
		{"Quality", []entry{
			{"quality.effect", "How the score acts"},
			{"quality.order", "Before or after the limits"},
			{"quality.scale", "Top of the score"},
			{"quality.default", "Score when none is known"},
			{"quality.gain_max", "Most a score takes from a gain"},
			{"quality.loss_max", "Most a score takes off a loss"},
			{"quality.gate", "Lowest score that is paid"},
			{"quality.tiers", "Edges of the tiers"},
			{"quality.discount", "Points off the discount, by tier"},
			{"quality.withhold", "Part of spending withheld"},
		}},
		{"After the settlement", []entry{
			{"post_episode.days", "Days watched after the episode"},
			{"post_episode.sd", "Charged above the mean by standard deviations"},
			{"overlap", "An ACO's part of the discount is taken off"},
			{"gainshare.pfs_cap", "Gainsharing at most, of fee-schedule payments"},
			{"alignment.cap", "Collaborators bear at most, of a repayment"},
			{"alignment.cap_one", "One collaborator bears at most"},
		}},
		{"The formula's own", []entry{
			{"warranty.share", "Expected complications inside the price"},
			{"pac.share", "Avoidable complications inside the budget"},
			{"typical.margin", "Margin on typical care"},
			{"msk.surgery_share", "Patients who had surgery before"},
			{"msk.conservative_cost", "Cost of care without surgery"},
			{"msk.deferral", "Avoided surgeries that come later"},
			{"capitation.admin", "Administration, of revenue"},
			{"capitation.stop_loss", "Stop-loss per person from"},
			{"capitation.recovery", "Part above it that comes back"},
			{"capitation.premium", "Stop-loss premium, of revenue"},
			{"aco.bundle", "Design of the bundle inside"},
			{"aco.share", "ACO's share of savings"},
			{"aco.loss_share_min", "ACO's least share of losses"},
			{"aco.loss_share_max", "ACO's largest share of losses"},
		}},
	}
}

// title is a parameter's name for people.
func title(key string) string {
	for _, g := range groups() {
		for _, e := range g.entries {
			if e.key == key {
				return e.title
			}
		}
	}
	return key
}

// status says a design's status in words.
func status(d *policy.Design) string {
	switch d.Status {
	case "active":
		return "active: in force"
	case "ended":
		return "ended"
	case "final_future":
		return "final, in force at a later date"
	case "cancelled":
		return "cancelled before it began"
	case "proposed":
		return "proposed, never in force in this form"
	case "contract":
		return "terms of a contract between the parties"
	}
	return "not stated"
}

// Titled counts the chapters each parameter stands in: one, or its values are
// lost on every page.
func Titled() map[string]int {
	n := map[string]int{}
	for _, g := range groups() {
		for _, e := range g.entries {
			n[e.key]++
		}
	}
	return n
}
