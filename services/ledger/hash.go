package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// Hash is a SHA-256.
type Hash [32]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// hashMember is how the hash stands at the end of a metadata object:
// `,"hash":"<64 hex digits>"}`. It is found by its place, never by parsing.
const (
	hashPrefix = `,"hash":"`
	hashSuffix = `"}`
	hashLen    = len(hashPrefix) + 64 + len(hashSuffix)
)

// ErrNoHash: the metadata does not end with a hash.
var ErrNoHash = errors.New("the metadata carries no hash")

// sum hashes an event: SHA-256 over length-framed (hash of the event before it
// in its stream, or 32 zero bytes; stream name; revision as 8 bytes
// big-endian; id; type; data; metadata without its hash). The frame is the
// length as 8 bytes big-endian, so that no two events share one input.
func sum(prev Hash, stream string, revision int64, r Record, meta []byte) Hash {
	h := sha256.New()
	var n [8]byte
	part := func(b []byte) {
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	var rev [8]byte
	binary.BigEndian.PutUint64(rev[:], uint64(revision))
	part(prev[:])
	part([]byte(stream))
	part(rev[:])
	part(r.ID[:])
	part([]byte(r.Type))
	part(r.Data)
	part(meta)
	var out Hash
	h.Sum(out[:0])
	return out
}

// Seal puts the hash at the end of r's metadata, which must be a JSON object
// with at least one member and no hash yet. prev is the hash of the event
// before it in the stream, zero for the first.
func Seal(prev Hash, stream string, revision int64, r Record) (Record, Hash, error) {
	meta := bytes.TrimSpace(r.Meta)
	if len(meta) < 2 || meta[0] != '{' || meta[len(meta)-1] != '}' || len(bytes.TrimSpace(meta[1:len(meta)-1])) == 0 {
		return r, Hash{}, fmt.Errorf("seal %s: the metadata is not an object with a member", r.Type)
	}
	if _, err := HashOf(r); err == nil {
		return r, Hash{}, fmt.Errorf("seal %s: the metadata carries a hash already", r.Type)
	}
	h := sum(prev, stream, revision, r, meta)
	sealed := make([]byte, 0, len(meta)+hashLen)
	sealed = append(sealed, meta[:len(meta)-1]...)
	sealed = append(sealed, hashPrefix...)
	sealed = hex.AppendEncode(sealed, h[:])
	sealed = append(sealed, hashSuffix...)
	r.Meta = sealed
	return r, h, nil
}

// HashOf reads the hash an event carries, without checking it.
func HashOf(r Record) (Hash, error) {
	var h Hash
	at := len(r.Meta) - hashLen
	if at < 1 || !bytes.HasPrefix(r.Meta[at:], []byte(hashPrefix)) || !bytes.HasSuffix(r.Meta, []byte(hashSuffix)) {
		return h, ErrNoHash
	}
	digits := r.Meta[at+len(hashPrefix) : len(r.Meta)-len(hashSuffix)]
	if _, err := hex.Decode(h[:], digits); err != nil || !bytes.Equal(hex.AppendEncode(nil, h[:]), digits) {
		return h, ErrNoHash // upper-case digits would be a second form of one hash
	}
	return h, nil
}

// Check recomputes an event's hash on top of the one before it in its stream
// and compares. It returns the hash, or a *Damage that names the ordinal.
func Check(prev Hash, e Recorded) (Hash, error) {
	h, err := HashOf(e.Record)
	if err != nil {
		return h, &Damage{e.Position.Ordinal, err.Error()}
	}
	meta := make([]byte, 0, len(e.Meta))
	meta = append(meta, e.Meta[:len(e.Meta)-hashLen]...)
	meta = append(meta, '}')
	if got := sum(prev, e.Stream, e.Revision, e.Record, meta); got != h {
		return h, &Damage{e.Position.Ordinal, fmt.Sprintf("%s %d (%s): the stored hash does not match its contents and the event before it", e.Stream, e.Revision, e.Type)}
	}
	return h, nil
}

// Chain checks events one after the other in the log's order: every ordinal
// follows the last, every revision the one before it in its stream, every
// hash its contents. It remembers some 60 bytes a stream.
type Chain struct {
	heads map[streamKey]link
	last  uint64
}

type link struct {
	hash     Hash
	revision int64
}

// streamKey stands for a stream's name: half its SHA-256, so that a log of
// many streams can be checked without keeping their names.
type streamKey [16]byte

func keyOf(stream string) (k streamKey) {
	h := sha256.Sum256([]byte(stream))
	copy(k[:], h[:])
	return k
}

// NewChain starts before the first event.
func NewChain() *Chain { return &Chain{heads: map[streamKey]link{}} }

// Next takes the next event; the error is a *Damage.
func (c *Chain) Next(e Recorded) (Hash, error) {
	if e.Position.Ordinal != c.last+1 {
		return Hash{}, &Damage{c.last + 1, fmt.Sprintf("missing: the event after ordinal %d has ordinal %d", c.last, e.Position.Ordinal)}
	}
	key := keyOf(e.Stream)
	head, ok := c.heads[key]
	want := int64(0)
	if ok {
		want = head.revision + 1
	}
	if e.Revision != want {
		return Hash{}, &Damage{e.Position.Ordinal, fmt.Sprintf("%s: revision %d where %d was due", e.Stream, e.Revision, want)}
	}
	h, err := Check(head.hash, e)
	if err != nil {
		return h, err
	}
	c.heads[key] = link{h, e.Revision}
	c.last++
	return h, nil
}

// Size is how many events the chain has taken.
func (c *Chain) Size() uint64 { return c.last }
