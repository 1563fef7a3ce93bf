package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// State is what is looked at whenever the figures are asked for. Every function
// must be quick and safe for concurrent use; one that is nil has no figure.
type State struct {
	Head        func() uint64                        // ordinal of the last event on disk; nil where only a cluster knows
	Fold        func() uint64                        // ordinal of the last event that answers show
	Checkpoint  func() (covers uint64, at time.Time) // the newest; the zero time before the first
	Snapshot    func() time.Time                     // of the read model; the zero time where there is none
	ReadOnly    func() bool
	Unreachable func() bool // the cluster that holds the ledger
	Stopping    func() bool
	Sessions    func() int // people signed in
	UnderWay    func() int // requests
	Connections func() int
	Room        func() int    // for connections
	Free        func() uint64 // bytes left for the ledger
}

// Watch adds the state's figures; call it once.
func (m *Metrics) Watch(s State) {
	m.ordinals(s)
	if s.Checkpoint != nil {
		m.gauge("suyuan_checkpoint_covered_events", "Events under the newest signed checkpoint.", func() float64 { covers, _ := s.Checkpoint(); return float64(covers) })
		m.gauge("suyuan_checkpoint_timestamp_seconds", "When the newest checkpoint was signed; 0 before the first.", func() float64 { _, at := s.Checkpoint(); return seconds(at) })
	}
	if s.Snapshot != nil {
		m.gauge("suyuan_snapshot_timestamp_seconds", "When the newest snapshot of the read model was made; 0 where there is none.", func() float64 { return seconds(s.Snapshot()) })
	}
	if s.Free != nil {
		m.gauge("suyuan_data_free_bytes", "Bytes left where the ledger grows.", func() float64 { return float64(s.Free()) })
	}
	m.yes("suyuan_ledger_read_only", "1 where the ledger takes no entries.", s.ReadOnly)
	m.yes("suyuan_store_unreachable", "1 while the cluster that holds the ledger is out of reach.", s.Unreachable)
	m.yes("suyuan_stopping", "1 once the server was told to stop.", s.Stopping)
	m.count("suyuan_sessions", "People signed in.", s.Sessions)
	m.count("suyuan_http_requests_under_way", "Requests that are being answered.", s.UnderWay)
	m.count("suyuan_http_connections", "Open connections.", s.Connections)
	m.count("suyuan_http_connections_limit", "Connections there is room for.", s.Room)
}

func (m *Metrics) ordinals(s State) {
	if s.Fold == nil {
		return
	}
	m.gauge("suyuan_fold_ordinal", "Ordinal of the last event that answers show.", func() float64 { return float64(s.Fold()) })
	if s.Head == nil {
		return
	}
	m.gauge("suyuan_ledger_head_ordinal", "Ordinal of the last event on disk.", func() float64 { return float64(s.Head()) })
	m.gauge("suyuan_fold_lag_events", "Events on disk that answers do not show yet.", func() float64 {
		fold := s.Fold() // first: the head may only grow meanwhile
		return float64(max(s.Head(), fold) - fold)
	})
}

func (m *Metrics) gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

func (m *Metrics) count(name, help string, n func() int) {
	if n != nil {
		m.gauge(name, help, func() float64 { return float64(n()) })
	}
}

func (m *Metrics) yes(name, help string, is func() bool) {
	if is == nil {
		return
	}
	m.count(name, help, func() int {
		if is() {
			return 1
		}
		return 0
	})
}
