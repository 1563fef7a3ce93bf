package script

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// verify runs the command and gives the ordinal it names, 0 where it finds
// nothing; it fails where the answer is neither of the two.
func verify(t testing.TB, dir string) (ordinal uint64, said string) {
	t.Helper()
	out, stderr, code := command(t, nil, "verify", "--data", dir)
	switch {
	case code == 0 && stderr == "" && strings.HasPrefix(out, "verified: "):
		return 0, out
	case code != 1 || out != "" || strings.Count(stderr, "\n") != 1:
		t.Fatalf("verify: status %d, %q, %q", code, out, stderr)
	}
	named := regexp.MustCompile(`ordinal (\d+): `).FindStringSubmatch(stderr)
	if named == nil {
		t.Fatalf("verify names no ordinal: %s", stderr)
	}
	n, err := strconv.ParseUint(named[1], 10, 64)
	if err != nil || n == 0 {
		t.Fatalf("verify names no ordinal: %s", stderr)
	}
	return n, stderr
}

// found wants damage named at its place.
func found(t testing.TB, dir string, want uint64, what string, args ...any) {
	t.Helper()
	if got, said := verify(t, dir); got != want {
		t.Errorf("%s: named %d, not %d: %s", fmt.Sprintf(what, args...), got, want, said)
	}
}

func TestVerifyUntouched(t *testing.T) {
	l := largeLedger(t)
	for _, dir := range []string{l.closed, l.killed} {
		found(t, copied(t, dir), 0, "an untouched copy of %s", filepath.Base(dir))
		// What the tests below do to a copy is not what is found there.
		found(t, alter(t, dir, "UPDATE events SET data = data"), 0, "a copy written over with the same of %s", filepath.Base(dir))
		found(t, forge(t, dir, rows(t, copied(t, dir))), 0, "a copy computed anew of %s", filepath.Base(dir))
	}
	if _, err := os.Stat(filepath.Join(l.killed, "ledger.db-wal")); err != nil {
		t.Errorf("the killed server left no write-ahead log: %v", err)
	}
}

// One byte of one event, in any column and anywhere in the log.
func TestVerifyChangedColumn(t *testing.T) {
	dir := largeLedger(t).closed
	all := rows(t, copied(t, dir))
	for i, at := range sample(t, all) {
		for j, change := range []string{
			"stream = substr(stream, 1, length(stream) - 1) || char(unicode(substr(stream, -1)) + 1)",
			"revision = revision + 1",
			"prev = prev + 1",
			"id = CAST(substr(id, 1, 15) || x'00' AS BLOB)",
			"type = substr(type, 1, length(type) - 1) || 'D'",
			"data = substr(data, 1, 1) || ' ' || substr(data, 2)",
			"data = substr(data, 1, length(data) - 3) || char(unicode(substr(data, -3, 1)) + 1) || substr(data, -2)",
			"meta = replace(meta, '\"version\":1', '\"version\":2')",
			"meta = substr(meta, 1, length(meta) - 3) || CASE substr(meta, -3, 1) WHEN '0' THEN '1' ELSE '0' END || '\"}'",
			"link = CAST(substr(link, 1, 31) || CASE substr(link, 32) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB)",
			"position = position + 1000000",
		} {
			if (i+j)%3 != 0 && testing.Short() {
				continue
			}
			if j == 10 && at == uint64(len(all)) {
				continue // moving the last one on leaves a gap before it like any other: it is missing at its place
			}
			found(t, alter(t, dir, fmt.Sprintf("UPDATE events SET %s WHERE position = %d", change, at)), at, "%s at %d", change, at)
		}
	}
}

// One byte in the file itself, or in its write-ahead log.
func TestVerifyChangedByte(t *testing.T) {
	l := largeLedger(t)
	dir := alter(t, l.closed, "VACUUM") // so that every row stands in the file once
	all := rows(t, copied(t, dir))
	file := contents(t, dir, "ledger.db")
	for _, at := range sample(t, all) {
		r := all[at-1]
		for column, value := range map[string]string{"stream": r.stream, "id": string(r.id), "type": r.kind, "data": r.data, "meta": r.meta, "link": string(r.link)} {
			place := spot(t, file, r, value)
			for _, within := range []int{0, len(value) / 2, len(value) - 1} {
				found(t, flipped(t, dir, "ledger.db", place+within), at, "byte %d of %s of %d", within, column, at)
			}
		}
	}
}

