package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"suyuan/portal/report"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/picture"
	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
)

// A host is the reporting pages before an intake of this test, which keeps
// what it was sent to be looked at.
type host struct {
	url           string
	id            []byte
	engine        *age.X25519Identity
	investigators []*age.X25519Identity

	mu     sync.Mutex
	sealed map[[32]byte][]byte // by box hash, what browsers sealed
	drafts []intake.Draft
	boxes  map[[32]byte]intake.Box
	polls  int
	sizes  map[int]bool
	bodies map[[32]byte]bool // every envelope that came, refused ones too
	forms  []string          // every form that came, as it was sent
	fail   error             // the next envelope is refused with
}

func reportHost(t *testing.T) *host {
	t.Helper()
	h := &host{id: []byte("a service of the tests"), sealed: map[[32]byte][]byte{}, boxes: map[[32]byte]intake.Box{}, sizes: map[int]bool{}, bodies: map[[32]byte]bool{}}
	for i := range 3 {
		key, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		if h.investigators = append(h.investigators, key); i == 2 {
			h.engine = key
		}
	}
	h.investigators = h.investigators[:2]
	site, err := report.New(h, h, time.Now, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h.overheard(site))
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// overheard keeps the forms that come, which with scripts are none but two.
func (h *host) overheard(site http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.Header.Get("Content-Type") != "application/octet-stream" {
			body, _ := io.ReadAll(r.Body) // a form cut short is refused by the pages
			r.Body = io.NopCloser(bytes.NewReader(body))
			h.mu.Lock()
			h.forms = append(h.forms, string(body))
			h.mu.Unlock()
		}
		site.ServeHTTP(w, r)
	})
}

func (h *host) List(context.Context) (report.Choices, error) {
	return report.Choices{
		Mandates: []report.Mandate{
			{ID: "farmland-600", Title: "复耕整改 600 亩", Number: "市自然资发〔2022〕8号", Measures: []report.Measure{{ID: "farmland-600/area", Name: "面积", Unit: "亩", Dimension: "quantity"}}},
			{ID: "river-patrol", Title: "河长巡河", Measures: []report.Measure{{ID: "river-patrol/patrol", Name: "巡河", Unit: "次", Dimension: "frequency"}}},
		},
		Units: []report.Unit{
			{Code: "99", Name: "示例省", Level: "PROVINCE"}, {Code: "9901", Name: "示例市", Level: "CITY", Under: "99"},
			{Code: "990101", Name: "东山县", Level: "COUNTY", Under: "9901"}, {Code: "990102", Name: "西河县", Level: "COUNTY", Under: "9901"},
			{Code: "990101-nongye", Name: "东山县农业农村局", Level: "COUNTY", Under: "990101"}, {Code: "990101001", Name: "青石镇", Level: "TOWNSHIP", Under: "990101"},
		},
	}, nil
}

func (h *host) recipients() (out []intake.Recipient) {
	for i, key := range h.investigators {
		out = append(out, intake.Recipient{ID: string(rune('a' + i)), Unit: []string{"99", "9901"}[i], Key: key.Recipient().String(), Up: []intake.Above{{Code: "99", Level: "PROVINCE"}}})
	}
	return out
}

func (h *host) Offer() intake.Offer {
	return intake.Offer{Service: hexOf(h.id), Engine: h.engine.Recipient().String(), Investigators: h.recipients(), Cut: "2022-08-10", Open: true}
}

func (h *host) Draw() (receipt.Receipt, error) { return receipt.New(rand.Reader) }

func (h *host) Eligible(facts []byte) ([]intake.Recipient, error) {
	if _, err := claim.Parse(facts); err != nil {
		return nil, err
	}
	return h.recipients(), nil
}

func (h *host) Picture(ctx context.Context, file io.Reader) (picture.Picture, error) {
	return picture.Clean(ctx, file)
}

