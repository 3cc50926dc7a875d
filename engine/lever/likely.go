package lever

// likely is the most that programs are known to have reached with a care lever,
// "" where no figure of the lever's own unit is known: what programs saved in
// dollars says nothing of a share of users.
func likely(name string) string {
	switch name {
	case "snf_days":
		return "2.3"
	case "readmissions":
		return "-3.9%"
	}
	return ""
}

// Beyond says whether a setting saves more than programs are known to have
// reached. It may all the same: ranges stay open, and what lies beyond the
// evidence is flagged.
func (x Setting) Beyond() bool {
	if x.Key.Group != "care" {
		return false
	}
	text := likely(x.Key.Name)
	if text == "" {
		return false
	}
	most := mustRate(text)
	if most.Sign() < 0 {
		return x.Value.Rate.Cmp(most) < 0
	}
	return x.Value.Rate.Cmp(most) > 0
}
