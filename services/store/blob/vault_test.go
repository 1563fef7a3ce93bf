package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"suyuan/services/ledger"
)

func opened(t *testing.T, dir string, opts ...Option) *Vault {
	t.Helper()
	v, err := Open(dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func put(t *testing.T, v *Vault, content []byte) Ref {
	t.Helper()
	ref, err := v.Put(t.Context(), content)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func is(t *testing.T, err error, rule string) {
	t.Helper()
	e, ok := errors.AsType[*ledger.Error](err)
	if !ok || e.Rule != rule || e.Text.Zh == "" || e.Text.En == "" {
		t.Errorf("got %v, want %s", err, rule)
	}
}

// files is everything a directory holds, as one who took the disk sees it.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		if all[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func found(t *testing.T, dir string, what []byte) (in []string) {
	t.Helper()
	for name, b := range files(t, dir) {
		if bytes.Contains(b, what) {
			in = append(in, name)
		}
	}
	return in
}

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	v := opened(t, dir)
	contents := [][]byte{{}, []byte("一份文件"), {0}, bytes.Repeat([]byte{0xff, 0}, 5000), make([]byte, MaxSize)}
	var refs []Ref
	for _, c := range contents {
		refs = append(refs, put(t, v, c))
	}
	check := func(v *Vault) {
		t.Helper()
		for i, ref := range refs {
			got, err := v.Get(t.Context(), Ref{ID: ref.ID, Hash: ref.Hash})
			if err != nil || !bytes.Equal(got, contents[i]) {
				t.Errorf("content %d: %d bytes, %v", i, len(got), err)
			}
			if has, err := v.Has(t.Context(), ref.ID); err != nil || !has {
				t.Errorf("has content %d: %v, %v", i, has, err)
			}
			if !ref.Matches(contents[i]) || ref.Matches([]byte("another")) {
				t.Errorf("content %d: the reference does not tell", i)
			}
		}
	}
	check(v)
	check(opened(t, dir))
	if a, b := put(t, v, contents[1]), refs[1]; a.ID == b.ID || a.Hash == b.Hash || a.Salt == b.Salt {
		t.Errorf("the same content twice can be recognised: %+v, %+v", a, b)
	}
	if where := found(t, dir, contents[1]); where != nil {
		t.Errorf("plain content lies in %v", where)
	}
	// What goes into an event tells neither salt nor key.
	event, err := json.Marshal(refs[1])
	if err != nil || strings.Contains(string(event), refs[1].Salt) || len(event) != len(`{"id":"","hash":""}`)+32+64 {
		t.Errorf("in an event: %s, %v", event, err)
	}
	salt, _ := hex.DecodeString(refs[1].Salt)
	if where := found(t, dir, salt); len(where) == 0 || strings.HasPrefix(strings.Join(where, " "), "blobs.db") {
		t.Errorf("the salt lies in %v", where)
	}
	for name := range files(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestBounds(t *testing.T) {
	v := opened(t, t.TempDir(), WithMax(100))
	put(t, v, make([]byte, 100))
	_, err := v.Put(t.Context(), make([]byte, 101))
	is(t, err, "blob.too_large")
	_, err = v.Get(t.Context(), Ref{ID: "none"})
	is(t, err, "blob.missing")
	is(t, v.Destroy(t.Context(), "none"), "blob.missing")
	if has, err := v.Has(t.Context(), "none"); has || err != nil {
		t.Errorf("has none: %v, %v", has, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Put(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("put: %v", err)
	}
	if _, err := v.Get(ctx, Ref{ID: "none"}); !errors.Is(err, context.Canceled) {
		t.Errorf("get: %v", err)
	}
}

// TestShortOfRandomness: a source that runs dry is an error, not a weak key.
func TestShortOfRandomness(t *testing.T) {
	for n := range idSize + keySize + saltSize + nonceSize {
		v := opened(t, t.TempDir(), WithRandom(iotest.HalfReader(bytes.NewReader(make([]byte, n)))))
		if ref, err := v.Put(t.Context(), []byte("x")); err == nil {
			t.Fatalf("%d random bytes were enough for %+v", n, ref)
		}
	}
}

func TestDestroy(t *testing.T) {
	dir := t.TempDir()
	v := opened(t, dir)
	other := put(t, v, []byte("stays"))
	content := bytes.Repeat([]byte("证人姓名与电话 "), 3000)
	ref := put(t, v, content)
	var key, salt, sealed []byte
	if err := errors.Join(v.keys.QueryRow("SELECT key, salt FROM keys WHERE id = ?", ref.ID).Scan(&key, &salt),
		v.contents.QueryRow("SELECT sealed FROM blobs WHERE id = ?", ref.ID).Scan(&sealed)); err != nil {
		t.Fatal(err)
	}
	secrets := map[string][]byte{"key": key, "salt": salt, "ciphertext's start": sealed[:64], "ciphertext's middle": sealed[9000:9064], "ciphertext's end": sealed[len(sealed)-64:]}
	for name, s := range secrets {
		if found(t, dir, s) == nil {
			t.Fatalf("the %s cannot be found before it is destroyed: this test shows nothing", name)
		}
	}
	for range 2 {
		if err := v.Destroy(t.Context(), ref.ID); err != nil {
			t.Fatal(err)
		}
		_, err := v.Get(t.Context(), ref)
		is(t, err, "blob.destroyed")
		if has, err := v.Has(t.Context(), ref.ID); has || err != nil {
			t.Errorf("has it: %v, %v", has, err)
		}
	}
	for name, s := range secrets {
		if where := found(t, dir, s); where != nil {
			t.Errorf("the %s lies in %v", name, where)
		}
	}
	if got, err := v.Get(t.Context(), other); err != nil || string(got) != "stays" {
		t.Errorf("the other: %q, %v", got, err)
	}
	_, err := opened(t, dir).Get(t.Context(), ref)
	is(t, err, "blob.destroyed")
}

// TestDestroyRead: another program holds the keys open for reading, so that
// the write-ahead log cannot be cleared; that must be said.
func TestDestroyRead(t *testing.T) {
	dir := t.TempDir()
	v := opened(t, dir)
	ref := put(t, v, []byte("x"))
	if _, err := v.keys.Exec("PRAGMA busy_timeout=1"); err != nil {
		t.Fatal(err)
	}
	reader, err := sql.Open("sqlite", filepath.Join(dir, "blobkeys.db"))
	if err != nil {
		t.Fatal(err)
	}
	tx, err := reader.Begin()
	if err == nil {
		err = tx.QueryRow("SELECT id FROM keys").Scan(new(string))
	}
	if err != nil {
		t.Fatal(err)
	}
	is(t, v.Destroy(t.Context(), ref.ID), "blob.remains")
	_, err = v.Get(t.Context(), ref)
	is(t, err, "blob.destroyed")
	if err := errors.Join(tx.Rollback(), reader.Close()); err != nil {
		t.Fatal(err)
	}
	if err := v.Destroy(t.Context(), ref.ID); err != nil {
		t.Error(err)
	}
}

// TestTampered changes each stored value, and swaps them between blobs.
func TestTampered(t *testing.T) {
	type stored struct{ key, salt, sealed []byte }
	for name, change := range map[string]func(a, b *stored){
		"content":           func(a, _ *stored) { a.sealed[nonceSize] ^= 1 },
		"nonce":             func(a, _ *stored) { a.sealed[0] ^= 1 },
		"tag":               func(a, _ *stored) { a.sealed[len(a.sealed)-1] ^= 1 },
		"cut":               func(a, _ *stored) { a.sealed = a.sealed[:20] },
		"short":             func(a, _ *stored) { a.sealed = a.sealed[:5] },
		"empty":             func(a, _ *stored) { a.sealed = []byte{} },
		"key":               func(a, _ *stored) { a.key[31] ^= 0x80 },
		"short key":         func(a, _ *stored) { a.key = a.key[:16] },
		"salt":              func(a, _ *stored) { a.salt[0] ^= 1 },
		"contents swapped":  func(a, b *stored) { a.sealed, b.sealed = b.sealed, a.sealed },
		"keys swapped":      func(a, b *stored) { a.key, b.key = b.key, a.key },
		"salts swapped":     func(a, b *stored) { a.salt, b.salt = b.salt, a.salt },
		"all of it swapped": func(a, b *stored) { *a, *b = *b, *a },
	} {
		t.Run(name, func(t *testing.T) {
			v := opened(t, t.TempDir())
			refs, rows := []Ref{put(t, v, []byte("the one that was recorded")), put(t, v, []byte("another that was recorded"))}, make([]stored, 2)
			for i, ref := range refs {
				if err := errors.Join(v.keys.QueryRow("SELECT key, salt FROM keys WHERE id = ?", ref.ID).Scan(&rows[i].key, &rows[i].salt),
					v.contents.QueryRow("SELECT sealed FROM blobs WHERE id = ?", ref.ID).Scan(&rows[i].sealed)); err != nil {
					t.Fatal(err)
				}
			}
			change(&rows[0], &rows[1])
			for i, ref := range refs {
				_, err := v.keys.Exec("UPDATE keys SET key = ?, salt = ? WHERE id = ?", rows[i].key, rows[i].salt, ref.ID)
				if err == nil {
					_, err = v.contents.Exec("UPDATE blobs SET sealed = ? WHERE id = ?", rows[i].sealed, ref.ID)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			_, err := v.Get(t.Context(), refs[0])
			is(t, err, "blob.damaged")
			if _, err = v.Get(t.Context(), refs[1]); strings.Contains(name, "swapped") {
				is(t, err, "blob.damaged")
			} else if err != nil {
				t.Errorf("the other: %v", err)
			}
		})
	}
	// One who has the keys seals something else: the event's hash tells.
	v := opened(t, t.TempDir())
	ref := put(t, v, []byte("what was recorded"))
	key, _, err := v.key(t.Context(), ref.ID)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := seal(rand.Reader, key, ref.ID, []byte("what was not"))
	if err == nil {
		_, err = v.contents.Exec("UPDATE blobs SET sealed = ?", forged)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Get(t.Context(), ref)
	is(t, err, "blob.damaged")
}

// TestCrash takes the files as they are after each step, as a process that
// was killed there leaves them.
func TestCrash(t *testing.T) {
	dir := t.TempDir()
	v := opened(t, dir)
	for name, db := range map[string]*sql.DB{"keys": v.keys, "contents": v.contents} {
		var synchronous, secure int
		if err := errors.Join(db.QueryRow("PRAGMA synchronous").Scan(&synchronous), db.QueryRow("PRAGMA secure_delete").Scan(&secure)); err != nil || synchronous != 2 || secure != 1 {
			t.Errorf("%s: synchronous %d, secure_delete %d, %v", name, synchronous, secure, err)
		}
	}
	kept := put(t, v, []byte("kept"))
	left := func() *Vault {
		to := t.TempDir()
		for name, b := range files(t, dir) {
			if strings.HasSuffix(name, "-shm") {
				continue
			}
			if err := os.WriteFile(filepath.Join(to, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return opened(t, to)
	}
	count := func(db *sql.DB, query string) (n int) {
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	var order []string
	v.step = func(name string) error {
		order = append(order, name)
		if c := left(); name == "key" && (count(c.keys, "SELECT count(*) FROM keys") != 2 || count(c.contents, "SELECT count(*) FROM blobs") != 1) {
			t.Error("the key is not there before the content")
		}
		return nil
	}
	ref := put(t, v, []byte("new"))
	if got, err := left().Get(t.Context(), ref); err != nil || string(got) != "new" {
		t.Errorf("killed after Put returned: %q, %v", got, err)
	}
	v.step = func(name string) error {
		order = append(order, name)
		_, err := left().Get(t.Context(), ref)
		is(t, err, "blob.destroyed")
		return nil
	}
	if err := v.Destroy(t.Context(), ref.ID); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(order) != "[key content key content]" {
		t.Errorf("steps: %v", order)
	}
	if got, err := left().Get(t.Context(), kept); err != nil || string(got) != "kept" {
		t.Errorf("kept: %q, %v", got, err)
	}
	// A write that fails in between gives no reference, and the next works.
	for _, at := range []string{"key", "content"} {
		v.step = func(name string) error {
			if name == at {
				return errors.New("injected")
			}
			return nil
		}
		if ref, err := v.Put(t.Context(), []byte("x")); err == nil || ref != (Ref{}) {
			t.Errorf("failing after the %s: %+v, %v", at, ref, err)
		}
	}
	v.step = func(string) error { return nil }
	put(t, v, []byte("x"))
}

func TestConcurrent(t *testing.T) {
	dir := t.TempDir()
	vaults := []*Vault{opened(t, dir), opened(t, dir)} // two processes, as it were
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range 15 {
				v, content := vaults[(n+i)%2], fmt.Appendf(nil, "content %d of %d", i, n)
				ref, err := v.Put(t.Context(), content)
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := vaults[n%2].Get(t.Context(), ref); err != nil || !bytes.Equal(got, content) {
					t.Errorf("%q, %v", got, err)
				}
				if i%5 == 4 {
					if err := v.Destroy(t.Context(), ref.ID); err != nil {
						t.Error(err)
					}
					_, err := v.Get(t.Context(), ref)
					is(t, err, "blob.destroyed")
				}
			}
		})
	}
	wg.Wait()
}
