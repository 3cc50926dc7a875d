package check

import (
	"strings"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

func day(offset int32) calendar.Day { return calendar.Day(offset) }

// service looks at one line.
func service(e *store.Episode, s *store.Service, at Place) {
	if before := int32(e.Start-e.End) - DaysBefore; s.From < before || s.From > DaysAfter {
		at.warn("D004", "from_date", "the service starts more than 3 days before the anchor or 180 days after it")
	}
	if e.Death != nil && e.End+day(s.From) > *e.Death {
		at.warn("S004", "from_date", "the service starts after the patient's death")
	}
	length := s.To - s.From + 1
	switch {
	case s.Setting == episode.SNF && length > longSkilled:
		at.warn("S001", "to_date", "a skilled nursing stay is longer than 100 days")
	case s.Setting == episode.HHA && length > homePeriod(e, s):
		at.warn("S002", "to_date", "a home health period is longer than Medicare pays at once")
	}
	switch {
	case s.Rule == episode.GMLOS && s.GMLOS == 0:
		at.warn("C003", "gmlos", "no geometric mean stay: a stay that crosses the end is split by its days")
	case s.Rule == episode.Visits && len(s.Visits) == 0:
		at.warn("C003", "visits", "no visits: a period that crosses the end is split by its days")
	}
	if otherKind(s) {
		at.warn("S003", "setting", "the provider's number is of another kind than the setting")
	}
}

// otherKind compares the setting with what the provider's number says it is.
func otherKind(s *store.Service) bool {
	if s.ProviderKind != "CCN" || s.Provider == "" || s.Setting != episode.SNF && !stay(s) {
		return false
	}
	switch ccn.KindOf(strings.ToUpper(s.Provider)) {
	case ccn.Rehab:
		return s.Setting == episode.SNF || s.Setting == episode.LTCH || s.Setting == episode.Readmission
	case ccn.LongTerm:
		return s.Setting == episode.SNF || s.Setting == episode.IRF || s.Setting == episode.Readmission
	case ccn.Skilled, ccn.SwingBed:
		return s.Setting == episode.IRF || s.Setting == episode.LTCH || s.Setting == episode.Readmission
	case ccn.ShortTerm, ccn.Critical, ccn.Psych, ccn.HomeHealth, ccn.OtherAcute, ccn.Unknown:
	}
	return false
}
