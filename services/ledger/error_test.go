package ledger

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestErrors(t *testing.T) {
	base := Refuse("thing.no", "不行：%s。", "No: %s.", "甲")
	at := base.At("lines[%d].to", 3).Because(io.ErrUnexpectedEOF)
	if base.Field != "" || at.Field != "lines[3].to" || !errors.Is(at, io.ErrUnexpectedEOF) || errors.Is(base, io.ErrUnexpectedEOF) {
		t.Errorf("%+v, %+v", base, at)
	}
	if at.Text.In("en") != "No: 甲." || at.Text.In("zh") != "不行：甲。" || at.Text.In("") != "不行：甲。" {
		t.Errorf("%+v", at.Text)
	}
	if got := AsError(fmt.Errorf("append: %w", at)); got != at {
		t.Errorf("%v", got)
	}
	inside := AsError(errors.New("password=hunter2"))
	if inside.Code != Internal || strings.Contains(inside.Text.En+inside.Text.Zh, "hunter2") || !IsCode(inside, Internal) || IsCode(io.EOF, Internal) {
		t.Errorf("%+v", inside)
	}
}

func TestStatus(t *testing.T) {
	for code, want := range map[Code]int{Invalid: 400, Unauthenticated: 401, Forbidden: 403, NotFound: 404, Conflict: 409, Refused: 409, Unavailable: 503, Internal: 500, "other": 500} {
		if code.Status() != want {
			t.Errorf("%s: %d", code, code.Status())
		}
	}
}

// What somebody sent is quoted, never by the megabyte.
func TestErrorsQuoteBriefly(t *testing.T) {
	long := strings.Repeat("长", 1<<16)
	args := []any{long, 7}
	e := Errorf(Invalid, "thing.long", "“%s”太长（%d）。", "%q is too long (%d).", args...)
	if len(e.Text.Zh) > 2000 || !strings.Contains(e.Text.Zh, "…") || !strings.Contains(e.Text.Zh, "（7）") || args[0] != long {
		t.Errorf("%.100s … of %d bytes", e.Text.Zh, len(e.Text.Zh))
	}
}

func TestChecks(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		rule string
	}{
		"id":                     {CheckID("id", "a b"), "input.id"},
		"blank":                  {CheckText("name", " \t", 5, true), "input.missing"},
		"blank but optional":     {CheckText("name", "", 5, false), ""},
		"characters, not bytes":  {CheckText("name", "甲乙丙丁戊", 5, true), ""},
		"too long":               {CheckText("name", "甲乙丙丁戊己", 5, true), "input.too_long"},
		"no date":                {CheckDate("day", "", true), "input.date"},
		"no date, optional":      {CheckDate("day", "", false), ""},
		"a wrong date, optional": {CheckDate("day", "x", false), "input.date"},
		"a word":                 {CheckWord("role", Clerk, Roles...), ""},
		"another word":           {CheckWord("role", Role("mayor"), Roles...), "input.word"},
		"none":                   {CheckCount("lines", 0, 1, 2), "input.count"},
		"too many":               {CheckCount("lines", 3, 1, 2), "input.count"},
		"enough":                 {CheckCount("lines", 2, 1, 2), ""},
		"first of several":       {First(nil, CheckCount("lines", 3, 1, 2), CheckID("id", "")), "input.count"},
		"first of none":          {First(nil, nil), ""},
	} {
		e, _ := errors.AsType[*Error](c.err)
		switch {
		case c.rule == "" && c.err != nil:
			t.Errorf("%s: %v", name, c.err)
		case c.rule != "" && (e == nil || e.Rule != c.rule || e.Field == "" || e.Code != Invalid || strings.Contains(e.Text.Zh+e.Text.En, "%!")):
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestCheckTextRefusesLostSigns(t *testing.T) {
	for s, good := range map[string]bool{"望溪县": true, "𠀀": true, "": true, "\xCD\xFB": false, "望\uFFFD县": false} {
		if err := CheckText("name", s, 20, false); (err == nil) != good || err != nil && AsError(err).Rule != "input.encoding" {
			t.Errorf("%q: %v", s, err)
		}
	}
}
