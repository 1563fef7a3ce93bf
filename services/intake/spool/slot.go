package spool

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"io"
)

// A slot, and the file's first page, which is laid out like a head:
//
//	salt 32 | sealed head 4,032 + 16 | sealed data and 16
//
// The head is padded with zeros before it is sealed, so that no byte of a slot
// in use differs from a random one to whoever has no key.
const (
	page     = 4096
	saltSize = 32
	tagSize  = 16
	headSize = page - saltSize - 2*tagSize
	headEnd  = saltSize + headSize + tagSize
)

// first is the place of a file's first page, which is no slot's.
const first = ^uint64(0)

// entryHead is what stands in a head; Data goes behind it.
//
//	version 1 | flags 1 | ID 32 | box 32 | nullifier 32
const (
	headVersion = 1

	followsUp    = 1
	hasNullifier = 2
)

func putHead(head []byte, e *Entry) {
	clear(head)
	head[0] = headVersion
	copy(head[2:], e.ID[:])
	copy(head[34:], e.Box[:])
	if e.FollowUp {
		head[1] |= followsUp
	}
	if e.Nullifier != nil {
		head[1] |= hasNullifier
		copy(head[66:], e.Nullifier[:])
	}
}

func readHead(head []byte) (e Entry, ok bool) {
	if head[0] != headVersion {
		return e, false
	}
	copy(e.ID[:], head[2:])
	copy(e.Box[:], head[34:])
	e.FollowUp = head[1]&followsUp != 0
	if head[1]&hasNullifier != 0 {
		e.Nullifier = new([32]byte)
		copy(e.Nullifier[:], head[66:])
	}
	return e, true
}

// A sealer seals and opens the slots of one file. The key of a slot is made
// for one write alone, so its two nonces are constants.
type sealer struct {
	key  [32]byte
	data uint64 // bytes of an envelope: keeps the two files apart
}

var nonces = [2][12]byte{{}, {1}}

func (s *sealer) of(place uint64, salt []byte) cipher.AEAD {
	mac := hmac.New(sha256.New, s.key[:])
	mac.Write([]byte("suyuan-spool-v1"))
	mac.Write(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, s.data), place))
	mac.Write(salt)
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic(err) // a key of 32 bytes
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // a block of 16
	}
	return aead
}

// seal makes slot of an entry; its first bytes are the salt already.
func (s *sealer) seal(slot []byte, place uint64, e *Entry) {
	aead := s.of(place, slot[:saltSize])
	head := slot[saltSize : saltSize+headSize]
	putHead(head, e)
	aead.Seal(head[:0], nonces[0][:], head, nil)
	aead.Seal(slot[headEnd:headEnd], nonces[1][:], e.Data, nil)
}

// open opens a slot in place; e.Data lies in it. It answers false where the
// slot holds no whole entry, and leaves nothing of use in it then.
func (s *sealer) open(slot []byte, place uint64) (e Entry, ok bool) {
	aead := s.of(place, slot[:saltSize])
	if e, ok = openHead(aead, slot); !ok {
		return e, false
	}
	sealed := slot[headEnd:]
	data, err := aead.Open(sealed[:0], nonces[1][:], sealed, nil)
	if err != nil {
		return Entry{}, false
	}
	e.Data = data
	return e, true
}

// promises tells whether a slot's head opens, in place: its data may be torn.
func (s *sealer) promises(head []byte, place uint64) bool {
	_, ok := openHead(s.of(place, head[:saltSize]), head)
	return ok
}

func openHead(aead cipher.AEAD, slot []byte) (e Entry, ok bool) {
	sealed := slot[saltSize:headEnd]
	head, err := aead.Open(sealed[:0], nonces[0][:], sealed, nil)
	if err != nil {
		return e, false
	}
	return readHead(head)
}

// sealFirst makes the first page: the number of slots, and the proof that the
// key is the right one.
func (s *sealer) sealFirst(buf []byte, slots int) {
	head := buf[saltSize : saltSize+headSize]
	clear(head)
	head[0] = headVersion
	binary.BigEndian.PutUint64(head[1:], uint64(slots))
	s.of(first, buf[:saltSize]).Seal(head[:0], nonces[0][:], head, nil)
}

func (s *sealer) openFirst(buf []byte) (slots int, ok bool) {
	sealed := buf[saltSize:headEnd]
	head, err := s.of(first, buf[:saltSize]).Open(sealed[:0], nonces[0][:], sealed, nil)
	if err != nil || head[0] != headVersion {
		return 0, false
	}
	return int(binary.BigEndian.Uint64(head[1:])), true
}

// noise is an endless stream of random bytes, made of 32 drawn ones.
type noise struct{ stream cipher.Stream }

func newNoise(random io.Reader) (noise, error) {
	var key [32]byte
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return noise{}, err
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // a key of 32 bytes
	}
	return noise{cipher.NewCTR(block, make([]byte, aes.BlockSize))}, nil
}

func (n noise) fill(buf []byte) {
	clear(buf)
	n.stream.XORKeyStream(buf, buf)
}
