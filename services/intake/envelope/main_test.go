package envelope_test

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"filippo.io/age"

	"suyuan/services/intake/envelope"
	"suyuan/services/intake/receipt"
)

var update = flag.Bool("update", false, "write test/cases/envelopes.json anew")

// The keys of these tests are those that test/cases/receipts.json derives,
// nobody's: who they are here, by their place there.
const (
	reporter = iota
	engine
	first
	second
	third
	stranger
)

var derived = sync.OnceValues(func() (got struct {
	Derive []struct {
		Service, Receipt, Identity, Seal string
		Stored                           struct{ Replies string }
	}
}, err error) {
	text, err := os.ReadFile("../../../test/cases/receipts.json")
	if err != nil {
		return got, err
	}
	return got, json.Unmarshal(text, &got)
})

func identity(t testing.TB, n int) *age.X25519Identity {
	t.Helper()
	cases, err := derived()
	if err != nil {
		t.Fatal(err)
	}
	id, err := age.ParseX25519Identity(cases.Derive[n].Identity)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func recipient(t testing.TB, n int) string { return identity(t, n).Recipient().String() }

func recipients(t testing.TB, ns ...int) (to []string) {
	for _, n := range ns {
		to = append(to, recipient(t, n))
	}
	return to
}

// keys are the reporter's, whose Argon2 run is made once.
func keys(t testing.TB) receipt.Keys {
	t.Helper()
	k, err := derivedKeys()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var derivedKeys = sync.OnceValues(func() (receipt.Keys, error) {
	cases, err := derived()
	if err != nil {
		return receipt.Keys{}, err
	}
	r, err := receipt.Parse(cases.Derive[reporter].Receipt)
	if err != nil {
		return receipt.Keys{}, err
	}
	service, err := hex.DecodeString(cases.Derive[reporter].Service)
	if err != nil {
		return receipt.Keys{}, err
	}
	return r.Derive(service)
})

func source(seed int) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), 7}) }

// photo is bytes that begin as a JPEG, so many.
func photo(seed, size int) []byte {
	p := make([]byte, size)
	_, _ = source(seed).Read(p)
	copy(p, []byte{0xFF, 0xD8, 0xFF})
	return p
}

// letter is a report of a village's, with so many pictures.
func letter(t testing.TB, pictures int) envelope.Letter {
	l := envelope.Letter{
		Kind: envelope.Report, Stored: keys(t).Stored(),
		Token:     photo(3, 354),
		Facts:     []byte(`{"v":1,"mandate":"farmland-600","cameDown":"600","asked":"690"}`),
		Narrative: envelope.Narrative{Text: canary + "，县里把 600 改成了 690。"},
	}
	for i := range pictures {
		l.Narrative.Pictures = append(l.Narrative.Pictures, photo(10+i, 200_000+i))
	}
	return l
}

// canary is in all that these tests seal.
const canary = "CANARY-信封"

func seal(t testing.TB, l envelope.Letter) []byte {
	t.Helper()
	sealed, err := envelope.Seal(keys(t).Seal(), keys(t).Sign, l, recipient(t, engine), recipients(t, first, second))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func read(t testing.TB, sealed []byte) envelope.Envelope {
	t.Helper()
	e, err := envelope.Read(sealed)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
