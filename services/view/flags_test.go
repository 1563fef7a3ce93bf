package view

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
)

// scene is a small ledger that flag cases build on: a county hands a task to
// a town, the town to a village, all in order.
type scene struct {
	*world
	at map[string]uint64 // ordinals by what they were given as
}

const (
	city, county, bureau, town, village = "9901", "990101", "990101-nyj", "990101001", "990101001001"
)

func newScene(t *testing.T) *scene {
	s := &scene{small(t), map[string]uint64{}}
	for _, code := range []string{"99", city, county, bureau, town, village} {
		s.at[code] = s.do(admin, "unit.register", object{"code": code, "name": code, "kind": "government", "people": 50})
	}
	s.at["paper"] = s.do(investigator, "document.register", object{"id": "paper", "issuer": county, "date": "2026-01-05", "title": "文件"})
	return s
}

// task begins with the county and asks for area, divisible.
func (s *scene) task(more object) {
	c := object{"id": "task", "title": "任务", "field": "农业", "origin": county,
		"measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity"}, {"key": "days", "name": "期限", "kind": "intensity", "dimension": "deadline", "harder": "lower"}}}
	for k, v := range more {
		c[k] = v
	}
	s.at["task"] = s.do(clerk(county), "mandate.issue", c)
}

// pass issues one line of area.
func (s *scene) pass(id, from, to, value string, more object) {
	line := object{"to": to, "amounts": []object{{"measure": "task/area", "value": value}}}
	c := object{"id": id, "issuer": from, "lines": []object{line}}
	for k, v := range more {
		if k == "due" || k == "base" {
			line[k] = v
			continue
		}
		c[k] = v
	}
	if base, ok := line["base"]; ok {
		delete(line, "base")
		line["amounts"] = []object{{"measure": "task/area", "value": value, "base": base}}
	}
	s.at[id] = s.do(clerk(from), "issuance.make", c)
}

// flagged lists a trace's flags as `CODE unit found/expected: events`.
func (s *scene) flagged(unit string) []string {
	traces, err := s.rows().Traces("task", unit, "area", Now)
	s.must(err)
	var out []string
	for _, f := range s.rows().TraceFlags(traces[len(traces)-1]) {
		line := string(f.Code) + " " + f.Unit.Code
		if f.Found != nil {
			line += " " + *f.Found + "/" + *f.Expected
		}
		out = append(out, line+":"+s.named(f.Events))
	}
	return out
}

// named tells events by what the scene calls them.
func (s *scene) named(events []EventRef) string {
	out := ""
	for _, e := range events {
		for name, o := range s.at {
			if e.Number() == ordinalText(o) {
				out += " " + name
			}
		}
	}
	return out
}

func ordinalText(o uint64) string { return strconv.FormatUint(o, 10) }

