package sqlite

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// SQLite drops everything in the write-ahead log behind the first frame whose
// checksum fails, without a word: that is how it gets over a commit that was
// never finished. A byte flipped in the middle looks the same to it and takes
// every later commit along. So we read the log's frames ourselves.
//
// The format: a header of 32 bytes (magic, version, page size, sequence, two
// salts, checksum), then frames of 24 bytes (page number, size of the database
// after a commit or 0, the header's salts, checksum) and a page. Numbers are
// big-endian; the magic's last bit says how the checksum reads its words, and
// it runs on from frame to frame. Frames behind the end that an earlier
// generation of the log left there have other salts.
const (
	walMagic     = 0x377f0682
	walHeader    = 32
	frameHeader  = 24
	pageSize     = 4096 // of every ledger; used where the log's header is unreadable
	leafPage     = 0x0d
	walIndexCopy = 48
)

// walState is what the frames say.
type walState struct {
	frames int    // good ones, up to and with the last good commit
	end    int64  // the byte behind those
	last   uint64 // highest position among their pages, 0 if none has any
	size   int64  // of the file
	bad    int    // the first frame of this generation that does not check, from 1; 0 if none
	lost   int    // commits at or behind it
	salts  [8]byte
	seen   [2]uint32 // checksum as computed at the bad frame: tells two looks apart
}

// readWAL looks through the file; a missing one is empty.
func readWAL(path string) (walState, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return walState{}, nil
	}
	if err != nil {
		return walState{}, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return walState{}, err
	}
	st, err := scanWAL(bufio.NewReaderSize(f, 1<<20))
	st.size = info.Size()
	return st, err
}

func scanWAL(r io.Reader) (walState, error) {
	var st walState
	head := make([]byte, walHeader)
	if _, err := io.ReadFull(r, head); err != nil {
		return st, short(err)
	}
	magic := binary.BigEndian.Uint32(head)
	sum := checksum{big: magic&1 == 1}
	sum.add(head[:24])
	size := int(binary.BigEndian.Uint32(head[8:]))
	good := magic&^1 == walMagic && sum.is(head[24:]) && size >= 512 && size <= 1<<16 && size&(size-1) == 0
	if good {
		copy(st.salts[:], head[16:24])
		st.end = walHeader
	} else {
		size = pageSize
	}
	last := uint64(0)
	frame := make([]byte, frameHeader+size)
	for n := 1; ; n++ {
		if _, err := io.ReadFull(r, frame); err != nil {
			return st, short(err)
		}
		salts, commit := frame[8:16], binary.BigEndian.Uint32(frame[4:]) != 0
		if n == 1 && !good { // the header is gone: the frames themselves say which generation they are
			copy(st.salts[:], salts)
			st.bad = 1
		}
		ours := string(salts[:4]) == string(st.salts[:4]) || string(salts[4:]) == string(st.salts[4:])
		if st.bad == 0 {
			sum.add(frame[:8])
			sum.add(frame[frameHeader:])
			if !ours {
				good = false // an older generation, unless ours goes on behind it
			}
			if good && string(salts) == string(st.salts[:]) && sum.is(frame[16:24]) {
				last = max(last, lastRow(frame[frameHeader:]))
				if commit {
					st.frames, st.end, st.last = n, walHeader+int64(n)*int64(frameHeader+size), last
				}
				continue
			}
			if ours {
				st.bad, st.seen = n, [2]uint32{sum.a, sum.b}
			}
		}
		if ours && commit {
			st.lost++
		}
	}
}

// short forgives a file that ends where it likes.
func short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// checksum is SQLite's: two running sums over pairs of 32-bit words.
type checksum struct {
	a, b uint32
	big  bool
}

func (c *checksum) add(p []byte) {
	for ; len(p) >= 8; p = p[8:] {
		if c.big {
			c.a += binary.BigEndian.Uint32(p) + c.b
			c.b += binary.BigEndian.Uint32(p[4:]) + c.a
		} else {
			c.a += binary.LittleEndian.Uint32(p) + c.b
			c.b += binary.LittleEndian.Uint32(p[4:]) + c.a
		}
	}
}

func (c *checksum) is(stored []byte) bool {
	return binary.BigEndian.Uint32(stored) == c.a && binary.BigEndian.Uint32(stored[4:]) == c.b
}

// lastRow is the position of the last row on a leaf of the events table, 0
// for any other page.
func lastRow(page []byte) uint64 {
	if page[0] != leafPage {
		return 0
	}
	cells := int(binary.BigEndian.Uint16(page[3:]))
	if cells == 0 || 8+2*cells > len(page) {
		return 0
	}
	at := int(binary.BigEndian.Uint16(page[8+2*(cells-1):]))
	_, at = varint(page, at)
	row, _ := varint(page, at)
	return row
}

// varint reads SQLite's: seven bits a byte, the ninth byte whole.
func varint(p []byte, at int) (v uint64, end int) {
	for i := range 9 {
		if at >= len(p) {
			return 0, at
		}
		b := p[at]
		at++
		if i == 8 {
			return v<<8 | uint64(b), at
		}
		v = v<<7 | uint64(b&0x7f)
		if b < 0x80 {
			break
		}
	}
	return v, at
}

// synced is how many frames the index of the write-ahead log says were
// committed. SQLite writes it after the sync, so a log with fewer good frames
// of the same generation has lost some, for certain. Only for a file no
// connection of this process has open: closing it would drop their locks.
func synced(path string, salts [8]byte) int {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }()
	var b [2 * walIndexCopy]byte
	if _, err := io.ReadFull(f, b[:]); err != nil {
		return 0
	}
	h, order := b[:walIndexCopy], binary.NativeEndian
	sum := checksum{big: order.Uint16([]byte{0, 1}) == 1}
	sum.add(h[:40])
	if string(h) != string(b[walIndexCopy:]) || order.Uint32(h[40:]) != sum.a || order.Uint32(h[44:]) != sum.b || string(h[32:40]) != string(salts[:]) {
		return 0
	}
	return int(order.Uint32(h[16:]))
}
