package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"

	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
)

// answerSize is the length of every answer to a sealed envelope.
const answerSize = 1 << 10

const boxSize = 32 // of a box's id

// bytes takes what scripts send: an envelope of one of the two sizes, or the
// id of a box that is asked for news. There is nothing else.
func (t *Site) bytes(w http.ResponseWriter, r *http.Request) {
	on := t.arrivals.begin(w, r)
	defer on.leave()
	sealed, err := on.whole(r.ContentLength)
	on.arrived()
	switch accept := func() error { return t.service.Accept(r.Context(), sealed) }; {
	case err != nil || len(sealed) == boxSize:
	case len(sealed) > envelope.TextSize:
		err = t.sealed.Run(r.Context(), accept)
	default:
		err = accept()
	}
	if err == nil && len(sealed) == boxSize {
		news, err := t.service.Poll(r.Context(), [boxSize]byte(sealed))
		if err != nil {
			news = told(err, pageSize)
		}
		send(w, r, http.StatusOK, "application/json", news)
		return
	}
	status := http.StatusOK
	if err != nil {
		status = ledger.AsError(err).Code.Status()
	}
	send(w, r, status, "application/json", told(err, answerSize))
}

// whole reads a body whose length was said and is one of those there are.
func (a *arrival) whole(said int64) ([]byte, error) {
	n := int(said)
	if _, ok := envelope.ClassOf(n); !ok && n != boxSize {
		return nil, errForm
	}
	var (
		body []byte
		err  error
	)
	if n > envelope.TextSize {
		body, err = a.all(a, n)
	} else {
		body = make([]byte, n)
		_, err = io.ReadFull(a, body)
	}
	if err != nil || len(body) != n {
		return nil, tooLarge(cmp.Or(err, io.ErrUnexpectedEOF))
	}
	return body, nil
}

// told is an outcome as JSON, always as long.
func told(err error, size int) []byte {
	type refusal struct {
		Rule  string      `json:"rule"`
		Text  ledger.Text `json:"text"`
		Field string      `json:"field,omitempty"`
	}
	said := struct {
		OK    bool     `json:"ok"`
		Error *refusal `json:"error,omitempty"`
	}{OK: err == nil}
	if err != nil {
		e := ledger.AsError(err)
		said.Error = &refusal{e.Rule, e.Text, e.Field}
	}
	out, broken := json.Marshal(said)
	if broken != nil || len(out) > size {
		out = []byte(`{"ok":false}`)
	}
	return append(out, bytes.Repeat([]byte(" "), size-len(out))...)
}
