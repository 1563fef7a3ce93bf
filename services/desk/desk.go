// Package desk is the one door for writes: it loads a stream, lets the command
// decide, appends what happened, and tries again when somebody else was
// quicker. Portal, HTTP, scenarios and reactors all come through Submit.
package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"suyuan/services/ledger"
)

// Facts gives decisions their read-only look at the fold.
type Facts interface {
	// Look calls use with the fold standing still at an ordinal.
	Look(use func(facts any, ordinal uint64))
	// Wait returns once the fold has reached a position, or with ctx.
	Wait(ctx context.Context, p ledger.Position) error
	// Ordinal is that of a stream's event once it is folded, 0 before.
	Ordinal(stream string, revision int64) uint64
}

// Limits of a submit.
const (
	tries    = 3               // on a conflict
	patience = 2 * time.Second // for the fold to show what was written
	keyLimit = 200             // bytes of an idempotency key
	maxInput = 1 << 20         // bytes of a command
)

// Desk submits commands.
type Desk struct {
	log      ledger.Log
	events   *ledger.Catalogue
	commands map[string]ledger.CommandDef
	facts    Facts
	clock    ledger.Clock
}

// New makes a desk. It refuses commands that are declared twice or that ask
// for facts which are not given.
func New(log ledger.Log, events *ledger.Catalogue, commands []ledger.CommandDef, facts Facts, clock ledger.Clock) (*Desk, error) {
	d := &Desk{log: log, events: events, commands: map[string]ledger.CommandDef{}, facts: facts, clock: clock}
	var look any
	facts.Look(func(f any, _ uint64) { look = f })
	for _, c := range commands {
		if _, ok := d.commands[c.Name]; ok {
			return nil, fmt.Errorf("command %s is declared twice", c.Name)
		}
		if err := c.NeedsFacts(look); err != nil {
			return nil, err
		}
		d.commands[c.Name] = c
	}
	return d, nil
}

// Receipt is the answer to a command that was carried out.
type Receipt struct {
	Stream   string          `json:"stream"`
	Revision int64           `json:"revision"`                 // of the last event
	Ordinal  uint64          `json:"ordinal,string,omitempty"` // of the last event; 0 where the engine does not know it and the fold is slow
	Events   []string        `json:"events"`
	Repeated bool            `json:"repeated,omitempty"` // the command had been carried out before
	Position ledger.Position `json:"-"`
}

// Submit carries a command out for an actor. The key makes it happen once
// however often it is sent: the same account with the same key and input gets
// the first receipt again. Errors are *ledger.Error.
func (d *Desk) Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (Receipt, error) {
	def, ok := d.commands[name]
	if !ok {
		return Receipt{}, ledger.Errorf(ledger.NotFound, "command.unknown", "没有名为“%s”的命令。", "There is no command %q.", name)
	}
	if by.Anonymous() {
		return Receipt{}, ledger.Errorf(ledger.Unauthenticated, "command.sign_in", "请先登录再填报。", "Sign in before you submit.")
	}
	if key == "" || len(key) > keyLimit {
		return Receipt{}, ledger.Errorf(ledger.Invalid, "command.key", "请用 Idempotency-Key 给出 1 至 %d 字节的幂等键。", "Give an idempotency key of 1 to %d bytes.", keyLimit).At("Idempotency-Key")
	}
	if len(input) > maxInput {
		return Receipt{}, ledger.Errorf(ledger.Invalid, "command.too_large", "请求不能超过 %d 字节。", "A command has at most %d bytes.", maxInput)
	}
	s := submission{desk: d, by: by, name: name, key: key, def: def, input: input, digest: digest(input)}
	for range tries {
		r, err := s.attempt(ctx)
		if !errors.Is(err, ledger.ErrWrongRevision) {
			return d.finish(ctx, r, err)
		}
	}
	return Receipt{}, ledger.Errorf(ledger.Conflict, "command.conflict", "同时有其他人在改同一记录，本次没有保存；请刷新后重试。", "Others changed the same record at the same moment and nothing was saved; look again and retry.")
}

// finish waits until the fold shows what was written, so that the writer's
// next read does; the receipt holds even if that takes too long.
func (d *Desk) finish(ctx context.Context, r Receipt, err error) (Receipt, error) {
	if err != nil {
		return Receipt{}, translate(err)
	}
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = d.facts.Wait(wait, r.Position)
	if r.Ordinal == 0 { // a cluster cannot tell; the fold counts
		r.Ordinal = d.facts.Ordinal(r.Stream, r.Revision)
	}
	return r, nil
}

func translate(err error) error {
	switch {
	case errors.Is(err, ledger.ErrTooLarge):
		return ledger.Errorf(ledger.Invalid, "command.too_large_event", "内容太大，请分几次填报；没有保存任何内容。", "The content is too large; submit it in parts. Nothing was saved.").Because(err)
	case errors.Is(err, ledger.ErrReadOnly), errors.Is(err, ledger.ErrDamaged):
		return ReadOnly(err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ledger.Errorf(ledger.Unavailable, "command.timeout", "没有等到结果；请用同一幂等键重试，不会重复记录。", "No answer came in time; retry with the same key, nothing will be recorded twice.").Because(err)
	}
	return ledger.AsError(err)
}

// ReadOnly is the refusal of a ledger that takes no entries. It names the event
// at fault where there is one; what exactly is wrong with it is for the
// administrator, in /healthz and the log.
func ReadOnly(reason error) *ledger.Error {
	if d, ok := errors.AsType[*ledger.Damage](reason); ok && d.Ordinal > 0 {
		return ledger.Errorf(ledger.Unavailable, "ledger.read_only", "账本第 %d 条与当初所记不符，账本现为只读，暂不能填报；请联系管理员。没有保存任何内容。",
			"Event %d of the ledger is not what was recorded, so the ledger takes no entries; tell the administrator. Nothing was saved.", d.Ordinal).Because(reason)
	}
	return ledger.Errorf(ledger.Unavailable, "ledger.read_only", "账本现为只读，暂不能填报；请联系管理员。没有保存任何内容。", "The ledger takes no entries at present; tell the administrator. Nothing was saved.").Because(reason)
}

// digest tells two inputs apart whatever their white space.
func digest(input []byte) string {
	var v any
	d := json.NewDecoder(bytes.NewReader(input))
	d.UseNumber() // 1 and 1.0 stay two inputs, and no digit is lost
	if err := d.Decode(&v); err == nil {
		if canonical, err := json.Marshal(v); err == nil {
			input = canonical
		}
	}
	h := sha256.Sum256(input)
	return hex.EncodeToString(h[:])
}
