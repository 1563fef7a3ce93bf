package migration_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/migration"
)

var errCut = errors.New("injected: the connection was cut")

// Whatever breaks off, before or after an append was persisted, in reading
// either log, for a moment or for good: the target is a beginning of the
// source at every moment, and the same command run again makes it whole.
func TestResume(t *testing.T) {
	t.Parallel()
	interrupted, repeated := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t, newMemory())
		for range rapid.IntRange(0, 30).Draw(r, "turns") {
			w.turn(t, r)
		}
		target := newMemory()
		draw := func(what string) func() error {
			return func() error {
				switch rapid.IntRange(0, 19).Draw(r, what) {
				case 0, 1, 2:
					return errCut
				case 3:
					return ledger.ErrReadOnly // ends this run, as a kill would
				}
				return nil
			}
		}
		good := rapid.IntRange(0, 200)
		left := good.Draw(r, "events until a cut")
		read := func(ledger.Recorded) error {
			if left--; left >= 0 {
				return nil
			}
			left = good.Draw(r, "events until a cut")
			return errCut
		}
		from := &faulty{Log: w.log, read: read}
		to := &faulty{Log: target, before: draw("before"), after: draw("after"), read: read}
		for run := 0; ; run++ {
			if run == 20 { // enough of that
				*from, *to = faulty{Log: w.log}, faulty{Log: target}
			}
			was := len(all(t, target))
			report, err := migration.Copy(t.Context(), from, to, migration.Options{Verifier: w.verifier, Wait: hurried(&repeated)})
			now := begins(t, target, w.log)
			if int(report.Found) > was || report.Written > uint64(now-was) {
				t.Fatalf("%d events before, %d after, reported as %+v", was, now, report)
			}
			if err == nil {
				copied(t, w, target, report)
				return
			}
			interrupted++
			if run >= 20 {
				t.Fatal(err)
			}
		}
	})
	if interrupted == 0 || repeated == 0 {
		t.Errorf("%d runs were interrupted, %d times something was tried again", interrupted, repeated)
	}
}

// turn appends something at random: a run of one stream, short or long, small
// or large, or a checkpoint.
func (w *world) turn(t *testing.T, r *rapid.T) {
	if rapid.IntRange(0, 9).Draw(r, "checkpoint") == 0 {
		w.sign(t)
		return
	}
	data := make([]string, rapid.SampledFrom([]int{1, 1, 1, 1, 2, 2, 3, 5, 5, 40, ledger.MaxBatch}).Draw(r, "events"))
	large := len(data) == 3 && rapid.Bool().Draw(r, "large")
	for i := range data {
		data[i] = fmt.Sprintf(`{"i":%d,"text":%q}`, i, rapid.StringN(0, 8, 40).Draw(r, "text"))
		if large {
			data[i] = fmt.Sprintf(`{"i":%d,"text":"%s"}`, i, strings.Repeat("重", 300<<10/3))
		}
	}
	w.add(t, rapid.SampledFrom([]string{"unit-1", "unit-1-2", "document-a", "文-"}).Draw(r, "stream"), data...)
}

