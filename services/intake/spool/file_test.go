package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "spool")
	for _, sizes := range []Sizes{{0, 1}, {1, 0}, {-1, 1}, {maxText + 1, 1}, {1, maxPictures + 1}} {
		if _, err := Open(dir, testKey, sizes, random("")); rule(err) != "spool.sizes" {
			t.Errorf("%v: %v", sizes, err)
		}
	}
	sizes := Sizes{Text: 2, Pictures: 1}
	s, err := Open(dir, testKey, sizes, random("one"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, testKey, sizes, random("two")); rule(err) != "spool.in_use" {
		t.Errorf("a second process: %v", err)
	}
	a := entry("a", "1", "", false, TextBytes)
	if err := s.Put(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	short := a
	short.Data = a.Data[1:]
	if err := s.Put(t.Context(), short); rule(err) != "spool.length" {
		t.Errorf("too short: %v", err)
	}
	end(t, s)
	end(t, s)
	for name, err := range map[string]error{"put": s.Put(t.Context(), a), "clear": s.Clear(a.ID), "stir": s.Stir()} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("closed, %s: %v", name, err)
		}
	}
	if _, err := collect(s); !errors.Is(err, ErrClosed) {
		t.Errorf("closed, read: %v", err)
	}

	path := filepath.Join(dir, "text.spool")
	before := read(t, path)
	if _, err := Open(dir, [32]byte{7}, sizes, random("three")); rule(err) != "spool.other_key" {
		t.Errorf("another key: %v", err)
	}
	if string(read(t, path)) != string(before) {
		t.Error("another key changed the file")
	}
	for name, c := range map[string]struct {
		content []byte
		rule    string
	}{
		"short":    {before[:len(before)-1], "spool.cut_short"},
		"long":     {append(before[:len(before):len(before)], 0), "spool.cut_short"},
		"empty":    {nil, "spool.cut_short"},
		"no page":  {before[:page-1], "spool.cut_short"},
		"elsewhat": {append(make([]byte, page), before[page:]...), "spool.other_key"},
	} {
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, testKey, sizes, random("four")); rule(err) != c.rule {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(path, before, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(dir, testKey, sizes, random("five")); err != nil || !s.Has(a.ID) {
		t.Fatalf("as it was: %v", err)
	}
	end(t, s)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func rule(err error) string {
	if err == nil {
		return ""
	}
	return ledger.AsError(err).Rule
}

// TestSizes: the files are as large as the configuration says and no larger;
// with fewer slots than entries there are as many as entries until they go.
func TestSizes(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "spool")
	model := newModel()
	for _, c := range []struct{ text, slots int }{{3, 3}, {8, 8}, {1, 5}, {6, 6}, {2, 5}} {
		s, err := Open(dir, testKey, Sizes{Text: c.text, Pictures: 1}, random(fmt.Sprint(c)))
		if err != nil {
			t.Fatal(err)
		}
		if err := model.settle(s); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Join(dir, "text.spool")); err != nil || info.Size() != int64(page+c.slots*(TextBytes+page)) {
			t.Errorf("%v: %d bytes, %v", c, info.Size(), err)
		}
		for i := len(model.has); i < 5; i++ {
			e := entry(fmt.Sprint(i), fmt.Sprint(i), "", false, TextBytes)
			if err := model.put(e, c.slots, s.Put(t.Context(), e)); err != nil {
				t.Error(err)
			}
		}
		end(t, s)
	}
}

// TestUnreadable: an entry that went bad is reported by its ID, the others
// come; what was cleared is no error.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	m := newRAM()
	s := begin(t, m, 6, 1)
	for i := range 5 {
		if err := s.Put(t.Context(), entry(fmt.Sprint(i), fmt.Sprint(i), "", false, smallBytes)); err != nil {
			t.Fatal(err)
		}
	}
	bad := s.byID[sum("2")]
	m.names["text.spool"].view[bad.class.at(bad.slot+1)-1] ^= 1
	good, failed := 0, 0
	for e, err := range s.Ordered([32]byte{}) {
		switch {
		case err == nil:
			good++
		case rule(err) == "spool.unreadable" && e.ID == bad.ID && e.Data == nil:
			failed++
		default:
			t.Errorf("%v", err)
		}
	}
	if good != 4 || failed != 1 {
		t.Errorf("%d good, %d not", good, failed)
	}
	if err := s.Clear(bad.ID); err != nil || s.Len() != 4 {
		t.Errorf("clear: %v", err)
	}
	seen := 0
	for _, err := range s.Ordered([32]byte{}) {
		if err != nil {
			t.Error(err)
		}
		if seen++; seen == 1 {
			if err := s.Clear(sum("0"), sum("1"), sum("3"), sum("4"), sum("none")); err != nil {
				t.Error(err)
			}
		}
	}
	if seen != 1 || s.Len() != 0 {
		t.Errorf("%d came after all were cleared, %d are left", seen, s.Len())
	}
	end(t, s)
}

