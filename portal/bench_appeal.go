package portal

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// appealing is the vote of a member of the new panel. What another member
// would take away where he varies the finding is filled in, since two have to
// say the same; which of the results it is, everybody says for himself.
func (v *benchItemPage) appealing() act {
	f := v.live
	results := &field{Name: "result", Kind: choiceField}
	for _, r := range []string{"UPHELD", "VARIED", "OVERTURNED"} {
		results.Choices = append(results.Choices, choice{Value: strings.ToLower(r), Text: v.enum("appealResult", r)})
	}
	appeal := v.act("vote_appeal", "vote_appeal", f.at("APPEALED") && !slices.Contains(f.Hands, v.Actor.Account), results)
	taken := f.taken(v.Actor.Account)
	filled := map[string]string{} // number of the group → what was filled in
	head := v.say("bench.removals")
	if taken != nil {
		head = v.say("bench.removalsTaken")
	}
	for i, s := range f.Shares {
		if !s.bears() {
			continue
		}
		points := &field{Name: fmt.Sprintf("removals.%d.points", i), Label: v.say("bench.off", "unit", v.label(s.Name, s.Unit), "points", s.Points), Head: head, Kind: numberField, Max: s.Points}
		if n := taken[s.Name]; n > 0 {
			points.Value, points.Hint = strconv.Itoa(n), v.say("form.taken", "points", n)
			filled[strconv.Itoa(i)] = points.Value
		}
		head = ""
		appeal.Fields = append(appeal.Fields, &field{Name: fmt.Sprintf("removals.%d.unit", i), Kind: givenField, Value: s.Name}, points)
	}
	appeal.Fields = append(appeal.Fields, v.reasonField(),
		&field{Name: "correction.zh", Kind: areaField, Max: mostReason, Head: v.say("bench.correction"), Hint: v.say("form.correction")},
		&field{Name: "correction.en", Kind: areaField, Max: mostReason, Optional: true})
	if len(filled) > 0 {
		appeal.shape = func(given map[string]any) { unfill(given, filled) }
	}
	return appeal
}

// taken is what the last other member of the panel would take from whom, where
// he varies the finding: by the name of the share.
func (f *benchFinding) taken(account string) map[string]int {
	for _, x := range slices.Backward(f.Votes) {
		if x.Appeal != len(f.Appeals) || x.Account == account {
			continue
		}
		if x.Result != "VARIED" {
			return nil
		}
		taken := map[string]int{}
		for _, r := range x.Removals {
			taken[r.Unit.Code] = r.Points
		}
		return taken
	}
	return nil
}

// unfill leaves out what was filled in and nobody touched where the result is
// one that takes nothing by itself, so that another opinion than the first
// member's needs no clearing of his figures.
func unfill(given map[string]any, filled map[string]string) {
	groups, ok := given["removals"].(map[string]any)
	if !ok || given["result"] == "varied" {
		return
	}
	typed := map[string]string{}
	for n, group := range groups {
		typed[n] = fmt.Sprint(group.(map[string]any)["points"])
	}
	if maps.Equal(typed, filled) {
		delete(given, "removals")
	}
}
