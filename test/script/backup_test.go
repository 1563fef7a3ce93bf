package script

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
)

// archived is what an archive's manifest says.
type archived struct {
	Version int    `json:"version"`
	Ordinal uint64 `json:"ordinal"`
	Root    string `json:"root"`
	Link    string `json:"link"`
	Keys    bool   `json:"keys"`
	Parts   []struct {
		Name   string `json:"name"`
		Bytes  int64  `json:"bytes"`
		SHA256 string `json:"sha256"`
	} `json:"parts"`
}

// backedUp makes an archive and reads its manifest.
func backedUp(t testing.TB, data, to string, args ...string) archived {
	t.Helper()
	out, stderr, code := command(t, nil, append([]string{"backup", "--data", data, to}, args...)...)
	if code != 0 || !strings.Contains(out, "intake spool") {
		t.Fatalf("backup: status %d, %s%s", code, out, stderr)
	}
	f, err := os.Open(to)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	archive := tar.NewReader(f)
	h, err := archive.Next()
	if err != nil || h.Name != "manifest.json" {
		t.Fatalf("%v, the archive begins with %+v", err, h)
	}
	text, err := io.ReadAll(archive)
	if err != nil {
		t.Fatal(err)
	}
	return read[archived](t, string(text))
}

// restored puts an archive back and wants it verified.
func restored(t testing.TB, file string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "restored")
	if out, stderr, code := command(t, nil, "restore", file, "--data", dir); code != 0 {
		t.Fatalf("restore: status %d, %s%s", code, out, stderr)
	}
	found(t, dir, 0, "a restored ledger")
	return dir
}

// rootOf is the Merkle root over the first events of a ledger.
func rootOf(t testing.TB, all []row, size uint64) string {
	t.Helper()
	var tree checkpoint.Tree
	for _, r := range all[:size] {
		h, err := ledger.HashOf(ledger.Record{Meta: []byte(r.meta)})
		if err != nil {
			t.Fatal(err)
		}
		tree.Add(h)
	}
	root, err := tree.Root(int64(size))
	if err != nil {
		t.Fatal(err)
	}
	return root.String()
}

// writing lets clients write papers with files until it is told to stop, and
// then gives every receipt by the paper's id.
func writing(t *testing.T, s *server, token string) (stop func() map[string]receipt) {
	t.Helper()
	var mu sync.Mutex
	var working sync.WaitGroup
	acknowledged, done := map[string]receipt{}, make(chan struct{})
	for c := range 4 {
		working.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				key := fmt.Sprintf("paper-%d-%d", c, n)
				input := paper(key)
				if n%3 == 0 {
					w, err := do(asked{http.MethodPost, s.url + "/api/files", "content of " + key, []string{"Authorization: Bearer " + token, "Content-Type: application/octet-stream"}})
					if err != nil || w.status != http.StatusCreated {
						t.Errorf("%s: %v %d %s", key, err, w.status, w.body)
						return
					}
					file := read[map[string]any](t, w.body)
					var given map[string]any
					_ = json.Unmarshal([]byte(input), &given)
					given["sha256"], given["blob"] = file["sha256"], file["blob"]
					text, _ := json.Marshal(given)
					input = string(text)
				}
				w, err := do(submission(s, token, "document.register", key, input))
				if err != nil || w.status != http.StatusCreated {
					t.Errorf("%s: %v %d %s", key, err, w.status, w.body)
					return
				}
				mu.Lock()
				acknowledged[key] = read[receipt](t, w.body)
				mu.Unlock()
			}
		})
	}
	return sync.OnceValue(func() map[string]receipt {
		close(done)
		working.Wait()
		return acknowledged
	})
}

