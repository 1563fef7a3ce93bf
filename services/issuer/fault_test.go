package issuer_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"suyuan/services/intake/token"
	"suyuan/services/issuer"
)

// faulty is a roster's file on a disk that fails at one operation, before it
// took effect or after.
type faulty struct {
	*os.File
	at    *int // operations until the fault; it fails at zero
	after bool
}

var errDisk = errors.New("the disk fails")

func (f faulty) fault(op func() error) error {
	*f.at--
	if *f.at != 0 {
		return op()
	}
	if f.after {
		if err := op(); err != nil {
			return err
		}
	}
	return errDisk
}

func (f faulty) WriteAt(p []byte, at int64) (n int, err error) {
	err = f.fault(func() error { n, err = f.File.WriteAt(p, at); return err })
	return n, err
}

func (f faulty) Sync() error { return f.fault(f.File.Sync) }

// Whatever write or sync fails, in either way: a code has one request's tokens
// or none, the same request can be repeated, in the same process and after a
// start, and no answer is given before it is on disk.
func TestFaults(t *testing.T) {
	for at := 1; at <= 2; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("operation %d, after %v", at, after), func(t *testing.T) {
				dir := t.TempDir()
				o, codes, on := furnished(t, dir, 1)
				if err := o.Close(); err != nil {
					t.Fatal(err)
				}
				left := at
				o, err := issuer.OpenWith(dir, rand.Reader, func(f *os.File) issuer.File { return faulty{f, &left, after} })
				if err != nil {
					t.Fatal(err)
				}
				first, other := begun(t, o, codes[0], on), begun(t, o, codes[0], on)
				wantRule(t, "issuer.unwritten", errOf(o.AnswerIssue(t.Context(), first)))
				wantRule(t, "issuer.used", errOf(o.AnswerIssue(t.Context(), other))) // the first may be on disk
				a, err := o.AnswerIssue(t.Context(), first)
				if err != nil {
					t.Fatal(err)
				}
				if err := o.Close(); err != nil {
					t.Fatal(err)
				}
				o = open(t, dir)
				b, err := o.AnswerIssue(t.Context(), first)
				if err != nil || strings.Join(a.Signatures, "") != strings.Join(b.Signatures, "") {
					t.Errorf("after a start: %v", err)
				}
				wantRule(t, "issuer.used", errOf(o.AnswerIssue(t.Context(), other)))
			})
		}
	}
}

// A process that ends between the failed write and a repeat: what is on disk
// decides, and no code has two requests' tokens.
func TestFaultThenStart(t *testing.T) {
	for _, after := range []bool{false, true} {
		dir := t.TempDir()
		o, codes, on := furnished(t, dir, 1)
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		left := 1
		o, err := issuer.OpenWith(dir, rand.Reader, func(f *os.File) issuer.File { return faulty{f, &left, after} })
		if err != nil {
			t.Fatal(err)
		}
		first, other := begun(t, o, codes[0], on), begun(t, o, codes[0], on)
		wantRule(t, "issuer.unwritten", errOf(o.AnswerIssue(t.Context(), first)))
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		o = open(t, dir)
		_, err = o.AnswerIssue(t.Context(), other)
		if after {
			wantRule(t, "issuer.used", err)
		} else if err != nil {
			t.Errorf("nothing was written, and the code is used up: %v", err)
		}
		if _, err = o.AnswerIssue(t.Context(), first); (err == nil) != after {
			t.Errorf("written %v: %v", after, err)
		}
	}
}

// What a roster keeps of a code is a hash, and of its use a mark that is made
// with the code itself; the file's length and its order say nothing.
func TestWhatARosterKeeps(t *testing.T) {
	dir := t.TempDir()
	o, codes, on := furnished(t, dir, 4)
	path := filepath.Join(dir, "rosters", "990101-2026Q4-1.roster")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	request := begun(t, o, codes[2], on)
	if _, err := o.AnswerIssue(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(before) != len(after) || bytes.Equal(before, after) {
		t.Errorf("%d bytes became %d", len(before), len(after))
	}
	changed := map[int]bool{}
	for i := range after {
		if before[i] != after[i] {
			changed[i/128] = true
		}
	}
	if len(changed) != 1 {
		t.Errorf("%d slots changed", len(changed))
	}
	var all []byte
	if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			text, err := os.ReadFile(path)
			all = append(all, text...)
			return err
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for i, c := range codes {
		if bytes.Contains(all, c.Bits()) || bytes.Contains(all, []byte(c.Text(token.Enrolment))) {
			t.Errorf("code %d is in the folder", i)
		}
	}
	for _, b := range request.Blinded {
		sum := sha256.Sum256([]byte(b))
		if bytes.Contains(all, []byte(b)) || bytes.Contains(all, sum[:]) {
			t.Error("a blinded message, or its hash, is in the folder")
		}
	}
}

func TestDamage(t *testing.T) {
	dir := t.TempDir()
	o, _, _ := furnished(t, dir, 3)
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "rosters", "990101-2026Q4-1.roster")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for about, change := range map[string]func([]byte) []byte{
		"a mark":    func(b []byte) []byte { b[128+40] ^= 1; return b },
		"a hash":    func(b []byte) []byte { b[128] ^= 1; return b },
		"a check":   func(b []byte) []byte { b[128+70] ^= 1; return b },
		"the head":  func(b []byte) []byte { b[0] ^= 1; return b },
		"the count": func(b []byte) []byte { b[31] ^= 1; return b },
		"cut off":   func(b []byte) []byte { return b[:len(b)-128] },
		"slots swapped": func(b []byte) []byte {
			return append(append(append(b[:128:128], b[256:384]...), b[128:256]...), b[384:]...)
		},
		"empty": func([]byte) []byte { return nil },
	} {
		if err := os.WriteFile(path, change(bytes.Clone(good)), 0o600); err != nil {
			t.Fatal(err)
		}
		o, err := issuer.Open(dir, rand.Reader)
		if err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", about, err)
		}
		if err == nil {
			_ = o.Close()
		}
	}
}

// The mark of a request is made with the code: two people who send the same
// messages have marks that differ, and the file alone knows no request again.
func TestMarksAreMadeWithTheCode(t *testing.T) {
	dir := t.TempDir()
	o, codes, on := furnished(t, dir, 2)
	request := begun(t, o, codes[0], on)
	for _, c := range codes {
		request.Code = c.Text(token.Enrolment)
		if _, err := o.AnswerIssue(t.Context(), request); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "rosters", "990101-2026Q4-1.roster"))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := text[128+32:128+64], text[256+32:256+64]; bytes.Equal(a, b) || bytes.Equal(a, make([]byte, 32)) {
		t.Errorf("the marks of one request by two people are %x and %x", a, b)
	}
}
