package script

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// found600 are the two findings about the middle village of the 600 mu: the
// first, and the one that late facts brought.
const found600 = "990101001002-20220712-12eb5186"

// withFindings is a ledger with the two, and no checkpoint.
func withFindings(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ledger")
	for _, name := range []string{"00-base", "01-s4-18"} {
		if r := says(t, "seed", "--data", dir, filepath.Join("..", "..", "seeds", name+".json")); r.code != 0 {
			t.Fatalf("seed %s: %s", name, r.err)
		}
	}
	return dir
}

// A finding is what a copy of the log gives again. With one event changed that
// it rests on, whichever, it is not, though every hash was made right again;
// with another event changed it still is.
func TestVerifyFinding(t *testing.T) {
	dir := copied(t, withFindings(t))
	all := rows(t, copied(t, dir))
	for _, round := range []int{1, 2} {
		id := fmt.Sprintf("%s-%d", found600, round)
		r := says(t, "verify", "--data", dir, "--finding", id)
		if r.code != 0 || !strings.Contains(r.out, "verified: finding "+id) || !strings.Contains(r.out, "  990101001 ") {
			t.Fatalf("untouched: %d %s%s", r.code, r.out, r.err)
		}
		rests := ordinals(t, r.out)
		if len(rests) < 5 {
			t.Fatalf("%s rests on %v", id, rests)
		}
		for i, o := range rests {
			if round == 2 && i%3 != 0 {
				continue // most are the same
			}
			changed := otherAccount(t, dir, all, o)
			if round == 1 && o == rests[0] {
				if r := says(t, "verify", "--data", changed); r.code != 0 {
					t.Fatalf("event %d: the hashes are not right again: %s", o, r.err)
				}
			}
			r := says(t, "verify", "--data", changed, "--finding", id)
			if r.code != 1 || !strings.Contains(r.err, id) || strings.Count(r.err, "\n") != 1 || !strings.Contains(r.out, "hash of the explanation: ") {
				t.Errorf("%s, with event %d changed: %d %s%s", id, o, r.code, r.out, r.err)
			}
		}
		beside := slices.IndexFunc(all, func(r row) bool { return r.kind == "unit.registered" && r.stream == "unit-9902" })
		if beside < 0 {
			beside = 0
		}
		if r := says(t, "verify", "--data", otherAccount(t, dir, all, uint64(beside+1)), "--finding", id); r.code != 0 {
			t.Errorf("with an event changed that it does not rest on: %s", r.err)
		}
	}
}

// A figure that was changed is named with what comes out of it.
func TestVerifyFindingFigure(t *testing.T) {
	dir := withFindings(t)
	all := rows(t, copied(t, dir))
	at := slices.IndexFunc(all, func(r row) bool { return r.kind == "assignment.verified" })
	all[at].data = strings.Replace(all[at].data, `"value":"200"`, `"value":"190"`, 1)
	forged := forge(t, dir, all)
	for lang, word := range map[string]string{"en": "not verified", "zh": "核验未通过"} {
		r := says(t, "verify", "--data", forged, "--finding", found600+"-1", "--lang", lang)
		if r.code != 1 || !strings.Contains(r.err, word) || !strings.Contains(r.out, "990101001: 10000 (20) → 6667 (20)") || !strings.Contains(r.out, "990101001002: 0 (0) → 3333 (10)") {
			t.Errorf("%d %s%s", r.code, r.out, r.err)
		}
	}
	// So is one of the finding itself.
	all = rows(t, copied(t, dir))
	at = slices.IndexFunc(all, func(r row) bool { return r.kind == "finding.drafted" })
	all[at].data = strings.Replace(all[at].data, `"shares":[{"unit":"990101","points":0`, `"shares":[{"unit":"990101","points":1`, 1)
	if r := says(t, "verify", "--data", forge(t, dir, all), "--finding", found600+"-1"); r.code != 1 || !strings.Contains(r.out, "nobody is on record") {
		t.Errorf("shares that were not computed: %d %s%s", r.code, r.out, r.err)
	}
	// Where it began is told by the log too.
	all = rows(t, copied(t, dir))
	all[at].data = strings.Replace(all[at].data, `"originating":"990101"`, `"originating":"990101001"`, 1)
	if r := says(t, "verify", "--data", forge(t, dir, all), "--finding", found600+"-1"); r.code != 1 || !strings.Contains(r.out, "where it began: 990101001 → 990101") {
		t.Errorf("another beginning: %d %s%s", r.code, r.out, r.err)
	}
	// By another method another result says nothing of the log.
	all = rows(t, copied(t, dir))
	all[at].data = strings.Replace(all[at].data, `"method":1`, `"method":3`, 1)
	other := forge(t, dir, all)
	for lang, word := range map[string]string{"en": "another method, version 3", "zh": "另一种方法（第 3 版"} {
		if r := says(t, "verify", "--data", other, "--finding", found600+"-1", "--lang", lang); r.code != 1 || !strings.Contains(r.err, word) || strings.Contains(r.err, "was changed") || r.out != "" {
			t.Errorf("by another method: %d %s%s", r.code, r.out, r.err)
		}
	}
	// One that the program knows and that the case does not take is no excuse.
	all[at].data = strings.Replace(all[at].data, `"method":3`, `"method":2`, 1)
	if r := says(t, "verify", "--data", forge(t, dir, all), "--finding", found600+"-1"); r.code != 1 || !strings.Contains(r.err, "was changed") || !strings.Contains(r.out, "version of the method: 2 → 1") {
		t.Errorf("by a method that it does not take: %d %s%s", r.code, r.out, r.err)
	}
	for _, c := range []struct {
		args []string
		code int
	}{{[]string{"--finding", "nothing"}, 1}, {[]string{"--finding", "x", "--key", "k"}, 2}} {
		if r := says(t, append([]string{"verify", "--data", dir}, c.args...)...); r.code != c.code || r.out != "" {
			t.Errorf("%v: %d %s%s", c.args, r.code, r.out, r.err)
		}
	}
}

