package follow

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// follower is follow.mjs at work.
type follower struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	said  strings.Builder
}

func follow(t *testing.T, url, prefix string, after ledger.Position) *follower {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	args := []string{"follow.mjs", url, prefix}
	if after != (ledger.Position{}) {
		args = append(args, fmt.Sprint(after.Commit), fmt.Sprint(after.Prepare))
	}
	f := &follower{cmd: exec.CommandContext(ctx, "node", args...)}
	f.cmd.Stderr = &f.said
	out, err := f.cmd.StdoutPipe()
	must(t, err)
	f.lines = bufio.NewScanner(out)
	f.lines.Buffer(nil, 4<<20)
	must(t, f.cmd.Start())
	t.Cleanup(func() { cancel(); _ = f.cmd.Wait() }) // it follows until it is stopped
	return f
}

func (f *follower) stop(t *testing.T) {
	t.Helper()
	must(t, f.cmd.Process.Kill())
	for f.lines.Scan() {
		t.Errorf("it had more to say: %s", f.lines.Text())
	}
	_ = f.cmd.Wait() // killed
}

// brings reads as many lines as there are events and compares them.
func (f *follower) brings(t *testing.T, events []ledger.Recorded) {
	t.Helper()
	for i, e := range events {
		if !f.lines.Scan() {
			_ = f.cmd.Wait()
			t.Fatalf("it ended behind %d of %d events: %s", i, len(events), f.said.String())
		}
		want := fmt.Sprintf("%d %d %s %d %s %s", e.Position.Commit, e.Position.Prepare, e.Stream, e.Revision, e.Type, e.Data)
		if got := f.lines.Text(); got != want {
			t.Fatalf("event %d of %d:\n got %s\nwant %s", i, len(events), got, want)
		}
	}
}

// A follower gets what is there, then what is recorded while it follows; one
// that was killed goes on behind the last event it has.
func TestFollow(t *testing.T) {
	const category = "assignment"
	w := serve(t)
	w.play(t)
	w.play(t)
	first := w.holds(t, ledger.Position{}, of(category))
	f := follow(t, w.URL(), category+"-", ledger.Position{})
	f.brings(t, first)
	last := first[len(first)-1].Position
	for range 2 {
		w.play(t)
		more := w.holds(t, last, of(category))
		f.brings(t, more)
		last = more[len(more)-1].Position
	}
	f.stop(t)

	w.play(t)
	missed := w.holds(t, last, of(category))
	f = follow(t, w.URL(), category+"-", last)
	f.brings(t, missed)
	last = missed[len(missed)-1].Position
	w.play(t)
	f.brings(t, w.holds(t, last, of(category)))
	f.stop(t)
}
