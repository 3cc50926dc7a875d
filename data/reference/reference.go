// Package reference holds the public tables that a user imports beside the
// claims: CMS's list of MS-DRGs with their mean stays, the map from diagnoses
// to condition categories, and the factors of risk multipliers. It says what
// they lead to for an episode. None of them ships with the program: they change
// every year, and copies of them on the web are not to be trusted.
package reference

import (
	"context"
	"fmt"
	"slices"

	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// choiceKey is the meta value that says whose coefficients are in force.
const choiceKey = "risk_coefficients"

// Set is every table of a database, ready to ask. A nil Set knows nothing; it
// is read-only and safe for several goroutines.
type Set struct {
	drgs      map[int]map[string]store.DRG
	old       map[int]map[string]store.DRG // rows that drgs replace
	hccs      map[hccKey][]int
	hccYears  map[int][]int                    // by version of the HCC model
	factors   map[string]map[string]money.Rate // by category name, "" for all
	version   int                              // of the HCC model the factors are about
	design    string
	period    string
	hospitals map[string]store.Hospital
}

type hccKey struct {
	year, version int
	diagnosis     string
}

// Load reads the tables of a database. The coefficients are those chosen last
// (Choose), or the only ones.
func Load(ctx context.Context, db *store.Store) (*Set, error) {
	drgs, err := db.ListDRGs(ctx)
	if err != nil {
		return nil, err
	}
	hccs, err := db.ListHCCs(ctx)
	if err != nil {
		return nil, err
	}
	coefficients, err := db.ListCoefficients(ctx)
	if err != nil {
		return nil, err
	}
	hospitals, err := db.ListHospitals(ctx)
	if err != nil {
		return nil, err
	}
	choice, _, err := db.Meta(ctx, choiceKey)
	if err != nil {
		return nil, err
	}
	return New(drgs, hccs, coefficients, hospitals, choice)
}

// Choose puts the coefficients of a design and period in force for imports and
// for Apply.
func Choose(ctx context.Context, db *store.Store, design, period string) error {
	return db.SetMeta(ctx, choiceKey, design+"/"+period)
}

// New makes a set of tables. choice is "design/period"; "" takes the only
// coefficients there are, or none.
func New(drgs []store.DRG, hccs []store.HCC, coefficients []store.Coefficient, hospitals []store.Hospital, choice string) (*Set, error) {
	s := &Set{
		drgs: map[int]map[string]store.DRG{}, hccs: make(map[hccKey][]int, len(hccs)), hccYears: map[int][]int{},
		factors: map[string]map[string]money.Rate{}, hospitals: make(map[string]store.Hospital, len(hospitals)),
	}
	for _, d := range drgs {
		if s.drgs[d.FY] == nil {
			s.drgs[d.FY] = map[string]store.DRG{}
		}
		s.drgs[d.FY][d.Code] = d
	}
	for _, h := range hccs {
		k := hccKey{h.Year, h.Version, h.Diagnosis}
		s.hccs[k] = append(s.hccs[k], h.Category)
		if y := s.hccYears[h.Version]; len(y) == 0 || y[len(y)-1] != h.Year {
			s.hccYears[h.Version] = append(y, h.Year)
		}
	}
	for v, years := range s.hccYears {
		slices.Sort(years)
		s.hccYears[v] = slices.Compact(years)
	}
	for _, h := range hospitals {
		s.hospitals[h.CCN] = h
	}
	return s, s.choose(coefficients, choice)
}

// choose takes the coefficients of one design and period.
func (s *Set) choose(all []store.Coefficient, choice string) error {
	for _, c := range all {
		name := c.Design + "/" + c.Period
		if choice == "" && (s.design == "" || s.design+"/"+s.period == name) || choice == name {
			s.design, s.period, s.version = c.Design, c.Period, c.Version
		} else if choice == "" { // several sets, and no word on which
			s.design, s.period = "", ""
			s.factors = map[string]map[string]money.Rate{}
			return nil
		} else {
			continue
		}
		f, err := money.ParseRate(c.Factor)
		if err != nil {
			return fmt.Errorf("the risk coefficient of %s in the database is no number: import the file again: %w", c.Variable, err)
		}
		if s.factors[c.Category] == nil {
			s.factors[c.Category] = map[string]money.Rate{}
		}
		s.factors[c.Category][c.Variable] = f
	}
	return nil
}

// HasTable5 says that a list of MS-DRGs was imported.
func (s *Set) HasTable5() bool { return s != nil && len(s.drgs) > 0 }

// HasHCCs says that an HCC map was imported.
func (s *Set) HasHCCs() bool { return s != nil && len(s.hccYears) > 0 }

// Coefficients names the design and period whose factors are in force.
func (s *Set) Coefficients() (design, period string, ok bool) {
	if s == nil || s.design == "" {
		return "", "", false
	}
	return s.design, s.period, true
}

// nearest is the year of a list closest to one, the earlier of two; 0 of none.
func nearest(years []int, to int) int {
	best := 0
	for _, y := range years {
		if best == 0 || max(y-to, to-y) < max(best-to, to-best) {
			best = y
		}
	}
	return best
}

// DRG is the row of an MS-DRG for a day of discharge: of that fiscal year and
// no other (data.md 6.3 C003), so that the order of imports does not matter.
func (s *Set) DRG(code string, discharge calendar.Day) (store.DRG, bool) {
	if !s.HasTable5() {
		return store.DRG{}, false
	}
	d, ok := s.drgs[discharge.FiscalYear()][code]
	return d, ok
}

// Replacing tells which rows of Table 5 stood before: a mean stay that Apply
// once filled in from one of them is filled in again.
func (s *Set) Replacing(old []store.DRG) {
	s.old = map[int]map[string]store.DRG{}
	for _, d := range old {
		if s.old[d.FY] == nil {
			s.old[d.FY] = map[string]store.DRG{}
		}
		s.old[d.FY][d.Code] = d
	}
}

// ExcludedMDC says whether an admission is in one of the four diagnostic
// categories that no episode counts (42 CFR 512.525(f)(1)(ii)): eye, pregnancy,
// newborns, HIV. The second result is false when no table knows the MS-DRG.
func (s *Set) ExcludedMDC(code string, discharge calendar.Day) (excluded, known bool) {
	d, ok := s.DRG(code, discharge)
	switch d.MDC {
	case "02", "14", "15", "25":
		return true, ok
	}
	return false, ok
}

// Conditions gives the condition categories of diagnoses (as Diagnosis writes
// them) in a year by every version of the model in the map: those of the
// payment year that is nearest. Nil without a map.
func (s *Set) Conditions(diagnoses []string, year int) map[int][]int {
	if !s.HasHCCs() {
		return nil
	}
	all := map[int][]int{}
	for v, years := range s.hccYears {
		y := nearest(years, year)
		found := []int{}
		for _, d := range diagnoses {
			found = append(found, s.hccs[hccKey{y, v, d}]...)
		}
		slices.Sort(found)
		all[v] = slices.Compact(found)
	}
	return all
}

// CountVersion is the version of the model whose categories are counted: that
// of the coefficients in force, else TEAM's.
func (s *Set) CountVersion() int {
	if s != nil && s.version != 0 {
		return s.version
	}
	return defaultVersion
}

// Fill puts into an episode what the tables give: the geometric mean stay of
// admissions under rule 2 that have none, and the risk multiplier where the
// file brought none. It says whether anything changed.
func (s *Set) Fill(e *store.Episode) bool {
	if s == nil {
		return false
	}
	changed := s.Stays(e)
	return s.Multiply(e) || changed
}

// Stays fills in the geometric mean stays of IPPS admissions (42 CFR
// 512.555(b)(3)). Table 5 holds for no other: a rehabilitation or long-term
// stay is split by its days (512.555(b)(1)).
func (s *Set) Stays(e *store.Episode) (changed bool) {
	if !s.HasTable5() {
		return false
	}
	for i := range e.Services {
		v := &e.Services[i]
		if v.Rule != episode.GMLOS || v.Setting != episode.Readmission || v.CodeKind != "DRG" {
			continue
		}
		discharge := e.End + calendar.Day(v.To)
		d, ok := s.DRG(v.Code, discharge)
		if ok && d.GMLOS > 0 && d.GMLOS != v.GMLOS && (v.GMLOS == 0 || v.GMLOS == s.old[discharge.FiscalYear()][v.Code].GMLOS) {
			v.GMLOS, changed = d.GMLOS, true
		}
	}
	return changed
}
