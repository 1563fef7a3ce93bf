package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake"
	"suyuan/services/intake/picture"
	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
)

// fake is an intake that keeps what it is given.
type fake struct {
	choices Choices
	listed  int
	drafts  []intake.Draft
	sealed  [][]byte
	polled  int
	box     intake.Box
	refuse  error
	few     bool
	drawn   uint64
	noBox   bool          // letters find no box
	shut    error         // letters are refused with
	truly   bool          // keys are derived, which takes its time
	derived int           // Argon2 runs that a service would have made
	looks   int           // into boxes
	keys    *receipt.Keys // the last that were derived
}

func (f *fake) List(context.Context) (Choices, error) {
	f.listed++
	return f.choices, f.refuse
}

func (f *fake) Offer() intake.Offer {
	return intake.Offer{Service: "00", Engine: "age1engine", Investigators: f.readers(), Cut: "2022-08-10", Open: true}
}

func (f *fake) readers() []intake.Recipient {
	return []intake.Recipient{{ID: "a", Unit: "99", Key: "age1a"}, {ID: "b", Unit: "9901", Key: "age1b"}}
}

// Draw draws by counting, so that pages are the same at every run.
func (f *fake) Draw() (receipt.Receipt, error) {
	f.drawn++
	return receipt.New(&stream{n: f.drawn})
}

type stream struct{ n, at uint64 }

func (s *stream) Read(p []byte) (int, error) {
	for i := range p {
		s.at++
		var seed [16]byte
		binary.BigEndian.PutUint64(seed[:], s.n)
		binary.BigEndian.PutUint64(seed[8:], s.at)
		p[i] = sha256.New().Sum(seed[:])[0] ^ sum(seed[:])
	}
	return len(p), nil
}

func sum(b []byte) byte { s := sha256.Sum256(b); return s[0] }

func (f *fake) Eligible(facts []byte) ([]intake.Recipient, error) {
	if _, err := claim.Parse(facts); err != nil {
		return nil, err
	}
	if f.few {
		return nil, ledger.Refuse("intake.too_few_investigators", "不足两名。", "Fewer than two.")
	}
	return f.readers(), nil
}

func (f *fake) Picture(_ context.Context, file io.Reader) (picture.Picture, error) {
	raw, err := io.ReadAll(file)
	if err != nil {
		return picture.Picture{}, err
	}
	if !bytes.HasPrefix(raw, []byte("\xff\xd8")) {
		return picture.Picture{}, ledger.Errorf(ledger.Invalid, "picture.kind", "不是图片。", "Not a picture.")
	}
	return picture.Picture{JPEG: raw}, nil
}

func (f *fake) Compose(_ context.Context, d intake.Draft) error {
	if d.Keys == nil {
		f.derived++
	} else if f.truly {
		_ = d.Keys.Stored()
	}
	switch {
	case f.refuse != nil:
		return f.refuse
	case f.shut != nil:
		return f.shut
	case d.FollowUp && f.noBox:
		return ledger.Errorf(ledger.NotFound, "intake.no_box", "没有找到。", "There is no report.")
	}
	f.drafts = append(f.drafts, d)
	return nil
}

func (f *fake) Accept(_ context.Context, sealed []byte) error {
	if f.refuse != nil {
		return f.refuse
	}
	f.sealed = append(f.sealed, sealed)
	return nil
}

func (f *fake) Derive(_ context.Context, r receipt.Receipt) (receipt.Keys, error) {
	if f.derived++; !f.truly {
		return receipt.Keys{}, nil
	}
	keys, err := r.Derive([]byte("a service of the tests"))
	f.keys = &keys
	return keys, err
}

func (f *fake) Look(_ context.Context, keys receipt.Keys) (intake.Box, error) {
	if f.looks++; f.truly {
		_ = keys.Box() // they are there still
	}
	return f.box, f.refuse
}

// kept reports whether keys that were derived are in memory still.
func (f *fake) kept() (kept bool) {
	if f.keys == nil {
		return false
	}
	defer func() { kept = recover() == nil }()
	_ = f.keys.Box()
	return true
}

func (f *fake) Poll(context.Context, [32]byte) ([]byte, error) {
	f.polled++
	return f.box.Padded()
}

func listed() Choices {
	return Choices{
		Mandates: []Mandate{
			{ID: "farmland-600", Title: "复耕 600 亩", Number: "市发〔2022〕8号", Measures: []Measure{{ID: "farmland-600/area", Name: "面积", Unit: "亩", Dimension: "quantity"}}},
			{ID: "river-patrol", Title: "河长巡河", Measures: []Measure{{ID: "river-patrol/patrol", Name: "巡河", Dimension: "frequency"}}},
		},
		Units: []Unit{{Code: "99", Name: "示例省", Level: "PROVINCE"}, {Code: "9901", Name: "示例市", Level: "CITY"}, {Code: "990101", Name: "东山县", Level: "COUNTY"}},
	}
}

func siteFor(t *testing.T, f *fake, o Options) *Site {
	t.Helper()
	site, err := New(f, f, func() time.Time { return time.Unix(1660000000, 0) }, o)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// post sends fields in pairs, the receipt of the answer's headers being the recorder's.
func post(site http.Handler, pairs ...string) *httptest.ResponseRecorder {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return postAs(site, "application/x-www-form-urlencoded", values.Encode())
}

func postAs(site http.Handler, kind, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://report.example/", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	return w
}

// complete are answers that lack nothing.
var complete = []string{"task", "farmland-600", "who", "level:COUNTY", "place", "990101", "dimension", "quantity", "down", "600", "asked", "690"}

func with(more ...string) []string { return append(append([]string{}, complete...), more...) }
