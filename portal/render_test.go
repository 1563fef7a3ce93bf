package portal

import (
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"suyuan/portal/words"
	"suyuan/services/ledger"
)

// structs is the struct of every template.
func structs(p *Page) map[string]any {
	return map[string]any{
		"home": &homePage{Page: p}, "mandates": &mandatesPage{Page: p}, "mandate": &mandatePage{Page: p}, "trace": &tracePage{Page: p},
		"burden": &burdenPage{Page: p, Filter: &burdenFilter{}}, "reported": &reportedPage{Page: p, Filter: &burdenFilter{}}, "units": &unitsPage{Page: p}, "unit": &unitPage{Page: p}, "documents": &documentsPage{Page: p}, "document": &documentPage{Page: p},
		"issuance": &issuancePage{Page: p}, "event": &eventPage{Page: p}, "glossary": &glossaryPage{Page: p}, "about": &aboutPage{Page: p}, "schema": &schemaPage{Page: p},
		"signin": &signInPage{Page: p}, "signin_link": &signInPage{Page: p}, "error": &failed{Page: p, Status: "404"},
		"complaints": &complaintsPage{Page: p}, "complaint": &complaintPage{Page: p}, "cases": &casesPage{Page: p}, "case": &casePage{Page: p},
		"recipients": &recipientsPage{Page: p}, "issuer_keys": &issuerKeysPage{Page: p},
		"findings": &findingsPage{Page: p}, "finding": &findingPage{Page: p}, "finding_paper": &paperPage{findingPage: &findingPage{Page: p}},
		"outcomes": &outcomesPage{Page: p}, "outcome": &outcomePage{Page: p}, "rules": &rulesPage{Page: p}, "policies": &policiesPage{Page: p}, "whatif": &whatIfPage{Page: p},
		"bench": &benchPage{Page: p}, "bench_item": &benchItemPage{Page: p}, "answers": &answersPage{Page: p}, "outcome_new": &outcomeFormPage{Page: p}, "unit_record": &unitRecordPage{Page: p},
	}
}

// TestEveryTemplateTakesItsStruct fills every struct to the last field, so
// that every branch of every template is gone through, and again leaves all empty.
func TestEveryTemplateTakesItsStruct(t *testing.T) {
	site := portalFor(t, &fake{}, &fakeSessions{}).site
	for _, lang := range words.Languages {
		for _, full := range []bool{false, true} {
			p := &Page{s: site, r: httptest.NewRequest("GET", "/units?after=a", nil), seen: map[string]bool{}, Lang: lang, explicit: full}
			if full {
				p.Notice = "1"
				p.Actor = ledger.Actor{Account: "a", Roles: ledger.Roles, Unit: "1"}
			}
			for name, data := range structs(p) {
				if full {
					fill(reflect.ValueOf(data).Elem(), "", 0)
					if paper, ok := data.(*paperPage); ok {
						fill(reflect.ValueOf(paper.findingPage).Elem(), "", 0)
					}
				} else {
					enumerate(data)
				}
				body, err := site.pages.render(name, data)
				if err != nil {
					t.Errorf("%s, full %v: %v", name, full, err)
				}
				if strings.Contains(string(body), "<no value>") {
					t.Errorf("%s, full %v: no value", name, full)
				}
			}
			if len(structs(p)) != len(site.pages) {
				t.Errorf("%d structs for %d templates", len(structs(p)), len(site.pages))
			}
		}
	}
}

// enumerate gives the few words that answers never leave out.
func enumerate(data any) {
	switch d := data.(type) {
	case *unitPage:
		d.Unit.Level, d.Unit.Kind = "TOWNSHIP", "GOVERNMENT"
	case *complaintPage:
		d.Complaint.Lane, d.Complaint.Stage, d.Complaint.Dimension = "OPEN", "REGISTERED", "QUANTITY"
	case *casePage:
		d.Case.From, d.Case.Closed, d.Case.Came = "REPORTS", true, "JOINED"
	case *findingPage:
		d.Finding.Stage, d.Finding.Penalty.Kind = "ISSUED", "CONDUCT"
	case *paperPage:
		d.Finding.Stage, d.Finding.Penalty.Kind = "ISSUED", "CONDUCT"
	case *outcomePage:
		d.Outcome.Kind = "CONDUCT"
	case *benchItemPage:
		d.Outcome.Kind = "CONDUCT"
	case *whatIfPage:
		d.Kind = "conduct"
		for n := range mostWhatIfRows {
			d.Rows = append(d.Rows, &whatIfRow{N: n + 1})
		}
	case *issuancePage:
		d.Issuance.Source, d.Issuance.Channel = "DECLARED", "DOCUMENT"
	}
}

