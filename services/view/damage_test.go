package view

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
)

// damaged is a short log: a cascade under a checkpoint, with more behind it.
func damaged(t *testing.T) *scene {
	s := newScene(t)
	s.task(nil)
	s.pass("a", county, town, "5", nil)
	s.at["more"] = s.do(clerk(county), "issuance.amend_line", object{"id": "a", "line": object{"to": town, "amounts": []object{{"measure": "task/area", "value": "6"}}}})
	s.must(s.sign())
	s.at["note"] = s.log.Head().Ordinal
	s.pass("b", town, village, "7", object{"basis": []string{"a"}})
	return s
}

func TestDamageStopsTheFold(t *testing.T) {
	for _, c := range []struct {
		name    string
		how     func(s *scene, log []ledger.Recorded) []ledger.Recorded
		ordinal func(s *scene) uint64
	}{
		{"content changed", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			e := &log[s.at["a"]-1]
			e.Data = bytes.Replace(e.Data, []byte(`"5"`), []byte(`"4"`), 1)
			return log
		}, func(s *scene) uint64 { return s.at["a"] }},
		{"metadata changed", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			e := &log[s.at["b"]-1]
			e.Meta = bytes.Replace(e.Meta, []byte(`"clerk"`), []byte(`"admin"`), 1)
			return log
		}, func(s *scene) uint64 { return s.at["b"] }},
		{"type changed", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			log[s.at["more"]-1].Type = "issuance.withdrawn"
			return log
		}, func(s *scene) uint64 { return s.at["more"] }},
		{"one missing", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			return slices.Delete(log, int(s.at["a"]-1), int(s.at["a"]))
		}, func(s *scene) uint64 { return s.at["a"] }},
		{"one missing, renumbered", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			return renumbered(slices.Delete(log, int(s.at["a"]-1), int(s.at["a"])))
		}, func(s *scene) uint64 { return s.at["a"] }}, // where the next of its stream now stands
		{"two of a stream swapped", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			i, j := s.at["a"]-1, s.at["more"]-1
			log[i], log[j] = log[j], log[i]
			return renumbered(log)
		}, func(s *scene) uint64 { return s.at["a"] }},
		{"revisions swapped as well", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			i, j := s.at["a"]-1, s.at["more"]-1
			log[i], log[j] = log[j], log[i]
			log[i].Revision, log[j].Revision = log[j].Revision, log[i].Revision
			return renumbered(log)
		}, func(s *scene) uint64 { return s.at["a"] }},
		{"two streams swapped under a checkpoint", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			i, j := s.at[bureau]-1, s.at[town]-1
			log[i], log[j] = log[j], log[i]
			return renumbered(log)
		}, func(*scene) uint64 { return 1 }}, // where what the checkpoint covers begins
		{"stream renamed", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			log[s.at["b"]-1].Stream = "issuance-c"
			return log
		}, func(s *scene) uint64 { return s.at["b"] }},
		{"a revision left out, sealed as if it were not", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			return s.reseal(log, s.at["b"]-1, func(e *ledger.Recorded) { e.Revision = 1 })
		}, func(s *scene) uint64 { return s.at["b"] }},
		{"checkpoint of another key", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			return s.forge(log, func(size uint64, root ledger.Hash) checkpoint.Signed {
				other, _, err := checkpoint.NewKey(zeros{})
				s.must(err)
				note, err := checkpoint.Write(other, size, root)
				s.must(err)
				return checkpoint.Signed{Size: size, Root: root.String(), Note: note}
			})
		}, func(s *scene) uint64 { return s.at["note"] }},
		{"checkpoint over another root", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			return s.forge(log, func(size uint64, root ledger.Hash) checkpoint.Signed {
				root[0] ^= 1
				note, err := checkpoint.Write(s.signer, size, root)
				s.must(err)
				return checkpoint.Signed{Size: size, Root: root.String(), Note: note}
			})
		}, func(*scene) uint64 { return 1 }},
		{"checkpoint says other than its note", func(s *scene, log []ledger.Recorded) []ledger.Recorded {
			return s.forge(log, func(size uint64, root ledger.Hash) checkpoint.Signed {
				note, err := checkpoint.Write(s.signer, size, root)
				s.must(err)
				return checkpoint.Signed{Size: size - 1, Root: root.String(), Note: note}
			})
		}, func(s *scene) uint64 { return s.at["note"] }},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			s := damaged(t)
			log := c.how(s, s.records())
			v := s.fresh()
			for _, e := range log {
				before := answers(v)
				err := v.Apply(e)
				if err == nil {
					continue
				}
				var d *ledger.Damage
				if !errors.As(err, &d) || d.Ordinal != c.ordinal(s) {
					t.Errorf("%v, want a damage at %d", err, c.ordinal(s))
				}
				if d := differ(before, answers(v)); d != "" {
					t.Errorf("the refused event left something behind:\n%s", d)
				}
				return
			}
			t.Fatal("folded to its end")
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// forge seals another checkpoint where the true one stands.
func (s *scene) forge(log []ledger.Recorded, say func(size uint64, root ledger.Hash) checkpoint.Signed) []ledger.Recorded {
	at := s.at["note"] - 1
	size, root, _, _ := s.folded(log[:at]).State()
	return s.reseal(log, at, func(e *ledger.Recorded) { e.Data = asText(say(size, root)) })
}

