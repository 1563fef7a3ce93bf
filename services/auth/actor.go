package auth

import (
	"regexp"
	"slices"
	"strings"

	"suyuan/services/ledger"
)

// unitShape is a division code, 0 for the centre, or a department's: the code
// of its territory and a slug (520000-agriculture). Whether the unit exists is
// the fold's to say.
var unitShape = regexp.MustCompile(`^[0-9]{1,12}(-[a-z][a-z0-9]*)*$`)

const maxAccount = 255 // as OpenID Connect bounds a subject

// check refuses an actor that no token and no session may carry. The rules are
// actor.account, actor.role and actor.unit; nil means good.
func check(a ledger.Actor) *ledger.Error {
	if a.Account == "" || len(a.Account) > maxAccount || strings.ContainsFunc(a.Account, unprintable) || a.Account == ledger.System {
		return ledger.Errorf(ledger.Invalid, "actor.account",
			"账号须为 1 至 %d 个可见的 ASCII 字符；请改用身份系统中的账号编号，不要用姓名。",
			"An account is 1 to %d visible ASCII characters; use the identifier from the identity provider, not a name.", maxAccount)
	}
	for _, r := range a.Roles {
		if !slices.Contains(ledger.Roles, r) {
			return ledger.Errorf(ledger.Invalid, "actor.role",
				"没有 %.40q 这个角色；角色只能是 clerk、investigator、reviewer、auditor、admin。",
				"There is no role %.40q; a role is clerk, investigator, reviewer, auditor or admin.", r)
		}
	}
	if a.Unit != "" && !unitShape.MatchString(a.Unit) {
		return ledger.Errorf(ledger.Invalid, "actor.unit",
			"单位代码 %.40q 不对；应为 1 至 12 位区划代码，部门在其后加短横线和英文简称，如 520000-agriculture。",
			"The unit code %.40q is not one; give a division code of 1 to 12 digits, followed for a department by a dash and its slug, as in 520000-agriculture.", a.Unit)
	}
	if a.Unit == "" && a.Is(ledger.Clerk) {
		return ledger.Errorf(ledger.Invalid, "actor.unit",
			"经办人（clerk）必须属于一个单位；请补上单位代码。",
			"A clerk acts for a unit; add its code.")
	}
	return nil
}

func unprintable(r rune) bool { return r <= ' ' || r > '~' }
