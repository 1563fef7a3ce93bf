package script

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// kill -9 at any moment: the target is the beginning of the source, row for
// row, and the same command goes on from there until it is the whole of it.
func TestMigrateKilled(t *testing.T) {
	source := copied(t, largeLedger(t).killed)
	all := rows(t, copied(t, source))
	target := filepath.Join(t.TempDir(), "target")
	args := []string{"migrate", "--from", "sqlite:" + source, "--to", "sqlite:" + target}
	halfway, before := 0, 0
	for wait := 4 * time.Millisecond; ; wait += wait / 8 {
		done := killedAfter(t, wait, args...)
		got := rowsThere(t, target)
		if len(got) < before || len(got) > len(all) || len(got) > 0 && !reflect.DeepEqual(got, all[:len(got)]) {
			t.Fatalf("killed after %v: %d rows, which are not the first of the source (there were %d)", wait, len(got), before)
		}
		if len(got) > before && len(got) < len(all) {
			halfway++
		}
		if before = len(got); done {
			break
		}
	}
	if before != len(all) || halfway < 3 {
		t.Errorf("%d of %d events copied, killed halfway %d times", before, len(all), halfway)
	}
	_, was := verify(t, source)
	out, stderr, code := command(t, nil, "verify", "--data", source, "--store", "sqlite:"+target)
	if code != 0 || out != was {
		t.Errorf("status %d, %s%s, the source's is %s", code, out, stderr, was)
	}
	if out, stderr, code := command(t, nil, args...); code != 0 || !strings.Contains(out, "written in this run: 0 events") {
		t.Errorf("once more: status %d, %s%s", code, out, stderr)
	}
}

// To a cluster in another process and back: kills of either process, at any
// moment, leave the beginning of the ledger there and the same command goes on.
func TestMigrateCluster(t *testing.T) {
	c, source := newCluster(t), copied(t, largeLedger(t).closed)
	all := rows(t, copied(t, source))
	_, was := verify(t, source)
	there := func() string { t.Helper(); return ran(t, "verify", "--data", source, "--store", c.url) }
	to := []string{"migrate", "--from", "sqlite:" + source, "--to", c.url}
	halfway, before := 0, uint64(0)
	for wait := 40 * time.Millisecond; halfway < 2 && before < uint64(len(all)); wait += wait / 8 {
		killedAfter(t, wait, to...)
		now := counted(t, there())
		if now < before {
			t.Fatalf("%d events were there, %d are", before, now)
		}
		if now > before && now < uint64(len(all)) {
			halfway++
		}
		before = now
	}
	if halfway < 2 {
		t.Errorf("killed halfway %d times", halfway)
	}

	m := exec.Command(binary, to...)
	var out, problem output
	m.Env, m.Stdout, m.Stderr = environment(), &out, &problem
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- m.Wait() }()
	outages := 0
	var err error
	for running := true; running; {
		select {
		case err = <-ended:
			running = false
		case <-time.After(100 * time.Millisecond):
			if outages < 5 {
				c.kill()
				c.start(t)
				outages++
			}
		}
	}
	if err != nil || outages == 0 || !strings.Contains(out.String(), "migrated and verified: ") {
		t.Fatalf("%v after %d outages: %s%s", err, outages, out.String(), problem.String())
	}
	if is := there(); is != was {
		t.Errorf("on the cluster: %s, in the folder: %s", is, was)
	}

	back := filepath.Join(t.TempDir(), "back")
	said := ran(t, "migrate", "--data", source, "--from", c.url, "--to", "sqlite:"+back)
	if !strings.Contains(said, "; 0 were in the target before") || !reflect.DeepEqual(rows(t, copied(t, back)), all) {
		t.Errorf("what came back is not what went: %s", said)
	}
	if is := ran(t, "verify", "--data", source, "--store", "sqlite:"+back); is != was {
		t.Errorf("back in a folder: %s, it was %s", is, was)
	}

	// Another ledger does not get in between, and no password is told.
	other, secure := filepath.Join(t.TempDir(), "other"), newCluster(t, "--tls")
	ran(t, "seed", "--data", other, scenarios(t)[0], scenarios(t)[8])
	if _, stderr, code := command(t, nil, "migrate", "--from", "sqlite:"+other, "--to", c.url); code != 1 || !strings.Contains(stderr, "migrate.target_other") || !strings.Contains(stderr, "Nothing was written") {
		t.Errorf("another ledger: %d %s", code, stderr)
	}
	if is := there(); is != was {
		t.Errorf("and then it is %s, not %s", is, was)
	}
	said = ran(t, "migrate", "--from", "sqlite:"+other, "--to", secure.url)
	if !strings.Contains(said, "serve it with: SUYUAN_STORE=… suyuan serve --data ") || strings.Contains(said, "changeit") {
		t.Errorf("over TLS: %s", said)
	}
	wrong := strings.Replace(secure.url, "changeit", "s3cret", 1) + "&maxDiscoverAttempts=2&discoveryInterval=50"
	if out, stderr, code := command(t, nil, "migrate", "--from", wrong, "--to", "sqlite:"+filepath.Join(back, "no")); code != 1 || !strings.HasPrefix(stderr, "suyuan: --from: ") || strings.Count(stderr, "\n") != 1 || strings.Contains(out+stderr, "s3cret") {
		t.Errorf("a wrong password: %d %s", code, stderr)
	}
	nobody := "esdb://127.0.0.1:1?tls=false&maxDiscoverAttempts=2&discoveryInterval=50&defaultDeadline=5000" // no test may listen there
	if _, stderr, code := command(t, nil, "migrate", "--from", "sqlite:"+other, "--to", nobody); code != 1 || !strings.HasPrefix(stderr, "suyuan: --to: ") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("nobody there: %d %s", code, stderr)
	}
	if _, err := os.Stat(filepath.Join(back, "no")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a target was made for a source that does not open: %v", err)
	}
}

// counted is how many events verify found.
func counted(t *testing.T, said string) (n uint64) {
	t.Helper()
	if _, err := fmt.Sscanf(said, "verified: %d events", &n); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return n
}

// rowsThere are the rows of a ledger that may have been killed before it had
// any, looked at in a copy, so that nothing is settled that a kill left open.
func rowsThere(t *testing.T, dir string) []row {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "ledger.db"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	to := copied(t, dir)
	db := database(t, to)
	var tables int
	err = db.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&tables)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if tables == 0 {
		return nil
	}
	return rows(t, to)
}
