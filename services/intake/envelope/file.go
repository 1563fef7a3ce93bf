package envelope

import (
	"bytes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"
)

// An age v1 file (age-encryption.org/v1) with X25519 stanzas only. It is
// written here, from a seed, for the library draws its keys itself and the same
// letter must give the same bytes; and taken apart here, for the library reads
// files of any length and takes 150 KB for the smallest. Keys and stanzas are
// the library's. Tests hold both ways to the library and to its npm twin.
const (
	intro      = "age-encryption.org/v1\n"
	stanzaMark = "-> X25519 "
	footMark   = "---"

	stanzas    = 8 // of every narrative and message, throw-away ones among them
	stanzaSize = len(stanzaMark) + 43 + 1 + 43 + 1
	headSize   = len(intro) + len(footMark) + 1 + 43 + 1 + nonceSize // but for the stanzas

	keySize   = 16
	nonceSize = 16
	chunkSize = 64 << 10
	tagSize   = 16
)

// Strict: bits that say nothing must be zero, so that a file is written in one
// way only.
var base64Of = base64.RawStdEncoding.Strict()

// seal appends to out the age file of plain for the recipients, with count
// stanzas; one is for nobody where a recipient is nil or there are no more. All that is drawn comes from root, which must be of this plaintext
// and these recipients alone: two files from one root would share their key.
func seal(out []byte, root [32]byte, label string, plain []byte, recipients []*ecdh.PublicKey, count int) ([]byte, error) {
	drawn, err := hkdf.Expand(sha256.New, root[:], label, keySize+nonceSize+count*64)
	if err != nil {
		return nil, fmt.Errorf("envelope: expand the seed: %w", err)
	}
	defer clear(drawn)
	fileKey, nonce, rest := drawn[:keySize], drawn[keySize:keySize+nonceSize], drawn[keySize+nonceSize:]
	start := len(out)
	out = append(out, intro...)
	for i := range count {
		var to *ecdh.PublicKey
		if i < len(recipients) {
			to = recipients[i]
		}
		if out, err = appendStanza(out, fileKey, rest[64*i:64*i+64], to); err != nil {
			return nil, err
		}
	}
	out = append(out, footMark...)
	mac, err := headMAC(fileKey, out[start:])
	if err != nil {
		return nil, err
	}
	out = append(out, ' ')
	out = base64Of.AppendEncode(out, mac)
	out = append(append(out, '\n'), nonce...)
	return appendPayload(out, fileKey, nonce, plain)
}

// appendStanza wraps the file key for to. For nobody it writes what nobody can
// open or tell from one that somebody can: a point as any ephemeral one, and
// bytes as any ciphertext.
func appendStanza(out, fileKey, drawn []byte, to *ecdh.PublicKey) ([]byte, error) {
	ephemeral, err := ecdh.X25519().NewPrivateKey(drawn[:32])
	if err != nil {
		return nil, fmt.Errorf("envelope: an ephemeral key: %w", err)
	}
	share := ephemeral.PublicKey().Bytes()
	body := drawn[32:64]
	if to != nil {
		secret, err := ephemeral.ECDH(to)
		if err != nil {
			return nil, errRecipient // a point of low order
		}
		key, err := hkdf.Key(sha256.New, secret, append(bytes.Clone(share), to.Bytes()...), "age-encryption.org/v1/X25519", chacha20poly1305.KeySize)
		clear(secret)
		if err != nil {
			return nil, fmt.Errorf("envelope: a wrapping key: %w", err)
		}
		wrap, err := chacha20poly1305.New(key)
		clear(key)
		if err != nil {
			return nil, fmt.Errorf("envelope: wrap: %w", err)
		}
		body = wrap.Seal(nil, make([]byte, chacha20poly1305.NonceSize), fileKey, nil)
	}
	out = append(out, stanzaMark...)
	out = append(base64Of.AppendEncode(out, share), '\n')
	return append(base64Of.AppendEncode(out, body), '\n'), nil
}

func headMAC(fileKey, head []byte) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, fileKey, nil, "header", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("envelope: the header's key: %w", err)
	}
	defer clear(key)
	mac := hmac.New(sha256.New, key)
	mac.Write(head)
	return mac.Sum(nil), nil
}

// appendPayload seals chunk by chunk (STREAM). plain is never empty here.
func appendPayload(out, fileKey, nonce, plain []byte) ([]byte, error) {
	stream, err := payloadOf(fileKey, nonce)
	if err != nil {
		return nil, err
	}
	for i := uint64(0); len(plain) > 0; i++ {
		chunk := plain[:min(len(plain), chunkSize)]
		plain = plain[len(chunk):]
		out = stream.Seal(out, counted(i, len(plain) == 0), chunk, nil)
	}
	return out, nil
}

