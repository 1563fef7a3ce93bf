package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"suyuan/services/breakdown"
	"suyuan/services/ledger"
)

// importing is what `suyuan import breakdown` was told.
type importing struct {
	place
	remote
	header    breakdown.Header
	options   breakdown.Options
	mandates  []string
	role      string
	sent, due string
	effective string
	dry       bool
	lang      string
}

func importBreakdownCommand(io streams) *cobra.Command {
	var s importing
	c := &cobra.Command{
		Use:   "breakdown FILE.xlsx|csv --issuance ID [--issuer CODE --mandate ID]",
		Short: "Record a task breakdown sheet as an issuance; an edited sheet amends what changed",
		Args:  oneArg("import breakdown: name a sheet, .xlsx or .csv"),
	}
	s.flags(c)
	languageFlag(c, &s.lang)
	c.RunE = func(c *cobra.Command, args []string) error {
		s.lang = language(s.lang)
		if err := s.settle(); err != nil {
			return err
		}
		data, err := readSheet(args[0])
		if err != nil {
			return err
		}
		return s.through(c.Context(), io, func(d door) error { return s.run(c.Context(), io, d, filepath.Base(args[0]), data) })
	}
	return c
}

func (s *importing) flags(c *cobra.Command) {
	s.place.flags(c)
	s.remote.flags(c)
	f := c.Flags()
	f.StringVar(&s.header.ID, "issuance", "", "id of the issuance, new or on record")
	f.StringVar(&s.header.Issuer, "issuer", "", "code of the unit that hands down; needed for a new issuance")
	f.StringSliceVar(&s.mandates, "mandate", nil, "the mandate handed down; needed for a new issuance, repeat for several")
	f.StringVar(&s.options.Measure, "measure", "", "key of the measure meant by a heading such as 任务数 (default: the only one)")
	f.StringSliceVar(&s.header.Basis, "basis", nil, "issuance that the issuer received and passes on; repeat for several")
	f.BoolVar(&s.header.Origin, "origin", false, "the issuer begins this itself")
	f.StringVar(&s.header.Document, "document", "", "id of the paper, as registered")
	f.StringVar(&s.header.Channel, "channel", "", "document, meeting, chat_group or phone (default: document)")
	f.StringVar(&s.sent, "sent", "", "when it reached the receivers: 2022-08-09T10:00:00+08:00")
	f.StringVar(&s.effective, "effective", "", "since when it holds: 2022-08-09 (default: now)")
	f.StringVar(&s.due, "due", "", "deadline of rows without one: 2022-08-09 or 2022-08-09T18:00:00+08:00")
	f.StringVar(&s.options.Sheet, "sheet", "", "name of the sheet (default: the only one with content)")
	f.StringVar(&s.options.Unit, "unit-of-measure", "", "what figures are in where the sheet does not say, such as 万亩")
	f.BoolVar(&s.options.AcceptTotals, "accept-totals", false, "record a total that is not the sum of its rows as the paper states it")
	f.BoolVar(&s.header.WithdrawMissing, "withdraw-missing", false, "take back the lines of receivers that the sheet leaves out")
	f.StringVar(&s.header.Reason, "reason", "", "why lines are amended, in a few words")
	f.StringVar(&s.role, "role", "clerk", "clerk of the issuer, or investigator with --document (not with --server)")
	f.BoolVar(&s.dry, "dry-run", false, "check everything and say what would be written")
}

// settle reads what was said on the command line.
func (s *importing) settle() error {
	if s.header.ID == "" {
		return usage{errors.New("import breakdown: say which issuance with --issuance")}
	}
	if s.role != string(ledger.Clerk) && s.role != string(ledger.Investigator) {
		return usage{fmt.Errorf("--role %q: choose clerk or investigator", s.role)}
	}
	if err := ledger.First(ledger.CheckID("issuance", s.header.ID), ledger.CheckDate("effective", ledger.Date(s.effective), false)); err != nil {
		return usage{err}
	}
	s.header.Effective = ledger.Date(s.effective)
	var err error
	if s.header.Sent, err = instant("--sent", s.sent, false); err != nil {
		return err
	}
	s.options.Due, err = instant("--due", s.due, true)
	return err
}

