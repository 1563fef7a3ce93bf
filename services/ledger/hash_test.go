package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// stream makes n sealed events of one stream, in the log from an ordinal on.
func stream(t testing.TB, name string, n int, ordinal uint64) []Recorded {
	t.Helper()
	var prev Hash
	out := make([]Recorded, n)
	for i := range out {
		r, h, err := Seal(prev, name, int64(i), Record{
			ID: EventID("account", name, i), Type: "thing.happened",
			Data: json.RawMessage(fmt.Sprintf(`{"n":%d,"text":"甲"}`, i)), Meta: json.RawMessage(`{"name":"thing.do","version":1}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		prev, out[i] = h, Recorded{Record: r, Stream: name, Revision: int64(i), Position: Position{Ordinal: ordinal + uint64(i)}}
	}
	return out
}

func TestSealAndCheck(t *testing.T) {
	events := stream(t, "thing-a", 3, 1)
	var prev Hash
	for _, e := range events {
		var m struct{ Hash string }
		if err := json.Unmarshal(e.Meta, &m); err != nil {
			t.Fatalf("%s is no JSON: %v", e.Meta, err)
		}
		h, err := Check(prev, e)
		if err != nil || h.String() != m.Hash {
			t.Fatalf("%s: %s, %v", e.Meta, h, err)
		}
		prev = h
	}
	if _, err := Check(Hash{}, events[1]); !errors.Is(err, ErrDamaged) {
		t.Fatalf("an event on top of another than its own predecessor: %v", err)
	}
}

// The hash is the same for ever: whoever checks an old export with a new
// program must come to the same.
func TestHashIsStable(t *testing.T) {
	e := stream(t, "thing-a", 2, 1)[1]
	h, err := HashOf(e.Record)
	if err != nil || h.String() != "1e8840a6bc978bed4624a7266f6ac8e3e9a2ff15131fc0853184e65a44aaaa95" {
		t.Fatalf("the hash is %s (%v)", h, err)
	}
}

// Every bit of an event counts, and of what it stands on.
func TestCheckFindsEveryFlip(t *testing.T) {
	events := stream(t, "thing-a", 2, 1)
	e := events[1]
	prev, _ := HashOf(events[0].Record)
	refused := func(what string, at int, e Recorded, prev Hash) {
		t.Helper()
		d, ok := errors.AsType[*Damage](second(Check(prev, e)))
		if !ok || d.Ordinal != 2 {
			t.Fatalf("%s with byte %d flipped: %v", what, at, d)
		}
	}
	for bit := range 8 {
		for i := range e.Data {
			c := e
			c.Data = flip(e.Data, i, bit)
			refused("data", i, c, prev)
		}
		for i := range e.Meta {
			c := e
			c.Meta = flip(e.Meta, i, bit)
			refused("metadata", i, c, prev)
		}
		for i := range e.Type {
			c := e
			c.Type = string(flip([]byte(e.Type), i, bit))
			refused("type", i, c, prev)
		}
		for i := range e.Stream {
			c := e
			c.Stream = string(flip([]byte(e.Stream), i, bit))
			refused("stream", i, c, prev)
		}
		for i := range e.ID {
			c := e
			c.ID[i] ^= 1 << bit
			refused("id", i, c, prev)
		}
		for i := range prev {
			p := prev
			p[i] ^= 1 << bit
			refused("the event before", i, e, p)
		}
	}
	for bit := range 64 {
		c := e
		c.Revision ^= 1 << bit
		refused("revision", bit, c, prev)
	}
}

// Bytes cannot move from one part to the next.
func TestHashIsFramed(t *testing.T) {
	e := stream(t, "thing-a", 1, 1)[0]
	for name, change := range map[string]func(e *Recorded){
		"stream to type":   func(e *Recorded) { e.Stream, e.Type = e.Stream[:6], e.Stream[6:]+e.Type },
		"type to data":     func(e *Recorded) { e.Data, e.Type = append([]byte(e.Type[1:]), e.Data...), e.Type[:1] },
		"data to metadata": func(e *Recorded) { e.Meta, e.Data = append(slices.Clone(e.Data[3:]), e.Meta...), e.Data[:3] },
		"bytes added":      func(e *Recorded) { e.Data = append(slices.Clone(e.Data), ' ') },
		"bytes cut":        func(e *Recorded) { e.Data = e.Data[:len(e.Data)-1] },
	} {
		c := e
		change(&c)
		if _, err := Check(Hash{}, c); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHashHasOneForm(t *testing.T) {
	e := stream(t, "thing-a", 1, 1)[0]
	upper := slices.Clone(e.Meta)
	digits := upper[len(upper)-len(hashSuffix)-64:][:64]
	copy(digits, bytes.ToUpper(digits))
	for name, meta := range map[string]string{
		"upper-case digits": string(upper), "a space behind": string(e.Meta) + " ", "a line behind": string(e.Meta) + "\n", "a space before the hash": string(bytes.Replace(e.Meta, []byte(`,"hash":"`), []byte(`, "hash":"`), 1)),
		"no hash": `{"version":1}`, "nothing": ``, "the hash alone": string(e.Meta[len(e.Meta)-hashLen:]), "another member behind": string(e.Meta[:len(e.Meta)-1]) + `,"x":1}`,
	} {
		if _, err := HashOf(Record{Meta: json.RawMessage(meta)}); !errors.Is(err, ErrNoHash) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSealRefuses(t *testing.T) {
	sealed := stream(t, "thing-a", 1, 1)[0].Meta
	for name, meta := range map[string]string{"nothing": "", "no object": `[1]`, "an empty object": `{}`, "an object of spaces": "{ \n}", "cut short": `{"a":1`, "a second hash": string(sealed)} {
		if _, _, err := Seal(Hash{}, "thing-a", 0, Record{Meta: json.RawMessage(meta)}); err == nil {
			t.Errorf("%s was sealed", name)
		}
	}
}

// Spaces around the metadata are not part of it; spaces within are.
func TestSealTakesMetadataAsItIs(t *testing.T) {
	seal := func(meta string) Record {
		r, _, err := Seal(Hash{}, "thing-a", 0, Record{Data: json.RawMessage(`{}`), Meta: json.RawMessage(meta)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Check(Hash{}, Recorded{Record: r, Stream: "thing-a"}); err != nil || !json.Valid(r.Meta) {
			t.Fatalf("%s: %v", r.Meta, err)
		}
		return r
	}
	tight := seal(`{"a":1}`)
	if around := seal(" \n{\"a\":1}\t "); !bytes.Equal(around.Meta, tight.Meta) {
		t.Errorf("%s is not %s", around.Meta, tight.Meta)
	}
	if within := seal(`{ "a": 1 }`); bytes.Equal(within.Meta, tight.Meta) || !bytes.HasPrefix(within.Meta, []byte(`{ "a": 1 ,`)) {
		t.Errorf("%s", within.Meta)
	}
}

func TestChain(t *testing.T) {
	a, b := stream(t, "thing-a", 3, 0), stream(t, "thing-b", 2, 0)
	log := []Recorded{a[0], b[0], a[1], b[1], a[2]}
	for _, c := range []struct {
		name    string
		change  func(log []Recorded) []Recorded
		ordinal uint64 // 0: whole
	}{
		{"whole", func(l []Recorded) []Recorded { return l }, 0},
		{"one removed", func(l []Recorded) []Recorded { return append(l[:1:1], l[2:]...) }, 2},
		{"the first removed", func(l []Recorded) []Recorded { return l[1:] }, 1},
		{"one removed and the rest numbered anew", func(l []Recorded) []Recorded { return number(append(l[:2:2], l[3:]...)) }, 4},
		{"the first of a stream removed", func(l []Recorded) []Recorded { return number(append(l[:1:1], l[2:]...)) }, 3},
		{"two of one stream swapped", func(l []Recorded) []Recorded { l[2], l[4] = l[4], l[2]; return number(l) }, 3},
		{"their revisions too", func(l []Recorded) []Recorded {
			l[2].Record, l[4].Record = l[4].Record, l[2].Record
			return l
		}, 3},
		{"one twice", func(l []Recorded) []Recorded { return number(append(l[:3:3], l[2:]...)) }, 4},
		{"one moved to another stream", func(l []Recorded) []Recorded { l[3].Stream, l[3].Revision = "thing-a", 2; return l }, 4},
		{"two of different streams swapped: for the checkpoints to find", func(l []Recorded) []Recorded { l[0], l[1] = l[1], l[0]; return number(l) }, 0},
	} {
		chain := NewChain()
		var damage *Damage
		for _, e := range c.change(number(slices.Clone(log))) {
			if _, err := chain.Next(e); err != nil {
				damage, _ = errors.AsType[*Damage](err)
				break
			}
		}
		switch {
		case c.ordinal == 0 && (damage != nil || chain.Size() != 5):
			t.Errorf("%s: %v after %d", c.name, damage, chain.Size())
		case c.ordinal != 0 && (damage == nil || damage.Ordinal != c.ordinal):
			t.Errorf("%s: %v, want ordinal %d", c.name, damage, c.ordinal)
		}
	}
}

func FuzzHashOf(f *testing.F) {
	f.Add([]byte(`{"version":1}`))
	f.Add([]byte(stream(f, "thing-a", 1, 1)[0].Meta))
	f.Fuzz(func(t *testing.T, meta []byte) {
		if h, err := HashOf(Record{Meta: meta}); err == nil && !bytes.HasSuffix(meta, []byte(h.String()+`"}`)) {
			t.Fatalf("%q has hash %s", meta, h)
		}
		sealed, h, err := Seal(Hash{}, "thing-a", 0, Record{Meta: meta})
		if err != nil {
			return
		}
		if got, err := Check(Hash{}, Recorded{Record: sealed, Stream: "thing-a"}); err != nil || got != h {
			t.Fatalf("%q was sealed as %q: %v", meta, sealed.Meta, err)
		}
		if json.Valid(meta) != json.Valid(sealed.Meta) {
			t.Fatalf("%q was sealed as %q", meta, sealed.Meta)
		}
	})
}

func second(_ Hash, err error) error { return err }

func flip(b []byte, i, bit int) []byte {
	c := slices.Clone(b)
	c[i] ^= 1 << bit
	return c
}

func number(log []Recorded) []Recorded {
	for i := range log {
		log[i].Position.Ordinal = uint64(i + 1)
	}
	return log
}
