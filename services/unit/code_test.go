package unit_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/mandate/assignment"
	"suyuan/services/unit"
)

func TestValidCode(t *testing.T) {
	for code, level := range map[string]unit.Level{
		"0": unit.Central, "99": unit.Province, "9901": unit.City, "990101": unit.County, "990101001": unit.Township, "990101001002": unit.Village,
		"0-nyb": unit.Central, "990101-nyj": unit.County, "990101-nyj-b2": unit.County, "990101001-a": unit.Township,
	} {
		if !unit.ValidCode(code) || unit.LevelOf(code) != level || unit.IsDepartment(code) != strings.Contains(code, "-") {
			t.Errorf("%s: valid %t, %s", code, unit.ValidCode(code), unit.LevelOf(code))
		}
	}
	for _, code := range []string{
		"", "9", "999", "99010", "9901010", "9901010010020", "9901a1", "9９", "-nyj", "99-", "99--a", "99-a-", "99-A", "99-1a", "99-a-1", "99-农", "99 ", "99/a",
		"99-" + strings.Repeat("a", 46),
	} {
		if unit.ValidCode(code) {
			t.Errorf("%q is taken for a code", code)
		}
		if e, ok := errors.AsType[*ledger.Error](unit.CheckCode("to", code)); !ok || e.Rule != "unit.code" || e.Field != "to" {
			t.Errorf("%q: %v", code, e)
		}
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		territory, code string
		want            bool
	}{
		{"0", "99", true}, {"99", "99", true}, {"99", "9901", true}, {"99", "990101001002", true}, {"99", "99-nyt", true}, {"9901", "990101-nyj", true},
		{"9901", "99", false}, {"9901", "9902", false}, {"99-nyt", "9901", false}, {"99-nyt", "99-nyt", true}, {"99-nyt", "99-nyt-b", false},
	} {
		if got := unit.Contains(c.territory, c.code); got != c.want {
			t.Errorf("%s contains %s: %t", c.territory, c.code, got)
		}
	}
}

func anID() *rapid.Generator[string] {
	return rapid.StringMatching(`[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,4}`).Filter(ledger.ValidID)
}

func aCode() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		code := rapid.SampledFrom([]string{"0", "99", "9901", "990101", "990101001", "990101001002"}).Draw(t, "division")
		if rapid.Bool().Draw(t, "department") {
			code += "-" + rapid.StringMatching(`[a-z][a-z0-9]{0,4}(-[a-z][a-z0-9]{0,4}){0,2}`).Draw(t, "slug")
		}
		return code
	}).Filter(unit.ValidCode)
}

// splits lists every way to read a stream's name as an assignment's.
func splits(stream string) (ways []assignment.Ref) {
	rest := strings.TrimPrefix(stream, "assignment-")
	for i, c := range rest {
		if c == '-' && ledger.ValidID(rest[:i]) && unit.ValidCode(rest[i+1:]) {
			ways = append(ways, assignment.Ref{Issuance: rest[:i], Unit: rest[i+1:]})
		}
	}
	return ways
}

// The name of an assignment's stream can be read in one way only: no other
// issuance and unit have it.
func TestAssignmentStreamIsUnambiguous(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ref := assignment.Ref{Issuance: anID().Draw(t, "issuance"), Unit: aCode().Draw(t, "unit")}
		if ways := splits(ref.Stream()); len(ways) != 1 || ways[0] != ref {
			t.Fatalf("%s can be read as %v", ref.Stream(), ways)
		}
	})
}

// An issuance whose id ends like a code does not help.
func TestAssignmentStreamOfCodeLikeIssuance(t *testing.T) {
	for _, ref := range []assignment.Ref{{Issuance: "x-99", Unit: "9901"}, {Issuance: "99", Unit: "99-a"}, {Issuance: "x-0-a", Unit: "0-a"}, {Issuance: "0", Unit: "0"}} {
		if ways := splits(ref.Stream()); len(ways) != 1 || ways[0] != ref {
			t.Errorf("%s can be read as %v", ref.Stream(), ways)
		}
	}
}

func TestCodesInPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := aCode().Draw(t, "code")
		if !unit.Contains(unit.CentralCode, code) || !unit.Contains(code, code) || !unit.Contains(unit.Territory(code), code) {
			t.Fatalf("%s is not in its own territory", code)
		}
		if strings.ContainsAny(code, "/ \n") || len(code) > 48 {
			t.Fatalf("%q", code)
		}
	})
}
