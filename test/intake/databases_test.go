package intake

import (
	"fmt"
	mathrand "math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
)

// The same envelopes in another order, at other times, some sent twice, into a
// spool with other slots, entered by a cut at another hour: what lies in the
// ledger and in the vault afterwards is the same, byte by byte, where cut key,
// blob keys and salts are the same.
func TestTwoDatabases(t *testing.T) {
	var first, second [][]byte // before the first cut, and letters before the second
	for n := range 24 {
		s := newSender(200 + n)
		l := envelope.Letter{Facts: facts(n), Narrative: envelope.Narrative{Text: fmt.Sprint("report ", n)}}
		switch n % 8 {
		case 3:
			l.Token = keys().issuer.token(t, 200+n)
		case 5:
			l.Token = keys().issuer.cards[n%20].Bits()
		case 6:
			l.Facts = []byte("garbage")
		}
		if n == 7 {
			l.Narrative.Pictures = [][]byte{{0xff, 0xd8, 0xff, 0xd9}}
		}
		first = append(first, s.letter(t, l))
		if n%3 == 0 {
			second = append(second, s.follow(t, claim.FollowUp{V: 1, Act: claim.Reply}, "more"))
		}
	}
	a := filled(t, first, second, 1)
	b := filled(t, first, second, 2)
	if len(a) < 60 || !slices.Equal(a, b) {
		t.Errorf("%d and %d rows", len(a), len(b))
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("row %d:\n%.600s\n%.600s", i, a[i], b[i])
			}
		}
	}
}

// filled is all rows of a house that took the envelopes in an order of its own.
func filled(t *testing.T, first, second [][]byte, order byte) (rows []string) {
	dir := fresh(t)
	late := time.Date(2026, 11, 20, int(order)*5, int(order), 7, int(order), ledger.Beijing)
	w := open(t, dir, options{vault: newStream(77), spool: newStream(order), now: func() time.Time { return late }})
	chance := mathrand.New(mathrand.NewPCG(uint64(order), 5))
	for n, list := range [][][]byte{first, second} {
		list = slices.Clone(list)
		chance.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for i, sealed := range list {
			must(t, w.accept(sealed))
			if i%int(order+1) == 0 {
				must(t, w.accept(list[chance.IntN(i+1)]))
			}
		}
		must(t, w.cut(ledger.Date(fmt.Sprintf("2026-11-2%d", n)), byte(40+n)))
	}
	w.close()
	for _, what := range []struct {
		file, query string
		columns     int
	}{
		{"ledger.db", "SELECT position, stream, revision, prev, id, type, data, meta, link FROM events ORDER BY position", 9},
		{"blobs.db", "SELECT rowid, id, sealed FROM blobs ORDER BY rowid", 3},
		{"blobkeys.db", "SELECT id, key, salt FROM keys ORDER BY id", 3},
	} {
		for _, row := range table(t, filepath.Join(dir, what.file), what.query, what.columns) {
			rows = append(rows, what.file+" "+strings.Join(row, "|"))
		}
	}
	return rows
}
