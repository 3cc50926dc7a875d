// Package episode is the vocabulary of a surgical episode: its category, the
// settings of post-discharge care, and how much of one service falls inside an
// episode of a given length. It knows no hospital, no price and no design.
package episode

import (
	"fmt"
	"strings"

	"bundlelab/engine/money"
)

// Category is one of TEAM's five surgical categories, 42 CFR 512.525(d). The
// number is the one stored in the database.
type Category uint8

// The five categories, in the order of every table.
const (
	LEJR   Category = 1 + iota // lower extremity joint replacement
	SHFFT                      // surgical hip and femur fracture treatment
	CABG                       // coronary artery bypass graft
	Fusion                     // spinal fusion
	Bowel                      // major bowel procedure
)

// NumCategories sizes arrays indexed by Category.Index.
const NumCategories = 5

// Categories lists them in order.
func Categories() [NumCategories]Category {
	return [...]Category{LEJR, SHFFT, CABG, Fusion, Bowel}
}

// Index counts from zero, for arrays.
func (c Category) Index() int { return int(c) - 1 }

// String is the file name of the category, "LEJR".
func (c Category) String() string {
	if c < LEJR || c > Bowel {
		return fmt.Sprintf("Category(%d)", uint8(c))
	}
	return [...]string{"LEJR", "SHFFT", "CABG", "FUSION", "BOWEL"}[c.Index()]
}

// Name is the file name of a category, "" for none.
func (c Category) Name() string {
	if c == 0 {
		return ""
	}
	return c.String()
}

// Title is the category in words.
func (c Category) Title() string {
	if c < LEJR || c > Bowel {
		return c.String()
	}
	return [...]string{"Joint replacement", "Hip and femur fracture", "Coronary bypass", "Spinal fusion", "Major bowel"}[c.Index()]
}

// ParseCategory reads the file name of a category.
func ParseCategory(s string) (Category, error) {
	for _, c := range Categories() {
		if c.String() == s {
			return c, nil
		}
	}
	return 0, fmt.Errorf("%q is not a category: use LEJR, SHFFT, CABG, FUSION or BOWEL", s)
}

// Setting is where post-discharge care was given. The order is fixed
// (engine.md 2); the database stores it plus one, with 0 for the anchor.
type Setting uint8

// The eleven settings.
const (
	Readmission Setting = iota
	SNF
	IRF
	LTCH
	HHA
	Outpatient
	Professional
	DME
	Hospice
	OtherInpatient
	PartBDrug
)

// NumSettings sizes arrays indexed by Setting.
const NumSettings = 11

// Settings lists them in order.
func Settings() [NumSettings]Setting {
	var all [NumSettings]Setting
	for i := range all {
		all[i] = Setting(i)
	}
	return all
}

// String is the file name of the setting, "snf".
func (s Setting) String() string {
	if s >= NumSettings {
		return fmt.Sprintf("Setting(%d)", uint8(s))
	}
	return [...]string{"readmission", "snf", "irf", "ltch", "hha", "outpatient", "professional", "dme", "hospice", "other_inpatient", "partb_drug"}[s]
}

// Title is the setting in the field's words.
func (s Setting) Title() string {
	if s >= NumSettings {
		return s.String()
	}
	return [...]string{"Readmissions", "SNF", "IRF", "LTCH", "Home health", "Outpatient", "Professional", "DME", "Hospice", "Other inpatient", "Part B drugs"}[s]
}

// ParseSetting reads the file name of a setting, in either case.
func ParseSetting(s string) (Setting, error) {
	t := strings.ToLower(s)
	for _, x := range Settings() {
		if x.String() == t {
			return x, nil
		}
	}
	return 0, fmt.Errorf("%q is not a setting: use readmission, snf, irf, ltch, hha, outpatient, professional, dme, hospice, other_inpatient or partb_drug", s)
}

// Rule says how a service that crosses the end of the episode is split
// (42 CFR 512.555; rulings 24 and 25). The number is the one stored.
type Rule uint8

// The five rules.
const (
	Whole  Rule = iota // whole when its first day is inside
	Days               // by share of days
	GMLOS              // inpatient stay against its geometric mean stay
	Visits             // low-utilisation home health, by visits
	Always             // always inside
)