// A connection that is cut once in a while is tried again, and each pause is
// longer than the one before until something works.
func TestTriesAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 12)
	target, n := store(t), 0
	var tries []int
	to := &faulty{Log: target, before: func() error {
		if n++; n%4 != 0 {
			return errCut
		}
		return nil
	}}
	report, err := migration.Copy(t.Context(), w.log, to, migration.Options{Wait: func(_ context.Context, n int) error { tries = append(tries, n); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	copied(t, w, target, report)
	if fmt.Sprint(tries[:6]) != "[1 2 3 1 2 3]" || len(tries) != 3*int(report.Appends) {
		t.Errorf("%d appends were tried again as %v", report.Appends, tries)
	}
	waits, reads := 0, 0
	cut := func(ledger.Recorded) error {
		if reads++; reads%2 == 0 {
			return errCut
		}
		return nil
	}
	report, err = migration.Copy(t.Context(), &faulty{Log: w.log, read: cut}, &faulty{Log: target, read: cut}, migration.Options{Wait: hurried(&waits)})
	if err != nil || waits < 100 {
		t.Fatalf("%d pauses, %v", waits, err)
	}
	copied(t, w, target, report)
}

// Something that never answers is given up.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 12)
	appends, waits := 0, 0
	to := &faulty{Log: store(t), before: func() error {
		if appends++; appends > 3 {
			return errCut
		}
		return nil
	}}
	o := migration.Options{Wait: hurried(&waits)}
	report, err := migration.Copy(t.Context(), w.log, to, o)
	refusal(t, err, "migrate.target_unwritten", "injected", "events 1 to 5 were written", "第 1 至 5 个事件", "Run the same command again", "重新运行同一命令")
	if waits != 9 || report.Written != 5 || report.Appends != 3 {
		t.Errorf("%d pauses, %+v", waits, report)
	}
	target := to.Log
	never := func(ledger.Recorded) error { return errCut }
	_, err = migration.Copy(t.Context(), &faulty{Log: w.log, read: never}, store(t), o)
	refusal(t, err, "migrate.source_unreadable", "injected", "Nothing was written", "没有写入任何内容")
	_, err = migration.Copy(t.Context(), w.log, &faulty{Log: target, read: never}, o)
	refusal(t, err, "migrate.target_unreadable", "injected", "Nothing was written", "没有写入任何内容")
	if waits != 3*9 {
		t.Errorf("%d pauses", waits)
	}
}

// What the target has without having said so is not denied.
func TestMayHaveBeenWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 12)
	waits := 0
	o := migration.Options{Wait: hurried(&waits)}
	cutFrom := func(appended, to int) func() error { // the answers of appends from one to before another
		n := 0
		return func() error {
			if n++; n >= appended && n < to {
				return errCut
			}
			return nil
		}
	}
	// The first answer is lost, and every one for it.
	target := &faulty{Log: store(t), after: cutFrom(1, 100)}
	_, err := migration.Copy(t.Context(), w.log, target, o)
	refusal(t, err, "migrate.target_unwritten", "events 1 to 1 may have been written", "第 1 至 1 个事件可能已经写入", "Run the same command again")
	silent(t, err, "Nothing was written", "没有写入任何内容")
	if n := begins(t, target, w.log); n != 1 {
		t.Fatalf("%d events", n)
	}
	// What is found there is not what was written; the run behind it is open.
	target.after = cutFrom(1, 100)
	_, err = migration.Copy(t.Context(), w.log, target, o)
	refusal(t, err, "migrate.target_unwritten", "events 2 to 4 may have been written", "第 2 至 4 个事件可能已经写入")
	silent(t, err, "Nothing was written", "before that", "此前已写入")
	// Some runs are acknowledged, then one is not.
	target.after = cutFrom(3, 100)
	report, err := migration.Copy(t.Context(), w.log, target, o)
	refusal(t, err, "migrate.target_unwritten", "events 5 to 8 were written before that. The source's events 9 to 9 may have been written", "第 5 至 8 个事件。源账本的第 9 至 9 个事件可能已经写入")
	if report.Written != 4 || report.Found != 4 {
		t.Errorf("%+v", report)
	}
	// A refusal does not settle what became of the try before it.
	n := 0
	refused := &faulty{Log: target.Log, after: cutFrom(1, 2), before: func() error {
		if n++; n == 2 {
			return ledger.ErrReadOnly
		}
		return nil
	}}
	_, err = migration.Copy(t.Context(), w.log, refused, o)
	refusal(t, err, "migrate.target_read_only", "events 10 to 12 may have been written")
	// A try that is acknowledged in the end does.
	n = 0
	*refused = faulty{Log: target.Log, after: cutFrom(1, 2), before: func() error {
		if n++; n == 3 {
			return ledger.ErrReadOnly
		}
		return nil
	}}
	_, err = migration.Copy(t.Context(), w.log, refused, o)
	refusal(t, err, "migrate.target_read_only", "events 13 to 13 were written")
	silent(t, err, "may have been", "可能")
	// And one whose place is another's was not recorded.
	n = 0
	moved := &faulty{Log: store(t), before: func() error {
		if n++; n%2 == 1 {
			return errCut
		}
		return ledger.ErrWrongRevision
	}}
	_, err = migration.Copy(t.Context(), w.log, moved, o)
	refusal(t, err, "migrate.target_moved", "Nothing was written")
}

