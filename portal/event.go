package portal

import (
	"encoding/json"
	"strings"

	"suyuan/services/ledger"
)

// eventData is an event's header; its content is shown to staff only.
type eventData struct {
	Ordinal, ID, Type string
	Meaning           ledger.Text
	Version           int
	Stream, Revision  string
	Recorded          string
	Effective         string
	DecidedAt         string
	Roles             []string
	Unit              *unitRef
	Hash              string
	Previous          *eventRef
	Subject           struct{ Kind, ID, Path string }
	Data, Metadata    string
}

type eventPage struct {
	*Page
	Event  eventData
	Ledger ledgerState
	By     string // the roles that recorded it
	About  string // address of the page about the event's subject
	Sealed bool   // the last checkpoint covers the event
}

func (s *site) event(p *Page) (reply, error) {
	ordinal, err := p.id("ordinal")
	if err != nil {
		return reply{}, err
	}
	if len(ordinal) > 18 || strings.Trim(ordinal, "0123456789") != "" {
		return reply{}, missing(ledger.Text{Zh: "事件号是一个整数，这里没有这样的事件。", En: "An event's ordinal is a whole number; there is no such event."})
	}
	type answer struct {
		Event  *eventData
		Ledger ledgerState
	}
	staff := p.Actor.Is(ledger.Investigator, ledger.Reviewer, ledger.Auditor, ledger.Admin)
	got, err := ask[answer](p.r.Context(), s, "event", map[string]any{"ordinal": ordinal, "staff": staff})
	if err != nil {
		return reply{}, err
	}
	if got.Event == nil {
		return reply{}, missing(ledger.Text{Zh: "账本里还没有这个编号的事件。", En: "The ledger has no event of this ordinal yet."})
	}
	e := *got.Event
	e.Data, e.Metadata = indented(e.Data), indented(e.Metadata)
	p.Title = p.say("event.title", "ordinal", e.Ordinal)
	p.Crumbs = []Crumb{{Text: p.Title}}
	view := eventPage{Page: p, Event: e, Ledger: got.Ledger}
	var roles []string
	for _, role := range e.Roles {
		if known("role", role) {
			role = p.enum("role", role)
		}
		roles = append(roles, role)
	}
	view.By = strings.Join(roles, p.say("list.comma"))
	if path := e.Subject.Path; strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") {
		if view.About, err = p.With(path, "lang", p.Explicit()); err != nil {
			return reply{}, err
		}
	}
	if c := got.Ledger.Checkpoint; c != nil {
		view.Sealed = within(e.Ordinal, c.Size)
	}
	return reply{page: "event", data: view}, nil
}

// indented makes JSON readable; the bytes on record stay as they are.
func indented(s string) string {
	var b strings.Builder
	raw := json.RawMessage(s)
	if s == "" || !json.Valid(raw) {
		return s
	}
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(raw); err != nil {
		return s
	}
	return strings.TrimSpace(b.String())
}
