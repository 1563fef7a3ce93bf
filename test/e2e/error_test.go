package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"suyuan/portal"
	"suyuan/services/ledger"
)

// A page on another site that acts through the reader's browser gets a page
// that says so, and nothing else.
func TestForbidden(t *testing.T) {
	s := server(t)
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><title>x</title><link rel="icon" href="data:,"><main><form method="post" action="%s/sign-out"><button>x</button></form></main>`, s.url)
	}))
	t.Cleanup(foreign.Close)
	for _, v := range views {
		t.Run(v.String(), func(t *testing.T) {
			p := visit(t, foreign.URL, v)
			p.submit(t, "form")
			if p.status != http.StatusForbidden {
				t.Errorf("a foreign form was answered with %d", p.status)
			}
			p.shoot(t, shotsDir(t), "forbidden")
			for _, problem := range append(p.language(t), append(p.overflow(t), p.axe(t)...)...) {
				t.Error(problem)
			}
		})
	}
}

// refusing answers every question with the refusal its context names, so that
// pages for what a healthy server never says can be looked at too.
type refusing struct{ err *ledger.Error }

func (r refusing) Query(context.Context, string, map[string]any) (json.RawMessage, error) {
	return nil, r.err
}
func (refusing) Actor(*http.Request) (ledger.Actor, error)               { return ledger.Actor{}, nil }
func (refusing) Peek(string) (ledger.Actor, error)                       { return ledger.Actor{}, nil }
func (refusing) Redeem(http.ResponseWriter, *http.Request, string) error { return nil }
func (refusing) SignOut(http.ResponseWriter, *http.Request) error        { return nil }

// damaged knows only what is wrong with the ledger; it holds no records.
type damaged struct {
	refusing
	state string
}

func (d damaged) Query(_ context.Context, document string, _ map[string]any) (json.RawMessage, error) {
	if document == portal.Documents()["state"] {
		return json.RawMessage(`{"ledger":` + d.state + `}`), nil
	}
	return json.RawMessage(`{"ledger":` + d.state + `,"unit":null,"units":{"edges":[],"pageInfo":{"hasNextPage":false},"total":"0"}}`), nil
}

// Every page says that entries are not taken, and why.
func TestDamagedLedger(t *testing.T) {
	for name, state := range map[string]string{
		"damaged":       `{"readOnly":true,"damagedAt":"45","ordinal":"44","root":"ab12"}`,
		"damaged-later": `{"readOnly":true,"damagedAt":"45","ordinal":"120","root":"ab12"}`,
		"read-only":     `{"readOnly":true,"damagedAt":null,"ordinal":"120","root":"ab12"}`,
	} {
		d := damaged{state: state}
		pages, err := portal.New(d, d, portal.Options{Log: slog.New(slog.DiscardHandler), Clock: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewServer(pages)
		t.Cleanup(s.Close)
		for _, to := range []target{{name, "/units", http.StatusOK}, {name + "-about", "/about", http.StatusOK}, {name + "-missing", "/units/1", http.StatusNotFound}} {
			for _, v := range views {
				t.Run(to.name+"/"+v.String(), func(t *testing.T) {
					look(t, s.URL+to.path, to, v, shotsDir(t))
					p := visit(t, s.URL+to.path, v)
					if got := eval[string](t, p, `document.querySelector("body > [role=status]")?.textContent.trim() ?? ""`); got == "" {
						t.Errorf("%s does not say that the ledger takes no entries", to.path)
					}
				})
			}
		}
	}
}

func TestFaults(t *testing.T) {
	for _, err := range []*ledger.Error{
		ledger.AsError(io.ErrUnexpectedEOF),
		ledger.Errorf(ledger.Unavailable, "ledger.read_only", "账本现为只读，暂不能填报；请联系管理员。", "The ledger takes no entries at present; tell the administrator."),
		ledger.Errorf(ledger.Unauthenticated, "token.expired", "登录已过期，请重新登录。", "The sign-in has run out; sign in again."),
		ledger.Errorf(ledger.Conflict, "command.conflict", "同时有其他人在改同一记录，本次没有保存；请刷新后重试。", "Others changed the same record at the same moment and nothing was saved; look again and retry."),
	} {
		faulty := refusing{err}
		pages, failed := portal.New(faulty, faulty, portal.Options{Log: slog.New(slog.DiscardHandler), Clock: time.Now})
		if failed != nil {
			t.Fatal(failed)
		}
		s := httptest.NewServer(pages)
		t.Cleanup(s.Close)
		to := target{"fault-" + string(err.Code), "/units", err.Code.Status()}
		for _, v := range views {
			t.Run(to.name+"/"+v.String(), func(t *testing.T) { look(t, s.URL+to.path, to, v, shotsDir(t)) })
		}
	}
}
