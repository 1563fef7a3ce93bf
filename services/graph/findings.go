package graph

import (
	"suyuan/services/clarification"
	"suyuan/services/finding"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/outcome"
	"suyuan/services/rule"
	"suyuan/services/view"
)

type (
	penaltiesArgs struct {
		Unit, Mandate, Within *string
		Kind                  *outcome.Kind
		First                 int
		After                 *string
	}
	findingsArgs struct {
		Unit, Within *string
		Stage        *finding.Stage
		Marked       *bool
		First        int
		After        *string
	}
	versionArg struct{ Version *int }
)

// responsibility binds what there is to be asked of outcomes and findings.
// Every list and every one of them is the reader's own; whom one is hidden
// from is answered as if it were not there.
func responsibility() []bind.Binding {
	all := [][]bind.Binding{
		by("Query", "penalty", 0, func(r *view.Rows, by ledger.Actor, _ query, a byID) (*view.Penalty, error) {
			return r.Penalty(by, a.ID), nil
		}),
		by("Query", "penalties", workOutcomes, func(r *view.Rows, by ledger.Actor, _ query, a penaltiesArgs) (connection[view.Penalty], error) {
			q := view.PenaltyQuery{Unit: text(a.Unit), Mandate: text(a.Mandate), Within: text(a.Within), Kind: word(a.Kind)}
			return connect(r.Penalties(by, q, view.Paging{First: a.First, After: text(a.After)}))
		}),
		by("Query", "finding", 0, func(r *view.Rows, by ledger.Actor, _ query, a byID) (*view.Finding, error) {
			return r.Finding(by, a.ID), nil
		}),
		by("Query", "findings", workOutcomes, func(r *view.Rows, by ledger.Actor, _ query, a findingsArgs) (connection[view.Finding], error) {
			q := view.FindingQuery{Unit: text(a.Unit), Within: text(a.Within), Stage: word(a.Stage), Marked: a.Marked != nil && *a.Marked}
			return connect(r.Findings(by, q, view.Paging{First: a.First, After: text(a.After)}))
		}),
		ofPenalty(), ofFinding(),
		{
			with("Query", "policies", func(r *view.Rows, _ query, _ none) ([]view.Policy, error) { return r.Policies(), nil }),
			with("Query", "policy", policyOf),
			with("Query", "rules", rulesOf),
			with("Query", "rule", func(_ *view.Rows, _ query, a byID) (*ruleRow, error) { return findRule(a.ID), nil }),
			with("Query", "rewards", func(r *view.Rows, _ query, a ofUnitArgs) (connection[view.Reward], error) {
				return connect(r.Rewards(text(a.Unit), a.page()))
			}),
			with("Query", "clarifications", func(r *view.Rows, _ query, a ofUnitArgs) (connection[view.Clarification], error) {
				return connect(r.Clarifications(text(a.Unit), a.page()))
			}),
			heavy("whatIf", whatIf),
			of("Policy", "values", valuesOf),
			of("Policy", "inForce", func(r *view.Rows, p view.Policy) bool {
				now := r.Policy(p.Name, 0)
				return now != nil && now.Version == p.Version
			}),
			of("Reward", "rule", func(_ *view.Rows, x view.Reward) *ruleRow { return findRule(x.Rule) }),
			of("Share", "class", func(r *view.Rows, s share) *finding.Class { return s.class(r) }),
		},
	}
	var list []bind.Binding
	for _, some := range all {
		list = append(list, some...)
	}
	return list
}

// ofReader is a field that looks at much and belongs to the reader whose row
// it is of.
func ofReader[S, R any](typ, name string, work int, answer func(*view.Rows, S) (R, error)) []bind.Binding {
	return by(typ, name, work, func(r *view.Rows, _ ledger.Actor, s S, _ none) (R, error) { return answer(r, s) })
}

