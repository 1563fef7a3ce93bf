package issuer_test

import (
	"testing"

	"suyuan/services/intake/token"
)

// One person's eight signatures, the claim on disk included.
func BenchmarkIssue(b *testing.B) {
	o, codes, on := furnished(b, b.TempDir(), 1)
	request := begun(b, o, codes[0], on)
	for b.Loop() {
		if _, err := o.AnswerIssue(b.Context(), request); err != nil {
			b.Fatal(err)
		}
	}
}

// What a proof costs where reports are taken.
func BenchmarkVerify(b *testing.B) {
	o, codes, on := furnished(b, b.TempDir(), 1)
	proof := fetch(b, inside{o, nil}, codes[0], on)[0].Encode()
	ring, err := token.NewRing(on)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ring.Verify(proof); err != nil {
			b.Fatal(err)
		}
	}
}
