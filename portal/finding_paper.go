package portal

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"rsc.io/qr"

	"suyuan/services/ledger"
)

// paperPage is a finding as a paper (意见书), laid out as official documents
// are (GB/T 9704) as far as that applies to what has no seal.
type paperPage struct {
	*findingPage
	Number  string    // 发文字号, "" before it was issued
	For     []unitRef // 主送
	Date    string
	Address string // of the public page
	Code    template.HTML
	Sheet   template.CSS // the style in the file itself, "" where it is linked
	Steps   []findingStep
}

func (s *site) findingPaper(p *Page) (reply, error) {
	view, err := s.paper(p)
	return reply{page: "finding_paper", data: view}, err
}

func (s *site) paper(p *Page) (*paperPage, error) {
	view, err := s.findingView(p)
	if err != nil {
		return nil, err
	}
	out := &paperPage{findingPage: view, Address: p.public(view.To("findings", view.Finding.ID))}
	f := &view.Finding
	out.For = f.addressees()
	out.Steps = f.Steps
	for _, step := range f.Steps {
		if step.What == "finding.issued" {
			day, _ := time.Parse(time.RFC3339Nano, step.At)
			out.Number = p.say("paper.number", "year", day.In(china).Year(), "n", step.Event.Ordinal)
			out.Date = step.At
		}
	}
	out.Code, err = picturedCode(out.Address, p.say("paper.code"))
	return out, err
}

// Ordered numbers a part, （一）, and Counted a paragraph, 1., both from 0.
func (p *paperPage) Ordered(i int) string {
	return p.say("paper.ordered", "n", p.enum("paperNumber", "n"+itoa(min(i, 2)+1)))
}

// Counted numbers a paragraph.
func (p *paperPage) Counted(i int) string { return p.say("paper.counted", "n", i+1) }

// Cited is a rule as a paper cites it, with 未核验 where it was not read.
func (p *paperPage) Cited(rule any) string {
	r, ok := rule.(ruleRef)
	if at, pointed := rule.(*ruleRef); pointed {
		r, ok = *at, true
	}
	if !ok {
		return ""
	}
	text, article := p.Text(r.Source), p.Text(r.Article)
	if article != "" && p.Lang == "en" {
		article = ", " + article
	}
	text += article
	if !r.Verified {
		text += p.say("paper.unverified")
	}
	return text
}

// addressees are the units that the paper is for: whoever carries a share, the
// unit that was penalised and the one where it began.
func (f *findingData) addressees() (out []unitRef) {
	add := func(u *unitRef) {
		if u != nil && !slices.ContainsFunc(out, func(v unitRef) bool { return v.Code == u.Code }) {
			out = append(out, *u)
		}
	}
	for _, s := range f.decided() {
		if s.Points > 0 {
			add(s.Unit)
		}
	}
	add(f.Originating)
	add(&f.Penalty.Executor)
	slices.SortStableFunc(out, func(a, b unitRef) int { return slices.Index(levels, a.Level) - slices.Index(levels, b.Level) })
	return out
}

// public is an address of this portal as it can be printed.
func (p *Page) public(address string) string {
	if at := p.s.options.Public; at != "" {
		return strings.TrimSuffix(at, "/") + address
	}
	return "http://" + p.r.Host + address
}

// picturedCode is a text as a QR code: one path of dark squares.
func picturedCode(text, title string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("the code of %s: %w", text, err)
	}
	const quiet = 4 // squares of margin that readers need
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	whole := code.Size + 2*quiet
	return template.HTML(fmt.Sprintf(`<svg class="code" role="img" viewBox="0 0 %d %d" shape-rendering="crispEdges" aria-labelledby="code-t"><title id="code-t">%s</title>`+
		`<rect class="ground" width="%d" height="%d"/><path class="squares" d="%s"/></svg>`, whole, whole, template.HTMLEscapeString(title), whole, whole, path.String())), nil
}

// WritePaper writes the paper of a finding, as everybody may see it, as one
// HTML file that needs nothing else.
func (p *Portal) WritePaper(ctx context.Context, w io.Writer, id, lang string) error {
	r, err := http.NewRequestWithContext(WithLang(ctx, lang), http.MethodGet, "/", nil)
	if err != nil {
		return err
	}
	page := &Page{s: p.site, r: r, path: map[string]string{"id": id}, seen: map[string]bool{}, Lang: lang}
	page.origin = strings.TrimSuffix(page.public("/"), "/")
	view, err := p.site.paper(page)
	if err != nil {
		return err
	}
	if !view.Finding.Public() {
		return ledger.Errorf(ledger.Refused, "paper.not_issued", "这份认定还没有作出决定，没有意见书。", "The finding %s has not been issued: there is no paper of it yet.", id)
	}
	view.Sheet = template.CSS(p.site.static.named[strings.TrimPrefix(p.site.static.Paper, "/static/")]) // our own sheet
	body, err := p.site.pages.render("finding_paper", view)
	if err != nil {
		return err
	}
	_, err = bytes.NewReader(body).WriteTo(w)
	return err
}
