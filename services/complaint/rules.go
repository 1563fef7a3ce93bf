package complaint

import (
	"encoding/hex"
	"strings"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Bounds of one complaint.
const (
	MaxLetters  = 100 // from its box
	MaxMessages = 60  // to it, from Ask
	maxLinks    = 20  // issuances, and documents
	maxRecusals = 50
)

// only refuses everybody who holds none of the roles. It comes before
// anything is looked at, so that the answer says nothing of any complaint.
func only(by ledger.Actor, roles ...ledger.Role) error {
	if by.Is(roles...) {
		return nil
	}
	list := make([]string, len(roles))
	for i, r := range roles {
		list[i] = string(r)
	}
	return ledger.Errorf(ledger.Forbidden, "complaint.role", "此项须由 %[1]s 角色办理。", "This takes the role %[1]s.", strings.Join(list, ", "))
}

func system(by ledger.Actor) error {
	if by.Account == ledger.System {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "complaint.system_only", "此项由系统自动登记，不能人工提交。", "This is recorded by the system itself and cannot be sent by a person.")
}

// unknown is the one answer for a complaint that does not exist and for one
// that the actor may know nothing of.
func unknown(id string) error {
	return ledger.Errorf(ledger.NotFound, "complaint.unknown", "没有编号为“%s”的反映件。", "There is no complaint %q.", id).At("id")
}

// known lets those in who may read the complaint.
func (s State) known(id string, f Facts, by ledger.Actor) error {
	if fact, ok := f.Complaint(id); s.Filed != nil && ok && MayRead(by, fact.Named.Besides(s.Recusals), s.Handler, f) {
		return nil
	}
	return unknown(id)
}

// staff lets in who holds one of the roles and may read the complaint.
func (s State) staff(id string, f Facts, by ledger.Actor, roles ...ledger.Role) error {
	if err := only(by, roles...); err != nil {
		return err
	}
	return s.known(id, f, by)
}

// handler lets the clerk of the handling unit in.
func (s State) handler(id string, f Facts, by ledger.Actor) error {
	if err := only(by, ledger.Clerk); err != nil {
		return err
	}
	if by.Unit == "" || by.Unit != s.Handler {
		return unknown(id)
	}
	return s.known(id, f, by)
}

// at holds the complaint to the stages in which something can be done.
func (s State) at(stages ...Stage) error {
	if s.in(stages...) {
		return nil
	}
	words := make([]string, len(stages))
	for i, x := range stages {
		words[i] = string(x)
	}
	return ledger.Refuse("complaint.stage", "反映件现处于 %[1]s 环节，此项只能在 %[2]s 环节办理。", "The complaint stands at %[1]s; this can be done at %[2]s only.", s.Stage, strings.Join(words, ", "))
}

// checkTarget: a unit that can be given the complaint, or approve anything of it, exists, is no township
// or village (departments do not pass such work to the grassroots), and is not
// named or below one that is.
func (s State) checkTarget(id string, f Facts, field, code string) error {
	if err := unit.CheckCode(field, code); err != nil {
		return err
	}
	u, ok := f.Unit(code)
	fact, _ := f.Complaint(id)
	switch {
	case fact.Named.Untold:
		return untold()
	case !ok:
		return unit.Unknown(code).At("%s", field)
	case u.Merged:
		return ledger.Refuse("complaint.unit_merged", "单位 %s 已经并入其他单位，请改选接续的单位。", "Unit %s was merged into another; choose the one that took over.", code).At("%s", field)
	case unit.LevelOf(code) > unit.County:
		return ledger.Refuse("complaint.to_grassroots", "反映件不交乡镇和村办理；请选县级以上单位。", "Complaints are not handed to townships or villages; choose a unit of county level or above.").At("%s", field)
	case fact.Named.Besides(s.Recusals).concerns(code, f):
		return ledger.Refuse("complaint.to_named", "被反映的单位及其部门、下级一律回避；请另选单位。", "The unit that is named takes no part, nor does a department of it or a unit below it; choose another.").At("%s", field)
	}
	return nil
}

// untold refuses to hand out what nobody can say the subject of: whichever unit
// it were given to might be the one that is named.
func untold() error {
	return ledger.Refuse("complaint.untold", "这件反映点选的内容读不出来，被反映的是谁没有记录，不能受理、派单、并单。请作不予受理，在途径中请反映人另取回执重新反映；来信所述需要核查的，可以并入案件。",
		"What was tapped could not be read, so whom this report names is not on record: it cannot be taken on, handed to a unit or merged. Decline it, with the advice to report anew under another receipt; what the letter tells can be put into a case.")
}

func checkDays(days, max int) error {
	if days < 1 || days > max {
		return ledger.Errorf(ledger.Invalid, "complaint.days", "期限应为 1 至 %d 个工作日。", "The period is 1 to %d working days.", max).At("days")
	}
	return nil
}

func checkHex(field, s string, bytes int) error {
	if b, err := hex.DecodeString(s); err == nil && len(b) == bytes && s == strings.ToLower(s) {
		return nil
	}
	return ledger.Errorf(ledger.Invalid, "complaint.hex", "%[1]s 应为 %[2]d 位小写十六进制数。", "%[1]s must be %[2]d lower-case hex digits.", field, 2*bytes).At("%s", field)
}

// checkBlob: classes are those allowed; staff's messages have none.
func checkBlob(field string, b Blob, classes ...string) error {
	if len(classes) == 0 {
		classes = []string{""}
	}
	return ledger.First(checkHex(field+".id", b.ID, 16), checkHex(field+".hash", b.Hash, 32), ledger.CheckWord(field+".class", b.Class, classes...))
}
