package cclf

import (
	"cmp"
	"slices"

	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// net is the version of a claim in force out of all that share its natural
// key, and nil when it was cancelled; the others are booked. Amounts are
// without sign: a cancellation takes off what the original had put on
// (data.md 2.2). The last version by effective date is in force unless it is
// cancelled. What the signed amounts add up to should be its amount
// (A003).
func net(versions []*bill) *bill {
	versions = signs(unique(versions))
	if len(versions) == 0 {
		return nil
	}
	if orphan(versions) {
		return nil
	}
	final := inForce(versions)
	for _, b := range versions {
		if b != final {
			b.drop()
		}
	}
	check(versions, final)
	return final
}

// unique sorts the versions and rejects a second original of one effective
// date (K001); one of a newer delivery takes the older's place.
func unique(versions []*bill) []*bill {
	slices.SortStableFunc(versions, func(a, b *bill) int {
		return cmp.Or(cmp.Compare(a.effective, b.effective), cmp.Compare(a.act, b.act), cmp.Compare(a.loaded, b.loaded), cmp.Compare(a.rank, b.rank))
	})
	kept := versions[:0]
	for _, b := range versions {
		n := len(kept)
		switch {
		case n == 0 || b.act != original || kept[n-1].act != original || kept[n-1].effective != b.effective:
			kept = append(kept, b)
		case kept[n-1].rank < b.rank:
			kept[n-1].drop()
			kept[n-1] = b
		default:
			b.refuse("K001", "CUR_CLM_UNIQ_ID", "another original claim has the same natural key and effective date; the first is kept")
		}
	}
	return kept
}

// signs takes the sign off cancellations that carry one, and rejects other
// negative amounts without an original (A002).
func signs(versions []*bill) []*bill {
	first := hasOriginal(versions)
	kept := versions[:0]
	for _, b := range versions {
		switch {
		case b.paid >= 0:
		case b.act == canceled:
			b.paid = -b.paid
		case !first:
			b.refuse("A002", "CLM_PMT_AMT", "the amount is negative and the files have no original claim to adjust")
			continue
		}
		kept = append(kept, b)
	}
	return kept
}

// inForce is the version that counts; nil when the claim was cancelled. The
// versions of one effective date have no order among themselves, so each date
// adds its claims and takes off its cancellations. Without an original the
// delivery that had it is not here, and one claim was in force before.
func inForce(versions []*bill) *bill {
	var final *bill
	n := 1
	if hasOriginal(versions) {
		n = 0
	}
	for i := 0; i < len(versions); {
		for day := versions[i].effective; i < len(versions) && versions[i].effective == day; i++ {
			if versions[i].act == canceled {
				n--
				continue
			}
			n++
			final = versions[i]
		}
		n = min(max(n, 0), 1)
	}
	if n == 0 {
		return nil
	}
	return final
}

func hasOriginal(versions []*bill) bool {
	return slices.ContainsFunc(versions, func(b *bill) bool { return b.act == original })
}

func balance(versions []*bill) (sum money.Cents) {
	for _, b := range versions {
		if b.act == canceled {
			sum -= b.paid
		} else {
			sum += b.paid
		}
	}
	return sum
}

// orphan rejects cancellations of a claim that no file brings: nothing can be
// taken off (A002), and the delivery that had the claim is missing (A003).
func orphan(versions []*bill) bool {
	if slices.ContainsFunc(versions, func(b *bill) bool { return b.act != canceled }) {
		return false
	}
	for _, b := range versions {
		b.head.Books.Find(store.Warning, "A003", b.head.At, "CLM_ADJSMT_TYPE_CD", "", "a cancellation without its original: import it together with the delivery that brought the claim")
		b.refuse("A002", "CLM_ADJSMT_TYPE_CD", "a cancellation takes off what no file has put on")
	}
	return true
}

// check warns when the versions do not fit together (A003).
func check(versions []*bill, final *bill) {
	last := versions[len(versions)-1]
	if final == nil && balance(versions) != 0 || final != nil && balance(versions) != final.paid {
		last.head.Books.Find(store.Warning, "A003", last.head.At, "CLM_PMT_AMT", "", "the versions of a claim do not add up to the last one: the last one is used")
	}
}
