package view

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/unit"
	"suyuan/services/view/docket/dockettest"
)

// history submits random, mostly valid commands to a world. It remembers what
// it can name; whether a command is in order is the desk's to say.
type history struct {
	*rapid.T
	*world
	rnd   *rand.Rand
	done  map[string]int // commands carried out, by name
	units []string
	// left are units still to be registered, in a random order: a superior may
	// come in after those below it.
	left      []string
	documents []string
	mandates  []string
	measures  []string
	issuances []*given
	handoffs  []string
	questions []question
	reports   reportedSoFar
	found     foundSoFar
}

// given is an issuance as the generator remembers it.
type given struct {
	id, issuer string
	to         []string
}

type question struct{ issuance, unit, id, owes, kind string }

type object = map[string]any

var codes = []string{
	"0", "99", "99-nyt", "9901", "9901-nyj", "990101", "990101-nyj", "990101-lyj", "990102", "990101001", "990101001-nyz", "990101002", "990102001",
	"990101001001", "990101001002", "990101002001", "990102001001",
}

var items = []string{"photo", "log", "form", "video", "map"}

func play(t *rapid.T, w *world) *history {
	h := &history{T: t, world: w, done: map[string]int{}, reports: reportedSoFar{maker: dockettest.New()}}
	h.seed(0)
	h.left = h.some(codes, len(codes), len(codes))
	for range 9 {
		h.register()
	}
	h.document()
	h.mandate()
	steps := []func(){
		h.register, h.document, h.mandate, h.revise, h.make, h.make, h.make, h.makeBelow, h.makeBelow, h.makeBelow, h.makeBelow, h.makeBelow, h.makeBelow,
		h.makeBelow, h.makeBelow, h.amend, h.amend, h.amend, h.amend, h.withdraw, h.deliver, h.object, h.decide, h.report, h.act, h.handoff,
		h.closeHandoff, h.capacity, h.duty, h.rename, h.lagging, h.checkpoint,
		h.cards, h.fileReport, h.fileReport, h.fileReport, h.letter, h.handle, h.handle, h.handle, h.handle, h.caseWork, h.passes,
	}
	for i := range h.between(40, 140) {
		h.seed(i)
		among(h, steps)()
	}
	w.lag = false
	w.must(w.Wait(context.Background(), ledger.Position{}))
	return h
}

// seed makes one step's choices follow from one draw: drawn one by one they
// would all lean to the first.
func (h *history) seed(step int) {
	h.rnd = rand.New(rand.NewPCG(rapid.Uint64().Draw(h.T, "seed"), uint64(step)))
}

func among[T any](h *history, list []T) T { return list[h.rnd.IntN(len(list))] }

func (h *history) between(least, most int) int { return least + h.rnd.IntN(most-least+1) }

func (h *history) one(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return among(h, list)
}

func (h *history) some(list []string, least, most int) []string {
	mixed := slices.Clone(list)
	h.rnd.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	return mixed[:min(len(mixed), h.between(least, most))]
}

func (h *history) chance(oneIn int) bool { return h.rnd.IntN(oneIn) == 0 }

// submit leaves out empty values and counts what was carried out.
func (h *history) submit(by ledger.Actor, name string, command object) bool {
	for k, v := range command {
		if v == "" || v == nil {
			delete(command, k)
		}
	}
	if err := h.try(by, name, command); err != nil {
		h.done[name+" refused "+errRule(err)]++
		return false
	}
	h.done[name]++
	return true
}

func errRule(err error) string { return err.(*ledger.Error).Rule }

func (h *history) register() {
	if len(h.left) == 0 {
		return
	}
	code := h.left[0]
	h.left = h.left[1:]
	parent := ""
	if h.chance(2) {
		for _, u := range h.units {
			if u != code && unit.Contains(unit.Territory(u), code) && unit.LevelOf(u) <= unit.LevelOf(code) {
				parent = u
			}
		}
	}
	people := among(h, []int{0, 0, 3, 40})
	if h.submit(admin, "unit.register", object{"code": code, "name": "单位" + code, "kind": "government", "parent": parent, "people": people}) {
		h.units = append(h.units, code)
	}
}

