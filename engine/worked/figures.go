package worked

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/quality"
	"bundlelab/engine/settle"
)

// lines are the ledger lines a case may expect, in the ledger's order.
func lines() []string {
	return []string{
		"benchmark", "discount", "margin", "pac", "carve_outs", "warranty_price", "target", "spending", "warranty", "bundle_npra_booked",
		"stop_loss_recovery", "premium", "admin", "dead_zone", "reconciliation_amount", "low_volume", "gain_floor", "min_rate", "share", "quality",
		"quality_adjusted", "stop_limit", "npra", "post_episode", "overlap", "withhold", "deferral", "gate", "net_payment", "bundle_npra", "lost_margin", "hospital_net",
	}
}

// settled compares a ledger with what a case expects of its lines, and of what
// else it says: what an episode comes to, the discount's rate, whether a gain is
// paid, and whatever more the case knows.
func settled(t *settle.Terms, in *settle.Input, want map[string]string, within map[string]money.Cents, more map[string]string) ([]Figure, error) {
	l := settle.Settle(t, in)
	if !l.Foots() {
		return nil, fmt.Errorf("the ledger does not foot")
	}
	for id := range within {
		if want[id] == "" || !slices.Contains(lines(), id) {
			return nil, fmt.Errorf("within %s: the case expects no such amount", id)
		}
	}
	said := map[string]string{"target_per_episode": perEpisode(l.Target, in), "spending_per_episode": perEpisode(l.Spending, in), "paid": "no", "discount_rate": "0.0%"}
	maps.Copy(said, more)
	if l.Net > 0 {
		said["paid"] = "yes"
	}
	if x, ok := l.Line("discount"); ok && len(x.Parts) > 0 {
		said["discount_rate"] = x.Parts[0].Rate.Percent()
	}
	if t.Design == "cjr" {
		said["tier"] = quality.CJRTier(in.CQS).Name
	}
	amounts := map[string]money.Cents{}
	for _, x := range l.Lines {
		amounts[x.ID] += x.Amount // an absent addend is zero; two of one id are parts of it
	}
	left := maps.Clone(want)
	var out []Figure
	for _, id := range lines() {
		if text, ok := left[id]; ok {
			delete(left, id)
			f, err := dollars(id, text, amounts[id], within[id])
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	rest, err := words(left, said)
	return append(out, rest...), err
}

// dollars is an expected amount, exact or within what its publication rounded.
func dollars(name, want string, got, within money.Cents) (Figure, error) {
	w, err := money.ParseCents(want)
	if err != nil {
		return Figure{}, fmt.Errorf("%s: %w", name, err)
	}
	f := Figure{Name: name, Want: w.String(), Got: got.String()}
	if within != 0 {
		f.Want += " ± " + within.String()
		f.near = (got - w).Abs() <= within
	}
	return f, nil
}

// words compares what is said by name; a name nobody says is an error.
func words(want, said map[string]string) ([]Figure, error) {
	var out []Figure
	for _, name := range slices.Sorted(maps.Keys(want)) {
		got, ok := said[name]
		if !ok {
			return nil, fmt.Errorf("%q is no figure of this case: it has %s", name, strings.Join(slices.Sorted(maps.Keys(said)), ", "))
		}
		out = append(out, Figure{Name: name, Want: want[name], Got: got})
	}
	return out, nil
}

// perEpisode is an amount a case, as a projection writes its net payment.
func perEpisode(c money.Cents, in *settle.Input) string {
	var n decimal.Decimal
	for i := range in.Categories {
		n = n.Add(in.Categories[i].Episodes)
	}
	return settle.PerEpisode(c, n).String()
}
