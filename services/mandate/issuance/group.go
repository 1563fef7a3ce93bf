package issuance

import (
	"slices"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// retained: what the issuer keeps of a measure, in all its issuances with
// this basis, cannot exceed what it received (r ≤ R).
func (ck checker) retained() error {
	if err := ck.amounts("retained", ck.made.Retained); err != nil {
		return err
	}
	for i, r := range ck.made.Retained {
		if m, _ := ck.measure("retained", r.Measure); m.Kind != mandate.Divisible {
			return ledger.Errorf(ledger.Invalid, "issuance.retained_kind", "指标 %s 不是可分数量，没有自留部分。", "Measure %s does not divide; nothing of it can be kept.", r.Measure).At("retained[%d].measure", i)
		}
		var kept exact.Sum
		keep, _ := exact.ParseDecimal(r.Value) // read once already by amounts
		kept.Add(keep)
		for _, other := range ck.f.Kept(ck.made.Issuer, ck.made.Basis, r.Measure, ck.made.ID) {
			v, _ := exact.ParseDecimal(other)
			kept.Add(v)
		}
		if received := ck.received(r.Measure); kept.Cmp(received) > 0 {
			return ledger.Refuse("issuance.keeps_more_than_received", "%[1]s 自留 %[2]s，多于收到的 %[3]s。", "%[1]s keeps %[2]s, more than the %[3]s it received.", ck.made.Issuer, kept.String(), received.String()).At("retained[%d].value", i)
		}
	}
	return nil
}

// received is what the bases come to of a divisible measure.
func (ck checker) received(measure string) exact.Sum {
	var all, most exact.Sum
	for _, b := range ck.made.Basis {
		for _, a := range ck.f.Received(b, ck.made.Issuer) {
			if a.Measure != measure {
				continue
			}
			v, _ := exact.ParseDecimal(a.Value)
			all.Add(v)
			var one exact.Sum
			if one.Add(v); one.Cmp(most) > 0 {
				most = one
			}
		}
	}
	if sumOr(ck.made.Merge[measure]) == "strictest" {
		return most
	}
	return all
}

// sumOr is how a divisible measure's bases are merged.
func sumOr(how string) string {
	if how == "" {
		return "sum"
	}
	return how
}

// overlaps: what an issuer passes down of a measure on one basis is all its
// issuances with that basis taken together; two bases that share a part but
// are not equal would count it twice, and two ways of merging would give it
// two sizes.
func (ck checker) overlaps() error {
	mine := slices.Sorted(slices.Values(ck.made.Basis))
	for _, measure := range ck.made.measures() {
		for _, b := range ck.made.Basis {
			for _, other := range ck.f.Resting(ck.made.Issuer, b, measure) {
				o, ok := ck.f.Issuance(other)
				if !ok || other == ck.made.ID {
					continue
				}
				if slices.Equal(mine, slices.Sorted(slices.Values(o.Basis))) {
					if err := ck.sameMerge(measure, o); err != nil {
						return err
					}
					continue
				}
				return ledger.Refuse("issuance.overlapping_bases",
					"%[1]s 先前的下达 %[2]s 也以 %[3]s 为依据，但两份的依据不完全相同，会重复计算；请使两份依据一致，或先撤回 %[2]s。",
					"%[1]s already rests issuance %[2]s on %[3]s, with another set of bases; the overlap would count twice. Make the bases equal, or withdraw %[2]s first.", ck.made.Issuer, other, b).At("basis")
			}
		}
	}
	return nil
}

func (ck checker) sameMerge(measure string, o Fact) error {
	m, err := ck.measure("merge", measure)
	theirs, ours := sumOr(o.Merge[measure]), sumOr(ck.made.Merge[measure])
	if err != nil || m.Kind != mandate.Divisible || theirs == ours {
		return err
	}
	return ledger.Refuse("issuance.merge_differs",
		"%[1]s 先前的下达 %[2]s 依据相同，指标 %[3]s 按“%[4]s”合并，这一份却按“%[5]s”；两份须一致，或先撤回 %[2]s。",
		"%[1]s already passes %[3]s down on the same bases in issuance %[2]s, merged by %[4]q, and here by %[5]q. Make them equal, or withdraw %[2]s first.",
		ck.made.Issuer, o.ID, measure, theirs, ours).At("merge")
}
