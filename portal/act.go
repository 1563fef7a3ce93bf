package portal

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// act is something that staff do on a page: a command with the form it takes.
type act struct {
	Name    string // of the set "act"; state_2 is the second form of the act state
	Title   string // over the form; "": what the set "act" says
	Now     bool   // it can be done as things stand
	Open    bool   // its form is shown unfolded
	Fields  []*field
	command string
	given   map[string]any             // members of the input that no field fills
	done    string                     // the address to go on to; "": the page itself
	after   func(desk.Receipt) string  // or the address, by what was done
	shape   func(given map[string]any) // the last word on the input; nil: it is as typed
}

var ofSeveral = regexp.MustCompile(`_[0-9]+$`)

// Word is the act's in the set "act".
func (a act) Word() string { return ofSeveral.ReplaceAllString(a.Name, "") }

// The bounds of what a form may carry.
const (
	mostForm    = 512 << 10
	mostMessage = 600 // characters
	mostListed  = 400
)

// form is what was posted.
type form struct {
	url.Values
	key string // makes the command happen once
}

var formKey = regexp.MustCompile(`^[0-9a-f]{32}$`)

// posted reads the form that was sent.
func (p *Page) posted() (form, error) {
	p.r.Body = http.MaxBytesReader(p.w, p.r.Body, mostForm)
	if err := p.r.ParseForm(); err != nil {
		return form{}, errNoForm
	}
	f := form{p.r.PostForm, p.r.PostForm.Get("key")}
	if !formKey.MatchString(f.key) {
		return form{}, errNoForm
	}
	return f, nil
}

// newKey is the key of the forms on a page.
func (p *Page) newKey() (string, error) {
	var key [16]byte
	if _, err := io.ReadFull(p.s.options.Random, key[:]); err != nil {
		return "", err
	}
	return hex.EncodeToString(key[:]), nil
}

// seals keeps what a field says in the vault and names it.
type seals struct {
	message func(ctx context.Context, text string, to Audience) (Sealed, error)
	note    func(ctx context.Context, text string) (Sealed, error)
}

// input is the command's input by what was typed, besides what is given.
// Faults stand at their fields, and the first is returned.
func (a *act) input(ctx context.Context, f form, given map[string]any, keep seals) ([]byte, error) {
	for _, x := range a.Fields {
		x.read(f)
	}
	var first error
	left := untouched(a.Fields)
	for _, x := range a.Fields {
		if left[x.Group()] {
			continue
		}
		if err := x.check(); err != nil {
			first = errors.Join(first, err)
		}
	}
	if first != nil {
		return nil, first
	}
	for _, x := range a.Fields { // nothing is kept before all is in order
		if left[x.Group()] {
			continue
		}
		value, err := x.value(ctx, keep)
		if err != nil {
			return nil, err
		}
		if value != nil {
			place(given, x.Name, value)
		}
	}
	if a.shape != nil {
		a.shape(given)
	}
	return json.Marshal(listed(given))
}

// acts are what can be done on a page, and what went wrong just now.
type acts struct {
	All     []act
	Key     string
	Problem string // what was refused
	At      string // the field at fault
	Done    string // what was done last
}

// Now are those that can be done as things stand, or were tried.
func (a acts) Now() []act {
	return slices.DeleteFunc(slices.Clone(a.All), func(x act) bool { return !x.Now && !x.Open })
}

// begin makes the forms ready to be shown.
func (p *Page) begin(all []act) (a acts, err error) {
	a.All = all
	if a.Done, err = p.oneOf("done", enums["act"]...); err != nil {
		return a, err
	}
	a.Key, err = p.newKey()
	return a, err
}

// do carries out what was posted. Where that is refused the forms say so, and
// keep what was typed.
func (p *Page) do(a *acts, f form, given map[string]any, keep seals) (reply, error) {
	d, err := p.s.desk()
	if err != nil {
		return reply{}, err
	}
	at := slices.IndexFunc(a.All, func(x act) bool { return x.Name == f.Get("do") })
	if at < 0 {
		return reply{}, errNoAct
	}
	x := &a.All[at]
	if given == nil {
		given = map[string]any{}
	}
	maps.Copy(given, x.given)
	input, err := x.input(p.r.Context(), f, given, keep)
	var receipt desk.Receipt
	if err == nil {
		receipt, err = d.Submit(p.r.Context(), p.Actor, x.command, f.key+"-"+x.Name, input)
	}
	if err != nil {
		a.Key = f.key
		return reply{}, a.refuse(x, err, p.Lang)
	}
	to := x.done
	if x.after != nil {
		to = x.after(receipt)
	}
	if to == "" {
		if to, err = p.With(p.keepLang(p.r.URL.Path, url.Values{}), "done", x.Word()); err != nil {
			return reply{}, err
		}
	}
	return reply{to: to}, nil
}

// refused is a command that was not carried out, for reasons that the page
// tells beside the form.
type refused struct{ why *ledger.Error }

func (r refused) Error() string { return r.why.Error() }

func (a *acts) refuse(x *act, err error, lang string) error {
	e := ledger.AsError(firstOf(err))
	if status := e.Code.Status(); status >= http.StatusInternalServerError || status == http.StatusUnauthorized {
		return err
	}
	x.Open, a.Problem = true, e.Text.In(lang)
	for _, part := range unjoined(err) {
		e := ledger.AsError(part)
		if y := found(x.Fields, e.Field); y != nil {
			y.Fault = faultOf(e).Text.In(lang)
			if a.At == "" {
				a.At = x.Name + "-" + y.Name
			}
		}
	}
	if len(unjoined(err)) > 1 {
		a.Problem = ""
	}
	return refused{e}
}

// faultOf is an error as it is told at the field that it is about: one that
// names it by its name in the input says the same without.
func faultOf(e *ledger.Error) *ledger.Error {
	if e.Rule == "input.missing" {
		return errEmpty
	}
	return e
}

func firstOf(err error) error { return unjoined(err)[0] }

func unjoined(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range many.Unwrap() {
			all = append(all, unjoined(e)...)
		}
		return all
	}
	return []error{err}
}

// shown is a page whose forms tell what was refused, or the error itself.
func shown(page string, data any, err error) (reply, error) {
	var r refused
	if errors.As(err, &r) {
		return reply{page: page, data: data, status: r.why.Code.Status()}, nil
	}
	return reply{}, err
}
