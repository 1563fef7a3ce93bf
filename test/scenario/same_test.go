package scenario

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"suyuan/seeds"
	"suyuan/services/catalogue"
	"suyuan/services/checkpoint"
	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

// One play gives one log, whatever the engine: the same events under the same
// ordinals, and the same Merkle root, by the fold and by the verifier. So it
// does on a cluster that other applications write to meanwhile.
func TestSameLog(t *testing.T) {
	was, p := newWorld(t, embedded(t)), newProcess(t)
	is := newWorld(t, cluster(t, p.address))
	must(t, was.play(t, was.desk))
	must(t, is.play(t, &besides{is.desk, p, t, 0}))
	sameLog(t, is, was)
}

// besides is a desk beside which another application writes.
type besides struct {
	seeds.Submitter
	at *process
	t  *testing.T
	n  int64
}

func (b *besides) Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	if b.n%10 == 0 {
		other := cluster(b.t, b.at.address)
		_, err := other.Append(ctx, "orders-17", ledger.Expect(b.n/10-1), ledger.Record{
			ID: ledger.EventID("another application", "orders", int(b.n)), Type: "order-placed", Data: []byte(`{"goods":"seeds"}`), Meta: []byte(`{}`),
		})
		must(b.t, errors.Join(err, other.Close()))
	}
	b.n++
	return b.Submitter.Submit(ctx, by, name, key, input)
}

// sameLog holds a world's log, what its fold was given and what came of it
// against another's, event by event.
func sameLog(t *testing.T, is, was *world) {
	t.Helper()
	want := was.records(t)
	got := is.records(t)
	sameEvents(t, "the log", engineless(got), engineless(want))
	must(t, is.view.Wait(t.Context(), got[len(got)-1].Position))
	sameEvents(t, "what the fold was given", is.fed.all(), got)
	for _, stream := range streams(want) {
		sameEvents(t, stream, streamOf(t, is.log, stream), streamOf(t, was.log, stream))
	}

	report, err := checkpoint.Verify(t.Context(), was.log, "", nil)
	must(t, err)
	if n, root, _, _ := is.view.State(); n != report.Events || root != report.Root {
		t.Errorf("the fold has %d events, root %s; want %d, %s", n, root, report.Events, report.Root)
	}
	again, err := checkpoint.Verify(t.Context(), is.log, "", nil)
	must(t, err)
	if again != report {
		t.Errorf("verified: %+v, want %+v", again, report)
	}
	if kept(t, is.view) != kept(t, folded(t, is.log)) {
		t.Error("the fold that was lived through has other rows than one from the start")
	}
}

func sameEvents(t *testing.T, what string, got, want []ledger.Recorded) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("%s: event %d is\n%+v, want\n%+v", what, i+1, got[i], want[i])
			return
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d events, want %d", what, len(got), len(want))
	}
}

// engineless is a log without the positions, which are the engine's own.
func engineless(all []ledger.Recorded) []ledger.Recorded {
	out := slices.Clone(all)
	for i := range out {
		out[i].Position = ledger.Position{Ordinal: out[i].Position.Ordinal}
	}
	return out
}

func streams(all []ledger.Recorded) (names []string) {
	for _, e := range all {
		names = append(names, e.Stream)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// streamOf is a stream without positions: only one engine knows the ordinals
// of a stream's events.
func streamOf(t *testing.T, log ledger.Log, stream string) (all []ledger.Recorded) {
	t.Helper()
	for e, err := range log.Stream(t.Context(), stream, 0) {
		must(t, err)
		e.Position = ledger.Position{}
		all = append(all, e)
	}
	return all
}

// folded is a read model made from the whole log at once.
func folded(t *testing.T, log ledger.Log) *view.View {
	t.Helper()
	events, err := catalogue.Events()
	must(t, err)
	v, err := view.New(events, "")
	must(t, err)
	must(t, v.Catch(t.Context(), log))
	return v
}

// kept is every row of a read model.
func kept(t *testing.T, v *view.View) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "view")
	_, err := v.Save(path)
	must(t, err)
	content, err := os.ReadFile(path)
	must(t, err)
	return string(content)
}
