package graph

import (
	"context"
	"strings"

	"suyuan/services/caseroom"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/graph/bind"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/release"
	"suyuan/services/view"
)

type (
	complaintFilter struct {
		Stage       *complaint.Stage
		Turn        *complaint.Turn
		Handler     *string
		Mandate     *string
		Issuer      *string
		Dimension   *mandate.Dimension
		Lane        *complaint.Lane
		Running     *bool
		Retaliation *bool
		From, Until *ledger.Date
	}
	complaintsArgs struct {
		Filter *complaintFilter
		First  int
		After  *string
	}
	issuerKeysArgs struct {
		County, Quarter *string
		First           int
		After           *string
	}
	figuresArgs struct {
		Metric  *release.Metric   // reports where nobody says
		GroupBy *release.Grouping // by claim
	}
	statisticsArgs struct {
		Metric          release.Metric
		GroupBy         *release.Grouping // the whole where nobody says
		Within, Mandate *string
		From, To        *ledger.Date
	}
)

func (f *complaintFilter) query() view.ComplaintQuery {
	if f == nil {
		return view.ComplaintQuery{}
	}
	return view.ComplaintQuery{
		Stage: word(f.Stage), Turn: word(f.Turn), Handler: text(f.Handler), Mandate: text(f.Mandate), Issuer: text(f.Issuer), Dimension: word(f.Dimension),
		Lane: word(f.Lane), Running: f.Running, Attacked: f.Retaliation, From: day(f.From), Until: day(f.Until),
	}
}

func word[T ~string](w *T) T {
	if w == nil {
		return ""
	}
	return *w
}

// or is a word, another where it was not given. Defaults of enums do not stand
// in the schema: graphql-go would not tell them to who asks for it.
func or[T any](w *T, otherwise T) T {
	if w == nil {
		return otherwise
	}
	return *w
}

// by is a field whose rows are those that the reader may see.
func by[S, A, R any](typ, name string, work int, answer func(*view.Rows, ledger.Actor, S, A) (R, error)) []bind.Binding {
	return []bind.Binding{
		bind.Field(typ, name, func(ctx context.Context, s S, a A) (none R, err error) {
			l, ok := ctx.Value(rowsKey{}).(*lent)
			if !ok {
				return none, errNoRows
			}
			if err := l.spend(name, work); err != nil {
				return none, err
			}
			v, _ := viewerOf(ctx).(viewer)
			return answer(l.rows, v.actor, s, a)
		}),
		bind.Personal(typ, name),
	}
}

