package checkpoint

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

// known is a log of so many events, each size with its root.
type known struct {
	roots    []ledger.Hash
	verifier string
}

func (k known) CheckpointKey() string { return k.verifier }

func (k known) Root(size uint64) (ledger.Hash, error) {
	if size >= uint64(len(k.roots)) {
		return ledger.Hash{}, errors.New("not that many")
	}
	return k.roots[size], nil
}

func keys(t *testing.T) (signer, verifier string) {
	t.Helper()
	signer, verifier, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

func written(t *testing.T, signer string, size uint64, root ledger.Hash) string {
	t.Helper()
	n, err := Write(signer, size, root)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDecide(t *testing.T) {
	type c = ledgertest.Case[State, Facts]
	type events = []ledger.Evolver[State]
	signer, verifier := keys(t)
	other, _ := keys(t)
	log := known{[]ledger.Hash{{0}, {1}, {2}, {3}}, verifier}
	system := ledger.Actor{Account: ledger.System}
	admin := ledger.Actor{Account: "admin", Roles: []ledger.Role{ledger.Admin}}
	good := written(t, signer, 3, ledger.Hash{3})

	seen := ledgertest.Run[State, Facts](t, log, []c{
		{Name: "the ledger signs", By: system, When: Sign{good}, Then: events{Signed{3, ledger.Hash{3}.String(), good}}},
		{Name: "and again when there is more", By: system, Given: events{Signed{Size: 2}}, When: Sign{good}, Then: events{Signed{3, ledger.Hash{3}.String(), good}}},
		{Name: "nobody else signs", By: admin, When: Sign{good}, Refused: "forbidden checkpoint.system_only"},
		{Name: "with another key", By: system, When: Sign{written(t, other, 3, ledger.Hash{3})}, Refused: "invalid checkpoint.note"},
		{Name: "without a note", By: system, When: Sign{}, Refused: "invalid checkpoint.note"},
		{Name: "where there is no key", By: system, Facts: known{roots: log.roots}, When: Sign{good}, Refused: "invalid checkpoint.note"},
		{Name: "what is signed already", By: system, Given: events{Signed{Size: 3}}, When: Sign{good}, Refused: "refused checkpoint.not_newer"},
		{Name: "less than that", By: system, Given: events{Signed{Size: 3}}, When: Sign{written(t, signer, 2, ledger.Hash{2})}, Refused: "refused checkpoint.not_newer"},
		{Name: "nothing", By: system, When: Sign{written(t, signer, 0, ledger.Hash{0})}, Refused: "refused checkpoint.not_newer"},
		{Name: "another root", By: system, When: Sign{written(t, signer, 3, ledger.Hash{2})}, Refused: "refused checkpoint.root"},
		{Name: "more than there is", By: system, When: Sign{written(t, signer, 4, ledger.Hash{4})}, Refused: "refused checkpoint.root"},
	})
	ledgertest.Complete(t, seen)
}

// A note has one form: origin, size, root.
func TestOpenTakesOneForm(t *testing.T) {
	signer, verifier := keys(t)
	key, err := note.NewSigner(signer)
	if err != nil {
		t.Fatal(err)
	}
	root := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for text, want := range map[string]bool{
		origin + "\n7\n" + root + "\n":                   true,
		"another log\n7\n" + root + "\n":                 false,
		origin + "\n7\n" + root + "\nmore\n":             false,
		origin + "\n7\n":                                 false,
		origin + "\n-7\n" + root + "\n":                  false,
		origin + "\nseven\n" + root + "\n":               false,
		origin + "\n9223372036854775808\n" + root + "\n": false,
		origin + "\n7\n" + root[:20] + "\n":              false,
		origin + "\n7\n!" + root[1:] + "\n":              false,
	} {
		signed, err := note.Sign(&note.Note{Text: text}, key)
		if err != nil {
			t.Fatal(err)
		}
		if size, _, err := Open(string(signed), verifier); (err == nil) != want || want && size != 7 {
			t.Errorf("%q: %d, %v", text, size, err)
		}
	}
}

// book writes a log of streams and checkpoints.
type book struct {
	t      *testing.T
	signer string
	tree   Tree
	heads  map[string]ledger.Recorded
	events []ledger.Recorded
}

func (b *book) add(stream, data string) {
	b.t.Helper()
	before, ok := b.heads[stream]
	var prev ledger.Hash
	revision := int64(0)
	if ok {
		prev, _ = ledger.HashOf(before.Record)
		revision = before.Revision + 1
	}
	r, hash, err := ledger.Seal(prev, stream, revision, ledger.Record{ID: ledger.EventID("a", stream, int(revision)), Type: "thing.happened", Data: json.RawMessage(data), Meta: json.RawMessage(`{"version":1}`)})
	if err != nil {
		b.t.Fatal(err)
	}
	e := ledger.Recorded{Record: r, Stream: stream, Revision: revision, Position: ledger.Position{Ordinal: uint64(len(b.events) + 1)}}
	b.heads[stream] = e
	b.events = append(b.events, e)
	b.tree.Add(hash)
}

// sign adds a checkpoint over the first size events; how may falsify it.
func (b *book) sign(size int64, how func(s *Signed)) {
	b.t.Helper()
	root, err := b.tree.Root(size)
	if err != nil {
		b.t.Fatal(err)
	}
	s := Signed{Size: uint64(size), Root: root.String(), Note: written(b.t, b.signer, uint64(size), root)}
	if how != nil {
		how(&s)
	}
	data, err := json.Marshal(s)
	if err != nil {
		b.t.Fatal(err)
	}
	b.add(Stream, string(data))
}

func TestChecker(t *testing.T) {
	signer, verifier := keys(t)
	other, _ := keys(t)
	swap := func(i, k int) func(l []ledger.Recorded) []ledger.Recorded {
		return func(l []ledger.Recorded) []ledger.Recorded {
			l[i], l[k] = l[k], l[i]
			l[i].Position, l[k].Position = l[k].Position, l[i].Position
			return l
		}
	}
	// ordinals 1 to 4: two streams; 5: checkpoint over 3; 6: one more; 7: checkpoint over 6; 8: one more
	for name, c := range map[string]struct {
		falsify func(s *Signed)
		change  func(l []ledger.Recorded) []ledger.Recorded
		ordinal uint64 // 0: whole
		says    string
	}{
		"whole":                 {},
		"the size changed":      {falsify: func(s *Signed) { s.Size-- }, ordinal: 7, says: "signed note"},
		"the root changed":      {falsify: func(s *Signed) { s.Root = strings.Repeat("0", 64) }, ordinal: 7, says: "signed note"},
		"signed by another":     {falsify: func(s *Signed) { s.Note = written(t, other, s.Size, ledger.Hash{}) }, ordinal: 7, says: "signature"},
		"a note of another log": {falsify: func(s *Signed) { s.Root, s.Note = ledger.Hash{}.String(), written(t, signer, s.Size, ledger.Hash{}) }, ordinal: 4, says: "4 to 6"},
		"a note over what is to come": {falsify: func(s *Signed) {
			s.Size, s.Root, s.Note = 99, ledger.Hash{}.String(), written(t, signer, 99, ledger.Hash{})
		}, ordinal: 7, says: "99"},
		"no note at all":                   {falsify: func(s *Signed) { s.Note = "" }, ordinal: 7, says: "signature"},
		"streams swapped before the first": {change: swap(0, 1), ordinal: 1, says: "1 to 3"},
		"streams swapped between the two":  {change: swap(3, 5), ordinal: 4},
		"streams swapped behind the last":  {change: func(l []ledger.Recorded) []ledger.Recorded { return swap(7, 8)(l) }},
		"a stream cut short before a checkpoint": {change: func(l []ledger.Recorded) []ledger.Recorded {
			l = append(l[:5:5], l[6:]...) // the last of its stream, and the rest numbered anew
			for i := range l {
				l[i].Position.Ordinal = uint64(i + 1)
			}
			return l[:6]
		}, ordinal: 6},
	} {
		b := &book{t: t, signer: signer, heads: map[string]ledger.Recorded{}}
		b.add("thing-a", `{}`)
		b.add("thing-b", `{}`)
		b.add("thing-a", `{}`)
		b.add("thing-b", `{}`)
		b.sign(3, nil)
		b.add("thing-a", `{}`)
		b.sign(6, c.falsify)
		b.add("thing-c", `{}`)
		b.add("thing-d", `{}`)
		log := slices.Clone(b.events)
		if c.change != nil {
			log = c.change(log)
		}
		checker, damage := Checker{Verifier: verifier}, (*ledger.Damage)(nil)
		for _, e := range log {
			if err := checker.Next(e); err != nil {
				damage, _ = errors.AsType[*ledger.Damage](err)
				break
			}
		}
		r := checker.Report()
		switch {
		case c.ordinal == 0 && (damage != nil || r.Events != 9 || r.Checkpoints != 2 || r.Covered != 6):
			t.Errorf("%s: %v, %+v", name, damage, r)
		case c.ordinal != 0 && (damage == nil || damage.Ordinal != c.ordinal || !strings.Contains(fmt.Sprint(damage), c.says)):
			t.Errorf("%s: %v, want ordinal %d", name, damage, c.ordinal)
		}
	}
}

// A checkpoint that is no JSON is damage, and without a key the root alone is
// held against the log.
func TestCheckerWithoutKey(t *testing.T) {
	signer, _ := keys(t)
	b := &book{t: t, signer: signer, heads: map[string]ledger.Recorded{}}
	b.add("thing-a", `{}`)
	b.sign(1, func(s *Signed) { s.Note = "" })
	b.add(Stream, `[]`)
	var c Checker
	for i, e := range b.events {
		if err := c.Next(e); (err == nil) != (i < 2) || err != nil && !errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("event %d: %v", i, err)
		}
	}
}
