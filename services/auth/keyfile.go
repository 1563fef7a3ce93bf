package auth

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A key file is PEM: PKCS#8 for the private part, PKIX for the public one.
// Before the private block stands a line `Created: 2022-08-09T00:00:00Z`, so
// that which key is newest survives copying; a key without one is the oldest.
const (
	keyPrefix   = "token-"
	privateExt  = ".key"
	publicExt   = ".pub"
	privateType = "PRIVATE KEY"
	publicType  = "PUBLIC KEY"
	createdLine = "Created: "
	maxKeyFile  = 4 << 10
)

func keyName(kid, ext string) string { return keyPrefix + kid + ext }

func encodePrivate(key ed25519.PrivateKey, now time.Time) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("token key: %w", err)
	}
	head := createdLine + now.UTC().Format(time.RFC3339) + "\n"
	return append([]byte(head), pem.EncodeToMemory(&pem.Block{Type: privateType, Bytes: der})...), nil
}

func encodePublic(key ed25519.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("token key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: publicType, Bytes: der}), nil
}

func decodePrivate(text []byte) (ed25519.PrivateKey, time.Time, error) {
	head, der, err := block(text, privateType)
	if err != nil {
		return nil, time.Time{}, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, time.Time{}, err
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, time.Time{}, fmt.Errorf("holds a %T: token keys are Ed25519", key)
	}
	at, err := createdAt(head)
	return private, at, err
}

func decodePublic(text []byte) (ed25519.PublicKey, error) {
	_, der, err := block(text, publicType)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, err
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("holds a %T: token keys are Ed25519", key)
	}
	return public, nil
}

// block is the one PEM block of a file and the text before it.
func block(text []byte, kind string) (head string, der []byte, err error) {
	b, rest := pem.Decode(text)
	if b == nil || b.Type != kind || len(bytes.TrimSpace(rest)) > 0 {
		return "", nil, fmt.Errorf("must hold one PEM block %q and nothing after it", kind)
	}
	before, _, _ := bytes.Cut(text, []byte("-----BEGIN"))
	return string(before), b.Bytes, nil
}

func createdAt(head string) (time.Time, error) {
	for line := range strings.Lines(head) {
		if at, ok := strings.CutPrefix(strings.TrimSpace(line), createdLine); ok {
			return time.Parse(time.RFC3339, at)
		}
	}
	return time.Time{}, nil
}

// readKeyFile reads a key that only its owner could have read (private) or
// written (public).
func readKeyFile(path, ext string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	loose, fix := fs.FileMode(0o077), "chmod 600"
	if ext == publicExt {
		loose, fix = 0o022, "chmod 644"
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&loose != 0 { // Windows has no such bits
		return nil, fmt.Errorf("is open to other users (%v): %s it", info.Mode().Perm(), fix)
	}
	if !info.Mode().IsRegular() || info.Size() > maxKeyFile {
		return nil, errors.New("is not a key file")
	}
	return os.ReadFile(path)
}

// WriteKeyFile puts a file in place whole: written beside its name, synced, renamed.
func WriteKeyFile(dir, name string, text []byte, mode fs.FileMode) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write key: %w", err)
		}
	}()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".key-*") // 0600 from the start; LoadKeys passes it over
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already once renamed
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" { // which cannot sync a directory
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
