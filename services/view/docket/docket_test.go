package docket_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/caseroom"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/nullifier"
	"suyuan/services/recipient"
	"suyuan/services/release"
	"suyuan/services/unit"
	"suyuan/services/view/docket"
	"suyuan/services/view/docket/dockettest"
)

// rest is the rest of a read model in which every code is a unit.
type rest struct {
	d *docket.Docket
}

func (rest) Unit(code string) (unit.Fact, bool) {
	return unit.Fact{Code: code, Level: unit.LevelOf(code)}, unit.ValidCode(code)
}
func (rest) HasDocument(string) bool                      { return true }
func (rest) Mandate(string) (issuance.MandateFact, bool)  { return issuance.MandateFact{}, true }
func (rest) Issuance(string) (issuance.Fact, bool)        { return issuance.Fact{}, true }
func (rest) Vouched(string) (issuance.Source, bool)       { return issuance.Verified, true }
func (rest) MergedInto(string) string                     { return "" }
func (r rest) Complaint(id string) (complaint.Fact, bool) { return r.d.Fact(id) }
func (r rest) IssuerKey(id string) (issuerkey.Fact, bool) { return r.d.KeyFact(id) }
func (r rest) Spent(n string) (string, bool)              { return r.d.SpentFor(n) }
func (rest) Calendar() *calendar.Calendar                 { return nil }

func empty(t testing.TB, key *claim.Key) *docket.Docket {
	t.Helper()
	r := &rest{}
	r.d = docket.New(key, r)
	return r.d
}

// log makes the events of a docket without a desk: what the fold must bear.
type log struct {
	maker  *dockettest.Reports
	events []docket.Event
	at     time.Time
}

func newLog() *log {
	return &log{maker: dockettest.New(), at: time.Date(2025, 3, 3, 0, 0, 0, 0, ledger.Beijing)}
}

func (l *log) add(stream, name string, body any, by ledger.MetaActor) {
	l.events = append(l.events, docket.Event{Ordinal: uint64(len(l.events) + 1), Type: name, Stream: stream, At: l.at, By: by, Body: body})
}

// submit takes the commands of a cut for what they are decided to.
func (l *log) submit(_ ledger.Actor, name string, input any) error {
	system := ledger.MetaActor{Account: ledger.System}
	switch c := input.(type) {
	case complaint.File:
		l.add("complaint-"+c.ID, "complaint.filed", complaint.Filed(c), system)
	case nullifier.Spend:
		l.add("nullifier-"+c.Nullifier, "nullifier.spent", nullifier.Spent(c), system)
	case issuerkey.PublishCards:
		l.add("issuerkey-"+c.ID, "issuerkey.published", issuerkey.Published{ID: c.ID, Kind: issuerkey.Cards, County: c.County, Quarter: c.Quarter, N: c.N, Hashes: c.Hashes}, system)
	default:
		return fmt.Errorf("%s: %T", name, input)
	}
	return nil
}

var clerk = ledger.MetaActor{Account: "clerk", Roles: []ledger.Role{ledger.Clerk}, Unit: "990101-nyj"}

// fill files n reports, every second of them verified, and handles each.
func (l *log) fill(n int) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		lane := complaint.Open
		if i%2 == 0 {
			if i%4000 == 0 {
				_ = l.maker.Publish(l.submit, "990101", "2025Q1", i/4000+1, 2000)
			}
			lane = complaint.Verified
		}
		f := claim.Facts{
			Mandate: fmt.Sprint("task-", r.IntN(100)), Issuer: fmt.Sprintf("9901%02d%03d", 1+r.IntN(20), 1+r.IntN(20)), Within: "9901", Dimension: "quantity",
			CameDown: "600", Asked: fmt.Sprint(600 + 10*r.IntN(9)), Due: "2025-06-30", Minutes: 30, Forms: []string{claim.Photo}, Motive: claim.Show,
		}
		id, err := l.maker.File(l.submit, "2025-03-03", lane, f)
		if err != nil {
			panic(err)
		}
		stream := "complaint-" + id
		l.add(stream, "complaint.accepted", complaint.Accepted{At: l.at}, clerk)
		l.add(stream, "complaint.dispatched", complaint.Dispatched{At: l.at, To: "990101-nyj", Days: 15}, clerk)
		l.add(stream, "complaint.signed_for", complaint.SignedFor{At: l.at}, clerk)
		l.add(stream, "complaint.answered", complaint.Answered{At: l.at, Message: dockettest.Blob(id, ""), Outcome: complaint.Partly}, clerk)
		if i%3 == 0 {
			l.add(stream, "complaint.replied", complaint.Replied{Letter: complaint.Letter{Letter: dockettest.Hash(id), Day: "2025-03-04", Narrative: dockettest.Blob("x"+id, "text")}}, ledger.MetaActor{Account: ledger.System})
		}
	}
}

