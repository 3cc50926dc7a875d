package engine

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/lever"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// score is what is known of a hospital's quality: its composite score, or the
// default that stands in; where a gate is all there is, whether it is passed.
type score struct {
	cqs      decimal.Decimal
	evidence policy.Evidence
	gate     *bool
	warning  string
}

// score finds what the levers say of a hospital's quality. A standing does not
// keep it, so that a score may move at every key. Hospitals of one class share
// it where no lever is one hospital's own.
func (e *evaluation) score(p *pool) (*score, error) {
	if x, ok := e.scores[p.class]; ok {
		return x, nil
	}
	q, ccn := &p.class.Quality, p.hospital.CCN
	x := &score{cqs: q.Default.Rate.Decimal(), evidence: q.Default.Evidence}
	v, ok, warning, err := e.composite(q, ccn)
	if err != nil {
		return nil, err
	}
	if x.warning = warning; ok {
		x.cqs, x.evidence = v.Rate.Decimal(), 0
	}
	if v, ok := e.levers.Get("quality", "gate", ccn, 0); ok && q.Acts("gate") && !q.Acts("discount") {
		passed := !v.None
		x.gate, x.evidence = &passed, 0
	}
	if !e.levers.Any(func(s lever.Setting) bool { return s.Key.Group == "quality" && s.Key.Hospital != "" }) {
		if e.scores == nil {
			e.scores = map[*settle.Terms]*score{}
		}
		e.scores[p.class] = x
	}
	return x, nil
}

// composite finds the composite score on the design's scale; ok is false where
// the default stands in.
func (e *evaluation) composite(q *settle.Quality, ccn string) (v lever.Value, ok bool, warning string, err error) {
	if q.Scale.IntPart() == 20 {
		if v, ok := e.levers.Get("quality", "cjr_cqs", ccn, 0); ok {
			return v, true, "", nil
		}
	}
	v, ok = e.levers.Get("quality", "cqs", ccn, 0)
	above := v.Rate.Decimal().GreaterThan(q.Scale)
	// Over several designs one score cannot stand on two scales: it is the one
	// of 100.
	other := e.lenient && !q.Scale.Equal(decimal.New(100, 0))
	if !ok || q.Default.None || !above && !other {
		return v, ok, "", nil
	}
	if !e.lenient {
		return v, false, "", &UsageError{Why: fmt.Sprintf("quality.cqs = %s: the score of %s goes from 0 to %s", v.Rate.Decimal(), e.f.design.Name, q.Scale)}
	}
	warning = fmt.Sprintf("quality.cqs %s is not read as a score of %s, which goes from 0 to %s: its default is used; set quality.cjr_cqs", v.Rate.Decimal(), e.f.design.Name, q.Scale)
	return v, false, warning, nil
}

// scoreText names the levers that a score depends on.
func (e *evaluation) scoreText() string {
	var b strings.Builder
	for _, x := range e.levers.Items() {
		if x.Key.Group == "quality" {
			b.WriteString(x.Key.String() + "=" + x.Value.Text + "\n")
		}
	}
	return b.String()
}

// repeat says again what was said of a hospital as it stands, and what is to be
// said of its score.
func (e *evaluation) repeat(p *pool) error {
	if p.err != nil { // it has no terms to be scored by
		for _, w := range p.warnings {
			e.warnings = appendNew(e.warnings, w)
		}
		return nil
	}
	x, err := e.score(p)
	if err != nil {
		return err
	}
	for i, w := range p.warnings {
		if i == p.said && x.warning != "" {
			e.warnings = appendNew(e.warnings, x.warning)
		}
		e.warnings = appendNew(e.warnings, w)
	}
	if p.said == len(p.warnings) && x.warning != "" {
		e.warnings = appendNew(e.warnings, x.warning)
	}
	return nil
}