// fill sets every field that templates can reach: words of closed sets to one
// of them, all other text to a number, so that it reads as one where it must.
func fill(v reflect.Value, name string, depth int) {
	if depth > 12 || v.Type() == reflect.TypeFor[*Page]() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name, depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				fill(f, v.Type().Name()+"."+v.Type().Field(i).Name, depth+1)
			} else if v.Type().Field(i).Anonymous {
				fillEmbedded(f, depth)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 6, 6))
		for i := range 6 {
			fill(v.Index(i), name, depth+1)
		}
	case reflect.String:
		v.SetString(sample(name))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(3)
	}
}

// fillEmbedded fills an embedded struct of a type that is not exported: its
// own fields are.
func fillEmbedded(f reflect.Value, depth int) {
	if f.Kind() != reflect.Struct {
		return
	}
	for i := range f.NumField() {
		if f.Field(i).CanSet() {
			fill(f.Field(i), f.Type().Name()+"."+f.Type().Field(i).Name, depth+1)
		} else if f.Type().Field(i).Anonymous {
			fillEmbedded(f.Field(i), depth+1)
		}
	}
}

func sample(name string) string {
	field := name[strings.LastIndex(name, ".")+1:]
	words := map[string]string{
		"Level": "TOWNSHIP", "Levels": "CITY", "Source": "REPORTED", "Channel": "PHONE", "Class": "BASIC", "State": "ACCEPTED", "Ground": "ILLEGAL",
		"Dimension": "SPLIT", "Hours": "WORKING", "Status": "404", "Flags": "NO_BASIS", "Change": "PLUS_10_20", "Lane": "VERIFIED", "Recorded": "2022-08-09T01:02:03Z", "Date": "2022-08-09",
		"Stage": "HANDLING", "Turn": "REDO", "Outcome": "PARTLY", "Closing": "RATED", "Retaliation": "TAKEN", "Act": "REPLY", "Forms": "photo", "Motive": "show",
		"From": "FLAGS", "Came": "JOINED", "Due": "2022-08-31", "Started": "2022-08-09", "Done": "accept",
	}
	switch name {
	case "penaltyRow.Kind", "division.Kind", "outcomesPage.Kind", "outcomesPage.Kinds":
		return "QUANTITY"
	case "findingRow.Stage", "findingLink.Stage", "findingsPage.Stage", "findingsPage.Stages":
		return "VARIED"
	case "mirrorItem.State":
		return "ANSWERED"
	case "taken.Form":
		return "CIRCULAR"
	case "warning.Power":
		return "STOP"
	case "warning.Did":
		return "ESCALATION"
	case "share.Class":
		return "DIRECT"
	case "share.Band":
		return "RECORD"
	case "findingVersion.Cause":
		return "LATE_FACTS"
	case "findingAppeal.Result":
		return "VARIED"
	case "division.Flags", "findingVersion.Flags", "explanation.Flags":
		return "DUTY_UNKNOWN"
	case "whyStep.Key":
		return "asked"
	case "whyTerm.Key":
		return "gap"
	case "basisRow.Key":
		return "recorded"
	case "ruleGroup.Kind":
		return "LAW"
	case "whatIfPage.Kind", "whatIfPage.Kinds":
		return "quantity"
	case "whatIfField.Key":
		return "verified"
	case "waiting.What":
		return "CHECK"
	case "benchRow.Stage":
		return "DRAFT"
	case "statement.Point", ".Point":
		return "KNEW"
	case "outcomeFormPage.Kind":
		return "CONDUCT"
	case "choice.Text":
		return "QUANTITY"
	case "toSay.Act":
		return "defend"
	case "benchVote.Result":
		return "VARIED"
	case "rate.Key":
		return "SOLVED"
	case "unitRef.Kind":
		return "GOVERNMENT"
	case "measure.Kind":
		return "DIVISIBLE"
	case "act.Name":
		return "accept"
	case "field.Name":
		return "reason"
	case "complaintMessage.What":
		return "complaint.asked"
	case "issuerKeyRow.Kind":
		return "CARDS"
	case "step.Kind":
		return "ADDITION"
	case "flag.Code":
		return "NO_BASIS"
	case "schemaKind.Kind":
		return "object"
	case "PublishedField.To", "schemaPage.Circles":
		return "PUBLIC"
	case "schemaLimit.Name":
		return "length"
	case "received.State", "assignmentLink.State":
		return "REPORTED"
	}
	if w, ok := words[field]; ok {
		return w
	}
	return "1"
}