// reports binds what there is to be asked of reports, cases and releases.
func reports() []bind.Binding {
	all := [][]bind.Binding{
		by("Query", "complaints", workReports, func(r *view.Rows, by ledger.Actor, _ query, a complaintsArgs) (connection[view.Complaint], error) {
			return connect(r.Complaints(by, a.Filter.query(), view.Paging{First: a.First, After: text(a.After)}))
		}),
		by("Query", "complaint", 0, func(r *view.Rows, by ledger.Actor, _ query, a byID) (*view.Complaint, error) {
			return r.Complaint(by, a.ID), nil
		}),
		by("Query", "cases", workList, func(r *view.Rows, by ledger.Actor, _ query, a paging) (connection[view.Case], error) {
			return connect(r.Cases(by, a.page()))
		}),
		by("Query", "case", 0, func(r *view.Rows, by ledger.Actor, _ query, a byID) (*view.Case, error) { return r.Case(by, a.ID), nil }),
		by("Trace", "claims", workClaims, func(r *view.Rows, by ledger.Actor, t view.Trace, _ none) ([]view.Claim, error) {
			return r.TraceClaims(by, t), nil
		}),
		by("Complaint", "cases", workClaims, func(r *view.Rows, _ ledger.Actor, c view.Complaint, _ none) ([]view.Case, error) {
			return r.ComplaintCases(c), nil
		}),
		by("Complaint", "claim", workClaims, func(r *view.Rows, _ ledger.Actor, c view.Complaint, _ none) (*view.Claim, error) {
			return r.ComplaintClaim(c), nil
		}),
		by("Complaint", "into", 0, func(r *view.Rows, _ ledger.Actor, c view.Complaint, _ none) (*view.Complaint, error) {
			return r.ComplaintInto(c), nil
		}),
		by("Case", "complaints", workClaims, func(r *view.Rows, _ ledger.Actor, c view.Case, _ none) ([]view.Complaint, error) {
			return r.CaseComplaints(c), nil
		}),
		by("Claim", "complaints", 0, func(r *view.Rows, _ ledger.Actor, c view.Claim, _ none) ([]view.Complaint, error) {
			return r.ClaimComplaints(c), nil
		}),
		{
			of("Complaint", "reported", (*view.Rows).ComplaintReported),
			of("Complaint", "letters", (*view.Rows).ComplaintLetters),
			of("Complaint", "messages", (*view.Rows).ComplaintMessages),
			of("Complaint", "issuances", (*view.Rows).ComplaintIssuances),
			of("Complaint", "documents", (*view.Rows).ComplaintDocuments),
			of("Complaint", "recusals", (*view.Rows).ComplaintRecusals),
			of("Complaint", "steps", (*view.Rows).ComplaintSteps),
			of("Case", "documents", (*view.Rows).CaseDocuments),
			of("Case", "issuances", (*view.Rows).CaseIssuances),
			of("Case", "notes", (*view.Rows).CaseNotes),
			of("Case", "requests", (*view.Rows).CaseRequests),
			of("Case", "steps", (*view.Rows).CaseSteps),
			of("Claim", "issuances", (*view.Rows).ClaimIssuances),
			of("Claim", "documents", (*view.Rows).ClaimDocuments),
			with("Query", "unreadableClaims", func(r *view.Rows, _ query, _ none) (string, error) { return r.UnreadableClaims(), nil }),
			with("Query", "recipients", func(r *view.Rows, _ query, a paging) (connection[view.Recipient], error) {
				return connect(r.Recipients(a.page()))
			}),
			with("Query", "issuerKeys", func(r *view.Rows, _ query, a issuerKeysArgs) (connection[view.IssuerKey], error) {
				return connect(r.IssuerKeys(text(a.County), text(a.Quarter), view.Paging{First: a.First, After: text(a.After)}))
			}),
			heavy("statistics", func(r *view.Rows, _ query, a statisticsArgs) ([]view.Figure, error) {
				return r.Statistics(release.Query{Metric: a.Metric, GroupBy: or(a.GroupBy, release.Whole), Within: text(a.Within), Mandate: text(a.Mandate), From: day(a.From), To: day(a.To)})
			}),
			bind.Field("Release", "figures", func(ctx context.Context, x view.Release, a figuresArgs) (none []view.Figure, err error) {
				l, ok := ctx.Value(rowsKey{}).(*lent)
				if !ok {
					return none, errNoRows
				}
				if err := l.spend("figures", l.rows.BatchCount()/cheapRows); err != nil {
					return none, err
				}
				return l.rows.ReleaseFigures(x, or(a.Metric, release.Reports), or(a.GroupBy, release.ByClaim))
			}),
			with("Query", "releases", func(r *view.Rows, _ query, a paging) (connection[view.Release], error) {
				return connect(r.Releases(a.page()))
			}),
		},
	}
	var list []bind.Binding
	for _, some := range all {
		list = append(list, some...)
	}
	return list
}

// reportRows binds their rows.
func reportRows() []bind.Binding {
	return []bind.Binding{
		bind.Row[view.Complaint]("Complaint"), bind.Row[view.HandlingClock]("HandlingClock"), bind.Row[view.Owed]("Owed"), bind.Row[view.Rating]("Rating"),
		bind.Row[view.Reported]("Reported"), bind.Row[view.Letter]("Letter"), bind.Row[view.Message]("Message"), bind.Row[view.Exempted]("Exempted"),
		bind.Row[view.ComplaintStep]("ComplaintStep"), bind.Row[view.Claim]("Claim"),
		bind.Row[view.Case]("Case"), bind.Row[view.CaseNote]("CaseNote"), bind.Row[view.RecordsRequest]("RecordsRequest"), bind.Row[view.CaseStep]("CaseStep"),
		bind.Row[view.Figure]("Figure"), bind.Row[view.Period]("Period"), bind.Row[view.Release]("Release"),
		bind.Row[view.IssuerKey]("IssuerKey"), bind.Row[view.Recipient]("Recipient"),
		bind.Row[connection[view.Complaint]]("ComplaintConnection"), bind.Row[edge[view.Complaint]]("ComplaintEdge"),
		bind.Row[connection[view.Case]]("CaseConnection"), bind.Row[edge[view.Case]]("CaseEdge"),
		bind.Row[connection[view.Release]]("ReleaseConnection"), bind.Row[edge[view.Release]]("ReleaseEdge"),
		bind.Row[connection[view.IssuerKey]]("IssuerKeyConnection"), bind.Row[edge[view.IssuerKey]]("IssuerKeyEdge"),
		bind.Row[connection[view.Recipient]]("RecipientConnection"), bind.Row[edge[view.Recipient]]("RecipientEdge"),
	}
}

