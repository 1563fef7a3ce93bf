package script

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A second process on a copy of the log folds to the same root and gives the
// same answers, byte for byte, however the copy was made and whether or not
// it has a snapshot.
func TestCopiesAgree(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir, "--snapshot-every", "1")
	carryOn(t, s, dir)
	if err := fill(s, dir, "copied", 24, 4); err != nil {
		t.Fatal(err)
	}
	s.stop(t)
	copies := map[string]string{"all files": copied(t, dir), "no snapshot": copied(t, dir), "the log and its keys": filepath.Join(t.TempDir(), "ledger")}
	if err := os.Remove(filepath.Join(copies["no snapshot"], snapshotFile)); err != nil {
		t.Fatal(err)
	}
	if err := copyFolder(filepath.Join(copies["the log and its keys"], "keys"), filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	overwrite(t, filepath.Join(copies["the log and its keys"], "ledger.db"), contents(t, dir, "ledger.db"))

	s = serve(t, "--data", dir, "--snapshot-every", "1")
	n, root := standing(t, s)
	answers, pairs := answersOf(t, s)
	archive := filepath.Join(t.TempDir(), "backup.tar")
	backedUp(t, dir, archive)
	copies["a backup"] = restored(t, archive)
	shown := everythingShown(t, dir)
	said := map[[2]string]string{}
	for _, p := range pairs {
		said[p] = traced(t, dir, p[0], p[1])
	}
	if want := rootOf(t, rows(t, copied(t, dir)), n); root != want {
		t.Errorf("root %s, the events have %s", root, want)
	}
	if err := s.end(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	copies["after a kill"] = copied(t, dir)
	for name, at := range copies {
		t.Run(name, func(t *testing.T) {
			if _, verified := verify(t, at); !strings.Contains(verified, root) {
				t.Errorf("root %s, verify says %s", root, verified)
			}
			for _, p := range pairs {
				sameAnswers(t, traced(t, at, p[0], p[1]), said[p], strings.Join(p[:], " "))
			}
			for file, is := range everythingShown(t, at) {
				sameAnswers(t, is, shown[file], file)
			}
			again := serve(t, "--data", at)
			if from, _ := spared(t, again); (from == n) != (name == "all files" || name == "after a kill") {
				t.Errorf("it started from ordinal %d of %d", from, n)
			}
			if m, is := standing(t, again); m != n || is != root {
				t.Errorf("ordinal %d, root %s; of the ledger itself %d, %s", m, is, n, root)
			}
			got, _ := answersOf(t, again)
			sameAnswers(t, got, answers, name)
			again.stop(t)
		})
	}
}

// carryOn puts commands of several kinds on record that change what is told
// of the demonstration.
func carryOn(t testing.TB, s *server, dir string) {
	t.Helper()
	for _, c := range []struct{ role, unit, name, input string }{
		{"clerk", "990101001", "issuance.amend_line", `{"id":"farmland-600-town","line":{"to":"990101001002","amounts":[{"measure":"farmland-600/area","value":"230","base":"200"}]},"reason":"再加十亩"}`},
		{"clerk", "990101001003", "assignment.report", `{"issuance":"farmland-600-town","unit":"990101001003","amounts":[{"measure":"farmland-600/area","value":"155.5"}],"asOf":"2022-06-20"}`},
		{"clerk", "990101001001", "assignment.object", `{"issuance":"farmland-600-town","unit":"990101001001","id":"too-much","ground":"infeasible","measure":"farmland-600/area","reason":"无地可退"}`},
		{"admin", "", "unit.rename", `{"code":"990101001003","name":"新村"}`},
	} {
		who := []string{"--role", c.role}
		if c.unit != "" {
			who = append(who, "--unit", c.unit)
		}
		if w := submit(t, s, token(t, dir, who...), c.name, "carry-on", c.input); w.status != http.StatusCreated {
			t.Fatalf("%s: %d %s", c.name, w.status, w.body)
		}
	}
}

// everythingShown is every file of an auditor's export.
func everythingShown(t testing.TB, dir string) map[string]string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "export")
	if out, stderr, code := command(t, nil, "export", "--data", dir, "--as", "auditor", "--to", to); code != 0 {
		t.Fatalf("export: %d %s%s", code, out, stderr)
	}
	files := map[string]string{}
	err := filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[d.Name()] = string(contents(t, filepath.Dir(path), d.Name()))
		}
		return err
	})
	if err != nil || len(files) < 20 || files["manifest.json"] == "" {
		t.Fatalf("%v, %d files are exported", err, len(files))
	}
	return files
}
