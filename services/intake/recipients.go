package intake

import (
	"slices"
	"strings"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
	"suyuan/services/recipient"
	"suyuan/services/unit"
)

// Eligible tells who a report with these facts (claim.Facts as JSON) is sealed
// to: two to eight investigators, none of whom is of the unit named or below
// it. Where there are fewer than two it is refused with the rule
// intake.too_few_investigators.
func (s *Service) Eligible(facts []byte) ([]Recipient, error) {
	f, err := claim.Parse(facts)
	if err != nil {
		return nil, err
	}
	list := s.eligible(complaint.NamedBy(f))
	if len(list) < envelope.MinInvestigators {
		return nil, errTooFew()
	}
	return list, nil
}

// eligible chooses: first those in whose territory it was received, who will
// handle it, then as many others as it takes to make two.
func (s *Service) eligible(n complaint.Named) []Recipient {
	var mine, others []Recipient
	for _, r := range s.Ledger.Recipients() {
		by := actorOf(r)
		switch {
		case complaint.Recused(by, n, s.Ledger):
		case complaint.MayRead(by, n, "", s.Ledger):
			mine = append(mine, r)
		default:
			others = append(others, r)
		}
	}
	order(mine)
	order(others)
	for len(mine) < envelope.MinInvestigators && len(others) > 0 {
		mine, others = append(mine, others[0]), others[1:]
	}
	return mine[:min(len(mine), envelope.MaxInvestigators)]
}

// above chooses who is told of retaliation: investigators of a unit above the
// one named, or of no unit.
func (s *Service) above(n complaint.Named) (list []Recipient) {
	for _, r := range s.Ledger.Recipients() {
		if !complaint.Recused(actorOf(r), n, s.Ledger) && complaint.Protects(actorOf(r), n) {
			list = append(list, r)
		}
	}
	order(list)
	return list[:min(len(list), envelope.MaxInvestigators)]
}

func actorOf(r Recipient) ledger.Actor {
	return recipient.Fact{ID: r.ID, Account: r.Account, Unit: r.Unit}.Reader()
}

// order puts the nearest first: the longest code, then by id, so that the same
// list comes out whenever it is asked for.
func order(list []Recipient) {
	slices.SortFunc(list, func(a, b Recipient) int {
		if d := len(unit.Territory(b.Unit)) - len(unit.Territory(a.Unit)); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
}
