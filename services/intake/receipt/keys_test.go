package receipt_test

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"

	"suyuan/services/intake/gate"
	"suyuan/services/intake/receipt"
)

var serviceID = []byte("a service of these tests")

func derive(t testing.TB, seed byte) receipt.Keys {
	t.Helper()
	keys, err := newReceipt(t, source(seed)).Derive(serviceID)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestDerive(t *testing.T) {
	r := newReceipt(t, source(20))
	keys, again := derive(t, 20), derive(t, 20)
	if keys.Stored() != again.Stored() || keys.Box() != again.Box() || keys.Seal() != again.Seal() {
		t.Error("the same receipt gives other keys")
	}
	typed, err := receipt.Parse(fullWidth(r.Grouped()))
	if err != nil {
		t.Fatal(err)
	}
	if keys, err := typed.Derive(serviceID); err != nil || keys.Stored() != again.Stored() {
		t.Errorf("typed in full width it gives other keys (%v)", err)
	}
	elsewhere, err := r.Derive([]byte("another service"))
	if err != nil {
		t.Fatal(err)
	}
	// No key is another, of this or of another receipt or service, or can be seen in what is stored.
	seen := map[[32]byte]bool{}
	for _, k := range []receipt.Keys{keys, elsewhere, derive(t, 21)} {
		stored := k.Stored()
		for _, key := range [][32]byte{k.Box(), k.Seal(), receipt.SigningSeed(k), receipt.ReplySeed(k), stored.Box, stored.Signer} {
			if seen[key] || key == [32]byte{} {
				t.Errorf("%x comes twice, or is nothing", key)
			}
			seen[key] = true
		}
	}
}

func TestDeriveRefuses(t *testing.T) {
	if _, err := (receipt.Receipt{}).Derive(serviceID); err == nil {
		t.Error("keys of no receipt")
	}
	if _, err := newReceipt(t, source(20)).Derive(nil); err == nil {
		t.Error("keys of a service without id")
	}
}

func TestStored(t *testing.T) {
	keys, other := derive(t, 20), derive(t, 21)
	stored := keys.Stored()
	if !stored.Opens(keys.Box()) || stored.Opens(other.Box()) || stored.Opens([32]byte{}) || stored.Opens(stored.Box) {
		t.Error("the box is opened by another id, or not by its own")
	}
	for i := range 32 {
		box := keys.Box()
		box[i] ^= 1
		if stored.Opens(box) {
			t.Errorf("byte %d of the id is not looked at", i)
		}
		other := stored
		other.Box[i] ^= 1
		if other.Opens(keys.Box()) {
			t.Errorf("byte %d of the hash is not looked at", i)
		}
	}
	message := []byte("reply 1 of this box")
	signature := keys.Sign(message)
	if !stored.Signed(message, signature) || stored.Signed(message, other.Sign(message)) ||
		stored.Signed([]byte("reply 2 of this box"), signature) || stored.Signed(message, nil) || other.Stored().Signed(message, signature) {
		t.Error("signatures are not told apart")
	}
	replies, err := keys.Replies()
	if err != nil {
		t.Fatal(err)
	}
	opened, err := age.Decrypt(bytes.NewReader(sealTo(t, stored.Replies, "请问是哪一份文件？")), replies)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(opened); err != nil || string(text) != "请问是哪一份文件？" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestStoredCheck(t *testing.T) {
	good := derive(t, 20).Stored()
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*receipt.Stored){
		"no box":       func(s *receipt.Stored) { s.Box = [32]byte{} },
		"no signer":    func(s *receipt.Stored) { s.Signer = [32]byte{} },
		"no recipient": func(s *receipt.Stored) { s.Replies = "" },
		"mistyped":     func(s *receipt.Stored) { s.Replies = s.Replies[:20] + "b" + s.Replies[21:] },
		"capitals":     func(s *receipt.Stored) { s.Replies = strings.ToUpper(s.Replies) },
		"an identity":  func(s *receipt.Stored) { s.Replies = strings.ToUpper(receipt.Bech32("age-secret-key-", s.Signer)) },
		"of low order": func(s *receipt.Stored) { s.Replies = receipt.Bech32("age", [32]byte{1}) },
		"another kind": func(s *receipt.Stored) { s.Replies = "age1pq1" + s.Replies[4:] },
	} {
		s := good
		spoil(&s)
		if err := s.Check(); rule(err) != "receipt.stored" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClearedKeysGiveNothing(t *testing.T) {
	cleared := derive(t, 20)
	copied := cleared
	cleared.Clear()
	receipt.Keys{}.Clear()
	for name, k := range map[string]receipt.Keys{"cleared": copied, "never derived": {}} {
		for what, ask := range map[string]func(){
			"box": func() { k.Box() }, "seal": func() { k.Seal() }, "sign": func() { k.Sign(nil) },
			"replies": func() { _, _ = k.Replies() }, "stored": func() { k.Stored() },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s keys give their %s", name, what)
					}
				}()
				ask()
			}()
		}
	}
}

