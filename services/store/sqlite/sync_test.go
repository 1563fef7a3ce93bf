package sqlite

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// traced runs the child under strace and gives its output and the calls it
// made, in order.
func traced(t *testing.T, role, number string, options ...string) (string, []call) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed, so it cannot be shown that appends are synced before they are answered: install the package strace")
	}
	file, dir := filepath.Join(t.TempDir(), "trace"), t.TempDir()
	args := append([]string{"-f", "-y", "-s", "8192", "-o", file, "-e", "trace=fdatasync,fsync,write,pwrite64"}, options...)
	cmd := exec.Command(strace, append(args, os.Args[0], dir, number)...)
	cmd.Env = append(os.Environ(), childRole+"="+role)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if strings.Contains(errs.String(), "PTRACE") && strings.Contains(errs.String(), "not permitted") {
			t.Fatalf("ptrace is not permitted here, and without it nobody sees whether an append is synced before it is answered; allow it (docker: --cap-add SYS_PTRACE): %s", errs.String())
		}
		t.Fatalf("strace: %v: %s", err, errs.String())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), calls(string(text))
}

// call is one system call: where it begins and where it returned in the
// trace's order.
type call struct {
	name, file, args, result string
	begin, end               int
}

var (
	whole   = regexp.MustCompile(`^(\d+) +(\w+)\(\d+<([^>]*)>(.*)\) += (.*)$`)
	opening = regexp.MustCompile(`^(\d+) +(\w+)\(\d+<([^>]*)>(.*) <unfinished \.\.\.>$`)
	closing = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (.*)$`)
)

func calls(trace string) (all []call) {
	open := map[string]call{}
	for n, line := range strings.Split(trace, "\n") {
		if m := whole.FindStringSubmatch(line); m != nil {
			all = append(all, call{m[2], m[3], m[4], m[5], n, n})
		} else if m := opening.FindStringSubmatch(line); m != nil {
			open[m[1]] = call{name: m[2], file: m[3], args: m[4], begin: n}
		} else if m := closing.FindStringSubmatch(line); m != nil && open[m[1]].name == m[2] {
			c := open[m[1]]
			c.args, c.result, c.end = c.args+m[3], m[4], n
			all = append(all, c)
		}
	}
	return all
}

func (c call) syncs() bool {
	return (c.name == "fdatasync" || c.name == "fsync") && strings.HasSuffix(c.file, "/ledger.db-wal")
}

func (c call) writesWAL() bool {
	return c.name == "pwrite64" && strings.HasSuffix(c.file, "/ledger.db-wal")
}

// TestSyncBeforeAnswer shows with the kernel's eyes that between the write of
// an event and the word that it is recorded there is a sync that returned.
func TestSyncBeforeAnswer(t *testing.T) {
	out, trace := traced(t, "few", "12")
	acks, names := 0, map[string]int{}
	for _, said := range trace {
		if said.name != "write" || !strings.Contains(said.args, `"ack `) {
			continue
		}
		var stream string
		var revision int
		if _, err := fmt.Sscanf(said.args[strings.Index(said.args, "ack "):], "ack %s %d", &stream, &revision); err != nil {
			t.Fatalf("%s: %v", said.args, err)
		}
		at := fmt.Sprintf("<%s/%d>", stream, revision)
		written := slices.IndexFunc(trace, func(c call) bool { return c.writesWAL() && strings.Contains(c.args, at) })
		if written < 0 {
			t.Fatalf("%s was acknowledged, and no write to the write-ahead log holds it", at)
		}
		synced := slices.IndexFunc(trace, func(c call) bool {
			return c.syncs() && c.begin > trace[written].end && c.end < said.begin && strings.HasPrefix(c.result, "0")
		})
		if synced < 0 {
			t.Fatalf("%s was acknowledged with no sync between its write and the answer", at)
		}
		names[trace[synced].name]++
		acks++
	}
	if acks != 48 || strings.Count(out, "ack ") != acks {
		t.Fatalf("%d acknowledgements in the trace, want 48; the child said:\n%s", acks, out)
	}
	t.Logf("%d appends were synced before they were answered, by %v", acks, names)
}

// TestSyncFails lets the kernel refuse a sync: the append that waited for it
// is told that nobody knows, later ones are refused, and nothing is tried
// again.
func TestSyncFails(t *testing.T) {
	out, trace := traced(t, "failing", "0", "-e", "inject=fdatasync,fsync:error=EIO:when=12+")
	for _, want := range []string{"ack 0\n", "first store.outcome_unknown false\n", "second store.read_only true\n", "err true\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("the child did not say %q:\n%s", want, out)
		}
	}
	failed := slices.IndexFunc(trace, func(c call) bool { return c.syncs() && strings.Contains(c.result, "EIO") })
	if failed < 0 {
		t.Fatal("no sync of the write-ahead log failed")
	}
	for _, c := range trace[failed+1:] {
		if c.syncs() || c.name == "pwrite64" && strings.Contains(c.file, "/ledger.db") && !strings.HasSuffix(c.file, "-shm") {
			t.Errorf("after the failed sync: %s(%s) = %s", c.name, c.file, c.result)
		}
	}
}

func TestTraceIsRead(t *testing.T) {
	got := calls(`7 pwrite64(5</d/ledger.db-wal>, "<w-0/1>", 7, 0) = 7
7 fdatasync(5</d/ledger.db-wal> <unfinished ...>
8 write(1<pipe:[1]>, "ack w-0 0 1 ab .\n", 17) = 17
7 <... fdatasync resumed>) = -1 EIO (Input/output error) (INJECTED)
8 +++ exited with 0 +++`)
	if len(got) != 3 || !got[0].writesWAL() || got[1].name != "write" || !got[2].syncs() || got[2].begin != 1 || got[2].end != 3 || !strings.Contains(got[2].result, "EIO") {
		t.Error(errors.New("the trace was read wrongly"), got)
	}
}
