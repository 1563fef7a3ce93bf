package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/seeds"
	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/policy"
)

// What the division adopts is what comes with the program, and is called a
// proposal no longer.
func TestPolicies(t *testing.T) {
	proposed, err := policy.Proposed()
	must(t, err)
	var adopted []policy.Proposal
	for _, step := range all(t)[0].Steps {
		if step.Do != "policy.adopt" {
			continue
		}
		var c policy.Adopt
		must(t, json.Unmarshal(step.With, &c))
		adopted = append(adopted, policy.Proposal{Name: c.Name, Title: c.Title, Values: c.Values})
	}
	for i := range proposed {
		proposed[i].About = ledger.Text{}
		proposed[i].Title = strings.TrimSuffix(proposed[i].Title, "（拟议第1版）")
	}
	if !reflect.DeepEqual(adopted, proposed) {
		t.Errorf("adopted are %+v, proposed %+v", adopted, proposed)
	}
}

// Every scenario plays, and all that it expects is what the public reads.
func TestScenarios(t *testing.T) { onEach(t, scenarios) }

func scenarios(t *testing.T, newWorld func(*testing.T) *world) {
	w := newWorld(t)
	must(t, w.play(t, w.desk))
	for _, s := range all(t) {
		t.Run(s.ID, func(t *testing.T) {
			if len(s.Expect) == 0 {
				t.Error("it expects nothing")
			}
			for i, e := range s.Expect {
				w.check(t, i, e)
			}
		})
	}
}

// The figure everything began with.
func TestDemo(t *testing.T) { onEach(t, demo) }

func demo(t *testing.T, newWorld func(*testing.T) *world) {
	w, demo := newWorld(t), seeds.Demo()
	must(t, w.play(t, w.desk))
	if second := all(t)[1]; second.Case != "S4-18" {
		t.Errorf("after the division, %s is played; the demonstration begins with S4-18", second.ID)
	}
	got := w.traces(t, seeds.Place{Mandate: demo.Mandate, Unit: demo.Unit, Measure: demo.Measure})
	if len(got) != 1 || got[0].Value != "220" || len(got[0].Steps) != 2 || got[0].Steps[0].Amount != "200" || got[0].Steps[1].Amount != "20" {
		t.Errorf("220 = 200 + 20 was expected: %+v", got)
	}
	var roles []ledger.Role
	for _, actor := range demo.Actors {
		roles = append(roles, actor.Roles...)
		var answer struct{ Unit *struct{ Name string } }
		w.ask(t, `query($c: ID!) { unit(code: $c) { name } }`, map[string]any{"c": actor.Unit}, &answer)
		if answer.Unit == nil {
			t.Errorf("%s acts for %s, which is not registered", actor.Account, actor.Unit)
		}
	}
	if !slices.Equal(roles, ledger.Roles) {
		t.Errorf("roles %v, one of each was expected", roles)
	}
}

// Every command is recorded at its own date, refusals leave nothing, and
// playing again changes nothing.
func TestPlayedTwice(t *testing.T) { onEach(t, playedTwice) }

func playedTwice(t *testing.T, newWorld func(*testing.T) *world) {
	w := &watched{world: newWorld(t), t: t, at: map[uint64]time.Time{}}
	must(t, w.play(t, w))
	steps, refusals := 0, 0
	for _, s := range all(t) {
		steps += len(s.Steps)
		for _, step := range s.Steps {
			if step.Refused != "" {
				refusals++
			}
		}
	}
	if w.refused != refusals || len(w.at) != steps-refusals || w.repeated != 0 {
		t.Errorf("%d steps of which %d are to be refused: %d refused, %d written, %d repeated", steps, refusals, w.refused, len(w.at), w.repeated)
	}
	first := w.records(t)
	for _, e := range first {
		meta, err := ledger.ParseMeta(e.Record)
		must(t, err)
		if at, ok := w.at[e.Position.Ordinal]; ok && !meta.Recorded.Equal(at) {
			t.Errorf("%s is recorded at %s, its date is %s: another scenario wrote the stream later", e.Stream, meta.Recorded, at)
		}
	}
	must(t, w.play(t, w))
	if w.repeated != steps-refusals {
		t.Errorf("%d of %d steps were found in the ledger the second time", w.repeated, steps-refusals)
	}
	if !reflect.DeepEqual(w.records(t), first) {
		t.Error("playing again changed the log")
	}
}

var errCut = errors.New("the power went")

// cut is a desk that stops answering after so many commands: before the last
// one is carried out, or after, with the answer lost.
type cut struct {
	seeds.Submitter
	left int
	lost bool
}

func (c *cut) Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	if c.left--; c.left >= 0 {
		return c.Submitter.Submit(ctx, by, name, key, input)
	}
	if c.lost {
		if _, err := c.Submitter.Submit(ctx, by, name, key, input); err != nil {
			return desk.Receipt{}, err
		}
	}
	return desk.Receipt{}, errCut
}

// An interruption leaves the very log that an undisturbed play leaves, to the
// byte.
func TestInterrupted(t *testing.T) { onEach(t, interrupted) }

func interrupted(t *testing.T, newWorld func(*testing.T) *world) {
	whole := newWorld(t)
	must(t, whole.play(t, whole.desk))
	want, steps := whole.records(t), 0
	for _, s := range all(t) {
		steps += len(s.Steps)
	}
	for _, c := range []cut{{left: 0}, {left: 20, lost: true}, {left: steps / 2}, {left: steps - 2, lost: true}, {left: steps - 1}} {
		w := newWorld(t)
		soon := c
		soon.Submitter = w.desk
		if err := w.play(t, &soon); !errors.Is(err, errCut) {
			t.Fatalf("cut after %d: %v", c.left, err)
		}
		must(t, w.play(t, w.desk))
		if !reflect.DeepEqual(w.records(t), want) {
			t.Errorf("cut after %d commands, lost %t: the log differs from that of an undisturbed play", c.left, c.lost)
		}
	}
}
