package main

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// The figures of operators do not tell what was done about reports: one
// retaliation that was taken up, one token that was spent.
func TestFiguresNameNoCommandOfReports(t *testing.T) {
	f := newFigures()
	d := f.desk(answering(nil))
	for _, c := range catalogue.Commands() {
		if _, err := d.Submit(t.Context(), ledger.Actor{}, c.Name, "key", nil); err != nil {
			t.Fatal(err)
		}
	}
	w := httptest.NewRecorder()
	f.Handler().ServeHTTP(w, httptest.NewRequest("GET", metricsPath, nil))
	text := w.Body.String()
	for _, c := range catalogue.Commands() {
		subject, _, _ := strings.Cut(c.Name, ".")
		secret := subject == "complaint" || subject == "case" || subject == "nullifier" || subject == "blank"
		if strings.Contains(text, `"`+c.Name+`"`) == secret {
			t.Errorf("%s stands in the figures: %v", c.Name, !secret)
		}
	}
	if !strings.Contains(text, `command="sealed"`) {
		t.Error("they are not counted together either")
	}
}

// answering is a desk that does whatever it is told.
type answering func()

func (answering) Submit(_ context.Context, _ ledger.Actor, _, _ string, _ []byte) (desk.Receipt, error) {
	return desk.Receipt{}, nil
}
