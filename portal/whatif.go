package portal

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"suyuan/services/ledger"
)

// whatIfPage is the calculator: a case typed into a form, and what JRA-1 makes
// of it. It asks and records nothing.
type whatIfPage struct {
	*Page
	Kind    string
	Kinds   []string
	Rows    []*whatIfRow
	Fields  []*whatIfField // of the case as a whole
	Problem string         // a fault of no single field
	Faults  []*whatIfField
	Why     *division
	Version int // of the parameters used, 0 where none are on record
	Example string
}

// whatIfRow is one unit of the case.
type whatIfRow struct {
	N      int
	Fields []*whatIfField
	Last   bool // the last that is shown without unfolding
}

// whatIfField is one input of the form.
type whatIfField struct {
	Name    string // of the input: v2
	Key     string // of its words
	Kind    string // text, number, check or choice
	N       int    // of the unit it is about, 0 for the whole
	Choices []choice
	Typed   string
	Fault   string
}

// Filled reports whether a row was typed into.
func (r *whatIfRow) Filled() bool {
	for _, f := range r.Fields {
		if f.Typed != "" {
			return true
		}
	}
	return false
}

// Invalid reports whether a field of the row is to be put right.
func (r *whatIfRow) Invalid() bool {
	for _, f := range r.Fields {
		if f.Fault != "" {
			return true
		}
	}
	return false
}

// Bounds of the form.
const (
	mostWhatIfRows  = 6
	shownWhatIfRows = 3
	mostWhatIfText  = 40
)

// whatIf works a case out that is asked in the address.
func (s *site) whatIf(p *Page) (reply, error) {
	kind, err := p.oneOf("kind", enums["whatIfKind"]...)
	if err != nil {
		return reply{}, err
	}
	if kind == "" {
		kind = "quantity"
	}
	view := &whatIfPage{Page: p, Kind: kind, Kinds: enums["whatIfKind"], Example: p.keepLang("/whatif", whatIfExamples[kind].query(kind))}
	p.Title = p.say("whatif.title")
	p.Crumbs = []Crumb{{p.say("findings.title"), p.To("findings")}, {Text: p.Title}}
	if err := view.read(); err != nil {
		return reply{}, err
	}
	if !view.typed() {
		return reply{page: "whatif", data: view}, nil
	}
	c := view.build()
	if view.gatherFaults(); len(view.Faults) == 0 {
		err = view.answer(c)
		view.gatherFaults()
	}
	if err != nil {
		return reply{}, err
	}
	status := 200
	if view.Problem != "" || len(view.Faults) > 0 {
		status = 400
	}
	return reply{page: "whatif", data: view, status: status}, nil
}

// answer asks for what the case comes to; what is refused is told at its field.
func (v *whatIfPage) answer(c map[string]any) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	var version any
	if f := v.field("version"); f.Typed != "" {
		n, err := strconv.Atoi(f.Typed)
		if err != nil {
			f.Fault = v.say("whatif.noNumber")
			return nil
		}
		version = n
	}
	got, err := ask[struct{ WhatIf explanation }](v.r.Context(), v.s, "what_if", map[string]any{"case": string(text), "version": version})
	if err != nil {
		var e *ledger.Error
		if !errors.As(err, &e) || e.Code != ledger.Invalid && e.Code != ledger.NotFound {
			return err
		}
		v.refused(e, c)
		return nil
	}
	x := got.WhatIf
	if x.Policy != nil {
		v.Version = x.Policy.Version
	}
	executor, _ := c["executor"].(string)
	if units, ok := c["units"].([]string); ok && executor == "" {
		executor = units[len(units)-1]
	}
	title := v.say("whatif.result", "who", v.Shared(x.Shares))
	if x.NoShortfall {
		title = v.say("finding.nothing", "executor", executor)
	}
	v.Why = v.divide("w", x, x.Shares, whatIfKinds[v.Kind], v.measure(), executor, title)
	v.Title = title
	return nil
}

// whatIfKinds are the form's kinds as outcomes are told apart; a deadline is a
// quantity that counts downwards.
var whatIfKinds = map[string]string{"quantity": "QUANTITY", "deadline": "QUANTITY", "conduct": "CONDUCT", "contradiction": "CONTRADICTION", "competing": "COMPETING"}

// measure is what the amounts are of.
func (v *whatIfPage) measure() *measure {
	switch v.Kind {
	case "deadline":
		return &measure{Kind: "INTENSITY", Harder: "LOWER", Unit: v.say("whatif.days")}
	case "quantity", "competing":
		return &measure{Kind: "DIVISIBLE", Harder: "HIGHER", Unit: v.field("of").Typed}
	}
	return nil
}

// refused puts a refusal beside the field it is about.
func (v *whatIfPage) refused(e *ledger.Error, c map[string]any) {
	text := e.Text.In(v.Lang)
	name := e.Field
	if units, ok := c["units"].([]string); ok {
		for i, unit := range units {
			for _, part := range []string{"issued[" + itoa(i) + "]", "approved." + unit, "demands." + unit, "constraints." + unit} {
				if strings.HasPrefix(name, part) {
					name = strings.Split(part, ".")[0]
					name = map[string]string{"approved": "p", "demands": "v", "constraints": "v"}[name] + itoa(v.rowOf(unit))
					if strings.HasPrefix(part, "issued") {
						name = "v" + itoa(v.rowOf(unit))
					}
				}
			}
			if e.Field == "overruled."+unit {
				name = "by" + itoa(v.rowOf(unit))
			}
		}
	}
	name = map[string]string{"coOwned": "lambda", "adequacy": "a", "windowMinutes": "window"}[name] + keepUnless(name, "coOwned", "adequacy", "windowMinutes")
	if f := v.field(name); f.Name != "" {
		f.Fault = text
		if f.Key == "a" || f.Key == "lambda" { // the algorithm speaks in its own letters
			f.Fault = v.say("whatif.part")
		}
		return
	}
	v.Problem = text
}

func keepUnless(name string, others ...string) string {
	for _, o := range others {
		if name == o {
			return ""
		}
	}
	return name
}

func (v *whatIfPage) rowOf(unit string) int {
	for _, r := range v.Rows {
		if v.field("u"+itoa(r.N)).Typed == unit {
			return r.N
		}
	}
	return 0
}
