package view

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"suyuan/services/exact"
)

// codec writes rows to a stream or reads them from it: one description of a
// row serves both ways. Numbers are little-endian and of fixed size. The
// letters of all texts stand in one string beside the stream, in the same
// order, so that reading a text costs nothing. The first error stays and
// everything after it does nothing.
type codec struct {
	out  io.Writer // nil while reading
	in   io.Reader
	left int64 // bytes still to be read
	buf  []byte
	at   int // read up to here
	err  error

	written strings.Builder // texts, while writing
	texts   string          // what is left of them, while reading
}

const codecBuffer = 1 << 20

var errShort = errors.New("it ends too early")

func writer(out io.Writer) *codec {
	return &codec{out: out, buf: make([]byte, 0, codecBuffer)}
}

func reader(in io.Reader, size int64, texts string) *codec {
	return &codec{in: in, left: size, texts: texts}
}

func (c *codec) writing() bool { return c.out != nil }

// room is the next n bytes of the stream, to be filled or to be read.
func (c *codec) room(n int) []byte {
	if c.out != nil {
		if len(c.buf)+n > cap(c.buf) {
			c.flush()
		}
		c.buf = c.buf[:len(c.buf)+n]
		return c.buf[len(c.buf)-n:]
	}
	if len(c.buf)-c.at < n {
		c.refill(n)
	}
	c.at += n
	return c.buf[c.at-n : c.at]
}

func (c *codec) flush() {
	if c.err == nil {
		_, c.err = c.out.Write(c.buf)
	}
	c.buf = c.buf[:0]
}

// refill makes at least n bytes ready; where there are none it makes zeros,
// which end every list.
func (c *codec) refill(n int) {
	rest := len(c.buf) - c.at
	if c.err == nil && int64(rest)+c.left < int64(n) {
		c.err = errShort
	}
	if c.err != nil {
		c.buf, c.at = make([]byte, max(n, 64)), 0
		return
	}
	if cap(c.buf) < codecBuffer {
		c.buf = append(make([]byte, 0, codecBuffer), c.buf...)
	}
	copy(c.buf[:rest], c.buf[c.at:])
	more := min(c.left, int64(codecBuffer-rest))
	c.buf, c.at = c.buf[:rest+int(more)], 0
	if _, err := io.ReadFull(c.in, c.buf[rest:]); err != nil {
		c.err = err
	}
	c.left -= more
}

func (c *codec) bool(v *bool) {
	b := c.room(1)
	if c.out == nil {
		*v = b[0] == 1
		return
	}
	b[0] = 0
	if *v {
		b[0] = 1
	}
}

func (c *codec) i32(v *int32) { c.put32(c.room(4), v) }
func (c *codec) i64(v *int64) { c.put64(c.room(8), v) }

func (c *codec) u64(v *uint64) { c.putU64(c.room(8), v) }

func (c *codec) int(v *int) {
	n := int64(*v)
	c.put64(c.room(8), &n)
	if c.out == nil {
		*v = int(n)
	}
}

// put32 and put64 are for rows that take room for all their numbers at once.
func (c *codec) put32(b []byte, v *int32) {
	if c.out != nil {
		binary.LittleEndian.PutUint32(b, uint32(*v))
		return
	}
	*v = int32(binary.LittleEndian.Uint32(b))
}

func (c *codec) put64(b []byte, v *int64) {
	if c.out != nil {
		binary.LittleEndian.PutUint64(b, uint64(*v))
		return
	}
	*v = int64(binary.LittleEndian.Uint64(b))
}

func (c *codec) putU64(b []byte, v *uint64) {
	if c.out != nil {
		binary.LittleEndian.PutUint64(b, *v)
		return
	}
	*v = binary.LittleEndian.Uint64(b)
}

// bytes are of fixed length.
func (c *codec) bytes(v []byte) {
	b := c.room(len(v))
	if c.out != nil {
		copy(b, v)
		return
	}
	copy(v, b)
}

// text writes or reads anything that is a string underneath.
func text[T ~string](c *codec, v *T) {
	n := int32(len(*v))
	c.i32(&n)
	if c.out != nil {
		c.written.WriteString(string(*v))
		return
	}
	if n < 0 || int(n) > len(c.texts) {
		c.fail(errShort)
		n = 0
	}
	*v, c.texts = T(c.texts[:n]), c.texts[n:]
}

func (c *codec) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// list writes or reads a list whose rows take at least so many bytes each: a
// count that cannot be true is found before anything is made for it. An empty
// list is nil when it comes back.
func list[T any](c *codec, rows *[]T, least int, row func(*codec, *T)) {
	n := int32(len(*rows))
	c.i32(&n)
	if c.out == nil {
		if n < 0 || int64(n)*int64(least) > c.left+int64(len(c.buf)-c.at) {
			c.fail(errShort)
			n = 0
		}
		*rows = nil
		if n > 0 {
			*rows = make([]T, n)
		}
	}
	for i := range *rows {
		row(c, &(*rows)[i])
	}
}

func (c *codec) words(v *[]string) { list(c, v, 4, text) }

func (c *codec) handles(v *[]int32)   { list(c, v, 4, (*codec).i32) }
func (c *codec) ordinals(v *[]uint64) { list(c, v, 8, (*codec).u64) }

// maybe writes or reads what may be missing.
func maybe[T any](c *codec, v **T, row func(*codec, *T)) {
	there := *v != nil
	c.bool(&there)
	if c.out == nil {
		*v = nil
		if there {
			*v = new(T)
		}
	}
	if there {
		row(c, *v)
	}
}

func (c *codec) decimal(v *exact.Decimal) {
	n := int64(*v)
	c.i64(&n)
	if c.out == nil {
		*v = exact.Decimal(n)
	}
}

func (c *codec) sum(v *exact.Sum) {
	hi, lo := v.Words()
	c.i64(&hi)
	c.u64(&lo)
	if c.out == nil {
		*v = exact.SumOf(hi, lo)
	}
}

// rat keeps a number that fits two words as such, and any other as its text.
func (c *codec) rat(v *exact.Rat) {
	num, den, fits := v.Words()
	c.bool(&fits)
	if fits {
		c.i64(&num)
		c.i64(&den)
	}
	var long string
	if c.out != nil && !fits {
		long = v.String()
	}
	if !fits {
		text(c, &long)
	}
	if c.out != nil {
		return
	}
	var err error
	if fits {
		*v, fits = exact.OfWords(num, den)
		if !fits {
			err = errors.New("a number is not in its lowest terms")
		}
	} else {
		*v, err = exact.ParseRat(long)
	}
	if err != nil {
		c.fail(err)
	}
}

// value keeps what belongs to another package, and is rare, as its JSON.
func value[T any](c *codec, v *T) {
	var s string
	if c.out != nil {
		b, err := json.Marshal(v)
		if err != nil {
			c.fail(fmt.Errorf("%T: %w", *v, err))
		}
		s = string(b)
	}
	text(c, &s)
	if c.out == nil && c.err == nil {
		if err := json.Unmarshal([]byte(s), v); err != nil {
			c.fail(fmt.Errorf("%T: %w", *v, err))
		}
	}
}
