package portal

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// The fields of each kind of case: for each unit, and for the whole.
var (
	whatIfOfUnit = map[string][]string{
		"quantity":      {"u", "v", "p", "si", "by", "il"},
		"deadline":      {"u", "v", "p", "si", "by", "il"},
		"conduct":       {"u", "power", "knew", "did", "group", "by", "il"},
		"contradiction": {"u", "v", "si", "by", "il"},
		"competing":     {"u", "v", "si", "by", "il"},
	}
	whatIfOfWhole = map[string][]string{
		"quantity":      {"of", "verified", "capacity", "lambda", "a", "owner", "false", "version"},
		"deadline":      {"verified", "capacity", "lambda", "a", "owner", "false", "version"},
		"conduct":       {"window", "version"},
		"contradiction": {"version"},
		"competing":     {"of", "executor", "verified", "capacity", "version"},
	}
)

// kindOfField says how a field is typed.
func kindOfField(key string) string {
	switch key {
	case "si", "il", "knew", "did", "group", "false":
		return "check"
	case "by", "owner", "power", "lambda":
		return "choice"
	case "v", "p", "verified", "capacity", "a", "window", "version":
		return "number"
	}
	return "text"
}

// read takes the form out of the address.
func (v *whatIfPage) read() error {
	for n := 1; n <= mostWhatIfRows; n++ {
		row := &whatIfRow{N: n, Last: n == shownWhatIfRows}
		for _, key := range whatIfOfUnit[v.Kind] {
			f, err := v.readField(key, n)
			if err != nil {
				return err
			}
			row.Fields = append(row.Fields, f)
		}
		v.Rows = append(v.Rows, row)
	}
	for _, key := range whatIfOfWhole[v.Kind] {
		f, err := v.readField(key, 0)
		if err != nil {
			return err
		}
		v.Fields = append(v.Fields, f)
	}
	return nil
}

func (v *whatIfPage) readField(key string, n int) (*whatIfField, error) {
	f := &whatIfField{Name: key, Key: key, Kind: kindOfField(key), N: n}
	if n > 0 {
		f.Name += itoa(n)
	}
	if key == "v" || key == "verified" || key == "capacity" { // what it counts depends on the kind
		f.Key = map[string]string{"deadline": key + "Days", "contradiction": "constraints", "competing": key + "Asked"}[v.Kind]
		if f.Key == "" || v.Kind == "competing" && key != "v" {
			f.Key = key
		}
	}
	var err error
	if f.Typed, err = v.text(f.Name, 2*mostWhatIfText); err != nil {
		return nil, err
	}
	switch key {
	case "by", "owner":
		f.Choices = append(f.Choices, choice{Value: "", Text: v.enum("whatIfNone", key)})
		for i := 1; i <= mostWhatIfRows; i++ {
			if i != n {
				f.Choices = append(f.Choices, choice{Value: itoa(i), Text: v.say("whatif.unitN", "n", i), Chosen: f.Typed == itoa(i)})
			}
		}
	case "power":
		for _, p := range []string{"3", "2", "1", "0"} {
			f.Choices = append(f.Choices, choice{Value: p, Text: v.enum("warnedPower", map[string]string{"3": "STOP", "2": "SUPERVISE", "1": "COORDINATE", "0": "NONE"}[p]), Chosen: f.Typed == p})
		}
		if f.Typed == "3" { // the first choice, and nothing else of the row: not filled in
			f.Typed = ""
		}
	case "lambda":
		for _, l := range enums["whatIfLambda"] {
			f.Choices = append(f.Choices, choice{Value: map[string]string{"unknown": "", "own": "1", "shared": "1/2", "none": "0"}[l], Text: v.enum("whatIfLambda", l)})
		}
		for i := range f.Choices {
			f.Choices[i].Chosen = f.Choices[i].Value == f.Typed
		}
	}
	return f, nil
}

// typed reports whether anything was asked.
func (v *whatIfPage) typed() bool {
	return slices.ContainsFunc(v.Rows, (*whatIfRow).Filled) || slices.ContainsFunc(v.Fields, func(f *whatIfField) bool { return f.Typed != "" })
}

// field finds an input by its name; a zero one where the form has none.
func (v *whatIfPage) field(name string) *whatIfField {
	for _, r := range v.Rows {
		for _, f := range r.Fields {
			if f.Name == name {
				return f
			}
		}
	}
	for _, f := range v.Fields {
		if f.Name == name {
			return f
		}
	}
	return &whatIfField{}
}

func (v *whatIfPage) gatherFaults() {
	v.Faults = nil
	for _, r := range v.Rows {
		for _, f := range r.Fields {
			if f.Fault != "" {
				v.Faults = append(v.Faults, f)
			}
		}
	}
	for _, f := range v.Fields {
		if f.Fault != "" {
			v.Faults = append(v.Faults, f)
		}
	}
}

var (
	whatIfNumber = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,6})?(%|/[0-9]{1,12})?$`)
	negative     = regexp.MustCompile(`^[-−－][0-9]`)
	longNumber   = regexp.MustCompile(`^[0-9]{13,}`)
)

// number is a field's as cases write it; percentages become fractions.
func (v *whatIfPage) number(f *whatIfField) string {
	text := strings.NewReplacer(",", "", "，", "", " ", "", "％", "%").Replace(f.Typed)
	switch {
	case negative.MatchString(text):
		f.Fault = v.say("whatif.negative")
		return "0"
	case longNumber.MatchString(text):
		f.Fault = v.say("whatif.tooLarge")
		return "0"
	}
	if !whatIfNumber.MatchString(text) || strings.Contains(text, "/") && strings.Contains(text, ".") || strings.HasSuffix(text, "/0") {
		f.Fault = v.say("whatif.noNumber")
		return "0"
	}
	if part, ok := strings.CutSuffix(text, "%"); ok {
		if whole, places, point := strings.Cut(part, "."); point {
			return whole + places + "/1" + strings.Repeat("0", 2+len(places))
		}
		return part + "/100"
	}
	return text
}

// whatIfExample is a case to begin with, as the form's fields.
type whatIfExample map[string]string

func (e whatIfExample) query(kind string) url.Values {
	q := url.Values{"kind": {kind}}
	for name, value := range e {
		q.Set(name, value)
	}
	return q
}

// whatIfExamples are cases out of published reports; names and some of the
// figures are made up.
var whatIfExamples = map[string]whatIfExample{
	"quantity":      {"of": "亩", "u1": "县", "v1": "200", "u2": "镇", "v2": "220", "u3": "村", "verified": "190", "lambda": "1", "a": "1"},
	"deadline":      {"u1": "市", "v1": "30", "u2": "县", "v2": "20", "u3": "镇", "verified": "25", "lambda": "1", "a": "1"},
	"conduct":       {"u1": "住建部门", "power1": "2", "knew1": "on", "u2": "监理单位", "power2": "3", "knew2": "on", "u3": "施工单位", "power3": "3", "knew3": "on", "u4": "巡查员", "power4": "0", "knew4": "on", "window": "120"},
	"contradiction": {"u1": "市", "v1": "1", "u2": "县", "v2": "2", "u3": "镇", "si3": "on"},
	"competing":     {"of": "场", "executor": "街道", "u1": "甲部门", "v1": "6", "u2": "乙部门", "v2": "4", "verified": "7", "capacity": "8"},
}

// MoreRows reports whether the rows that are folded away were typed into.
func (v *whatIfPage) MoreRows() bool {
	return slices.ContainsFunc(v.Rows[shownWhatIfRows:], (*whatIfRow).Filled)
}
