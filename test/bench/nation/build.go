package nation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// version of what is generated: another one makes another ledger.
const version = 1

// Start is when the first level hands its task down.
var Start = time.Date(2026, 1, 5, 9, 0, 0, 0, ledger.Beijing)

// flights is how many commands are under way at once.
const flights = 64

// Made is what a build says of itself, kept beside the ledger.
type Made struct {
	Scale       float64       `json:"scale"`
	Units       int           `json:"units"`
	Villages    int           `json:"villages"`
	Tasks       int           `json:"tasks"`
	Issuances   int           `json:"issuances"`
	Assignments int           `json:"assignments"`
	Events      uint64        `json:"events"`
	Marks       []Mark        `json:"marks"` // where each task begins and ends in the log
	UnitsTook   time.Duration `json:"unitsTook"`
	TasksTook   time.Duration `json:"tasksTook"`
	Built       time.Time     `json:"built"`
	Bytes       int64         `json:"bytes"`
}

// Mark is a stretch of the log: the ordinals behind From, up to To.
type Mark struct {
	Task        string `json:"task"`
	From        uint64 `json:"from"`
	To          uint64 `json:"to"`
	Assignments int    `json:"assignments"`
}

// Place is the folder in which the ledger of a scale is kept.
func Place(cache string, scale float64, more int) string {
	h := sha256.Sum256(fmt.Appendf(nil, "nation %d %v %d", version, scale, more))
	return filepath.Join(cache, "nation-"+hex.EncodeToString(h[:6]))
}

const madeFile = "made.json"

// Ensure gives what is known of the ledger in dir, which is built first where
// it is not there or is to be built again.
func (n *Nation) Ensure(ctx context.Context, dir string, scale float64, more int, again bool, say func(format string, args ...any)) (Made, error) {
	text, err := os.ReadFile(filepath.Join(dir, madeFile))
	if err == nil && !again {
		var m Made
		return m, json.Unmarshal(text, &m)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Made{}, err
	}
	part := dir + ".part"
	if err := errors.Join(os.RemoveAll(dir), os.RemoveAll(part)); err != nil {
		return Made{}, err
	}
	b := &build{nation: n, say: say, made: Made{Scale: scale, Units: len(n.Units)}}
	if err := b.run(ctx, part, more); err != nil {
		return Made{}, err
	}
	info, err := os.Stat(filepath.Join(part, "ledger.db"))
	if err != nil {
		return Made{}, err
	}
	b.made.Bytes = info.Size()
	if text, err = json.MarshalIndent(b.made, "", "\t"); err != nil {
		return Made{}, err
	}
	if err := os.WriteFile(filepath.Join(part, madeFile), text, 0o600); err != nil {
		return Made{}, err
	}
	return b.made, os.Rename(part, dir)
}

// build is one on its way.
type build struct {
	nation *Nation
	house  *House
	now    atomic.Int64 // the desk's clock, Unix milliseconds
	made   Made
	say    func(format string, args ...any)
}

func (b *build) run(ctx context.Context, dir string, more int) (err error) {
	b.now.Store(Start.UnixMilli())
	if b.house, err = Open(ctx, dir, func() time.Time { return time.UnixMilli(b.now.Load()) }); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.house.Close()) }()
	began := time.Now()
	if err := b.units(ctx); err != nil {
		return err
	}
	b.made.UnitsTook = time.Since(began)
	b.say("%d units in %v", len(b.nation.Units), b.made.UnitsTook.Round(time.Second))
	began = time.Now()
	tasks := b.nation.Tasks(more)
	for i, t := range tasks {
		if err := b.task(ctx, t); err != nil {
			return err
		}
		tasks[i] = nil // with what it asked of every unit
	}
	b.made.TasksTook = time.Since(began)
	b.made.Events, b.made.Built = b.house.Store.Head().Ordinal, time.Now().UTC()
	return nil
}

// units enters every division, the levels one after the other.
func (b *build) units(ctx context.Context) error {
	admin := ledger.Actor{Account: "bench-admin", Roles: []ledger.Role{ledger.Admin}}
	for _, level := range b.nation.Levels(0) {
		err := each(ctx, level, func(i int32) error {
			u := &b.nation.Units[i]
			return b.submit(ctx, admin, "unit.register", u.Code, unit.Register(u.Registered))
		})
		if err != nil {
			return err
		}
	}
	b.made.Villages = len(b.nation.Levels(0)[5])
	return nil
}

// task hands one down, the levels one after the other.
func (b *build) task(ctx context.Context, t *Task) error {
	mark := Mark{Task: t.ID, From: b.house.Store.Head().Ordinal}
	if err := b.submit(ctx, b.clerk(t.Top), "mandate.issue", t.ID, t.Issue()); err != nil {
		return err
	}
	var lines atomic.Int64
	for _, level := range b.nation.Levels(t.Top) {
		b.now.Add(time.Hour.Milliseconds())
		var issuers []int32
		for _, i := range level {
			if len(b.nation.Units[i].Children) > 0 {
				issuers = append(issuers, i)
			}
		}
		err := each(ctx, issuers, func(i int32) error {
			made := t.Hand(i)
			lines.Add(int64(len(made.Lines)))
			return b.submit(ctx, b.clerk(i), "issuance.make", made.ID, made)
		})
		if err != nil {
			return err
		}
		b.made.Issuances += len(issuers)
	}
	mark.To, mark.Assignments = b.house.Store.Head().Ordinal, int(lines.Load())
	b.made.Marks = append(b.made.Marks, mark)
	b.made.Assignments += mark.Assignments
	b.made.Tasks++
	b.say("task %s: %d assignments", t.ID, mark.Assignments)
	return nil
}

func (b *build) clerk(i int32) ledger.Actor {
	return ledger.Actor{Account: "bench-clerk", Roles: []ledger.Role{ledger.Clerk}, Unit: b.nation.Units[i].Code}
}

func (b *build) submit(ctx context.Context, by ledger.Actor, name, key string, command any) error {
	input, err := json.Marshal(command)
	if err != nil {
		return err
	}
	if _, err := b.house.Desk.Submit(ctx, by, name, key, input); err != nil {
		return fmt.Errorf("%s %s: %w", name, key, err)
	}
	return nil
}

// each does one thing for every unit, so many at once, until one fails.
func each(ctx context.Context, units []int32, do func(int32) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(flights, len(units)) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(units)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				if err := do(units[i]); err != nil {
					cancel(err)
				}
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}
