package portal

import (
	"context"

	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// Sealed names something that lies sealed in the vault, as an event does.
type Sealed struct {
	ID   string `json:"id"`
	Hash string `json:"hash"`
}

// Audience is who a message is to, besides the investigators who may know of
// the complaint.
type Audience int

// A question is to the reporter alone. An answer is to all reporters whose
// complaints go on in this one too. What is said of retaliation is to the
// reporter, and of investigators to those alone above whom the complaint names.
const (
	ToReporter Audience = iota
	ToAll
	Guarded
)

// Desk is where the pages of staff write, and where they read what no query
// holds. Its errors are *ledger.Error; who may know nothing of a complaint or
// a case is told the same as of one that does not exist.
type Desk interface {
	// Submit carries a command out, once for a key.
	Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error)
	// Message seals a text to the reporter of a complaint and whoever else it is
	// to, and keeps it. The same key and text again give the same.
	Message(ctx context.Context, by ledger.Actor, complaint, key, text string, to Audience) (Sealed, error)
	// Note keeps a note of a case, Read reads it.
	Note(ctx context.Context, by ledger.Actor, id, key, text string) (Sealed, error)
	Read(ctx context.Context, by ledger.Actor, id, note string) (string, error)
	// Letter is a letter or message of a complaint as it was sealed.
	Letter(ctx context.Context, by ledger.Actor, complaint, blob string) ([]byte, error)
	// Protects reports whether reported retaliation is the actor's to deal with.
	Protects(by ledger.Actor, complaint string) bool
}

var (
	errNoDesk   = ledger.Errorf(ledger.Unavailable, "page.no_desk", "这里只供查阅，不能办理。", "Nothing can be done here, only read.")
	errSignIn   = ledger.Errorf(ledger.Unauthenticated, "page.sign_in", "请先登录。", "Sign in first.")
	errOffDuty  = ledger.Errorf(ledger.Forbidden, "page.role", "您的角色不办理这类事项。", "Your role has no part in this.")
	errNoAct    = ledger.Errorf(ledger.Invalid, "page.no_act", "请选择要办理的事项。", "Say what is to be done.").At("do")
	errNoForm   = ledger.Errorf(ledger.Invalid, "page.form", "表单不完整或太长；请返回上一页，重新填写。", "The form is incomplete or too long; go back and fill it in again.")
	noComplaint = ledger.Text{Zh: "没有这件反映。", En: "There is no such complaint."}
	noCase      = ledger.Text{Zh: "没有这个案件。", En: "There is no such case."}
)

// needs refuses whoever holds none of the roles, before anything is looked at.
func (p *Page) needs(roles ...ledger.Role) error {
	switch {
	case p.Actor.Anonymous():
		return errSignIn
	case !p.Actor.Is(roles...):
		return errOffDuty
	}
	return nil
}

// desk is where this portal writes.
func (s *site) desk() (Desk, error) {
	if s.options.Desk == nil {
		return nil, errNoDesk
	}
	return s.options.Desk, nil
}
