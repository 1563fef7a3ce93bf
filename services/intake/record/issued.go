package record

import (
	"slices"
	"sync"

	"suyuan/services/complaint/claim"
	"suyuan/services/unit"
	"suyuan/services/view"
)

// issued are the findings that were issued, by mandate: a box is asked for
// more often than one is issued. Its lock is taken while the read model stands
// still, and the read model is never asked for under it.
type issued struct {
	mu sync.Mutex
	by map[string][]view.Issued
	at uint64 // ordinal up to which they are in it
}

// findings are those about a mandate, in the order in which they were issued.
func (l *Ledger) findings(r *view.Rows, mandate string) []view.Issued {
	l.issued.mu.Lock()
	defer l.issued.mu.Unlock()
	fresh, upto := r.Issued(l.issued.at)
	if l.issued.by == nil {
		l.issued.by = map[string][]view.Issued{}
	}
	for _, f := range fresh {
		if f.Mandate != "" { // what is about no task is about no claim
			l.issued.by[f.Mandate] = append(l.issued.by[f.Mandate], f)
		}
	}
	l.issued.at = upto
	return l.issued.by[mandate]
}

// concerns reports whether a finding about the same task is about what a
// reporter claims: it charges the unit that is said to have added, or the
// penalty fell where the add-on was received.
func concerns(c claim.Facts, f view.Issued) bool {
	if c.Issuer != "" && slices.Contains(f.Charged, c.Issuer) {
		return true
	}
	where := c.Within
	if where == "" {
		where = unit.Territory(c.Issuer)
	}
	return unit.Contains(where, f.Executor)
}
