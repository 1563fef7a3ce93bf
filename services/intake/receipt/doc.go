// Package receipt is what a reporter keeps: 28 digits, from which everything
// is derived that opens the report's box again. The browser derives it where
// it can (the twin of this package, held to the same vectors in
// test/cases/receipts.json); where it cannot, the server does, in memory.
//
// The package must never store, log or count anything, and none of its errors
// may carry a digit of a receipt or a key. A Receipt and Keys show themselves
// to nobody who does not ask by name: every way of printing gives "receipt".
//
// What cannot be wiped in Go: text a caller holds (a posted form, Grouped),
// copies that a growing stack leaves behind, and the 19 MiB of an Argon2 run,
// which stay as they are until that memory is used again. So the process that
// derives must not dump core and must not be swapped out.
package receipt

import (
	"fmt"
	"io"
)

// hidden is what printing shows of a secret. Format answers fmt in all its
// verbs; String those who ask for it without fmt (a panic, a context that is
// printed); MarshalText encoding/json, encoding/xml and log/slog.
type hidden struct{}

func (hidden) String() string { return "receipt" }

func (hidden) Format(to fmt.State, _ rune) { _, _ = io.WriteString(to, "receipt") }

func (hidden) MarshalText() ([]byte, error) { return []byte("receipt"), nil }

// behind is where a secret stands. In a field that is not exported none of
// hidden's methods is asked: fmt takes the value apart, and a pointer too,
// under a verb that does not fit it. A function shows its address at most.
type behind[T any] func() *T

func hide[T any](secret *T) behind[T] { return func() *T { return secret } }
