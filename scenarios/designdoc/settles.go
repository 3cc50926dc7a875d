package designdoc

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/policy"
)

// Settles says in a paragraph of plain words how a design settles, from its
// formula and parameters alone.
func Settles(d *policy.Design) string { return strings.Join(sentences(d), " ") }

func sentences(d *policy.Design) []string {
	t := teller{d: d, rows: d.Params()}
	switch d.Formula {
	case "prospective":
		t.prospective()
	case "prometheus":
		t.prometheus()
	case "condition":
		t.condition()
	case "capitation":
		t.capitation()
	case "aco":
		t.aco()
	default:
		t.retrospective()
	}
	t.quality()
	t.limits()
	t.after()
	return t.said
}

// teller gathers sentences.
type teller struct {
	d    *policy.Design
	rows []policy.Row
	said []string
}

func (t *teller) say(format string, a ...any) { t.said = append(t.said, fmt.Sprintf(format, a...)) }

// has says whether a parameter is stated with a value that does something.
func (t *teller) has(key string, idle ...string) bool {
	return slices.ContainsFunc(t.rows, func(r policy.Row) bool { return r.Key == key && !slices.Contains(idle, r.Value) })
}

func (t *teller) length() {
	choices := ""
	if t.has("episode_days.choices") {
		choices = "; the choice is between " + strings.ReplaceAll(t.all("episode_days.choices"), "/", ", ")
	}
	t.say("An episode runs for %s days%s.", t.all("episode_days"), choices)
}

func (t *teller) retrospective() {
	t.length()
	t.benchmark()
	if t.has("discount.loss") {
		t.say("Spending below %s is a gain; spending above %s is a loss; between two different targets nothing is owed.", t.discounted("discount"), t.discounted("discount.loss"))
	} else {
		t.say("The target is %s; what is spent below it is a gain, above it a loss.", t.discounted("discount"))
	}
	if t.has("pool", "hospital") {
		t.say("Each category is settled on its own%s.", t.marked("pool", "hospital"))
	} else {
		t.say("All categories of a hospital are settled together%s.", t.marked("pool"))
	}
	t.low()
	t.sharing()
}

func (t *teller) benchmark() {
	history := "comes from the price sources at hand"
	if t.has("blend.own") {
		switch own := t.phrase(t.entries("blend.own"), func(v string) string { return v }); strings.TrimSuffix(own, t.marked("blend.own")) {
		case "0", "0%":
			history = "is the region's price" + t.marked("blend.own")
		case "1", "100%":
			history = "is the hospital's own history" + t.marked("blend.own")
		default:
			history = "blends the hospital's own history (weight " + own + ") with the region's price"
		}
	}
	weights := t.phrase(t.entries("baseline.weights"), func(v string) string {
		switch {
		case v == policy.Pooled:
			return word(v)
		case !strings.Contains(v, "/"):
			return "one baseline year counts"
		}
		return "baseline years weigh " + strings.ReplaceAll(v, "/", ", ") + ", oldest first"
	})
	text := "Its benchmark " + history + "; " + weights
	if t.has("cap.high", policy.None) {
		text += "; an episode's spending counts up to " + t.all("cap.high")
		if t.has("cap.keep_above", "0%") {
			text += ", and " + t.all("cap.keep_above") + " of what lies above"
		}
	}
	t.say("%s.", text)
}

func (t *teller) low() {
	if !t.has("low_volume.below", "0") {
		return
	}
	what := map[string]string{policy.NoLoss: "carries no loss", policy.Exclude: "is left out", policy.Regional: "is priced by its region alone"}
	i := slices.IndexFunc(t.rows, func(r policy.Row) bool { return r.Key == "low_volume.action" })
	below := slices.IndexFunc(t.rows, func(r policy.Row) bool { return r.Key == "low_volume.below" && r.Value != "0" })
	if i >= 0 {
		t.say("A category with fewer than %s%s baseline episodes %s%s%s.", t.rows[below].Value, t.marked("low_volume.below", "0"), what[t.rows[i].Value], t.marked("low_volume.action"), t.when("low_volume.below", "0"))
	}
}

func (t *teller) sharing() {
	if t.has("gain_floor") {
		t.say("Spending below %s of the benchmark earns nothing more.", t.all("gain_floor"))
	}
	if t.has("min_rate", "0%") {
		text := "An amount smaller than " + t.all("min_rate") + " of the benchmark counts as nothing"
		if t.has("min_rate.first_dollar", policy.Yes) {
			text += ", and of a larger one only what lies past it" + t.marked("min_rate.first_dollar", policy.Yes)
		}
		t.say("%s.", text)
	}
	if t.has("gain_share", "100%") || t.has("loss_share", "100%") {
		keep, bear := "all", "all"
		if t.has("gain_share") {
			keep = t.all("gain_share")
		}
		if t.has("loss_share") {
			bear = t.all("loss_share")
		}
		t.say("The hospital keeps %s of a gain and bears %s of a loss.", keep, bear)
	}
}

func (t *teller) prospective() {
	t.length()
	t.say("One price a case is set ahead: the benchmark less a discount of %s, with %s of the expected cost of complications inside. The margin is the price less the cost of the care and less the complications the warranty makes the hospital absorb; nothing is reconciled afterwards.", t.all("discount"), t.all("warranty.share"))
	t.sharing()
}

