package envelope

import (
	"crypto/ecdh"
	"math/big"
	"math/rand/v2"
	"testing"
)

// The points of the list are those that crypto/ecdh finds out by trying, and
// none but those: a multiple of eight of anything else is not zero.
func TestLowOrder(t *testing.T) {
	secret, err := ecdh.X25519().NewPrivateKey(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	works := func(point [32]byte) bool {
		public, err := ecdh.X25519().NewPublicKey(point[:])
		if err != nil {
			t.Fatal(err)
		}
		_, err = secret.ECDH(public)
		return err == nil
	}
	if len(lowOrders) != 7 {
		t.Errorf("%d points", len(lowOrders))
	}
	tried := 0
	try := func(point [32]byte) {
		tried++
		if works(point) == lowOrder(point[:]) {
			t.Errorf("%x: sealing works is %t", point, works(point))
		}
		point[31] ^= 0x80 // not part of the number
		if works(point) == lowOrder(point[:]) {
			t.Errorf("%x: sealing works is %t", point, works(point))
		}
	}
	for point := range lowOrders {
		try(point)
		for at := range 31 {
			near := point
			near[at] ^= 1
			try(near)
		}
	}
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	for i := range int64(40) { // all that have two encodings, and about them
		n := new(big.Int).Add(p, big.NewInt(i-21))
		var point [32]byte
		for at, b := range n.FillBytes(make([]byte, 33))[1:] {
			point[31-at] = b
		}
		try(point)
	}
	random := rand.NewChaCha8([32]byte{5})
	for range 200 {
		var point [32]byte
		_, _ = random.Read(point[:])
		try(point)
	}
	t.Logf("%d points", tried)
}