// What appeals left is what was issued less what each removed, and each was
// decided as two of its panel voted.
func TestVerifyFindingAppealed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ledger")
	for _, name := range []string{"00-base", "04-s4-23"} {
		if r := says(t, "seed", "--data", dir, filepath.Join("..", "..", "seeds", name+".json")); r.code != 0 {
			t.Fatalf("seed %s: %s", name, r.err)
		}
	}
	const id = "990102001-20220630-3aac1033-1" // varied: 5,000 of the street's were taken away
	if r := says(t, "verify", "--data", dir, "--finding", id); r.code != 0 {
		t.Fatalf("untouched: %s%s", r.out, r.err)
	}
	all := rows(t, copied(t, dir))
	decided := slices.IndexFunc(all, func(r row) bool { return r.kind == "finding.appeal_decided" })
	if decided < 1 || !strings.HasSuffix(all[decided].stream, id) || all[decided-1].kind != "finding.appeal_voted" {
		t.Fatal("the scenario has no appeal that was decided by a vote")
	}
	const took, kept = `"removals":[{"unit":"990102001","points":5000}]`, `"removals":[{"unit":"990102001","points":4000}]`
	const stands, less, unvoted = `{"unit":"990102001","points":0}`, "less what the appeals removed", "appeal 1 was decided otherwise"
	for name, c := range map[string]struct {
		at    int
		was   []string // and what it became, in pairs
		tells []string
	}{
		"less was removed":                 {decided, []string{took, kept}, []string{less, unvoted}},
		"the unit bears some still":        {decided, []string{stands, `{"unit":"990102001","points":1000}`}, []string{less}},
		"both, so that they agree":         {decided, []string{took, kept, stands, `{"unit":"990102001","points":1000}`, `"unit":"UNATTRIBUTED","points":5000`, `"unit":"UNATTRIBUTED","points":4000`}, []string{unvoted}},
		"one of the two voted for another": {decided - 1, []string{took, kept}, []string{unvoted}},
		"of another result":                {decided - 1, []string{`"result":"varied"`, `"result":"upheld"`}, []string{unvoted}},
	} {
		history := slices.Clone(all)
		for i := 0; i < len(c.was); i += 2 {
			if !strings.Contains(history[c.at].data, c.was[i]) {
				t.Fatalf("%s: there is no %s in %s", name, c.was[i], history[c.at].data)
			}
			history[c.at].data = strings.Replace(history[c.at].data, c.was[i], c.was[i+1], 1)
		}
		forged := forge(t, dir, history)
		r := says(t, "verify", "--data", forged, "--finding", id)
		if r.code != 1 || !strings.Contains(r.err, "not verified") || strings.Count(r.err, "\n") != 1 {
			t.Errorf("%s: %d %s%s", name, r.code, r.out, r.err)
		}
		for _, text := range []string{less, unvoted} {
			if slices.Contains(c.tells, text) != strings.Contains(r.out, text) {
				t.Errorf("%s: it says\n%s", name, r.out)
			}
		}
	}
}

