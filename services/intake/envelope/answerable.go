package envelope

import (
	"encoding/hex"

	"suyuan/services/intake/receipt"
)

// answerable refuses what receipt.Stored.Check refuses. That one finds out
// whether a point can be sealed to by sealing to it, which would be two thirds
// of what an envelope costs to read; the points that cannot are known.
func answerable(s receipt.Stored) error {
	point, err := pointOf(s.Replies)
	if err != nil || lowOrder(point.Bytes()) || s.Box == [32]byte{} || s.Signer == [32]byte{} {
		return s.Check() // in its words
	}
	return nil
}

// lowOrder tells the points of Curve25519 and its twist that every secret
// takes to zero: those of order 1, 2, 4 and 8, and the two that have a second
// encoding in it.
func lowOrder(point []byte) bool {
	masked := [32]byte(point)
	masked[31] &= 0x7F
	return lowOrders[masked]
}

var lowOrders = map[[32]byte]bool{
	numbered("0000000000000000000000000000000000000000000000000000000000000000"): true,
	numbered("0100000000000000000000000000000000000000000000000000000000000000"): true,
	numbered("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"): true,
	numbered("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"): true,
	numbered("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"): true, // p − 1
	numbered("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"): true, // p, 0 again
	numbered("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"): true, // p + 1, 1 again
}

func numbered(text string) (point [32]byte) {
	if n, err := hex.Decode(point[:], []byte(text)); err != nil || n != len(point) {
		panic("envelope: " + text)
	}
	return point
}
