package script

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const snapshotFile = "view.snapshot"

// kept is a copy of a data folder with a snapshot of all of it.
func kept(t testing.TB, from string) string {
	t.Helper()
	dir := copied(t, from)
	serve(t, "--data", dir, "--snapshot-every", "1").stop(t)
	snapshotOf(t, dir)
	return dir
}

// snapshotOf wants a snapshot that only its owner may read, and nothing that
// was left while one was made.
func snapshotOf(t testing.TB, dir string) []byte {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, snapshotFile))
	if err != nil || info.Mode() != 0o600 {
		t.Fatalf("the snapshot: %v, %v", info, err)
	}
	if left := halves(t, dir); len(left) > 0 {
		t.Fatalf("left over: %v", left)
	}
	return contents(t, dir, snapshotFile)
}

// halves are the snapshots that were not finished.
func halves(t testing.TB, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, snapshotFile+".new-*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// spared is the ordinal of the snapshot that a server started from, 0 where
// it read the log, and what it said against snapshots.
func spared(t testing.TB, s *server) (ordinal uint64, against []string) {
	t.Helper()
	for end := time.Now().Add(patience); !strings.Contains(s.err.String(), `"msg":"serving"`); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it is ready and does not say so")
		}
	}
	for line := range strings.Lines(s.err.String()) {
		l := read[struct {
			Level, Msg string
			Ordinal    uint64
		}](t, line)
		if l.Msg == "started from a snapshot" {
			ordinal = l.Ordinal
		} else if l.Level != "INFO" && strings.Contains(l.Msg, "snapshot") {
			against = append(against, l.Level+" "+l.Msg)
		}
	}
	return ordinal, against
}

// startsFrom serves a folder that has a good snapshot.
func startsFrom(t testing.TB, dir string, want uint64) *server {
	t.Helper()
	s := serve(t, "--data", dir, "--snapshot-every", "1")
	ordinal, against := spared(t, s)
	if ordinal != want || len(against) > 0 {
		t.Fatalf("it started from a snapshot of ordinal %d, not %d, and said %q", ordinal, want, against)
	}
	return s
}

func ask(t testing.TB, s *server, query string, variables map[string]any) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	w := request(t, asked{http.MethodPost, s.url + "/graphql", string(body), []string{"Content-Type: application/json"}})
	if w.status != http.StatusOK || strings.Contains(w.body, `"errors"`) {
		t.Fatalf("%s %v: %d %s", query, variables, w.status, w.body)
	}
	return w.body
}

// standing is how far a served ledger is, and its root there.
func standing(t testing.TB, s *server) (ordinal uint64, root string) {
	t.Helper()
	l := read[struct {
		Data struct {
			Ledger struct{ Ordinal, Root string }
		}
	}](t, ask(t, s, "{ledger{ordinal root}}", nil)).Data.Ledger
	if _, err := fmt.Sscan(l.Ordinal, &ordinal); err != nil {
		t.Fatal(err)
	}
	return ordinal, l.Root
}

const (
	everythingTraced = `query($m:ID!,$u:ID!){trace(mandate:$m,unit:$u){...T} then:trace(mandate:$m,unit:$u,asOf:{ordinal:"102"}){...T}}
fragment T on Trace{mandate{id title} unit{code name level} measure{key name unit kind harder} issuance{id}
 value provisional asOf originating{code} reference{unit{code name} value document{id number title} events{ordinal hash}}
 steps{...S} layers{...S} items{item units{code name} events{ordinal hash}} reliefs{item unit{code name} events{ordinal hash}}
 flags{code unit{code name} found expected events{ordinal hash}}}
fragment S on Step{unit{code name level} amount ratio kind authorised source document{id number title} events{ordinal hash}}`
	everythingListed = `{mandates(first:200){edges{node{id title}} total} units(first:200){edges{node{code name}} total}
 documents(first:200){edges{node{id number title}} total} objections(first:200){id} handoffs(first:200){id} burdenByOrigin(first:50){__typename}}`
)