// Written as age writes and reads its keys.
func TestBech32(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "secret"))
		text := strings.ToUpper(receipt.Bech32("age-secret-key-", secret))
		identity, err := age.ParseX25519Identity(text)
		if err != nil || identity.String() != text {
			t.Fatalf("%s: %v", text, err)
		}
	})
}

// Argon2 has no other way in than the gate: whoever comes, at most so many
// runs hold their memory at once. Without it these callers would need 20 × 19
// MiB; with it, two runs' and what the collector has not got to yet.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("20 runs of Argon2id")
	}
	const atOnce, crowd = 2, 20
	const run = receipt.MemoryKiB << 10
	g := gate.New(atOnce, crowd)
	r := newReceipt(t, source(22))
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var group sync.WaitGroup
	var mu sync.Mutex
	var most uint64
	for range crowd {
		group.Go(func() {
			err := g.Run(t.Context(), func() error {
				keys, err := r.Derive(serviceID)
				keys.Clear()
				mu.Lock()
				defer mu.Unlock()
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapInuse-min(before.HeapInuse, now.HeapInuse))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if limit := uint64(4*atOnce+1) * run; most > limit {
		t.Errorf("%d MiB were in use, more than %d", most>>20, limit>>20)
	}
	t.Logf("%d MiB in use at most; the heap took %d MiB of the system", most>>20, (now.HeapSys-before.HeapSys)>>20)
}

// A right receipt and wrong ones whose check digits fit are one run each, with
// the same allocations; one whose check digits do not fit costs none, and
// anybody can tell that by arithmetic.
func TestRightAndWrongCostTheSame(t *testing.T) {
	g := gate.New(1, 0)
	kept := derive(t, 23).Stored()
	open := func(text string) (opens bool, err error) {
		r, err := receipt.Parse(text)
		if err != nil {
			return false, err
		}
		err = g.Run(t.Context(), func() error {
			keys, err := r.Derive(serviceID)
			if err == nil {
				opens = kept.Opens(keys.Box())
				keys.Clear()
			}
			return err
		})
		return opens, err
	}
	cost := func(text string, right bool) (runs uint64, bytes, objects uint64) {
		var before, after runtime.MemStats
		begun := g.Counts().Begun
		runtime.ReadMemStats(&before)
		opens, err := open(text)
		runtime.ReadMemStats(&after)
		if err != nil || opens != right {
			t.Errorf("opens: %t, %v", opens, err)
		}
		return g.Counts().Begun - begun, after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
	}
	right := newReceipt(t, source(23)).Grouped()
	cost(right, true) // what is made the first time only
	runs, bytes, objects := cost(right, true)
	for seed := byte(24); seed < 28; seed++ {
		wrongRuns, wrongBytes, wrongObjects := cost(newReceipt(t, source(seed)).Grouped(), false)
		if runs != 1 || wrongRuns != 1 {
			t.Errorf("%d runs for the right one, %d for a wrong one", runs, wrongRuns)
		}
		// The runtime may allocate a little of its own meanwhile.
		if far := max(bytes, wrongBytes) - min(bytes, wrongBytes); far > 64<<10 || max(objects, wrongObjects)-min(objects, wrongObjects) > 100 {
			t.Errorf("%d bytes in %d objects for the right one, %d in %d for a wrong one", bytes, objects, wrongBytes, wrongObjects)
		}
	}
	before := g.Counts()
	if _, err := open(strings.Repeat("1", 28)); rule(err) != "receipt.check" || g.Counts() != before {
		t.Errorf("%v, %+v", err, g.Counts())
	}
}

func BenchmarkDerive(b *testing.B) {
	right, wrong := newReceipt(b, source(23)), newReceipt(b, source(24))
	kept := derive(b, 23).Stored()
	for name, r := range map[string]receipt.Receipt{"right": right, "wrong": wrong} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				keys, err := r.Derive(serviceID)
				if err != nil || kept.Opens(keys.Box()) != (name == "right") {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	text := newReceipt(b, source(23)).Grouped()
	for b.Loop() {
		if _, err := receipt.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	from := source(25)
	for b.Loop() {
		if _, err := receipt.New(from); err != nil {
			b.Fatal(err)
		}
	}
}
