package portal

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

func quantityForm() url.Values {
	return url.Values{
		"do": {"penalise"}, "key": {someKey}, "title": {"没完成"}, "unit": {"990101101202"}, "occurredAt": {"2022-07-12T18:00"}, "mandate": {"afforest-600"},
		"measure": {"afforest-600/area"}, "required": {"220"}, "verified": {"200"}, "document": {"d-1"},
		"penalties.0.form": {"circular"}, "penalties.0.body": {"990101"}, "penalties.0.on": {"2022-07-20"},
	}
}

func TestAnOutcomeIsRecorded(t *testing.T) {
	d := &fakeDesk{}
	h := staffed(t, &fake{}, d, "990101-jw", ledger.Investigator)
	w := post(h, newOutcome, quantityForm())
	const want = `{"document":"d-1","kind":"quantity","mandate":"afforest-600","measure":"afforest-600/area","occurredAt":"2022-07-12T18:00:00+08:00",` +
		`"penalties":[{"body":"990101","form":"circular","on":"2022-07-20"}],"required":"220","title":"没完成","unit":"990101101202","verified":"200"}`
	if w.Code != http.StatusSeeOther || d.name != "outcome.penalise" || d.input != want {
		t.Errorf("%d %s %s", w.Code, d.name, d.input)
	}
	if to := w.Header().Get("Location"); !strings.HasPrefix(to, "/outcomes/") {
		t.Errorf("sent on to %s", to)
	}
	form := url.Values{
		"do": {"penalise"}, "key": {someKey}, "title": {"事故"}, "unit": {"990101101202"}, "occurredAt": {"2021-05-06T10:00"}, "document": {"d-1"}, "count.warned": {"3"},
		"penalties.0.form": {"circular"}, "penalties.0.body": {"990101"}, "penalties.0.on": {"2021-06-20"},
		"warned.0.unit": {"990101"}, "warned.0.at": {"2021-05-06T09:00"}, "warned.0.answer": {"收到"}, "warned.2.unit": {"990101101"}, "warned.2.at": {"2021-05-06T09:10"}, "warned.2.did": {"stop_order"},
	}
	post(h, "/outcomes/new?kind=conduct", form)
	if !strings.Contains(d.input, `"warned":[{"answer":"收到","at":"2021-05-06T09:00:00+08:00","unit":"990101"},{"at":"2021-05-06T09:10:00+08:00","did":"stop_order","unit":"990101101"}]`) {
		t.Errorf("warned: %s", d.input)
	}
}

// Which of its day an outcome is the form asks only where another is on record,
// and sends only what was chosen.
func TestASecondOfTheDayIsOffered(t *testing.T) {
	const asks, offers = `name="serial"`, `<option value="2">`
	d := &fakeDesk{refuse: ledger.Errorf(ledger.Conflict, "outcome.already_recorded", "已经登记。", "It is on record.")}
	h := staffed(t, &fake{}, d, "990101-jw", ledger.Investigator)
	if body := get(h, newOutcome).Body.String(); strings.Contains(body, asks) {
		t.Error("it is asked before anything is known of another")
	}
	form := quantityForm()
	body := post(h, newOutcome, form).Body.String()
	if !strings.Contains(body, asks) || !strings.Contains(body, offers) || !strings.Contains(body, `name="asked" value="2"`) || !strings.Contains(body, `value="没完成"`) {
		t.Fatal("a second one of the day is not offered")
	}
	form.Set("asked", "2")
	form.Set("serial", "2")
	body = post(h, newOutcome, form).Body.String()
	if !strings.Contains(d.input, `"serial":2,`) || !strings.Contains(body, `<option value="3">`) || strings.Contains(body, offers) {
		t.Errorf("sent %s; of the third: %v", d.input, strings.Contains(body, `<option value="3">`))
	}
	for name, set := range map[string][2]string{"not asked": {"", "2"}, "not what was asked": {"2", "3"}, "no number": {"x", "2"}, "too many": {"10", "10"}} {
		d := &fakeDesk{}
		form.Set("asked", set[0])
		form.Set("serial", set[1])
		if post(staffed(t, &fake{}, d, "990101-jw", ledger.Investigator), newOutcome, form); strings.Contains(d.input, "serial") {
			t.Errorf("%s: %s", name, d.input)
		}
	}
	d = &fakeDesk{}
	form.Set("asked", "2")
	form.Set("serial", "")
	if post(staffed(t, &fake{}, d, "990101-jw", ledger.Investigator), newOutcome, form); d.submits != 1 || strings.Contains(d.input, "serial") {
		t.Errorf("nothing chosen: %s", d.input)
	}
}

