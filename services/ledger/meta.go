package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"
)

// Meta is what is recorded about an event besides what happened. It is stored
// as JSON with the hash behind it.
type Meta struct {
	Command     string    `json:"command"`               // id of the command: its idempotency key, hashed with the account
	Name        string    `json:"name"`                  // the command's name
	Input       string    `json:"input"`                 // SHA-256 of the command's canonical JSON: one key, one content
	Cause       string    `json:"cause,omitempty"`       // event id that made a reactor ask
	Correlation string    `json:"correlation,omitempty"` // first command of the conversation
	Version     int       `json:"version"`               // schema version of Data
	Actor       MetaActor `json:"actor"`
	Recorded    time.Time `json:"recorded"`  // the desk's clock, never decreasing in a stream
	Effective   time.Time `json:"effective"` // since when it holds: the paper's date, or Recorded
	DecidedAt   uint64    `json:"decidedAt"` // ordinal of the fold that the decision looked at
}

// MetaActor is the actor as recorded: roles, unit, an opaque account.
type MetaActor struct {
	Roles   []Role `json:"roles"`
	Unit    string `json:"unit,omitempty"`
	Account string `json:"account"`
}

// ParseMeta reads an event's metadata; the hash is left to HashOf.
func ParseMeta(r Record) (Meta, error) {
	var m Meta
	if err := json.Unmarshal(r.Meta, &m); err != nil {
		return m, fmt.Errorf("metadata of %s %s: %w", r.Type, r.ID, err)
	}
	return m, nil
}

// CommandID is the id of a command: the same account with the same key has
// always the same one.
func CommandID(account, key string) Hash { return framed("command", account, key) }

// EventID is the id of a command's n-th event: the same command has always
// the same ones, so a repeat is recognised in the stream.
func EventID(account, key string, n int) ID {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	h := framed("event", account, key, string(b[:]))
	var id ID
	copy(id[:], h[:])
	id[6] = id[6]&0x0f | 0x80 // UUID version 8: made by our own rule
	id[8] = id[8]&0x3f | 0x80
	return id
}

func framed(parts ...string) Hash {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	var out Hash
	h.Sum(out[:0])
	return out
}
