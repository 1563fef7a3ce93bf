package sqlite

import (
	"crypto/sha256"
	"encoding/binary"

	"suyuan/services/ledger"
)

// mark is what of an event goes into its link: the hash that Seal put there,
// or, for a record without one, a digest of all its fields.
func mark(stream string, revision int64, r ledger.Record) ledger.Hash {
	if h, err := ledger.HashOf(r); err == nil {
		return h
	}
	h := sha256.New()
	var n [8]byte
	part := func(b []byte) {
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	part([]byte(stream))
	binary.BigEndian.PutUint64(n[:], uint64(revision))
	h.Write(n[:])
	part(r.ID[:])
	part([]byte(r.Type))
	part(r.Data)
	part(r.Meta)
	var out ledger.Hash
	h.Sum(out[:0])
	return out
}

// next is the link of the event whose mark is given, behind prev.
func next(prev, mark ledger.Hash) ledger.Hash {
	var b [64]byte
	copy(b[:32], prev[:])
	copy(b[32:], mark[:])
	return sha256.Sum256(b[:])
}
