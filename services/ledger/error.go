package ledger

import (
	"errors"
	"fmt"
	"slices"
)

// Code is the kind of a refusal; HTTP and GraphQL each translate it once.
type Code string

// The codes. Internal is for faults of ours and never carries their text.
const (
	Invalid         Code = "invalid"         // the input cannot be read as what was asked for
	Unauthenticated Code = "unauthenticated" // nobody is signed in, or the token is not good
	Forbidden       Code = "forbidden"       // signed in, but not for this
	NotFound        Code = "not_found"
	Conflict        Code = "conflict" // somebody else wrote first, or the name is taken
	Refused         Code = "refused"  // a rule of the field says no
	Unavailable     Code = "unavailable"
	Internal        Code = "internal"
)

// Status is the HTTP status of a refusal of this kind.
func (c Code) Status() int {
	switch c {
	case Invalid:
		return 400
	case Unauthenticated:
		return 401
	case Forbidden:
		return 403
	case NotFound:
		return 404
	case Conflict, Refused:
		return 409
	case Unavailable:
		return 503
	}
	return 500
}

// Text is one sentence in both languages of the portal.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// In returns the sentence in the language asked for: "en", else Chinese.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.Zh
}

// Error is the one error type that crosses packages. Rule is a stable name
// (`issuance.line_to_itself`) that programs may rely on; Text says what is
// wrong and what to do, to a person.
type Error struct {
	Code  Code   `json:"code"`
	Rule  string `json:"rule"`
	Text  Text   `json:"text"`
	Field string `json:"field,omitempty"` // the input field at fault, where there is one: lines[3].amounts[0].value
	cause error
}

func (e *Error) Error() string { return fmt.Sprintf("%s (%s): %s", e.Rule, e.Code, e.Text.En) }

// Unwrap gives the fault underneath, for logs; it is never shown to a person.
func (e *Error) Unwrap() error { return e.cause }

// At returns the error with the field at fault named.
func (e *Error) At(format string, args ...any) *Error {
	c := *e
	c.Field = fmt.Sprintf(format, args...)
	return &c
}

// Because returns the error with the fault underneath it.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Errorf makes an error; the same arguments fill both sentences in the same
// order (use %[n]s where the languages order them differently). Texts among
// them are cut to 400 characters: they may be what somebody sent.
func Errorf(code Code, rule, zh, en string, args ...any) *Error {
	args = slices.Clone(args)
	for i := range args {
		if s, ok := args[i].(string); ok {
			args[i] = cut(s, 400)
		}
	}
	return &Error{Code: code, Rule: rule, Text: Text{Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)}}
}

// Refuse is Errorf with the code that rules of the field use.
func Refuse(rule, zh, en string, args ...any) *Error { return Errorf(Refused, rule, zh, en, args...) }

// AsError finds the Error in err's chain, or wraps err as an internal one
// whose text betrays nothing.
func AsError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return Errorf(Internal, "internal",
		"系统出错，刚才的操作没有完成；请稍后重试，仍不行请联系管理员。",
		"Something failed on our side and the request was not completed; try again, and tell the administrator if it goes on.").Because(err)
}

// IsCode reports whether err carries the code.
func IsCode(err error, code Code) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}
