package outcome

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// ID names an outcome: <unit>-<yyyymmdd>-<8 hex digits>. The day is that of
// China's civil time. The same mandate, measure, unit and day have the same
// id, so that what is recorded twice meets its own stream.
func ID(mandate, measure, unit string, occurred time.Time) string {
	return NthID(mandate, measure, unit, occurred, 1)
}

// NthID names the n-th outcome of the same mandate, measure, unit and day, in
// the same shape; the first has the id that it has alone.
func NthID(mandate, measure, unit string, occurred time.Time, n int) string {
	day := strings.ReplaceAll(string(ledger.DateOf(occurred)), "-", "")
	of := mandate + "\n" + measure + "\n" + unit + "\n" + day
	if n > 1 {
		of += "\n" + strconv.Itoa(n)
	}
	sum := sha256.Sum256([]byte(of))
	return unit + "-" + day + "-" + hex.EncodeToString(sum[:4])
}

// SplitID takes the unit and the day out of an outcome's id; ok is false for
// what no outcome can be called.
func SplitID(id string) (code string, day ledger.Date, ok bool) {
	rest, sum, ok1 := cutLast(id)
	code, digits, ok2 := cutLast(rest)
	if !ok1 || !ok2 || len(sum) != 8 || len(digits) != 8 || !unit.ValidCode(code) {
		return "", "", false
	}
	if b, err := hex.DecodeString(sum); err != nil || hex.EncodeToString(b) != sum {
		return "", "", false
	}
	day = ledger.Date(digits[:4] + "-" + digits[4:6] + "-" + digits[6:])
	return code, day, day.Valid()
}

func cutLast(s string) (before, after string, ok bool) {
	at := strings.LastIndexByte(s, '-')
	if at < 0 {
		return "", "", false
	}
	return s[:at], s[at+1:], true
}

// CheckID is SplitID as a refusal that names the field.
func CheckID(field, id string) error {
	if _, _, ok := SplitID(id); ok {
		return nil
	}
	return ledger.Errorf(ledger.Invalid, "outcome.id", "“%s”不是结果编号；请从结果列表中选取。", "%q is no outcome's id; take it from the list of outcomes.", id).At("%s", field)
}
