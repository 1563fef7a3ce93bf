package liability

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"suyuan/services/exact"
)

// Check refuses a case that says nothing JRA-1 could divide, or two things at
// once. The error is a *Wrong and names the field.
func (c Case) Check() error {
	all := slices.Concat(c.Units, c.Others)
	switch {
	case !slices.Contains([]Kind{Quantity, Contradiction, Competing, Conduct}, c.Kind):
		return &Wrong{Zh: fmt.Sprintf("kind %q：应为 quantity（数量）、contradiction（要求互相矛盾）、competing（多头要求）或 conduct（事故处置）", c.Kind), En: fmt.Sprintf("kind %q: give quantity, contradiction, competing or conduct", c.Kind)}
	case len(c.Units) == 0:
		return wrong("units", "请写明链条上的各单位", "name the units of the chain")
	case len(all) > maxUnits:
		return wrong("units", "最多 %d 个单位", "at most %d", maxUnits)
	}
	for i, u := range all {
		if u == "" || u == Unattributed || slices.Contains(all[:i], u) {
			return wrong("units", "%q 是空的、保留的或者重复的", "%q is empty, reserved or there twice", u)
		}
	}
	for _, named := range c.named() {
		if !slices.Contains(all, named.unit) {
			return wrong(named.field, "%q 不在所列单位之中", "%q is not one of the units", named.unit)
		}
	}
	for _, n := range c.numbers() {
		if n.value.BitLen() > maxBits {
			return wrong(n.field, "数的位数太多", "the number has too many digits")
		}
	}
	if err := c.checkOverrulers(); err != nil {
		return err
	}
	switch c.Kind {
	case Quantity:
		return c.checkQuantity()
	case Contradiction:
		return c.checkContradiction()
	case Competing:
		return c.checkCompeting()
	}
	return c.checkConduct()
}

// parts of a, and the flag of each where it is not known.
var parts = map[string]Flag{"authority": AuthorityUnknown, "notice": NoticeUnknown, "resources": ResourcesUnknown}

func (c Case) checkQuantity() error {
	switch {
	case len(c.Units) < 2:
		return wrong("units", "链条上至少有下达和执行两个单位", "a chain has at least an issuer and an executor")
	case len(c.Layers) > 0:
		if err := c.checkLayers(); err != nil {
			return err
		}
	case len(c.Issued) != len(c.Units)-1:
		return wrong("issued", "写了 %d 个数，单位有 %d 个；除最后一个单位外，每个单位各写一个", "%d numbers for %d units; each but the last issued one", len(c.Issued), len(c.Units))
	}
	switch {
	case c.Verified == nil:
		return wrong("verified", "请写明核实完成了多少", "say what was verified as delivered")
	case c.CoOwned != nil && !part(*c.CoOwned):
		return wrong("coOwned", "应在 0 到 1 之间", "from 0 to 1")
	case c.Adequacy != nil && !part(*c.Adequacy):
		return wrong("adequacy", "应在 0 到 1 之间", "from 0 to 1")
	case slices.ContainsFunc(c.Unknown, func(part string) bool { return parts[part] == "" }):
		return wrong("unknown", "只能写 authority（权限）、notice（送达）、resources（人财物）", "of authority, notice and resources")
	case c.Falsifier != "" && !c.Falsified:
		return wrong("falsifier", "写了弄虚作假的单位，却没有写明有弄虚作假（falsified）", "named, but nothing was falsified")
	}
	for u, amount := range c.Approved {
		if amount.Sign() < 0 || slices.Contains(c.Authorised, u) {
			return wrong("approved."+u, "不能小于 0；加码全部获准的单位不在这里重复写", "not below 0, and not for a unit whose whole addition is authorised")
		}
	}
	return nil
}

func (c Case) checkLayers() error {
	if len(c.Issued) > 0 || c.ReceivedByFirst != nil || len(c.Authorised) > 0 || len(c.Approved) > 0 {
		return wrong("layers", "分层已写明全部要求；请删去 issued、receivedByFirst、authorised 和 approved", "they say everything of the demand; leave issued, receivedByFirst, authorised and approved out")
	}
	if len(c.Layers) > maxLayers {
		return wrong("layers", "最多 %d 层", "at most %d", maxLayers)
	}
	roots := 0
	for _, l := range c.Layers {
		if l.Root {
			roots++
		}
	}
	if roots == 0 {
		return wrong("layers", "每支起头的一层应标明 root", "mark those with which a branch begins as root")
	}
	for i, l := range c.Layers {
		began := l.Root && roots == 1 // as a date it may be below 0
		if l.Amount.Sign() < 0 && !began || l.Approved.Sign() < 0 || l.Approved.Cmp(l.Amount) > 0 && !(l.Root && l.Approved.IsZero()) {
			return wrong(fmt.Sprintf("layers[%d]", i), "两个数都不能小于 0（唯一起头的一层除外），获准的也不能多于该层的数", "neither amount is below 0, except that of one root alone, nor what was approved above the amount")
		}
	}
	return nil
}

func (c Case) checkContradiction() error {
	some := false
	for u, n := range c.Constraints {
		if n < 0 || n > 1_000_000 {
			return wrong("constraints."+u, "应在 0 到 1000000 之间", "from 0 to 1,000,000")
		}
		some = some || n > 0
	}
	if !some {
		return wrong("constraints", "请写明各单位设定了几项条件", "say how many each author set")
	}
	return nil
}

