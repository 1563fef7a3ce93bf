// Package blank holds entries that say nothing. Anybody can count the sealed
// entries between two open ones; a cut adds blank ones to its own, so that
// what is counted is not the number of reports.
package blank

import (
	"encoding/hex"
	"math/bits"
	"time"

	"suyuan/services/ledger"
)

// Events of the stream blank-<id>.
var Events = []ledger.Def{
	ledger.Event[Entered]("blank.entered", "An entry that says nothing, so that the number of reports cannot be counted.", "空白记录：不含内容，使人不能由条数推知反映的件数。"),
}

// Entered is nothing.
type Entered struct{}

// State is whether a cut's blank entries are there.
type State struct{ Entered bool }

// Evolve enters them.
func (Entered) Evolve(s *State) { s.Entered = true }

// Facts are none: nothing is looked at.
type Facts interface{}

// Commands of the stream blank-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Enter]("blank.enter", "Enter entries that say nothing. Role: the system, at a cut."),
}

// Most is how many are entered in one stream.
const Most = ledger.MaxBatch

// Enter enters Count of them. ID is 32 hex digits as good as random.
type Enter struct {
	ID    string `json:"id"`
	Count int    `json:"count"`
}

// Stream names the stream.
func (c Enter) Stream() string { return "blank-" + c.ID }

// Decide enters them once.
func (c Enter) Decide(s State, _ Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if by.Account != ledger.System {
		return nil, ledger.Errorf(ledger.Forbidden, "blank.system_only", "空白记录由系统写入，不能人工提交。", "Blank entries are made by the system itself.")
	}
	if raw, err := hex.DecodeString(c.ID); err != nil || len(raw) != 16 || hex.EncodeToString(raw) != c.ID {
		return nil, ledger.Errorf(ledger.Invalid, "blank.id", "编号应为 32 位十六进制数字。", "The id is 32 hexadecimal digits.").At("id")
	}
	if c.Count < 1 || c.Count > Most {
		return nil, ledger.Errorf(ledger.Invalid, "blank.count", "条数应为 1 至 %d。", "Enter 1 to %d.", Most).At("count")
	}
	if s.Entered {
		return nil, ledger.Errorf(ledger.Conflict, "blank.entered", "这些空白记录已经写入。", "These are on record already.").At("id")
	}
	events := make([]ledger.Evolver[State], c.Count)
	for i := range events {
		events[i] = Entered{}
	}
	return events, nil
}

// Least is what a cut comes to at least.
const Least = 32

// Needed is how many blank entries a cut of n needs, with what two bytes of
// chance say. Cuts of up to half of Least come to the same numbers, each as
// often. Of larger ones the first byte blurs where the next power of two
// begins, or whoever filled a cut to the brim with reports of his own would
// see one more run over; the second makes it up to eight times as much.
func Needed(n int, blur, more byte) int {
	total := Least
	for total < n+int(blur%(Least/2)) {
		total *= 2
	}
	return total<<min(bits.TrailingZeros8(more), 3) - n
}