// reportLeaves binds their enums.
func reportLeaves() []bind.Binding {
	return []bind.Binding{
		bind.Enum("ReportLane", map[string]complaint.Lane{"OPEN": complaint.Open, "VERIFIED": complaint.Verified}),
		bind.Enum("ReportLane", map[string]release.Lane{"OPEN": release.Unproven, "VERIFIED": release.Verified}),
		bind.Enum("ComplaintStage", map[string]complaint.Stage{
			"REGISTERED": complaint.Registered, "ACCEPTED": complaint.Taken, "NOT_ACCEPTED": complaint.Declined, "MERGED": complaint.Joined, "DISPATCHED": complaint.Sent,
			"RETURNED": complaint.SentBack, "HANDLING": complaint.Handling, "ANSWERED": complaint.Replying, "FOLLOWED_UP": complaint.Visited, "CLOSED": complaint.Ended,
			"REVIEW": complaint.InReview, "REVIEWED": complaint.ReviewGiven, "FINAL_REVIEW": complaint.InFinal, "EXHAUSTED": complaint.Over,
		}),
		bind.Enum("AnswerOutcome", map[string]complaint.Outcome{
			"SOLVED": complaint.Solved, "PARTLY": complaint.Partly, "NOT_SOLVED": complaint.NotSolved, "UNFOUNDED": complaint.Unfounded,
		}),
		bind.Enum("ClosingReason", map[string]complaint.How{
			"RATED": complaint.ByRating, "UNRATED": complaint.BySilence, "WITHDRAWN": complaint.ByWithdrawal, "REVIEWED": complaint.ByReview,
		}),
		bind.Enum("RetaliationState", map[string]complaint.Retaliated{
			"REPORTED": complaint.RetaliationOpen, "TAKEN": complaint.RetaliationHeld, "ANSWERED": complaint.RetaliationResolved,
		}),
		bind.Enum("Turn", map[string]complaint.Turn{
			"ASSIGNMENT": complaint.Assigning, "REDO": complaint.Redoing, "REVIEW": complaint.Reviewing, "FINAL_REVIEW": complaint.Finalising, "RETALIATION": complaint.Protecting,
		}),
		bind.Enum("LetterAct", map[string]claim.Act{
			"REPLY": claim.Reply, "WITHDRAW": claim.Withdraw, "RATE": claim.Rate, "REVIEW": claim.Review, "RETALIATION": claim.Retaliation,
		}),
		bind.Enum("CaseFrom", map[string]caseroom.From{"REPORTS": caseroom.FromReports, "CLAIMS": caseroom.FromClaims, "FLAGS": caseroom.FromFlags}),
		bind.Enum("CaseOutcome", map[string]caseroom.How{
			"DOCUMENTED": caseroom.Documented, "UNFOUNDED": caseroom.Unfounded, "REFERRED": caseroom.Referred, "JOINED": caseroom.Joined,
		}),
		bind.Enum("IssuerKeyKind", map[string]issuerkey.Kind{"RSA": issuerkey.RSA, "CARDS": issuerkey.Cards}),
		bind.Enum("Change", words(release.Changes)),
		bind.Enum("Metric", words([]release.Metric{release.Reports, release.Responded, release.Rated, release.Solved, release.Satisfied, release.Days})),
		bind.Enum("Grouping", words([]release.Grouping{
			release.Whole, release.ByLevel, release.ByDimension, release.ByBoth, release.ByUnit, release.ByMandate, release.ByChange, release.ByClaim, release.ByWeek,
		})),
	}
}

// words are called in the schema what they are called in the ledger.
func words[T ~string](all []T) map[string]T {
	m := map[string]T{}
	for _, w := range all {
		m[string(w)] = w
	}
	return m
}

// spelt are called in the schema as in the ledger, in capitals.
func spelt[T ~string](all []T) map[string]T {
	m := map[string]T{}
	for _, w := range all {
		m[strings.ToUpper(string(w))] = w
	}
	return m
}
