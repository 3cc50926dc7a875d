package settle

import (
	"fmt"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Capitation is a monthly amount per member against the claims of the members,
// with an individual stop-loss (designs.md 10). A risk corridor is the
// design's gain_share, loss_share and min_rate.
type Capitation struct {
	Categories []Category  // benchmark is the capitation before carve-outs, spending the claims
	CarveOuts  money.Cents // care paid outside the capitation, taken out of it
	Attachment Graded      // dollars from which the stop-loss pays; None without one
	Recovery   Graded      // share of the cost past the attachment that is paid back
	Past       []money.Cents
	PastWhat   string       // whose cost past the attachment Past is, for the formula
	Most       *money.Cents // the most the stop-loss pays back in all; nil no such limit
	Premium    Graded       // of the capitation
	Admin      Graded       // likewise
}

// CapitationOf reads the design's stop-loss, premium and administration.
func CapitationOf(d *policy.Design, p policy.Period, s policy.Scope) (Capitation, error) {
	var x Capitation
	err := stated(d, p, s, map[string]*Graded{
		"capitation.stop_loss": &x.Attachment, "capitation.recovery": &x.Recovery, "capitation.premium": &x.Premium, "capitation.admin": &x.Admin,
	})
	return x, err
}

// Members makes the one category of a statement: amount per member and month,
// risk factor (1 where none is known), member months, claims.
func Members(name string, pmpm money.Cents, risk money.Rate, months decimal.Decimal, claims money.Cents) Category {
	return Category{Name: name, Baseline: -1, Benchmark: money.FromDecimal(months).Mul(risk).Of(pmpm), Spending: claims}
}

// Above sets the cost past the attachment from single members' claims.
func (x *Capitation) Above(claims []money.Cents) {
	x.Past, x.PastWhat = nil, "members"
	if x.Attachment.None {
		return
	}
	for _, c := range claims {
		x.Past = append(x.Past, max(0, c-x.Attachment.dollars()))
	}
}

// Settle lays carve-outs, recoveries, premium and administration beside
// capitation and claims.
func (x *Capitation) Settle(t Terms, in Input) (Terms, Input) {
	in.Categories = x.Categories
	carved := given(ToTarget, "carve_outs", "Carved out of the capitation", -x.CarveOuts)
	carved.Line.Formula = "-" + x.CarveOuts.Grouped()
	revenue := -x.CarveOuts
	for i := range x.Categories {
		revenue += t.before(&x.Categories[i])
	}
	in.Adds = []Addend{carved, x.recoveries(in.Plain), share("premium", "Stop-loss premium", x.Premium, revenue, in.Plain), share("admin", "Administration", x.Admin, revenue, in.Plain)}
	return t, in
}

// share is a cost that is a share of the capitation.
func share(id, label string, g Graded, revenue money.Cents, plain bool) Addend {
	a := termed(ToSpending, id, label, g)
	if g.None {
		return a
	}
	a.Line.Amount = -g.Rate.Of(revenue)
	if !plain {
		a.Line.Formula = fmt.Sprintf("-%s × %s", g.Rate.Percent(), revenue.Grouped())
	}
	return a
}

// Recovered is what the stop-loss pays back of costs past the attachment, in
// all at most Most.
func (x *Capitation) Recovered(past []money.Cents) money.Cents {
	if x.Attachment.None {
		return 0
	}
	var sum money.Cents
	for _, c := range past {
		sum += x.rate().Of(c)
	}
	if x.Most != nil {
		sum = min(sum, *x.Most)
	}
	return sum
}

// rate is the share that is paid back, all where the design states none.
func (x *Capitation) rate() money.Rate {
	if x.Recovery.None {
		return money.NewRate(1, 0)
	}
	return x.Recovery.Rate
}

// recoveries write what the stop-loss pays back.
func (x *Capitation) recoveries(plain bool) Addend {
	rule := x.Attachment
	rule.Evidence = rule.Evidence.Lowest(x.Recovery.Evidence)
	a := termed(ToSpending, "stop_loss_recovery", "Stop-loss recoveries", rule)
	a.Line.Amount = x.Recovered(x.Past)
	if plain || x.Attachment.None {
		return a
	}
	var past, all money.Cents
	for _, c := range x.Past {
		past += c
		all += x.rate().Of(c)
	}
	a.Line.Formula = fmt.Sprintf("%s of what %s cost past %s each, %s", x.rate().Percent(), x.PastWhat, x.Attachment.dollars().Grouped(), past.Grouped())
	if all > a.Line.Amount {
		a.Line.Formula += ", held at " + x.Most.Grouped() + " in all"
	}
	return a
}
