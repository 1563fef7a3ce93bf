package catalogue

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// agrees holds a fast reading against encoding/json's of the same bytes.
func agrees[E any](t *testing.T, b []byte) {
	var fast, slow E
	r := ledger.NewReader(b)
	if any(&fast).(ledger.Scanner).Scan(r); !r.Done() {
		return
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&slow); err != nil || !reflect.DeepEqual(fast, slow) {
		t.Fatalf("%q\nread as %+v\nis      %+v, %v", b, fast, slow, err)
	}
}

func FuzzScan(f *testing.F) {
	yes := []string{
		`{"code":"99","name":"省","kind":"government","line":"农业","parent":"0","people":12,"staff":3}`,
		`{"id":"i","issuer":"0","document":"d","basis":["a","b"],"origin":true,"lines":[{"to":"99","amounts":[{"measure":"m/a","value":"1.5","base":"1"},{"measure":"m/s","items":["照片"]}],"due":"2026-03-01T00:00:00Z","directedBy":"99"},{"to":"98","amounts":[]}],"retained":[{"measure":"m/a","value":"1"}],"channel":"phone","source":"declared"}`,
	}
	for i, s := range yes {
		r := ledger.NewReader([]byte(s))
		if i == 0 {
			new(unit.Registered).Scan(r)
		} else {
			new(issuance.Made).Scan(r)
		}
		if !r.Done() {
			f.Fatalf("not taken: %s", s)
		}
		f.Add([]byte(s))
	}
	for _, s := range []string{`{}`, `{"lines":[],"lines":[]}`, `{"people":-0}`, `{"origin":false}`, `{"lines":[{"to":"9","amounts":[{"items":[]}]}]}`, `{"basis":["a",]}`, `{"code":"a\n"}`, `{"code":1}`, `{"lines":[{}{}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		agrees[unit.Registered](t, b)
		agrees[issuance.Made](t, b)
	})
}
