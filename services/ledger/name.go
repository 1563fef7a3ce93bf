package ledger

import (
	"strings"
	"time"
	"unicode/utf8"
)

// MaxIDLen bounds an id chosen by a client.
const MaxIDLen = 64

// ValidID reports whether s may name a document, a mandate, an issuance: 1 to
// 64 lower-case letters, digits and single dashes, beginning and ending with a
// letter or digit. Such names are safe in stream names, addresses and file
// names alike.
func ValidID(s string) bool {
	if s == "" || len(s) > MaxIDLen || s[0] == '-' || s[len(s)-1] == '-' || strings.Contains(s, "--") {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// CheckID is ValidID as a refusal that names the field.
func CheckID(field, s string) error {
	if ValidID(s) {
		return nil
	}
	return Errorf(Invalid, "input.id", "编号“%s”不合规范：只用小写字母、数字和单个短横线，1 至 64 位。",
		"The id %q is not well-formed: 1 to 64 lower-case letters, digits and single dashes.", clip(s)).At("%s", field)
}

// CheckText bounds a text: at most max characters, not blank if required, and
// no sign that was lost: what cannot be read stays so on record.
func CheckText(field, s string, max int, required bool) error {
	if required && strings.TrimSpace(s) == "" {
		return Errorf(Invalid, "input.missing", "请填写 %s。", "Fill in %s.", field).At("%s", field)
	}
	if n := len([]rune(s)); n > max {
		return Errorf(Invalid, "input.too_long", "%s 最多 %d 个字，现有 %d 个。", "%s may have at most %d characters; it has %d.", field, max, n).At("%s", field)
	}
	if strings.ContainsRune(s, utf8.RuneError) { // a byte that is no UTF-8 counts as one
		return Errorf(Invalid, "input.encoding", "%s 里有认不出的字（�），多半是文件编码不对；请改正后再报。", "%s has a sign that was lost (�), most likely from another encoding; correct it.", field).At("%s", field)
	}
	return nil
}

// CheckDate refuses what is not a calendar day; an empty date passes unless
// it is required.
func CheckDate(field string, d Date, required bool) error {
	if d == "" && !required || d.Valid() {
		return nil
	}
	return Errorf(Invalid, "input.date", "%s 应写成 2022-08-09 这样的日期。", "%s must be a date such as 2022-08-09.", field).At("%s", field)
}

// maxAhead is how far ahead a paper may take effect.
const maxAhead = 366 * 24 * time.Hour

// CheckEffective refuses what is not a calendar day, and a day more than a
// year ahead: a slip of the pen there would outlast every later change.
func CheckEffective(field string, d Date, at time.Time) error {
	if err := CheckDate(field, d, false); err != nil {
		return err
	}
	if d.Time().After(at.Add(maxAhead)) {
		return Errorf(Invalid, "input.effective", "生效日期 %s 距今超过一年，请核对。", "%s is more than a year ahead; check the date.", d).At("%s", field)
	}
	return nil
}

// CheckWord refuses a word that is not among the allowed ones.
func CheckWord[T ~string](field string, word T, allowed ...T) error {
	list := make([]string, len(allowed))
	for i, a := range allowed {
		if a == word {
			return nil
		}
		list[i] = string(a)
	}
	return Errorf(Invalid, "input.word", "%[1]s 不能是“%[2]s”；可选：%[3]s。", "%[1]s cannot be %[2]q; choose one of %[3]s.", field, clip(string(word)), strings.Join(list, ", ")).At("%s", field)
}

// CheckCount bounds the length of a list.
func CheckCount(field string, n, min, max int) error {
	if n < min || n > max {
		return Errorf(Invalid, "input.count", "%s 应有 %d 至 %d 项，现有 %d 项。", "%s must have %d to %d entries; it has %d.", field, min, max, n).At("%s", field)
	}
	return nil
}

// First returns the first error that is not nil.
func First(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func clip(s string) string { return cut(s, 40) }

func cut(s string, max int) string {
	if r := []rune(s); len(r) > max {
		return string(r[:max]) + "…"
	}
	return s
}
