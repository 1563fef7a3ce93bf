package finding

import "slices"

// noticed are the units that had notice.
func (s State) noticed() (units []string) {
	for _, n := range s.Notices {
		units = append(units, n.Unit)
	}
	return units
}

// owed are the units that have to have notice of the last version, in its
// order: all that answer for something or that the penalty is mirrored on,
// but for those that had it and were not charged more since. Where it charges
// nobody any more, those who were charged are told so.
func (s State) owed() (list []Noticed) {
	v := s.Current()
	units := v.Bearing()
	if v.Originating != "" && len(units) > 0 && !slices.Contains(units, v.Originating) {
		units = append(units, v.Originating)
	}
	if s.clears() {
		units = s.Charged
	}
	for _, u := range units {
		points, origin := of(v.Shares, u).Points, u == v.Originating && !v.nobody()
		n := Noticed{Unit: u, Points: points, Origin: origin, Mirror: mirrored(points, origin)}
		if notice, ok := s.notice(u); !ok || notice.Renew || n.Mirror && !s.hasMirror(u) {
			list = append(list, n)
		}
	}
	return list
}

func (s State) notice(unit string) (Notice, bool) {
	i := slices.IndexFunc(s.Notices, func(n Notice) bool { return n.Unit == unit })
	if i < 0 {
		return Notice{}, false
	}
	return s.Notices[i], true
}

// hasMirror reports whether a mirrored item was opened on a unit and is not
// lifted.
func (s State) hasMirror(unit string) bool {
	return slices.ContainsFunc(s.Mirrors, func(m Mirror) bool { return m.Unit == unit && m.State != MirrorLifted })
}

// replied reports whether a unit replied to its last notice.
func (s State) replied(n Notice) bool {
	return slices.ContainsFunc(s.Replies[n.Before:], func(r Reply) bool { return r.Unit == n.Unit })
}
