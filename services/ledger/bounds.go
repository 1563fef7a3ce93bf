package ledger

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckAppend holds an append against the bounds of the log, which are the same
// for every engine: ErrTooLarge, or an error that says what is no name or that
// there is nothing to append.
func CheckAppend(stream string, events []Record) error {
	if err := checkName("stream", stream); err != nil {
		return err
	}
	if len(events) == 0 {
		return Errorf(Invalid, "store.empty", "没有要记录的事件。", "There are no events to append.")
	}
	if len(events) > MaxBatch {
		return fmt.Errorf("%w: %d events in one append, at most %d", ErrTooLarge, len(events), MaxBatch)
	}
	for i, e := range events {
		if n := len(e.Data) + len(e.Meta); n > MaxEvent {
			return fmt.Errorf("%w: event %d has %d bytes, at most %d", ErrTooLarge, i, n, MaxEvent)
		}
		if err := checkName("type", e.Type); err != nil {
			return err
		}
	}
	return nil
}

func checkName(what, s string) error {
	if len(s) > MaxNameLen {
		return fmt.Errorf("%w: the %s's name has %d bytes, at most %d", ErrTooLarge, what, len(s), MaxNameLen)
	}
	if s == "" || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return Errorf(Invalid, "store.name",
			"%s %q 不能用作名称：不可为空，须为 UTF-8，不含控制字符。",
			"%s %q is no name: it must not be empty, must be UTF-8 and hold no control characters.", what, s)
	}
	return nil
}
