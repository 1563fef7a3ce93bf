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
		for _, m := range r.mandates {
			mandateAnswers(r, *r.Mandate(m.id, Now), all)
		}
		for _, i := range r.issuances {
			issuanceAnswers(r, *r.Issuance(i.id, Now), all)
		}
		for _, d := range r.documents {
			x := *r.Document(d.id)
			all["document "+d.id] = []any{x, r.DocumentIssuances(x), r.DocumentMandates(x), r.DocumentEvents(x)}
		}
		all["questions"] = []any{or(r.Objections(ObjectionQuery{}, MaxPage)), or(r.Handoffs(HandoffQuery{}, MaxPage))}
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

func mandateAnswers(r *Rows, m Mandate, all map[string]any) {
	all["mandate "+m.ID] = []any{m, r.MandateDocument(m), r.Measures(m), r.Constraints(m), or(r.MandateIssuances(m, whole)), r.MandateEvents(m)}
}

func issuanceAnswers(r *Rows, i Issuance, all map[string]any) {
	all["issuance "+i.ID] = []any{
		i, r.IssuanceDocument(i), r.IssuanceMandates(i), r.Basis(i), r.Approval(i), r.Retained(i), r.Reserve(i), r.Stated(i), r.Totals(i),
		or(r.Lines(i, "", whole)), r.IssuanceFlags(i), r.IssuanceEvents(i),
	}
}

// moments are the answers that can be had as of another moment than now.
func moments(r *Rows, at AsOf, all map[string]any) {
	for _, m := range r.mandates {
		for _, u := range r.units {
			traces, err := r.Traces(m.id, u.code, "", at)
			all["trace "+m.id+" "+u.code] = []any{or(traces, err), each(traces, r.TraceFlags)}
		}
		for _, x := range m.measures {
			key := r.measures[x].def.Key
			all["cascade "+m.id+"/"+key] = or(r.Cascade(m.id, key, "", at, whole))
			for _, u := range r.units {
				all["cascade "+m.id+"/"+key+" "+u.code] = or(r.Cascade(m.id, key, u.code, at, whole))
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
