package breakdown

import (
	"errors"

	"suyuan/services/ledger"
)

// sentence is what a person is told, in Chinese.
func sentence(err error) string {
	if e, ok := errors.AsType[*ledger.Error](err); ok {
		return e.Text.Zh
	}
	return err.Error()
}
