package profile

import (
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// place is where something stands in a file, both from 1.
type place struct{ line, column int }

// places finds the keys of a TOML text that was read before: "file.0.fields.ccn"
// for the key ccn of the table fields of the first [[file]].
func places(text []byte) map[string]place {
	out := map[string]place{}
	var p unstable.Parser
	p.Reset(text)
	prefix, files := "", -1
	for p.NextExpression() {
		x := p.Expression()
		switch x.Kind {
		case unstable.ArrayTable:
			files++
			prefix = "file." + strconv.Itoa(files)
			out[prefix] = at(&p, x)
		case unstable.Table:
			prefix = dotted(x, files)
			out[prefix] = at(&p, x)
		case unstable.KeyValue:
			key := strings.Join(keys(x), ".")
			if prefix != "" {
				key = prefix + "." + key
			}
			out[key] = at(&p, x)
		default:
		}
	}
	return out
}

// dotted is the path of a table, with the number of the [[file]] it is of.
func dotted(x *unstable.Node, files int) string {
	all := keys(x)
	if len(all) > 1 && all[0] == "file" {
		all = append([]string{"file", strconv.Itoa(files)}, all[1:]...)
	}
	return strings.Join(all, ".")
}

func keys(x *unstable.Node) []string {
	var out []string
	for it := x.Key(); it.Next(); {
		out = append(out, string(it.Node().Data))
	}
	return out
}

func at(p *unstable.Parser, x *unstable.Node) place {
	it := x.Key()
	if !it.Next() {
		return place{1, 1}
	}
	s := p.Shape(it.Node().Raw)
	return place{s.Start.Line, s.Start.Column}
}
