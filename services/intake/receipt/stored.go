package receipt

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/subtle"

	"filippo.io/age"

	"suyuan/services/ledger"
)

// Stored is all that a service keeps of a receipt. None of it leads back to
// the keys or the digits by any way shorter than guessing receipts, each guess
// at the price of an Argon2 run.
type Stored struct {
	Box     [32]byte // SHA-256 of the box's id; the box is found by it
	Signer  [32]byte // the reporter's Ed25519 public key
	Replies string   // the age recipient to seal replies to: age1…
}

// BoxHash is what a box's id is stored and found as.
func BoxHash(box [32]byte) [32]byte { return sha256.Sum256(box[:]) }

// Stored gives what the service keeps.
func (k Keys) Stored() Stored {
	held := k.held()
	key := ed25519.NewKeyFromSeed(held.signing[:])
	defer clear(key)
	return Stored{
		Box:     BoxHash(held.box),
		Signer:  [32]byte(key.Public().(ed25519.PublicKey)),
		Replies: bech32("age", publicOf(held.reply)),
	}
}

// publicOf cannot fail: any 32 bytes are an X25519 secret.
func publicOf(reply [32]byte) (public [32]byte) {
	key, err := ecdh.X25519().NewPrivateKey(reply[:])
	if err != nil {
		panic("receipt: crypto/ecdh refuses a secret of 32 bytes")
	}
	return [32]byte(key.PublicKey().Bytes())
}

// Opens tells whether the id is this box's, in a time that does not depend on
// how nearly.
func (s Stored) Opens(box [32]byte) bool {
	hash := BoxHash(box)
	return subtle.ConstantTimeCompare(hash[:], s.Box[:]) == 1
}

// Signed tells whether the reporter of this box signed the message.
func (s Stored) Signed(message, signature []byte) bool {
	return ed25519.Verify(s.Signer[:], message, signature)
}

// Check refuses what a browser could not have derived: replies are sealed to
// the recipient it sent, and one that cannot be sealed to would be found out
// only when somebody wants to answer.
func (s Stored) Check() error {
	recipient, err := age.ParseX25519Recipient(s.Replies)
	if err == nil {
		// A point of low order is one nobody can seal to; age finds out by trying.
		_, err = recipient.Wrap(make([]byte, 16))
	}
	if err != nil || s.Signer == [32]byte{} || s.Box == [32]byte{} {
		return ledger.Errorf(ledger.Invalid, "receipt.stored",
			"浏览器送来的回执公钥不完整或无法使用，没有保存任何内容；请重新打开本页再试，或者关闭脚本后再提交。",
			"The public keys that the browser sent are incomplete or of no use, and nothing was kept; open the page anew and try again, or send without scripts.")
	}
	return nil
}