// TestErrorsAreSilent: no error says what an entry holds.
func TestErrorsAreSilent(t *testing.T) {
	t.Parallel()
	s := begin(t, newRAM(), 1, 1)
	a := entry("a", "1", "n", false, smallBytes)
	if err := s.Put(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	for _, e := range []Entry{entry("b", "1", "", false, smallBytes), entry("c", "2", "n", false, smallBytes), entry("d", "3", "", false, smallBytes)} {
		err := s.Put(t.Context(), e)
		text := fmt.Sprintf("%v %+v %#v", err, ledger.AsError(err).Text, ledger.AsError(err))
		for _, h := range [][32]byte{e.ID, e.Box, sum("nullifier n")} {
			if strings.Contains(text, fmt.Sprintf("%x", h[:4])) || strings.Contains(text, fmt.Sprint(h[:4])) {
				t.Errorf("%s", text)
			}
		}
		if ledger.AsError(err).Text == (ledger.Text{}) {
			t.Error("no text")
		}
	}
	end(t, s)
}

// TestNothingIsKept: the caller's memory is his again after Put, and a file
// that was made anew leaves nothing of the old one behind.
func TestNothingIsKept(t *testing.T) {
	t.Parallel()
	m := newRAM()
	s := begin(t, m, 4, 1)
	e, want := entry("a", "1", "n", false, smallBytes), entry("a", "1", "n", false, smallBytes)
	if err := s.Put(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	clear(e.Data)
	*e.Nullifier = [32]byte{}
	if all, err := collect(s); err != nil || len(all) != 1 || !same(all[0], want) || !s.Spent(*want.Nullifier) {
		t.Errorf("%v", err)
	}
	if err := s.Clear(e.ID); err != nil || s.Spent(*want.Nullifier) {
		t.Errorf("its nullifier is held after it was cleared, %v", err)
	}
	if err := s.Put(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	end(t, s)
	old := m.names["text.spool"]
	before := string(old.disk)
	s = begin(t, m, 5, 1)
	if m.names["text.spool"] == old || len(old.disk) != len(before) {
		t.Fatal("the file was not made anew")
	}
	for at := 0; at < len(before); at += 64 {
		if string(old.disk[at:min(at+64, len(before))]) == before[at:min(at+64, len(before))] {
			t.Fatalf("the old file still holds what it held at %d", at)
		}
	}
	end(t, s)
}

// TestCutOff: what a making anew that was cut off has left is overwritten and
// removed, where the file needs no making anew any more.
func TestCutOff(t *testing.T) {
	t.Parallel()
	m := newRAM()
	s := begin(t, m, 4, 1)
	if err := s.Put(t.Context(), entry("a", "1", "", false, smallBytes)); err != nil {
		t.Fatal(err)
	}
	end(t, s)
	m.fault = func(_ int, op string, _ int) fate {
		if op == "rename" {
			return fate{cut: true, keeps: -1}
		}
		return fate{}
	}
	if _, err := start(m, testKey, shapes(6, 1), random("cut off")); !errors.Is(err, errFault) {
		t.Fatal(err)
	}
	m = m.killed()
	left := m.names["text.spool.new"]
	if left == nil {
		t.Fatal("nothing was left")
	}
	before := string(left.disk)
	s = begin(t, m, 4, 1)
	if m.names["text.spool.new"] != nil || !s.Has(sum("a")) {
		t.Error("it was left, or the entry is gone")
	}
	for at := 0; at < len(before); at += 64 {
		if string(left.disk[at:min(at+64, len(before))]) == before[at:min(at+64, len(before))] {
			t.Fatalf("it holds what it held at %d", at)
		}
	}
	end(t, s)
}
