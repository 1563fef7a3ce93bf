package script

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// readsOnly wants a server that shows what it has, takes nothing, and says
// why and which event it is.
func readsOnly(t *testing.T, s *server, token string, ordinal uint64) {
	t.Helper()
	before := healthz(t, s)
	if before.Status != "read-only" || !strings.Contains(before.Reason, fmt.Sprintf("ordinal %d: ", ordinal)) {
		t.Errorf("healthz says %+v", before)
	}
	a := submission(s, token, "document.register", "after-the-damage", paper("after-the-damage"))
	for lang, says := range map[string]string{"zh-CN": fmt.Sprintf("账本第 %d 条", ordinal), "en": fmt.Sprintf("Event %d of the ledger", ordinal)} {
		a.headers = append(a.headers[:3:3], "Accept-Language: "+lang)
		w := request(t, a)
		if e := refused(t, w); w.status != http.StatusServiceUnavailable || e.Code != "unavailable" || e.Rule != "ledger.read_only" || !strings.Contains(e.Message, says) {
			t.Errorf("a command: %d %+v", w.status, e)
		}
	}
	for _, page := range []string{"/", "/mandates", "/units", "/sign-in"} {
		if w := get(t, s.url+page); w.status != http.StatusOK {
			t.Errorf("GET %s: %d", page, w.status)
		}
	}
	if after := healthz(t, s); after != before {
		t.Errorf("healthz said %+v before and says %+v after", before, after)
	}
}

// Where the fold comes by, the server knows before it answers anybody, and it
// leaves the files as they are.
func TestServeDamaged(t *testing.T) {
	l := largeLedger(t)
	all := rows(t, copied(t, l.closed))
	at, covered := checkpoints(t, all)
	forged := append([]row{}, all...)
	after := covered[0] + 100 // the second checkpoint tells
	forged[after].meta = strings.Replace(forged[after].meta, `"account":"`, `"account":"x`, 1)
	wal := contents(t, l.killed, "ledger.db-wal")
	late := len(rows(t, copied(t, l.killed))) - inWAL/2
	vacuumed := alter(t, l.closed, "VACUUM")
	for name, c := range map[string]struct {
		dir     string
		ordinal uint64
	}{
		"data":           {alter(t, l.closed, "UPDATE events SET data = substr(data, 1, length(data) - 3) || char(unicode(substr(data, -3, 1)) + 1) || substr(data, -2) WHERE position = 400"), 400},
		"a byte":         {flipped(t, vacuumed, "ledger.db", spot(t, contents(t, vacuumed, "ledger.db"), all[399], all[399].data)+8), 400},
		"prev":           {alter(t, l.closed, "UPDATE events SET prev = prev + 1 WHERE position = 1000"), 1000},
		"link":           {alter(t, l.closed, "UPDATE events SET link = zeroblob(32) WHERE position = 77"), 77},
		"missing":        {alter(t, l.closed, "DELETE FROM events WHERE position = 500"), 500},
		"forged":         {forge(t, l.closed, forged), covered[0] + 1},
		"the very first": {alter(t, l.closed, "UPDATE events SET id = zeroblob(16) WHERE position = 1"), 1},
		"the very last":  {alter(t, l.closed, fmt.Sprintf("UPDATE events SET meta = upper(meta) WHERE position = %d", len(all))), uint64(len(all))},
		"a checkpoint":   {alter(t, l.closed, fmt.Sprintf("UPDATE events SET data = replace(data, 'a', 'b') WHERE position = %d", at[0])), at[0]},
		"the WAL":        {flipped(t, l.killed, "ledger.db-wal", bytes.Index(wal, rows(t, copied(t, l.killed))[late-1].id)), uint64(late)},
	} {
		t.Run(name, func(t *testing.T) {
			before := contents(t, c.dir, "ledger.db")
			s := serve(t, "--data", c.dir)
			readsOnly(t, s, token(t, c.dir, "--role", "clerk", "--unit", "990101001"), c.ordinal)
			s.stop(t)
			if !bytes.Equal(contents(t, c.dir, "ledger.db"), before) {
				t.Error("the damaged file was written to")
			}
			found(t, c.dir, c.ordinal, "after it was served")
		})
	}
}

// Elsewhere the scrub finds it: here in a file under a running server.
func TestServeScrub(t *testing.T) {
	dir := alter(t, largeLedger(t).closed, "VACUUM")
	all := rows(t, copied(t, dir))
	s := serve(t, "--data", dir, "--scrub-every", "1s")
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	if w := submit(t, s, clerk, "document.register", "before", paper("before")); w.status != http.StatusCreated {
		t.Fatalf("before the damage: %d %s", w.status, w.body)
	}
	time.Sleep(1500 * time.Millisecond) // a scrub that finds nothing
	if h := healthz(t, s); h.Status != "ok" {
		t.Fatalf("before the damage: %+v", h)
	}
	flip(t, filepath.Join(dir, "ledger.db"), spot(t, contents(t, dir, "ledger.db"), all[122], all[122].data)+4)
	for end := time.Now().Add(patience); healthz(t, s).Status == "ok"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("scrubbing found nothing")
		}
	}
	readsOnly(t, s, clerk, 123)
	s.stop(t)
	found(t, dir, 123, "after it was served")
}

// A command that comes upon the damage does not wait for the scrub.
func TestServeDamageMet(t *testing.T) {
	dir := alter(t, largeLedger(t).closed, "VACUUM")
	s := serve(t, "--data", dir)
	admin := token(t, dir, "--role", "admin", "--unit", "99-bb")
	rename := func(key, code string) answered {
		return submit(t, s, admin, "unit.rename", key, fmt.Sprintf(`{"code":%q,"name":"新%s"}`, code, key))
	}
	unit := rows(t, copied(t, dir))[10]
	code := strings.TrimPrefix(unit.stream, "unit-")
	flip(t, filepath.Join(dir, "ledger.db"), spot(t, contents(t, dir, "ledger.db"), unit, unit.data)+4)
	if w := rename("elsewhere", "99-sjt"); w.status != http.StatusCreated { // and so what is held in memory is read again
		t.Fatalf("elsewhere: %d %s", w.status, w.body)
	}
	if w := rename("here", code); w.status != http.StatusServiceUnavailable || refused(t, w).Rule != "ledger.read_only" {
		t.Fatalf("on the damaged stream: %d %s", w.status, w.body)
	}
	readsOnly(t, s, token(t, dir, "--role", "clerk", "--unit", "990101001"), unit.position)
}

// A folder whose checkpoint keys are not whole is not served: new keys would
// turn every checkpoint signed so far into damage.
func TestServeHalfAKey(t *testing.T) {
	for _, gone := range []string{"checkpoint.key", "checkpoint.pub"} {
		dir := demoFolder(t)
		if err := os.Remove(filepath.Join(dir, "keys", gone)); err != nil {
			t.Fatal(err)
		}
		_, stderr, code := command(t, nil, "serve", "--data", dir, "--listen", "127.0.0.1:0")
		if code != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, gone) || !strings.Contains(stderr, "put it back from a backup") {
			t.Errorf("without %s: status %d, %s", gone, code, stderr)
		}
		if _, err := os.Stat(filepath.Join(dir, "keys", gone)); err == nil {
			t.Errorf("%s was made anew", gone)
		}
	}
}
