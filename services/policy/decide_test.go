package policy

import (
	"maps"
	"reflect"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/liability"
)

type papers map[string]bool

func (p papers) HasDocument(id string) bool { return p[id] }

type (
	tc     = ledgertest.Case[State, Facts]
	events = []ledger.Evolver[State]
)

var admin = ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Admin}, Unit: "99-bb"}

func proposed(t *testing.T, name string) Proposal {
	t.Helper()
	all, err := Proposed()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no proposal of %s", name)
	return Proposal{}
}

func with(values map[string]string, name, value string) map[string]string {
	out := maps.Clone(values)
	if out[name] = value; value == "" {
		delete(out, name)
	}
	return out
}

func TestAdopt(t *testing.T) {
	jra, terms := proposed(t, JRA1), proposed(t, Periods)
	adopt := Adopt{Name: JRA1, From: "2022-09-01", Title: "参数", Values: jra.Values, Document: "paper"}
	change := func(how func(c *Adopt)) Adopt { c := adopt; how(&c); return c }
	adopted := func(version int, from ledger.Date) Adopted {
		return Adopted{Name: JRA1, Version: version, From: from, Title: "参数", Values: jra.Values, Document: "paper"}
	}
	value := func(name, v string) Adopt { return change(func(c *Adopt) { c.Values = with(jra.Values, name, v) }) }
	days := func(v string) Adopt {
		return Adopt{Name: Periods, Title: "期限", Values: with(terms.Values, "mirrorDays", v), Document: "paper"}
	}
	cases := []tc{
		{Name: "the first version", By: admin, When: adopt, Then: events{adopted(1, "2022-09-01")}},
		{Name: "from today, where no day is said", By: admin, When: change(func(c *Adopt) { c.From = "" }), Then: events{adopted(1, "2022-08-09")}},
		{Name: "the next counts on", Given: events{adopted(1, "2022-08-01")}, By: admin, When: adopt, Then: events{adopted(2, "2022-09-01")}},
		{Name: "the periods", By: admin, When: days("90"), Then: events{Adopted{Periods, 1, "2022-08-09", "期限", with(terms.Values, "mirrorDays", "90"), "paper"}}},
		{Name: "only an admin", By: ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Reviewer}}, When: adopt, Refused: "forbidden policy.role"},
		{Name: "of those there are", By: admin, When: change(func(c *Adopt) { c.Name = "jra-2" }), Refused: "invalid input.word at name"},
		{Name: "with a title", By: admin, When: change(func(c *Adopt) { c.Title = " " }), Refused: "invalid input.missing at title"},
		{Name: "from a paper", By: admin, When: change(func(c *Adopt) { c.Document = "" }), Refused: "invalid document.required at document"},
		{Name: "that is on record", By: admin, When: change(func(c *Adopt) { c.Document = "lost" }), Refused: "refused document.unknown at document"},
		{Name: "never for days gone by", By: admin, When: change(func(c *Adopt) { c.From = "2022-08-08" }), Refused: "refused policy.backdated at from"},
		{Name: "not for a distant day", By: admin, When: change(func(c *Adopt) { c.From = "2023-08-11" }), Refused: "invalid input.effective at from"},
		{Name: "not on the day of the last", Given: events{adopted(1, "2022-09-01")}, By: admin, When: adopt, Refused: "refused policy.not_later at from"},
		{Name: "nor before it", Given: events{adopted(1, "2022-09-02")}, By: admin, When: adopt, Refused: "refused policy.not_later at from"},
		{Name: "whole", By: admin, When: value("silentCap", ""), Refused: "invalid policy.missing_value at values.silentCap"},
		{Name: "and nothing else", By: admin, When: value("pi", "1"), Refused: "invalid policy.unknown_value at values"},
		{Name: "in numbers", By: admin, When: value("silentCap", "a third"), Refused: "invalid policy.number at values.silentCap"},
		{Name: "of some length", By: admin, When: value("silentCap", "333333333/1000000000000"), Refused: "invalid policy.number at values.silentCap"},
		{Name: "parts of the whole", By: admin, When: value("silentCap", "11/10"), Refused: "invalid policy.parameters at values"},
		{Name: "minutes are whole", By: admin, When: value("minimumReactionMinutes", "15.5"), Refused: "invalid policy.number at values.minimumReactionMinutes"},
		{Name: "minutes of a day", By: admin, When: value("minimumReactionMinutes", "1441"), Refused: "invalid policy.parameters at values"},
		{Name: "no days", By: admin, When: days("0"), Refused: "invalid policy.days at values.mirrorDays"},
		{Name: "too many days", By: admin, When: days("91"), Refused: "invalid policy.days at values.mirrorDays"},
		{Name: "days and a half", By: admin, When: days("7.5"), Refused: "invalid policy.days at values.mirrorDays"},
		{Name: "days written otherwise", By: admin, When: days("+7"), Refused: "invalid policy.days at values.mirrorDays"},
		{Name: "the values of another policy", By: admin, When: change(func(c *Adopt) { c.Values = terms.Values }), Refused: "invalid policy.missing_value at values.silentPassThrough"},
	}
	ledgertest.Complete(t, ledgertest.Run[State, Facts](t, papers{"paper": true}, cases))
}

// What comes with the program is what the packages propose, and can be adopted
// as it is.
func TestProposed(t *testing.T) {
	jra := proposed(t, JRA1)
	p, err := Parameters(Adopted{Values: jra.Values})
	if err != nil || !reflect.DeepEqual(p, liability.Proposed()) {
		t.Errorf("jra-1.v1 says %+v (%v), JRA-1 was proposed with %+v", p, err, liability.Proposed())
	}
	periods := proposed(t, Periods)
	if got, err := TermsOf(Adopted{Values: periods.Values}); err != nil || got != ProposedTerms() {
		t.Errorf("terms.v1 says %+v (%v), proposed are %+v", got, err, ProposedTerms())
	}
	for _, x := range []Proposal{jra, periods} {
		c := Adopt{Name: x.Name, Title: x.Title, Values: x.Values, Document: "paper"}
		if _, err := c.Decide(State{}, papers{"paper": true}, admin, time.Date(2018, 1, 2, 9, 0, 0, 0, ledger.Beijing)); err != nil {
			t.Errorf("%s cannot be adopted: %v", x.Name, err)
		}
		if x.About.Zh == "" || x.About.En == "" {
			t.Errorf("%s does not say what it is", x.Name)
		}
	}
}