func TestFlags(t *testing.T) {
	noon := start.Truncate(24 * time.Hour).Add(4 * time.Hour)
	for _, c := range []struct {
		name    string
		play    func(s *scene)
		unit    string
		want    []string // exactly these
		without func(s *scene)
	}{
		{"SKIP_LEVEL", func(s *scene) { s.task(nil); s.pass("a", county, village, "5", nil) }, village, []string{"SKIP_LEVEL 990101: a"},
			func(s *scene) {
				s.task(nil)
				s.pass("a", county, town, "5", nil)
				s.pass("b", town, village, "5", object{"basis": []string{"a"}})
			}},
		{"NO_BASIS", func(s *scene) { s.task(nil); s.pass("a", town, village, "5", object{"origin": true}) }, village, []string{"NO_BASIS 990101001: a"},
			func(s *scene) {
				s.task(object{"origin": county})
				s.pass("a", county, town, "5", nil)
				s.pass("b", town, village, "5", object{"basis": []string{"a"}})
			}},
		{"NO_BASIS, taken back later", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.pass("b", town, village, "5", object{"basis": []string{"a"}})
			s.at["back"] = s.do(clerk(county), "issuance.withdraw", object{"id": "a", "reason": "撤"})
		}, village, []string{"NO_BASIS 990101001: b back"}, nil},
		{"NO_BASIS, its line taken back", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.pass("b", town, village, "5", object{"basis": []string{"a"}})
			s.at["back"] = s.do(clerk(county), "issuance.amend_line", object{"id": "a", "line": object{"to": town, "amounts": []object{}}})
		}, village, []string{"NO_BASIS 990101001: b back"}, nil},
		{"BASE_MISMATCH", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.pass("b", town, village, "5", object{"basis": []string{"a"}, "base": "4"})
		}, village, []string{"BASE_MISMATCH 990101001: b"},
			func(s *scene) {
				s.task(nil)
				s.pass("a", county, town, "5", nil)
				s.pass("b", town, village, "5", object{"basis": []string{"a"}, "base": "5"})
			}},
		{"SUM_MISMATCH", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", object{"stated": []object{{"measure": "task/area", "value": "6"}}})
		}, town, []string{"SUM_MISMATCH 990101 6/5: a"},
			func(s *scene) {
				s.task(nil)
				s.pass("a", county, town, "5", object{"stated": []object{{"measure": "task/area", "value": "5"}}})
			}},
		{"OVER_RECEIVED", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.pass("b", town, village, "7", object{"basis": []string{"a"}})
		}, village, []string{"OVER_RECEIVED 990101001 7/5: b"},
			func(s *scene) {
				s.task(nil)
				s.pass("a", county, town, "5", nil)
				s.pass("b", town, village, "7", object{"basis": []string{"a"}, "approval": approval("2", true)})
			}},
		{"OVER_RECEIVED by what is kept", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.pass("b", town, village, "5", object{"basis": []string{"a"}, "retained": []object{{"measure": "task/area", "value": "1"}}})
		}, village, []string{"OVER_RECEIVED 990101001 6/5: b"},
			func(s *scene) {
				s.task(nil)
				s.pass("a", county, town, "5", nil)
				s.pass("b", town, village, "4", object{"basis": []string{"a"}, "retained": []object{{"measure": "task/area", "value": "1"}}})
			}},
		{"UNAUTHORISED", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.pass("b", town, village, "7", object{"basis": []string{"a"}, "approval": approval("1", true)})
		}, village, []string{"UNAUTHORISED 990101001 2/1: b"}, nil},
		{"INFEASIBLE by capacity", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.can(town, "task/area", "4.5", "2026-01-02")
		}, town, []string{"INFEASIBLE 990101001 5/4.5: a capacity"},
			func(s *scene) {
				s.task(nil)
				s.pass("a", county, town, "5", nil)
				s.can(town, "task/area", "5", "2026-01-02")
			}},
		{"INFEASIBLE by all lines together", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.pass("b", county, town, "1", nil)
			s.can(town, "task/area", "5", "2026-01-02")
		}, town, []string{"INFEASIBLE 990101001 6/5: a b capacity"}, nil},
		{"a capacity of an earlier date does not replace", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.can(town, "task/area", "4", "2026-01-02")
			capacity := s.at["capacity"]
			s.can(town, "task/area", "9", "2026-01-01")
			s.at["capacity"] = capacity
		}, town, []string{"INFEASIBLE 990101001 5/4: a capacity"}, nil},
		{"INFEASIBLE by population", func(s *scene) {
			s.task(object{"measures": []object{{"key": "area", "name": "人数", "kind": "divisible", "dimension": "quantity", "limit": "people"}}})
			s.pass("a", county, town, "51", nil)
		}, town, []string{"INFEASIBLE 990101001 51/50: a 990101001"},
			func(s *scene) {
				s.task(object{"measures": []object{{"key": "area", "name": "人数", "kind": "divisible", "dimension": "quantity", "limit": "people"}}})
				s.pass("a", county, town, "50", nil)
			}},
		{"INFEASIBLE by conditions", func(s *scene) { s.firms("3"); s.can(town, "task/firms", "1", "2026-01-02") }, town, []string{"INFEASIBLE 990101001 1/3: a task capacity"},
			func(s *scene) { s.firms("3"); s.can(town, "task/firms", "3", "2026-01-02") }},
		{"OFF_LIST", func(s *scene) {
			s.task(object{"duty": "patrol"})
			s.duty(town, "survey")
			s.pass("a", county, town, "5", nil)
		}, town, []string{"OFF_LIST 990101001: a"},
			func(s *scene) {
				s.task(object{"duty": "patrol"})
				s.duty(town, "patrol")
				s.pass("a", county, town, "5", nil)
			}},
		{"OFF_LIST, recalled", func(s *scene) {
			s.task(object{"duty": "patrol"})
			s.duty(town, "patrol")
			s.at["recall"] = s.do(admin, "unit.recall_duty", object{"code": town, "item": "patrol"})
			s.pass("a", county, town, "5", nil)
		}, town, []string{"OFF_LIST 990101001: a patrol recall"}, func(s *scene) { s.task(object{"duty": "patrol"}); s.pass("a", county, town, "5", nil) }},
		{"SHORT_NOTICE", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", object{"sent": noon, "due": noon.Add(23*time.Hour + 30*time.Minute)})
		},
			town, []string{"SHORT_NOTICE 990101 23.5/24: a"},
			func(s *scene) {
				s.task(nil)
				s.pass("a", county, town, "5", object{"sent": noon, "due": noon.Add(24 * time.Hour)})
			}},
		{"SAME_DAY", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", object{"sent": noon, "due": noon.Add(3 * time.Hour)})
		},
			town, []string{"SAME_DAY 990101 3/24: a", "SHORT_NOTICE 990101 3/24: a"},
			func(s *scene) { s.task(nil); s.pass("a", county, town, "5", object{"due": noon.Add(3 * time.Hour)}) }}, // nobody knows when it came
		{"SAME_DAY by delivery", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", object{"due": noon.Add(3 * time.Hour)})
			s.at["got"] = s.do(clerk(town), "assignment.deliver", object{"issuance": "a", "unit": town, "at": start})
		}, town, []string{"SAME_DAY 990101 6/24: a got", "SHORT_NOTICE 990101 6/24: a got"}, nil},
		{"CONCURRENT", func(s *scene) {
			s.task(nil)
			s.pass("a", county, town, "5", nil)
			s.lag = true // the town decides before it can see what the county does
			s.at["more"] = s.do(clerk(county), "issuance.amend_line", object{"id": "a", "line": object{"to": town, "amounts": []object{{"measure": "task/area", "value": "6"}}}})
			s.pass("b", town, village, "5", object{"basis": []string{"a"}})
			s.lag = false
			s.must(s.Wait(t.Context(), ledger.Position{}))
		}, village, []string{"CONCURRENT 990101001: more b"},
			func(s *scene) {
				s.task(nil)
				s.pass("a", county, town, "5", nil)
				s.do(clerk(county), "issuance.amend_line", object{"id": "a", "line": object{"to": town, "amounts": []object{{"measure": "task/area", "value": "6"}}}})
				s.pass("b", town, village, "5", object{"basis": []string{"a"}})
			}},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			s := newScene(t)
			c.play(s)
			got := s.flagged(c.unit)
			if !slices.EqualFunc(got, c.want, sameFlag) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if c.without == nil {
				return
			}
			s = newScene(t)
			c.without(s)
			if got := s.flagged(c.unit); len(got) != 0 {
				t.Errorf("without the fault: %q", got)
			}
		})
	}
}

