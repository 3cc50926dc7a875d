package lever

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Means are what the loaded panel says of one category at one length, before
// any lever: how much a user of a setting costs and how long a SNF stay is.
type Means struct {
	Users   [episode.NumSettings]int         // episodes with more than 0 cents in the setting
	PerUser [episode.NumSettings]money.Cents // mean per user, half away to a cent (ruling 7)
	SNFDays *big.Rat                         // exact mean SNF days per user; nil without users
}

// Shift is one column of moved patients: an episode that used From gets Mean
// times Weight on top.
type Shift struct {
	From, To episode.Setting
	Mean     money.Cents
	Weight   money.BP
}

// Weights are the folded levers of one category: every spending lever in one
// number per setting, rounded once at the end (engine.md 3).
type Weights struct {
	Anchor  money.BP
	Setting [episode.NumSettings]money.BP
	Shifts  []Shift
}

// Max is the largest weight, for the overflow check.
func (w Weights) Max() money.BP {
	m := w.Anchor
	for _, x := range w.Setting {
		m = max(m, x)
	}
	for _, x := range w.Shifts {
		m = max(m, x.Weight)
	}
	return m
}

// Same says whether two sets of weights do the same.
func (w *Weights) Same(o *Weights) bool {
	return w.Anchor == o.Anchor && w.Setting == o.Setting && slices.Equal(w.Shifts, o.Shifts)
}

// spending are the rates that move the spending of one hospital and category.
type spending struct {
	irfToSNF, irfToHHA, snfToHHA, snfDays, readmissions, trend money.Rate
	saving                                                     [episode.NumSettings]money.Rate
}

// slot is where the rate of a lever belongs, nil for one that moves no spending.
func (x *spending) slot(k *Key) *money.Rate {
	if k.Group == "market" && k.Name == "cost_trend" {
		return &x.trend
	}
	if k.Group != "care" {
		return nil
	}
	switch k.Name {
	case "irf_to_snf":
		return &x.irfToSNF
	case "irf_to_hha":
		return &x.irfToHHA
	case "snf_to_hha":
		return &x.snfToHHA
	case "snf_days":
		return &x.snfDays
	case "readmissions":
		return &x.readmissions
	}
	if name, ok := strings.CutPrefix(k.Name, "saving."); ok {
		for _, set := range episode.Settings() {
			if set.String() == name {
				return &x.saving[set]
			}
		}
	}
	return nil
}

// spending reads all of them, as Rate does one: a fold runs for every category
// of every design at every key.
func (s Set) spending(hospital string, c episode.Category) spending {
	var x spending
	for i := range s.items {
		k := &s.items[i].Key
		if at := x.slot(k); at != nil {
			*at = s.Rate(k.Group, k.Name, hospital, c)
		}
	}
	return x
}

// Fold turns the care levers of one hospital ("" for those without levers of
// their own) and category and the own cost trend over a
// number of years into weights, in the fixed order: shift, SNF days,
// readmissions, plain savings, trend. Warnings name what could not be applied.
func Fold(s Set, hospital string, c episode.Category, m Means, years int) (Weights, []string, error) {
	in := s.spending(hospital, c)
	var warn []string
	var remain, later [episode.NumSettings]*big.Rat
	var plain [episode.NumSettings]money.Rate // factors that are decimals, on top
	type move struct {
		from, to episode.Setting
		share    *big.Rat
	}
	var moves []move
	for _, x := range []struct {
		name     string
		share    money.Rate
		from, to episode.Setting
	}{
		{"irf_to_snf", in.irfToSNF, episode.IRF, episode.SNF},
		{"irf_to_hha", in.irfToHHA, episode.IRF, episode.HHA},
		{"snf_to_hha", in.snfToHHA, episode.SNF, episode.HHA},
	} {
		share := x.share
		if share.IsZero() {
			continue
		}
		if m.Users[x.to] == 0 {
			warn = append(warn, fmt.Sprintf("care.%s.%s is not applied: no %s episode used %s, so a moved patient has no price", c, x.name, c, x.to.Title()))
			continue
		}
		if remain[x.from] == nil {
			remain[x.from] = big.NewRat(1, 1)
		}
		remain[x.from].Sub(remain[x.from], share.Rat())
		moves = append(moves, move{x.from, x.to, share.Rat()})
	}
	if both := in.irfToSNF.Add(in.irfToHHA); both.Cmp(money.NewRate(1, 0)) > 0 {
		return Weights{}, nil, &RangeError{"care." + c.String() + ".irf_to_snf", in.irfToSNF.Percent(), "irf_to_snf and irf_to_hha together move more than 100% of IRF users"}
	}
	if d := in.snfDays; !d.IsZero() {
		switch {
		case m.SNFDays == nil || m.SNFDays.Sign() == 0:
			warn = append(warn, fmt.Sprintf("care.%s.snf_days is not applied: no %s episode used a SNF", c, c))
		case d.Rat().Cmp(m.SNFDays) > 0:
			return Weights{}, nil, &RangeError{"care." + c.String() + ".snf_days", d.Decimal().String(), fmt.Sprintf("it must be from 0 to the mean stay inside the episode, %s days", m.SNFDays.FloatString(2))}
		default:
			left := new(big.Rat).Sub(m.SNFDays, d.Rat())
			later[episode.SNF] = left.Quo(left, m.SNFDays)
		}
	}
	one := money.NewRate(1, 0)
	for i := range plain {
		plain[i] = one
	}
	plain[episode.Readmission] = in.readmissions.Plus1()
	for _, set := range episode.Settings() {
		if x := in.saving[set]; !x.IsZero() {
			plain[set] = plain[set].Mul(one.Sub(x))
		}
	}
	trend := growth(in.trend, years)
	w := Weights{Anchor: bp(trend)}
	for i := range later {
		if len(moves) == 0 && later[i] == nil && trend == nil {
			w.Setting[i] = money.BP(plain[i].Of(money.Cents(money.Whole)))
			continue
		}
		later[i] = product(product(later[i], plain[i].Rat()), trend)
		w.Setting[i] = bp(product(remain[i], later[i]))
	}
	for _, mv := range moves {
		w.Shifts = append(w.Shifts, Shift{mv.from, mv.to, m.PerUser[mv.to], bp(product(mv.share, later[mv.to]))})
	}
	return w, warn, nil
}

// growth is (1 + rate)^years, exactly; nil, which is 1, without a rate.
func growth(rate money.Rate, years int) *big.Rat {
	if rate.IsZero() {
		return nil
	}
	all, one := big.NewRat(1, 1), rate.Plus1().Rat()
	for range max(years, -years) {
		if years < 0 {
			all.Quo(all, one)
		} else {
			all.Mul(all, one)
		}
	}
	return all
}

// product multiplies factors of which nil is 1: most levers rest, and a fold
// runs for every category at every key.
func product(a, b *big.Rat) *big.Rat {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return new(big.Rat).Mul(a, b)
}

func bp(r *big.Rat) money.BP {
	if r == nil {
		return money.Whole
	}
	return money.BP(money.RoundRat(new(big.Rat).Mul(r, big.NewRat(int64(money.Whole), 1))))
}
