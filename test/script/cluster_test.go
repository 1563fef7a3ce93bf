package script

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// scenarios are the files of the embedded scenarios.
func scenarios(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "..", "seeds", "*.json"))
	if err != nil || len(names) < 9 {
		t.Fatalf("%v, %v", names, err)
	}
	return names
}

// ran is a command that must succeed; it gives what was printed.
func ran(t testing.TB, args ...string) string {
	t.Helper()
	stdout, stderr, code := command(t, nil, args...)
	if code != 0 {
		t.Fatalf("%v: %d %s", args, code, stderr)
	}
	return stdout
}

// The commands do with a cluster what they do with a folder: the same
// scenarios make the same ledger under the same Merkle root, and its traces
// and exports are the same to the byte.
func TestClusterCommands(t *testing.T) {
	t.Parallel()
	c, at := newCluster(t), t.TempDir()
	folder, keys := filepath.Join(at, "folder"), filepath.Join(at, "keys")
	embedded := []string{"--data", folder}
	distant := []string{"--data", keys, "--store", c.url}
	on := func(args []string, more ...string) []string { return append(args[:len(args):len(args)], more...) }
	both := func(name string, args ...string) (is, was string) {
		t.Helper()
		return ran(t, on([]string{name}, on(distant, args...)...)...), ran(t, on([]string{name}, on(embedded, args...)...)...)
	}
	both("seed", scenarios(t)...)
	verified := func() string {
		t.Helper()
		is, was := both("verify")
		if is != was || !strings.HasPrefix(was, "verified: ") {
			t.Fatalf("verify says\n%s, of the same scenarios in a folder\n%s", is, was)
		}
		return is
	}
	once := verified()
	both("seed", scenarios(t)...)
	if again := verified(); again != once {
		t.Errorf("playing again made of\n%s\n%s", once, again)
	}
	for _, args := range [][]string{
		{"--mandate", "farmland-600", "--unit", "990101001002"},
		{"--mandate", "farmland-600", "--unit", "990101001002", "--json"},
	} {
		if is, was := both("trace", args...); is != was || was == "" {
			t.Errorf("trace %v:\n%s\nin a folder\n%s", args, is, was)
		}
	}
	for _, as := range [][]string{{}, {"--as", "auditor"}} {
		name := strings.Join(append([]string{"as"}, as...), "")
		ran(t, on([]string{"export", "--to", filepath.Join(at, name+"-is")}, on(distant, as...)...)...)
		ran(t, on([]string{"export", "--to", filepath.Join(at, name+"-was")}, on(embedded, as...)...)...)
		sameFiles(t, filepath.Join(at, name+"-is"), filepath.Join(at, name+"-was"))
	}

	divisions := t.TempDir()
	for name, rows := range map[string]string{
		"provinces.csv": "code,name\n99,云岭省（虚构）\n",
		"cities.csv":    "code,name,provinceCode\n9908,望河市,99\n",
		"areas.csv":     "code,name,cityCode,provinceCode\n990801,望河县,9908,99\n",
		"streets.csv":   "code,name,areaCode,provinceCode,cityCode\n990801001,东河镇,990801,99,9908\n",
		"villages.csv":  "code,name,streetCode,provinceCode,cityCode,areaCode\n990801001001,大庄村,990801001,99,9908,990801\n990801001002,小庄村,990801001,99,9908,990801\n",
	} {
		if err := os.WriteFile(filepath.Join(divisions, name), []byte(rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if is, was := both("import", "divisions", divisions); is != was || !strings.Contains(was, "units registered") {
			t.Errorf("import divisions:\n%s\nin a folder\n%s", is, was)
		}
	}
	if is, was := both("verify"); strings.Fields(is)[1] != strings.Fields(was)[1] {
		t.Errorf("after the import: %s, in a folder %s", is, was)
	}
	ran(t, "keygen", "--data", keys) // tokens are the data folder's, wherever the events are
	if is := token(t, keys, "--role", "admin"); strings.Count(is, ".") != 2 {
		t.Errorf("a token: %s", is)
	}
	if _, err := os.Stat(filepath.Join(keys, "ledger.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data folder of a ledger on a cluster holds a database: %v", err)
	}
}

// sameFiles compares two folders.
func sameFiles(t testing.TB, is, was string) {
	t.Helper()
	for _, way := range [][2]string{{is, was}, {was, is}} {
		names, err := filepath.Glob(filepath.Join(way[0], "*"))
		if err != nil || len(names) < 10 {
			t.Fatalf("%v, %v", names, err)
		}
		for _, name := range names {
			got, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join(way[1], filepath.Base(name)))
			if err != nil || string(got) != string(want) {
				t.Errorf("%s differs: %v", filepath.Base(name), err)
			}
		}
	}
}

// A server on a cluster is a server: it plays the demonstration once, keeps it,
// takes entries under the ordinals that the fold counts, and leaves the same
// ledger as one in a folder: the first checkpoint signs the same root.
func TestClusterServe(t *testing.T) {
	t.Parallel()
	c, dir := newCluster(t), filepath.Join(t.TempDir(), "data")
	s := serve(t, "--demo", "--data", dir, "--store", c.url)
	if out := s.out.String(); !strings.Contains(out, "\n220 = 200 (county) + 20 (town)\n") && !strings.HasPrefix(out, "220 = 200 (county) + 20 (town)\n") || strings.Count(out, "sign-in ") != 5 {
		t.Errorf("the demonstration: %s", out)
	}
	if n := strings.Count(s.err.String(), "/17] "); n != 17 {
		t.Errorf("%d of 17 scenarios were played", n)
	}
	if h := healthz(t, s); h.Status != "ok" {
		t.Errorf("%+v", h)
	}
	s.stop(t)
	covered, root := firstCheckpoint(t, "--data", dir, "--store", c.url)
	if n, r := firstCheckpoint(t, "--data", demoFolder(t)); n != covered || r != root || n == 0 {
		t.Errorf("the first checkpoint is over %d events, root %s; in a folder over %d, %s", covered, root, n, r)
	}
	verified := ran(t, "verify", "--data", dir, "--store", c.url)

	s = serve(t, "--demo", "--data", dir, "--store", c.url)
	if strings.Contains(s.err.String(), "/17] ") || !strings.Contains(s.out.String(), "220 = 200 (county) + 20 (town)\n") {
		t.Errorf("the second start: %s%s", s.out.String(), s.err.String())
	}
	n, _ := standing(t, s)
	if want := fmt.Sprintf("verified: %d events", n); !strings.HasPrefix(verified, want) {
		t.Errorf("%s, and served are %d", verified, n)
	}
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	for i := range 5 {
		key := fmt.Sprint("cluster-", i)
		w := submit(t, s, clerk, "document.register", key, paper(key))
		r := read[receipt](t, w.body)
		if want := fmt.Sprint(n + uint64(i) + 1); w.status != http.StatusCreated || r.Ordinal != want || r.Revision != 0 || r.Repeated {
			t.Errorf("%s, to be ordinal %s: %d %s", key, want, w.status, w.body)
		}
		again := read[receipt](t, submit(t, s, clerk, "document.register", key, paper(key)).body)
		if again.Ordinal != r.Ordinal || !again.Repeated {
			t.Errorf("%s once more: %+v, was %+v", key, again, r)
		}
		if w := get(t, s.url+"/documents/"+key); w.status != http.StatusOK {
			t.Errorf("the page of %s: %d", key, w.status)
		}
	}
	if w := submit(t, s, clerk, "document.register", "cluster-0", strings.Replace(paper("cluster-0"), "关于", "有关", 1)); w.status != http.StatusConflict || refused(t, w).Rule != "command.key_reused" {
		t.Errorf("a key for something else: %d %s", w.status, w.body)
	}

	// One writer a data folder, whatever the store; who reads may look on.
	_, stderr, code := command(t, nil, "serve", "--data", dir, "--store", c.url, "--listen", "127.0.0.1:0")
	if code != 1 || !strings.Contains(stderr, "Another process works with the folder") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("a second server: %d %s", code, stderr)
	}
	ran(t, "verify", "--data", dir, "--store", c.url)
	s.stop(t)
	ran(t, "verify", "--data", dir, "--store", c.url)

	// The checkpoints' keys are the data folder's: without them nobody goes on.
	empty := filepath.Join(t.TempDir(), "other")
	_, stderr, code = command(t, nil, "serve", "--data", empty, "--store", c.url, "--listen", "127.0.0.1:0")
	if code != 1 || !strings.Contains(stderr, "copy keys from the data folder") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("without the keys: %d %s", code, stderr)
	}
	if err := copyFolder(filepath.Join(empty, "keys"), filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	s = serve(t, "--data", empty, "--store", c.url)
	s.stop(t)
}

