package issuance

import (
	"errors"
	"fmt"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// checkAmount refuses a value its measure cannot have.
func checkAmount(at string, m mandate.Measure, a Amount) error {
	switch {
	case m.Kind == mandate.Set:
		return checkItems(at, a)
	case len(a.Items) > 0:
		return ledger.Errorf(ledger.Invalid, "value.items_on_number", "指标 %s 是数值，不能写 items。", "Measure %s is a number; it takes no items.", a.Measure).At("%s.items", at)
	case m.IsFrequency():
		return checkFrequency(at, a)
	}
	if _, err := Number(at+".value", a.Value); err != nil {
		return err
	}
	if a.Base == "" {
		return nil
	}
	if m.Kind != mandate.Divisible {
		return ledger.Errorf(ledger.Invalid, "value.base_on_intensity", "指标 %s 不是可分数量，不写基数。", "Measure %s does not divide; it takes no base.", a.Measure).At("%s.base", at)
	}
	_, err := Number(at+".base", a.Base)
	return err
}

func checkItems(at string, a Amount) error {
	if a.Value != "" || a.Base != "" {
		return ledger.Errorf(ledger.Invalid, "value.number_on_set", "指标 %s 是清单，请写 items，不写数值。", "Measure %s is a set; give items, not a value.", a.Measure).At("%s.value", at)
	}
	if err := ledger.CheckCount(at+".items", len(a.Items), 1, 500); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, item := range a.Items {
		field := fmt.Sprintf("%s.items[%d]", at, i)
		if err := ledger.CheckText(field, item, 60, true); err != nil {
			return err
		}
		if seen[item] {
			return ledger.Refuse("value.item_twice", "清单项“%s”重复。", "Item %q stands twice.", item).At("%s", field)
		}
		seen[item] = true
	}
	return nil
}

// Bounds of a frequency: a million times, in a century.
const (
	maxCount = 1_000_000
	maxDays  = 36_525
)

func checkFrequency(at string, a Amount) error {
	if a.Base != "" {
		return ledger.Errorf(ledger.Invalid, "value.base_on_intensity", "指标 %s 不是可分数量，不写基数。", "Measure %s does not divide; it takes no base.", a.Measure).At("%s.base", at)
	}
	return Frequency(at+".value", a.Value)
}

// Frequency checks a value of a measure that counts times per days.
func Frequency(field, s string) error {
	v, err := exact.ParseFrequency(s)
	switch {
	case errors.Is(err, exact.ErrTooLarge), err == nil && (v.Count > maxCount || v.Days > maxDays):
		return ledger.Errorf(ledger.Invalid, "value.too_large", "“%s”太大。", "%q is too large.", s).At("%s", field)
	case err != nil:
		return ledger.Errorf(ledger.Invalid, "value.frequency", "频次应写成“次数/天数”，如每七天一次写 1/7；收到的是“%s”。", "A frequency is written times/days, once a week is 1/7; %q is not.", s).At("%s", field)
	}
	return nil
}

// Number reads a value that is passed down: a decimal, not negative, of at
// most six places; each fault has its own rule.
func Number(field, s string) (exact.Decimal, error) {
	v, err := exact.ParseDecimal(s)
	switch {
	case errors.Is(err, exact.ErrTooPrecise):
		return 0, ledger.Errorf(ledger.Invalid, "value.too_precise", "“%s”的小数超过六位；请按文件原数填写，不要四舍五入。", "%q has more than six decimals; enter the figure as the document has it.", s).At("%s", field)
	case errors.Is(err, exact.ErrTooLarge):
		return 0, ledger.Errorf(ledger.Invalid, "value.too_large", "“%s”太大。", "%q is too large.", s).At("%s", field)
	case err != nil:
		return 0, ledger.Errorf(ledger.Invalid, "value.not_a_number", "“%s”不是数；请写阿拉伯数字，如 600 或 0.5。", "%q is not a number; write it in digits, such as 600 or 0.5.", s).At("%s", field)
	case v < 0:
		return 0, ledger.Errorf(ledger.Invalid, "value.negative", "“%s”是负数；下达的任务量不能小于 0。", "%q is negative; what is passed down cannot be below 0.", s).At("%s", field)
	}
	return v, nil
}

func resources(at string, list []Resource) error {
	for i, r := range list {
		field := fmt.Sprintf("%s[%d]", at, i)
		if err := ledger.CheckWord(field+".kind", r.Kind, "money", "people", "equipment", "other"); err != nil {
			return err
		}
		if _, err := Number(field+".amount", r.Amount); err != nil {
			return err
		}
	}
	return nil
}
