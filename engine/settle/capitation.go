package settle

import (
	"fmt"
	"strings"

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

// recoveries are what the stop-loss pays back: of each claim past the
// attachment, in all at most Most.
func (x *Capitation) recoveries(plain bool) Addend {
	rule := x.Attachment
	rule.Evidence = rule.Evidence.Lowest(x.Recovery.Evidence)
	a := termed(ToSpending, "stop_loss_recovery", "Stop-loss recoveries", rule)
	if x.Attachment.None {
		return a
	}
	rate := money.NewRate(1, 0)
	if !x.Recovery.None {
		rate = x.Recovery.Rate
	}
	var past money.Cents
	for _, c := range x.Past {
		past += c
		a.Line.Amount += rate.Of(c)
	}
	text := []string{}
	if !plain {
		text = append(text, fmt.Sprintf("%s of what %s cost past %s each, %s", rate.Percent(), x.PastWhat, x.Attachment.dollars().Grouped(), past.Grouped()))
	}
	if x.Most != nil && a.Line.Amount > *x.Most {
		a.Line.Amount = *x.Most
		if !plain {
			text = append(text, "held at "+x.Most.Grouped()+" in all")
		}
	}
	a.Line.Formula = strings.Join(text, ", ")
	return a
}
