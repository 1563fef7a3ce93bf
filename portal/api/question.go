package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"suyuan/services/ledger"
)

// What a question may weigh, bytes. They are ample for the longest query that
// staff may ask; what a query may contain, the graph's guard decides.
const (
	MaxQuestion    = 256 << 10 // the body
	MaxQueryString = 32 << 10
	MaxVariables   = 64 << 10
	MaxExtensions  = 16 << 10
	mostDrained    = 16 << 20 // of a body that is too large
)

// Question is a GraphQL request. Document holds the query's text, or ID names
// a document known to the server, by the lower-case hexadecimal SHA-256 of its
// text; or both are given. Variables are the values of encoding/json.
type Question struct {
	Document, ID string
	Operation    string
	Variables    map[string]any
}

// members are a question as it travels.
type members struct {
	Query         string          `json:"query"`
	DocumentID    string          `json:"documentId"`
	OperationName string          `json:"operationName"`
	Variables     json.RawMessage `json:"variables"`
	Extensions    json.RawMessage `json:"extensions"`
}

// question reads a request, by GET from its address, else from its body.
func question(w http.ResponseWriter, r *http.Request) (Question, error) {
	read := fromBody
	if r.Method == http.MethodGet {
		read = fromAddress
	}
	m, err := read(w, r)
	if err != nil {
		return Question{}, err
	}
	return m.question()
}

func fromAddress(_ http.ResponseWriter, r *http.Request) (m members, err error) {
	if len(r.URL.RawQuery) > MaxQueryString {
		return m, ledger.Errorf(ledger.Invalid, "request.address_too_long", "地址中的参数超过 %d 字节；请改用 POST。", "The parameters in the address are over %d bytes; use POST.", MaxQueryString)
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return m, ledger.Errorf(ledger.Invalid, "request.address", "地址中的参数读不懂：请逐个做百分号编码。", "The parameters in the address cannot be read: percent-encode each.").Because(err)
	}
	texts := map[string]*string{"query": &m.Query, "documentId": &m.DocumentID, "operationName": &m.OperationName}
	objects := map[string]*json.RawMessage{"variables": &m.Variables, "extensions": &m.Extensions}
	for name, given := range values {
		if texts[name] == nil && objects[name] == nil {
			continue // somebody else's, such as lang
		}
		if len(given) > 1 {
			return m, ledger.Errorf(ledger.Invalid, "input.field_twice", "参数 %s 写了两次，请只写一次。", "The parameter %s stands twice; give it once.", name).At("%s", name)
		}
		if text := texts[name]; text != nil {
			*text = given[0]
		} else if given[0] != "" {
			*objects[name] = json.RawMessage(given[0])
		}
	}
	return m, nil
}

func fromBody(w http.ResponseWriter, r *http.Request) (m members, err error) {
	if err := isJSON(r.Header.Get("Content-Type")); err != nil {
		return m, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxQuestion))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		_, _ = io.CopyN(io.Discard, r.Body, mostDrained) // whoever is still sending would not hear the answer
		return m, ledger.Errorf(ledger.Invalid, "request.too_large", "查询请求超过 %d 字节；请拆成几次查询。", "The request is over %d bytes; ask in several queries.", MaxQuestion).At("body")
	}
	if err != nil {
		return m, ledger.Errorf(ledger.Invalid, "request.broken", "请求体没有收全；请重试。", "The body did not arrive whole; send it again.").At("body").Because(err)
	}
	if !utf8.Valid(body) {
		return m, ledger.Errorf(ledger.Invalid, "request.encoding", "请求体不是 UTF-8 文本。", "The body is not UTF-8 text.").At("body")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err = d.Decode(&m); err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return m, nil
		}
	}
	// Read again by what is slower and says which member is wrong, and how. It
	// also minds members that stand twice, of which the last counted above.
	if strict := ledger.DecodeStrict(body, &members{}); strict != nil {
		return m, strict
	}
	return m, ledger.Errorf(ledger.Invalid, "input.json", "请求内容不是合法的 JSON：%v。", "The body is not valid JSON: %v.", err)
}

// isJSON refuses every other kind of body, and every other charset.
func isJSON(contentType string) error {
	name, params, err := mime.ParseMediaType(contentType)
	charset, given := params["charset"]
	if err != nil || mediaType(name) != plainJSON || given && !utf8Name(charset) {
		return errContentType
	}
	return nil
}

var (
	errContentType = ledger.Errorf(ledger.Invalid, "request.content_type",
		"请以 Content-Type: application/json 提交，编码为 UTF-8。", "Send the body as Content-Type: application/json, in UTF-8.").At("Content-Type")
	documentID = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// question checks what the members hold.
func (m members) question() (q Question, err error) {
	if q.Variables, err = object("variables", m.Variables, MaxVariables); err != nil {
		return q, err
	}
	if _, err = object("extensions", m.Extensions, MaxExtensions); err != nil {
		return q, err
	}
	q.Operation = m.OperationName
	q.ID = strings.TrimPrefix(m.DocumentID, "sha256:")
	q.Document = m.Query
	switch {
	case strings.TrimSpace(m.Query) == "" && m.DocumentID == "":
		return q, ledger.Errorf(ledger.Invalid, "query.missing", "请在 query 中写明查询；可以问什么，见 /schema。", "Say in query what is asked; what there is to ask for stands at /schema.").At("query")
	case m.DocumentID != "" && !documentID.MatchString(q.ID):
		return q, ledger.Errorf(ledger.Invalid, "query.document_id", "documentId 应为查询全文的 SHA-256：64 位小写十六进制数，前面可加 sha256:。",
			"A documentId is the SHA-256 of the query's text: 64 lower-case hexadecimal digits, after sha256: or alone.").At("documentId")
	}
	return q, nil
}

// object reads a member that is an object, null or left out.
func object(name string, raw json.RawMessage, most int) (map[string]any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	if len(raw) > most {
		return nil, ledger.Errorf(ledger.Invalid, "query."+name, "%[1]s 超过 %[2]d 字节；请拆成几次查询。", "The %[1]s are over %[2]d bytes; ask in several queries.", name, most).At("%s", name)
	}
	var values map[string]any
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, ledger.Errorf(ledger.Invalid, "query."+name, "%s 不是合法的 JSON 对象。", "The %s are not a JSON object.", name).At("%s", name)
	}
	return values, nil
}
