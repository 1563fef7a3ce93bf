package token

import "suyuan/services/ledger"

// Signs checks a signature under a key of any length.
var Signs = verify

// CheckDigit is that of a group.
var CheckDigit = check

// Refusals are all of them, by rule.
func Refusals() map[string]ledger.Text {
	all := map[string]ledger.Text{}
	for _, err := range []error{
		noToken(), badToken(), manyTokens(), tooMuchText(), badProof(), noCode(), wrongLength(), badSign(), badGroup(0),
		otherKind(Card), otherKind(Enrolment), badKey(), tooManyKeys(), unlisted(), forged(), unknownCard(),
	} {
		e := ledger.AsError(err)
		all[e.Rule] = e.Text
	}
	return all
}
