package policy

import (
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Commands of the stream policy-<name>.
var Commands = []ledger.CommandDef{
	ledger.Command[Adopt]("policy.adopt", "Adopt a version of a policy from a day on. Role: admin, with the document."),
}

// Facts is the look at the read model that decisions about policies take.
type Facts interface {
	HasDocument(id string) bool
}

// Adopt adopts the next version. An empty From is the day of the recording.
type Adopt struct {
	Name     string            `json:"name"`
	From     ledger.Date       `json:"from,omitempty"`
	Title    string            `json:"title"`
	Values   map[string]string `json:"values"`
	Document string            `json:"document"`
}

// Stream names the policy's stream.
func (c Adopt) Stream() string { return "policy-" + c.Name }

// Decide takes a version that is whole and sound, for days to come only: what
// was decided stays under what held when it was.
func (c Adopt) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if !by.Is(ledger.Admin) {
		return nil, ledger.Errorf(ledger.Forbidden, "policy.role", "政策参数由管理员采用。", "Policies are adopted by an admin.")
	}
	today := ledger.DateOf(at)
	if c.From == "" {
		c.From = today
	}
	if err := ledger.First(
		ledger.CheckWord("name", c.Name, Names...),
		ledger.CheckText("title", c.Title, 100, true),
		ledger.CheckEffective("from", c.From, at),
		checkValues(c.Name, c.Values),
		unit.CheckDocument(f, "document", c.Document, true),
	); err != nil {
		return nil, err
	}
	if c.From.Time().Before(today.Time()) {
		return nil, ledger.Refuse("policy.backdated", "施行日期 %s 早于今天；政策参数不能溯及以前。", "The day %s is before today; a policy holds for days to come only.", c.From).At("from")
	}
	if s.Last.Version > 0 && !c.From.Time().After(s.Last.From.Time()) {
		return nil, ledger.Refuse("policy.not_later", "第 %[1]d 版自 %[2]s 起施行，新版的施行日期要在其后。", "Version %[1]d holds from %[2]s; the next one must begin after it.", s.Last.Version, s.Last.From).At("from")
	}
	return []ledger.Evolver[State]{Adopted{Name: c.Name, Version: s.Last.Version + 1, From: c.From, Title: c.Title, Values: c.Values, Document: c.Document}}, nil
}
