// Package blob keeps what may have to be forgotten: files, pictures, free
// text, sealed envelopes. Each blob is encrypted under a key of its own and is
// durable before an event may name it; the event holds a salted hash. To
// redact, or when a retention ends, the key is destroyed and with it the salt:
// the ledger stays whole, and the hash tells nothing any more, not even to one
// who guesses what was hashed.
//
// The package must never write a key, a salt or plain content beside the
// ciphertext, never return a reference before all of it is durable, and never
// hand out content that is not what the event's hash says.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

// MaxSize is how large a blob may be where nothing else is configured.
const MaxSize = 8 << 20

// Ref is what an event holds of a blob: where it is and what it was.
type Ref struct {
	ID   string `json:"id"`   // 32 hexadecimal digits, random
	Hash string `json:"hash"` // SHA-256(salt ‖ content), hexadecimal
	// Salt lets whoever was given the content recompute the hash. It is kept
	// with the key and goes with it, so it never belongs into an event; Get
	// does not need it.
	Salt string `json:"-"`
}

// Matches reports whether content is what the reference with its salt says.
func (r Ref) Matches(content []byte) bool {
	salt, err := hex.DecodeString(r.Salt)
	return err == nil && len(salt) == saltSize && r.Hash == hashOf(salt, content)
}

// Destroyed reports that the content was destroyed before it was put once more,
// so that nothing was kept.
func (r Ref) Destroyed() bool { return r.Hash == "" }

func hashOf(salt, content []byte) string {
	h := sha256.New()
	h.Write(salt)
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}

// Store keeps blobs. Errors that concern the caller are *ledger.Error with the
// rules blob.missing, blob.destroyed, blob.too_large and blob.damaged.
type Store interface {
	// Put keeps content under a new id; it is durable on return. An error
	// leaves nothing that could be read.
	Put(ctx context.Context, content []byte) (Ref, error)
	// Get gives the content of ref.ID if it still is what ref.Hash, taken from
	// the event, says.
	Get(ctx context.Context, ref Ref) ([]byte, error)
	// Destroy makes the content unreadable for good, here; backups of the keys
	// must follow. Doing it again is not an error.
	Destroy(ctx context.Context, id string) error
	// Has reports whether the content can be read.
	Has(ctx context.Context, id string) (bool, error)
}