func TestVerifyChangedWAL(t *testing.T) {
	dir := largeLedger(t).killed
	all := rows(t, copied(t, dir))
	wal := contents(t, dir, "ledger.db-wal")
	for _, at := range []int{len(all) - inWAL + 2, len(all) - inWAL/2, len(all) - 1, len(all)} {
		r := all[at-1]
		first := bytes.Index(wal, r.id) // later commits to the same page hold it again
		if first < 0 {
			t.Fatalf("event %d is not in the write-ahead log", at)
		}
		found(t, flipped(t, dir, "ledger.db-wal", first), uint64(at), "a byte of %d in the write-ahead log", at)
	}
}

func TestVerifyRemoved(t *testing.T) {
	dir := largeLedger(t).closed
	all := rows(t, copied(t, dir))
	at, _ := checkpoints(t, all)
	end := uint64(len(all))
	_, second := pairOfOneStream(t, all, end)
	first, _ := pairOfOneStream(t, all, 100)
	for _, gone := range []uint64{1, first, 500, all[second-1].prev, at[0], end - 1} {
		removed := fmt.Sprintf("DELETE FROM events WHERE position = %d", gone)
		found(t, alter(t, dir, removed), gone, "removed %d", gone)
		found(t, alter(t, dir, removed, closeGap(gone, 1)[0], closeGap(gone, 1)[1]), gone, "removed %d, those behind it moved up", gone)
		found(t, alter(t, dir, append(append([]string{removed}, closeGap(gone, 1)...), pointBack)...), gone, "removed %d, moved up, pointed back", gone)
	}
}

// closeGap renumbers what stands behind a gap.
func closeGap(at uint64, width int) []string {
	return []string{
		fmt.Sprintf("UPDATE events SET position = %d - position WHERE position > %d", width, at),
		"UPDATE events SET position = -position WHERE position < 0",
	}
}

const pointBack = "UPDATE events SET prev = coalesce((SELECT max(position) FROM events e WHERE e.stream = events.stream AND e.position < events.position), 0)"

func TestVerifySwapped(t *testing.T) {
	dir := largeLedger(t).closed
	all := rows(t, copied(t, dir))
	at, _ := checkpoints(t, all)
	a, b := pairOfOneStream(t, all, uint64(len(all)))
	c, d := pairOfOneStream(t, all, 90)
	for _, pair := range [][2]uint64{{a, b}, {c, d}, {1, 2}, {150, 151}, {42, 700}, {at[1] - 2, at[1] - 1}, {at[0] - 1, at[0]}} {
		swap := []string{
			fmt.Sprintf("UPDATE events SET position = -1 WHERE position = %d", pair[0]), fmt.Sprintf("UPDATE events SET position = %d WHERE position = %d", pair[0], pair[1]),
			fmt.Sprintf("UPDATE events SET position = %d WHERE position = -1", pair[1]),
		}
		found(t, alter(t, dir, swap...), pair[0], "swapped %v", pair)
		found(t, alter(t, dir, append(swap, pointBack)...), pair[0], "swapped %v, pointed back", pair)
	}
}

// A stream cut short before the last checkpoint: its last event goes, and
// nothing in the stream tells.
func TestVerifyCutShort(t *testing.T) {
	dir := largeLedger(t).closed
	all := rows(t, copied(t, dir))
	for _, gone := range []uint64{102, 400, 900} {
		gone = lastOfItsStream(t, all, gone)
		removed := fmt.Sprintf("DELETE FROM events WHERE position = %d", gone)
		found(t, alter(t, dir, append(append([]string{removed}, closeGap(gone, 1)...), pointBack)...), gone, "the stream of %d cut short", gone)
	}
}

func lastOfItsStream(t testing.TB, all []row, from uint64) uint64 {
	t.Helper()
	for _, r := range all[from-1:] {
		if !slices.ContainsFunc(all[r.position:], func(later row) bool { return later.stream == r.stream }) {
			return r.position
		}
	}
	t.Fatalf("no stream ends behind %d", from)
	return 0
}

