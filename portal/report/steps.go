package report

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"suyuan/portal/words"
	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/picture"
	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
)

// entry is the first page: the first step, and all that scripts need to go
// through the others without asking the server again.
func (t *Site) entry(w http.ResponseWriter, r *http.Request) {
	p := t.page("1", words.Preferred(r.Header.Get("Accept-Language")), answers{}, t.choices.now(r.Context()))
	p.Script = t.script.Name != ""
	p.answer(w, r)
}

// visit is one form as it arrived.
type visit struct {
	*Page
	ctx    context.Context
	posted url.Values
	drawn  []picture.Picture
	refuse error         // of a picture
	keys   *receipt.Keys // of a box that was opened
}

// form takes a form of any page and answers with the page that comes next.
func (t *Site) form(w http.ResponseWriter, r *http.Request) {
	v := &visit{ctx: r.Context()}
	defer v.lock()
	var err error
	on := t.arrivals.begin(w, r)
	defer on.leave()
	r.Body = on
	v.posted, err = posted(w, r, v.picture(t, on))
	on.arrived()
	if err != nil {
		t.fail(w, r, err)
		return
	}
	lang := v.posted.Get("lang")
	if lang != words.Languages[0] && lang != words.Languages[1] {
		lang = words.Preferred(r.Header.Get("Accept-Language"))
	}
	v.Page = t.page("1", lang, answersOf(v.posted), t.choices.now(r.Context()))
	v.next(v.posted.Get("at"), v.posted.Get("go"))
	if v.At == "exit" {
		w.Header().Set("Clear-Site-Data", `"*"`)
	}
	v.Script = v.At == "1" && v.posted.Get("go") == "lang" && t.script.Name != ""
	v.answer(w, r)
}

// picture takes one picture into memory and then waits for its turn to make it
// clean, so that a slow line holds up nobody else's. A refusal is kept for the
// page and the rest read all the same, for what was typed stands behind it.
func (v *visit) picture(t *Site, on *arrival) func(io.Reader) error {
	clean := 0
	return func(file io.Reader) error {
		if v.refuse == nil && len(v.drawn) == envelope.MaxPictures {
			v.refuse = errLarge
		}
		if v.refuse == nil {
			raw, err := on.all(file, picture.MaxInput+1)
			if err != nil {
				return tooLarge(err)
			}
			on.rest()
			v.refuse = t.uploads.Run(v.ctx, func() error {
				drawn, err := t.service.Picture(v.ctx, bytes.NewReader(raw))
				if err == nil {
					v.drawn = append(v.drawn, drawn)
					clean += len(drawn.JPEG)
				}
				return err
			})
			on.keep(clean)
		}
		if _, err := io.Copy(io.Discard, file); err != nil {
			return tooLarge(err)
		}
		return nil
	}
}

// next finds the page that a button leads to.
func (v *visit) next(at, button string) {
	switch button {
	case "find", "1":
		v.At = "1"
	case "2", "3":
		v.step(button)
	case "send":
		v.send()
	case "kept":
		v.kept()
	case "open", "look":
		v.At = "open"
		if button == "look" {
			v.look()
		}
	case "leave":
		v.At, v.Values = "exit", answers{}
	case "reply", "rate", "review", "retaliation", "withdraw":
		v.tell(button)
	case "lang":
		v.turn(at)
	default:
		v.At = "1"
	}
}

// turn shows the page once more in the other language.
func (v *visit) turn(at string) {
	v.Lang = v.Other()
	switch at {
	case "2", "3":
		v.step(at)
	case "sent":
		v.At = at
	case "box":
		v.look()
	case "open", "exit":
		v.At = at
	}
}

// step shows the second or third step, or the earlier one that is not complete.
func (v *visit) step(to string) bool {
	if v.fault(v.check1()...) {
		return false
	}
	v.settle()
	if v.At = "2"; to == "2" {
		return true
	}
	if v.fault(v.check2()...) {
		return false
	}
	facts := v.Values.facts().Marshal()
	readers, err := v.t.service.Eligible(facts)
	if err != nil {
		v.fault(v.faultOf(err))
		return false
	}
	v.At = "3"
	v.Reads = v.names(readers)
	v.Review = v.review()
	if v.Value("receipt") == "" {
		drawn, err := v.t.service.Draw()
		if err != nil {
			v.fault(v.faultOf(err))
			return false
		}
		v.Values["receipt"] = []string{drawn.Grouped()}
	}
	return true
}

// settle drops a measure that does not fit the task. Who comes from the first
// step finds the one in the dimension chosen taken already; later it is taken
// for nobody, so that what is sent is what was looked at.
func (v *visit) settle() {
	var fits []string
	for _, m := range v.Measures() {
		if m.ID == v.Value("measure") {
			return
		}
		if m.Dimension == v.Value("dimension") {
			fits = append(fits, m.ID)
		}
	}
	delete(v.Values, "measure")
	if len(fits) == 1 && v.posted.Get("at") == "1" {
		v.Values["measure"] = fits
	}
}

// fault shows faults on the page of the first of them.
func (v *visit) fault(faults ...fault) bool {
	if len(faults) == 0 {
		return false
	}
	v.Faults, v.Status = faults, http.StatusUnprocessableEntity
	if step := faults[0].step; step == "1" || step == "2" {
		v.At = step
	}
	return true
}

// send seals and sends. Whatever is refused, what was answered stays on the page.
func (v *visit) send() {
	if !v.step("3") {
		return
	}
	drawn, err := receipt.Parse(v.Value("receipt"))
	if err == nil {
		err = v.refuse
	}
	if err == nil {
		err = v.t.service.Compose(v.ctx, intake.Draft{
			Receipt: drawn, Facts: v.Values.facts().Marshal(), Text: v.Value("text"), Pictures: v.drawn, Proof: v.Value("proof"),
		})
	}
	if err != nil {
		at := v.At
		v.fault(v.faultOf(err))
		if v.Status = ledger.AsError(err).Code.Status(); v.Status < 500 {
			v.Status = http.StatusUnprocessableEntity
		}
		if len(v.drawn) > 0 && v.At == at {
			v.Notice = v.say("three.again")
		}
		return
	}
	v.At = "sent"
	v.Values = answers{"receipt": {drawn.Grouped()}}
}

// kept compares what was typed with the end of the receipt.
func (v *visit) kept() {
	v.At = "sent"
	typed := digits(v.Value("typed"))
	whole := digits(v.Value("receipt"))
	delete(v.Values, "typed")
	if len(typed) < 8 || !strings.HasSuffix(whole, typed) {
		v.fault(fault{Field: "typed", Text: v.say("fault.typed")})
		return
	}
	v.At, v.Values = "exit", answers{}
	v.Notice = v.say("exit.kept")
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number(s))
}

// names of the units that recipients belong to, each once.
func (p *Page) names(of []intake.Recipient) (out []string) {
	seen := map[string]bool{}
	for _, one := range of {
		if !seen[one.Unit] {
			seen[one.Unit] = true
			out = append(out, p.unitName(one.Unit))
		}
	}
	return out
}

func (p *Page) unitName(code string) string {
	if u := p.c.unit(code); u != nil {
		return u.Name
	}
	return code
}
