package graph_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"filippo.io/age"

	"suyuan/seeds"
	"suyuan/services/caseroom"
	"suyuan/services/catalogue"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/graph"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/recipient"
	"suyuan/services/release"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
	"suyuan/services/view/docket/dockettest"
)

// reported is the ledger of the scenarios with reports about them: a town that
// made 600 of 500, and everything that there is of complaints, cases, keys and
// releases.
type reported struct {
	*world
	maker *dockettest.Reports
	keys  int
	day   time.Time
	ids   []string // complaints in the order in which they were filed
}

const (
	town   = "990101001"
	office = "990101-nyj"
)

var (
	system       = dockettest.System
	onCase       = as(ledger.Investigator, "")
	recusedOne   = as(ledger.Investigator, town)
	recusedBelow = as(ledger.Reviewer, "990101001001")
	handling     = as(ledger.Clerk, office)
)

func withReports(t *testing.T) *reported {
	t.Helper()
	w := &reported{world: &world{t: t, clock: &seeds.Clock{}}, maker: dockettest.New()}
	events, err := catalogue.Events()
	w.must(err)
	w.log, err = sqlite.Open(t.TempDir(), sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	w.must(err)
	t.Cleanup(func() { _ = w.log.Close() })
	w.view, err = view.New(events, "", view.WithClaims(w.maker.Key))
	w.must(err)
	w.desk, err = desk.New(w.log, events, catalogue.Commands(), desktest.Caught(w.view, w.log), w.clock.Now)
	w.must(err)
	w.graph, err = graph.New(w.view, w.log, func() error { return nil }, slog.New(slog.NewTextHandler(t.Output(), nil)))
	w.must(err)
	scenarios, err := seeds.All()
	w.must(err)
	for _, s := range append(scenarios, w.scenario("testdata/every-kind.json")) {
		w.must(seeds.Play(t.Context(), w.desk, w.clock.Set, s, nil))
	}
	w.day = time.Date(2025, 3, 3, 9, 0, 0, 0, ledger.Beijing)
	return w
}

// submit carries a command out, which must be in order.
func (w *reported) submit(by ledger.Actor, name string, input any) error {
	w.t.Helper()
	w.keys++
	w.clock.Set(w.day)
	if _, err := w.desk.Submit(w.t.Context(), by, name, fmt.Sprint("report-", w.keys), dockettest.JSON(input)); err != nil {
		w.t.Fatalf("%s %+v: %v", name, input, err)
	}
	return nil
}

func (w *reported) later(days int) { w.day = w.day.AddDate(0, 0, days) }

func (w *reported) today() ledger.Date { return ledger.DateOf(w.day) }

func (w *reported) file(lane complaint.Lane, f claim.Facts) string {
	w.t.Helper()
	id, err := w.maker.File(w.submit, w.today(), lane, f)
	w.must(err)
	w.ids = append(w.ids, id)
	return id
}

func (w *reported) hear(id string, act claim.Act) {
	w.t.Helper()
	f := claim.FollowUp{V: claim.Version, Act: act}
	if act == claim.Rate {
		no := false
		f.Solved, f.Satisfied = &no, &no
	}
	w.must(w.maker.Hear(w.submit, id, w.today(), f))
}

func (w *reported) blob() complaint.Blob { return dockettest.Blob(fmt.Sprint("message ", w.keys), "") }

// ofTown is a claim about what the town added.
func ofTown(came, asked string) claim.Facts {
	return claim.Facts{
		Mandate: "farmland-600", Measure: "farmland-600/area", Issuer: town, Within: "990101", Dimension: "quantity", CameDown: came, Asked: asked,
		Due: "2025-06-30", Minutes: 120, Forms: []string{claim.Photo}, Motive: claim.Show,
	}
}

// handle takes a complaint from its registration to an answer.
func (w *reported) handle(id string) {
	for w.later(1); w.day.Weekday() != time.Monday; w.later(1) { // so that all take equally long
	}
	w.must(w.submit(onCase, "complaint.accept", complaint.Accept{ID: id}))
	w.must(w.submit(onCase, "complaint.dispatch", complaint.Dispatch{ID: id, To: office}))
	w.must(w.submit(handling, "complaint.sign_for", complaint.SignFor{ID: id}))
	w.later(1)
	w.must(w.submit(handling, "complaint.answer", complaint.Answer{ID: id, Message: w.blob(), Outcome: complaint.Partly}))
}

// fill puts on record whatever can be on record of reports.
func (w *reported) fill() {
	w.keysAndRecipients()
	w.must(w.maker.Publish(w.submit, "990101", "2025Q1", 1, 40))
	for range 12 {
		w.file(complaint.Verified, ofTown("500", "600"))
	}
	for i := range 5 {
		w.file(complaint.Verified, ofTown(fmt.Sprint(100*(i+1)), fmt.Sprint(115*(i+1))))
	}
	paper := w.file(complaint.Open, claim.Facts{Paper: "青政发〔2022〕6号", Level: "TOWNSHIP", Within: "990101", Dimension: "trace"})
	waits := w.file(complaint.Open, ofTown("500", "650"))
	w.dispatch(waits)
	w.merge(paper, waits)
	w.must(w.submit(onCase, "complaint.pause", complaint.Pause{ID: waits, Reason: "等待鉴定"}))
	w.wholeWay(w.ids[0])
	for _, id := range w.ids[1:12] {
		w.handle(id)
	}
	w.cases()
	w.later(40)
	for _, id := range w.ids[1:12] {
		w.must(w.submit(system, "complaint.close_unrated", complaint.CloseUnrated{ID: id, N: 1}))
	}
	w.later(60)
	w.must(w.submit(system, "release.publish", release.Publish{Date: w.today(), Part: 1}))
}

func (w *reported) keysAndRecipients() {
	admin := as(ledger.Admin, "")
	spki := make([]byte, 342)
	sum := sha256.Sum256(spki)
	w.must(w.submit(admin, "issuerkey.publish", issuerkey.Publish{ID: hex.EncodeToString(sum[:]), County: "990101", Quarter: "2025Q1", N: 1, SPKI: base64.StdEncoding.EncodeToString(spki)}))
	w.must(w.submit(admin, "issuerkey.revoke", issuerkey.Revoke{ID: hex.EncodeToString(sum[:]), Reason: "试用完毕"}))
	for i, unit := range []string{"990101-jw", "9901-jw"} {
		who, err := age.GenerateX25519Identity()
		w.must(err)
		w.must(w.submit(admin, "recipient.register", recipient.Register{ID: fmt.Sprint("reader-", i), Unit: unit, Recipient: who.Recipient().String(), Purpose: "investigator"}))
	}
}

// dispatch leaves a complaint where the unit can still send it back.
func (w *reported) dispatch(id string) {
	w.must(w.submit(onCase, "complaint.accept", complaint.Accept{ID: id}))
	w.must(w.submit(onCase, "complaint.dispatch", complaint.Dispatch{ID: id, To: office}))
}

func (w *reported) merge(id, into string) {
	w.must(w.submit(onCase, "complaint.merge", complaint.Merge{ID: id, Into: into, Reason: "同一事项"}))
}

// wholeWay takes a complaint through everything.
func (w *reported) wholeWay(id string) {
	reviewer := as(ledger.Reviewer, "99")
	w.hear(id, claim.Reply)
	w.hear(id, claim.Retaliation)
	w.must(w.submit(onCase, "complaint.ask", complaint.Ask{ID: id, Message: w.blob()}))
	w.must(w.submit(onCase, "complaint.recuse", complaint.Recuse{ID: id, Account: "somebody", Reason: "亲属"}))
	w.must(w.submit(onCase, "complaint.recuse", complaint.Recuse{ID: id, Unit: "990102", Reason: "利害关系"}))
	w.handle(id)
	w.must(w.submit(onCase, "complaint.follow_up", complaint.FollowUp{ID: id, Confirmed: true, Note: "属实"}))
	w.hear(id, claim.Rate)
	w.must(w.submit(onCase, "complaint.disprove_claim", complaint.DisproveClaim{ID: id, Document: "every-paper", Reason: "文号不符"}))
	w.must(w.submit(reviewer, "complaint.summarise", complaint.Summarise{ID: id, Text: "某镇自行加码"}))
	w.must(w.submit(onCase, "issuance.make", object{"id": "verified-town", "issuer": town, "document": "every-paper", "basis": []string{"every-county"},
		"lines": []object{{"to": "990101001001", "amounts": []object{{"measure": "every/money", "value": "1"}}}}}))
	w.must(w.submit(onCase, "complaint.verify_claim", complaint.VerifyClaim{ID: id, Issuance: "verified-town"}))
	w.hear(id, claim.Review)
}

func (w *reported) cases() {
	w.must(w.submit(onCase, "case.open", caseroom.Open{ID: "town", Title: "镇级加码", From: caseroom.FromClaims, Complaints: w.ids[:2], Mandate: "farmland-600", About: []string{"990102"}}))
	w.must(w.submit(onCase, "case.link", caseroom.Link{ID: "town", Documents: []string{"every-paper"}, Issuances: []string{"every-town"}}))
	w.must(w.submit(onCase, "case.assign", caseroom.Assign{ID: "town", Account: "from-above", Unit: "99"}))
	w.must(w.submit(ledger.Actor{Account: "from-above", Roles: []ledger.Role{ledger.Reviewer}, Unit: "99"}, "case.note", caseroom.Note{ID: "town", Note: w.blob()}))
	var siblings []string
	for i := range 5 {
		siblings = append(siblings, fmt.Sprint(990211+i))
		w.must(w.submit(as(ledger.Admin, ""), "unit.register", object{"code": siblings[i], "name": siblings[i], "kind": "government", "parent": "9902"}))
	}
	w.must(w.submit(onCase, "case.request_records", caseroom.RequestRecords{ID: "town", Units: siblings, What: "下达文件", By: w.today()}))
	w.must(w.submit(onCase, "case.recuse", caseroom.Recuse{ID: "town", Recused: caseroom.Recused{Account: "somebody", Reason: "亲属"}}))
	w.must(w.submit(onCase, "case.close", caseroom.Close{ID: "town", How: caseroom.Documented, Text: "有文件为证"}))
}