// One more of a group is asked for without a script, and nothing that was
// typed is lost, nor anything recorded.
func TestOneMoreIsAskedFor(t *testing.T) {
	d := &fakeDesk{}
	h := staffed(t, &fake{}, d, "990101-jw", ledger.Investigator)
	form := quantityForm()
	form.Set("more", "penalties")
	form.Set("count.penalties", "1")
	w := post(h, newOutcome, form)
	body := w.Body.String()
	for _, want := range []string{`value="没完成"`, `name="penalties.1.body"`, `<option value="circular" selected>`, `name="count.penalties" value="2"`} {
		if w.Code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%d, no %s", w.Code, want)
		}
	}
	if d.submits > 0 {
		t.Error("asking for one more recorded something")
	}
	form.Set("count.penalties", "1000000")
	if body := post(h, newOutcome, form).Body.String(); strings.Contains(body, `name="penalties.5.body"`) {
		t.Error("there is no bound")
	}
}

// A fault in a group is shown at the field it lies at, though groups before it
// were left out.
func TestFaultsInGroups(t *testing.T) {
	form := quantityForm()
	form.Set("count.penalties", "3")
	for _, member := range []string{"form", "body", "on"} {
		form.Set("penalties.2."+member, form.Get("penalties.0."+member))
		form.Del("penalties.0." + member)
	}
	d := &fakeDesk{refuse: ledger.Errorf(ledger.Invalid, "outcome.penalty_early", "早于结果。", "It is before the outcome.").At("penalties[0].on")}
	w := post(staffed(t, &fake{}, d, "990101-jw", ledger.Investigator), newOutcome, form)
	if body := w.Body.String(); w.Code != http.StatusBadRequest || !strings.Contains(body, `id="penalise-penalties.2.on-fault">早于结果。`) || !strings.Contains(body, `href="#penalise-penalties.2.on"`) {
		t.Errorf("%d %s", w.Code, d.input)
	}
	for name, set := range map[string][2]string{"no number": {"required", "二百"}, "no moment": {"occurredAt", "昨天"}, "no day": {"penalties.2.on", "2022-13-01"}, "no choice": {"penalties.2.form", "flogging"}, "half a group": {"penalties.2.body", ""}} {
		form := quantityForm()
		form.Set("count.penalties", "3")
		form.Set("penalties.2.form", "circular")
		form.Set("penalties.2.on", "2022-07-20")
		form.Set("penalties.2.body", "990101")
		form.Set(set[0], set[1])
		d := &fakeDesk{}
		w := post(staffed(t, &fake{}, d, "990101-jw", ledger.Investigator), newOutcome, form)
		if w.Code != http.StatusBadRequest || d.submits > 0 || !strings.Contains(w.Body.String(), `id="penalise-`+set[0]+`-fault"`) {
			t.Errorf("%s: %d, %d submitted", name, w.Code, d.submits)
		}
	}
}

// A correction sends what differs from what is on record, and only that.
var typedText = regexp.MustCompile(`<textarea id="[^"]*" name="([\w.]+)"[^>]*>([^<]*)</textarea>`)

var chosenOption = regexp.MustCompile(`(?s)<select id="[^"]*" name="([\w.]+)"[^>]*>(?:<option value="[^"]*">[^<]*</option>)*<option value="([^"]*)" selected>`)

func TestACorrectionSendsWhatChanged(t *testing.T) {
	const page = "/outcomes/990101101202-20221231-0a1b2c3d/correct"
	d := &fakeDesk{}
	h := staffed(t, &fake{}, d, "990101-jw", ledger.Investigator)
	body := get(h, page).Body.String()
	form := url.Values{"do": {"correct"}, "key": {someKey}, "reason": {"复测"}, "document": {"d-2"}}
	for _, m := range valueOf.FindAllStringSubmatch(body[strings.Index(body, `id="do-correct"`):], -1) {
		if m[1] != "key" && m[1] != "do" && m[1] != "reason" && m[1] != "document" && m[1] != "more" {
			form.Set(m[1], m[2])
		}
	}
	for _, m := range typedText.FindAllStringSubmatch(body, -1) {
		if m[1] != "reason" {
			form.Set(m[1], m[2])
		}
	}
	for _, m := range chosenOption.FindAllStringSubmatch(body, -1) {
		form.Set(m[1], m[2])
	}
	if got := form.Get("required"); got != "220" {
		t.Fatalf("the form holds %q", got)
	}
	form.Set("verified", "195")
	if w := post(h, page, form); w.Code != http.StatusSeeOther || d.input != `{"document":"d-2","id":"990101101202-20221231-0a1b2c3d","reason":"复测","verified":"195"}` {
		t.Errorf("%d %s", w.Code, d.input)
	}
}
