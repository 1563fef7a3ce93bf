package portal

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"suyuan/services/ledger"
)

// input is one field of a form: what was typed, what it was taken for, and
// what is wrong with it.
type input struct{ Name, Typed, Value, Fault string }

// ofMandate is a measure with the mandate it belongs to.
type ofMandate struct {
	Measure measure
	Mandate mandateRef
}

// burdenFilter narrows who added most. Where a word typed fits several units
// or measures, these are offered and nothing is asked yet.
type burdenFilter struct {
	Within, Measure, Dimension, From, To input

	Unit         *unitRef
	Units        []unitRef
	MoreUnits    bool
	Of           *ofMandate
	Measures     []ofMandate
	MoreMeasures bool
}

// offered is how many units, or mandates, a word typed may bring up.
const offered = 10

func (f *burdenFilter) inputs() []*input {
	return []*input{&f.Within, &f.Measure, &f.Dimension, &f.From, &f.To}
}

// Faults are the inputs to be put right, in the order of the form.
func (f *burdenFilter) Faults() []input {
	var out []input
	for _, in := range f.inputs() {
		if in.Fault != "" {
			out = append(out, *in)
		}
	}
	return out
}

// Open reports whether the form wants an answer.
func (f *burdenFilter) Open() bool { return !f.ready() }

func (f *burdenFilter) ready() bool {
	return len(f.Faults()) == 0 && len(f.Units) == 0 && len(f.Measures) == 0
}

func (f *burdenFilter) variables() map[string]any {
	out := map[string]any{}
	for _, in := range f.inputs() {
		out[in.Name] = orNull(in.Value)
	}
	return out
}

// refused puts a refusal beside the input it is about; false where it is
// about none of them.
func (f *burdenFilter) refused(p *Page, err error) bool {
	var e *ledger.Error
	if !errors.As(err, &e) || e.Code != ledger.Invalid && e.Code != ledger.NotFound {
		return false
	}
	for _, in := range f.inputs() {
		if in.Name == e.Field {
			in.Fault = e.Text.In(p.Lang)
			return true
		}
	}
	return false
}

func (p *Page) readBurden() (*burdenFilter, error) {
	f := &burdenFilter{}
	for i, name := range []string{"within", "measure", "dimension", "from", "to"} {
		typed, err := p.text(name, mostID)
		if err != nil {
			return nil, err
		}
		*f.inputs()[i] = input{Name: name, Typed: typed}
	}
	if in := &f.Dimension; in.Typed != "" {
		if in.Value = in.Typed; !known("dimension", in.Typed) {
			in.Value, in.Fault = "", p.say("burden.noDimension", "typed", in.Typed)
		}
	}
	for _, in := range []*input{&f.From, &f.To} {
		if in.Value = isoDay(in.Typed); in.Value == "" && in.Typed != "" {
			in.Fault = p.say("burden.noDay", "typed", in.Typed)
		}
	}
	if err := p.findWithin(f); err != nil {
		return nil, err
	}
	return f, p.findMeasure(f)
}

var dayTyped = regexp.MustCompile(`^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$`)

// isoDay reads a day as people type it, 2022-8-9 or 2022年8月9日; "" where there
// is no such day.
func isoDay(typed string) string {
	m := dayTyped.FindStringSubmatch(strings.ReplaceAll(typed, " ", ""))
	if m == nil {
		return ""
	}
	day, err := time.Parse("2006-1-2", m[1]+"-"+m[2]+"-"+m[3])
	if err != nil {
		return ""
	}
	return day.Format(time.DateOnly)
}

// findWithin takes what was typed for a unit's code, else for a part of its name.
func (p *Page) findWithin(f *burdenFilter) error {
	in := &f.Within
	if in.Typed == "" {
		return nil
	}
	word := in.Typed
	if utf8.RuneCountInString(word) > mostSearch {
		in.Fault = p.say("burden.noUnit", "typed", word)
		return nil
	}
	got, err := ask[struct {
		Unit  *unitRef
		Units connection[unitRef]
	}](p.r.Context(), p.s, "burden_within", map[string]any{"code": word, "search": word, "first": offered})
	if err != nil {
		return err
	}
	hits := got.Units.Nodes()
	named := slices.DeleteFunc(slices.Clone(hits), func(u unitRef) bool { return u.Name != word })
	switch {
	case got.Unit != nil:
		f.Unit = got.Unit
	case len(hits) == 0:
		in.Fault = p.say("burden.noUnit", "typed", word)
	case len(hits) == 1:
		f.Unit = &hits[0]
	case len(named) == 1:
		f.Unit = &named[0]
	default:
		f.Units, f.MoreUnits = hits, got.Units.Next() != ""
	}
	if f.Unit != nil {
		in.Value = f.Unit.Code
	}
	return nil
}

// findMeasure takes what was typed for a measure's id, mandate/key, else for a
// part of its mandate's title.
func (p *Page) findMeasure(f *burdenFilter) error {
	in := &f.Measure
	if in.Typed == "" {
		return nil
	}
	id, _, isID := strings.Cut(in.Typed, "/")
	var search any // nothing where an id was typed: no titles are wanted then
	titles := 0
	if !isID && utf8.RuneCountInString(in.Typed) <= mostSearch {
		search, titles = in.Typed, offered
	}
	got, err := ask[struct {
		Mandate  *measuresOf
		Mandates connection[measuresOf]
	}](p.r.Context(), p.s, "burden_measure", map[string]any{"id": id, "search": search, "first": titles})
	if err != nil {
		return err
	}
	found := got.Mandate.all()
	if isID {
		found = slices.DeleteFunc(found, func(m ofMandate) bool { return m.Measure.ID != in.Typed })
	} else if got.Mandate == nil && titles > 0 {
		for _, m := range got.Mandates.Nodes() {
			found = append(found, m.all()...)
		}
		f.MoreMeasures = got.Mandates.Next() != ""
	}
	switch len(found) {
	case 0:
		in.Fault = p.say("burden.noMeasure", "typed", in.Typed)
	case 1:
		f.Of, in.Value = &found[0], found[0].Measure.ID
	default:
		f.Measures = found
	}
	return nil
}

// measuresOf is a mandate with its measures.
type measuresOf struct {
	mandateRef
	Measures []measure
}

func (m *measuresOf) all() []ofMandate {
	if m == nil {
		return nil
	}
	var out []ofMandate
	for _, x := range m.Measures {
		out = append(out, ofMandate{x, m.mandateRef})
	}
	return out
}
