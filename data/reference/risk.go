package reference

import (
	"context"
	"math/big"
	"slices"

	"bundlelab/data/store"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// Multiply computes the risk multiplier of an episode whose file brought none:
// the product of the factors that are active for the patient and the hospital
// (42 CFR 512.545(a) to (d)), rounded once to six decimals. It says whether the
// episode changed. An episode without an age, or without a count of condition
// categories where the factors ask for one, keeps no multiplier.
func (s *Set) Multiply(e *store.Episode) bool {
	if _, _, ok := s.Coefficients(); !ok || e.Risk != 0 && e.RiskFacts == nil {
		return false
	}
	var facts Facts
	if e.RiskFacts != nil {
		var err error
		if facts, err = ParseFacts(*e.RiskFacts); err != nil {
			return false
		}
	}
	risk := s.multiplier(e, facts)
	if risk == e.Risk {
		return false
	}
	e.Risk = risk
	if e.RiskFacts == nil {
		none := ""
		e.RiskFacts = &none // the multiplier is ours, to be computed again
	}
	return true
}

// multiplier is in millionths; 0 where too little is known.
func (s *Set) multiplier(e *store.Episode, f Facts) int64 {
	product, named := money.NewRate(1, 0), false
	active, ok := s.active(e, f)
	if !ok {
		return 0
	}
	for _, category := range []string{"", e.Category.String()} {
		for name, factor := range s.factors[category] {
			named = true
			if active(name) {
				product = product.Mul(factor)
			}
		}
	}
	if !named {
		return 0
	}
	return max(1, money.RoundRat(new(big.Rat).Mul(product.Rat(), big.NewRat(1_000_000, 1))))
}

// asks says that a factor for the category's episodes has a name that fits.
func (s *Set) asks(e *store.Episode, fits func(string) bool) bool {
	for _, category := range []string{"", e.Category.String()} {
		for name := range s.factors[category] {
			if fits(name) {
				return true
			}
		}
	}
	return false
}

// active says which variables hold for an episode; false when a group that the
// factors name is unknown. A yes-or-no fact that nobody states counts as no, an
// unknown bed size as the reference size: both assumed.
func (s *Set) active(e *store.Episode, f Facts) (func(string) bool, bool) {
	on := map[string]bool{}
	group := func(names []string, index int) bool {
		if index < 0 {
			return !s.asks(e, func(n string) bool { return slices.Contains(names, n) })
		}
		on[names[index]] = true
		return true
	}
	all := Variables()
	counts, ages, beds := all[0:5], all[5:9], all[10:14]
	h := s.hospitals[e.CCN]
	categories, looked := f.HCCs[s.version]
	count := -1
	switch {
	case looked:
		count = min(len(categories), 4)
	case e.HCC != nil:
		count = min(*e.HCC, 4)
	}
	age := -1
	if e.Age != nil {
		age = steps(*e.Age, 65, 75, 85)
	}
	if !group(counts, count) || !group(ages, age) {
		return nil, false
	}
	if h.Beds > 0 {
		on[beds[steps(h.Beds, 251, 501, 851)]] = true
	}
	if !looked && s.asks(e, func(n string) bool { _, ok := hccVariable(n); return ok }) {
		return nil, false
	}
	for name, is := range map[string]bool{
		"social_need": e.Dual == panel.Yes || e.LIS == panel.Yes || e.CDI == panel.Yes,
		"safety_net":  h.SafetyNet == panel.Yes, "prior_pac": e.PriorPAC == panel.Yes,
		"disability": f.Disabled == panel.Yes, "fracture": e.Fracture == panel.Yes, "constant": true,
	} {
		on[name] = is
	}
	return func(name string) bool {
		if n, ok := hccVariable(name); ok {
			return slices.Contains(categories, n)
		}
		return on[name]
	}, true
}

// steps is how many of the limits a number has reached.
func steps(n int, limits ...int) int {
	k := 0
	for _, l := range limits {
		if n >= l {
			k++
		}
	}
	return k
}

// Applied is what Apply did to the stored episodes.
type Applied struct {
	Episodes    int // changed
	Services    int // that got a geometric mean stay
	Multipliers int // episodes that have one of these coefficients now
	Own         int // episodes whose file brought its own, left as they are
	Unknown     int // episodes that know too little for one
}

// Apply fills what is stored with what the tables give, as an import would
// have: missing mean stays and, with coefficients in force, risk multipliers.
// One transaction; the data version moves when anything changed.
func (s *Set) Apply(ctx context.Context, db *store.Store) (a Applied, err error) {
	_, _, risks := s.Coefficients()
	if !risks && !s.HasTable5() {
		return a, nil
	}
	a.Episodes, a.Services, err = db.Amend(ctx, !risks && s.old == nil, func(e *store.Episode) bool {
		changed := s.Fill(e)
		switch {
		case !risks:
		case e.Risk != 0 && e.RiskFacts == nil:
			a.Own++
		case e.Risk != 0:
			a.Multipliers++
		default:
			a.Unknown++
		}
		return changed
	})
	return a, err
}

// Unseen lists the variables of the coefficients in force that claims say
// nothing of here: they count as absent (assumed).
func (s *Set) Unseen() []string {
	var all []string
	for _, factors := range s.factors {
		for name := range factors {
			if unseen(name) && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	slices.Sort(all)
	return all
}
