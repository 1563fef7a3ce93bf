// Package metrics holds the figures that operators watch, in a registry of its
// own. Every label is one of a small set, so that no flood of requests can make
// series without end; no figure is about a person, an account, an address or a
// single entry of the ledger. It measures nothing by itself: others tell it.
package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is safe for concurrent use. A label that is not among the known ones
// is counted as Other.
type Metrics struct {
	registry *prometheus.Registry
	restless []prometheus.Collector // of the runtime and of the process

	requests   *prometheus.CounterVec
	durations  *prometheus.HistogramVec
	hidden     *prometheus.CounterVec
	operations *prometheus.HistogramVec
	answers    *prometheus.CounterVec
	commands   *prometheus.HistogramVec
	appends    *prometheus.HistogramVec
	events     prometheus.Counter
	scrubs     *prometheus.CounterVec
	scrubbed   prometheus.Gauge

	routes                         *learned
	names, methods, ways, outcomes known
}

// Other stands for every label that is not among the known ones.
const Other = "other"

type known map[string]bool

func knowing(words ...string) known {
	k := known{}
	for _, w := range words {
		k[w] = true
	}
	return k
}

func (k known) or(word string) string {
	if k[word] {
		return word
	}
	return Other
}

// learned are words as they come, up to a bound. Routes come from the code and
// are few; were they ever something else, this is where it ends.
type learned struct {
	mu    sync.Mutex
	words known
}

const maxRoutes = 64

func (l *learned) or(word string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.words[word] && len(l.words) < maxRoutes {
		l.words[word] = true
	}
	return l.words.or(word)
}

// Calm leaves out what the runtime and the system tell of this process, but for
// its start and its limits. Memory, goroutines, open files and processor time
// move with every single request, those of reporters too: one Argon2 run alone
// can be told from them, and the time of it from when they are read.
func (m *Metrics) Calm() *Metrics {
	for _, c := range m.restless {
		m.registry.Unregister(c)
	}
	m.registry.MustRegister(still{m.restless[1]})
	return m
}

// still is of a process what does not move.
type still struct{ prometheus.Collector }

func (s still) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(s, to) }

func (s still) Collect(to chan<- prometheus.Metric) {
	all := make(chan prometheus.Metric)
	go func() {
		defer close(all)
		s.Collector.Collect(all)
	}()
	for one := range all {
		text := one.Desc().String()
		for _, name := range []string{"process_start_time_seconds", "process_max_fds"} {
			if strings.Contains(text, `"`+name+`"`) {
				to <- one
			}
		}
	}
}

// New makes the figures of a server that knows these commands, outcomes of a
// command and ways to answer a query.
func New(commands, outcomes, ways []string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		restless: []prometheus.Collector{collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})},
		routes:   &learned{words: known{}}, names: knowing(commands...), outcomes: knowing(outcomes...),
		methods: knowing(http.MethodGet, http.MethodHead, http.MethodPost), ways: knowing(ways...),
		requests: counters("suyuan_http_requests_total", "Requests answered, by the template of their address.", "route", "method", "class"),
		durations: histograms("suyuan_http_request_duration_seconds", "Time from a request's headers to its handler's end.",
			[]float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5, 30}, "route"),
		hidden: counters("suyuan_http_silent_requests_total", "Requests of which only the class of the answer is known.", "class"),
		operations: histograms("suyuan_graphql_duration_seconds", "Time to answer a GraphQL operation, by whether it was run.",
			[]float64{.00005, .0001, .00025, .0005, .001, .0025, .01, .05, .25, 1, 5}, "outcome"),
		answers: counters("suyuan_graphql_answers_total", "GraphQL operations by the way they were answered.", "way"),
		commands: histograms("suyuan_command_duration_seconds", "Time to carry a command out or refuse it, by outcome.",
			[]float64{.001, .0025, .005, .01, .025, .05, .1, .25, 1, 5}, "command", "outcome"),
		appends: histograms("suyuan_ledger_append_duration_seconds", "Time until an append was on disk or refused.",
			[]float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5}, "outcome"),
		events: prometheus.NewCounter(prometheus.CounterOpts{Name: "suyuan_ledger_events_appended_total", Help: "Events this process appended."}),
		scrubs: counters("suyuan_scrub_runs_total", "Times the whole ledger was read and checked in the background, by result.", "result"),
		scrubbed: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "suyuan_scrub_last_success_timestamp_seconds", Help: "When the background check last found everything as appended; 0 before the first.",
		}),
	}
	m.registry.MustRegister(
		m.requests, m.durations, m.hidden, m.operations, m.answers, m.commands, m.appends, m.events, m.scrubs, m.scrubbed,
		collectors.NewBuildInfoCollector(),
	)
	m.registry.MustRegister(m.restless...)
	for _, result := range []string{ScrubOK, ScrubDamaged, ScrubFailed} {
		m.scrubs.WithLabelValues(result)
	}
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
}

// Handler serves the figures in Prometheus' text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Request counts an answered request.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	route = m.routes.or(route)
	m.requests.WithLabelValues(route, m.methods.or(method), class(status)).Inc()
	m.durations.WithLabelValues(route).Observe(took.Seconds())
}

// Hidden counts a request of which nothing may be known but the class.
func (m *Metrics) Hidden(status int) { m.hidden.WithLabelValues(class(status)).Inc() }

// Operation counts a GraphQL operation that was run or refused.
func (m *Metrics) Operation(ran bool, took time.Duration) {
	outcome := "refused"
	if ran {
		outcome = "ok"
	}
	m.operations.WithLabelValues(outcome).Observe(took.Seconds())
}

// Answer counts the way in which a GraphQL operation was answered.
func (m *Metrics) Answer(way string) { m.answers.WithLabelValues(m.ways.or(way)).Inc() }

// Command counts a command; outcome is "ok", "repeated" or the refusal's code.
func (m *Metrics) Command(name, outcome string, took time.Duration) {
	m.commands.WithLabelValues(m.names.or(name), m.outcomes.or(outcome)).Observe(took.Seconds())
}

// The outcomes of an append.
const (
	Appended = "ok"
	Conflict = "conflict"
	ReadOnly = "read-only"
	Failed   = "failed"
)

// Append counts an append of so many events; outcome is one of those above.
func (m *Metrics) Append(outcome string, events int, took time.Duration) {
	m.appends.WithLabelValues(outcome).Observe(took.Seconds())
	if outcome == Appended {
		m.events.Add(float64(events))
	}
}

// The results of a scrub.
const (
	ScrubOK      = "ok"
	ScrubDamaged = "damaged"
	ScrubFailed  = "failed"
)

// Scrubbed notes the end of a scrub.
func (m *Metrics) Scrubbed(result string, at time.Time) {
	m.scrubs.WithLabelValues(result).Inc()
	if result == ScrubOK {
		m.scrubbed.Set(seconds(at))
	}
}

func class(status int) string {
	if status < 100 || status > 599 {
		return Other
	}
	return strconv.Itoa(status/100) + "xx"
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
