package metrics

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func figures(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	return w.Body.String()
}

// Whoever makes words up does not make series.
func TestLabelsAreBounded(t *testing.T) {
	m := New([]string{"unit.rename"}, []string{"ok"}, []string{"kept"})
	m.Request("/units/{code}", "GET", 200, time.Millisecond)
	for n := range 10_000 {
		word := fmt.Sprint("made-up-", n)
		m.Request(word, word, n, time.Millisecond)
		m.Command(word, word, time.Millisecond)
		m.Operation(n%2 == 0, time.Millisecond)
		m.Answer(word)
		m.Hidden(n)
	}
	m.Request("/units/{code}", "GET", 200, time.Millisecond)
	text := figures(t, m)
	if n := strings.Count(text, "\n"); n > 2000 {
		t.Errorf("%d lines", n)
	}
	for _, want := range []string{
		`suyuan_http_requests_total{class="2xx",method="GET",route="/units/{code}"} 2`, `suyuan_command_duration_seconds_count{command="other",outcome="other"} 10000`,
		`suyuan_graphql_duration_seconds_count{outcome="ok"} 5000`, `suyuan_graphql_answers_total{way="other"} 10000`, `suyuan_http_silent_requests_total{class="4xx"} 100`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(text, fmt.Sprint("made-up-", maxRoutes)) || !strings.Contains(text, `route="other"`) {
		t.Error("routes go on without end")
	}
}

// Words that are known go by their names.
func TestFigures(t *testing.T) {
	m := New([]string{"unit.rename"}, []string{"ok", "refused"}, []string{"kept"})
	m.Command("unit.rename", "refused", 3*time.Millisecond)
	m.Answer("kept")
	m.Operation(false, time.Microsecond)
	m.Append(Appended, 3, time.Millisecond)
	m.Append(Conflict, 5, time.Millisecond)
	m.Scrubbed(ScrubFailed, time.Unix(5, 0))
	m.Scrubbed(ScrubOK, time.Unix(1700000000, 500e6))
	m.Scrubbed(ScrubDamaged, time.Unix(1800000000, 0))
	m.Watch(State{
		Head: func() uint64 { return 7 }, Fold: func() uint64 { return 5 }, Checkpoint: func() (uint64, time.Time) { return 4, time.Time{} },
		Snapshot: func() time.Time { return time.Unix(9, 0) }, ReadOnly: func() bool { return true }, Sessions: func() int { return 6 },
	})
	text := figures(t, m)
	for _, want := range []string{
		`suyuan_command_duration_seconds_count{command="unit.rename",outcome="refused"} 1`, `suyuan_command_duration_seconds_bucket{command="unit.rename",outcome="refused",le="0.005"} 1`,
		`suyuan_graphql_duration_seconds_count{outcome="refused"} 1`, `suyuan_graphql_answers_total{way="kept"} 1`,
		"suyuan_ledger_events_appended_total 3", `suyuan_ledger_append_duration_seconds_count{outcome="conflict"} 1`,
		`suyuan_scrub_runs_total{result="damaged"} 1`, "suyuan_scrub_last_success_timestamp_seconds 1.7000000005e+09",
		"suyuan_ledger_head_ordinal 7", "suyuan_fold_ordinal 5", "suyuan_fold_lag_events 2", "suyuan_checkpoint_covered_events 4", "suyuan_checkpoint_timestamp_seconds 0",
		"suyuan_snapshot_timestamp_seconds 9", "suyuan_ledger_read_only 1", "suyuan_sessions 6",
	} {
		if !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	for _, none := range []string{"suyuan_stopping", "suyuan_http_connections"} {
		if strings.Contains(text, none) {
			t.Errorf("%s, of which nobody told", none)
		}
	}
	m = New(nil, nil, nil)
	m.Watch(State{Fold: func() uint64 { return 5 }, Unreachable: func() bool { return true }})
	if text := figures(t, m); !strings.Contains(text, "\nsuyuan_fold_ordinal 5\n") || !strings.Contains(text, "\nsuyuan_store_unreachable 1\n") || strings.Contains(text, "head_ordinal") || strings.Contains(text, "lag") {
		t.Errorf("over a cluster: %s", text)
	}
}

// A head that was read before the fold moved on.
func TestNoLagBelowNothing(t *testing.T) {
	m := New(nil, nil, nil)
	head := uint64(7)
	m.Watch(State{Head: func() uint64 { return head }, Fold: func() uint64 { return 5 }})
	head = 3 // a fold that is ahead of what was read a moment before lags by nothing
	if text := figures(t, m); !strings.Contains(text, "\nsuyuan_fold_lag_events 0\n") {
		t.Error("a lag below nothing")
	}
}

// Calm leaves nothing that moves with what a process does, and what operators
// know a restart by.
func TestCalm(t *testing.T) {
	if text := figures(t, New(nil, nil, nil)); !strings.Contains(text, "\ngo_goroutines ") || !strings.Contains(text, "\nprocess_open_fds ") {
		t.Error("the process is told nothing of, though nobody asked for that")
	}
	text := figures(t, New(nil, nil, nil).Calm())
	for line := range strings.Lines(text) {
		name, _, _ := strings.Cut(line, " ")
		name, _, _ = strings.Cut(name, "{")
		switch {
		case strings.HasPrefix(name, "#"), strings.HasPrefix(name, "suyuan_"), name == "process_start_time_seconds", name == "process_max_fds", name == "go_build_info":
		default:
			t.Errorf("it tells %s", line)
		}
	}
	for _, want := range []string{"process_start_time_seconds", "process_max_fds", "go_build_info"} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %s", want)
		}
	}
}
