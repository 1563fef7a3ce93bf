package envelope_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"filippo.io/age"

	"suyuan/services/intake/envelope"
)

// placeOf is which stanza of a message a key opens, -1 for none.
func placeOf(t *testing.T, sealed []byte, key *age.X25519Identity) int {
	t.Helper()
	n := 0
	lines := strings.Split(string(sealed), "\n")
	for i := 0; i+1 < len(lines); i++ {
		share, ok := strings.CutPrefix(lines[i], "-> X25519 ")
		if !ok {
			continue
		}
		body, err := base64.RawStdEncoding.DecodeString(lines[i+1])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := key.Unwrap([]*age.Stanza{{Type: "X25519", Args: []string{share}, Body: body}}); err == nil {
			return n
		}
		n++
	}
	return -1
}

// In which place a message's key lies for one reporter is drawn, whoever else
// it is to and however many: it tells nobody whether others are written to.
func TestPlaceIsDrawn(t *testing.T) {
	const seeds = 400 // fifty for each place, give or take seven
	me := identity(t, reporter)
	for name, to := range map[string][]string{
		"alone":              recipients(t, reporter),
		"first":              recipients(t, reporter, first),
		"after another":      recipients(t, second, reporter, first),
		"last of eight keys": append(others(t, 7), recipients(t, reporter)...),
	} {
		var count [envelope.Stanzas]int
		for n := range seeds {
			seed := sha256.Sum256(fmt.Append(nil, name, n))
			sealed, err := envelope.SealMessage(bytes.NewReader(seed[:]), "答复", to...)
			if err != nil {
				t.Fatal(err)
			}
			at := placeOf(t, sealed, me)
			if at < 0 {
				t.Fatalf("%s: the reporter's key opens no stanza", name)
			}
			count[at]++
		}
		for at, n := range count {
			if n < 15 || n > 85 { // beyond five deviations
				t.Errorf("%s: place %d was drawn %d times of %d: %v", name, at, n, seeds, count)
			}
		}
	}
}

func others(t *testing.T, n int) (list []string) {
	t.Helper()
	for range n {
		key, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, key.Recipient().String())
	}
	return list
}
