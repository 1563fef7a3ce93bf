package portal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"suyuan/portal/observe"
)

// handler makes one page.
type handler func(p *Page) (reply, error)

// reply is a page to render, a sheet or file to download or an address to go to.
type reply struct {
	page   string // the template
	data   any    // its struct, with the Page embedded
	sheet  *sheet
	file   *file
	to     string
	status int
}

// page serves a handler: who asks, in which language, and what goes wrong.
func (s *site) page(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &Page{s: s, r: r, w: w, path: mux.Vars(r), seen: map[string]bool{}}
		p.Lang, p.explicit = negotiate(r)
		defer func() {
			if fault := recover(); fault != nil {
				if fault == http.ErrAbortHandler {
					panic(fault)
				}
				p.fail(observe.Caught(fault))
			}
		}()
		if err := p.answer(h); err != nil {
			p.fail(err)
		}
	})
}

func (p *Page) answer(h handler) error {
	if err := p.identify(); err != nil {
		return err
	}
	formats := []string{"csv"}
	if p.asJSON() {
		formats = append(formats, "json")
	}
	if _, err := p.oneOf("format", formats...); err != nil {
		return err
	}
	got, err := h(p)
	switch {
	case err != nil:
		return err
	case got.to != "":
		http.Redirect(p.w, p.r, got.to, http.StatusSeeOther)
		return nil
	case got.sheet != nil:
		return got.sheet.write(p)
	case got.file != nil:
		return got.file.write(p)
	}
	body, err := p.render(got.page, got.data)
	if err != nil {
		return err
	}
	p.send(max(got.status, http.StatusOK), body)
	return nil
}

// identify puts actor and language into the request's context.
func (p *Page) identify() error {
	ctx := WithLang(p.r.Context(), p.Lang)
	actor, err := p.s.sessions.Actor(p.r)
	if err != nil {
		return err
	}
	p.Actor = actor
	ctx = WithActor(ctx, p.Actor)
	p.r = p.r.WithContext(ctx)
	if p.Actor.Unit != "" {
		p.UnitName = p.Actor.Unit
		got, err := ask[struct{ Unit *unitRef }](ctx, p.s, "actor", map[string]any{"code": p.Actor.Unit})
		if err == nil && got.Unit != nil {
			p.UnitName = got.Unit.Name
		}
	}
	return nil
}

// send writes a finished page; an unchanged one is not sent twice.
func (p *Page) send(status int, body []byte) {
	h := p.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.Lang)
	h.Set("Vary", "Accept-Language, Cookie")
	if !p.Actor.Anonymous() || status != http.StatusOK || strings.HasPrefix(p.r.URL.Path, "/sign-in/") {
		h.Set("Cache-Control", "private, no-store")
	} else {
		h.Set("Cache-Control", "no-cache")
		sum := sha256.Sum256(body)
		tag := `"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		if strings.Contains(p.r.Header.Get("If-None-Match"), tag) {
			p.w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	p.w.WriteHeader(status)
	if p.r.Method != http.MethodHead {
		_, _ = bytes.NewReader(body).WriteTo(p.w)
	}
}