func ofPenalty() []bind.Binding {
	all := [][]bind.Binding{
		ofReader("Penalty", "chain", workChain, (*view.Rows).PenaltyChain),
		ofReader("Penalty", "evidence", workExplained, evidenceOf),
		by("Penalty", "explanation", workExplained, func(r *view.Rows, _ ledger.Actor, p view.Penalty, a versionArg) (*explanation, error) {
			return explanationNow(r, p, a.Version)
		}),
		{
			of("PenaltyTaken", "rule", func(_ *view.Rows, t view.PenaltyTaken) *ruleRow { return findRule(t.Rule) }),
			of("Penalty", "corrections", (*view.Rows).PenaltyCorrections),
			of("Penalty", "into", (*view.Rows).PenaltyInto),
			of("Penalty", "assignment", (*view.Rows).PenaltyAssignment),
			of("Penalty", "issuances", (*view.Rows).PenaltyIssuances),
			of("Penalty", "origin", (*view.Rows).PenaltyOrigin),
			of("Penalty", "mirrors", (*view.Rows).PenaltyMirrors),
			of("Penalty", "warned", (*view.Rows).PenaltyWarned),
			of("Penalty", "statements", (*view.Rows).PenaltyStatements),
			of("Penalty", "findings", (*view.Rows).PenaltyFindings),
			of("Penalty", "current", (*view.Rows).PenaltyCurrent),
		},
	}
	var list []bind.Binding
	for _, some := range all {
		list = append(list, some...)
	}
	return list
}

func ofFinding() []bind.Binding {
	all := [][]bind.Binding{
		ofReader("FindingVersion", "explanation", workExplained, explanationThen),
		ofReader("Finding", "shares", workChain, func(r *view.Rows, f view.Finding) ([]share, error) {
			return sharesOf(r, f.Shares, whence(f.Current)), nil
		}),
		ofReader("FindingVersion", "computed", workChain, func(r *view.Rows, v view.FindingVersion) ([]share, error) {
			return sharesOf(r, v.Computed, whence(v)), nil
		}),
		ofReader("FindingVersion", "shares", workChain, func(r *view.Rows, v view.FindingVersion) ([]share, error) {
			return sharesOf(r, v.Shares, whence(v)), nil
		}),
		{
			of("FindingVersion", "policy", func(r *view.Rows, v view.FindingVersion) *view.Policy { return r.Policy("jra-1", v.Policy) }),
			of("FindingVersion", "override", func(_ *view.Rows, v view.FindingVersion) *overrideRow { return overrideOf(v.Override) }),
			of("Finding", "penalty", (*view.Rows).FindingPenalty),
			of("Finding", "replaces", (*view.Rows).FindingReplaces),
			of("Finding", "supersededBy", (*view.Rows).FindingSupersededBy),
			of("Finding", "notices", (*view.Rows).FindingNotices),
			of("Finding", "mirrors", (*view.Rows).FindingMirrors),
			of("Finding", "replies", (*view.Rows).FindingReplies),
			of("Finding", "hearings", (*view.Rows).FindingHearings),
			of("Finding", "votes", (*view.Rows).FindingVotes),
			of("Finding", "appeals", (*view.Rows).FindingAppeals),
			of("Finding", "terms", (*view.Rows).FindingTerms),
			of("Finding", "steps", (*view.Rows).FindingSteps),
		},
	}
	var list []bind.Binding
	for _, some := range all {
		list = append(list, some...)
	}
	return list
}

// whence is what a version was computed from.
func whence(v view.FindingVersion) func(*view.Rows) (liability.Explained, bool) {
	return func(r *view.Rows) (liability.Explained, bool) {
		x, err := r.Explanation(v.Outcome, v.Policy, v.KnownOrdinal())
		return x.Explained, err == nil
	}
}

// overrideRow is why shares were set otherwise.
type overrideRow struct {
	Reason string
	Rule   *ruleRow
}

func overrideOf(o *finding.Override) *overrideRow {
	if o == nil {
		return nil
	}
	return &overrideRow{o.Reason, findRule(o.Rule)}
}

