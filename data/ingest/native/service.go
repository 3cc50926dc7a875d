package native

import (
	"strings"

	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/record"
	"bundlelab/data/store"
	"bundlelab/engine/episode"
)

// service reads one row of services.csv. The amount is set even when the row
// is rejected, so that the books can count it.
func (im *importer) service(rows *record.Rows, e *store.Episode, bene string) store.Service {
	s := store.Service{
		LineKey: im.key(rows, "line", rows.Text("line_key"), bene),
		Stay:    im.key(rows, "stay", rows.Text("stay_key"), bene),
		Raw:     rows.OptionalCents("raw_allowed"),
	}
	amounts(rows, &s, e)
	from, to := rows.NeedDay("from_date"), rows.NeedDay("to_date")
	s.From, s.To = offset(from, e.End), offset(to, e.End)
	var err error
	if s.Setting, err = episode.ParseSetting(rows.Text("setting")); err != nil {
		rows.Reject("V001", "setting", "not a setting; the anchor's own amount belongs in episodes.csv")
	}
	if !rows.Bad() && to < from {
		rows.Reject("D002", "to_date", "the service ends before it starts")
	}
	rule(rows, &s)
	s.ProviderKind = kind(rows, "provider_kind", "CCN", "NPI", "TIN")
	s.Provider = coded(rows, "provider_id", s.ProviderKind == "TIN")
	s.CodeKind = kind(rows, "code_kind", "DRG", "HCPCS", "HIPPS", "REV")
	s.Code = strings.ToUpper(coded(rows, "code", false))
	if u := rows.Text("units"); u != "" {
		if s.Units, err = field.Units(u); err != nil {
			rows.Reject("V001", "units", err.Error())
		}
	}
	exclusions(rows, &s)
	return s
}

// amounts reads the standardized amount and its outlier part. A blank one is
// the raw amount, with a warning (A005).
func amounts(rows *record.Rows, s *store.Service, e *store.Episode) {
	amount, ok := rows.Cents("std_allowed")
	switch {
	case ok:
		s.Amount = amount
	case rows.Text("std_allowed") != "":
		return
	case s.Raw == nil:
		rows.Reject("A001", "std_allowed", "the amount is missing, and raw_allowed too")
		return
	default:
		s.Amount, e.NotStd = *s.Raw, true
		rows.Warn("A005", "std_allowed", "the standardized amount is missing: the raw amount is used")
	}
	if o := rows.OptionalCents("outlier"); o != nil {
		s.Outlier = *o
		if s.Outlier > s.Amount {
			rows.Reject("A001", "outlier", "the outlier part is larger than the whole amount")
		}
	}
}

// rule reads how the service is split at an episode's end (rulings 24, 25).
func rule(rows *record.Rows, s *store.Service) {
	lupa := rows.Known("lupa")
	s.Rule = s.Setting.Rule(yes(lupa))
	var err error
	if text := rows.Text("rule"); text != "" {
		if s.Rule, err = field.Rule(text); err != nil {
			rows.Reject("V001", "rule", err.Error())
		}
	}
	if text := rows.Text("gmlos"); text != "" {
		if s.GMLOS, err = field.Hundredths(text); err != nil {
			rows.Reject("V001", "gmlos", "a geometric mean stay is days with at most two decimals")
		}
	}
	if s.Visits, err = field.Visits(rows.Text("visits")); err != nil {
		rows.Reject("V001", "visits", err.Error())
	}
}

// coded is a code or a provider's number: one word with a digit, a dash or an
// underscore in it, or all in capitals. Any other word may be a name (P001).
func coded(rows *record.Rows, column string, tin bool) string {
	s := rows.Code(column, tin)
	word := strings.ContainsAny(s, "0123456789-_") || s == strings.ToUpper(s)
	if s != "" && (!word || strings.Contains(s, " ") || len(s) > 20) {
		rows.Reject("P001", column, "the cell is not a code: it may be a name, which this column must not hold")
		return ""
	}
	return s
}

func kind(rows *record.Rows, column string, allowed ...string) string {
	s := strings.ToUpper(rows.Text(column))
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	if s != "" {
		rows.Reject("V001", column, "not one of "+strings.Join(allowed, ", "))
	}
	return ""
}

// exclusions reads why the service counts for nothing (ruling 23). The file's
// words are kept when they are words of the trade and codes; any others may be
// a person's, and "other" stands for them.
func exclusions(rows *record.Rows, s *store.Service) {
	if why := rows.Words("exclusion"); why != "" && why != "0" {
		if !tradeWords(why) {
			why = "other"
			rows.Info("P001", "exclusion", "the reason is in words this program does not know: \"other\" is stored in their place")
		}
		s.Exclusion = why
		s.Excluded |= episode.Listed
	}
	if c := rows.OptionalCents("primary_payer_amount"); c != nil && *c > 0 {
		s.PrimaryPayer = *c
		s.Excluded |= episode.Payer
		rows.Warn("A007", "primary_payer_amount", "Medicare was not the primary payer: the service counts for nothing")
	}
}

// tradeWords says that a reason is made of words that reasons are made of, and
// of codes of up to five characters with a digit.
func tradeWords(reason string) bool {
	words := strings.FieldsFunc(strings.ToLower(reason), func(r rune) bool { return strings.ContainsRune(" ,;:()+_", r) })
	for _, w := range words {
		code := len(w) <= 5 && strings.ContainsAny(w, "0123456789")
		if !code && !reasonWord(w) {
			return false
		}
	}
	return len(reason) <= 120
}

func reasonWord(w string) bool {
	switch w {
	case "a", "acute", "add-on", "adjusted", "adjustment", "admission", "advanced", "advantage", "after", "all", "amount", "anchor", "and", "any",
		"apc", "at", "b", "before", "beneficiary", "blood", "burn", "burns", "by", "cancelled", "cancer", "cap", "capital", "cardiac", "care",
		"category", "chemotherapy", "chronic", "cjr", "claim", "claims", "clotting", "cms", "code", "codes", "condition", "cost", "count", "counted",
		"counts", "coverage", "covered", "day", "days", "death", "demonstration", "denied", "device", "diagnosis", "dialysis", "discharge", "drg",
		"drug", "drugs", "dsh", "due", "duplicate", "elective", "eligible", "episode", "esrd", "exclude", "excluded", "exclusion", "exclusions",
		"eye", "factor", "factors", "false", "fee", "for", "fracture", "from", "group", "hcpcs", "hemophilia", "high", "hiv", "hmo", "hospice",
		"hospital", "icd", "ime", "in", "ineligible", "infection", "injury", "inpatient", "is", "item", "late", "limit", "line", "list", "listed",
		"maternity", "mdc", "medicaid", "medical", "medicare", "model", "ms", "msp", "n", "new", "newborn", "no", "non", "non-covered",
		"non-positive", "noncovered", "not", "ntap", "of", "on", "oncology", "only", "ophthalmologic", "opps", "organ", "other", "outlier",
		"outpatient", "outside", "over", "overlap", "overlapping", "part", "pass-through", "patient", "payer", "payment", "per", "period",
		"physician", "planned", "policy", "positive", "post", "pre", "pregnancy", "previous", "pricing", "primary", "prior", "procedure", "program",
		"provider", "radiation", "readmission", "reason", "rehab", "rehabilitation", "related", "rule", "secondary", "see", "service", "services",
		"status", "stay", "surgery", "surgical", "team", "technology", "the", "to", "transfer", "transplant", "trauma", "true", "type",
		"uncompensated", "under", "unrelated", "va", "was", "window", "with", "within", "without", "y", "yes", "zero":
		return true
	}
	return false
}
