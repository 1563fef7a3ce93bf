package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strconv"

	"github.com/spf13/cobra"

	"suyuan/services/export"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

// exporting is what `suyuan export` was told.
type exporting struct {
	place
	role, unit, to, format, lang string
	resume                       bool
}

// formats by the word that asks for them.
var formats = map[string][]string{"jsonl": {export.JSONL}, "csv": {export.CSV}, "both": {export.JSONL, export.CSV}}

func exportCommand(io streams) *cobra.Command {
	var e exporting
	c := &cobra.Command{
		Use:   "export --to DIR",
		Short: "Write out everything a role may see, as JSON lines and CSV",
		Long: "Write out everything a role may see, as JSON lines and CSV, all of one moment, also while the ledger is served.\n" +
			"README.txt and schema.json in the folder say what each column is; manifest.json, written last, has each file's SHA-256.",
		Args: noArgs,
	}
	e.flags(c)
	f := c.Flags()
	f.StringVar(&e.role, "as", "public", "whose eyes: public, clerk (with --unit), investigator, reviewer, auditor, admin")
	f.StringVar(&e.unit, "unit", "", "a clerk's unit")
	f.StringVar(&e.to, "to", "", "folder for the files; made if there is none")
	f.StringVar(&e.format, "format", "both", "jsonl, csv or both")
	f.BoolVar(&e.resume, "resume", false, "go on with an export that was interrupted, at the moment it was begun at")
	languageFlag(c, &e.lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if err := e.check(); err != nil {
			return usage{err}
		}
		return e.run(c.Context(), io)
	}
	c.AddCommand(exportBreakdownCommand(io))
	return c
}

func (e exporting) check() error {
	switch {
	case e.to == "":
		return said(e.lang, "export：请用 --to 写明导出到哪个文件夹", "export: say where to with --to")
	case formats[e.format] == nil:
		return said(e.lang, fmt.Sprintf("export：--format %q 不认识；请选 jsonl、csv 或 both", e.format), fmt.Sprintf("export: --format %q: choose jsonl, csv or both", e.format))
	case e.role != "public" && !knownRole(e.role):
		return said(e.lang, fmt.Sprintf("export：--as %q 不认识；请选 public、clerk、investigator、reviewer、auditor 或 admin", e.role),
			fmt.Sprintf("export: --as %q: choose public, clerk, investigator, reviewer, auditor or admin", e.role))
	case (e.role == string(ledger.Clerk)) != (e.unit != ""):
		return said(e.lang, "export：--unit 须与 --as clerk 同用：经办人属于一个单位", "export: --unit goes with --as clerk: a clerk is one of a unit")
	}
	return nil
}

func knownRole(role string) bool {
	for _, r := range ledger.Roles {
		if string(r) == role {
			return true
		}
	}
	return false
}

// reader is whose eyes the export has.
func (e exporting) reader() ledger.Actor {
	if e.role == "public" {
		return ledger.Actor{}
	}
	return ledger.Actor{Account: "export", Roles: []ledger.Role{ledger.Role(e.role)}, Unit: e.unit}
}

func (e exporting) run(ctx context.Context, io streams) error {
	moment := ""
	if e.resume {
		var err error
		if moment, err = export.Interrupted(e.to); err != nil {
			return plain(err, ledger.Text{})
		}
	}
	h, err := e.readTo(ctx, moment)
	if err != nil {
		return notVerified(err)
	}
	defer func() { _ = h.store.Close() }()
	if e.unit != "" && !h.knows(e.unit) {
		return ledger.Errorf(ledger.NotFound, "unit.unknown", "账本里没有代码为 %s 的单位；请核对 --unit。", "There is no unit %s in the ledger; check --unit.", e.unit)
	}
	bars := &stages{io: io, lang: language(e.lang)}
	m, err := export.Run(ctx, export.Options{
		Ask: func(ctx context.Context, query string, variables map[string]any) []byte {
			return h.graph.Reply(graph.WithViewer(ctx, e.reader(), language(e.lang)), bind.Request{Query: query, Variables: variables}).Body
		},
		Log: h.store, Role: e.role, Unit: e.unit, To: e.to, Formats: formats[e.format], Resume: e.resume, Progress: bars.at,
	})
	bars.end()
	if errors.Is(err, context.Canceled) {
		return said(e.lang, "已中断；用同一命令加 --resume 继续", "interrupted; go on with the same command and --resume")
	}
	if err != nil {
		kept := ledger.Text{}
		if at, broken := export.Interrupted(e.to); at != "" && broken == nil {
			kept = ledger.Text{Zh: "已写出的部分保留，可用 --resume 继续。", En: "What was written is kept, and --resume goes on with it. "}
		}
		return plain(err, kept)
	}
	return e.report(io, m)
}

