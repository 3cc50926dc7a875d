package field

import (
	"slices"
	"strings"
	"unicode"
)

// longNumber is how many digits in a row may be a person's number.
const longNumber = 7

// Ending splits a file's name before the ending that says what the file is;
// the ending is "" when it is not one of a data file.
func Ending(name string) (stem, ending string) {
	stem = name
	for range 2 { // such as .csv.gz
		i := strings.LastIndexByte(stem, '.')
		if i < 0 || !isEnding(strings.ToLower(stem[i+1:])) {
			break
		}
		stem, ending = stem[:i], stem[i:]+ending
	}
	return stem, ending
}

func isEnding(s string) bool {
	switch s {
	case "csv", "txt", "gz", "zip", "tar", "tgz", "bz2", "md", "pdf", "json", "xml", "xls", "xlsx", "doc", "docx", "toml", "dat", "sas", "sas7bdat", "parquet", "sha256", "log", "db":
		return true
	}
	return false
}

// InFileName says that the name of a file may identify a person: it holds a
// person's number, a number that may be one, or words that may be a name. A
// word of the trade, as in inpatient_claims_2025.csv, is no name, and neither
// is another word that stands alone; two others, or one with an initial or
// with a date, are. It errs on the side of the person. The names CMS gives to
// its CCLF files, such as P.A1234.ACO.ZC1Y24.D240101.T0100000, are none.
func (s *Screen) InFileName(name string) bool {
	stem, _ := Ending(name)
	if s.cclf.MatchString(stem) {
		return false
	}
	if s.loose.MatchString(strings.NewReplacer("_", "-", ".", "-", " ", "-").Replace(stem)) {
		return true
	}
	other, company := 0, 0
	for _, t := range parts(stem) {
		switch first := []rune(t.text)[0]; {
		case !unicode.IsPrint(first):
			return true
		case unicode.IsDigit(first):
			if len(t.text) >= longNumber && !recentDate(t.text) {
				return true
			}
			if len(t.text) >= longNumber {
				company++
			}
		case len([]rune(t.text)) == 1:
			if !t.joined {
				company++
			}
		case !tradeWord(strings.ToLower(t.text)):
			other++
		}
	}
	return other >= 2 || other == 1 && company > 0
}

// recentDate says that eight digits are a date from 2000 on: no person on
// Medicare for age was born then, so it is when a file was made.
func recentDate(digits string) bool {
	_, err := Compact(digits)
	return err == nil && digits >= "20000101"
}

// part is a run of letters or of digits in a file's name.
type part struct {
	text   string
	joined bool // a digit and a letter stand side by side, as in Q1
}

// parts cuts a name where letters, digits and others meet, and where a capital
// follows a small letter.
func parts(name string) []part {
	const other, letter, digit, odd = 0, 1, 2, 3
	var all []part
	last, small := other, false
	for _, r := range name {
		kind := other
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			kind = letter
		case unicode.IsDigit(r):
			kind = digit
		case !unicode.IsPrint(r):
			kind = odd
		}
		switch {
		case kind == other:
		case kind == last && (kind != letter || !small || !unicode.IsUpper(r)):
			all[len(all)-1].text += string(r)
		default:
			joined := kind != last && last != other
			if joined {
				all[len(all)-1].joined = true
			}
			all = append(all, part{string(r), joined})
		}
		last, small = kind, unicode.IsLower(r)
	}
	return all
}

// tradeWord knows the words that names of claim files are made of.
func tradeWord(word string) bool {
	_, ok := slices.BinarySearch(tradeWords(), word)
	return ok
}

func tradeWords() []string {
	return []string{
		"aco", "adjusted", "all", "allowed", "amount", "anchor", "and", "annual", "ba", "base", "baseline", "bcarrier", "benchmark", "benchmarks", "bene",
		"beneficiaries", "beneficiary", "benefit", "bpci", "bpcia", "bundle", "bundled", "bundles", "care", "carrier", "ccf", "cclf", "ccn", "center",
		"characteristics", "cjr", "claim", "claims", "cms", "code", "codes", "columns", "components", "crosswalk", "crosswalks", "csv", "data", "de",
		"demo", "demographics", "denominator", "detail", "diagnosis", "dictionary", "dm", "dme", "dmepos", "drg", "drgs", "drug", "drugs", "dual",
		"eligibility", "enrollment", "enrolment", "epi", "episode", "episodes", "event", "events", "export", "extract", "facility", "feed", "ffs", "file",
		"files", "final", "first", "fiscal", "fixed", "for", "from", "full", "fy", "group", "header", "headers", "health", "hh", "hha", "history", "home",
		"hospice", "hospital", "hospitals", "hs", "in", "index", "inp", "inpatient", "input", "institutional", "ip", "irf", "layout", "lds", "line",
		"lines", "list", "ltch", "manifest", "master", "mbsf", "mdcr", "medical", "medicare", "medpar", "monthly", "my", "notes", "npi", "of", "old", "op",
		"opl", "other", "out", "outpatient", "part", "parta", "partb", "partd", "payment", "payments", "pb", "pde", "peer", "perf", "performance",
		"period", "physician", "physicians", "post", "prelim", "preliminary", "prescription", "price", "prices", "procedure", "professional", "program",
		"provider", "providers", "puf", "py", "qtr", "quarter", "quarterly", "raw", "readme", "recon", "reconciliation", "region", "regional", "regions",
		"report", "research", "revenue", "rif", "rows", "sample", "seed", "segment", "service", "services", "sheet", "skilled", "sn", "snf", "source",
		"std", "summary", "syn", "synthea", "synthetic", "table", "target", "targets", "team", "test", "the", "to", "total", "totals", "tp", "trigger",
		"triggers", "true", "tuva", "up", "update", "v", "values", "version", "visits", "width", "wins", "with", "workbook", "xref", "year",
	}
}
