package portal

import "suyuan/services/ledger"

type documentRow struct {
	documentRef
	Issuer   unitRef
	Redacted bool
}

type documentsPage struct {
	*Page
	List connection[documentRow]
}

func (s *site) documents(p *Page) (reply, error) {
	q, after, err := p.searched()
	if err != nil {
		return reply{}, err
	}
	p.Title = p.say("documents.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	list := func(first int) func(string) (connection[documentRow], error) {
		return func(after string) (connection[documentRow], error) {
			got, err := ask[struct{ Documents connection[documentRow] }](p.r.Context(), s, "documents",
				map[string]any{"search": orNull(q), "first": first, "after": orNull(after)})
			return got.Documents, err
		}
	}
	if p.wantsSheet("") {
		t := &sheet{name: "documents", head: p.heads("col.id", "col.number", "col.documentTitle", "col.issuer", "col.code", "col.date")}
		t.rows, t.next, err = gather(after, list(perAsk), func(d documentRow) []string {
			return []string{d.ID, d.Number, d.Title, d.Issuer.Name, d.Issuer.Code, d.Date}
		})
		return reply{sheet: t}, err
	}
	rows, err := list(25)(after)
	if err != nil {
		return reply{}, err
	}
	return reply{page: "documents", data: documentsPage{p, rows}}, nil
}

type documentPage struct {
	*Page
	Document documentData
}

// documentData is a paper and what rests on it.
type documentData struct {
	documentRow
	SHA256    string
	Issuances []struct {
		issuanceRef
		Channel, Sent string
		Withdrawn     bool
		Mandates      []mandateRef
	}
	Mandates []mandateRef
	Events   []eventRef
}

func (s *site) document(p *Page) (reply, error) {
	id, err := p.id("id")
	if err != nil {
		return reply{}, err
	}
	got, err := ask[struct{ Document *documentData }](p.r.Context(), s, "document", map[string]any{"id": id})
	if err != nil {
		return reply{}, err
	}
	if got.Document == nil {
		return reply{}, missing(ledger.Text{Zh: "没有这份文件。", En: "There is no such document."})
	}
	d := *got.Document
	p.Title = d.Title
	p.Crumbs = []Crumb{{p.say("documents.title"), p.To("documents")}, {Text: d.Number}}
	if p.wantsSheet("") {
		t := &sheet{name: "document-" + d.ID, head: p.heads("col.issuance", "col.issuer", "col.mandate", "col.channel", "col.sent", "col.source")}
		for _, i := range d.Issuances {
			t.rows = append(t.rows, []string{i.ID, i.Issuer.Name, titles(i.Mandates), p.enum("channel", i.Channel), i.Sent, p.enum("source", i.Source)})
		}
		return reply{sheet: t}, nil
	}
	return reply{page: "document", data: documentPage{p, d}}, nil
}
