package nation

import (
	"fmt"
	"hash/fnv"
	"math/bits"
	"strconv"
	"sync"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Key is the one measure of every task.
const Key = "area"

// Task is one invented task: who begins it, and what reached whom.
type Task struct {
	ID     string
	Top    int32
	nation *Nation
	once   sync.Once
	asked  []int64 // by unit, in tenths of a mu; set as the level above it is handed down
}

// Tasks are the national one and as many down the largest province.
func (n *Nation) Tasks(more int) []*Task {
	tasks := []*Task{n.task("nation", 0)}
	top := n.Largest()
	for i := range more {
		tasks = append(tasks, n.task(fmt.Sprintf("province-%02d", i+1), top))
	}
	return tasks
}

func (n *Nation) task(id string, top int32) *Task {
	return &Task{ID: id, Top: top, nation: n}
}

// Measure is the measure's id.
func (t *Task) Measure() string { return mandate.MeasureID(t.ID, Key) }

// Issue is the command that sets the task.
func (t *Task) Issue() mandate.Issue {
	return mandate.Issue{Issued: mandate.Issued{
		ID: t.ID, Title: "基准测试：虚构任务 " + t.ID, Field: "农业", Origin: t.nation.Units[t.Top].Code, Fictional: true,
		Assumed:  []string{"全部数字由程序虚构，仅用于测量；所列地名不与任何真实任务有关。"},
		Measures: []mandate.Measure{{Key: Key, Name: "面积", Kind: mandate.Divisible, Dimension: mandate.Quantity, Unit: "亩"}},
	}, Effective: effective(0)}
}

// effective is when what one level hands down takes effect, a week after the
// level above it.
func effective(level int) ledger.Date {
	return ledger.DateOf(Start.AddDate(0, 0, 7*level))
}

// Hand is the command by which a unit hands its part down, with something
// added or not. The level above must have been handed down before.
func (t *Task) Hand(issuer int32) issuance.Make {
	t.once.Do(func() {
		t.asked = make([]int64, len(t.nation.Units))
		t.asked[t.Top] = t.nation.needed[t.Top]
	})
	u := &t.nation.Units[issuer]
	level := unit.LevelOf(u.Code)
	m := issuance.Make{ID: t.issuanceOf(u.Code), Issuer: u.Code, Effective: effective(int(level) + 1)}
	if issuer != t.Top {
		m.Basis = []string{t.issuanceOf(t.nation.Units[u.Above].Code)}
	}
	received := t.asked[issuer]
	quantum := int64(10)
	if level == unit.Township && t.draw("fine", u.Code)%10 == 0 {
		quantum = 1
	}
	total := received
	if issuer != t.Top {
		total += received * t.adds(level, u.Code) / 100 / 10 * 10
	}
	values, bases := t.share(issuer, total, quantum), t.bases(issuer, received, quantum)
	for i, c := range u.Children {
		t.asked[c] = values[i]
		a := issuance.Amount{Measure: t.Measure(), Value: tenths(values[i])}
		if bases[i] >= 0 {
			a.Base = tenths(bases[i])
		}
		m.Lines = append(m.Lines, issuance.Line{To: t.nation.Units[c].Code, Amounts: []issuance.Amount{a}})
	}
	return m
}

func (t *Task) issuanceOf(code string) string { return t.ID + "-" + code }

// adds is by how many per cent a unit raises what it received.
func (t *Task) adds(level unit.Level, code string) int64 {
	steps := [unit.Levels][4]int64{
		unit.Province: {0, 0, 2, 3}, unit.City: {0, 0, 5, 10}, unit.County: {0, 0, 3, 10}, unit.Township: {0, 5, 10, 20},
	}
	return steps[level][t.draw("adds", code)%4]
}

// share divides a total among the units below in proportion to what each
// could do; what rounding leaves goes to the last.
func (t *Task) share(issuer int32, total, quantum int64) []int64 {
	u := &t.nation.Units[issuer]
	out := make([]int64, len(u.Children))
	left := total
	for i, c := range u.Children {
		hi, lo := bits.Mul64(uint64(total/quantum), uint64(t.nation.needed[c]))
		part, _ := bits.Div64(hi, lo, uint64(t.nation.needed[issuer]))
		out[i] = int64(part) * quantum
		left -= out[i]
	}
	out[len(out)-1] += left
	return out
}

// bases are what the record says each receiver stands for in what came in: a
// quarter of the issuers name all, a quarter every other one, half none. -1 is
// no word.
func (t *Task) bases(issuer int32, received, quantum int64) []int64 {
	out := t.share(issuer, received, quantum)
	how := t.draw("bases", t.nation.Units[issuer].Code) % 4
	for i := range out {
		if issuer == t.Top || how > 1 || how == 1 && i%2 == 0 {
			out[i] = -1
		}
	}
	return out
}

func (t *Task) draw(what, code string) uint64 { return draw(t.ID, what, code) }

// draw is a number that follows from its words alone.
func draw(words ...string) uint64 {
	h := fnv.New64a()
	for _, w := range words {
		_, _ = h.Write([]byte(w + "\x00")) // never fails
	}
	x := h.Sum64() // stirred, because its low bits are not
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	return x ^ x>>33
}

// tenths writes a number of tenths as a decimal.
func tenths(n int64) string {
	if n%10 == 0 {
		return strconv.FormatInt(n/10, 10)
	}
	return strconv.FormatInt(n/10, 10) + "." + strconv.FormatInt(n%10, 10)
}