// What other parameters would change is told, and nothing is written.
func TestWhatIf(t *testing.T) {
	dir := withFindings(t)
	if r := says(t, "seed", "--data", dir, filepath.Join("..", "..", "seeds", "09-s2-4-silent.json")); r.code != 0 {
		t.Fatal(r.err)
	}
	before := contents(t, dir, "ledger.db")
	policy := filepath.Join(t.TempDir(), "policy.json")
	values := `"silentPassThrough":%q,"silentCap":"3/10","illegalOrderRetention":"3/10","coOwnedDefault":"1/2","falsificationMass":"1/2","inducement":"3/10","minimumReactionMinutes":"15"`
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	whatif := func(more ...string) told {
		t.Helper()
		return says(t, append([]string{"whatif", "--data", dir, "--within", "99", "--policy"}, more...)...)
	}
	if r := whatif("1"); r.code != 0 || !strings.Contains(r.out, "shares of 0 outcomes would change") {
		t.Errorf("under the version in force: %d %s%s", r.code, r.out, r.err)
	}
	write(`{"name":"jra-1","values":{` + fmt.Sprintf(values, "1/5") + `}}`)
	r := whatif(policy)
	if r.code != 0 || !strings.Contains(r.out, "shares of 1 outcomes would change, 1 of them with a finding") || !strings.Contains(r.out, "990201002  1000 → 2000") {
		t.Errorf("under another: %d %s%s", r.code, r.out, r.err)
	}
	if r := whatif(policy, "--lang", "zh"); r.code != 0 || !strings.Contains(r.out, "1 件结果的份额会变") {
		t.Errorf("%d %s%s", r.code, r.out, r.err)
	}
	if r := whatif(policy, "--json"); r.code != 0 || !strings.Contains(r.out, `"changed": 1`) || !strings.Contains(r.out, `"largest": [`) {
		t.Errorf("%d %s%s", r.code, r.out, r.err)
	}
	for name, text := range map[string]string{
		"no policy":         `[]`,
		"of another name":   `{"name":"terms","values":{` + fmt.Sprintf(values, "1/5") + `}}`,
		"more than a whole": `{"name":"jra-1","values":{` + fmt.Sprintf(values, "3/2") + `}}`,
		"not all of it":     `{"name":"jra-1","values":{}}`,
	} {
		write(text)
		if r := whatif(policy); r.code != 1 || r.out != "" || strings.Count(r.err, "\n") != 1 {
			t.Errorf("%s: %d %s%s", name, r.code, r.out, r.err)
		}
	}
	if r := whatif("7"); r.code != 1 || !strings.Contains(r.err, "never adopted") {
		t.Errorf("%d %s", r.code, r.err)
	}
	if r := says(t, "whatif", "--data", dir, "--within", "98", "--policy", "1"); r.code != 1 {
		t.Errorf("nowhere: %d %s", r.code, r.out)
	}
	if r := says(t, "whatif", "--data", dir); r.code != 2 {
		t.Errorf("nothing asked: %d", r.code)
	}
	if string(contents(t, dir, "ledger.db")) != string(before) {
		t.Error("it wrote to the ledger")
	}
}

// told is what a run of the program left.
type told struct {
	out, err string
	code     int
}

func says(t *testing.T, args ...string) told {
	t.Helper()
	out, err, code := command(t, nil, args...)
	return told{out, err, code}
}

// ordinals are those that a text names as #1, #2 …
func ordinals(t *testing.T, text string) (list []uint64) {
	t.Helper()
	for _, m := range regexp.MustCompile(`#(\d+)`).FindAllStringSubmatch(text, -1) {
		o, err := strconv.ParseUint(m[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, o)
	}
	return list
}

// otherAccount is a copy in which one event came from another account, with
// all hashes made right again.
func otherAccount(t *testing.T, dir string, all []row, ordinal uint64) string {
	t.Helper()
	history := slices.Clone(all)
	history[ordinal-1].meta = strings.Replace(history[ordinal-1].meta, `"account":"`, `"account":"x`, 1)
	if history[ordinal-1].meta == all[ordinal-1].meta {
		t.Fatalf("event %d says nothing of an account: %s", ordinal, all[ordinal-1].meta)
	}
	return forge(t, dir, history)
}
