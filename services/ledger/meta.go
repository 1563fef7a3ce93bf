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
	if s := NewReader(r.Meta); m.scan(s) && s.Done() {
		return m, nil
	}
	m = Meta{}
	if err := json.Unmarshal(r.Meta, &m); err != nil {
		return m, fmt.Errorf("metadata of %s %s: %w", r.Type, r.ID, err)
	}
	return m, nil
}

// scan reads what the desk writes.
func (m *Meta) scan(r *Reader) bool {
	for r.Object(); ; {
		name, more := r.Member()
		if !more {
			return true
		}
		switch name {
		case "command":
			m.Command = r.Text()
		case "name":
			m.Name = r.Text()
		case "input":
			m.Input = r.Text()
		case "cause":
			m.Cause = r.Text()
		case "correlation":
			m.Correlation = r.Text()
		case "version":
			m.Version = int(r.Int())
		case "actor":
			m.Actor.scan(r)
		case "recorded":
			m.Recorded = r.Time()
		case "effective":
			m.Effective = r.Time()
		case "decidedAt":
			m.DecidedAt = uint64(r.Int())
			if int64(m.DecidedAt) < 0 {
				r.Fail()
			}
		case "hash":
			r.Text()
		default:
			r.Fail()
		}
	}
}

func (a *MetaActor) scan(r *Reader) {
	for r.Object(); ; {
		name, more := r.Member()
		if !more {
			return
		}
		switch name {
		case "roles":
			r.Once(a.Roles == nil)
			a.Roles = []Role{}
			for r.List(); r.Element(); {
				a.Roles = append(a.Roles, Role(r.Text()))
			}
		case "unit":
			a.Unit = r.Text()
		case "account":
			a.Account = r.Text()
		default:
			r.Fail()
		}
	}
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
