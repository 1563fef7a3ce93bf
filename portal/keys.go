package portal

import (
	"encoding/json"
	"strings"

	"suyuan/services/ledger"
)

type issuerKeyRow struct {
	ID, Kind, County, Quarter, Cards, Day string
	N                                     int
	Unit                                  *unitRef
	Revoked                               bool
	Event                                 eventRef
}

type issuerKeysPage struct {
	*Page
	List connection[issuerKeyRow]
	Acts acts
}

// issuerKeys shows the keys that verify people: anybody may look, the
// administrator publishes and revokes them.
func (s *site) issuerKeys(p *Page) (reply, error) {
	view, err := s.issuerKeysView(p)
	return reply{page: "issuer_keys", data: view}, err
}

func (s *site) issuerKeysView(p *Page) (*issuerKeysPage, error) {
	after, err := p.text("after", mostCursor)
	if err != nil {
		return nil, err
	}
	got, err := ask[struct{ IssuerKeys connection[issuerKeyRow] }](p.r.Context(), s, "issuer_keys", map[string]any{"first": 50, "after": orNull(after)})
	if err != nil {
		return nil, err
	}
	view := &issuerKeysPage{Page: p, List: got.IssuerKeys}
	var all []act
	if p.Actor.Is(ledger.Admin) {
		all = []act{
			{Name: "publish", Now: true, command: "issuerkey.publish", Fields: []*field{{Name: "lines", Kind: listField, Max: mostForm, Hint: p.say("form.lines")}}},
			{Name: "revoke", Now: len(view.List.Edges) > 0, command: "issuerkey.revoke", Fields: []*field{
				{Name: "id", Kind: lineField, Max: mostID, Hint: p.say("form.keyID")}, {Name: "reason", Kind: areaField, Max: 300},
			}},
		}
	}
	p.Title = p.say("issuerKeys.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	view.Acts, err = p.begin(all)
	return view, err
}

func (s *site) issuerKeysDo(p *Page) (reply, error) {
	if err := p.needs(ledger.Admin); err != nil {
		return reply{}, err
	}
	view, err := s.issuerKeysView(p)
	if err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	if f.Get("do") == "publish" {
		err = s.publish(p, &view.Acts, f)
		if err == nil {
			to, err := p.With(p.To("issuer-keys"), "done", "publish")
			return reply{to: to}, err
		}
		return shown("issuer_keys", view, err)
	}
	got, err := p.do(&view.Acts, f, map[string]any{}, seals{})
	if err != nil {
		return shown("issuer_keys", view, err)
	}
	return got, nil
}

// mostKeys is how many lines may be published at once.
const mostKeys = 64

var errLines = ledger.Errorf(ledger.Invalid, "page.keys", "请粘贴 suyuan issuer keys 或 suyuan issuer cards 输出的内容，每行一条，最多 %d 条。",
	"Paste what suyuan issuer keys or suyuan issuer cards printed, one to a line, %d lines at most.", mostKeys).At("lines")

// publish publishes what an issuer's command printed, line by line. A line
// that is on record already changes nothing, for its key follows from its id.
func (s *site) publish(p *Page, a *acts, f form) error {
	d, err := s.desk()
	if err != nil {
		return err
	}
	x := &a.All[0]
	x.Fields[0].Value = strings.TrimSpace(f.Get("lines"))
	a.Key = f.key
	lines := strings.Split(x.Fields[0].Value, "\n")
	if x.Fields[0].Value == "" || len(lines) > mostKeys {
		return a.refuse(x, errLines, p.Lang)
	}
	for _, line := range lines {
		var about struct {
			ID     string
			Hashes []string
		}
		if json.Unmarshal([]byte(line), &about) != nil || about.ID == "" {
			return a.refuse(x, errLines, p.Lang)
		}
		name := "issuerkey.publish"
		if about.Hashes != nil {
			name = "issuerkey.publish_cards"
		}
		if _, err := d.Submit(p.r.Context(), p.Actor, name, "issuer-"+about.ID, []byte(strings.TrimSpace(line))); err != nil {
			return a.refuse(x, err, p.Lang)
		}
	}
	return nil
}