// mostMissing is how many lists that are not whole are named; manifest.json has
// all of them.
const mostMissing = 20

// report says what was exported. What is not whole is no success: whoever
// hands it on without looking must not take it for everything.
func (e exporting) report(io streams, m export.Manifest) error {
	lang := language(e.lang)
	fmt.Fprintln(io.out, inLang(lang, fmt.Sprintf("导出完成：%d 个文件，位于 %s，读者 %s，截至序号 %s，Merkle 根 %s", len(m.Files)+1, e.to, e.role, m.Ordinal, m.Root),
		fmt.Sprintf("exported: %d files to %s, as %s, ordinal %s, Merkle root %s", len(m.Files)+1, e.to, e.role, m.Ordinal, m.Root)))
	for _, missing := range m.Incomplete[:min(len(m.Incomplete), mostMissing)] {
		fmt.Fprintln(io.err, inLang(lang, "不完整：", "not all: ")+missing)
	}
	if n := len(m.Incomplete); n > 0 {
		return said(lang, fmt.Sprintf("导出不完整：有 %d 个列表可能未全部写出，见 manifest.json 的 incomplete；其余内容完整可用", n),
			fmt.Sprintf("the export is not whole: %d lists may hold more than was written, named under incomplete in manifest.json; the rest is complete", n))
	}
	return nil
}

func (h *house) knows(code string) (known bool) {
	h.view.Read(func(r *view.Rows) { known = r.Unit(code) != nil })
	return known
}

// readTo opens the ledger for reading, folded to an ordinal: what was recorded
// since an export was begun is not part of it.
func (p place) readTo(ctx context.Context, ordinal string) (*house, error) {
	if ordinal == "" {
		return p.readWhole(ctx)
	}
	to, err := strconv.ParseUint(ordinal, 10, 63)
	if err != nil {
		return nil, err
	}
	h, err := p.open(ctx, false, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	h.view, err = view.New(h.events, h.view.Verifier()) // an empty one
	if err == nil {
		err = h.view.Catch(ctx, until{h.store, to})
	}
	if err == nil {
		h.graph, err = graph.New(h.view, h.store, h.store.Err, slog.New(slog.DiscardHandler))
	}
	if err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	return h, nil
}

// until is a log that ends at an ordinal.
type until struct {
	ledger.Log
	ordinal uint64
}

func (u until) All(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		for e, err := range u.Log.All(ctx, after) {
			if err == nil && e.Position.Ordinal > u.ordinal || !yield(e, err) {
				return
			}
		}
	}
}

// stages are progress bars one after the other.
type stages struct {
	io         streams
	lang, what string
	n          int
	bar        *progress
}

func (s *stages) at(what string, done, of int) {
	if what != s.what {
		s.end()
		s.what, s.n, s.bar = what, 0, newProgress(s.io, stageName(s.lang, what), of)
	}
	s.bar.add(done - s.n)
	s.n = done
}

// stageNames are the stages in Chinese; in English they are called as they are.
var stageNames = map[string]string{
	"copying events": "复制事件", "checking the chain": "核对事件链", "writing the archive, KiB": "写入备份，KiB",
	"reading it back, KiB": "读回核对，KiB", "restoring, KiB": "恢复，KiB",
	"units": "单位", "documents": "文件", "mandates": "任务", "issuances": "下达", "assignments": "承接", "events": "事件",
}

func stageName(lang, what string) string {
	if zh := stageNames[what]; zh != "" {
		return inLang(lang, zh, what)
	}
	return what
}

func (s *stages) end() {
	if s.bar != nil {
		s.bar.done()
	}
	s.bar = nil
}
