package seeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"suyuan/services/ledger"
)

// Bounds of one scenario.
const (
	maxBytes  = 1 << 20
	maxUnits  = 1000
	maxSteps  = 1000
	maxExpect = 200
)

// Load reads every *.json at the top of a file system, in the order of their
// names. Errors name the file; two scenarios of one id are refused.
func Load(files fs.FS) ([]Scenario, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var all []Scenario
	seen := map[string]string{}
	for _, name := range names { // Glob sorts
		data, err := read(files, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s, err := Parse(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if first, ok := seen[s.ID]; ok {
			return nil, fmt.Errorf("%s: scenario %s is in %s already", name, s.ID, first)
		}
		seen[s.ID] = name
		all = append(all, s)
	}
	return all, nil
}

func read(files fs.FS, name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	return data, errors.Join(err, f.Close())
}

// file is a scenario as written. Its lists are read one by one, so that a
// mistake is reported with its place.
type file struct {
	Scenario
	Units  *units            `json:"units,omitempty"`
	Steps  []json.RawMessage `json:"steps,omitempty"`
	Expect []json.RawMessage `json:"expect,omitempty"`
}

// Parse reads one scenario strictly: fields it does not know, dates that go
// backwards, units outside the fictional division are *ledger.Error naming
// scenario and field (steps[3].by.unit).
func Parse(data []byte) (Scenario, error) {
	if len(data) > maxBytes {
		return Scenario{}, ledger.Errorf(ledger.Invalid, "scenario.too_large", "一个场景最多 %d 字节。", "A scenario has at most %d bytes.", maxBytes)
	}
	var f file
	if err := ledger.DecodeStrict(data, &f); err != nil {
		return Scenario{}, inScenario(nameIn(data), "", err)
	}
	s, at, err := f.assemble()
	if err == nil {
		at, err = s.check()
	}
	if err != nil {
		return Scenario{}, inScenario(s.ID, at, err)
	}
	return s, nil
}

func (f file) assemble() (s Scenario, at string, err error) {
	s = f.Scenario
	if at, err = f.counts(); err != nil {
		return s, at, err
	}
	if s.Steps, at, err = f.Units.steps(s.ID); err != nil {
		return s, at, err
	}
	for i, raw := range f.Steps {
		step := Step{key: fmt.Sprintf("%s/%d", s.ID, i+1), place: fmt.Sprintf("steps[%d]", i)}
		if err := ledger.DecodeStrict(raw, &step); err != nil {
			return s, step.place, err
		}
		s.Steps = append(s.Steps, step)
	}
	for i, raw := range f.Expect {
		var e Expectation
		at := fmt.Sprintf("expect[%d]", i)
		if err := ledger.DecodeStrict(raw, &e); err != nil {
			return s, at, err
		}
		if e.kinds() != 1 {
			return s, at, ledger.Errorf(ledger.Invalid, "scenario.expectation", "每条预期恰好写一种。", "An expectation is exactly one of the kinds.")
		}
		s.Expect = append(s.Expect, e)
	}
	return s, "", nil
}

func (f file) counts() (string, error) {
	n := 0
	if f.Units != nil {
		n = len(f.Units.Of)
	}
	return "", ledger.First(
		ledger.CheckID("id", f.ID),
		ledger.CheckCount("units.of", n, 0, maxUnits),
		ledger.CheckCount("steps", len(f.Steps), 0, maxSteps),
		ledger.CheckCount("expect", len(f.Expect), 0, maxExpect),
	)
}

// steps writes the shorthand out: what the code says of a unit need not be
// said again.
func (u *units) steps(id string) ([]Step, string, error) {
	if u == nil {
		return nil, "", nil
	}
	var out []Step
	for i, raw := range u.Of {
		at := fmt.Sprintf("units.of[%d]", i)
		var r registered
		if err := ledger.DecodeStrict(raw, &r); err != nil {
			return nil, at, err
		}
		kind, parent := readCode(r.Code)
		if r.Kind == "" {
			r.Kind = kind
		}
		if r.Parent == "" {
			r.Parent = parent
		}
		with, err := json.Marshal(r)
		if err != nil {
			return nil, at, err
		}
		out = append(out, Step{At: u.At, By: u.By, Do: "unit.register", With: with, key: id + "/unit/" + r.Code, place: at})
	}
	return out, "", nil
}

// readCode tells what sort of unit a code is and which division it is under.
func readCode(code string) (kind, parent string) {
	for i, c := range code {
		if c == '-' {
			return "department", code[:i]
		}
	}
	lengths := []int{0, 2, 4, 6, 9, 12}
	if i := slices.Index(lengths, len(code)); i > 0 {
		parent = code[:lengths[i-1]]
	}
	if len(code) == 12 {
		return "village", parent
	}
	return "government", parent
}

// nameIn finds the id in a text that cannot be read in full.
func nameIn(data []byte) string {
	var named struct {
		ID string `json:"id"`
	}
	_ = json.NewDecoder(bytes.NewReader(data)).Decode(&named) // what could be read before the mistake is enough
	return named.ID
}

// inScenario says of an error where it is.
func inScenario(id, place string, err error) error {
	e := *ledger.AsError(err)
	field := e.Field
	if place != "" && field != "" {
		field = place + "." + field
	} else if place != "" {
		field = place
	}
	e.Field = field
	e.Text = ledger.Text{
		Zh: fmt.Sprintf("场景 %s，%s：%s", or(id, "?"), or(field, "文件"), e.Text.Zh),
		En: fmt.Sprintf("Scenario %s, %s: %s", or(id, "?"), or(field, "file"), e.Text.En),
	}
	return e.Because(err)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