// instant reads a moment; a day alone, where that may be said, lasts to its end.
func instant(flag, text string, day bool) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	if d := ledger.Date(text); day && d.Valid() {
		t := d.Time().Add(24*time.Hour - time.Second)
		return &t, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, usage{fmt.Errorf("%s %q: write 2022-08-09T18:00:00+08:00", flag, text)}
	}
	return &t, nil
}

// readSheet reads a file that is not larger than a sheet may be. What is no
// file, such as a pipe, is not waited for.
func readSheet(name string) (data []byte, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, usage{noSheet(name).Because(err)}
	}
	if !info.Mode().IsRegular() {
		return nil, usage{ledger.Errorf(ledger.Invalid, "breakdown.no_file", "%s 不是文件；请给出一份 .xlsx 或 .csv。", "%s is not a file; name a sheet, .xlsx or .csv.", name)}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, usage{noSheet(name).Because(err)}
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, breakdown.MaxBytes+1)) // one byte more is refused as too large
}

func noSheet(name string) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "breakdown.no_file", "打不开 %s；请核对文件名和读取权限。没有写入任何内容。", "%s cannot be opened; check its name and that you may read it. Nothing was written.", name)
}

// through opens the way to the ledger: a server, or the ledger itself, which
// a dry run only reads.
func (s *importing) through(ctx context.Context, io streams, use func(door) error) error {
	if s.server != "" {
		if s.tokenFile == "" && !s.dry {
			return usage{errors.New("--token-file: name a file with a token for the server")}
		}
		d, err := s.remote.open(s.lang)
		if err != nil {
			return err
		}
		return use(d)
	}
	if s.dry {
		h, err := s.place.read(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = h.store.Close() }()
		return use(&hereDoor{house: h, lang: s.lang, role: ledger.Role(s.role)})
	}
	err := s.writing(ctx, io, func(h *house) error {
		d, err := h.desk(wallClock)
		if err != nil {
			return err
		}
		return use(&hereDoor{house: h, desk: d, lang: s.lang, role: ledger.Role(s.role)})
	})
	if e, ok := errors.AsType[*ledger.Error](err); ok && e.Rule == "store.in_use" {
		return ledger.Errorf(e.Code, e.Rule, "账本正由服务程序写入；请用 --server 写明它的地址、用 --token-file 给出令牌文件，经它登记。",
			"The ledger is being served; go through the server with --server URL and --token-file FILE.").Because(err)
	}
	return err
}

// run takes one sheet in.
func (s *importing) run(ctx context.Context, io streams, d door, name string, data []byte) error {
	on, err := onRecord(ctx, d.Ask, s.header.ID)
	if err != nil {
		return err
	}
	if len(on) == 0 {
		if err := s.header.Begins(s.mandates); err != nil {
			return err
		}
	}
	if err := s.header.Agrees(on, s.mandates); err != nil {
		return err
	}
	if len(on) > 0 {
		s.options.Recorded = on[0].Stated
	}
	if len(on) > 0 && len(s.mandates) == 0 {
		s.options.Measures = on[0].Measures
	} else if s.options.Measures, err = breakdown.Measures(ctx, d.Ask, s.mandates); err != nil {
		return err
	}
	sheet, problems, err := breakdown.Read(ctx, name, data, s.options)
	if err == nil {
		err = s.tell(io, problems)
	}
	if err != nil {
		return err
	}
	for _, n := range sheet.Notices {
		fmt.Fprintln(io.out, inLang(s.lang, "说明：", "note: ")+n.In(s.lang))
	}
	plan, err := s.plan(ctx, io, d, sheet, on)
	if err != nil {
		return err
	}
	for _, n := range plan.Notices {
		fmt.Fprintln(io.out, inLang(s.lang, "说明：", "note: ")+n.In(s.lang))
	}
	s.sums(io, sheet)
	if s.dry || len(plan.Steps) == 0 {
		return s.report(io, plan)
	}
	bar := newProgress(io, "written", len(plan.Steps))
	defer bar.done()
	for _, step := range plan.Steps {
		if err := d.Submit(ctx, step.Name, step.Key, step.Input); err != nil {
			return s.at(sheet, step, err)
		}
		bar.add(1)
	}
	return s.report(io, plan)
}