// Two servers with the same keys may share a cluster's ledger: what one takes
// the other shows, under the same ordinal, and a key sent to both counts once.
func TestClusterShared(t *testing.T) {
	t.Parallel()
	c, dir := newCluster(t), filepath.Join(t.TempDir(), "data")
	one := serve(t, "--demo", "--data", dir, "--store", c.url)
	other := filepath.Join(t.TempDir(), "other")
	if err := copyFolder(filepath.Join(other, "keys"), filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	two := serve(t, "--data", other, "--store", c.url)
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	const papers = 24
	var writing sync.WaitGroup
	var told [papers][2]receipt
	for i := range papers {
		for n, s := range []*server{one, two} {
			writing.Go(func() {
				key := fmt.Sprint("shared-", i)
				w := submit(t, s, clerk, "document.register", key, paper(key))
				if w.status != http.StatusCreated {
					t.Errorf("%s to server %d: %d %s", key, n+1, w.status, w.body)
				}
				told[i][n] = read[receipt](t, w.body)
			})
		}
	}
	writing.Wait()
	for i, r := range told {
		if r[0].Ordinal != r[1].Ordinal || r[0].Ordinal == "" || r[0].Repeated && r[1].Repeated || r[0].Revision != 0 || r[1].Revision != 0 {
			t.Errorf("shared-%d: one server said %+v, the other %+v", i, r[0], r[1])
		}
	}
	agree(t, one, two)
	one.stop(t)
	two.stop(t)
	ran(t, "verify", "--data", dir, "--store", c.url)
}

// agree waits until two servers show the same log. What the servers enter
// themselves, a checkpoint, may come on record between two looks.
func agree(t *testing.T, one, two *server) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		n, root := standing(t, one)
		m, other := standing(t, two)
		switch {
		case m == n && other == root:
			return
		case m == n, time.Now().After(deadline):
			t.Fatalf("one server is at %d, %s, the other at %d, %s", n, root, m, other)
		}
	}
}

