package auth

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
)

var noon = time.Date(2022, 8, 9, 12, 0, 0, 0, ledger.Beijing)

func at(t time.Time) ledger.Clock { return func() time.Time { return t } }

// generate makes a key in dir, created so long after noon.
func generate(t *testing.T, dir string, after time.Duration) (kid string) {
	t.Helper()
	kid, err := GenerateKey(rand.Reader, dir, noon.Add(after))
	if err != nil {
		t.Fatal(err)
	}
	return kid
}

func load(t *testing.T, dir string) *Keys {
	t.Helper()
	keys, err := LoadKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestGenerateKeyWritesOnePrivateFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	kid := generate(t, dir, 0)
	files, _ := os.ReadDir(dir)
	if len(files) != 1 || files[0].Name() != "token-"+kid+".key" {
		t.Fatalf("directory holds %v", files)
	}
	if info, _ := files[0].Info(); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	keys := load(t, dir)
	if len(keys.public) != 1 || keys.newest.kid != kid || !keys.created.Equal(noon) {
		t.Errorf("loaded %+v", keys)
	}
}

func TestKeyIsMadeOfTheRandomnessGiven(t *testing.T) {
	one, err1 := GenerateKey(strings.NewReader(strings.Repeat("s", 32)), t.TempDir(), noon)
	two, err2 := GenerateKey(strings.NewReader(strings.Repeat("s", 32)), t.TempDir(), noon)
	if err1 != nil || err2 != nil || one != two {
		t.Errorf("%s %v, %s %v", one, err1, two, err2)
	}
	if _, err := GenerateKey(strings.NewReader("short"), t.TempDir(), noon); err == nil {
		t.Error("a key of 5 random bytes")
	}
}

func TestKeyThatCannotBeWrittenLeavesNothing(t *testing.T) {
	seed := strings.Repeat("s", ed25519.SeedSize)
	public := ed25519.NewKeyFromSeed([]byte(seed)).Public().(ed25519.PublicKey)
	dir := t.TempDir()
	inTheWay := filepath.Join(dir, "token-"+KeyID(public)+".key", "x")
	if err := os.MkdirAll(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := GenerateKey(strings.NewReader(seed), dir, noon); err == nil {
		t.Error("written over a directory")
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("left %v", files)
	}
}

func TestNewestKeySigns(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, time.Hour)
	want := generate(t, dir, 3*time.Hour)
	generate(t, dir, 2*time.Hour)
	if keys := load(t, dir); keys.newest.kid != want || len(keys.public) != 3 {
		t.Errorf("newest %s of %d, want %s of 3", keys.newest.kid, len(keys.public), want)
	}
}

func TestKeyWithoutDateIsTheOldest(t *testing.T) {
	dir := t.TempDir()
	bare := filepath.Join(dir, "token-"+generate(t, dir, time.Hour)+".key")
	want := generate(t, dir, 0)
	text, _ := os.ReadFile(bare)
	_, text, _ = cutLine(text)
	rewrite(t, bare, text)
	if keys := load(t, dir); keys.newest.kid != want || len(keys.public) != 2 {
		t.Errorf("newest %s of %d, want %s of 2", keys.newest.kid, len(keys.public), want)
	}
}

// cutLine splits off the first line.
func cutLine(text []byte) (first, rest []byte, ok bool) {
	a, b, ok := strings.Cut(string(text), "\n")
	return []byte(a), []byte(b), ok
}

func rewrite(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPublicKeysVerifyAndDoNotSign(t *testing.T) {
	private, public := t.TempDir(), t.TempDir()
	generate(t, private, 0)
	keys := load(t, private)
	if err := keys.WritePublic(public); err != nil {
		t.Fatal(err)
	}
	token := issue(t, keys, clerk)
	only := load(t, public)
	if got, err := NewVerifier(only, at(noon)).Actor(token); err != nil || got.Account != clerk.Account {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := NewIssuer(only, at(noon), rand.Reader); err == nil {
		t.Error("signs with a public key")
	}
}

func TestNoKeys(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "missing")} {
		if _, err := LoadKeys(dir); !errors.Is(err, ErrNoKeys) {
			t.Errorf("%v", err)
		}
	}
}

func TestLoadRefusesWhatIsNotAKeyOfOurs(t *testing.T) {
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ecDER, _ := x509.MarshalPKCS8PrivateKey(ec)
	ecPEM := pem.EncodeToMemory(&pem.Block{Type: privateType, Bytes: ecDER})
	for name, spoil := range map[string]func(t *testing.T, dir, path string){
		"renamed": func(t *testing.T, dir, path string) {
			os.Rename(path, filepath.Join(dir, "token-0123456789abcdef.key"))
		},
		"readable":     func(t *testing.T, _, path string) { os.Chmod(path, 0o640) },
		"another kind": func(t *testing.T, _, path string) { rewrite(t, path, ecPEM) },
		"empty":        func(t *testing.T, _, path string) { rewrite(t, path, nil) },
		"huge": func(t *testing.T, _, path string) {
			rewrite(t, path, append(bytes.Repeat([]byte("\n"), maxKeyFile), must(os.ReadFile(path))...))
		},
		"two keys": func(t *testing.T, _, path string) {
			text, _ := os.ReadFile(path)
			rewrite(t, path, append(text, text...))
		},
		"bad date": func(t *testing.T, _, path string) {
			_, rest, _ := cutLine(must(os.ReadFile(path)))
			rewrite(t, path, append([]byte("Created: yesterday\n"), rest...))
		},
		"private in a public file": func(t *testing.T, _, path string) { os.Rename(path, strings.TrimSuffix(path, ".key")+".pub") },
		"writable public file": func(t *testing.T, dir, _ string) {
			public, _, _ := ed25519.GenerateKey(rand.Reader)
			path := filepath.Join(dir, "token-"+KeyID(public)+".pub")
			rewrite(t, path, must(encodePublic(public)))
			os.Chmod(path, 0o666)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			kid := generate(t, dir, 0)
			spoil(t, dir, filepath.Join(dir, "token-"+kid+".key"))
			if keys, err := LoadKeys(dir); err == nil {
				t.Errorf("loaded %+v", keys)
			}
		})
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