func (c Case) checkCompeting() error {
	switch {
	case c.Executor == "":
		return wrong("executor", "请写明由哪个单位完成", "say who was to do it")
	case c.Verified == nil:
		return wrong("verified", "请写明核实完成了多少", "say what was verified as delivered")
	case len(c.Demands) == 0:
		return wrong("demands", "请写明各单位要求了多少", "say what each author asked")
	}
	for u, d := range c.Demands {
		if d.Sign() < 0 {
			return wrong("demands."+u, "不能小于 0", "not below 0")
		}
	}
	return nil
}

func (c Case) checkConduct() error {
	if len(c.Conduct) == 0 {
		return wrong("conduct", "请写明各单位如何处置", "say how each unit behaved")
	}
	for u, a := range c.Conduct {
		if a.Power < 0 || a.Power > 3 {
			return wrong("conduct."+u+".power", "应为 0 到 3", "from 0 to 3")
		}
	}
	if c.WindowMinutes != nil && *c.WindowMinutes < 0 {
		return wrong("windowMinutes", "不能小于 0", "not below 0")
	}
	return nil
}

// ErrCycle: overrulers, or handoffs, lead back to where they began, and nobody
// is left to answer.
var ErrCycle = errors.New("CYCLE")

func circular(field, zh, en string) *Wrong {
	w := wrong(field, "%s："+zh, "%s: "+en, ErrCycle)
	w.cause = ErrCycle
	return w
}

// checkOverrulers: whoever is followed upwards is never met again.
func (c Case) checkOverrulers() error {
	for start := range c.overrulings() {
		at := start
		for range len(c.Units) + len(c.Others) {
			to := c.overruler(at)
			if to == "" {
				break
			}
			if to == start {
				return circular("overruled."+start, "驳回的关系绕回了它自己", "it was overruled by itself, by way of others")
			}
			at = to
		}
	}
	if by := c.ExecutorOverruledBy; by != nil && c.Kind == Quantity && *by == c.Units[len(c.Units)-1] {
		return circular("executorOverruledBy", "执行单位不能驳回自己", "the executor cannot overrule itself")
	}
	return nil
}

// overrulings are the units that objected and were overruled, and by whom.
func (c Case) overrulings() map[string]string {
	if c.Kind != Conduct {
		return c.Overruled
	}
	out := map[string]string{}
	for u, a := range c.Conduct {
		if a.OverruledBy != "" {
			out[u] = a.OverruledBy
		}
	}
	return out
}

func (c Case) overruler(unit string) string {
	if c.Kind == Conduct {
		return c.Conduct[unit].OverruledBy
	}
	return c.Overruled[unit]
}

func (c Case) illegal(unit string) bool {
	if c.Kind == Conduct {
		return c.Conduct[unit].IllegalOrder
	}
	return slices.Contains(c.IllegalOrder, unit)
}

type naming struct{ field, unit string }

// named are all units that a field names.
func (c Case) named() (out []naming) {
	add := func(field, unit string) { out = append(out, naming{field, unit}) }
	for field, list := range map[string][]string{"authorised": c.Authorised, "silent": c.Silent, "illegalOrder": c.IllegalOrder} {
		for _, u := range list {
			add(field, u)
		}
	}
	for u := range c.Approved {
		add("approved", u)
	}
	for i, l := range c.Layers {
		if l.Unit != "" {
			add(fmt.Sprintf("layers[%d]", i), l.Unit)
		}
	}
	for u, by := range c.overrulings() {
		add("overruled", u)
		add("overruled."+u, by)
	}
	for u := range c.Constraints {
		add("constraints", u)
	}
	for u := range c.Demands {
		add("demands", u)
	}
	for u := range c.Conduct {
		add("conduct", u)
	}
	for field, u := range map[string]*string{"owner": c.Owner, "executorOverruledBy": c.ExecutorOverruledBy, "falsifier": given(c.Falsifier), "executor": given(c.Executor)} {
		if u != nil {
			add(field, *u)
		}
	}
	slices.SortFunc(out, func(a, b naming) int { return cmp.Compare(a.field+a.unit, b.field+b.unit) })
	return out
}

type numbering struct {
	field string
	value exact.Rat
}

func (c Case) numbers() (out []numbering) {
	for i, n := range c.Issued {
		out = append(out, numbering{fmt.Sprintf("issued[%d]", i), n})
	}
	for i, l := range c.Layers {
		field := fmt.Sprintf("layers[%d]", i)
		out = append(out, numbering{field, l.Amount}, numbering{field, l.Approved})
	}
	for field, n := range map[string]*exact.Rat{"receivedByFirst": c.ReceivedByFirst, "verified": c.Verified, "capacity": c.Capacity, "coOwned": c.CoOwned, "adequacy": c.Adequacy} {
		if n != nil {
			out = append(out, numbering{field, *n})
		}
	}
	for field, m := range map[string]map[string]exact.Rat{"approved": c.Approved, "demands": c.Demands} {
		for u, n := range m {
			out = append(out, numbering{field + "." + u, n})
		}
	}
	slices.SortFunc(out, func(a, b numbering) int { return cmp.Compare(a.field, b.field) })
	return out
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
