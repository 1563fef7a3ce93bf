package view

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
)

// histories runs a property over random histories on a real store.
func histories(t *testing.T, property func(h *history)) { played(t, play, property) }

// played is histories for one way to play them.
func played(t *testing.T, play func(*rapid.T, *world) *history, property func(h *history)) {
	dir := t.TempDir()
	total := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		at, err := os.MkdirTemp(dir, "")
		if err != nil {
			rt.Fatal(err)
		}
		w := newWorld(rt, at)
		defer func() {
			_ = w.log.Close()
			_ = os.RemoveAll(at)
		}()
		h := play(rt, w)
		for name, n := range h.done {
			total[name] += n
		}
		property(h)
	})
	t.Log("commands", total)
}

// Replaying the log gives the rows that living through it gave, and every
// answer the same.
func TestReplayEqualsLive(t *testing.T) {
	histories(t, replayed)
}

func replayed(h *history) {
	again := h.folded(h.records())
	if d := differ(answers(h.view), answers(again)); d != "" {
		h.Fatalf("answers differ after replay:\n%s", d)
	}
	if !bytes.Equal(h.kept(h.rows()), h.kept(again.rows)) {
		h.Fatalf("rows differ after replay")
	}
	h.sums(h.rows())
	h.steps(h.rows())
	h.cases(h.rows())
	h.recusals()
	h.sights()
}

// The same of outcomes and findings, of which something happens in nearly
// every step.
func TestReplayOfFindingsEqualsLive(t *testing.T) { played(t, playFindings, replayed) }

// An event is found by its place in its stream.
func TestOrdinal(t *testing.T) {
	histories(t, func(h *history) {
		next := map[string]int64{}
		for _, e := range h.records() {
			if got := h.view.Ordinal(e.Stream, e.Revision); got != e.Position.Ordinal {
				h.Fatalf("%s %d: ordinal %d, want %d", e.Stream, e.Revision, got, e.Position.Ordinal)
			}
			next[e.Stream] = e.Revision + 1
		}
		for stream, revision := range next {
			if got := h.view.Ordinal(stream, revision) + h.view.Ordinal(stream, -1) + h.view.Ordinal(stream+"x", 0); got != 0 {
				h.Fatalf("%s %d was never recorded and has ordinal %d", stream, revision, got)
			}
		}
	})
}

// What was known at an ordinal is what a fold up to it knew.
func TestAsOfEqualsPrefix(t *testing.T) {
	histories(t, func(h *history) {
		all := h.records()
		for range 4 {
			k := rapid.IntRange(1, len(all)).Draw(h.T, "ordinal")
			then, past := map[string]any{}, map[string]any{}
			h.folded(all[:k]).Read(func(r *Rows) { moments(r, Now, then) })
			h.view.Read(func(r *Rows) { moments(r, AsOf{Ordinal: uint64(k)}, past) })
			for q := range then {
				x, y := asText(then[q]), asText(past[q])
				if string(x) != string(y) {
					h.Fatalf("%s as of %d%s", q, k, where(x, y))
				}
			}
			for q := range past {
				if _, ok := then[q]; !ok && (strings.HasPrefix(q, "mandate ") || strings.HasPrefix(q, "issuance ")) {
					h.Fatalf("%s as of %d was not there yet", q, k)
				}
			}
		}
	})
}

// The order in which events of different streams arrive does not matter.
func TestOrderAcrossStreams(t *testing.T) {
	without := []string{"Ordinal", "Events", "Event", "AsOf", "Cursors", "DecidedAt", "Previous", "Root", "Hash", "Checkpoint"}
	histories(t, func(h *history) {
		all := slices.DeleteFunc(h.records(), func(e ledger.Recorded) bool { return e.Type == "checkpoint.signed" })
		plainly := func(v *View) map[string]any {
			out := map[string]any{}
			for q, a := range answers(v) {
				if !strings.HasPrefix(q, "event ") && !strings.HasPrefix(q, "docket ") && !strings.HasPrefix(q, "dossier ") {
					out[q] = plain(unconcurrent(plain(a, nil, nil)), without, []string{"Steps", "Layers"})
				}
			}
			return out
		}
		if d := differ(plainly(h.folded(renumbered(all))), plainly(h.folded(interleave(h.T, all)))); d != "" {
			h.Fatalf("answers differ:\n%s", d)
		}
	})
}

// unconcurrent leaves out the one flag that is about order.
func unconcurrent(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = unconcurrent(v[k])
		}
	case []any:
		out := []any{}
		for _, x := range v {
			if m, ok := x.(map[string]any); x != string(Concurrent) && (!ok || m["Code"] != string(Concurrent)) {
				out = append(out, unconcurrent(x))
			}
		}
		return out
	}
	return v
}

func renumbered(events []ledger.Recorded) []ledger.Recorded {
	out := slices.Clone(events)
	for i := range out {
		n := uint64(i + 1)
		out[i].Position = ledger.Position{Commit: n, Prepare: n, Ordinal: n}
	}
	return out
}

// interleave draws another order that keeps each stream's own and lets
// nothing be named before it is on record.
func interleave(t *rapid.T, events []ledger.Recorded) []ledger.Recorded {
	needs := causes(events)
	var out []ledger.Recorded
	done := make([]bool, len(events))
	for len(out) < len(events) {
		var ready []int
		for i := range events {
			if !done[i] && !slices.ContainsFunc(needs[i], func(n int) bool { return !done[n] }) {
				ready = append(ready, i)
			}
		}
		i := ready[rapid.IntRange(0, len(ready)-1).Draw(t, "next")]
		done[i] = true
		out = append(out, events[i])
	}
	return renumbered(out)
}

// causes lists for every event those before it that it needs: the one before
// in its stream, and those that brought the names it says.
func causes(events []ledger.Recorded) [][]int {
	brought, last := map[string]int{}, map[string]int{}
	needs := make([][]int, len(events))
	for i, e := range events {
		names := []string{}
		var data, meta any
		if json.Unmarshal(e.Data, &data) != nil || json.Unmarshal(e.Meta, &meta) != nil {
			panic("an event is not JSON")
		}
		allTexts(data, &names)
		allTexts(meta, &names)
		_, subject, _ := strings.Cut(e.Stream, "-")
		for _, name := range append(names, subject) {
			if by, ok := brought[name]; ok {
				needs[i] = append(needs[i], by)
			}
		}
		if before, ok := last[e.Stream]; ok {
			needs[i] = append(needs[i], before)
		} else {
			brought[subject] = i
		}
		last[e.Stream] = i
		if strings.HasPrefix(e.Stream, "mandate-") {
			bring(data, subject, brought, i)
		}
	}
	return needs
}

func bring(data any, mandate string, brought map[string]int, i int) {
	list, _ := data.(map[string]any)["measures"].([]any)
	for _, m := range list {
		brought[mandate+"/"+m.(map[string]any)["key"].(string)] = i
	}
}

func allTexts(v any, into *[]string) {
	switch v := v.(type) {
	case string:
		*into = append(*into, v)
	case []any:
		for _, x := range v {
			allTexts(x, into)
		}
	case map[string]any:
		for k, x := range v {
			*into = append(*into, k)
			allTexts(x, into)
		}
	}
}