// A backup beside a server that takes commands all the while is the ledger as
// it was at one ordinal: every acknowledged command up to it, with its file,
// and the same root.
func TestBackupWhileServing(t *testing.T) {
	dir := demoFolder(t)
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	s := serve(t, "--data", dir)
	heavy(t, s, clerk) // so that copying files takes its time
	stop := writing(t, s, clerk)
	defer stop()
	archives := map[string]archived{}
	for n := range 3 {
		time.Sleep(300 * time.Millisecond)
		file := filepath.Join(t.TempDir(), fmt.Sprint("backup-", n, ".tar"))
		archives[file] = backedUp(t, dir, file)
	}
	acknowledged := stop()
	s.stop(t)
	all := rows(t, copied(t, dir))
	for file, m := range archives {
		if m.Ordinal <= 103 || m.Ordinal >= uint64(len(all)) {
			t.Fatalf("the backup of ordinal %d was not made while %d events were written", m.Ordinal, len(all))
		}
		if want := rootOf(t, all, m.Ordinal); m.Root != want {
			t.Errorf("root %s at ordinal %d, the served ledger's is %s", m.Root, m.Ordinal, want)
		}
		back := restored(t, file)
		if _, said := verify(t, back); !strings.Contains(said, m.Root) {
			t.Errorf("restored: %s, the archive says %s", said, m.Root)
		}
		copies := rows(t, copied(t, back))
		if !reflect.DeepEqual(copies, all[:m.Ordinal]) {
			t.Fatalf("the %d events restored are not the first %d of the ledger", len(copies), m.Ordinal)
		}
		files := 0
		again := serve(t, "--data", back)
		for key, r := range acknowledged {
			var ordinal uint64
			if _, err := fmt.Sscan(r.Ordinal, &ordinal); err != nil {
				t.Fatal(err)
			}
			if ordinal > m.Ordinal {
				continue
			}
			if got := copies[ordinal-1]; got.stream != "document-"+key {
				t.Errorf("%s was acknowledged at %d, where the backup holds %s", key, ordinal, got.stream)
			}
			if ordinal+60 < m.Ordinal || !strings.Contains(copies[ordinal-1].data, `"blob"`) {
				continue // the last are enough
			}
			files++
			w := get(t, again.url+"/api/documents/"+key+"/file", "Authorization: Bearer "+clerk)
			if w.status != http.StatusOK || w.body != "content of "+key {
				t.Errorf("the file of %s: %d %s", key, w.status, w.body)
			}
		}
		if files == 0 {
			t.Error("no file was read back")
		}
		again.stop(t)
	}
}

// kill -9 at any moment: the folder is not there, or whole; the next try is
// not in its way.
func TestRestoreKilled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "backup.tar")
	m := backedUp(t, copied(t, largeLedger(t).closed), file)
	dir := filepath.Join(t.TempDir(), "restored")
	killed := 0
	for wait := time.Millisecond; ; wait += wait / 3 {
		done := killedAfter(t, wait, "restore", file, "--data", dir)
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if len(entries) > 0 {
			if _, said := verify(t, dir); !strings.Contains(said, m.Root) {
				t.Errorf("killed after %v: %s", wait, said)
			}
			if done {
				break
			}
			_ = os.RemoveAll(dir)
		}
		if done {
			t.Fatalf("it ended by itself after %v and left nothing", wait)
		}
		killed++
	}
	if killed < 5 {
		t.Errorf("killed %d times only", killed)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// heavy stores some large files.
func heavy(t *testing.T, s *server, token string) {
	t.Helper()
	for n := range 4 {
		w := request(t, asked{http.MethodPost, s.url + "/api/files", strings.Repeat(fmt.Sprint(n), 8<<20), []string{"Authorization: Bearer " + token, "Content-Type: application/octet-stream"}})
		if w.status != http.StatusCreated {
			t.Fatalf("%d %s", w.status, w.body)
		}
	}
}

// The same for the archive, large enough to be killed while it is written.
func TestBackupKilled(t *testing.T) {
	data := demoFolder(t)
	s := serve(t, "--data", data)
	clerk := token(t, data, "--role", "clerk", "--unit", "990101001")
	heavy(t, s, clerk)
	s.stop(t)
	file := filepath.Join(t.TempDir(), "backup.tar")
	for range 8 {
		c := exec.Command(binary, "backup", "--data", data, file)
		c.Env = environment()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(patience); !growing(filepath.Dir(file)) && time.Now().Before(end); {
			time.Sleep(100 * time.Microsecond)
		}
		_ = c.Process.Kill()
		_ = c.Wait()
		if c.ProcessState.ExitCode() == 0 {
			t.Fatal("it was over before it could be killed")
		}
		if _, err := os.Stat(file); err == nil {
			restored(t, file)
			_ = os.Remove(file)
		}
	}
	backedUp(t, data, file) // what they left is not in its way
	restored(t, file)
}

// growing reports whether an archive of more than a MiB is being written in a
// folder or in one below it, under whichever name.
func growing(dir string) (is bool) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".db" {
			if info, err := d.Info(); err == nil && info.Size() > 1<<20 {
				is = true
			}
		}
		return nil
	})
	return is
}

// killedAfter runs the binary and kills it after a while; it reports whether
// the command had ended well by then.
func killedAfter(t *testing.T, wait time.Duration, args ...string) bool {
	t.Helper()
	c := exec.Command(binary, args...)
	c.Env = environment()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(wait, func() { _ = c.Process.Kill() })
	defer timer.Stop()
	_ = c.Wait()
	return c.ProcessState.ExitCode() == 0
}