// Who computes everything anew that needs no key is caught by the next
// checkpoint: it names the range of events that it was signed over.
func TestVerifyForged(t *testing.T) {
	dir := largeLedger(t).closed
	all := rows(t, copied(t, dir))
	at, covered := checkpoints(t, all)
	between := func(n uint64) int { // which checkpoint covers it first
		for i, size := range covered {
			if n <= size {
				return i
			}
		}
		t.Fatalf("no checkpoint covers %d", n)
		return 0
	}
	caught := func(what string, n uint64, history []row) {
		t.Helper()
		i, from := between(n), uint64(1)
		if i > 0 {
			from = covered[i-1] + 1
		}
		got, said := verify(t, forge(t, dir, history))
		if got != from || from > n || n > covered[i] || !strings.Contains(said, fmt.Sprintf("events %d to %d ", from, covered[i])) {
			t.Errorf("%s: %s, want the range %d to %d of the checkpoint at %d", what, said, from, covered[i], at[i])
		}
	}
	for _, n := range []uint64{45, covered[0], at[0] + 1, 600, covered[len(covered)-1]} {
		changed := slices.Clone(all)
		changed[n-1].meta = strings.Replace(changed[n-1].meta, `"account":"`, `"account":"x`, 1)
		if all[n-1].stream == "checkpoint-log" {
			continue
		}
		caught(fmt.Sprintf("changed %d", n), n, changed)
		swapped := slices.Clone(all)
		swapped[n-1], swapped[n-2] = swapped[n-2], swapped[n-1]
		caught(fmt.Sprintf("swapped %d and %d", n-1, n), n-1, swapped)
	}
	for _, n := range []uint64{102, 400, 900} {
		n = lastOfItsStream(t, all, n)
		got, said := verify(t, forge(t, dir, slices.Delete(slices.Clone(all), int(n-1), int(n))))
		if i := between(n); got == 0 || got > n && got != at[i]-1 || !strings.Contains(said, "checkpoint") {
			t.Errorf("the stream of %d cut short by a forger: %s", n, said)
		}
	}
	// With the checkpoint changed to fit, the signature does not.
	changed := slices.Clone(all)
	changed[at[0]-1].data = strings.Replace(changed[at[0]-1].data, `"size":`, `"size":1`, 1)
	if got, said := verify(t, forge(t, dir, changed)); got != at[0] {
		t.Errorf("a checkpoint that says other than its note: %s", said)
	}
}

// Without the public key nothing tells who signed the checkpoints, and with
// another's nothing holds.
func TestVerifyKey(t *testing.T) {
	dir := copied(t, largeLedger(t).closed)
	mine := filepath.Join(dir, "keys", "checkpoint.pub")
	kept := filepath.Join(t.TempDir(), "kept.pub")
	if err := os.Rename(mine, kept); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := command(t, nil, "verify", "--data", dir); code != 1 || !strings.Contains(stderr, "--key") {
		t.Errorf("without a key: %d %s", code, stderr)
	}
	if _, stderr, code := command(t, nil, "verify", "--data", dir, "--key", kept); code != 0 {
		t.Errorf("with the key kept elsewhere: %d %s", code, stderr)
	}
	if _, stderr, code := command(t, nil, "verify", "--data", dir, "--key", kept+"x"); code != 2 {
		t.Errorf("with a key that is not there: %d %s", code, stderr)
	}
	fresh := filepath.Join(t.TempDir(), "fresh")
	serve(t, "--data", fresh).stop(t)
	other := filepath.Join(fresh, "keys", "checkpoint.pub")
	if _, stderr, code := command(t, nil, "verify", "--data", dir, "--key", other); code != 1 || !strings.Contains(stderr, "signature") {
		t.Errorf("with somebody else's key: %d %s", code, stderr)
	}
}

// spot is where one of an event's values stands in a file that holds every
// event once. Others may hold the same value: the id alone is its own, and a
// row's columns stand together.
func spot(t testing.TB, file []byte, r row, value string) int {
	t.Helper()
	id := bytes.Index(file, r.id)
	if id < 0 || bytes.Count(file, r.id) != 1 {
		t.Fatalf("event %d does not stand in the file once", r.position)
	}
	row := max(id-len(r.stream)-20, 0) // the stream's name and two small numbers stand before the id
	at := bytes.Index(file[row:], []byte(value))
	if at < 0 {
		t.Fatalf("%q of event %d is not in the file", value, r.position)
	}
	return row + at
}

func contents(t testing.TB, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func flipped(t testing.TB, dir, name string, at int) string {
	t.Helper()
	to := copied(t, dir)
	flip(t, filepath.Join(to, name), at)
	return to
}

// flip changes one byte of a file where it stands.
func flip(t testing.TB, path string, at int) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, int64(at)); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 0x15
	if _, err := f.WriteAt(b, int64(at)); err != nil {
		t.Fatal(err)
	}
}

// Every thousand events the running server signs a checkpoint.
func TestCheckpointEveryThousand(t *testing.T) {
	dir := copied(t, largeLedger(t).closed)
	before, _ := checkpoints(t, rows(t, copied(t, dir)))
	s := serve(t, "--data", dir)
	if err := fill(s, dir, "thousand", 1000, 32); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("checkpoints: %d, ", len(before)+1)
	for end := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		_, said := verify(t, dir) // beside the server
		if strings.Contains(said, want) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("no checkpoint long after a thousand events: %s", said)
		}
	}
	s.stop(t)
}
