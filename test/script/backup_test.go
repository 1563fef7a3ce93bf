package script

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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
	"regexp"
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

// archive takes an archive apart and puts it together again after a change.
type entry struct {
	header tar.Header
	body   []byte
}

func entries(t testing.TB, file string) (list []entry) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for archive := tar.NewReader(f); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, entry{*h, body})
	}
}

func packed(t testing.TB, list []entry) string {
	t.Helper()
	var b bytes.Buffer
	archive := tar.NewWriter(&b)
	for _, e := range list {
		e.header.Size = int64(len(e.body))
		e.header.PAXRecords = nil
		if err := archive.WriteHeader(&e.header); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return storedAs(t, b.Bytes())
}

func storedAs(t testing.TB, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "changed.tar")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// notRestored wants an archive refused by one line that says what it must, and
// nothing left of it.
func notRestored(t *testing.T, file, what, says string) {
	t.Helper()
	parent := t.TempDir()
	out, stderr, code := command(t, nil, "restore", file, "--data", filepath.Join(parent, "a", "restored"))
	said := stderr[strings.LastIndex(strings.TrimSuffix(stderr, "\n"), "\n")+1:]
	if code != 1 || out != "" || !strings.HasPrefix(said, "suyuan: ") || !regexp.MustCompile(says).MatchString(said) {
		t.Errorf("%s: status %d, %s%s", what, code, out, stderr)
	}
	left := 0
	_ = filepath.WalkDir(parent, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != parent && path != filepath.Join(parent, "a") {
			left++
			t.Errorf("%s: %s is left", what, path)
		}
		return nil
	})
}

// One byte of any part, the manifest or a header, and an archive that breaks
// off anywhere.
func TestRestoreDamaged(t *testing.T) {
	dir := demoFolder(t)
	file := filepath.Join(t.TempDir(), "backup.tar")
	m := backedUp(t, dir, file)
	good := contents(t, filepath.Dir(file), filepath.Base(file))
	at := 0
	for i, e := range entries(t, file) {
		header, body := at, at+512
		at = body + (len(e.body)+511)/512*512
		changes := map[string]int{"the header of " + e.header.Name: header + 3, e.header.Name: body + len(e.body)/2}
		if i > 0 {
			changes["the first byte of "+e.header.Name], changes["the last byte of "+e.header.Name] = body, body+len(e.body)-1
		}
		for what, spot := range changes {
			bad := bytes.Clone(good)
			bad[spot] ^= 0x15
			says := "damaged: " + regexp.QuoteMeta(e.header.Name) + " "
			if i == 0 {
				says = `\(backup\.(damaged|chain|name|newer)\)`
			}
			notRestored(t, storedAs(t, bad), what, says)
		}
	}
	if at+1024 != len(good) || len(m.Parts) < 5 {
		t.Fatalf("%d bytes, not %d: %+v", len(good), at+1024, m)
	}
	for _, size := range []int{0, 1, 511, 512, 700, 2048, len(good) / 2, at - 512, at, at + 512, len(good) - 1} {
		notRestored(t, storedAs(t, good[:size]), fmt.Sprintf("%d bytes of it", size), `\(backup\.damaged\)`)
	}
	notRestored(t, storedAs(t, append(bytes.Clone(good), good...)), "one behind the other", `\(backup\.damaged\)`)

	zipped := filepath.Join(t.TempDir(), "backup.tgz")
	if _, stderr, code := command(t, nil, "backup", "--data", dir, zipped); code != 0 {
		t.Fatal(stderr)
	}
	small := contents(t, filepath.Dir(zipped), filepath.Base(zipped))
	if len(small) >= len(good) {
		t.Errorf("compressed to %d of %d bytes", len(small), len(good))
	}
	for _, spot := range []int{len(small) / 3, len(small) / 2, len(small) - 6} {
		bad := bytes.Clone(small)
		bad[spot] ^= 0x15
		notRestored(t, storedAs(t, bad), fmt.Sprintf("byte %d of the compressed archive", spot), `\(backup\.`)
	}
	notRestored(t, storedAs(t, small[:len(small)-3]), "a compressed archive without its end", `\(backup\.damaged\)`)
	restored(t, zipped)
}