func folded(t testing.TB, key *claim.Key, events []docket.Event) *docket.Docket {
	d := empty(t, key)
	for _, e := range events {
		d.Apply(e)
	}
	return d
}

// contents is everything the docket holds, as text.
func contents(t *testing.T, d *docket.Docket) string {
	t.Helper()
	pool, err := json.Marshal(d.Pool("2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	cases := d.For(ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Investigator}}).Cases("")
	return fmt.Sprint(d.Encode(), string(pool), len(cases), d.Size(), d.Unreadable(), d.KeyFacts("990101", "2025Q1"), d.RecipientFacts())
}

// some is a docket with something of every kind.
func some() *log {
	l := newLog()
	l.fill(40)
	l.add("recipient-r", "recipient.registered", recipient.Registered{ID: "r", Unit: "990101-jw", Recipient: "age1r", Purpose: "investigator"}, clerk)
	l.add("recipient-r", "recipient.retired", recipient.Retired{Reason: "x"}, clerk)
	l.add("issuerkey-cards-990101-1", "issuerkey.revoked", issuerkey.Revoked{Reason: "x"}, clerk)
	l.add("case-c", "case.opened", caseroom.Opened{At: l.at, ID: "c", Title: "案件", From: caseroom.FromFlags}, clerk)
	l.add("case-c", "case.assigned", caseroom.Assigned{At: l.at, Account: "a"}, clerk)
	l.add("release-2025-03-10", "release.published", release.Published{Date: "2025-03-10", Part: 1, Last: true, Reports: []release.Batch{{Lane: release.Verified, Count: 5, Members: "AAAAAAAAAAA"}}}, clerk)
	return l
}

// A docket that was written and read again is the one that was folded, and
// goes on as that does.
func TestSnapshot(t *testing.T) {
	l := some()
	key := &l.maker.Key
	half := len(l.events) / 2
	whole, begun := folded(t, key, l.events), folded(t, key, l.events[:half])
	again := empty(t, key)
	if err := again.Decode(begun.Encode()); err != nil {
		t.Fatal(err)
	}
	if contents(t, again) != contents(t, begun) || again.Encode() != begun.Encode() {
		t.Error("it is another after it was read")
	}
	for _, e := range l.events[half:] {
		again.Apply(e)
	}
	if contents(t, again) != contents(t, whole) || again.Encode() != whole.Encode() || again.Size() != whole.Size() || whole.Size() != 40 {
		t.Error("it goes on otherwise after it was read")
	}
	if id, ok := again.SpentFor(spent(l)); !ok || id == "" {
		t.Error("a spent token is not found any more")
	}
}

func spent(l *log) string {
	for _, e := range l.events {
		if s, ok := e.Body.(nullifier.Spent); ok {
			return s.Nullifier
		}
	}
	return ""
}

// No snapshot holds a claim in the clear, its length tells nothing of one, and
// it is of no use under another key or under none.
func TestSnapshotIsSealed(t *testing.T) {
	l := newLog()
	if _, err := l.maker.File(l.submit, "2025-03-03", complaint.Open, claim.Facts{Paper: "CANARY-PAPER", Level: "COUNTY", Within: "9901", Dimension: "trace", CameDown: "987654.5"}); err != nil {
		t.Fatal(err)
	}
	d := folded(t, &l.maker.Key, l.events)
	packed := d.Encode()
	for _, canary := range []string{"CANARY-PAPER", "987654", "COUNTY", "trace"} {
		if strings.Contains(packed, canary) {
			t.Errorf("%s stands in the snapshot", canary)
		}
	}
	if err := empty(t, nil).Decode(packed); err == nil {
		t.Error("it was read without a key")
	}
	other := l.maker.Key
	other[0] ^= 1
	if err := empty(t, &other).Decode(packed); err == nil {
		t.Error("it was read under another key")
	}
	if err := empty(t, &l.maker.Key).Decode(folded(t, nil, l.events).Encode()); err == nil {
		t.Error("one that was written without a key was read with one")
	}
	if folded(t, &other, l.events).Fingerprint() == d.Fingerprint() || d.Fingerprint() == "" || folded(t, nil, nil).Fingerprint() != "" {
		t.Error("keys are not told apart")
	}
}

// Without the claims key, or under another one, nobody but the system is shown
// a complaint.
func TestUnreadable(t *testing.T) {
	l := some()
	other := l.maker.Key
	other[31] ^= 1
	for name, key := range map[string]*claim.Key{"none": nil, "another": &other} {
		d := folded(t, key, l.events)
		if d.Unreadable() != d.Size() || d.Size() != 40 {
			t.Errorf("%s: %d of %d are unreadable", name, d.Unreadable(), d.Size())
		}
		for _, role := range ledger.Roles {
			for _, unit := range []string{"", "990101-nyj", "0"} {
				r := d.For(ledger.Actor{Account: "a", Roles: []ledger.Role{role}, Unit: unit})
				if n := len(r.Complaints(docket.Filter{})); n != 0 {
					t.Errorf("%s: %s of %q sees %d complaints", name, role, unit, n)
				}
				for c := range d.All() {
					if r.Complaint(c.ID) != nil {
						t.Fatalf("%s: %s of %q finds a complaint", name, role, unit)
					}
				}
				if len(r.Claims("task-1")) > 0 {
					t.Errorf("%s: %s of %q sees claims", name, role, unit)
				}
			}
		}
		if len(d.Pool("2026-01-01").Reports) > 0 && key == nil {
			t.Error("reports are released unread")
		}
	}
}

// What was damaged is an error and never a panic, and nothing large is made
// for a count that cannot be true.
func TestDecodeDamaged(t *testing.T) {
	l := some()
	good := []byte(folded(t, &l.maker.Key, l.events).Encode())
	for i := 0; i < len(good); i += 1 + len(good)/300 {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			bad := bytes.Clone(good)
			bad[i] ^= flip
			_ = empty(t, &l.maker.Key).Decode(string(bad)) // what is well-formed may come out: a sum seals the whole
		}
	}
	for n := 0; n < len(good); n += 1 + len(good)/100 {
		if err := empty(t, &l.maker.Key).Decode(string(good[:n])); err == nil {
			t.Fatalf("cut at %d", n)
		}
	}
}

// Every event of the docket's subjects has its place in the fold: one that is
// passed over would be missed by nobody.
func TestEveryEventIsTold(t *testing.T) {
	for _, def := range complaint.Events {
		body := reflect.New(def.Type).Elem()
		if body.Type() == reflect.TypeFor[complaint.Filed]() {
			continue
		}
		l := newLog()
		id, _ := l.maker.File(l.submit, "2025-03-03", complaint.Open, claim.Facts{Paper: "x", Level: "COUNTY", Within: "9901", Dimension: "trace"})
		l.add("complaint-"+id, "complaint.dispatched", complaint.Dispatched{At: l.at, To: "990101-nyj", Days: 15}, clerk)
		l.add("complaint-"+id, def.Name, body.Interface(), clerk)
		c, _ := folded(t, &l.maker.Key, l.events).Find(id)
		if n := len(c.Steps); n != 3 || c.Steps[2].What != def.Name {
			t.Errorf("%s is not among the steps", def.Name)
		}
	}
}

// Twenty thousand complaints are folded, written and read again. What is measured is shown, not judged: machines differ.
func TestManyComplaints(t *testing.T) {
	l := newLog()
	n := 20_000
	l.fill(n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	d := folded(t, &l.maker.Key, l.events)
	fold := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	start = time.Now()
	packed := d.Encode()
	write := time.Since(start)
	start = time.Now()
	again := empty(t, &l.maker.Key)
	if err := again.Decode(packed); err != nil {
		t.Fatal(err)
	}
	read := time.Since(start)
	start = time.Now()
	listed := len(d.For(ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Investigator}}).Complaints(docket.Filter{}))
	list := time.Since(start)
	start = time.Now()
	running := 0
	for range d.Running() {
		running++
	}
	t.Logf("%d complaints, %d events: folded in %v, %d bytes each, written in %v (%d bytes each), read in %v, listed in %v, clocks looked at in %v (%d)",
		n, len(l.events), fold, (after.HeapAlloc-before.HeapAlloc)/uint64(n), write, len(packed)/n, read, list, time.Since(start), running)
	if listed != n || again.Size() != n {
		t.Errorf("%d and %d of %d", listed, again.Size(), n)
	}
	runtime.KeepAlive(l)
}
