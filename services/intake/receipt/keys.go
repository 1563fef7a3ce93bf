package receipt

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"
	"golang.org/x/crypto/argon2"
)

// Argon2id's cost; MemoryKiB is also what a run takes of this process until
// the collector has it back, which is why runs go through a gate.
const (
	Passes    = 2
	MemoryKiB = 19 * 1024
	lanes     = 1
)

// What the master key is expanded to, by HKDF's info. They are for good.
const (
	boxInfo     = "rcpt-v1 box"
	signingInfo = "rcpt-v1 signing"
	replyInfo   = "rcpt-v1 reply"
	sealInfo    = "rcpt-v1 seal"
)

// Keys are what a receipt gives at one service. Derive makes them; the zero
// Keys and those that were cleared panic when asked for anything. Copies
// share what they hold.
type Keys struct {
	hidden
	secret behind[secret]
}

type secret struct {
	box, signing, reply, seal [32]byte
	cleared                   bool
}

// Derive makes the keys: Argon2id over the 28 digits in ASCII, salted with the
// service's id, then HKDF-SHA256 without salt, once for each use. The id is
// drawn at a service's first start and never changes: with another one the
// same receipt opens nothing. Every receipt costs the same, whether it is
// anybody's or nobody's, and the caller bounds how many run at once.
func (r Receipt) Derive(serviceID []byte) (Keys, error) {
	if !r.present() {
		return Keys{}, errNone
	}
	if len(serviceID) == 0 {
		return Keys{}, errors.New("receipt: the service has no id yet; it is drawn at its first start")
	}
	salt := saltOf(serviceID)
	master := argon2.IDKey(r.digits()[:], salt[:], Passes, MemoryKiB, lanes, 32)
	defer clear(master)
	return expand(master)
}

func saltOf(serviceID []byte) (salt [16]byte) {
	sum := sha256.New()
	sum.Write(serviceID)
	sum.Write([]byte("rcpt-v1"))
	copy(salt[:], sum.Sum(nil))
	return salt
}

func expand(master []byte) (Keys, error) {
	made := new(secret)
	keys := Keys{secret: hide(made)}
	for info, to := range map[string]*[32]byte{
		boxInfo: &made.box, signingInfo: &made.signing,
		replyInfo: &made.reply, sealInfo: &made.seal,
	} {
		key, err := hkdf.Key(sha256.New, master, nil, info, len(to))
		if err != nil {
			keys.Clear()
			return Keys{}, fmt.Errorf("receipt: expand for %q: %w", info, err)
		}
		copy(to[:], key)
		clear(key)
	}
	return keys, nil
}

// Box is the box's id, by which the reporter asks for it. The service stores
// its hash only.
func (k Keys) Box() [32]byte { return k.held().box }

// Seal is the seed of whatever randomness sealing the report takes, so that
// the same report under the same receipt is sealed to the same bytes. Whoever
// has it and the sealed report can open it: it is as secret as the receipt.
func (k Keys) Seal() [32]byte { return k.held().seal }

// Sign signs as the reporter, Ed25519. The message must say what it is for
// and for which box: the key signs nothing but what is handed to it.
func (k Keys) Sign(message []byte) []byte {
	key := ed25519.NewKeyFromSeed(k.held().signing[:])
	defer clear(key)
	return ed25519.Sign(key, message)
}

// Replies opens what was sealed to Stored.Replies.
func (k Keys) Replies() (age.Identity, error) {
	// Parsed from text, for age takes it in no other way.
	inner, err := age.ParseX25519Identity(strings.ToUpper(bech32("age-secret-key-", k.held().reply)))
	if err != nil {
		return nil, errors.New("receipt: age refuses an identity of 32 bytes") // its own words may quote the key
	}
	return identity{inner: hide(inner)}, nil
}

// identity is age's own, which would print its secret.
type identity struct {
	hidden
	inner behind[age.X25519Identity]
}

func (i identity) Unwrap(stanzas []*age.Stanza) ([]byte, error) { return i.inner().Unwrap(stanzas) }

// Clear overwrites the keys, those of all copies too; none can be asked for
// afterwards.
func (k Keys) Clear() {
	if k.secret != nil {
		*k.secret() = secret{cleared: true}
	}
}

// held panics rather than hand out a key of zeros, which everybody knows.
func (k Keys) held() *secret {
	if k.secret == nil || k.secret().cleared {
		panic("receipt: keys that were never derived, or were cleared")
	}
	return k.secret()
}
