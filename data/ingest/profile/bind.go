package profile

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"bundlelab/data/ingest/control"
)

// Binding is a profile laid over the header of one file.
type Binding struct {
	file     *File
	header   []string
	places   map[string]int   // field -> column
	numbered map[string][]int // field -> columns, by number
	known    []bool           // by column: some field or ignored pattern names it
}

// Bind finds the columns of a header. Case and blanks around a name do not
// count; of two equal names the first is taken.
func (f *File) Bind(header []string) *Binding {
	b := &Binding{file: f, header: header, places: map[string]int{}, numbered: map[string][]int{}, known: make([]bool, len(header))}
	columns := map[string]int{}
	for i := len(header) - 1; i >= 0; i-- {
		columns[column(header[i])] = i
	}
	for name, candidates := range f.Fields {
		for _, c := range candidates {
			c = column(c)
			if strings.HasSuffix(c, "##") {
				b.number(name, strings.TrimRight(c, "#"))
				continue
			}
			i, ok := columns[c]
			if !ok {
				continue
			}
			b.known[i] = true
			if _, found := b.places[name]; !found || best(candidates, header[b.places[name]]) > best(candidates, header[i]) {
				b.places[name] = i
			}
		}
	}
	for i, h := range header {
		h = column(h)
		b.known[i] = b.known[i] || slices.ContainsFunc(f.Ignored, func(p string) bool { return glob(column(p), h) })
	}
	return b
}

// column is a header's name as it is compared.
func column(name string) string { return strings.ToUpper(strings.TrimSpace(name)) }

// best is the place of a header among the candidates of a field.
func best(candidates []string, header string) int {
	return slices.IndexFunc(candidates, func(c string) bool { return column(c) == column(header) })
}

// number collects the columns NAME1, NAME2 or NAME01, NAME02 in their order.
func (b *Binding) number(name, stem string) {
	type numbered struct{ n, at int }
	var all []numbered
	for i, h := range b.header {
		rest, ok := strings.CutPrefix(column(h), stem)
		if n, err := strconv.Atoi(rest); ok && err == nil && n >= 0 && rest[0] != '+' {
			all = append(all, numbered{n, i})
			b.known[i] = true
		}
	}
	sort.Slice(all, func(i, k int) bool { return all[i].n < all[k].n })
	for _, x := range all {
		b.numbered[name] = append(b.numbered[name], x.at)
	}
}

// glob matches a pattern in which * stands for any text.
func glob(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(s, first) {
		return false
	}
	s = s[len(first):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, last)
}

// Place is the column of a field from zero, -1 when the file has none.
func (b *Binding) Place(name string) int {
	if i, ok := b.places[name]; ok {
		return i
	}
	return -1
}

// Header is the file's own name of a field's column, "" when it has none.
func (b *Binding) Header(name string) string {
	if i := b.Place(name); i >= 0 {
		return b.header[i]
	}
	return ""
}

// Has says that a field has a column or a constant.
func (b *Binding) Has(name string) bool {
	return b.Place(name) >= 0 || len(b.numbered[name]) > 0 || b.file.Constants[name] != ""
}

// Numbered are the columns of a field of numbered headers, by number.
func (b *Binding) Numbered(name string) []int { return b.numbered[name] }

// Text is a field of a row without the blanks around it: the constant, or the
// cell; "" when there is neither. What the profile says that a value means
// stands in its place.
func (b *Binding) Text(cells []string, name string) string {
	s := strings.TrimSpace(b.file.Constants[name])
	if i := b.Place(name); i >= 0 && i < len(cells) {
		s = strings.TrimSpace(cells[i])
	}
	if v, ok := b.file.Value(name, s); ok && s != "" {
		return v
	}
	return s
}

// Missing names the required fields that the header lacks, with the headers
// that were looked for; "" when all are there (F001).
func (b *Binding) Missing() string {
	var lost []string
	for _, name := range b.file.must {
		if !b.Has(name) {
			lost = append(lost, fmt.Sprintf("%s (looked for %s)", name, strings.Join(b.file.Fields[name], ", ")))
		}
	}
	if len(lost) == 0 {
		return ""
	}
	return fmt.Sprintf("required fields of %s have no column: %s; if the file calls them otherwise, add its header to a mapping profile and import with --profile",
		b.file.Title, strings.Join(lost, "; "))
}

// Drift says how the header differs from the profile: columns it does not know
// and fields it misses; "" when in nothing (F005).
func (b *Binding) Drift() string {
	var unknown, absent, parts []string
	for i, h := range b.header {
		if !b.known[i] && strings.TrimSpace(h) != "" {
			unknown = append(unknown, control.Column(h))
		}
	}
	for name := range b.file.Fields {
		if !b.Has(name) && !slices.Contains(b.file.MayLack, name) {
			absent = append(absent, name)
		}
	}
	sort.Strings(unknown)
	sort.Strings(absent)
	if len(unknown) > 0 {
		parts = append(parts, "columns that the profile does not know, not loaded: "+strings.Join(unknown, ", "))
	}
	if len(absent) > 0 {
		parts = append(parts, "fields that no column holds: "+strings.Join(absent, ", "))
	}
	return strings.Join(parts, "; ")
}

// nowhere is a name that no header has, which is trimmed of blanks.
const nowhere = " "

// Columns gives for every field of the kind the header's name in capitals, or
// one that no header has; the numbered ones of a field are "field.1", "field.2"
// and so on, as far as they go.
func (b *Binding) Columns() map[string]string {
	out := make(map[string]string, len(b.file.known))
	for _, name := range b.file.known {
		out[name] = nowhere
	}
	for name, i := range b.places {
		out[name] = column(b.header[i])
	}
	for name, all := range b.numbered {
		for n, i := range all {
			out[fmt.Sprintf("%s.%d", name, n+1)] = column(b.header[i])
		}
	}
	return out
}