func (h *host) refusal() error {
	err := h.fail
	h.fail = nil
	return err
}

func (h *host) Compose(_ context.Context, d intake.Draft) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.refusal(); err != nil {
		return err
	}
	keys := d.Keys
	if keys == nil {
		derived, err := d.Receipt.Derive(h.id)
		if err != nil {
			return err
		}
		keys = &derived
	}
	if !d.FollowUp {
		h.boxes[keys.Stored().Box] = intake.Box{Known: true, Waiting: true, Cut: "2022-08-10"}
	}
	h.drafts = append(h.drafts, d)
	return nil
}

func (h *host) Accept(_ context.Context, sealed []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sizes[len(sealed)] = true
	h.bodies[sha256.Sum256(sealed)] = true
	if err := h.refusal(); err != nil {
		return err
	}
	e, err := envelope.Read(sealed)
	if err != nil {
		return err
	}
	h.sealed[e.ID] = bytes.Clone(sealed)
	if e.Kind == envelope.Report {
		h.boxes[e.Stored.Box] = intake.Box{Known: true, Waiting: true, Cut: "2022-08-10"}
	}
	return nil
}

func (h *host) Derive(_ context.Context, r receipt.Receipt) (receipt.Keys, error) {
	return r.Derive(h.id)
}

func (h *host) Look(_ context.Context, keys receipt.Keys) (intake.Box, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	box := h.boxes[keys.Stored().Box]
	box.Cut = "2022-08-10"
	if identity, err := keys.Replies(); err == nil {
		box.Messages = append([]intake.Message{}, box.Messages...)
		for i := range box.Messages {
			box.Messages[i].Text, err = envelope.OpenMessage(box.Messages[i].Sealed, identity)
			box.Messages[i].Broken = err != nil
		}
	}
	return box, nil
}

func (h *host) Poll(_ context.Context, id [32]byte) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.polls++
	box := h.boxes[receipt.BoxHash(id)]
	box.Cut = "2022-08-10"
	return box.Padded()
}

// handle lets the box of a receipt come to where it was answered.
func (h *host) handle(t *testing.T, r receipt.Receipt) {
	t.Helper()
	keys, err := r.Derive(h.id)
	if err != nil {
		t.Fatal(err)
	}
	stored := keys.Stored()
	asked, err := envelope.SealMessage(rand.Reader, "请问文件是哪天发到村里的？", stored.Replies, h.investigators[0].Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	day := ledger.Date("2022-08-09")
	h.boxes[stored.Box] = intake.Box{
		Known: true, Cut: "2022-08-10", Complaint: "c1", Filed: day, Ordinal: 812, Hash: "9f2c4e2b7d1fa0c39f2c4e2b7d1fa0c39f2c4e2b7d1fa0c39f2c4e2b7d1fa0c3",
		Lane: "open", State: "answered", Unit: "9901", Clock: intake.Clock{Days: 15, Used: 4, Due: "2022-08-30"},
		May:      []intake.May{{Act: "reply"}, {Act: "rate", Until: "2022-09-08"}, {Act: "review", Until: "2022-09-08"}, {Act: "retaliation"}, {Act: "withdraw"}},
		History:  []intake.Step{{What: "complaint.filed", Day: day}, {What: "complaint.dispatched", Day: day, Unit: "9901"}, {What: "complaint.answered", Day: day, Unit: "9901", Word: "partly"}},
		Messages: []intake.Message{{What: "complaint.asked", Day: day, Sealed: asked}},
		Changed:  []intake.Change{{What: "claim_verified", ID: "iss-1", Day: day}}, Investigators: h.recipients(), Above: h.recipients(),
	}
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }

var errNotNow = ledger.Errorf(ledger.Unavailable, "test.not_now", "现在不行，请稍后再试。", "Not now; try again later.")

func mustParse(t *testing.T, text string) receipt.Receipt {
	t.Helper()
	r, err := receipt.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