func (h *history) document() {
	id := fmt.Sprint("doc", len(h.documents))
	if h.submit(investigator, "document.register", object{"id": id, "issuer": h.one(h.units), "date": "2026-01-05", "title": "文件" + id}) {
		h.documents = append(h.documents, id)
	}
}

func (h *history) mandate() {
	if len(h.mandates) == 3 {
		return
	}
	id := fmt.Sprint("task", len(h.mandates))
	origin := h.one(h.units)
	measures := []object{
		{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity", "unit": "亩", "limit": h.one([]string{"", "people"})},
		{"key": "money", "name": "经费", "kind": "divisible", "dimension": "quantity"},
		{"key": "often", "name": "频次", "kind": "intensity", "dimension": "frequency"},
		{"key": "days", "name": "期限", "kind": "intensity", "dimension": "deadline", "harder": "lower"},
		{"key": "proof", "name": "台账", "kind": "set", "dimension": "trace"},
	}
	constraints := []object{{"key": "least", "author": origin, "text": "至少", "terms": []object{{"quantity": "area", "times": 2}}, "is": "at_least", "value": 9}}
	if h.submit(clerk(origin), "mandate.issue", object{"id": id, "title": "任务" + id, "field": "农业", "origin": origin, "measures": measures,
		"constraints": constraints, "duty": h.one([]string{"", "patrol"}), "document": h.one(append(h.documents, ""))}) {
		h.mandates = append(h.mandates, id)
		for _, key := range []string{"area", "money", "often", "days", "proof"} {
			h.measures = append(h.measures, id+"/"+key)
		}
	}
}

func (h *history) revise() {
	id := h.one(h.mandates)
	fact, ok := (facts{h.rows()}).Mandate(id)
	if !ok {
		return
	}
	origin := fact.Origin
	if h.chance(30) {
		h.submit(clerk(origin), "mandate.withdraw", object{"id": id, "reason": "撤回"})
		return
	}
	key := fmt.Sprint("more", h.keys)
	if h.submit(clerk(origin), "mandate.revise", object{"id": id, "document": h.one(h.documents), "title": h.one([]string{"", "改名" + key}),
		"lead": h.one(append(h.units, "", "")), "duty": h.one([]string{"", "patrol", "survey"}),
		"measures":    []object{{"key": key, "name": "新增", "kind": "divisible", "dimension": "quantity"}},
		"constraints": []object{{"key": key, "author": origin, "text": "至多", "terms": []object{{"quantity": "area", "times": 3}}, "is": "at_most", "value": 11}}}) {
		h.measures = append(h.measures, id+"/"+key)
	}
}

func (h *history) amount(measure string) object {
	a := object{"measure": measure}
	switch {
	case strings.HasSuffix(measure, "/often"):
		a["value"] = fmt.Sprintf("%d/%d", h.between(1, 3), among(h, []int{1, 7, 30}))
	case strings.HasSuffix(measure, "/proof"):
		list := h.some(items, 1, 3)
		a["items"] = list
	default:
		a["value"] = h.number()
		if !strings.HasSuffix(measure, "/days") && h.chance(3) {
			a["base"] = h.number()
		}
	}
	return a
}

func (h *history) number() string {
	return among(h, []string{"0", "1", "2.5", "3", "7", "10", "0.000001", "12", "20", "100"})
}

func (h *history) amounts(measures []string, least, most int) []object {
	var out []object
	for _, m := range h.some(measures, least, min(most, len(measures))) {
		out = append(out, h.amount(m))
	}
	return out
}

func (h *history) line(to string, measures []string, least int) object {
	l := object{"to": to, "amounts": h.amounts(measures, least, 4)}
	if h.chance(4) {
		l["due"] = h.now.Add(time.Duration(h.between(-5, 60)) * time.Hour)
	}
	if h.chance(5) {
		l["directedBy"] = h.one(h.units)
	}
	return l
}

func (h *history) effective() string {
	return among(h, []string{"", "", "2026-02-01", "2026-02-20", "2026-03-20"})
}

// make begins a mandate, or passes something down from anywhere.
func (h *history) make() {
	if len(h.measures) > 0 {
		h.issue(h.one(h.units), nil)
	}
}

// makeBelow passes on what a unit received.
func (h *history) makeBelow() {
	if len(h.issuances) == 0 {
		return
	}
	above := among(h, h.issuances)
	issuer := h.one(above.to)
	basis := []string{above.id}
	for _, other := range h.issuances {
		if other != above && slices.Contains(other.to, issuer) && h.chance(2) {
			basis = append(basis, other.id)
		}
	}
	h.issue(issuer, basis)
}

func (h *history) issue(issuer string, basis []string) {
	g := &given{id: fmt.Sprint("iss", len(h.issuances), "-", h.keys), issuer: issuer}
	measures := h.measures
	if len(basis) > 0 && !h.chance(5) {
		measures = nil
		for _, a := range (facts{h.rows()}).Received(basis[0], issuer) {
			measures = append(measures, a.Measure)
		}
	}
	if len(measures) == 0 {
		return
	}
	g.to = h.receivers(issuer)
	var lines []object
	for _, to := range g.to {
		lines = append(lines, h.line(to, measures, 1))
	}
	c := object{"id": g.id, "issuer": issuer, "lines": lines, "origin": len(basis) == 0, "effective": h.effective(),
		"document": h.one(append(h.documents, ""))}
	if len(basis) > 0 {
		c["basis"] = basis
	}
	h.particulars(c, measures)
	by := clerk(issuer)
	if h.chance(5) {
		by, c["document"] = investigator, h.one(h.documents)
	}
	if h.submit(by, "issuance.make", c) {
		h.issuances = append(h.issuances, g)
	}
}

// receivers are other units, seldom above the issuer.
func (h *history) receivers(issuer string) []string {
	below := slices.DeleteFunc(slices.Clone(h.units), func(u string) bool {
		return u == issuer || unit.LevelOf(u) < unit.LevelOf(issuer) || unit.LevelOf(u) == unit.LevelOf(issuer) && u < issuer
	})
	if len(below) == 0 || h.chance(30) {
		below = h.units
	}
	return h.some(below, 1, 4)
}

func (h *history) particulars(c object, measures []string) {
	var sums []string
	for _, m := range measures {
		if strings.HasSuffix(m, "/area") || strings.HasSuffix(m, "/money") {
			sums = append(sums, m)
		}
	}
	if _, ok := c["basis"]; ok && len(sums) > 0 && h.chance(3) {
		c["retained"] = []object{{"measure": sums[0], "value": h.number()}}
	}
	if len(sums) > 0 && h.chance(4) {
		c["stated"] = []object{{"measure": sums[0], "value": h.number()}}
	}
	if h.chance(4) {
		measure := h.one(measures)
		c["merge"] = object{measure: "strictest"}
		if strings.HasSuffix(measure, "/proof") {
			c["merge"] = object{measure: "union"}
		} else if h.chance(2) {
			c["merge"] = object{measure: "sum"}
		}
	}
	if h.chance(4) {
		c["approval"] = object{"by": h.one(h.units), "competence": "批准", "date": "2026-01-06", "covers": h.amounts(measures, 1, 2), "resourced": h.chance(2)}
	}
	if h.chance(8) {
		c["part"] = object{"of": "sheet-" + fmt.Sprint(c["issuer"]), "k": h.between(1, 2), "n": 2}
	}
	if h.chance(4) {
		c["sent"] = h.now.Add(-time.Hour)
	}
}
