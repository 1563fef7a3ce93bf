package issuer

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"time"

	"suyuan/services/intake/token"
	"suyuan/services/store/whole"
)

// A roster's file is a head and one slot for each code, 128 bytes each, so that
// no slot stands in two sectors of a disk:
//
//	head: "suyuan-roster-1\n", county, quarter, 4 bytes how many, zeros
//	slot: 32 bytes hash of the code, 32 bytes the mark of what was issued (zeros: nothing yet), 32 bytes check, zeros
//
// Slots are in the order of their hashes and stay where they are: what the
// file says of a code that was used has neither time nor order.
const (
	slotSize  = 128
	rosterEnd = ".roster"
	magic     = "suyuan-roster-1\n"
)

// file is what a roster is kept in.
type file interface {
	io.ReaderAt
	io.WriterAt
	Sync() error
	Close() error
}

type mark [32]byte

func (m mark) none() bool { return m == mark{} }

type roster struct {
	term   Term
	path   string
	file   file
	hashes [][32]byte // ascending
	// marks of those that were used since the start or could not be written; the others are in the file.
	unsure map[int]mark
}

func check(term Term, hash [32]byte, m mark) [32]byte {
	return sha256.Sum256(slices.Concat([]byte("slot-v1"), []byte(term.String()), hash[:], m[:]))
}

// NewRoster makes so many enrolment codes for the term, keeps their hashes and
// returns the codes: the only time that they are seen. The order they are
// returned in is that of drawing them and says nothing about the file.
func (o *Office) NewRoster(t Term, count int) ([]token.Code, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	if count < 1 || count > MaxCodes {
		return nil, badCount(MaxCodes)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, err := o.complete(t); err != nil {
		return nil, err
	}
	n, all := 1, count
	for _, r := range o.rosters {
		all += len(r.hashes)
		if r.term == t {
			n++
		}
	}
	if n > maxRosters || all > maxAll {
		return nil, tooManyRosters()
	}
	codes, hashes, err := draw(o.random, token.Enrolment, count)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(o.dir, "rosters", t.rosterFile(n))
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("%s is there and was not read; start again", path)
	}
	if err := whole.Write(path, encodeRoster(t, hashes), 0o600); err != nil {
		return nil, err
	}
	r, err := readRoster(path, t, func(f *os.File) file { return f })
	if err != nil {
		return nil, err
	}
	o.rosters = append(o.rosters, r)
	return codes, nil
}

// draw makes codes and their hashes; the hashes are sorted, so that they come
// in an order that says nothing about that of the codes.
func draw(random io.Reader, kind token.Kind, count int) (codes []token.Code, hashes [][32]byte, err error) {
	for range count {
		c, err := token.NewCode(random)
		if err != nil {
			return nil, nil, err
		}
		codes, hashes = append(codes, c), append(hashes, c.Hash(kind))
	}
	slices.SortFunc(hashes, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
	return codes, hashes, nil
}

func encodeRoster(t Term, hashes [][32]byte) []byte {
	out := make([]byte, slotSize*(1+len(hashes)))
	head := append(append([]byte(magic), t.County...), t.Quarter...)
	copy(out, binary.BigEndian.AppendUint32(head, uint32(len(hashes))))
	for i, h := range hashes {
		slot := out[slotSize*(1+i):]
		copy(slot, h[:])
		sum := check(t, h, mark{})
		copy(slot[64:], sum[:])
	}
	return out
}

func (o *Office) readRosters(as func(*os.File) file) error {
	entries, err := os.ReadDir(filepath.Join(o.dir, "rosters"))
	if err != nil {
		return err
	}
	all := 0
	for _, e := range entries {
		t, n, ok := named(e.Name(), rosterEnd)
		if !ok || n > maxRosters {
			continue
		}
		r, err := readRoster(filepath.Join(o.dir, "rosters", e.Name()), t, as)
		if err != nil {
			return err
		}
		o.rosters = append(o.rosters, r)
		if all += len(r.hashes); all > maxAll {
			return tooManyRosters()
		}
	}
	return nil
}

func readRoster(path string, t Term, as func(*os.File) file) (_ *roster, err error) {
	damaged := fmt.Errorf("%s is damaged; put it back from a backup that is no older than the last token it gave", path)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	r := &roster{term: t, path: path, file: as(f), unsure: map[int]mark{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.file.Close())
		}
	}()
	if err := still(path); err != nil { // of a process that was killed between a write and this
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var head [slotSize]byte
	if _, err := r.file.ReadAt(head[:], 0); err != nil {
		return nil, damaged
	}
	want := append(append([]byte(magic), t.County...), t.Quarter...)
	count := int(binary.BigEndian.Uint32(head[len(want):]))
	if !bytes.HasPrefix(head[:], want) || count < 1 || count > MaxCodes || info.Size() != int64(slotSize*(1+count)) {
		return nil, damaged
	}
	slots := make([]byte, slotSize*count)
	if _, err := r.file.ReadAt(slots, slotSize); err != nil {
		return nil, damaged
	}
	for i := range count {
		hash, _, ok := readSlot(t, slots[slotSize*i:])
		if !ok || i > 0 && bytes.Compare(r.hashes[i-1][:], hash[:]) >= 0 {
			return nil, damaged
		}
		r.hashes = append(r.hashes, hash)
	}
	return r, nil
}

func readSlot(t Term, slot []byte) (hash [32]byte, m mark, ok bool) {
	copy(hash[:], slot)
	copy(m[:], slot[32:])
	sum := check(t, hash, m)
	return hash, m, bytes.Equal(sum[:], slot[64:96])
}

// find is the place of a code, -1 where the roster does not have it.
func (r *roster) find(hash [32]byte) int {
	at := sort.Search(len(r.hashes), func(i int) bool { return bytes.Compare(r.hashes[i][:], hash[:]) >= 0 })
	if at == len(r.hashes) || r.hashes[at] != hash {
		return -1
	}
	return at
}

// claim writes down that the code was used for what m marks. It returns when
// that is on disk. The same mark again is fine, another is refused. A write
// that failed may or may not be on disk: then only the same mark may try again.
func (r *roster) claim(at int, m mark) error {
	has, unsure := r.unsure[at]
	if !unsure {
		var slot [slotSize]byte
		if _, err := r.file.ReadAt(slot[:], r.offset(at)); err != nil {
			return unreadable(err)
		}
		hash, on, ok := readSlot(r.term, slot[:])
		if !ok || hash != r.hashes[at] {
			return unreadable(errors.New("the check of a slot does not fit"))
		}
		has = on
	}
	switch {
	case !has.none() && has != m:
		return used()
	case has == m && !unsure:
		return nil
	}
	r.unsure[at] = m
	sum := check(r.term, r.hashes[at], m)
	if _, err := r.file.WriteAt(slices.Concat(m[:], sum[:]), r.offset(at)+32); err != nil {
		return unwritten(err)
	}
	if err := still(r.path); err != nil {
		return unwritten(err)
	}
	if err := r.file.Sync(); err != nil {
		return unwritten(err)
	}
	delete(r.unsure, at)
	return nil
}

// still takes from a roster the time it was written at, which is when somebody
// fetched tokens: its first slot that changes between two copies would have an
// hour.
func still(path string) error {
	then := time.Unix(946684800, 0) // 2000-01-01
	return os.Chtimes(path, then, then)
}

func (r *roster) offset(at int) int64 { return int64(slotSize * (1 + at)) }
