package attribution

import "slices"

// asked is what a line, or the lines one unit received, ask for and spare.
type asked struct {
	items   []Owned
	reliefs []Relief
}

// set answers for a line: an item the issuer had received keeps its owners, any other begins here.
func (t *tracer) set(issuance, to int32) (asked, error) {
	if err := t.enter(issuance); err != nil {
		return asked{}, err
	}
	own := Author{t.book.Issuer(issuance), issuance}
	received, at, err := t.receivedSet(own)
	if err != nil {
		return asked{}, err
	}
	items := t.book.Items(issuance, to)
	if err := t.spend(1 + len(items) + len(received.items) + len(received.reliefs)); err != nil {
		return asked{}, err
	}
	now := asked{items: make([]Owned, 0, len(items))}
	still := make(map[int32]bool, len(items))
	for _, item := range items {
		owners := []Author{own}
		if i, ok := at[item]; ok {
			owners = received.items[i].Owners
		}
		now.items = append(now.items, Owned{item, owners})
		still[item] = true
	}
	for _, r := range received.reliefs {
		if !still[r.Item] {
			now.reliefs = append(now.reliefs, r)
		}
	}
	for _, o := range received.items {
		if !still[o.Item] {
			now.reliefs = append(now.reliefs, Relief{o.Item, own})
		}
	}
	t.leave()
	return now, nil
}

// receivedSet unites what the bases ask of the issuer, in their order; at finds an item in it. An item that any basis
// still asks for is no relief.
func (t *tracer) receivedSet(own Author) (asked, map[int32]int, error) {
	low, _, err := t.gather(own.Issuance, own.Unit)
	if err != nil {
		return asked{}, nil, err
	}
	var all asked
	at := map[int32]int{}
	for i, high := low, len(t.branches); i < high; i++ {
		one, err := t.set(t.branches[i].issuance, own.Unit)
		if err != nil {
			return asked{}, nil, err
		}
		for _, o := range one.items {
			k, seen := at[o.Item]
			if !seen {
				at[o.Item] = len(all.items)
				all.items = append(all.items, o)
				continue
			}
			if err := t.spend(len(all.items[k].Owners) * len(o.Owners)); err != nil {
				return asked{}, nil, err
			}
			all.items[k].Owners = unite(all.items[k].Owners, o.Owners)
		}
		all.reliefs = append(all.reliefs, one.reliefs...)
	}
	t.branches = t.branches[:low]
	all.reliefs = distinct(all.reliefs, at)
	return all, at, nil
}

// distinct leaves out the items in at, and a relief that came by two branches once.
func distinct(reliefs []Relief, at map[int32]int) []Relief {
	seen := make(map[Relief]bool, len(reliefs))
	return slices.DeleteFunc(reliefs, func(r Relief) bool {
		_, asked := at[r.Item]
		again := seen[r]
		seen[r] = true
		return asked || again
	})
}

// unite copies: owners are shared between lines and must not be written to.
func unite(a, b []Author) []Author {
	all := slices.Clone(a)
	for _, o := range b {
		if !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	return all
}