// String is the file name of the rule.
func (r Rule) String() string {
	if r > Always {
		return fmt.Sprintf("Rule(%d)", uint8(r))
	}
	return [...]string{"whole", "days", "gmlos", "visits", "always"}[r]
}

// Rule is the setting's own way of splitting (ruling 25); lupa marks a
// low-utilisation home-health period.
func (s Setting) Rule(lupa bool) Rule {
	switch s {
	case Readmission, IRF, LTCH:
		return GMLOS
	case HHA:
		if lupa {
			return Visits
		}
		return Days
	case SNF, Hospice, OtherInpatient:
		return Days
	case Outpatient, Professional, DME, PartBDrug:
		return Whole
	}
	return Whole
}

// Exclusion is the set of reasons a service counts for nothing (ruling 23).
// The bits are the ones stored in service.excl.
type Exclusion uint16

// The reasons. Payer is never switched off; the others are by the lever
// policy.exclusions.
const (
	ExcludedDRG   Exclusion = 1 << iota // admission on the excluded MS-DRG list
	ExcludedMDC                         // admission in an excluded major diagnostic category
	PartBDrugList                       // high-cost or low-volume Part B drug
	Hemophilia                          // clotting factor
	CardiacRehab                        // cardiac rehabilitation
	PassThrough                         // OPPS device pass-through
	NonPositive                         // amount of zero or less
	Payer                               // Medicare was not the primary payer
	WithinStay                          // professional line inside an excluded stay
	Listed                              // excluded by the file that brought it
)

// Out says that a service with these reasons counts for nothing. With listed
// false only what another payer owed stays out (policy.exclusions off).
func (e Exclusion) Out(listed bool) bool {
	if listed {
		return e != 0
	}
	return e&Payer != 0
}

// Visit is a number of home-health visits on one day.
type Visit struct {
	Offset int32 // days from anchor end
	Count  int32
}

// Service is one claim line or stay after the anchor, as days from the
// anchor's end and one amount. Offset 0 is the discharge or procedure day.
type Service struct {
	Setting  Setting
	Rule     Rule
	Excluded Exclusion
	From, To int32       // offsets, both inside the service
	GMLOS    int32       // hundredths of a day; 0 unknown
	Amount   money.Cents // standardized allowed amount, outlier included
	Outlier  money.Cents // the outlier part of Amount
	Visits   []Visit     // for Rule Visits
}

// Inside is the part of the service on offsets below length: the spending of
// an episode of that length, rounded once, half away from zero, to a cent. It
// never falls as length grows. Inside(0) is what belongs to the anchor (ruling
// 6). Exclusions are the caller's business.
//
// A GMLOS rule without a GMLOS, and a visits rule without visits, fall back to
// the share of days (ruling 24).
func (s *Service) Inside(length int) money.Cents {
	l := int32(length)
	switch {
	case s.Rule == Always:
		return s.Amount
	case s.From >= l:
		return 0
	case s.Rule == Whole || s.To < l:
		return s.Amount
	}
	inside, days := int64(l-s.From), int64(s.To-s.From+1)
	switch s.Rule {
	case GMLOS:
		if s.GMLOS <= 0 {
			break
		}
		base, gmlos := int64(s.Amount-s.Outlier), int64(s.GMLOS)
		if (inside+1)*100 >= gmlos {
			return money.Cents(base + money.MulDiv(int64(s.Outlier), inside, days))
		}
		// base x (inside+1)/gmlos + outlier x inside/days over one denominator,
		// so that the sum is rounded once.
		return money.Cents(money.MulDiv(base*(inside+1)*100*days+int64(s.Outlier)*inside*gmlos, 1, gmlos*days))
	case Visits:
		var in, all int64
		for _, v := range s.Visits {
			all += int64(v.Count)
			if v.Offset < l {
				in += int64(v.Count)
			}
		}
		if all > 0 {
			return money.Cents(money.MulDiv(int64(s.Amount), in, all))
		}
	case Whole, Days, Always:
	}
	return money.Cents(money.MulDiv(int64(s.Amount), inside, days))
}
