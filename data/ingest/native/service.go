package native

import (
	"strings"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/record"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
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
	if !rows.Bad() {
		checkDates(rows, &s, e, from, to)
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
	checkProvider(rows, &s)
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

func checkDates(rows *record.Rows, s *store.Service, e *store.Episode, from, to calendar.Day) {
	if to < from {
		rows.Reject("D002", "to_date", "the service ends before it starts")
		return
	}
	if !inWindow(from, e) {
		rows.Warn("D004", "from_date", "the service starts more than 3 days before the anchor or 180 days after it")
	}
	if e.Death != nil && from > *e.Death {
		rows.Warn("S004", "from_date", "the service starts after the patient's death")
	}
	days := s.To - s.From + 1
	switch {
	case s.Setting == episode.SNF && days > 100:
		rows.Warn("S001", "to_date", "a skilled nursing stay is longer than 100 days")
	case s.Setting == episode.HHA && days > homePeriod(from):
		rows.Warn("S002", "to_date", "a home health period is longer than Medicare pays at once")
	}
}

// homePeriod is the length of a home health payment period: 30 days since
// 2020, 60 before.
func homePeriod(from calendar.Day) int32 {
	if from.Year() < 2020 {
		return 60
	}
	return 30
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
	switch {
	case rows.Bad():
	case s.Rule == episode.GMLOS && s.GMLOS == 0:
		rows.Warn("C003", "gmlos", "no geometric mean stay: a stay that crosses the end is split by its days")
	case s.Rule == episode.Visits && len(s.Visits) == 0:
		rows.Warn("C003", "visits", "no visits: a period that crosses the end is split by its days")
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

// exclusions reads why the service counts for nothing (ruling 23).
func exclusions(rows *record.Rows, s *store.Service) {
	if why := rows.Words("exclusion"); why != "" && why != "0" {
		s.Exclusion = why
		s.Excluded |= episode.Listed
	}
	if c := rows.OptionalCents("primary_payer_amount"); c != nil && *c > 0 {
		s.PrimaryPayer = *c
		s.Excluded |= episode.Payer
		rows.Warn("A007", "primary_payer_amount", "Medicare was not the primary payer: the service counts for nothing")
	}
}

// checkProvider compares the setting with what the provider's number says it
// is (S003).
func checkProvider(rows *record.Rows, s *store.Service) {
	if rows.Bad() || s.ProviderKind != "CCN" || s.Provider == "" {
		return
	}
	wrong := false
	switch k := ccn.KindOf(strings.ToUpper(s.Provider)); k {
	case ccn.Rehab:
		wrong = s.Setting == episode.SNF || s.Setting == episode.LTCH || s.Setting == episode.Readmission
	case ccn.LongTerm:
		wrong = s.Setting == episode.SNF || s.Setting == episode.IRF || s.Setting == episode.Readmission
	case ccn.Skilled, ccn.SwingBed:
		wrong = s.Setting == episode.IRF || s.Setting == episode.LTCH || s.Setting == episode.Readmission
	case ccn.ShortTerm, ccn.Critical, ccn.Psych, ccn.HomeHealth, ccn.OtherAcute, ccn.Unknown:
	}
	if wrong {
		rows.Warn("S003", "setting", "the provider's number is of another kind than the setting")
	}
}
