package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// answers is everything the read model tells, by question. One that is
// refused answers with its error.
func answers(v *View) map[string]any {
	all := map[string]any{}
	v.Read(func(r *Rows) {
		all["ledger"] = r.Ledger()
		for i := range r.events {
			e, _ := r.Event(uint64(i + 1))
			all["event "+e.Ordinal] = e
		}
		for _, u := range r.units {
			unitAnswers(r, *r.Unit(u.code), all)
		}
		for _, d := range r.documents {
			all["document "+d.id] = documentAnswers(r, r.Document(d.id))
		}
		all["questions"] = []any{or(r.Objections(ObjectionQuery{}, MaxPage)), or(r.Handoffs(HandoffQuery{}, MaxPage))}
		reportAnswers(r, all)
		findingAnswers(r, all)
		moments(r, Now, all)
	})
	return all
}

func or[T any](answer T, err error) any {
	if err != nil {
		return err.Error()
	}
	return answer
}

var whole = Paging{First: MaxPage}

func unitAnswers(r *Rows, u Unit, all map[string]any) {
	all["unit "+u.Code] = []any{
		u, r.Parent(u), r.Path(u), r.MergedInto(u), or(r.Children(u, whole)), r.Duties(u), r.Capacities(u), r.UnitEvents(u), or(r.ReceivedBy(u, "", whole)),
		or(r.PassedDown(u, "", whole)), or(r.Added(u, MaxPage)), or(r.ObjectionsOf(u, MaxPage)), or(r.Handoffs(HandoffQuery{Unit: u.Code}, MaxPage)),
	}
}

func documentAnswers(r *Rows, d *Document) any {
	if d == nil {
		return nil
	}
	return []any{d, each(r.DocumentIssuances(*d), ofIssuance(r)), each(r.DocumentMandates(*d), ofMandate(r)), r.DocumentEvents(*d)}
}

func mandateAnswers(r *Rows, m Mandate) any {
	carrying, err := r.MandateIssuances(m, whole)
	return []any{
		ofMandate(r)(m), documentAnswers(r, r.MandateDocument(m)), r.Measures(m), r.Constraints(m), or(carrying, err), each(carrying.Items, ofIssuance(r)),
	}
}

func issuanceAnswers(r *Rows, i Issuance) any {
	approval := r.Approval(i)
	var paper any
	if approval != nil {
		paper = documentAnswers(r, approval.Document)
	}
	return []any{
		ofIssuance(r)(i), documentAnswers(r, r.IssuanceDocument(i)), each(r.IssuanceMandates(i), ofMandate(r)), each(r.Basis(i), ofIssuance(r)), approval, paper,
		r.Retained(i), r.Reserve(i), r.Stated(i), or(r.Lines(i, "", whole)), r.IssuanceFlags(i), each(r.IssuanceFlags(i), ofFlag(r)),
	}
}

// ofIssuance and ofMandate are an issuance and a mandate that another answer holds, with
// something of each that is looked up as of its own moment.
func ofIssuance(r *Rows) func(Issuance) any {
	return func(i Issuance) any { return []any{i, r.Totals(i), r.IssuanceEvents(i)} }
}

func ofMandate(r *Rows) func(Mandate) any {
	return func(m Mandate) any { return []any{m, or(r.Receivers(m)), r.MandateEvents(m)} }
}

func ofFlag(r *Rows) func(Flag) any {
	return func(f Flag) any {
		out := map[string]any{"Code": f.Code}
		if i := r.FlagIssuance(f); i != nil {
			out["Issuance"] = ofIssuance(r)(*i)
		}
		return out
	}
}

// behind is what can be looked up from a trace.
func behind(r *Rows) func(Trace) any {
	return func(t Trace) any {
		flags := r.TraceFlags(t)
		papers := each(t.Reliefs, func(x Relief) any { return documentAnswers(r, x.Document) })
		for _, i := range t.Items {
			papers = append(papers, each(i.Documents, func(d Document) any { return documentAnswers(r, &d) }))
		}
		if t.Reference != nil {
			papers = append(papers, documentAnswers(r, t.Reference.Document))
		}
		return []any{
			ofMandate(r)(t.Mandate), ofIssuance(r)(t.Issuance), flags, each(flags, ofFlag(r)), papers,
			each(t.Steps, func(s Step) any {
				return []any{ofIssuance(r)(r.StepIssuance(s)), documentAnswers(r, r.StepDocument(s))}
			}),
			each(t.Layers, func(s Step) any { return ofIssuance(r)(r.StepIssuance(s)) }),
		}
	}
}

// down is a cascade with what can be looked up from it.
func down(r *Rows, c *Cascade, err error) any {
	if c == nil || err != nil {
		return or(c, err)
	}
	return []any{c, ofMandate(r)(c.Mandate), each(c.Rows.Items, func(x CascadeRow) any { return ofIssuance(r)(x.Issuance) })}
}

// moments are the answers that can be had as of another moment than now.
func moments(r *Rows, at AsOf, all map[string]any) {
	for _, i := range r.issuances {
		if then := r.Issuance(i.id, at); then != nil {
			all["issuance "+i.id] = issuanceAnswers(r, *then)
		}
	}
	for _, m := range r.mandates {
		then := r.Mandate(m.id, at)
		if then == nil {
			continue
		}
		all["mandate "+m.id] = mandateAnswers(r, *then)
		for _, u := range r.units {
			traces, err := r.Traces(m.id, u.code, "", at)
			all["trace "+m.id+" "+u.code] = []any{or(traces, err), each(traces, behind(r))}
		}
		for _, x := range m.measures {
			key := r.measures[x].def.Key
			c, err := r.Cascade(m.id, key, "", at, whole)
			all["cascade "+m.id+"/"+key] = down(r, c, err)
			for _, u := range r.units {
				c, err := r.Cascade(m.id, key, u.code, at, whole)
				all["cascade "+m.id+"/"+key+" "+u.code] = down(r, c, err)
			}
		}
	}
}

// plain turns answers into what encoding/json makes of them, without some
// members and with lists whose order says nothing sorted.
func plain(answer any, without, ordered []string) any {
	var v any
	data, err := json.Marshal(answer)
	if err == nil {
		err = json.Unmarshal(data, &v)
	}
	if err != nil {
		panic(err) // values of our own
	}
	return reduce(v, without, ordered, true)
}

func reduce(v any, without, ordered []string, keep bool) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			if slices.Contains(without, k) {
				delete(v, k)
				continue
			}
			v[k] = reduce(v[k], without, ordered, ordered == nil || slices.Contains(ordered, k))
		}
	case []any:
		for i := range v {
			v[i] = reduce(v[i], without, ordered, ordered == nil)
		}
		if !keep {
			slices.SortFunc(v, func(a, b any) int { return bytes.Compare(asText(a), asText(b)) })
		}
	}
	return v
}

func asText(v any) []byte {
	data, _ := json.Marshal(v) // came out of encoding/json
	return data
}

// differ names the questions two views answer differently, and where.
func differ(a, b map[string]any) string {
	var out strings.Builder
	for k := range a {
		if x, y := asText(a[k]), asText(b[k]); !bytes.Equal(x, y) {
			out.WriteString(k + where(x, y))
		}
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			out.WriteString(k + ": only in one\n")
		}
	}
	return out.String()
}

func where(x, y []byte) string {
	i := 0
	for i < len(x) && i < len(y) && x[i] == y[i] {
		i++
	}
	from := max(0, i-200)
	return fmt.Sprintf(":\n  %s\n  %s\n", x[from:min(len(x), i+200)], y[from:min(len(y), i+200)])
}
