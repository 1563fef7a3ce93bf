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
		return errors.New("export: say where to with --to")
	case formats[e.format] == nil:
		return fmt.Errorf("export: --format %q: choose jsonl, csv or both", e.format)
	case e.role != "public" && !knownRole(e.role):
		return fmt.Errorf("export: --as %q: choose public, clerk, investigator, reviewer, auditor or admin", e.role)
	case (e.role == string(ledger.Clerk)) != (e.unit != ""):
		return errors.New("export: --unit goes with --as clerk: a clerk is one of a unit")
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
			return err
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
	bars := &stages{io: io}
	m, err := export.Run(ctx, export.Options{
		Ask: func(ctx context.Context, query string, variables map[string]any) []byte {
			return h.graph.Reply(graph.WithViewer(ctx, e.reader(), language(e.lang)), bind.Request{Query: query, Variables: variables}).Body
		},
		Log: h.store, Role: e.role, Unit: e.unit, To: e.to, Formats: formats[e.format], Resume: e.resume, Progress: bars.at,
	})
	bars.end()
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; go on with the same command and --resume")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(io.out, "exported: %d files to %s, as %s, ordinal %s, Merkle root %s\n", len(m.Files)+1, e.to, e.role, m.Ordinal, m.Root)
	for _, missing := range m.Incomplete {
		fmt.Fprintln(io.err, "not all:", missing)
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
	h, err := p.open(false, slog.New(slog.DiscardHandler))
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
	io   streams
	what string
	n    int
	bar  *progress
}

func (s *stages) at(what string, done, of int) {
	if what != s.what {
		s.end()
		s.what, s.n, s.bar = what, 0, newProgress(s.io, what, of)
	}
	s.bar.add(done - s.n)
	s.n = done
}

func (s *stages) end() {
	if s.bar != nil {
		s.bar.done()
	}
	s.bar = nil
}
