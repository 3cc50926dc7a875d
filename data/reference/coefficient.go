package reference

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bundlelab/data/ingest/field"
	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Evidence of a coefficient file that states none: the user vouches for it.
const userEvidence = "user"

// defaultVersion of the CMS-HCC model: TEAM's since the FY 2026 rule
// (secondary; the text of January 2025 has V22 and V24).
const defaultVersion = 28

// Coefficients reads the factors of a risk multiplier: a CSV, tab-delimited
// text or XLSX with the columns design, period, category, variable,
// coefficient, source and, where wanted, evidence and hcc_version. A
// coefficient is the factor itself, the exponential of the regression's
// coefficient (42 CFR 512.545(c)). A blank category holds for all five.
// Variables are those of Variables. Errors are *FileError or of reading.
func Coefficients(in io.Reader) ([]store.Coefficient, error) {
	ready := func(rows []row) bool {
		if len(rows) == 0 {
			return false
		}
		_, missing := coefficientColumns(rows[0])
		return len(missing) == 0
	}
	rows, err := read(in, ready)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, &FileError{Why: "the file is empty"}
	}
	at, missing := coefficientColumns(rows[0])
	if len(missing) > 0 {
		return nil, &FileError{Line: rows[0].line, Why: "columns are missing: " + strings.Join(missing, ", ")}
	}
	table := factors{at, regexp.MustCompile(`^[a-zA-Z0-9._-]{1,40}$`), field.NewScreen()}
	var all []store.Coefficient
	seen := map[[4]string]bool{}
	versions := map[[2]string]int{}
	for _, r := range rows[1:] {
		if strings.TrimSpace(strings.Join(r.cells, "")) == "" {
			continue
		}
		c, err := table.coefficient(r)
		if err != nil {
			return nil, err
		}
		key, set := [4]string{c.Design, c.Period, c.Category, c.Variable}, [2]string{c.Design, c.Period}
		if seen[key] {
			return nil, &FileError{Line: r.line, Column: "variable", Why: "this variable came before for the same design, period and category"}
		}
		if v, ok := versions[set]; ok && v != c.Version {
			return nil, &FileError{Line: r.line, Column: "hcc_version", Why: "one design and period has one version of the HCC model"}
		}
		seen[key], versions[set] = true, c.Version
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, &FileError{Why: "the file has a header but no row"}
	}
	return all, nil
}

// coefficientColumns finds the columns and names the missing ones.
func coefficientColumns(r row) (at map[string]int, missing []string) {
	names := columns(r)
	at = map[string]int{}
	for _, n := range []string{"design", "period", "category", "variable", "coefficient", "source"} {
		if at[n] = place(names, n); at[n] < 0 {
			missing = append(missing, n)
		}
	}
	at["evidence"], at["hcc_version"] = place(names, "evidence"), place(names, "hcc_version")
	return at, missing
}

// factors reads the rows of one table.
type factors struct {
	at     map[string]int // columns
	name   *regexp.Regexp // of a design or period
	screen *field.Screen
}

func (x *factors) coefficient(r row) (store.Coefficient, error) {
	bad := func(column, why string) (store.Coefficient, error) {
		return store.Coefficient{}, &FileError{Line: r.line, Column: column, Why: why}
	}
	text := func(column string) string { return r.cell(x.at[column]) }
	c := store.Coefficient{
		Design: strings.ToLower(text("design")), Period: text("period"), Category: strings.ToUpper(text("category")),
		Variable: strings.ToLower(text("variable")), Source: text("source"),
		Evidence: strings.ToLower(text("evidence")), Version: defaultVersion,
	}
	switch {
	case !x.name.MatchString(c.Design):
		return bad("design", "the name of a design is needed, such as team")
	case !x.name.MatchString(c.Period):
		return bad("period", "the name of a period is needed, such as PY1")
	case len(c.Source) > 200:
		return bad("source", "at most 200 letters")
	case x.screen.Identifies(c.Design + " " + c.Period + " " + c.Source):
		return bad("source", "the text holds a person's number, which a table must not hold")
	}
	if c.Category != "" {
		if _, err := episode.ParseCategory(c.Category); err != nil {
			return bad("category", "use LEJR, SHFFT, CABG, FUSION, BOWEL or blank for all")
		}
	}
	if !knownVariable(c.Variable) {
		return bad("variable", "unknown variable: use one of "+strings.Join(Variables(), ", "))
	}
	f, err := money.ParseRate(text("coefficient"))
	if err != nil || strings.HasSuffix(text("coefficient"), "%") || f.Sign() <= 0 || f.Cmp(money.NewRate(100, 0)) > 0 {
		return bad("coefficient", "a positive decimal factor up to 100 is needed: the exponential of the regression's coefficient")
	}
	c.Factor = f.String()
	if c.Evidence == "" {
		c.Evidence = userEvidence
	}
	if !slices.Contains([]string{"regulation", "secondary", "unconfirmed", "assumed", userEvidence}, c.Evidence) {
		return bad("evidence", "use regulation, secondary, unconfirmed, assumed or user")
	}
	if s := text("hcc_version"); s != "" {
		if c.Version, err = strconv.Atoi(strings.TrimPrefix(strings.ToUpper(s), "V")); err != nil || c.Version < 20 || c.Version > 40 {
			return bad("hcc_version", "a version of the CMS-HCC model is needed, such as 28")
		}
	}
	return c, nil
}

// Variables names what a coefficient can be of: the groups of 42 CFR
// 512.545(a), and a constant that holds for every episode. Of the last ones claims
// say nothing here: they count as absent.
func Variables() []string {
	return []string{
		"hcc_count_0", "hcc_count_1", "hcc_count_2", "hcc_count_3", "hcc_count_4",
		"age_under_65", "age_65_74", "age_75_84", "age_85", "social_need",
		"beds_1_250", "beds_251_500", "beds_501_850", "beds_851", "safety_net",
		"prior_pac", "disability", "fracture", "constant", "hcc_N (N is a number)",
		"dementia", "long_term_care", "lejr_ankle", "lejr_partial_hip", "lejr_hip", "lejr_partial_knee", "lejr_knee",
	}
}

// hccVariable reads hcc_85 as 85.
func hccVariable(name string) (int, bool) {
	s, ok := strings.CutPrefix(name, "hcc_")
	n, err := strconv.Atoi(s)
	return n, ok && err == nil && n > 0 && n < 1000 && s == fmt.Sprint(n)
}

func knownVariable(name string) bool {
	if _, ok := hccVariable(name); ok {
		return true
	}
	return slices.Contains(Variables(), name)
}

// unseen are the variables that claims say nothing of here.
func unseen(name string) bool {
	return name == "dementia" || name == "long_term_care" || strings.HasPrefix(name, "lejr_")
}
