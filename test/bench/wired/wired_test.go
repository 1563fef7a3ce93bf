package wired

import (
	"context"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/store/wire/wiretest"
)

// serve starts a test server over a folder, without an event of its own.
func serve(t *testing.T, dir string) *wiretest.Server {
	t.Helper()
	s, err := wiretest.Start(wiretest.Config{Dir: dir, Bare: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// some makes a ledger of a few events in two folders.
func some(t *testing.T, events int) (one, other string) {
	t.Helper()
	one, other = t.TempDir(), t.TempDir()
	for _, dir := range []string{one, other} {
		s, err := sqlite.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := fill(t.Context(), logged{s}, events); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return one, other
}

// Every way is measured; what is read is what there is, and what was appended
// stands in the ledger with its hashes, by whatever face it came. How fast it
// was is nobody's business here.
func TestRun(t *testing.T) {
	const events, rounds = 250, 2
	ledgerDir, copied := some(t, events)
	reading, writing := serve(t, copied), serve(t, t.TempDir())
	asked := 0.0
	found, err := Run(t.Context(), Plan{
		Ledger: ledgerDir, Reading: Server{URL: reading.URL()}, Dir: t.TempDir(), Long: 150, Rounds: rounds, Each: 20 * time.Millisecond,
		Writing: Server{URL: writing.URL(), Worked: func() (float64, error) { asked++; return asked, nil }},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range Ways() {
		f := found[w]
		if len(f.Rates) != rounds || f.Median() <= 0 || f.To(f) != 1 {
			t.Errorf("%s: rates %v", w, f.Rates)
		}
		if measured := w.Face != Embedded && w.Kind != All; measured != (f.Server > 0) {
			t.Errorf("%s: %v s of the server's time", w, f.Server)
		}
	}
	if n := count(t, reading.Store()); n != events {
		t.Errorf("the ledger that is only read has %d events, want %d", n, events)
	}
	prefixes := map[string]int{}
	chain := ledger.NewChain()
	for e, err := range writing.Store().All(t.Context(), ledger.Position{}) {
		if err == nil {
			_, err = chain.Next(e)
		}
		if err != nil {
			t.Fatal(err)
		}
		prefixes[strings.Join(strings.Split(e.Stream, "-")[:2], "-")]++
		if size := len(e.Data) + len(e.Meta); size < 550 || size > 750 {
			t.Fatalf("an event has %d bytes", size)
		}
	}
	for _, p := range []string{"issuance-long", "issuance-c", "issuance-a"} {
		if prefixes[p] == 0 {
			t.Errorf("nothing was appended to %s…: %v", p, prefixes)
		}
	}
}

// A face gives every event once, stops when it is told, and refuses an append
// that believes the stream to be shorter than it is.
func TestFaces(t *testing.T) {
	const events = 120
	one, other := some(t, events)
	s := serve(t, other)
	b := &bench{plan: Plan{Ledger: one, Dir: t.TempDir(), Long: events, Reading: Server{URL: s.URL()}, Writing: Server{URL: serve(t, t.TempDir()).URL()}}, reads: map[string]face{}, writes: map[string]face{}}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range faces {
		f := b.reads[name]
		for what, read := range map[string]func(context.Context, func() bool) error{
			"$all": f.all, "the stream": func(ctx context.Context, take func() bool) error { return f.stream(ctx, long, take) },
		} {
			n, some := 0, 0
			if err := read(t.Context(), func() bool { n++; return true }); err != nil || n != events {
				t.Errorf("%s: %s gave %d events of %d: %v", name, what, n, events, err)
			}
			if err := read(t.Context(), func() bool { some++; return some < 7 }); err != nil || some != 7 {
				t.Errorf("%s: %s gave %d events, 7 were wanted: %v", name, what, some, err)
			}
		}
		records, _, err := end{events: 7}.more(long, 3)
		if err != nil {
			t.Fatal(err)
		}
		for i := range records {
			records[i].ID = ledger.EventID("another", "k", i)
		}
		if err := b.writes[name].append(t.Context(), long, 7, records); err == nil {
			t.Errorf("%s: an append behind event 7 of %d was taken", name, events)
		}
	}
}

func count(t *testing.T, s *sqlite.Store) (n int) {
	t.Helper()
	for _, err := range s.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}
