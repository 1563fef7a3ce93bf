package portal

import "suyuan/services/ledger"

// What answers carry of penalties and of findings.

type ruleRef struct {
	ID, Kind   string
	Article    ledger.Text // empty where the whole is meant
	Source     ledger.Text
	Text       ledger.Text
	Verified   bool
	Unverified *ledger.Text
}

// share is what one unit answers for, in hundredths of a per cent.
type share struct {
	Name        string
	Unit        *unitRef
	Points      int
	Mass        string
	Class, Band string
}

// unattributed is the name of what no unit answers for.
const unattributed = "UNATTRIBUTED"

type mirrorItem struct {
	Finding          string
	Unit             unitRef
	Points           int
	Origin           bool
	Opened, Until    string
	State            string
	Answer, Answered string
}

// taken is a measure that was taken against the executor.
type taken struct {
	Form     string
	Body     unitRef
	Rule     *ruleRef
	On       string
	Document *documentRef
	Text     string
}

type penaltyRow struct {
	ID, Kind, Title              string
	Mandate                      *mandateRef
	Measure                      *measure
	Executor                     unitRef
	Occurred, Required, Verified string
	Penalties                    []taken
	Fictional                    bool
	Into                         *struct{ ID, Title string }
	Events                       []eventRef
}

type penaltyData struct {
	penaltyRow
	Assumed  []string
	Document *documentRef
	Capacity *struct {
		Value, From string
		Document    *documentRef
	}
	Corrections []struct {
		At, Reason string
		Document   *documentRef
		Event      eventRef
	}
	Chain      *traceData
	Origin     *unitRef
	KnownSince string
	Warned     []warning
	Assignment *assignmentLink
	Issuances  []struct {
		issuanceRef
		Events []eventRef
	}
	Mirrors  []mirrorItem
	Evidence *struct{ Points []evidencePoint }
	Findings []findingLink
	Current  *findingLink
}

// assignmentLink is what the executor received.
type assignmentLink struct {
	Issuance                                   issuanceRef
	Value, Due, State, Delivered, Acknowledged string
	Events                                     []eventRef
}

// findingLink is a finding as other pages name it.
type findingLink struct {
	ID, Stage string
	Round     int
	Issued    string
	Shares    []share
}

// warning is somebody who was told of a danger, and what came of it.
type warning struct {
	Unit        unitRef
	At, Channel string
	Answer      string
	AnsweredAt  string
	Did, DidAt  string
	Power       string
	Document    *documentRef
}

type evidencePoint struct {
	Field    string
	Unit     *unitRef
	Says     string
	Value    string
	Text     ledger.Text
	Document *documentRef
	Rule     *ruleRef
	Stated   bool
	Events   []eventRef
}

type explanationTerm struct{ Name, Value string }

type explanationLine struct {
	Clause  string
	Rule    *ruleRef
	Name    string
	Unit    *unitRef
	ByName  string
	By      *unitRef
	Terms   []explanationTerm
	Amount  string
	Charges bool
	From    []string
}

type explanation struct {
	Hash   string
	Policy *struct {
		Name    string
		Version int
	}
	NoShortfall bool
	Shortfall   string
	Shares      []share
	Provisional bool
	Flags       []string
	Lines       []explanationLine
	Points      []evidencePoint
	Ignored     []evidencePoint // on record, and does not count
	Case        string
}

type findingRow struct {
	ID          string
	Round       int
	Stage       string
	Penalty     penaltyData
	Shares      []share
	Originating *unitRef
	Drafted     string
	Issued      string
	Marked      string
}

type findingVersion struct {
	N           int
	Made, Cause string
	Known, Hash string
	Provisional bool
	Flags       []string
	Policy      *struct {
		Name, Title string
		Version     int
	}
	Computed, Shares []share
	Override         *struct {
		Reason string
		Rule   ruleRef
		Unit   *unitRef
	}
	Explanation *explanation
}

type findingReply struct {
	N                int
	Unit             unitRef
	At, State, Text  string
	Document         *documentRef
	Answer, Answered string
}

type findingAppeal struct {
	N        int
	Units    []unitRef
	At, Text string
	Until    string
	Overdue  bool
	Result   string
	Decided  string
	Reason   string
	Removals []struct {
		Unit   unitRef
		Points int
	}
	Correction *ledger.Text
}

type findingStep struct {
	What    string
	Meaning ledger.Text
	At      string
	Role    string
	Unit    *unitRef
	Version int
	Text    string
	Event   eventRef
}

type findingData struct {
	findingRow
	Current      findingVersion
	Versions     []findingVersion
	Notified     string
	SupersededBy *findingLink
	Notices      []struct {
		Unit     unitRef
		Version  int
		Points   int
		Given    string
		Until    string
		Extended bool
	}
	Mirrors  []mirrorItem
	Replies  []findingReply
	Hearings []struct {
		On       string
		Units    []unitRef
		Record   string
		Document *documentRef
	}
	Votes []struct {
		Version int
		Appeal  int
		Agrees  bool
		Result  string
		Unit    *unitRef
		At      string
	}
	Appeals    []findingAppeal
	Correction *ledger.Text
	Terms      []struct {
		Term string
		Unit *unitRef
		Due  string
		Late bool
	}
	Steps  []findingStep
	Events []eventRef
}

// At reports whether the finding stands at one of the stages.
func (f *findingData) At(stages ...string) bool {
	for _, s := range stages {
		if f.Stage == s {
			return true
		}
	}
	return false
}

// Public reports whether everybody may see it.
func (f *findingData) Public() bool { return f.Issued != "" }

// Agreeing is how many of the panel that issues agreed.
func (f *findingData) Agreeing() (n int) {
	for _, v := range f.Votes {
		if v.Agrees && v.Appeal == 0 {
			n++
		}
	}
	return n
}

// Panel is how many voted on whether to issue.
func (f *findingData) Panel() (n int) {
	for _, v := range f.Votes {
		if v.Appeal == 0 {
			n++
		}
	}
	return n
}
