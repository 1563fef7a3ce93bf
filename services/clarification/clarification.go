// Package clarification records that a unit was cleared of what it was
// accused of (澄清正名): whoever verified it says so, in writing at least.
//
// It names units only, and neither a report nor whoever sent one: what is
// cleared up is told without saying how it became known.
package clarification

import (
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Conclusion is what was found of the accusation.
type Conclusion string

// The conclusions. Unproven is no conclusion that clears: what could not be
// ruled out is not false, and Issue refuses it.
const (
	Fabricated Conclusion = "fabricated" // 诬告: made up on purpose
	Mistaken   Conclusion = "mistaken"   // 错告、失实: wrong without intent
	Unproven   Conclusion = "unproven"   // 查无实据但不能排除
)

// Form is how the clarification is made known.
type Form string

// The forms. The last three never stand without the first.
const (
	Written    Form = "written"
	FaceToFace Form = "face_to_face"
	Meeting    Form = "meeting"
	Notice     Form = "notice"
)

// Forms lists them.
var Forms = []Form{Written, FaceToFace, Meeting, Notice}

// Events of the stream clarification-<id>.
var Events = []ledger.Def{
	ledger.Event[Issued]("clarification.issued", "A unit was cleared of what it was accused of.", "对受到不实反映的单位予以澄清。"),
}

// Issued: By verified it and made it known; Document is its record of that.
// Matter says of what Unit is cleared.
type Issued struct {
	ID         string     `json:"id"`
	Unit       string     `json:"unit"`
	Matter     string     `json:"matter"`
	Conclusion Conclusion `json:"conclusion"`
	Forms      []Form     `json:"forms"`
	By         string     `json:"by"`
	Document   string     `json:"document"`
}

// State is what decisions about one clarification look at.
type State struct{ Issued bool }

// Evolve enters it.
func (Issued) Evolve(s *State) { s.Issued = true }

// Commands of the stream clarification-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Issue]("clarification.issue", "Clear a unit of what it was accused of. Role: investigator of the unit that verified it, with its record."),
}

// Facts is the look at the read model that decisions about clarifications take.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	HasDocument(id string) bool
	// IssuerOf is the unit that a document on record comes from.
	IssuerOf(document string) (string, bool)
}

// Issue clears a unit.
type Issue struct {
	ID         string     `json:"id"`
	Unit       string     `json:"unit"`
	Matter     string     `json:"matter"`
	Conclusion Conclusion `json:"conclusion"`
	Forms      []Form     `json:"forms"`
	Document   string     `json:"document"`
}

// Stream names the clarification's stream.
func (c Issue) Stream() string { return "clarification-" + c.ID }

// Decide clears a unit once, by whoever verified it.
func (c Issue) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(c.mayClear(f, by), ledger.CheckID("id", c.ID), ledger.CheckText("matter", c.Matter, 500, true), c.checkConclusion(), c.checkForms(), unit.CheckDocument(f, "document", c.Document, true)); err != nil {
		return nil, err
	}
	if s.Issued {
		return nil, ledger.Errorf(ledger.Conflict, "clarification.exists", "编号 %s 的澄清已经登记。", "Clarification %s is on record already.", c.ID).At("id")
	}
	if issuer, _ := f.IssuerOf(c.Document); issuer != by.Unit {
		return nil, ledger.Refuse("clarification.not_verifier", "谁核查、谁澄清：文件 %[1]s 由 %[2]s 出具，应由它澄清。", "Who verified clarifies: document %[1]s is of %[2]s, which has to do it.", c.Document, issuer).At("document")
	}
	return []ledger.Evolver[State]{Issued{c.ID, c.Unit, c.Matter, c.Conclusion, c.Forms, by.Unit, c.Document}}, nil
}

func (c Issue) mayClear(f Facts, by ledger.Actor) error {
	if err := unit.CheckCode("unit", c.Unit); err != nil {
		return err
	}
	if !by.Is(ledger.Investigator) {
		return ledger.Errorf(ledger.Forbidden, "clarification.role", "澄清由作出核查的单位的核查员办理。", "A clarification is issued by an investigator of the unit that verified it.")
	}
	if by.Unit == c.Unit {
		return ledger.Errorf(ledger.Forbidden, "clarification.own", "单位不能给自己澄清。", "No unit clears itself.").At("unit")
	}
	if u, ok := f.Unit(c.Unit); !ok || u.Merged {
		return unit.Unknown(c.Unit).At("unit")
	}
	return unit.InJurisdiction(by, c.Unit)
}

func (c Issue) checkConclusion() error {
	if c.Conclusion == Unproven {
		return ledger.Refuse("clarification.not_excluded", "查无实据但不能排除的，不属于不实反映，不能澄清为诬告或者失实。", "What is unproven but not ruled out is not false; it cannot be cleared as fabricated or mistaken.").At("conclusion")
	}
	return ledger.CheckWord("conclusion", c.Conclusion, Fabricated, Mistaken)
}

func (c Issue) checkForms() error {
	if err := ledger.CheckCount("forms", len(c.Forms), 1, len(Forms)); err != nil {
		return err
	}
	for i, form := range c.Forms {
		if err := ledger.CheckWord("forms", form, Forms...); err != nil {
			return err
		}
		if slices.Contains(c.Forms[:i], form) {
			return ledger.Errorf(ledger.Invalid, "clarification.form_twice", "澄清方式“%s”写了两次，请只写一次。", "The form %q stands twice; give it once.", form).At("forms")
		}
	}
	if !slices.Contains(c.Forms, Written) {
		return ledger.Refuse("clarification.not_written", "当面、会议、通报澄清的，都要同时出具书面澄清（written）。", "To clear it face to face, in a meeting or by notice goes with a clarification in writing (written).").At("forms")
	}
	return nil
}