// silent wants an error not to say something.
func silent(t *testing.T, err error, never ...string) {
	t.Helper()
	text := ledger.AsError(err).Text
	for _, n := range never {
		if strings.Contains(text.En, n) || strings.Contains(text.Zh, n) {
			t.Errorf("%q and %q say %q", text.Zh, text.En, n)
		}
	}
}

// What does not pass by itself is not waited for.
func TestFinal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 12)
	for _, c := range []struct {
		err   error
		rule  string
		about string
	}{
		{fmt.Errorf("append: %w", ledger.ErrReadOnly), "migrate.target_read_only", "Run the same command again"},
		{fmt.Errorf("append: %w", ledger.ErrTooLarge), "migrate.too_large", "the 1 events from 1 on"},
		{ledger.Errorf(ledger.Forbidden, "store.forbidden", "无权写入。", "You may not write."), "store.forbidden", "You may not write. Nothing was written."},
		{ledger.Errorf(ledger.Unavailable, "store.cluster_denied", "不接受账户。", "The account is not accepted."), "migrate.target_unwritten", "The account is not accepted. Nothing was written."},
		{ledger.Errorf(ledger.Internal, "store.cluster_refused", "已被拒绝。", "It was refused.").Because(errors.New("an odd reason")), "migrate.target_unwritten", "an odd reason."},
		{&ledger.Damage{Why: "a stream was deleted"}, "migrate.target_damaged", "a stream was deleted"},
	} {
		waits := 0
		_, err := migration.Copy(t.Context(), w.log, &faulty{Log: store(t), before: func() error { return c.err }}, migration.Options{Wait: hurried(&waits)})
		refusal(t, err, c.rule, c.about, "Nothing was written")
		if waits != 0 {
			t.Errorf("%s: tried again %d times", c.about, waits)
		}
	}
	waits := 0
	damaged := &faulty{Log: w.log, read: func(e ledger.Recorded) error { return &ledger.Damage{Ordinal: e.Position.Ordinal, Why: "gone"} }}
	_, err := migration.Copy(t.Context(), damaged, store(t), migration.Options{Wait: hurried(&waits)})
	refusal(t, err, "migrate.source_damaged", "ordinal 1: gone")
	_, err = migration.Copy(t.Context(), damaged.Log, damaged, migration.Options{Wait: hurried(&waits)})
	refusal(t, err, "migrate.target_damaged", "ordinal 1: gone")
	if waits != 0 {
		t.Errorf("damage was looked at again %d times", waits)
	}
}

// An interruption is an interruption, not a fault of a log.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 12)
	target := store(t)
	for _, at := range []string{"append", "pause", "read"} {
		ctx, cancel := context.WithCancel(t.Context())
		to := &faulty{Log: target}
		switch n := 0; at {
		case "append":
			to.after = func() error {
				if n++; n == 3 {
					cancel()
				}
				return nil
			}
		case "pause":
			to.before = func() error {
				if n++; n == 3 {
					cancel()
					return errCut
				}
				return nil
			}
		case "read":
			to.read = func(ledger.Recorded) error {
				if n++; n == 5 {
					cancel()
				}
				return nil
			}
		}
		if _, err := migration.Copy(ctx, w.log, to, migration.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", at, err)
		}
		begins(t, target, w.log)
		cancel()
	}
	report, err := migration.Copy(t.Context(), w.log, target, migration.Options{Verifier: w.verifier})
	if err != nil {
		t.Fatal(err)
	}
	copied(t, w, target, report)
}