// plan finds every row's unit and rehearses every command where that can be
// done, before anything is written.
func (s *importing) plan(ctx context.Context, io streams, d door, sheet *breakdown.Sheet, on []*breakdown.Record) (*breakdown.Plan, error) {
	issuer := s.header.Issuer
	if issuer == "" && len(on) > 0 {
		issuer = on[0].Issuer
	}
	d.ActFor(issuer)
	bar := newProgress(io, "rows checked", len(sheet.Rows))
	lines, problems, err := sheet.Resolve(ctx, d.Ask, issuer, func() { bar.add(1) })
	bar.done()
	if err == nil {
		err = s.tell(io, problems)
	}
	if err != nil {
		return nil, err
	}
	plan, err := sheet.Plan(s.header, lines, on)
	if err != nil {
		return nil, err
	}
	var refused breakdown.Problems
	for _, step := range plan.Steps {
		err := d.Rehearse(ctx, step.Name, step.Input)
		if e, ok := errors.AsType[*ledger.Error](err); ok && e.Code != ledger.Internal && rowOf(step, e) > 0 {
			refused.Add(sheet.Problem(rowOf(step, e), e))
		} else if err != nil {
			return nil, err
		}
	}
	return plan, s.tell(io, &refused)
}

// tell prints every problem; the error is one line.
func (s *importing) tell(io streams, problems *breakdown.Problems) error {
	for _, p := range problems.List {
		fmt.Fprintln(io.out, p.In(s.lang))
	}
	if problems.More > 0 {
		fmt.Fprintln(io.out, inLang(s.lang, fmt.Sprintf("还有 %d 处", problems.More), fmt.Sprintf("and %d more", problems.More)))
	}
	return problems.Err()
}

func inLang(lang, zh, en string) string { return ledger.Text{Zh: zh, En: en}.In(lang) }

// sums prints what the sheet hands down of each measure, in its unit.
func (s *importing) sums(io streams, sheet *breakdown.Sheet) {
	for _, sum := range sheet.Sums() {
		fmt.Fprintf(io.out, inLang(s.lang, "%s：%d 个单位，共 %s %s\n", "%s: %d receivers, %s %s in all\n"), sum.Measure.Name, sum.Rows, sum.Total, sum.Measure.Unit)
	}
}

// report says what was written, or would be.
func (s *importing) report(io streams, p *breakdown.Plan) error {
	text := inLang(s.lang,
		fmt.Sprintf("下达 %s：新增 %d 行，变更 %d 行，收回 %d 行，不变 %d 行", s.header.ID, p.Added, p.Changed, p.Withdrawn, p.Same),
		fmt.Sprintf("issuance %s: %d lines new, %d amended, %d taken back, %d as they were", s.header.ID, p.Added, p.Changed, p.Withdrawn, p.Same))
	if p.Parts > 0 {
		text += inLang(s.lang, fmt.Sprintf("，分 %d 部分", p.Parts), fmt.Sprintf(", in %d parts", p.Parts))
	}
	switch {
	case len(p.Steps) == 0:
		text += inLang(s.lang, "；与账上相同，没有写入", "; the same as on record, nothing was written")
	case s.dry:
		text += inLang(s.lang, "；试算，没有写入", "; a dry run, nothing was written")
	}
	_, err := fmt.Fprintln(io.out, text)
	return err
}
