package designdoc

import "bundlelab/engine/policy"

// entry is a parameter with its name for people and, where a design need not
// state it, what its absence means.
type entry struct{ key, title, unstated string }

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
			{"episode_days", "Episode length in days", ""},
			{"episode_days.choices", "Lengths to choose from", "no choice: the one length"},
			{"scope", "Care inside the episode", "all"},
			{"cancel.death", "Where a death cancels the episode", "anchor"},
		}},
		{"Benchmark", []entry{
			{"baseline.weights", "Weights of the baseline years", ""},
			{"blend.own", "Weight of own history against the region", "the price sources at hand"},
			{"benchmark.factors", "Factors the benchmark is the product of", "the benchmark stands as one figure"},
			{"risk", "Where the risk of the patient acts", "multiplier"},
			{"cells", "Price cells of other names", "the cells' own names"},
			{"trend.band", "Realized trend counts up to", ""},
			{"normalization.band", "Realized normalization counts up to", ""},
			{"cap.high", "Cap on an episode's spending", ""},
			{"cap.low", "Floor of an episode's spending", "none"},
			{"cap.keep_above", "Share above the cap that counts", "0%"},
			{"low_volume.below", "Low volume: baseline episodes below", "no rule on low volume"},
			{"low_volume.action", "Low volume: what happens", "no rule on low volume; needed beside low_volume.below"},
		}},
		{"Discount and sharing", []entry{
			{"pool", "What is settled as one", "hospital"},
			{"discount", "Discount on the side of a gain", ""},
			{"discount.loss", "Discount on the side of a loss", "as discount"},
			{"gain_floor", "Spending below this part of the benchmark earns nothing more", "no floor"},
			{"min_rate", "Least rate of a gain", "any amount counts"},
			{"min_rate.loss", "Least rate of a loss", "as min_rate"},
			{"min_rate.first_dollar", "Past the least rate, counts from the first dollar", "yes"},
			{"gain_share", "Hospital's share of a gain", "100%"},
			{"loss_share", "Hospital's share of a loss", "100%"},
		}},
		{"Limits", []entry{
			{"stop_gain", "Stop-gain", ""},
			{"stop_loss", "Stop-loss", ""},
			{"limit.base", "Limits are a part of", "target"},
		}},
		{"Quality", []entry{
			{"quality.effect", "How the score acts", ""},
			{"quality.order", "Before or after the limits", "before"},
			{"quality.scale", "Top of the score", "100"},
			{"quality.default", "Score when none is known", "0"},
			{"quality.gain_max", "Most a score takes from a gain", "a fault where the score multiplies"},
			{"quality.loss_max", "Most a score takes off a loss", "a fault where the score multiplies"},
			{"quality.gate", "Lowest score that is paid", "a fault where the score is a gate"},
			{"quality.tiers", "Edges of the tiers", "a fault where the score acts on the discount"},
			{"quality.discount", "Points off the discount, by tier", "a fault where the score acts on the discount"},
			{"quality.withhold", "Part of spending withheld", "a fault where there is a withhold"},
		}},
		{"After the settlement", []entry{
			{"post_episode.days", "Days watched after the episode", "no charge"},
			{"post_episode.sd", "Charged above the mean by standard deviations", "no charge; needed beside post_episode.days"},
			{"overlap", "An ACO's part of the discount is taken off", "no"},
			{"gainshare.pfs_cap", "Gainsharing at most, of fee-schedule payments", "none"},
			{"alignment.cap", "Collaborators bear at most, of a repayment", "none"},
			{"alignment.cap_one", "One collaborator bears at most", "none"},
		}},
		{"The formula's own", []entry{
			{"warranty.share", "Expected complications inside the price", "the price is the whole benchmark less the discount"},
			{"pac.share", "Avoidable complications inside the budget", "0%"},
			{"typical.margin", "Margin on typical care", "0%"},
			{"msk.surgery_share", "Patients who had surgery before", "no projection"},
			{"msk.conservative_cost", "Cost of care without surgery", "0.00"},
			{"msk.deferral", "Avoided surgeries that come later", "0%"},
			{"capitation.admin", "Administration, of revenue", "0%"},
			{"capitation.stop_loss", "Stop-loss per person from", "none"},
			{"capitation.recovery", "Part above it that comes back", "100%"},
			{"capitation.premium", "Stop-loss premium, of revenue", "0%"},
			{"aco.bundle", "Design of the bundle inside", "no projection"},
			{"aco.share", "ACO's share of savings", "100%"},
			{"aco.loss_share_min", "ACO's least share of losses", "no lower bound"},
			{"aco.loss_share_max", "ACO's largest share of losses", "no upper bound"},
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
