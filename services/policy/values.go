package policy

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// Terms are the periods of objections and findings, in whole days. The day on
// which one begins does not count.
type Terms struct {
	ObjectionDays      int // working days, to answer an objection
	NoticeDays         int // working days, to reply to a notice
	ExtensionDays      int // working days more, where they are given
	MirrorDays         int // working days, to answer a mirrored item
	AppealDays         int // calendar days, to appeal
	AppealDecisionDays int // calendar days, to decide an appeal
}

// fields are the terms by the names they are adopted under.
func (t *Terms) fields() map[string]*int {
	return map[string]*int{
		"objectionDays": &t.ObjectionDays, "noticeDays": &t.NoticeDays, "extensionDays": &t.ExtensionDays,
		"mirrorDays": &t.MirrorDays, "appealDays": &t.AppealDays, "appealDecisionDays": &t.AppealDecisionDays,
	}
}

// longest bounds a period, in days.
const longest = 90

// ProposedTerms are the periods as they were proposed, version 1.
func ProposedTerms() Terms {
	return Terms{ObjectionDays: 10, NoticeDays: 10, ExtensionDays: 5, MirrorDays: 10, AppealDays: 30, AppealDecisionDays: 30}
}

// TermsOf reads a version of the policy "terms". An error is a *ledger.Error
// of code Invalid that names the value.
func TermsOf(a Adopted) (Terms, error) {
	var t Terms
	fields := t.fields()
	if err := checkNames(a.Values, slices.Sorted(maps.Keys(fields))); err != nil {
		return Terms{}, err
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		n, err := whole(a.Values[name])
		if err != nil || n < 1 || n > longest {
			return Terms{}, ledger.Errorf(ledger.Invalid, "policy.days", "%[1]s 应为 1 至 %[3]d 的整数天，现为“%[2]s”。", "%[1]s is %[2]q; give whole days, 1 to %[3]d.", name, a.Values[name], longest).At("values.%s", name)
		}
		*fields[name] = int(n)
	}
	return t, nil
}

// Parameters reads a version of the policy "jra-1". An error is a
// *ledger.Error of code Invalid that names the value.
func Parameters(a Adopted) (liability.Parameters, error) {
	var p liability.Parameters
	names := parameterNames()
	if err := checkNames(a.Values, names); err != nil {
		return p, err
	}
	v := reflect.ValueOf(&p).Elem()
	for i, name := range names {
		text := a.Values[name]
		err := errLong
		if len(text) > maxText {
			return liability.Parameters{}, notNumber(name, text, err)
		}
		switch field := v.Field(i).Addr().Interface().(type) {
		case *exact.Rat:
			*field, err = exact.ParseRat(text)
		case *int64:
			*field, err = whole(text)
		}
		if err != nil {
			return liability.Parameters{}, notNumber(name, text, err)
		}
	}
	if err := p.Check(); err != nil {
		return liability.Parameters{}, ledger.Errorf(ledger.Invalid, "policy.parameters", "各项比例应在 0 与 1 之间，反应时间应为 0 至 1440 分钟。", "Each part must be from 0 to 1 and the reaction time from 0 to 1440 minutes.").At("values").Because(err)
	}
	return p, nil
}

// maxText bounds how a number is written.
const maxText = 20

var errLong = errors.New("the number has too many digits")

func notNumber(name, text string, cause error) error {
	return ledger.Errorf(ledger.Invalid, "policy.number", "%[1]s 应写成整数、小数或分数，如 3/10，不超过 %[3]d 个字符，现为“%[2]s”。", "%[1]s is %[2]q; write a whole number, a decimal or a fraction such as 3/10, with at most %[3]d characters.", name, text, maxText).
		At("values.%s", name).Because(cause)
}

// parameterNames are the fields of liability.Parameters, in their order, by
// the names they have there.
func parameterNames() (names []string) {
	t := reflect.TypeFor[liability.Parameters]()
	for i := range t.NumField() {
		names = append(names, t.Field(i).Tag.Get("json"))
	}
	return names
}

func whole(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err == nil && strconv.FormatInt(n, 10) != text {
		err = errors.New("not written as a whole number is")
	}
	return n, err
}

// checkNames wants every value once and no other.
func checkNames(values map[string]string, names []string) error {
	for _, name := range names {
		if _, ok := values[name]; !ok {
			return ledger.Errorf(ledger.Invalid, "policy.missing_value", "缺少参数 %s，请补上；一版政策要写全。", "The value %s is missing; a version is given whole.", name).At("values.%s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(names, name) {
			return ledger.Errorf(ledger.Invalid, "policy.unknown_value", "没有名为“%s”的参数，可用的是：%s。", "There is no value %q; these are used: %s.", name, strings.Join(names, ", ")).At("values")
		}
	}
	return nil
}

// checkValues refuses what nobody could decide under.
func checkValues(name string, values map[string]string) error {
	var err error
	if a := (Adopted{Name: name, Values: values}); name == JRA1 {
		_, err = Parameters(a)
	} else {
		_, err = TermsOf(a)
	}
	return err
}
