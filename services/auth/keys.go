package auth

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrNoKeys: the directory holds no token key at all; `suyuan keygen` makes one.
var ErrNoKeys = errors.New("no token keys")

// Keys are the keys of one directory. Every key there verifies; of those with a
// private part, the newest signs. To retire a key from signing, replace its
// private file by the public one; to revoke it, remove both. It is read once:
// a server sees a change when it is started again.
type Keys struct {
	public  map[string]ed25519.PublicKey // by kid: the allow-list
	newest  signingKey
	created time.Time // of newest
}

type signingKey struct {
	kid     string
	private ed25519.PrivateKey // nil where the directory holds public keys only
}

// KeyID names a key: the first 16 hexadecimal digits of its SHA-256.
func KeyID(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:8])
}

// GenerateKey writes a new private key to dir, which it makes if need be, and
// returns its id. The file is there whole and durable, or not at all.
func GenerateKey(rand io.Reader, dir string, now time.Time) (kid string, err error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return "", fmt.Errorf("token key: %w", err)
	}
	private := ed25519.NewKeyFromSeed(seed)
	kid = KeyID(private.Public().(ed25519.PublicKey))
	text, err := encodePrivate(private, now)
	if err != nil {
		return "", err
	}
	return kid, WriteKeyFile(dir, keyName(kid, privateExt), text, 0o600)
}

// LoadKeys reads every token key of dir. One file that is not what its name
// says, or that others may read, refuses the whole directory: a key passed over
// in silence would be missed only when tokens stop working.
func LoadKeys(dir string) (*Keys, error) {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("token keys: %w", err)
	}
	keys := &Keys{public: map[string]ed25519.PublicKey{}}
	for _, file := range files {
		name := file.Name()
		ext := filepath.Ext(name)
		if !strings.HasPrefix(name, keyPrefix) || ext != privateExt && ext != publicExt {
			continue
		}
		if err := keys.load(dir, name, ext); err != nil {
			return nil, fmt.Errorf("token key %s: %w", filepath.Join(dir, name), err)
		}
	}
	if len(keys.public) == 0 {
		return nil, fmt.Errorf("%w in %s: run suyuan keygen", ErrNoKeys, dir)
	}
	return keys, nil
}

// WritePublic writes the public part of every key to dir: what a server needs
// that verifies tokens and must not be able to make them.
func (k *Keys) WritePublic(dir string) error {
	for kid, public := range k.public {
		text, err := encodePublic(public)
		if err != nil {
			return err
		}
		if err := WriteKeyFile(dir, keyName(kid, publicExt), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keys) load(dir, name, ext string) error {
	text, err := readKeyFile(filepath.Join(dir, name), ext)
	if err != nil {
		return err
	}
	if ext == publicExt {
		public, err := decodePublic(text)
		if err != nil {
			return err
		}
		return k.allow(name, ext, public)
	}
	private, created, err := decodePrivate(text)
	if err != nil {
		return err
	}
	public := private.Public().(ed25519.PublicKey)
	kid := KeyID(public)
	older := k.newest.private != nil && (created.Before(k.created) || created.Equal(k.created) && kid < k.newest.kid)
	if !older {
		k.newest, k.created = signingKey{kid, private}, created
	}
	return k.allow(name, ext, public)
}

// allow puts a key on the allow-list if the file is named after it.
func (k *Keys) allow(name, ext string, public ed25519.PublicKey) error {
	kid := KeyID(public)
	if name != keyName(kid, ext) {
		return fmt.Errorf("the key inside is %s: the file was renamed or exchanged; put the right one back", kid)
	}
	k.public[kid] = public
	return nil
}