// firstCheckpoint is what the first checkpoint in an export says.
func firstCheckpoint(t testing.TB, at ...string) (size uint64, root string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	ran(t, append([]string{"export", "--as", "auditor", "--format", "jsonl", "--to", dir}, at...)...)
	for line := range strings.Lines(string(contents(t, dir, "events.jsonl"))) {
		e := read[struct{ Type, Data string }](t, line)
		if e.Type != "checkpoint.signed" {
			continue
		}
		signed := read[struct {
			Size uint64
			Root string
		}](t, e.Data)
		return signed.Size, signed.Root
	}
	t.Fatal("there is no checkpoint")
	return 0, ""
}

// What cannot be is said, in one line, with nobody's password in it.
func TestClusterRefused(t *testing.T) {
	t.Parallel()
	c, s := newCluster(t), newCluster(t, "--tls")
	const password = "s3cret-w0rd"
	dir := filepath.Join(t.TempDir(), "data")
	ran(t, "seed", "--data", dir, "--store", c.url, scenarios(t)[0])
	wrong := strings.Replace(s.url, "changeit", password, 1)
	nobody := "127.0.0.1:1" // no test may listen there
	short := "&maxDiscoverAttempts=2&discoveryInterval=50&defaultDeadline=5000"
	backup := filepath.Join(t.TempDir(), "backup.tar")
	for name, w := range map[string]struct {
		code int
		says string // what the last line says
		args []string
	}{
		"backup":             {1, "suyuan migrate", []string{"backup", backup, "--store", c.url}},
		"a wrong password":   {1, "password", []string{"verify", "--store", wrong + short}},
		"and to serve":       {1, "password", []string{"serve", "--store", wrong + short, "--listen", "127.0.0.1:0"}},
		"nobody there":       {1, nobody, []string{"verify", "--store", "esdb://" + nobody + "?tls=false" + short}},
		"nobody, with TLS":   {1, nobody, []string{"verify", "--store", "esdb://admin:" + password + "@" + nobody + "?" + short[1:]}},
		"no such name":       {1, "no-such-host.invalid", []string{"verify", "--store", "esdb://no-such-host.invalid:2113?tls=false" + short}},
		"another scheme":     {2, "esdb://HOST:PORT", []string{"verify", "--store", "edsb://admin:" + password + "@" + c.address}},
		"no scheme":          {2, "esdb://HOST:PORT", []string{"serve", "--store", "admin:" + password + "@" + c.address}},
		"a scheme misspelt":  {2, "esdb://HOST:PORT", []string{"verify", "--store", "esdb+discovr://admin:" + password + "@" + c.address}},
		"a setting misspelt": {2, "tlsCaFiel", []string{"verify", "--store", "esdb://admin:" + password + "@" + c.address + "?tlsCaFiel=x"}},
		"a value":            {2, "tls", []string{"verify", "--store", "esdb://" + c.address + "?tls=perhaps"}},
		"a port":             {2, "host:port", []string{"verify", "--store", "esdb://admin:" + password + "@127.0.0.1:99999"}},
		"password, no TLS":   {2, "tls", []string{"verify", "--store", "esdb://admin:" + password + "@" + c.address + "?tls=false"}},
		"certificate absent": {2, "nowhere.pem", []string{"verify", "--store", "esdb://admin:" + password + "@" + s.address + "?tlsCAFile=nowhere.pem"}},
		"another authority":  {1, "certificate", []string{"verify", "--store", "esdb://admin:" + password + "@" + s.address + "?" + short[1:]}},
		"TLS on plain":       {1, "tls=false", []string{"verify", "--store", "esdb://" + c.address + "?" + short[1:]}},
		"no TLS on TLS":      {1, s.address, []string{"verify", "--store", "esdb://" + s.address + "?tls=false" + short}},
	} {
		_, stderr, code := command(t, nil, append(w.args, "--data", dir)...)
		lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
		last := lines[len(lines)-1]
		if code != w.code || !strings.HasPrefix(last, "suyuan: ") || !strings.Contains(last, w.says) || strings.Contains(stderr, password) || len(lines) > 1 && w.code == 2 {
			t.Errorf("%s: %d, not %d and %q: %s", name, code, w.code, w.says, stderr)
		}
	}
	if _, err := os.Stat(backup); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a backup that was refused: %v", err)
	}
	// Whatever is wrong with it, the environment's value does not show either.
	for _, store := range []string{"admin:" + password + "@" + c.address, "esdb:admin:" + password + "@" + c.address, "edsb://admin:" + password + "@" + c.address, "averyveryverylongschemehere:" + password + "@x"} {
		for _, args := range [][]string{{"verify"}, {"verify", "--lang", "zh"}, {"serve"}, {"backup", backup}, {"export", "--to", t.TempDir()}} {
			_, stderr, code := commandIn(t, t.TempDir(), []string{"SUYUAN_STORE=" + store}, append(args, "--data", dir)...)
			if code == 0 || strings.Contains(stderr, password) || !strings.Contains(stderr, "SUYUAN_STORE") || strings.Contains(strings.Join(args, " "), "zh") != strings.Contains(stderr, "来自环境变量") {
				t.Errorf("%v: %d %s", args, code, stderr)
			}
		}
	}
	// With the right one it works, also from the environment.
	ran(t, "verify", "--store", s.url, "--data", dir)
	e := exec.Command(binary, "verify", "--data", dir)
	e.Env = append(environment(), "SUYUAN_STORE="+s.url)
	if out, err := e.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "verified: 0 events") {
		t.Errorf("by the environment: %v %s", err, out)
	}
}

