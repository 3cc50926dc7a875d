package cclf

// Places are the embedded positions by file and column, from 1, and under ""
// the length of the record, for tests.
func Places() (map[string]map[string][2]int, error) {
	all, err := layouts()
	if err != nil {
		return nil, err
	}
	out := map[string]map[string][2]int{}
	for c, l := range all {
		out[string(c)] = map[string][2]int{"": {1, l.length}}
		for column, p := range l.places {
			out[string(c)][column] = [2]int{p.from + 1, p.to}
		}
	}
	return out, nil
}

// NameOf is what a file's name says, for tests.
func NameOf(stem string) (file, group, day string) {
	l := newNaming().read(stem)
	return string(l.code), l.group, l.day
}

// End follows cross-references, for tests.
func End(pairs map[string]string, number string) (string, int) {
	c := crossing{to: pairs}
	n := c.settle()
	return c.person(number), n
}
