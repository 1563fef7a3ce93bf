package view

import "slices"

// Values that were told as of a moment carry it, so that all that is asked of
// them afterwards is answered as of the same. Most are of now and carry nil.

// then is the moment a value carries.
func (at *AsOf) then() AsOf {
	if at == nil {
		return Now
	}
	return *at
}

// carry is a moment as values carry it.
func carry(at AsOf) *AsOf {
	if at == Now {
		return nil
	}
	kept := at // only here: of now there is nothing to keep
	return &kept
}

// unitPtrThen is a unit under the name it had at a moment, nil for none.
func (r *Rows) unitPtrThen(h int32, at AsOf) *Unit {
	if h == none {
		return nil
	}
	u := r.unitThen(h, at)
	return &u
}

// historyThen is a stream's history as far as it was known.
func (r *Rows) historyThen(stream int32, at AsOf) []EventRef {
	if at == Now {
		return r.eventRefs(r.history(stream)...)
	}
	return r.eventRefs(r.seen(at, r.history(stream))...)
}

// those are the entries of a list that were there at a moment: now, all.
func those[T any](list []T, at AsOf, there func(T) bool) []T {
	if at == Now {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return !there(x) })
}