func payloadOf(fileKey, nonce []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, fileKey, nonce, "payload", chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("envelope: the payload's key: %w", err)
	}
	defer clear(key)
	return chacha20poly1305.New(key)
}

// counted is a chunk's nonce: eleven bytes of counter, one of whether it is
// the last.
func counted(i uint64, last bool) []byte {
	count := make([]byte, chacha20poly1305.NonceSize)
	binary.BigEndian.PutUint64(count[3:], i)
	if last {
		count[11] = 1
	}
	return count
}

// open gives the size bytes that are in a file of count stanzas, if it is one
// to any of the keys. Errors of keys stay here: they may quote what they read.
func open(file []byte, count, size int, keys ...age.Identity) ([]byte, error) {
	chunks := (size + chunkSize - 1) / chunkSize
	if len(file) != headSize+count*stanzaSize+size+chunks*tagSize || !wellFormed(file, count) {
		return nil, unopened()
	}
	head, payload := file[:headSize+count*stanzaSize], file[headSize+count*stanzaSize:]
	fileKey := unwrap(head, count, keys)
	defer clear(fileKey)
	if fileKey == nil {
		return nil, unopened()
	}
	foot := len(intro) + count*stanzaSize + len(footMark)
	mac, err := headMAC(fileKey, head[:foot])
	if err != nil || !hmac.Equal(decoded(head[foot+1:]), mac) {
		return nil, unopened()
	}
	return openPayload(fileKey, head[len(head)-nonceSize:], payload, size)
}

func unwrap(head []byte, count int, keys []age.Identity) []byte {
	all := make([]*age.Stanza, count)
	for i := range all {
		at := head[len(intro)+i*stanzaSize+len(stanzaMark):]
		all[i] = &age.Stanza{Type: "X25519", Args: []string{string(at[:43])}, Body: decoded(at[44:])}
	}
	for _, key := range keys {
		if fileKey, err := key.Unwrap(all); err == nil && len(fileKey) == keySize {
			return fileKey
		}
	}
	return nil
}

func openPayload(fileKey, nonce, payload []byte, size int) ([]byte, error) {
	stream, err := payloadOf(fileKey, nonce)
	if err != nil {
		return nil, err
	}
	room := make([]byte, 0, size)
	for i := uint64(0); len(payload) > 0; i++ {
		chunk := payload[:min(len(payload), chunkSize+tagSize)]
		payload = payload[len(chunk):]
		if room, err = stream.Open(room, counted(i, len(payload) == 0), chunk, nil); err != nil {
			return nil, unopened()
		}
	}
	return room, nil
}

// pointOf takes the point from an age1… recipient; age itself keeps it.
func pointOf(recipient string) (*ecdh.PublicKey, error) {
	if len(recipient) != repliesSize {
		return nil, errRecipient
	}
	if _, err := age.ParseX25519Recipient(recipient); err != nil { // its checksum and signs
		return nil, errRecipient
	}
	var point [32]byte
	have, bits, n := uint32(0), 0, 0
	for _, sign := range recipient[len("age1"):] {
		have, bits = have<<5|uint32(strings.IndexRune("qpzry9x8gf2tvdw0s3jn54khce6mua7l", sign)), bits+5
		if bits >= 8 && n < len(point) {
			bits -= 8
			point[n] = byte(have >> bits)
			n++
		}
	}
	key, err := ecdh.X25519().NewPublicKey(point[:])
	if err != nil {
		return nil, errRecipient
	}
	return key, nil
}

var errRecipient = errors.New("envelope: a recipient is no X25519 key of age (age1…): look at the keys that are registered")

// wellFormed tells whether file begins as seal writes one with that many
// stanzas. Whether anybody can open it, only who has a key can tell.
func wellFormed(file []byte, count int) bool {
	rest, ok := bytes.CutPrefix(file, []byte(intro))
	if !ok || len(file) < headSize+count*stanzaSize+tagSize {
		return false
	}
	for range count {
		if !bytes.HasPrefix(rest, []byte(stanzaMark)) || !coded(rest[len(stanzaMark):]) || !coded(rest[len(stanzaMark)+44:]) {
			return false
		}
		rest = rest[stanzaSize:]
	}
	return bytes.HasPrefix(rest, []byte(footMark+" ")) && coded(rest[len(footMark)+1:])
}

// coded tells whether text begins with a line that is 32 bytes in base64.
func coded(text []byte) bool { return text[43] == '\n' && len(decoded(text)) == 32 }

// decoded reads what 43 letters of base64 say: 32 bytes, or fewer where they
// are not all letters.
func decoded(text []byte) []byte {
	out, err := base64Of.AppendDecode(make([]byte, 0, 33), text[:43])
	if err != nil {
		return nil
	}
	return out
}
