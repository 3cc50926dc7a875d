package cclf

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"bundlelab/data/store"
)

// crossing maps numbers a person had to the one the person has (CCLF9).
type crossing struct {
	to   map[string]string
	from map[string]string // the delivery that says so
}

// numbers reads the cross-references, of which the newest delivery's wins.
func (im *importer) numbers(ctx context.Context) error {
	for _, f := range im.of(numbers) {
		if err := im.read(ctx, f, im.number); err != nil {
			return err
		}
	}
	if n := im.cross.settle(); n > 0 && len(im.of(numbers)) > 0 {
		im.of(numbers)[0].books.Find(store.Warning, "V001", 0, "CRNT_NUM", "", fmt.Sprintf("%d cross-references run in a circle: the numbers of a circle count as one person's", n))
	}
	return nil
}

func (im *importer) number(in *input) {
	in.books.Saw(1, 0)
	old, now, rank := in.required("PRVS_NUM"), in.required("CRNT_NUM"), in.rank()
	c := &im.cross
	switch {
	case in.bad || old == now:
	case c.from[old] == rank && c.to[old] != now:
		in.reject("K001", "PRVS_NUM", "this number was led to another one before; the first record is kept")
	case c.from[old] < rank:
		old = strings.Clone(old)
		c.to[old], c.from[old] = strings.Clone(now), rank
	}
	if in.bad {
		in.books.Rejects(1, 0)
		return
	}
	in.books.Loads(1, 0)
}

// settle follows every chain to its end, and gives how many circles there are.
// In a circle no number is the last one: the smallest stands for all.
func (c *crossing) settle() (circles int) {
	starts := make([]string, 0, len(c.to))
	for old := range c.to {
		starts = append(starts, old)
	}
	sort.Strings(starts)
	ends := make(map[string]string, len(c.to))
	for _, start := range starts {
		var path []string
		on := map[string]int{}
		at := start
		for {
			if end, ok := ends[at]; ok {
				at = end
				break
			}
			if i, again := on[at]; again {
				circles++
				at = smallest(path[i:])
				break
			}
			next, more := c.to[at]
			if !more {
				break
			}
			on[at] = len(path)
			path = append(path, at)
			at = next
		}
		for _, old := range path {
			ends[old] = at
		}
	}
	c.to = ends
	return circles
}

func smallest(all []string) string {
	low := all[0]
	for _, s := range all[1:] {
		low = min(low, s)
	}
	return low
}

// person is the number by which a person is known now.
func (c *crossing) person(number string) string {
	if now, ok := c.to[number]; ok {
		return now
	}
	return number
}
