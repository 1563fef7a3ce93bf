package complaint

import (
	"encoding/hex"
	"strings"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint/claim"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// The county 990102 is named in everything below; its bureau for discipline
// and that of the city above can handle what is not about themselves.
const (
	province, city, county = "99", "9901", "990102"
	bureau, town           = "990102-csgl", "990102002"
	handler, other         = "9901-jw", "9901-xf"
	key                    = "k1"
)

var (
	box   = strings.Repeat("ab", 32)
	id    = idOf(box)
	spent = strings.Repeat("0c", 32)
	blob  = Blob{ID: strings.Repeat("0a", 16), Hash: strings.Repeat("0b", 32)}
	story = Blob{ID: blob.ID, Hash: blob.Hash, Class: ClassText}
	about = claim.Facts{V: 1, Mandate: "task", Issuer: county, Dimension: "quantity", CameDown: "600", Asked: "690"}
	cal   = must(calendar.Official())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func idOf(box string) string { return IDOf([32]byte(must(hex.DecodeString(box)))) }

// known is what decisions see. Units exist unless they end in -lost; those of
// the province 98 were merged away.
type known struct {
	complaints map[string]Fact
	parents    map[string]string
	spent      map[string]string
	calendar   *calendar.Calendar
}

func (k known) Unit(code string) (unit.Fact, bool) {
	parent, ok := k.parents[code]
	if list := above(code); !ok && len(list) > 0 {
		parent = list[0]
	}
	return unit.Fact{Code: code, Level: unit.LevelOf(code), Parent: parent, Merged: strings.HasPrefix(code, "98")}, !strings.HasSuffix(code, "-lost")
}
func (known) HasDocument(id string) bool { return strings.HasPrefix(id, "paper") }
func (k known) Complaint(id string) (Fact, bool) {
	f, ok := k.complaints[id]
	return f, ok
}
func (known) Vouched(id string) (issuance.Source, bool) {
	switch {
	case strings.HasPrefix(id, "sheet"):
		return issuance.Verified, true
	case id == "declared":
		return issuance.Declared, true
	}
	return "", false
}
func (known) IssuerKey(id string) (issuerkey.Fact, bool) { return issuerkey.Fact{ID: id}, id == key }
func (k known) Spent(nullifier string) (string, bool) {
	c, ok := k.spent[nullifier]
	return c, ok
}
func (k known) Calendar() *calendar.Calendar { return k.calendar }

// facts is the world with one complaint about a claim in it.
func facts(f claim.Facts) known {
	return known{complaints: map[string]Fact{
		id:          {Named: NamedBy(f), Stage: Handling},
		"other":     {Named: NamedBy(f), Stage: Handling},
		"town":      {Named: Named{Issuer: town, Within: county}, Stage: Handling},
		"county":    {Named: Named{Issuer: county, Within: county}, Stage: Handling},
		"without x": {Named: Named{Issuer: county, Accounts: []string{"x"}}, Stage: Handling},
		"ended":     {Named: NamedBy(f), Stage: Ended},
		"ours":      {Named: Named{Issuer: "9902"}, Stage: Handling},
		"new":       {Named: NamedBy(f), Stage: Registered},
		"answered":  {Named: NamedBy(f), Stage: Replying},
		"full":      {Named: NamedBy(f), Stage: Handling, Others: MaxOthers, Took: true},
		"apart":     {Named: NamedBy(f), Stage: Handling, Merged: true},
	}, spent: map[string]string{spent: id, strings.Repeat("0d", 32): "another"}, calendar: cal}
}

func actor(account, unit string, roles ...ledger.Role) ledger.Actor {
	return ledger.Actor{Account: account, Unit: unit, Roles: roles}
}

var (
	engine       = ledger.Actor{Account: ledger.System}
	investigator = actor("inv", "", ledger.Investigator)
	reviewer     = actor("rev", "", ledger.Reviewer)
	clerk        = actor("clerk", handler, ledger.Clerk)
	named        = actor("named", county, ledger.Investigator, ledger.Reviewer, ledger.Clerk)
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, ledger.Beijing)

// day is so many calendar days after the Monday, at nine.
func day(n int) time.Time { return monday.AddDate(0, 0, n) }

func date(n int) ledger.Date { return ledger.DateOf(day(n)) }

type events = []ledger.Evolver[State]

func filed() Filed {
	return Filed{
		ID: id, Day: date(0), Box: box, Signer: box, Replies: "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
		Lane: Open, Claim: claim.Key{1}.Seal(id, about), Narrative: story,
	}
}

func letter(n byte, on int) Letter {
	return Letter{Letter: strings.Repeat(string("0123456789abcdef"[n%16])+string("0123456789abcdef"[n/16]), 32), Day: date(on), Narrative: story}
}

// ways leads to every stage by the shortest history.
var ways = func() map[Stage]events {
	w := map[Stage]events{}
	then := func(to, from Stage, more ...ledger.Evolver[State]) {
		w[to] = append(append(events{}, w[from]...), more...)
	}
	then(Registered, "", filed())
	then(Taken, Registered, Accepted{day(0)})
	then(Declined, Registered, NotAccepted{day(0), "不属于", "请找"})
	then(Joined, Registered, Merged{day(0), "other", ""})
	then(Sent, Taken, Dispatched{day(0), handler, 10})
	then(SentBack, Sent, Returned{day(1), "不归"})
	then(Handling, Sent, SignedFor{day(1)})
	then(Replying, Handling, Answered{day(2), blob, Partly})
	then(Visited, Replying, Rated{letter(1, 3), true, true}, FollowedUp{day(3), true, ""})
	then(Ended, Visited, Closed{day(4), ByRating})
	then(InReview, Replying, ReviewAsked{letter(2, 3)})
	then(ReviewGiven, InReview, ReviewDecided{day(4), Upheld, blob, "r1"})
	then(InFinal, ReviewGiven, FinalReviewAsked{letter(3, 5)})
	then(Over, InFinal, FinalReviewDecided{day(6), Upheld, blob}, Exhausted{day(6)})
	return w
}()

func state(list ...ledger.Evolver[State]) (s State) {
	for _, e := range list {
		e.Evolve(&s)
	}
	return s
}

// at is the history that leads to a stage, with more behind it.
func at(stage Stage, more ...ledger.Evolver[State]) events {
	return append(append(events{}, ways[stage]...), more...)
}
