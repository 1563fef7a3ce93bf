package portal

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"suyuan/services/ledger"
)

// field is a part of a form, and the member of the command's input that it
// fills: reason, or penalties.0.on for a member of the first of several.
type field struct {
	Name     string // of the member; its last part is also of the set "field"
	Label    string // what it is called, where the set "field" has no word for it
	Head     string // a heading over this and what follows
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
	answerField  = "answer"  // a message to all whose complaints go on in this one
	guardedField = "guarded" // a message about retaliation
	noteField    = "note"
	fixedField   = "fixed"  // not to be changed
	givenField   = "given"  // not shown, and not taken from the form: part of a group that something was filled in of
	selectField  = "select" // one of many, as text
	exactField   = "exact"  // an exact number, as text
	momentField  = "moment" // to the minute, in China's time
	tickField    = "tick"   // true where it was ticked, else left out
)

var errEmpty = ledger.Errorf(ledger.Invalid, "page.empty", "请填写这一项。", "This has to be filled in.")

// choice is one of a few.
type choice struct {
	Value, Text string
	Chosen      bool
}

// Word is the field's name in the set "field".
func (x *field) Word() string { return x.Name[strings.LastIndexByte(x.Name, '.')+1:] }

// exactly is how an exact number is written.
var exactly = regexp.MustCompile(`^[-+]?[0-9]+(\.[0-9]+|/[0-9]+)?$`)

const (
	mostExact    = 80
	momentLayout = "2006-01-02T15:04" // what a browser's own field sends
)

// read takes from a form what was typed into the field.
func (x *field) read(f form) {
	if x.Kind == givenField {
		return
	}
	x.Value = strings.TrimSpace(strings.ReplaceAll(f.Get(x.Name), "\r\n", "\n"))
	for i := range x.Choices {
		x.Choices[i].Chosen = x.Choices[i].Value == x.Value
	}
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
		return errEmpty
	case !utf8.ValidString(x.Value):
		return ledger.Errorf(ledger.Invalid, "page.unreadable", "这一项含有无法识别的字符。", "This contains characters that cannot be read.")
	case x.Kind == numberField:
		n, err := strconv.Atoi(x.Value)
		if err != nil || n < 0 || n > x.Max {
			return ledger.Errorf(ledger.Invalid, "page.number", "请填 0 至 %d 的整数。", "Give a whole number from 0 to %d.", x.Max)
		}
	case x.Kind == exactField:
		if len(x.Value) > mostExact || !exactly.MatchString(x.Value) {
			return ledger.Errorf(ledger.Invalid, "page.exact", "请填一个数，如 220、-3.5 或 2/3。", "Give a number, such as 220, -3.5 or 2/3.")
		}
	case x.Kind == dateField:
		if !ledger.Date(x.Value).Valid() {
			return ledger.Errorf(ledger.Invalid, "page.date", "请填日期，如 2022-08-09。", "Give a date, such as 2022-08-09.")
		}
	case x.Kind == momentField:
		if _, err := time.ParseInLocation(momentLayout, x.Value, china); err != nil {
			return ledger.Errorf(ledger.Invalid, "page.moment", "请填日期和时间，如 2022-08-09T14:30。", "Give a date and time, such as 2022-08-09T14:30.")
		}
	case x.Kind == tickField:
		if x.Value != "true" {
			return ledger.Errorf(ledger.Invalid, "page.choice", "请从列出的选项中选择。", "Choose one of those listed.")
		}
	case x.Kind == choiceField || x.Kind == selectField || x.Kind == yesField:
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
	case yesField, tickField:
		return x.Value == "true", nil
	case momentField:
		t, err := time.ParseInLocation(momentLayout, x.Value, china)
		return t.Format(time.RFC3339), err
	case listField:
		list := strings.FieldsFunc(x.Value, func(r rune) bool { return strings.ContainsRune(" \t\n,，、;；", r) })
		if len(list) > mostListed {
			return nil, ledger.Errorf(ledger.Invalid, "page.list", "最多 %d 项。", "At most %d of them.", mostListed).At("%s", x.Name)
		}
		return list, nil
	case messageField:
		return keep.message(ctx, x.Value, ToReporter)
	case answerField:
		return keep.message(ctx, x.Value, ToAll)
	case guardedField:
		return keep.message(ctx, x.Value, Guarded)
	case noteField:
		return keep.note(ctx, x.Value)
	}
	return x.Value, nil
}
