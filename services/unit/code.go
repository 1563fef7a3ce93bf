package unit

import (
	"strings"

	"suyuan/services/ledger"
)

// Level is a rung of the administration, from the top: 0 central … 5 village.
type Level int8

// The six levels (中央 省 市 县 乡 村).
const (
	Central Level = iota
	Province
	City
	County
	Township
	Village
	Levels // how many there are
)

var levelWords = [Levels]string{"central", "province", "city", "county", "township", "village"}

// Valid reports whether l is one of the six.
func (l Level) Valid() bool { return l >= Central && l < Levels }

func (l Level) String() string {
	if !l.Valid() {
		return "unknown"
	}
	return levelWords[l]
}

// CentralCode is the code of the centre itself; divisions have none for it.
const CentralCode = "0"

// ValidCode reports whether s is a unit's code: a division code (0 for the
// centre; 2, 4, 6, 9 or 12 digits), alone or followed by `-<slug>` for a
// department. Every dash-separated part of a slug begins with a letter, so
// that the stream `assignment-<issuance>-<unit>` can be read in one way only.
func ValidCode(s string) bool {
	division, slug, department := strings.Cut(s, "-")
	if _, ok := divisionLevel(division); !ok || len(s) > 48 {
		return false
	}
	if !department {
		return true
	}
	for part := range strings.SplitSeq(slug, "-") {
		if part == "" || part[0] < 'a' || part[0] > 'z' {
			return false
		}
		for _, c := range []byte(part) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// LevelOf reads the level from a valid code; a department has the level of
// the division it serves.
func LevelOf(code string) Level {
	division, _, _ := strings.Cut(code, "-")
	l, _ := divisionLevel(division)
	return l
}

// IsDepartment reports whether a valid code is a department's.
func IsDepartment(code string) bool { return strings.Contains(code, "-") }

// Contains reports whether the code lies in the territory of the other: the
// same unit, a department of it, or a division below it. The centre contains
// everything; a department contains only itself.
func Contains(territory, code string) bool {
	if territory == CentralCode || territory == code {
		return true
	}
	if IsDepartment(territory) || !strings.HasPrefix(code, territory) {
		return false
	}
	return true
}

// Territory is the division a code stands for: itself, or for a department
// the division it serves.
func Territory(code string) string {
	division, _, _ := strings.Cut(code, "-")
	return division
}

func divisionLevel(d string) (Level, bool) {
	if d == CentralCode {
		return Central, true
	}
	for _, c := range []byte(d) {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	switch len(d) {
	case 2:
		return Province, true
	case 4:
		return City, true
	case 6:
		return County, true
	case 9:
		return Township, true
	case 12:
		return Village, true
	}
	return 0, false
}

// CheckCode is ValidCode as a refusal that names the field.
func CheckCode(field, code string) error {
	if ValidCode(code) {
		return nil
	}
	return ledger.Errorf(ledger.Invalid, "unit.code", "单位代码“%s”不合规范：区划代码为 2、4、6、9 或 12 位数字（中央为 0），部门在其后加“-”和小写字母。",
		"The unit code %q is not well-formed: a division code of 2, 4, 6, 9 or 12 digits (0 for the centre), a department adds a dash and lower-case letters.", code).At("%s", field)
}
