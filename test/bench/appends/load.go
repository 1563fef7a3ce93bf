// Package appends measures durable appends: our store beside this machine's
// bare disk, a bare segment file and PostgreSQL, all with the same events.
// Every engine answers an append only when it is on disk; none may cheat, and
// none is helped.
package appends

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"suyuan/services/ledger"
)

// streams is how many there are, asked for unevenly.
const (
	streams = 10_200
	zipf    = 1.1
)

// event is one on its way to an engine.
type event struct {
	stream   string
	revision int64
	record   ledger.Record
	prev     ledger.Hash
}

// writer brings events for the streams that are its own, so that it knows
// their revisions without asking.
type writer struct {
	name   string
	number int
	of     int
	draw   *rand.Zipf
	heads  map[string]*end
	count  int
}

type end struct {
	revision int64
	hash     ledger.Hash
}

func newWriter(run string, number, of int) *writer {
	r := rand.New(rand.NewPCG(uint64(number), uint64(of)))
	return &writer{name: run, number: number, of: of, draw: rand.NewZipf(r, zipf, 1, streams-1), heads: map[string]*end{}}
}

var (
	data = []byte(`{"text":"` + strings.Repeat("x", 550) + `"}`)
	meta = []byte(`{"pad":"` + strings.Repeat("m", 165) + `"}`)
)

// next is the writer's next event: about 840 bytes with its names and hash.
func (w *writer) next() event {
	k := int(w.draw.Uint64())
	stream := fmt.Sprintf("bench-%s-%d", w.name, k-k%w.of+w.number)
	at := w.heads[stream]
	if at == nil {
		at = &end{revision: -1}
		w.heads[stream] = at
	}
	w.count++
	id := ledger.EventID(w.name, fmt.Sprint(w.number), w.count)
	return event{stream, at.revision + 1, ledger.Record{ID: id, Type: "bench.appended", Data: data, Meta: meta}, at.hash}
}

// done takes note that an event is on disk.
func (w *writer) done(e event, hash ledger.Hash) {
	*w.heads[e.stream] = end{e.revision, hash}
}
