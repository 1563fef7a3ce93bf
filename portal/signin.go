package portal

import (
	"errors"
	"strings"

	"suyuan/services/ledger"
)

type signInPage struct {
	*Page
	Code  string
	As    string // the roles behind the link
	Where string // the unit behind it
}

// signIn explains how one gets in.
func (s *site) signIn(p *Page) (reply, error) {
	p.Title = p.say("signIn.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	return reply{page: "signin", data: signInPage{Page: p}}, nil
}

// signInLink shows whom a one-time link signs in; looking does not use it up,
// so that a preview by a chat program costs nobody the link.
func (s *site) signInLink(p *Page) (reply, error) {
	code, err := p.id("code")
	if err != nil {
		return reply{}, err
	}
	actor, err := s.sessions.Peek(code)
	if err != nil {
		return reply{}, usedLink(err)
	}
	view := signInPage{Page: p, Code: code, Where: actor.Unit}
	var roles []string
	for _, role := range actor.Roles {
		roles = append(roles, p.enum("role", string(role)))
	}
	view.As = strings.Join(roles, p.say("list.comma"))
	if actor.Unit != "" {
		got, err := ask[struct{ Unit *unitRef }](p.r.Context(), s, "actor", map[string]any{"code": actor.Unit})
		if err == nil && got.Unit != nil {
			view.Where = got.Unit.Name
		}
	}
	p.Title = p.say("signIn.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	return reply{page: "signin_link", data: view}, nil
}

func (s *site) redeem(p *Page) (reply, error) {
	code, err := p.id("code")
	if err != nil {
		return reply{}, err
	}
	if err := s.sessions.Redeem(p.w, p.r, code); err != nil {
		return reply{}, usedLink(err)
	}
	return reply{to: p.To()}, nil
}

func (s *site) signOut(p *Page) (reply, error) {
	if err := s.sessions.SignOut(p.w, p.r); err != nil {
		return reply{}, err
	}
	return reply{to: p.To()}, nil
}

// usedLink words the one refusal of a link that every reader may meet.
func usedLink(err error) error {
	if e, ok := errors.AsType[*ledger.Error](err); ok && e.Code == ledger.Unauthenticated {
		return errUsedLink.Because(err)
	}
	return err
}
