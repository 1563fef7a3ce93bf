package blob

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"io"
)

const (
	keySize   = 32
	saltSize  = 32
	idSize    = 16
	nonceSize = 12
)

// seal encrypts content with AES-256-GCM, the nonce in front, bound to its id
// so that two blobs cannot change places.
func seal(random io.Reader, key []byte, id string, content []byte) ([]byte, error) {
	a, err := gcm(key)
	if err != nil {
		return nil, err
	}
	nonce, err := draw(random, nonceSize)
	if err != nil {
		return nil, err
	}
	return a.Seal(nonce, nonce, content, []byte(id)), nil
}

func unseal(key []byte, id string, sealed []byte) ([]byte, error) {
	a, err := gcm(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < nonceSize {
		return nil, fmt.Errorf("%d bytes are no sealed content", len(sealed))
	}
	return a.Open(nil, sealed[:nonceSize], sealed[nonceSize:], []byte(id))
}

func gcm(key []byte) (cipher.AEAD, error) {
	if len(key) != keySize {
		return nil, fmt.Errorf("a key has %d bytes, this has %d", keySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// draw takes random bytes; too few is an error, never zeros.
func draw(random io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, fmt.Errorf("draw random bytes: %w", err)
	}
	return b, nil
}