// reseal changes the first event of a stream together with its hash.
func (s *scene) reseal(log []ledger.Recorded, at uint64, change func(e *ledger.Recorded)) []ledger.Recorded {
	e := &log[at]
	change(e)
	e.Meta = append(e.Meta[:bytes.LastIndex(e.Meta, []byte(`,"hash":`))], '}')
	record, _, err := ledger.Seal(ledger.Hash{}, e.Stream, e.Revision, e.Record)
	s.must(err)
	e.Record = record
	return log
}

// What the fold cannot read is no damage, and is not skipped.
func TestUnknownEventStopsTheFold(t *testing.T) {
	for _, c := range []struct{ name, typ, data, meta string }{
		{"unknown", "unit.dissolved", `{}`, `{"version":1}`},
		{"of a version to come", "unit.renamed", `{"name":"x"}`, `{"version":2}`},
		{"with an unknown member", "unit.renamed", `{"name":"x","nick":"y"}`, `{"version":1}`},
		{"with metadata that is none", "unit.renamed", `{"name":"x"}`, `{"version":"one"}`},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			s := newScene(t)
			v := s.folded(s.records())
			before := answers(v)
			r, _, err := ledger.Seal(ledger.Hash{}, "unit-98", 0, ledger.Record{Type: c.typ, Data: []byte(c.data), Meta: []byte(c.meta)})
			s.must(err)
			n := v.Position().Ordinal + 1
			err = v.Apply(ledger.Recorded{Record: r, Stream: "unit-98", Position: ledger.Position{Commit: n, Prepare: n, Ordinal: n}})
			if err == nil || errors.Is(err, ledger.ErrDamaged) || !strings.Contains(err.Error(), ordinalText(n)) {
				t.Errorf("%v", err)
			}
			if d := differ(before, answers(v)); d != "" {
				t.Errorf("left behind:\n%s", d)
			}
		})
	}
}

// Catch says where it stopped; a reader that leaves is no damage.
func TestFollowStops(t *testing.T) {
	s := damaged(t)
	v := s.fresh()
	s.must(v.Catch(t.Context(), s.log))
	again := s.fresh()
	log := s.records()
	log[3].Data = []byte(`{}`)
	if err := again.Catch(t.Context(), listed(log)); !errors.Is(err, ledger.ErrDamaged) {
		t.Error(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	left := s.fresh()
	if err := left.Catch(gone, s.log); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
