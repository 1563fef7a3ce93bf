package migration

import "suyuan/services/ledger"

// A cluster takes at most 1 MiB in one append. One event always fits:
// ledger.MaxEvent is half of it.
const maxRunBytes = 768 << 10

// run is events that follow one another in the log and are of one stream, so
// that they can be appended at once without changing the order of all.
type run struct {
	stream  string
	expect  ledger.Expect
	first   uint64 // ordinal of its first event
	records []ledger.Record
	bytes   int
}

// takes reports whether an event can go with those that are in the run.
func (r *run) takes(e ledger.Recorded) bool {
	return len(r.records) == 0 ||
		e.Stream == r.stream && e.Revision == int64(r.expect)+1+int64(len(r.records)) &&
			len(r.records) < ledger.MaxBatch && r.bytes+e.SizeOnCluster() <= maxRunBytes
}

// add puts in an event that it takes.
func (r *run) add(e ledger.Recorded) {
	if len(r.records) == 0 {
		r.stream, r.expect, r.first = e.Stream, ledger.Exactly(e.Revision-1), e.Position.Ordinal
	}
	r.records = append(r.records, e.Record)
	r.bytes += e.SizeOnCluster()
}

func (r *run) clear() {
	clear(r.records)
	*r = run{records: r.records[:0]}
}