// sameFlag compares events as a set.
func sameFlag(got, want string) bool {
	head, events, _ := strings.Cut(got, ":")
	wantHead, wantEvents, _ := strings.Cut(want, ":")
	a, b := strings.Fields(events), strings.Fields(wantEvents)
	slices.Sort(a)
	slices.Sort(b)
	return head == wantHead && slices.Equal(a, b)
}

func approval(value string, resourced bool) object {
	return object{"by": county, "competence": "县政府常务会议", "date": "2026-01-06", "covers": []object{{"measure": "task/area", "value": value}}, "resourced": resourced}
}

func (s *scene) can(unit, of, value, asOf string) {
	s.at["capacity"] = s.do(investigator, "unit.verify_capacity", object{"code": unit, "of": of, "value": value, "asOf": asOf, "document": "paper"})
}

func (s *scene) duty(unit, item string) {
	s.at[item] = s.do(admin, "unit.list_duty", object{"code": unit, "item": item, "title": item, "class": "basic"})
}

// firms asks for so many firms at least.
func (s *scene) firms(value string) {
	n, err := strconv.Atoi(value)
	s.must(err)
	s.task(object{"constraints": []object{{"key": "firms", "author": county, "text": "至少", "terms": []object{{"quantity": "firms", "times": 1}}, "is": "at_least", "value": n}}})
	s.pass("a", county, town, "5", nil)
}

// A duty handed over without means, or downwards without approval, is a
// transfer.
func TestTransferFlag(t *testing.T) {
	for _, c := range []struct {
		name    string
		more    object
		flagged bool
	}{
		{"without means", object{"to": town}, true},
		{"with means, downwards, without approval", object{"to": town, "authority": true, "people": 1}, true},
		{"with means and approval", object{"to": town, "authority": true, "people": 1, "approvedBy": county, "approvedOn": "2026-01-07", "document": "paper"}, false},
		{"with means, upwards", object{"to": city, "authority": true, "money": "5"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			proposal := object{"id": "move", "from": bureau, "duty": "patrol", "title": "巡查"}
			for k, v := range c.more {
				proposal[k] = v
			}
			o := s.do(clerk(bureau), "handoff.propose", proposal)
			list, err := s.rows().Handoffs(HandoffQuery{}, 10)
			s.must(err)
			flags := list[0].Flags
			if c.flagged != (len(flags) == 1) {
				t.Fatalf("flags %+v", flags)
			}
			if c.flagged && (flags[0].Code != Transfer || flags[0].Events[0].Number() != ordinalText(o)) {
				t.Errorf("flag %+v", flags[0])
			}
		})
	}
}
