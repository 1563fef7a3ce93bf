package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/policy"
	"suyuan/services/view"
)

func whatifCommand(io streams) *cobra.Command {
	var at place
	var ask whatIf
	var lang string
	var raw bool
	c := &cobra.Command{
		Use:   "whatif --within CODE --policy FILE|VERSION",
		Short: "Divide every outcome of a territory under other parameters and tell what would change; nothing is written",
		Args:  noArgs,
	}
	at.flags(c)
	c.Flags().StringVar(&ask.within, "within", "", "code of the unit whose territory is looked at")
	c.Flags().StringVar(&ask.policy, "policy", "", "a version of the policy jra-1 that was adopted, or a file of parameters, as schema/policies/jra-1.v1.json")
	c.Flags().BoolVar(&raw, "json", false, "print the answer as JSON")
	languageFlag(c, &lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		lang = language(lang)
		if ask.within == "" || ask.policy == "" {
			return usage{said(lang, "whatif：请用 --within 写明范围、用 --policy 写明按哪套参数", "whatif: say where and under what with --within and --policy")}
		}
		h, err := at.read(c.Context())
		if err != nil {
			return notVerified(err)
		}
		defer func() { _ = h.store.Close() }()
		h.view.Read(func(r *view.Rows) { err = ask.run(r) })
		if err != nil {
			return err
		}
		if raw {
			return ask.json(io.out)
		}
		return ask.print(io.out, lang)
	}
	return c
}

// mostLargest is how many of the largest changes are told.
const mostLargest = 20

// maxPolicy bounds a file of parameters, in bytes.
const maxPolicy = 64 << 10

// whatIf is the question and, once it ran, the answer.
type whatIf struct {
	within, policy string

	Outcomes     int        `json:"outcomes"`     // looked at
	Findings     int        `json:"findings"`     // about them
	Undivided    int        `json:"undivided"`    // that the evidence allows no division of
	Changed      int        `json:"changed"`      // outcomes whose shares would be others
	ChangedFound int        `json:"changedFound"` // of those, with a finding
	Largest      []reckoned `json:"largest"`      // changes, the largest first
}

// reckoned is one change.
type reckoned struct {
	Outcome string           `json:"outcome"`
	Finding string           `json:"finding,omitempty"`
	Stage   finding.Stage    `json:"stage,omitempty"`
	Version int              `json:"version,omitempty"`
	Moved   int64            `json:"moved"`
	Before  map[string]int64 `json:"before"`
	After   map[string]int64 `json:"after"`

	units []string // in the order of the case
	name  string   // the executor's
}

func (q *whatIf) run(r *view.Rows) error {
	p, err := q.parameters(r)
	if err != nil {
		return err
	}
	q.Largest = []reckoned{}
	return r.WhatIf(q.within, p, func(x view.Reckoned) bool {
		q.take(r, x)
		return true
	})
}

// parameters are those of an adopted version, or of a file.
func (q *whatIf) parameters(r *view.Rows) (liability.Parameters, error) {
	if version, err := strconv.Atoi(q.policy); err == nil {
		return r.Parameters(version)
	}
	f, err := os.Open(q.policy)
	if err != nil {
		return liability.Parameters{}, err
	}
	defer func() { _ = f.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(f, maxPolicy))
	if err != nil {
		return liability.Parameters{}, err
	}
	var proposed policy.Proposal
	if err := ledger.DecodeStrict(text, &proposed); err != nil {
		return liability.Parameters{}, err
	}
	if proposed.Name != policy.JRA1 {
		return liability.Parameters{}, ledger.Errorf(ledger.Invalid, "policy.other", "文件 %[1]s 不是责任划分参数：name 应为 jra-1。", "%[1]s holds no parameters of joint responsibility: its name must be jra-1.", q.policy).At("--policy")
	}
	return policy.Parameters(policy.Adopted{Name: proposed.Name, Values: proposed.Values})
}

