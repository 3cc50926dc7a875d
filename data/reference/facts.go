package reference

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bundlelab/engine/panel"
)

// Facts are what claims say of a patient for the risk multiplier beside the
// columns of an episode: condition categories, never the diagnoses.
type Facts struct {
	// HCCs are the distinct categories of the look-back by version of the
	// CMS-HCC model; a version that is not there was not looked for. The
	// model's hierarchies are not applied: the public map has none.
	HCCs     map[int][]int
	Disabled panel.Known // Medicare began because of disability
}

// String is how the facts are stored: "v24=18,85 v28=37,226 disabled=1".
func (f Facts) String() string {
	var parts []string
	for _, v := range f.versions() {
		var numbers []string
		for _, n := range f.HCCs[v] {
			numbers = append(numbers, strconv.Itoa(n))
		}
		parts = append(parts, fmt.Sprintf("v%d=%s", v, strings.Join(numbers, ",")))
	}
	switch f.Disabled {
	case panel.Yes:
		parts = append(parts, "disabled=1")
	case panel.No:
		parts = append(parts, "disabled=0")
	case panel.Unknown:
	}
	return strings.Join(parts, " ")
}

func (f Facts) versions() []int {
	var all []int
	for v := range f.HCCs {
		all = append(all, v)
	}
	slices.Sort(all)
	return all
}

// ParseFacts reads what String writes.
func ParseFacts(s string) (Facts, error) {
	f := Facts{HCCs: map[int][]int{}}
	for _, part := range strings.Fields(s) {
		name, value, ok := strings.Cut(part, "=")
		bad := fmt.Errorf("%q is not a risk fact", name)
		if !ok {
			return f, bad
		}
		if name == "disabled" {
			switch value {
			case "1":
				f.Disabled = panel.Yes
			case "0":
				f.Disabled = panel.No
			default:
				return f, bad
			}
			continue
		}
		version, err := strconv.Atoi(strings.TrimPrefix(name, "v"))
		if err != nil || !strings.HasPrefix(name, "v") {
			return f, bad
		}
		f.HCCs[version] = []int{}
		if value == "" {
			continue
		}
		for _, n := range strings.Split(value, ",") {
			category, err := strconv.Atoi(n)
			if err != nil {
				return f, bad
			}
			f.HCCs[version] = append(f.HCCs[version], category)
		}
	}
	return f, nil
}
