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
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

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
	told := out == "" || strings.HasPrefix(out, "made ready in: ") && strings.Count(out, "\n") == 1
	if code != 1 || !told || !strings.HasPrefix(said, "suyuan: ") || !regexp.MustCompile(says).MatchString(said) {
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
				says = `\(backup\.(damaged|none|chain|name|newer)\)`
			}
			notRestored(t, storedAs(t, bad), what, says)
		}
	}
	if at+1024 != len(good) || len(m.Parts) < 5 {
		t.Fatalf("%d bytes, not %d: %+v", len(good), at+1024, m)
	}
	for _, size := range []int{0, 1, 511, 512, 700, 2048, len(good) / 2, at - 512, at, at + 512, len(good) - 1} {
		notRestored(t, storedAs(t, good[:size]), fmt.Sprintf("%d bytes of it", size), `\(backup\.(damaged|none)\)`)
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
		"another history":        replaced(t, alter(t, dir, "UPDATE events SET data = replace(data, '600', '700') WHERE position = 45", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode=DELETE")),
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