// responsibilityRows binds their rows.
func responsibilityRows() []bind.Binding {
	return []bind.Binding{
		bind.Row[view.Penalty]("Penalty"), bind.Row[view.StatedCapacity]("StatedCapacity"), bind.Row[view.PenaltyTaken]("PenaltyTaken"),
		bind.Row[view.PenaltyAssignment]("PenaltyAssignment"), bind.Row[view.PenaltyCorrection]("PenaltyCorrection"), bind.Row[view.Warning]("Warning"),
		bind.Row[view.Statement]("Statement"), bind.Row[evidenceRow]("Evidence"), bind.Row[evidencePoint]("EvidencePoint"), bind.Row[evidenceQuestion]("EvidenceQuestion"),
		bind.Row[view.Finding]("Finding"), bind.Row[view.FindingVersion]("FindingVersion"), bind.Row[share]("Share"), bind.Row[overrideRow]("Override"),
		bind.Row[view.ShareCap]("ShareCap"), bind.Row[view.Notice]("Notice"), bind.Row[view.Mirror]("Mirror"), bind.Row[view.Reply]("Reply"),
		bind.Row[view.FindingHearing]("Hearing"), bind.Row[view.FindingVote]("FindingVote"), bind.Row[view.Appeal]("Appeal"), bind.Row[view.Removal]("Removal"),
		bind.Row[view.FindingRecusal]("FindingRecusal"), bind.Row[view.FindingDue]("FindingDue"), bind.Row[view.FindingStep]("FindingStep"),
		bind.Row[explanation]("Explanation"), bind.Row[explanationLine]("ExplanationLine"), bind.Row[explanationTerm]("ExplanationTerm"),
		bind.Row[ruleRow]("Rule"), bind.Row[view.Policy]("Policy"), bind.Row[policyValue]("PolicyValue"), bind.Row[view.Reward]("Reward"), bind.Row[view.Clarification]("Clarification"),
		bind.Row[connection[view.Penalty]]("PenaltyConnection"), bind.Row[edge[view.Penalty]]("PenaltyEdge"),
		bind.Row[connection[view.Finding]]("FindingConnection"), bind.Row[edge[view.Finding]]("FindingEdge"),
		bind.Row[connection[view.Reward]]("RewardConnection"), bind.Row[edge[view.Reward]]("RewardEdge"),
		bind.Row[connection[view.Clarification]]("ClarificationConnection"), bind.Row[edge[view.Clarification]]("ClarificationEdge"),
	}
}

// responsibilityLeaves binds their enums.
func responsibilityLeaves() []bind.Binding {
	return []bind.Binding{
		bind.Enum("PenaltyKind", spelt(outcome.Kinds)), bind.Enum("PenaltyForm", spelt(outcome.Forms)),
		bind.Enum("WarnedPower", spelt([]string{outcome.PowerStop, outcome.PowerSupervise, outcome.PowerCoordinate, outcome.PowerNone})),
		bind.Enum("WarnedAct", spelt([]string{"stop_order", "escalation", "remedy", "reply", "drafted_penalty", "other"})),
		bind.Enum("OutcomePoint", spelt(everyPoint())),
		bind.Enum("FindingStage", spelt(finding.Stages)),
		bind.Enum("MirrorState", spelt([]finding.MirrorState{finding.MirrorPending, finding.MirrorDone, finding.MirrorUnanswered, finding.MirrorLifted})),
		bind.Enum("ReplyState", spelt([]finding.ReplyState{finding.ReplyPending, finding.ReplyAccepted, finding.ReplyRejected})),
		bind.Enum("VersionCause", spelt([]finding.Because{finding.ByReply, finding.ByLateFacts, finding.ByStatement})),
		bind.Enum("ResponsibilityClass", spelt([]finding.Class{finding.Direct, finding.MainLeading, finding.ImportantLeading})),
		bind.Enum("ShareBand", spelt([]finding.Band{finding.OnRecord, finding.Rectify, finding.SelfExamination, finding.Circular})),
		bind.Enum("AppealResult", spelt(finding.Results)),
		bind.Enum("FindingTerm", spelt([]view.FindingTerm{view.TermNotice, view.TermMirror, view.TermAppeal, view.TermAppealDecision})),
		bind.Enum("LiabilityFlag", words(liabilityFlags)), bind.Enum("LiabilityFlag", words(plain(liabilityFlags))),
		bind.Enum("RuleKind", spelt([]rule.Kind{rule.Law, rule.Policy, rule.Product})),
		bind.Enum("ClarificationConclusion", spelt([]clarification.Conclusion{clarification.Fabricated, clarification.Mistaken})),
		bind.Enum("ClarificationForm", spelt(clarification.Forms)),
	}
}

var liabilityFlags = []liability.Flag{
	liability.CapacityUnknown, liability.CapacityDisproved, liability.DutyUnknown, liability.AdequacyUnknown,
	liability.AuthorityUnknown, liability.NoticeUnknown, liability.ResourcesUnknown, liability.WindowUnknown, liability.FirstBaseAbove,
}

// plain are words without their type, as a finding keeps them.
func plain[T ~string](words []T) (list []string) {
	for _, w := range words {
		list = append(list, string(w))
	}
	return list
}

// everyPoint are all points that can be stated, and those that cannot.
func everyPoint() []outcome.Point {
	list := []outcome.Point{outcome.VerifiedDelivery, outcome.RequiredAmount, outcome.Falsification}
	seen := map[outcome.Point]bool{}
	for _, k := range outcome.Kinds {
		for _, p := range outcome.Points(k) {
			if !seen[p] {
				seen[p] = true
				list = append(list, p)
			}
		}
	}
	return list
}
