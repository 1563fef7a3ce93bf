package bind

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync/atomic"

	"suyuan/services/ledger"
)

// documents are those known beforehand: they are never forgotten, and may be
// asked for by their id.
type documents struct {
	byID   atomic.Pointer[map[string]*query]
	byText atomic.Pointer[map[string]*query]
}

// DocumentID is what a document known beforehand is asked for by.
func DocumentID(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Register makes documents of ours, by name, known in place of those before.
// Each holds one operation and is within the public's limits: what a page
// shows, anybody can query. Nothing that a request says registers anything.
func (b *Bound) Register(texts map[string]string) error {
	byID, byText := map[string]*query{}, map[string]*query{}
	for name, text := range texts {
		if err := b.CheckDocument(name, text); err != nil {
			return err
		}
		q, _, err := b.validate(text, "", b.public)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if q.introspects {
			return fmt.Errorf("%s: asks for the schema", name)
		}
		byID[DocumentID(text)], byText[text] = q, q
	}
	b.own.byID.Store(&byID)
	b.own.byText.Store(&byText)
	return nil
}

func lookup(m *atomic.Pointer[map[string]*query], key string) *query {
	if known := m.Load(); known != nil {
		return (*known)[key]
	}
	return nil
}

// known finds a document of ours, by id or by its text; nil where it is not
// one. An id that does not fit the text beside it is refused.
func (d *documents) known(r Request) (*query, error) {
	var q *query
	switch {
	case r.ID == "":
		q = lookup(&d.byText, r.Query)
	case r.Query == "":
		if q = lookup(&d.byID, r.ID); q == nil {
			return nil, ledger.Errorf(ledger.NotFound, "query.unknown_document", "没有这个编号的查询文档；请连同 query 写明查询全文。", "No document is known by this id; send the query's text in query.").At("id")
		}
	case DocumentID(r.Query) != r.ID:
		return nil, ledger.Errorf(ledger.Invalid, "query.id_mismatch", "编号与查询全文不符；编号应为全文的 SHA-256（小写十六进制）。", "The id is not that of the query beside it: it is the SHA-256 of the text, in lower-case hex.").At("id")
	default:
		q = lookup(&d.byID, r.ID)
	}
	if q == nil {
		return nil, nil
	}
	if r.Operation != "" {
		_, err := pick(q.doc, r.Operation)
		return q, err
	}
	return q, nil
}
