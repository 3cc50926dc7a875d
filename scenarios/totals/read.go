package totals

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
)

// The largest counts and amounts a statement may hold: past them sums in cents
// could leave the range of whole numbers.
const (
	mostEpisodes   = 10_000_000
	mostCategories = 500
	mostCents      = 900_000_000_000_000 // nine trillion dollars: their micro-dollars fit an int64
)

// reader walks the tree and collects what is wrong with it.
type reader struct {
	file string
	why  []string
}

func (r *reader) fail(field, format string, a ...any) {
	r.why = append(r.why, field+": "+fmt.Sprintf(format, a...))
}

// err is what is wrong, nil when nothing is.
func (r *reader) err() error {
	if len(r.why) == 0 {
		return nil
	}
	return &InputError{r.file, r.why}
}

func (r *reader) known(field string, m map[string]any, keys ...string) {
	var extra []string
	for k := range m {
		if !slices.Contains(keys, k) {
			extra = append(extra, k)
		}
	}
	sort.Strings(extra)
	for _, k := range extra {
		r.fail(strings.TrimPrefix(field+"."+k, "."), "unknown key: use %s", strings.Join(keys, ", "))
	}
}

func (r *reader) text(field string, v any, needed bool) string {
	s, ok := v.(string)
	if v == nil && !needed {
		return ""
	}
	if !ok || s == "" {
		r.fail(field, "%stext is needed here", absent(v))
	}
	return s
}

func (r *reader) flag(field string, v any) bool {
	yes, ok := v.(bool)
	if !ok {
		r.fail(field, "%swrite true or false", absent(v))
	}
	return yes
}

// absent says before what a field needs that it is not there, rather than
// written in another way.
func absent(v any) string {
	if v == nil {
		return "missing: "
	}
	return ""
}

// cents is an amount of at least zero.
func (r *reader) cents(field string, v any) money.Cents {
	c := r.signed(field, v)
	if c < 0 {
		r.fail(field, "%s is negative", c)
	}
	return c
}

func (r *reader) signed(field string, v any) money.Cents {
	s, ok := v.(string)
	if !ok {
		r.fail(field, `%swrite the amount as text with two decimals, "1500000.00", so that it stays exact`, absent(v))
		return 0
	}
	c, err := money.ParseCents(s)
	if err != nil {
		r.fail(field, "%v", err)
	}
	return c
}

// maybe is an amount that may be left out.
func (r *reader) maybe(field string, m map[string]any, key string) money.Cents {
	if v, ok := m[key]; ok {
		return r.cents(field+key, v)
	}
	return 0
}

// number is a number of at least zero with at most six decimals.
func (r *reader) number(field string, v any) decimal.Decimal {
	var d decimal.Decimal
	var err error
	switch x := v.(type) {
	case json.Number:
		d, err = decimal.NewFromString(x.String())
	case string:
		d, err = decimal.NewFromString(x)
	case int64:
		d = decimal.New(x, 0)
	case float64:
		d, err = decimal.NewFromString(typed(x))
	default:
		r.fail(field, "%sa number is needed here", absent(v))
		return decimal.Zero
	}
	if err != nil || d.IsNegative() || d.Exponent() < -6 || d.Exponent() > 18 {
		r.fail(field, "%v is not a number of at least zero", v)
		return decimal.Zero
	}
	return d
}

// typed is a number of a TOML file as it was written, to fifteen digits.
func typed(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// episodes is a count, which a volume estimate may leave with decimals.
func (r *reader) episodes(field string, v any) decimal.Decimal {
	n := r.number(field, v)
	if n.GreaterThan(decimal.New(mostEpisodes, 0)) {
		r.fail(field, "%s is more than %d", n, mostEpisodes)
		return decimal.Zero
	}
	return n
}

func (r *reader) count(field string, v any) int {
	n := r.number(field, v)
	if !n.IsInteger() || n.GreaterThan(decimal.New(mostEpisodes, 0)) {
		r.fail(field, "%s is not a whole number of at most %d", n, mostEpisodes)
		return 0
	}
	return int(n.IntPart())
}

// rate is a share from zero to most, as text with or without %, or a plain
// number.
func (r *reader) rate(field string, v any, most int64) money.Rate {
	s, ok := v.(string)
	if n, plain := v.(json.Number); plain {
		s, ok = n.String(), true
	} else if n, whole := v.(int64); whole {
		s, ok = fmt.Sprint(n), true
	} else if n, part := v.(float64); part {
		s, ok = typed(n), true
	}
	if !ok {
		r.fail(field, `%sa rate is needed here, as text: "2.0%%" or "0.02"`, absent(v))
		return money.Rate{}
	}
	x, err := money.ParseRate(s)
	top := money.NewRate(most, 0)
	switch {
	case err != nil:
		r.fail(field, "%v", err)
	case x.Sign() < 0 || x.Cmp(top) > 0:
		r.fail(field, "%s is outside 0%% to %s", x.Percent(), top.Percent())
	default:
		return x
	}
	return money.Rate{}
}

func (r *reader) table(field string, v any) map[string]any {
	if v == nil {
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		r.fail(field, "a table of keys is needed here")
	}
	return m
}

// rows are the tables of a list.
func (r *reader) rows(field string, v any, most int) []map[string]any {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		r.fail(field, "%sa list of at least one table is needed", absent(v))
		return nil
	}
	if len(list) > most {
		r.fail(field, "%d are more than %d", len(list), most)
		return nil
	}
	out := make([]map[string]any, len(list))
	for i, x := range list {
		at := fmt.Sprintf("%s[%d]", field, i)
		if out[i] = r.table(at, x); x == nil {
			r.fail(at, "a table of keys is needed here")
		}
	}
	return out
}

// total rounds an exact amount of cents once, half away from zero.
func (r *reader) total(field string, exact decimal.Decimal) money.Cents {
	if exact.Abs().GreaterThan(decimal.New(mostCents, 0)) {
		r.fail(field, "comes to more than nine trillion dollars")
		return 0
	}
	return money.RoundCents(exact)
}
