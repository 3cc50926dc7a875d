package explain

import (
	"cmp"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/tui/draw"
)

// Pays says who pays whom how much under a design, in its own words.
func Pays(d *policy.Design, net money.Cents) string {
	says := d.Says(cmp.Compare(net, 0))
	if net == 0 {
		return says
	}
	return says + " " + draw.Short(net.Abs())
}
