package view

import (
	"testing"

	"suyuan/services/ledger"
)

// What is not on record nobody may read, whoever asks.
func TestNoEventNoContent(t *testing.T) {
	p := newPenalised(t, nil)
	r := p.rows()
	auditor := ledger.Actor{Account: "auditor", Roles: []ledger.Role{ledger.Auditor}}
	if !r.MayReadEvent(auditor, 1) || r.MayReadEvent(auditor, 0) || r.MayReadEvent(auditor, uint64(len(r.events))+1) {
		t.Error("an auditor reads the first event, and none before it or after the last")
	}
}
