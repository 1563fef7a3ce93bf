// Package document holds the papers that mandates travel on: number, issuer,
// date, title and the SHA-256 of the file. It never holds the file itself.
package document

import (
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Events of the stream document-<id>.
var Events = []ledger.Def{
	ledger.Event[Registered]("document.registered", "A paper was entered with its number, issuer, date and title.", "文件登记：文号、制发单位、日期、标题。"),
	ledger.Event[Redacted]("document.redacted", "The paper's stored file was destroyed; its particulars stay.", "文件原件已销毁，要素保留。"),
}

// Registered holds a paper's particulars. SHA256 is the file's, 64 lower-case
// hex digits, where the file is at hand; Blob names the stored copy.
type Registered struct {
	ID     string      `json:"id"`
	Number string      `json:"number,omitempty"` // 发文字号
	Issuer string      `json:"issuer"`
	Date   ledger.Date `json:"date"`
	Title  string      `json:"title"`
	SHA256 string      `json:"sha256,omitempty"`
	Blob   *Blob       `json:"blob,omitempty"`
}

// Blob names a stored file without revealing anything of it: the hash is
// salted, so that a short or known content cannot be guessed from it, and the
// salt goes with the file's key when it is destroyed.
type Blob struct {
	ID   string `json:"id"`
	Hash string `json:"hash"`
}

// Redacted says why the stored file had to go.
type Redacted struct {
	Reason string `json:"reason"`
}

// State is what decisions about one document look at.
type State struct {
	Registered bool
	Redacted   bool
}

// Evolve enters the paper.
func (Registered) Evolve(s *State) { s.Registered = true }

// Evolve marks the file as destroyed.
func (Redacted) Evolve(s *State) { s.Redacted = true }

// Facts is the look at the read model that decisions about documents take.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	// OfFile is the document that a stored file belongs to, if any.
	OfFile(blob string) (document string, ok bool)
}

// Commands of the stream document-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Register]("document.register", "Enter a paper. Role: clerk (papers its own unit issued or received), investigator."),
	ledger.Command[Redact]("document.redact", "Destroy the paper's stored file. Role: admin."),
}

// Register enters a paper.
type Register Registered

// Redact destroys the stored file.
type Redact struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Stream names the document's stream.
func (c Register) Stream() string { return "document-" + c.ID }

// Stream names the document's stream.
func (c Redact) Stream() string { return "document-" + c.ID }

// Decide enters a paper once. Any clerk may enter the papers it holds, its
// own or received: what a paper says is what its issuer says, and the SHA-256
// tells two copies apart.
func (c Register) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if !by.Is(ledger.Clerk, ledger.Investigator) {
		return nil, ledger.Errorf(ledger.Forbidden, "document.clerks_register", "文件由经办人或核查员登记。", "Documents are entered by clerks and investigators.")
	}
	if err := ledger.First(
		ledger.CheckID("id", c.ID),
		ledger.CheckText("number", c.Number, 60, false),
		ledger.CheckText("title", c.Title, 200, true),
		ledger.CheckDate("date", c.Date, true),
		unit.CheckCode("issuer", c.Issuer),
		checkSHA256(c.SHA256), c.Blob.check(),
	); err != nil {
		return nil, err
	}
	if s.Registered {
		return nil, ledger.Errorf(ledger.Conflict, "document.already_registered", "编号 %s 的文件已经登记。", "Document %s is registered already.", c.ID).At("id")
	}
	if _, ok := f.Unit(c.Issuer); !ok {
		return nil, unit.Unknown(c.Issuer).At("issuer")
	}
	if c.Blob != nil {
		if other, ok := f.OfFile(c.Blob.ID); ok {
			return nil, ledger.Refuse("document.file_taken", "这份原件已属于文件 %s，请重新上传。", "This file belongs to document %s already; upload it again.", other).At("blob.id")
		}
	}
	if c.Date.Time().After(at) {
		return nil, ledger.Refuse("document.dated_in_future", "文件日期 %s 还没有到，请核对。", "The document's date %s has not come yet; check it.", c.Date).At("date")
	}
	return []ledger.Evolver[State]{Registered(c)}, nil
}

// Decide destroys a file once.
func (c Redact) Decide(s State, _ Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	switch {
	case !by.Is(ledger.Admin):
		return nil, ledger.Errorf(ledger.Forbidden, "document.admins_redact", "销毁文件内容须由管理员办理。", "Only an admin destroys a document's file.")
	case !s.Registered:
		return nil, Unknown(c.ID)
	case s.Redacted:
		return nil, ledger.Refuse("document.already_redacted", "该文件内容已经销毁。", "The document's file is destroyed already.")
	}
	if err := ledger.CheckText("reason", c.Reason, 200, true); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Redacted{c.Reason}}, nil
}

// Unknown is the refusal for a document that was never entered.
func Unknown(id string) *ledger.Error {
	return ledger.Refuse("document.unknown", "没有编号为“%s”的文件，请先登记文件。", "There is no document %q; register it first.", id)
}

func (b *Blob) check() error {
	if b == nil {
		return nil
	}
	return ledger.First(
		ledger.CheckText("blob.id", b.ID, 128, true), ledger.CheckText("blob.hash", b.Hash, 128, true),
	)
}

func checkSHA256(s string) error {
	ok := s == "" || len(s) == 64
	for _, c := range []byte(s) {
		ok = ok && (c >= '0' && c <= '9' || c >= 'a' && c <= 'f')
	}
	if ok {
		return nil
	}
	return ledger.Errorf(ledger.Invalid, "document.sha256", "文件摘要应为 64 位小写十六进制数。", "The SHA-256 is 64 lower-case hex digits.").At("sha256")
}