// answersOf is what a server says of every mandate and unit, byte for byte.
// The pairs are those of which there is something to say.
func answersOf(t testing.TB, s *server) (all string, pairs [][2]string) {
	t.Helper()
	list := ask(t, s, everythingListed, nil)
	type edges struct {
		Edges []struct{ Node struct{ ID, Code string } }
	}
	found := read[struct {
		Data struct{ Mandates, Units edges }
	}](t, list).Data
	out := []string{list}
	for _, m := range found.Mandates.Edges {
		for _, u := range found.Units.Edges {
			body := ask(t, s, everythingTraced, map[string]any{"m": m.Node.ID, "u": u.Node.Code})
			out = append(out, m.Node.ID+" "+u.Node.Code+" "+body)
			if strings.Contains(body, `"steps"`) {
				pairs = append(pairs, [2]string{m.Node.ID, u.Node.Code})
			}
		}
	}
	if len(found.Mandates.Edges) < 5 || len(found.Units.Edges) < 30 || len(pairs) < 10 {
		t.Fatalf("%d mandates, %d units, %d traces", len(found.Mandates.Edges), len(found.Units.Edges), len(pairs))
	}
	return strings.Join(out, "\n"), pairs
}

// sameAnswers compares two servers and shows the first line that differs.
func sameAnswers(t testing.TB, is, was, what string) {
	t.Helper()
	if is == was {
		return
	}
	got, want := strings.Split(is, "\n"), strings.Split(was, "\n")
	at := 0
	for at < min(len(got), len(want))-1 && got[at] == want[at] {
		at++
	}
	t.Errorf("%s: another answer than\n%s\nnamely\n%s", what, want[at], got[at])
}