func (t *teller) prometheus() {
	t.length()
	t.say("The budget is the cost of typical care with a margin of %s, plus %s of the expected cost of avoidable complications. The result is the budget less what was spent, so complications avoided stay with the hospital.", t.all("typical.margin"), t.all("pac.share"))
	t.sharing()
}

func (t *teller) condition() {
	t.say("A price per patient with the condition, not per operation: %s of patients had surgery before, care without it costs $%s, and the price is the cost of that mix less a discount of %s. Fewer operations leave a saving, less the %s of them that come later all the same; what the hospital loses on operations not done stands beside it.", t.all("msk.surgery_share"), t.all("msk.conservative_cost"), t.all("discount"), t.all("msk.deferral"))
	t.sharing()
}

func (t *teller) capitation() {
	t.say("Revenue is fixed: the benchmark less a discount of %s stands for the amount per member and month. Claims, administration of %s and a stop-loss premium of %s come off it.", t.all("discount"), t.all("capitation.admin"), t.all("capitation.premium"))
	if t.has("capitation.stop_loss", policy.None) {
		t.say("Of a claim above %s per person %s comes back.", t.all("capitation.stop_loss"), t.all("capitation.recovery"))
	} else {
		t.say("No stop-loss per person is set%s.", t.marked("capitation.stop_loss"))
	}
	t.sharing()
}

func (t *teller) aco() {
	t.say("The bundle inside, design %s, is settled first; what it pays the hospital counts as the ACO's spending, a repayment against it. Spending below the ACO's benchmark is shared: the ACO keeps %s of a saving and bears from %s to %s of a loss.", t.all("aco.bundle"), t.all("aco.share"), t.all("aco.loss_share_min"), t.all("aco.loss_share_max"))
	if t.has("min_rate", "0%") {
		t.say("An amount smaller than %s of the benchmark counts as nothing.", t.all("min_rate"))
	}
}

// quality says how the score acts, in every way any period or track has.
func (t *teller) quality() {
	acts := func(effect string) bool {
		return slices.ContainsFunc(t.rows, func(r policy.Row) bool {
			return r.Key == "quality.effect" && slices.Contains(strings.Split(r.Value, "+"), effect)
		})
	}
	scale := "100"
	if t.has("quality.scale") {
		scale = t.all("quality.scale")
	}
	if acts("multiplier") {
		when := "before"
		if t.has("quality.order", "before") {
			when = "after"
		}
		order := t.acting("multiplier")
		if m := t.marked("quality.order"); m != order {
			order += m
		}
		t.say("A quality score of 0 to %s acts %s the limits%s: a low one takes up to %s from a gain, a high one gives back up to %s of a loss.", scale, when, order, t.all("quality.gain_max"), t.all("quality.loss_max"))
	}
	if acts("discount") {
		best := t.phrase(t.entries("quality.discount"), func(v string) string { return v[strings.LastIndexByte(v, '/')+1:] })
		t.say("A better quality score lowers both discounts by tier%s, at most by %s.", t.acting("discount"), best)
	}
	if acts("sharing_rate") {
		t.say("The share of a gain is multiplied by the quality score over %s%s.", scale, t.acting("sharing_rate"))
	}
	if acts("withhold") {
		t.say("%s of spending is withheld and returned in the proportion of the quality score to %s%s.", t.all("quality.withhold"), scale, t.acting("withhold"))
	}
	if acts("gate") {
		t.say("A payment is made only with a quality score of at least %s of %s%s.", t.all("quality.gate"), scale, t.acting("gate"))
	}
	if !slices.ContainsFunc(policy.Effects()[1:], acts) {
		t.say("No quality score changes the amount%s.", t.marked("quality.effect"))
	}
}

// acting is the mark of a way the score acts.
func (t *teller) acting(effect string) string {
	var low policy.Evidence
	for _, r := range t.rows {
		if r.Key == "quality.effect" && slices.Contains(strings.Split(r.Value, "+"), effect) && mark(r.Evidence) != "" {
			low = low.Lowest(r.Evidence)
		}
	}
	return mark(low)
}

func (t *teller) limits() {
	base := "the target"
	if t.has("limit.base") {
		base = t.all("limit.base")
	}
	side := func(key, what string) string {
		if !t.has(key, policy.None) {
			return what + " is not limited" + t.marked(key)
		}
		return what + " is limited to " + t.all(key)
	}
	if !t.has("stop_gain", policy.None) && !t.has("stop_loss", policy.None) {
		if gain, loss := t.marked("stop_gain"), t.marked("stop_loss"); gain != loss {
			t.say("A payment is not limited%s, nor is a repayment%s.", gain, loss)
		} else {
			t.say("Neither a payment nor a repayment is limited%s.", gain)
		}
		return
	}
	t.say("As parts of %s, %s; %s.", base, side("stop_gain", "a payment"), side("stop_loss", "a repayment"))
}

func (t *teller) after() {
	if t.has("post_episode.days", "0") {
		sd := ""
		if t.has("post_episode.sd") {
			sd = " above the regional mean plus " + t.all("post_episode.sd") + " standard deviations"
		}
		t.say("Spending in the %s days after the episodes%s is charged outside the limits.", t.all("post_episode.days"), sd)
	}
	if t.has("overlap", "no") {
		t.say("What an ACO was paid out of the discount comes off%s%s.", t.marked("overlap", "no"), t.when("overlap", "no"))
	}
}
