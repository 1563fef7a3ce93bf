package catalogue

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"suyuan/services/caseroom"
	"suyuan/services/clarification"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/finding"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/assignment"
	"suyuan/services/mandate/issuance"
	"suyuan/services/outcome"
	"suyuan/services/release"
	"suyuan/services/unit"
)

// What a field of some type or name looks like on record.
var (
	words = map[reflect.Type]string{
		reflect.TypeFor[unit.Kind]():           string(unit.Government),
		reflect.TypeFor[unit.Class]():          string(unit.Cooperate),
		reflect.TypeFor[mandate.Kind]():        string(mandate.Divisible),
		reflect.TypeFor[mandate.Dimension]():   string(mandate.Quantity),
		reflect.TypeFor[issuance.Source]():     string(issuance.Declared),
		reflect.TypeFor[assignment.Ground]():   string(assignment.Infeasible),
		reflect.TypeFor[assignment.Decision](): string(assignment.Insisted),
		reflect.TypeFor[ledger.Date]():         "2022-08-09",
		reflect.TypeFor[complaint.Lane]():      string(complaint.Verified),
		reflect.TypeFor[complaint.Outcome]():   string(complaint.Partly),
		reflect.TypeFor[complaint.How]():       string(complaint.BySilence),
		reflect.TypeFor[complaint.Decision]():  string(complaint.Upheld),
		reflect.TypeFor[complaint.Turn]():      string(complaint.Assigning),
		reflect.TypeFor[claim.Act]():           string(claim.Review),
		reflect.TypeFor[issuerkey.Kind]():      string(issuerkey.RSA),
		reflect.TypeFor[caseroom.From]():       string(caseroom.FromReports),
		reflect.TypeFor[caseroom.How]():        string(caseroom.Documented),
		reflect.TypeFor[release.Lane]():        string(release.Verified),
		reflect.TypeFor[release.Change]():      string(release.Plus10To20),
		reflect.TypeFor[release.Members]():     "AAECAwQFBgc",

		reflect.TypeFor[outcome.Kind]():             string(outcome.Quantity),
		reflect.TypeFor[outcome.Form]():             string(outcome.SelfExamination),
		reflect.TypeFor[outcome.Point]():            string(outcome.OverruledBy),
		reflect.TypeFor[finding.Because]():          string(finding.ByReply),
		reflect.TypeFor[finding.Result]():           string(finding.Vary),
		reflect.TypeFor[clarification.Conclusion](): string(clarification.Mistaken),
		reflect.TypeFor[clarification.Form]():       string(clarification.FaceToFace),
	}
	texts = map[string]string{
		"code from issuer lead origin owedBy parent": "990101", "unit to into who": "990101001", "author approvedBy by directedBy orderedBy": "9901",
		"id": "x-600", "issuance": "sheet-600", "document": "notice-8", "mandate": "farmland-600", "duty item": "river-patrol", "of": "farmland-600/area",
		"measure": "farmland-600/area", "key": "area", "quantity": "firms", "constraint": "three-firms", "basis": "sheet-600-province",
		"value": "220.5", "base": "200", "amount needed money": "120000.5", "channel": "chat_group", "harder": "higher", "hours": "working", "limit": "people", "is": "at_least", "power": "supervise", "kind": "money",
		"name title text reason field line number competence items skills assumed": "文字", "sha256 root hash salt": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"box signer nullifier letter hashes": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "spki": "AAEC",
		"replies recipient": "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", "claim": "c2VhbGVk",
		"class": "text", "advice what": "文字",
		"place": "9901", "level": "COUNTY", "cameDown": "600", "asked": "690",
		"account undone": "account-1", "complaint complaints": "0123456789abcdef0123456789abcdef", "documents": "notice-8", "issuances": "sheet-600", "about units charged": "990101", "county": "990101", "quarter": "2026Q4", "purpose": "investigator",
		"competing": "sheet-600", "required verified capacity": "220", "capacityFrom answer record matter flags zh": "文字", "en": "words", "capacityDocument": "notice-8", "body": "990101", "rule": "wenze-2019-17",
		"did": "drafted_penalty", "executor originating absent": "990101001", "outcome": "990101001-20220809-0123abcd", "replaces": "990101001-20220809-0123abcd-1", "mass": "20/3", "refused": "evidence.cycle", "basisAmount": "1000",
		"note": "suyuan/checkpoint\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— suyuan signature\n",
	}
)

// sample fills every field of an event, always in the same way.
func sample(t *testing.T, event reflect.Type) any {
	v := reflect.New(event).Elem()
	fill(t, v, strings.ToLower(event.Name()))
	return v.Interface()
}

func fill(t *testing.T, v reflect.Value, name string) {
	if word, ok := words[v.Type()]; ok {
		v.SetString(word)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), name)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0), name)
	case reflect.Map:
		key, value := "farmland-600/area", "strictest"
		if name == "values" { // of a policy
			key, value = "noticeDays", "10"
		}
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(value))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint64:
		v.SetUint(7)
	case reflect.String:
		v.SetString(textOf(t, name))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2022, 8, 9, 8, 0, 0, 0, ledger.Beijing)))
			return
		}
		for i := range v.NumField() {
			field, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			fill(t, v.Field(i), field)
		}
	default:
		t.Fatalf("%s: no sample for a %s", name, v.Type())
	}
}

func textOf(t *testing.T, name string) string {
	for names, text := range texts {
		for n := range strings.FieldsSeq(names) {
			if n == name {
				return text
			}
		}
	}
	t.Fatalf("no sample for a text named %q: give one in texts", name)
	return ""
}
