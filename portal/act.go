package portal

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"suyuan/services/ledger"
)

// act is something that staff do on a page: a command with the form it takes.
type act struct {
	Name    string // of the set "act"
	Now     bool   // it can be done as things stand
	Open    bool   // its form is shown unfolded
	Fields  []*field
	command string
	done    string // the address to go on to; "": the page itself
}

// field is a part of a form, and the member of the command's input that it
// fills.
type field struct {
	Name     string // of the member; also of the set "field"
	Kind     string // one of the kinds below
	Hint     string // a sentence, in the page's language
	Max      int    // characters, or the largest number
	Optional bool
	Choices  []choice
	Listed   string // id of a list of suggestions on the page
	Value    string
	Fault    string
}

// The kinds of fields.
const (
	lineField    = "line"
	areaField    = "area"
	numberField  = "number"
	dateField    = "date"
	choiceField  = "choice" // the choice's value as text
	yesField     = "yes"    // one of the choices true and false, as a boolean
	listField    = "list"   // several, each on a line of its own
	messageField = "message"
	guardedField = "guarded" // a message about retaliation
	noteField    = "note"
	fixedField   = "fixed" // not to be changed
)

// choice is one of a few.
type choice struct {
	Value, Text string
	Chosen      bool
}

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
	message func(ctx context.Context, text string, guarded bool) (Sealed, error)
	note    func(ctx context.Context, text string) (Sealed, error)
}

// input is the command's input by what was typed, besides what is given.
// Faults stand at their fields, and the first is returned.
func (a *act) input(ctx context.Context, f form, given map[string]any, keep seals) ([]byte, error) {
	var first error
	for _, x := range a.Fields {
		x.Value = strings.TrimSpace(strings.ReplaceAll(f.Get(x.Name), "\r\n", "\n"))
		for i := range x.Choices {
			x.Choices[i].Chosen = x.Choices[i].Value == x.Value
		}
		if err := x.check(); err != nil {
			first = errors.Join(first, err)
		}
	}
	if first != nil {
		return nil, first
	}
	for _, x := range a.Fields { // nothing is kept before all is in order
		value, err := x.value(ctx, keep)
		if err != nil {
			return nil, err
		}
		if value != nil {
			given[x.Name] = value
		}
	}
	return json.Marshal(given)
}

func (x *field) check() error {
	err := x.fault()
	if err != nil {
		return err.At("%s", x.Name)
	}
	return nil
}

func (x *field) fault() *ledger.Error {
	switch {
	case x.Value == "" && x.Optional:
		return nil
	case x.Value == "":
		return ledger.Errorf(ledger.Invalid, "page.empty", "请填写这一项。", "This has to be filled in.")
	case !utf8.ValidString(x.Value):
		return ledger.Errorf(ledger.Invalid, "page.unreadable", "这一项含有无法识别的字符。", "This contains characters that cannot be read.")
	case x.Kind == numberField:
		n, err := strconv.Atoi(x.Value)
		if err != nil || n < 0 || n > x.Max {
			return ledger.Errorf(ledger.Invalid, "page.number", "请填 0 至 %d 的整数。", "Give a whole number from 0 to %d.", x.Max)
		}
	case x.Kind == choiceField || x.Kind == yesField:
		if !slices.ContainsFunc(x.Choices, func(c choice) bool { return c.Value == x.Value }) {
			return ledger.Errorf(ledger.Invalid, "page.choice", "请从列出的选项中选择。", "Choose one of those listed.")
		}
	case x.Max > 0 && utf8.RuneCountInString(x.Value) > x.Max:
		return ledger.Errorf(ledger.Invalid, "page.long", "最多 %d 个字。", "At most %d characters.", x.Max)
	}
	return nil
}

// value is what the member holds; nil where it is left out.
func (x *field) value(ctx context.Context, keep seals) (any, error) {
	if x.Value == "" {
		return nil, nil
	}
	switch x.Kind {
	case numberField:
		return strconv.Atoi(x.Value)
	case yesField:
		return x.Value == "true", nil
	case listField:
		list := strings.FieldsFunc(x.Value, func(r rune) bool { return strings.ContainsRune(" \t\n,，、;；", r) })
		if len(list) > mostListed {
			return nil, ledger.Errorf(ledger.Invalid, "page.list", "最多 %d 项。", "At most %d of them.", mostListed).At("%s", x.Name)
		}
		return list, nil
	case messageField, guardedField:
		return keep.message(ctx, x.Value, x.Kind == guardedField)
	case noteField:
		return keep.note(ctx, x.Value)
	}
	return x.Value, nil
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
	input, err := x.input(p.r.Context(), f, given, keep)
	if err == nil {
		_, err = d.Submit(p.r.Context(), p.Actor, x.command, f.key+"-"+x.Name, input)
	}
	if err != nil {
		a.Key = f.key
		return reply{}, a.refuse(x, err, p.Lang)
	}
	to := x.done
	if to == "" {
		if to, err = p.With(p.keepLang(p.r.URL.Path, url.Values{}), "done", x.Name); err != nil {
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
		name, _, _ := strings.Cut(e.Field, ".")
		name, _, _ = strings.Cut(name, "[")
		for _, y := range x.Fields {
			if y.Name == name {
				y.Fault = e.Text.In(lang)
				if a.At == "" {
					a.At = x.Name + "-" + y.Name
				}
			}
		}
	}
	if len(unjoined(err)) > 1 {
		a.Problem = ""
	}
	return refused{e}
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
