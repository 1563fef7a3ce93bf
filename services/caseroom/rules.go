package caseroom

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"suyuan/services/complaint"
	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Bounds of one case.
const (
	MaxLinks    = 200 // complaints, documents, issuances, each
	MaxAccounts = 30
	MaxNotes    = 1000
	MaxRequests = 100
	maxAbout    = 20
	maxRecusals = 50
	maxUnits    = 200 // of one request for records
)

// MinSiblings is how many sibling units are asked for records at least: of
// fewer, the one that a report came from could be told.
const MinSiblings = 5

// MayRead reports whether the actor may see a case: assigned and not recused.
func MayRead(s State, f Facts, by ledger.Actor) bool {
	return s.Opened != nil && by.Is(ledger.Investigator, ledger.Reviewer) && slices.Contains(s.Accounts, by.Account) && !s.recuses(f, by)
}

// recuses reports whether the actor takes no part in the case, assigned or
// not: by the case's own recusals, the units it is about, or any complaint in
// it. A complaint that cannot be looked up recuses everybody.
func (s State) recuses(f Facts, by ledger.Actor) bool {
	if complaint.Recused(by, s.named(), f) {
		return true
	}
	return slices.ContainsFunc(s.Complaints, func(id string) bool {
		c, ok := f.Complaint(id)
		return !ok || complaint.Recused(by, c.Named, f)
	})
}

// named is who the case itself keeps out.
func (s State) named() (n complaint.Named) {
	if s.Opened != nil {
		n.Units = slices.Clone(s.Opened.About)
	}
	for _, r := range s.Recusals {
		if r.Account != "" {
			n.Accounts = append(n.Accounts, r.Account)
		}
		if r.Unit != "" {
			n.Units = append(n.Units, r.Unit)
		}
	}
	return n
}

func only(by ledger.Actor, roles ...ledger.Role) error {
	if by.Is(roles...) {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "case.role", "此项须由核查员办理；指派的审议员可以查阅、做笔记。", "This takes an investigator; reviewers who are assigned can read and take notes.")
}

// unknown is the one answer for a case that does not exist, that the actor is
// not assigned to, and that it is recused from.
func unknown(id string) error {
	return ledger.Errorf(ledger.NotFound, "case.unknown", "没有编号为“%s”的案件。", "There is no case %q.", id).At("id")
}

// open lets those in who work on a case that is not closed.
func (s State) open(id string, f Facts, by ledger.Actor, roles ...ledger.Role) error {
	if err := only(by, roles...); err != nil {
		return err
	}
	if !MayRead(s, f, by) {
		return unknown(id)
	}
	if s.Closed {
		return ledger.Refuse("case.closed", "案件已经办结。", "The case is closed.")
	}
	return nil
}

// checkComplaints: each may be read by the actor and is new to the case.
func (s State) checkComplaints(f Facts, by ledger.Actor, ids []string) error {
	for i, id := range ids {
		c, ok := f.Complaint(id)
		if !ok || !complaint.MayRead(by, c.Named, "", f) {
			return ledger.Errorf(ledger.NotFound, "case.complaint_unknown", "没有编号为“%s”的反映件。", "There is no complaint %q.", id).At("complaints[%d]", i)
		}
	}
	return checkNew("complaints", s.Complaints, ids)
}

// checkNew bounds a list, and refuses what is in it twice.
func checkNew(field string, have, more []string) error {
	if err := ledger.CheckCount(field, len(have)+len(more), 0, MaxLinks); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, id := range have {
		seen[id] = true
	}
	for i, id := range more {
		if seen[id] {
			return ledger.Refuse("case.linked_twice", "%s 已经在案内，不必重复。", "%s is in the case already.", id).At("%s[%d]", field, i)
		}
		seen[id] = true
	}
	return nil
}

func checkUnits(f Facts, field string, codes []string) error {
	seen := map[string]bool{}
	for i, code := range codes {
		at := fmt.Sprintf("%s[%d]", field, i)
		if err := checkUnit(f, at, code); err != nil {
			return err
		}
		if seen[code] {
			return ledger.Refuse("case.unit_twice", "单位 %s 重复。", "Unit %s stands twice.", code).At("%s", at)
		}
		seen[code] = true
	}
	return nil
}

func checkUnit(f Facts, field, code string) error {
	if err := unit.CheckCode(field, code); err != nil {
		return err
	}
	if u, ok := f.Unit(code); !ok || u.Merged {
		return unit.Unknown(code).At("%s", field)
	}
	return nil
}

func checkBlob(field string, b complaint.Blob) error {
	for _, part := range []struct {
		name, s string
		bytes   int
	}{{"id", b.ID, 16}, {"hash", b.Hash, 32}} {
		if raw, err := hex.DecodeString(part.s); err != nil || len(raw) != part.bytes || part.s != strings.ToLower(part.s) || b.Class != "" {
			return ledger.Errorf(ledger.Invalid, "case.blob", "笔记须先存入库中；这里写存入后得到的编号和哈希。", "Store the note first; what is given here is the id and hash that storing it gave.").At("%s.%s", field, part.name)
		}
	}
	return nil
}
