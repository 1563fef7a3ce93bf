package envelope

import (
	"errors"

	"suyuan/services/ledger"
)

var errSeal = errors.New("envelope: cannot be opened: it was not sealed to this key, or was changed")

func invalid(rule, zh, en string) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "envelope."+rule, zh, en)
}