// A start from a snapshot is a start: the same answers and root, commands go
// on, and what came in behind the snapshot is folded.
func TestSnapshotStart(t *testing.T) {
	dir := kept(t, demoFolder(t))
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	bare := copied(t, dir)
	if err := os.Remove(filepath.Join(bare, snapshotFile)); err != nil {
		t.Fatal(err)
	}
	whole := serve(t, "--data", bare, "--snapshot-every", "0")
	n, root := standing(t, whole)
	want, _ := answersOf(t, whole)
	whole.stop(t)
	if _, err := os.Stat(filepath.Join(bare, snapshotFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("--snapshot-every 0 made one")
	}

	s := startsFrom(t, dir, n)
	if figures := metricsOf(t, s); strings.Contains(figures, "\nsuyuan_snapshot_timestamp_seconds 0\n") || !strings.Contains(figures, "\nsuyuan_snapshot_timestamp_seconds 1") {
		t.Error("the figures do not say when the snapshot was made")
	}
	if got, at := standing(t, s); got != n || at != root {
		t.Errorf("ordinal %d, root %s; read from the log they are %d, %s", got, at, n, root)
	}
	got, _ := answersOf(t, s)
	sameAnswers(t, got, want, "from the snapshot")
	write := func(s *server, key string) {
		t.Helper()
		if w := submit(t, s, clerk, "document.register", key, paper(key)); w.status != http.StatusCreated {
			t.Fatalf("%s: %d %s", key, w.status, w.body)
		}
		if w := submit(t, s, clerk, "unit.declare_capacity", key+"-c", `{"code":"990101001","of":"hall","value":"7","asOf":"2022-03-04"}`); w.status != http.StatusCreated {
			t.Fatalf("%s: %d %s", key, w.status, w.body)
		}
	}
	write(s, "after-a-snapshot")
	s.stop(t)
	sound(t, dir)

	s = startsFrom(t, dir, uint64(len(rows(t, copied(t, dir)))))
	write(s, "before-a-kill")
	at, _ := standing(t, s)
	if err := s.end(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s = startsFrom(t, dir, n+3) // two commands and the checkpoint
	if now, _ := standing(t, s); now < at {
		t.Errorf("%d of %d events are folded", now, at)
	}
	for _, key := range []string{"after-a-snapshot", "before-a-kill"} {
		if w := get(t, s.url+"/documents/"+key); w.status != http.StatusOK {
			t.Errorf("%s: %d", key, w.status)
		}
		if w := submit(t, s, clerk, "document.register", key, paper(key)); w.status != http.StatusCreated || !read[receipt](t, w.body).Repeated {
			t.Errorf("%s, sent again: %d %s", key, w.status, w.body)
		}
	}
	write(s, "after-a-kill")
	s.stop(t)
	sound(t, dir)
}

// sound wants a ledger that verifies, and whose read model from the snapshot
// has the root of its events.
func sound(t *testing.T, dir string) {
	t.Helper()
	found(t, dir, 0, "served from a snapshot")
	all := rows(t, copied(t, dir))
	s := startsFrom(t, copied(t, dir), uint64(len(all)))
	n, root := standing(t, s)
	if want := rootOf(t, all, n); root != want {
		t.Errorf("root %s at ordinal %d, its events have %s", root, n, want)
	}
	if _, said := verify(t, dir); !strings.Contains(said, root) {
		t.Errorf("root %s, verify says %s", root, said)
	}
	s.stop(t)
}

// A snapshot that is not whole, or not of this ledger, is passed over with a
// word; the answers are those of the log, and the next one is good.
func TestSnapshotPassedOver(t *testing.T) {
	older := demoFolder(t)
	good := kept(t, older)
	file := snapshotOf(t, good)
	turn := func(at int) func(string) {
		return func(dir string) { flip(t, filepath.Join(dir, snapshotFile), at) }
	}
	holds := func(content []byte) func(string) {
		return func(dir string) { overwrite(t, filepath.Join(dir, snapshotFile), content) }
	}
	grown := func(name string) string { // the older ledger gone on
		dir := copied(t, older)
		if err := written(dir, name, 12, 1, syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	longer, gone := kept(t, grown("one-way")), grown("another-way")
	other := filepath.Join(t.TempDir(), "other")
	serve(t, "--demo", "--data", other, "--snapshot-every", "1").stop(t)
	type telling struct {
		trace, root, answers string
		ordinal              uint64
	}
	told := map[string]telling{}
	withoutSnapshot := func(ledger string) telling {
		if is, ok := told[ledger]; ok {
			return is
		}
		bare := copied(t, ledger)
		if err := os.Remove(filepath.Join(bare, snapshotFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		is := telling{trace: traced(t, bare, "farmland-600", "990101001002")}
		s := serve(t, "--data", bare, "--snapshot-every", "0")
		is.ordinal, is.root = standing(t, s)
		is.answers, _ = answersOf(t, s)
		s.stop(t)
		told[ledger] = is
		return is
	}
	for name, c := range map[string]struct {
		ledger string
		change func(dir string)
		says   string
	}{
		"the magic":         {good, turn(3), "passed over"},
		"the layout":        {good, turn(24), "passed over"},
		"the ordinal":       {good, turn(52), "passed over"},
		"the root":          {good, turn(70), "passed over"},
		"a length":          {good, turn(95), "passed over"},
		"the sum":           {good, turn(120), "passed over"},
		"a byte of a row":   {good, turn(len(file) / 3), "passed over"},
		"the last byte":     {good, turn(len(file) - 1), "passed over"},
		"cut":               {good, holds(file[:len(file)-len(file)/4]), "passed over"},
		"cut in its header": {good, holds(file[:40]), "passed over"},
		"empty":             {good, holds(nil), "passed over"},
		"longer":            {good, holds(append(bytes.Clone(file), file...)), "passed over"},
		"another ledger's":  {good, holds(snapshotOf(t, other)), "passed over"}, // its checkpoints were signed with another key
		"an older backup":   {older, holds(snapshotOf(t, longer)), "not of this ledger"},
		"gone another way":  {gone, holds(snapshotOf(t, longer)), "not of this ledger"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copied(t, c.ledger)
			c.change(dir)
			want := withoutSnapshot(c.ledger)
			if got := traced(t, dir, "farmland-600", "990101001002"); got != want.trace {
				t.Errorf("trace says %s, without a snapshot %s", got, want.trace)
			}
			s := serve(t, "--data", dir, "--snapshot-every", "1")
			ordinal, against := spared(t, s)
			if ordinal != 0 || len(against) != 1 || !strings.HasPrefix(against[0], "WARN ") || !strings.Contains(against[0], c.says) {
				t.Errorf("it started from ordinal %d and said %q", ordinal, against)
			}
			if at, is := standing(t, s); at != want.ordinal || is != want.root {
				t.Errorf("ordinal %d, root %s; without a snapshot %d, %s", at, is, want.ordinal, want.root)
			}
			got, _ := answersOf(t, s)
			sameAnswers(t, got, want.answers, name)
			s.stop(t)
			s = startsFrom(t, dir, want.ordinal)
			got, _ = answersOf(t, s)
			sameAnswers(t, got, want.answers, name+", started again")
			s.stop(t)
		})
	}
}

func traced(t testing.TB, dir, mandate, unit string) string {
	t.Helper()
	out, stderr, code := command(t, nil, "trace", "--data", dir, "--mandate", mandate, "--unit", unit, "--json")
	if code != 0 || stderr != "" || !strings.Contains(out, `"steps"`) {
		t.Fatalf("trace %s %s: status %d, %s%s", mandate, unit, code, out, stderr)
	}
	return out
}

func overwrite(t testing.TB, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