// An archive that somebody made up: every name, hash and size in it agrees.
func TestRestoreForged(t *testing.T) {
	dir := demoFolder(t)
	file := filepath.Join(t.TempDir(), "backup.tar")
	m := backedUp(t, dir, file)
	list := entries(t, file)
	changed := func(change func(m *archived, list []entry) []entry) string {
		m := m
		m.Parts = append(m.Parts[:0:0], m.Parts...)
		list := append([]entry{}, list...)
		list = change(&m, list)
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		list[0].body = text
		return packed(t, list)
	}
	named := func(name string) func(m *archived, list []entry) []entry {
		return func(m *archived, list []entry) []entry {
			list[2].header.Name, m.Parts[1].Name = name, name
			return list
		}
	}
	for _, name := range []string{"../evil", "/tmp/suyuan-evil", "keys/../../evil", "keys/../evil", "keys/.hidden", "keys/a/b", "ledger.db-wal", "spool/report", "..", ""} {
		notRestored(t, changed(named(name)), "the name "+name, `\(backup\.(name|damaged)\)`)
	}
	for what, change := range map[string]func(m *archived, list []entry) []entry{
		"a link in a part's place": func(m *archived, list []entry) []entry {
			list[2].header.Typeflag, list[2].header.Linkname, list[2].body = tar.TypeSymlink, "/etc/passwd", nil
			return list
		},
		"a part too many": func(m *archived, list []entry) []entry {
			return append(list, entry{tar.Header{Name: "keys/more.key", Mode: 0o600, Typeflag: tar.TypeReg}, []byte("x")})
		},
		"a part that is missing": func(m *archived, list []entry) []entry { return append(list[:2], list[3:]...) },
		"a part named twice": func(m *archived, list []entry) []entry {
			m.Parts = append(m.Parts, m.Parts[0])
			return append(list, list[1])
		},
		"no ledger":              func(m *archived, list []entry) []entry { m.Parts = m.Parts[1:]; return append(list[:1], list[2:]...) },
		"a format to come":       func(m *archived, list []entry) []entry { m.Version = 2; return list },
		"another root":           func(m *archived, list []entry) []entry { m.Root = strings.Repeat("0", 64); return list },
		"another ordinal":        func(m *archived, list []entry) []entry { m.Ordinal--; return list },
		"another link":           func(m *archived, list []entry) []entry { m.Link = m.Root; return list },
		"another history":        replaced(t, alter(t, dir, "UPDATE events SET data = replace(data, '600', '700') WHERE position = 42", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode=DELETE")),
		"a history that was cut": replaced(t, alter(t, dir, "DELETE FROM events WHERE position = (SELECT max(position) FROM events)", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode=DELETE")),
		"a text instead of a ledger": func(m *archived, list []entry) []entry {
			return put(m, list, []byte(strings.Repeat("no ledger ", 1000)))
		},
	} {
		notRestored(t, changed(change), what, `\(backup\.(name|damaged|chain|newer)\)`)
	}
	restored(t, changed(func(_ *archived, list []entry) []entry { return list })) // what is done here is not what was found
}

// replaced puts another folder's events into an archive.
func replaced(t *testing.T, dir string) func(m *archived, list []entry) []entry {
	return func(m *archived, list []entry) []entry { return put(m, list, contents(t, dir, "ledger.db")) }
}

func put(m *archived, list []entry, content []byte) []entry {
	sum := sha256.Sum256(content)
	list[1].body = content
	m.Parts[0].Bytes, m.Parts[0].SHA256 = int64(len(content)), hex.EncodeToString(sum[:])
	return list
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