// take counts one outcome and keeps it where it is among the largest changes.
func (q *whatIf) take(r *view.Rows, x view.Reckoned) {
	q.Outcomes++
	if x.Finding != "" {
		q.Findings++
	}
	if x.Err != nil {
		q.Undivided++
		return
	}
	if !x.Changes() {
		return
	}
	q.Changed++
	if x.Finding != "" {
		q.ChangedFound++
	}
	least := len(q.Largest) - 1
	if least == mostLargest-1 && q.Largest[least].Moved >= x.Moved {
		return
	}
	at, _ := slices.BinarySearchFunc(q.Largest, x.Moved, func(a reckoned, moved int64) int { // behind its equals: they came on record first
		return cmp.Or(cmp.Compare(moved, a.Moved), -1)
	})
	one := reckoned{Outcome: x.Outcome, Finding: x.Finding, Stage: x.Stage, Version: x.Version, Moved: x.Moved, Before: map[string]int64{}, After: map[string]int64{}}
	if u := r.Unit(x.Executor); u != nil {
		one.name = u.Name
	}
	for _, s := range x.Before {
		one.Before[s.Unit] = s.Points
		one.units = append(one.units, s.Unit)
	}
	for _, s := range x.After {
		one.After[s.Unit] = s.Points
		if !slices.Contains(one.units, s.Unit) {
			one.units = append(one.units, s.Unit)
		}
	}
	q.Largest = slices.Insert(q.Largest, at, one)
	q.Largest = q.Largest[:min(len(q.Largest), mostLargest)]
}

func (q *whatIf) json(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Within string `json:"within"`
		Policy string `json:"policy"`
		*whatIf
	}{q.within, q.policy, q})
}

// under names the parameters that were tried.
func (q *whatIf) under(lang string) string {
	if _, err := strconv.Atoi(q.policy); err == nil {
		return fmt.Sprintf(inLang(lang, "第 %s 版参数", "version %s of the parameters"), q.policy)
	}
	return fmt.Sprintf(inLang(lang, "文件 %s 的参数", "the parameters in %s"), q.policy)
}

// stageIn is how far a finding has come, in the language asked for.
func stageIn(lang string, s finding.Stage) string {
	zh := map[finding.Stage]string{
		"draft": "起草中", "checked": "已复核", "hearing": "听取意见", "issued": "已作出决定",
		"appealed": "申诉中", "upheld": "申诉后维持", "varied": "申诉后变更", "overturned": "申诉后撤销",
		"final": "已生效", "superseded": "已被取代", "withdrawn": "已撤回",
	}[s]
	if zh == "" {
		zh = string(s)
	}
	return inLang(lang, zh, string(s))
}

func (q *whatIf) print(out io.Writer, lang string) error {
	say := func(zh, en string, args ...any) { fmt.Fprintf(out, inLang(lang, zh, en)+"\n", args...) }
	say("%s 范围内共有结果 %d 件，其中已有认定 %d 件；证据不足、无法划分 %d 件", "in %s: %d outcomes, %d with a finding; %d that the evidence does not allow to divide", q.within, q.Outcomes, q.Findings, q.Undivided)
	say("按%s重算：%d 件结果的份额会变，其中 %d 件已有认定；账本没有改动", "under %s: the shares of %d outcomes would change, %d of them with a finding; nothing was written", q.under(lang), q.Changed, q.ChangedFound)
	if len(q.Largest) > 0 {
		say("变动最大的 %d 件（基点，万分之一）：", "the %d largest changes, in basis points:", len(q.Largest))
	}
	for _, x := range q.Largest {
		what := x.Outcome
		if x.Finding != "" {
			what = fmt.Sprintf(inLang(lang, "%s（%s）", "%s (%s)"), x.Finding, stageIn(lang, x.Stage))
		}
		say("  %5d  %s  %s", "  %5d  %s  %s", x.Moved, what, x.name)
		for _, u := range x.units {
			if x.Before[u] != x.After[u] {
				say("           %s  %d → %d", "           %s  %d → %d", u, x.Before[u], x.After[u])
			}
		}
	}
	return nil
}
