package issuer

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"suyuan/services/intake/token"
	"suyuan/services/store/whole"
)

// A PublicKey is what goes on the ledger of one key.
type PublicKey struct {
	ID   string // hex SHA-256 of SPKI
	Term Term
	N    int // 1 to 8
	SPKI []byte
}

// Keys are the term's eight public keys; they are made where they are not
// there yet, and the same at every call. A call that was interrupted is
// completed by the next.
func (o *Office) Keys(t Term) ([]PublicKey, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	set := o.keys[t]
	if set == nil {
		if len(o.keys) >= maxTerms {
			return nil, tooManyTerms()
		}
		set = new([token.PerQuarter]*rsa.PrivateKey)
		o.keys[t] = set
	}
	for i := range set {
		if set[i] != nil {
			continue
		}
		made, err := rsa.GenerateKey(rand.Reader, 8*token.Modulus) // crypto/rsa takes its randomness from the system whatever it is given
		if err != nil {
			return nil, err
		}
		if err := o.writeKey(t.keyFile(i+1), made); err != nil {
			return nil, err
		}
		set[i] = made
	}
	return public(t, set)
}

func (o *Office) writeKey(name string, k *rsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return err
	}
	return whole.Write(filepath.Join(o.dir, "keys", name), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}

func public(t Term, set *[token.PerQuarter]*rsa.PrivateKey) ([]PublicKey, error) {
	var all []PublicKey
	for i, private := range set {
		k, err := token.NewKey(&private.PublicKey)
		if err != nil {
			return nil, err
		}
		id := k.ID()
		all = append(all, PublicKey{ID: hex.EncodeToString(id[:]), Term: t, N: i + 1, SPKI: k.SPKI()})
	}
	return all, nil
}

// complete are the term's keys where all eight are there; under mu.
func (o *Office) complete(t Term) (*[token.PerQuarter]*rsa.PrivateKey, error) {
	set := o.keys[t]
	if set == nil {
		return nil, noKeys()
	}
	for _, k := range set {
		if k == nil {
			return nil, noKeys()
		}
	}
	return set, nil
}

func (o *Office) readKeys() error {
	entries, err := os.ReadDir(filepath.Join(o.dir, "keys"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		t, n, ok := named(e.Name(), ".pem")
		if !ok || n > token.PerQuarter {
			continue // what an interrupted write left, or somebody else's
		}
		k, err := readKey(filepath.Join(o.dir, "keys", e.Name()))
		if err != nil {
			return err
		}
		if o.keys[t] == nil {
			if len(o.keys) >= maxTerms {
				return tooManyTerms()
			}
			o.keys[t] = new([token.PerQuarter]*rsa.PrivateKey)
		}
		o.keys[t][n-1] = k
	}
	return nil
}

const maxKeyFile = 8 << 10

func readKey(path string) (*rsa.PrivateKey, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s is open to other users (%v): chmod 600 it", path, info.Mode().Perm())
	}
	if info.Size() > maxKeyFile {
		return nil, fmt.Errorf("%s is no key; put the key back from a backup", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is no key; put the key back from a backup", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s is no key; put the key back from a backup", path) // the cause could quote it
	}
	k, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s is no RSA key; put the key back from a backup", path)
	}
	if _, err := token.NewKey(&k.PublicKey); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// named reads a file's name: 990101-2026Q4-1 and the given end.
func named(name, end string) (Term, int, bool) {
	stem, ok := strings.CutSuffix(name, end)
	parts := strings.Split(stem, "-")
	if !ok || len(parts) != 3 {
		return Term{}, 0, false
	}
	t := Term{parts[0], parts[1]}
	n, err := strconv.Atoi(parts[2])
	return t, n, err == nil && n >= 1 && t.Check() == nil && strconv.Itoa(n) == parts[2]
}
