package ledger

import "slices"

// Role is what an account may do. The set is closed: a token that carries any
// other word is refused.
type Role string

// The five roles of staff. The public has none.
const (
	Clerk        Role = "clerk"        // records for one unit what it receives, passes down, objects to
	Investigator Role = "investigator" // traces, verifies
	Reviewer     Role = "reviewer"     // drafts and decides findings
	Auditor      Role = "auditor"      // verifies that nothing was changed or dropped
	Admin        Role = "admin"        // keeps units, rosters, policies
)

// Roles lists every role in the order pages show them.
var Roles = []Role{Clerk, Investigator, Reviewer, Auditor, Admin}

// Actor is who asks. Account is opaque: the name behind it stays with the
// identity provider and is never written to the ledger.
type Actor struct {
	Account string `json:"account"`
	Roles   []Role `json:"roles,omitempty"`
	Unit    string `json:"unit,omitempty"` // code of the unit the account acts for; empty where it acts for none
}

// Is reports whether the actor holds any of the roles.
func (a Actor) Is(roles ...Role) bool {
	for _, r := range roles {
		if slices.Contains(a.Roles, r) {
			return true
		}
	}
	return false
}

// Anonymous reports whether nobody is signed in.
func (a Actor) Anonymous() bool { return a.Account == "" }

// System is the account of the ledger's own reactors. No token or session can
// carry it: authentication refuses the name.
const System = "system"