// A server that starts before its cluster waits for it.
func TestClusterAwaited(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.kill()
	s, err := launch(environment(), "", "--data", filepath.Join(t.TempDir(), "data"), "--store", c.url+"&maxDiscoverAttempts=1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); <-s.done })
	for end := time.Now().Add(patience); !strings.Contains(s.err.String(), "waiting for the cluster"); time.Sleep(10 * time.Millisecond) {
		if s.ended() || time.Now().After(end) {
			t.Fatalf("it did not wait: %s", s.err.String())
		}
	}
	c.start(t)
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
	s.stop(t)
}

// A start from a snapshot spares the reading of a cluster's log as well.
func TestClusterSnapshot(t *testing.T) {
	t.Parallel()
	c, dir := newCluster(t), filepath.Join(t.TempDir(), "data")
	on := []string{"--data", dir, "--store", c.url, "--snapshot-every", "1"}
	serve(t, append([]string{"--demo"}, on...)...).stop(t)
	snapshotOf(t, dir)
	whole := serve(t, "--data", dir, "--store", c.url, "--snapshot-every", "0")
	// This start read the snapshot too: take it away for one that reads all.
	whole.stop(t)
	bare := filepath.Join(t.TempDir(), "bare")
	if err := copyFolder(filepath.Join(bare, "keys"), filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	whole = serve(t, "--data", bare, "--store", c.url, "--snapshot-every", "0")
	if n, _ := spared(t, whole); n != 0 {
		t.Fatalf("without a snapshot it started from ordinal %d", n)
	}
	n, root := standing(t, whole)
	want, _ := answersOf(t, whole)
	whole.stop(t)

	s := serve(t, on...)
	if from, against := spared(t, s); from != n || len(against) > 0 {
		t.Errorf("it started from a snapshot of ordinal %d, not %d, and said %q", from, n, against)
	}
	if got, at := standing(t, s); got != n || at != root {
		t.Errorf("ordinal %d, root %s; read from the log they are %d, %s", got, at, n, root)
	}
	got, _ := answersOf(t, s)
	sameAnswers(t, got, want, "from the snapshot")

	// What comes in behind the snapshot is folded by the next start.
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	if w := submit(t, s, clerk, "document.register", "behind", paper("behind")); w.status != http.StatusCreated || read[receipt](t, w.body).Ordinal != fmt.Sprint(n+1) {
		t.Errorf("behind the snapshot, at %d: %d %s", n, w.status, w.body)
	}
	if err := s.end(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s = serve(t, on...)
	if from, _ := spared(t, s); from != n {
		t.Errorf("after a kill it started from ordinal %d, not %d", from, n)
	}
	if w := get(t, s.url+"/documents/behind"); w.status != http.StatusOK {
		t.Errorf("the page of what came in behind: %d", w.status)
	}
	s.stop(t)
	ran(t, "verify", "--data", dir, "--store", c.url)

	// A snapshot of another cluster's ledger is passed over.
	other := newCluster(t)
	ran(t, "seed", "--data", bare, "--store", other.url, scenarios(t)[0])
	s = serve(t, "--data", dir, "--store", other.url)
	if from, against := spared(t, s); from != 0 || len(against) != 1 {
		t.Errorf("on another cluster it started from ordinal %d and said %q", from, against)
	}
	s.stop(t)
}
