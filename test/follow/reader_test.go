package follow

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// request is what ask.mjs is asked.
type request struct {
	Call      string   `json:"call"` // all, stream or subscribe
	Stream    string   `json:"stream,omitempty"`
	Backwards bool     `json:"backwards,omitempty"`
	From      string   `json:"from,omitempty"`
	Count     int      `json:"count"`
	Types     []string `json:"types,omitempty"`
	Streams   []string `json:"streams,omitempty"`
	Regex     string   `json:"regex,omitempty"`
	System    bool     `json:"system,omitempty"` // leave system events out
}

// line is one of its answers.
type line struct {
	Commit, Stream, Revision, Type, ID string
	Data, Meta                         json.RawMessage
	Checkpoint                         string
	Error, Says                        string
}

func ask(t *testing.T, url string, r request) (events []line, checkpoints []uint64, refused *line) {
	t.Helper()
	asked, err := json.Marshal(r)
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, "node", "ask.mjs", url, string(asked))
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", asked, err, said.String())
	}
	scan := bufio.NewScanner(bytes.NewReader(out))
	scan.Buffer(nil, 4<<20)
	for scan.Scan() {
		var l line
		must(t, json.Unmarshal(scan.Bytes(), &l))
		switch {
		case l.Error != "":
			refused = &l
		case l.Checkpoint != "":
			at, err := strconv.ParseUint(l.Checkpoint, 10, 64)
			must(t, err)
			checkpoints = append(checkpoints, at)
		default:
			events = append(events, l)
		}
	}
	must(t, scan.Err())
	return events, checkpoints, refused
}

// same holds what the client gave against what the ledger has, byte for byte.
func same(t *testing.T, name string, got []line, want []ledger.Recorded) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d events, want %d", name, len(got), len(want))
	}
	for i, e := range want {
		w := line{
			Commit: strconv.FormatUint(e.Position.Commit, 10), Stream: e.Stream, Revision: strconv.FormatInt(e.Revision, 10),
			Type: e.Type, ID: e.ID.String(), Data: e.Data, Meta: e.Meta,
		}
		g := got[i]
		if g.Commit != w.Commit || g.Stream != w.Stream || g.Revision != w.Revision || g.Type != w.Type || g.ID != w.ID || !bytes.Equal(g.Data, w.Data) || !bytes.Equal(g.Meta, w.Meta) {
			t.Fatalf("%s: event %d is %+v, want %+v", name, i, g, w)
		}
	}
}

func TestReaders(t *testing.T) {
	w := serve(t)
	w.play(t)
	w.play(t)
	every := func(ledger.Recorded) bool { return true }
	all := w.holds(t, ledger.Position{}, every)
	one := all[len(all)/2]
	stream := w.holds(t, ledger.Position{}, func(e ledger.Recorded) bool { return e.Stream == one.Stream })
	units := w.holds(t, ledger.Position{}, of("unit"))
	typed := func(prefix string) []ledger.Recorded {
		return w.holds(t, ledger.Position{}, func(e ledger.Recorded) bool { return strings.HasPrefix(e.Type, prefix) })
	}
	named := w.holds(t, ledger.Position{}, func(e ledger.Recorded) bool {
		return strings.HasSuffix(e.Type, "ed") && strings.HasPrefix(e.Type, "assignment.")
	})
	reversed := func(events []ledger.Recorded) []ledger.Recorded {
		events = slices.Clone(events)
		slices.Reverse(events)
		return events
	}
	position := func(e ledger.Recorded) string { return strconv.FormatUint(e.Position.Commit, 10) }
	for _, c := range []struct {
		name string
		ask  request
		want []ledger.Recorded
	}{
		{"all", request{Call: "all", Count: 100_000}, all},
		{"all, backwards", request{Call: "all", Backwards: true, Count: 100_000}, reversed(all)},
		{"ten of all from a position", request{Call: "all", From: position(all[5]), Count: 10}, all[5:15]},
		{"ten of all before a position", request{Call: "all", From: position(all[20]), Backwards: true, Count: 10}, reversed(all[10:20])},
		{"a stream", request{Call: "stream", Stream: one.Stream, Count: 1000}, stream},
		{"a stream, backwards", request{Call: "stream", Stream: one.Stream, Backwards: true, Count: 1000}, reversed(stream)},
		{"following all", request{Call: "subscribe", Count: len(all)}, all},
		{"following all behind a position", request{Call: "subscribe", From: position(all[5]), Count: len(all) - 6}, all[6:]},
		{"without system events", request{Call: "subscribe", System: true, Count: len(all)}, all},
		{"of some types", request{Call: "subscribe", Types: []string{"assignment."}, Count: len(typed("assignment."))}, typed("assignment.")},
		{"of types by an expression", request{Call: "subscribe", Regex: `^assignment\..*ed$`, Count: len(named)}, named},
		{"of some streams", request{Call: "subscribe", Streams: []string{"unit-"}, Count: len(units)}, units},
	} {
		got, checkpoints, refused := ask(t, w.URL(), c.ask)
		if refused != nil {
			t.Errorf("%s: %s %s", c.name, refused.Error, refused.Says)
		}
		same(t, c.name, got, c.want)
		for i := range checkpoints {
			if i > 0 && checkpoints[i] <= checkpoints[i-1] {
				t.Errorf("%s: checkpoint %d behind %d", c.name, checkpoints[i], checkpoints[i-1])
			}
		}
		// Whoever goes on from a checkpoint has missed nothing before it.
		if n := len(checkpoints); n > 0 && len(c.ask.Streams) > 0 {
			from := checkpoints[n/2]
			rest := w.holds(t, ledger.Position{Commit: from, Prepare: from}, of("unit"))
			c.ask.From, c.ask.Count = strconv.FormatUint(from, 10), len(rest)
			got, _, _ := ask(t, w.URL(), c.ask)
			same(t, "from a checkpoint", got, rest)
		} else if len(c.ask.Streams) > 0 {
			t.Errorf("%s: no checkpoint", c.name)
		}
	}
}

func TestRefused(t *testing.T) {
	w := serve(t)
	w.play(t)
	wrong := strings.Replace(w.URL(), ":changeit@", ":changed@", 1)
	for _, c := range []struct {
		name, url string
		ask       request
		error     string // as the client names it
		says      string
	}{
		{"a wrong password", wrong, request{Call: "all", Count: 1}, "access-denied", ""},
		{"a stream that never was", w.URL(), request{Call: "stream", Stream: "unit-none", Count: 1}, "stream-not-found", "unit-none"},
		{"no regular expression", w.URL(), request{Call: "subscribe", Regex: "(", Count: 1}, "unknown", "INVALID_ARGUMENT"},
	} {
		events, _, refused := ask(t, c.url, c.ask)
		if refused == nil || refused.Error != c.error || !strings.Contains(refused.Says, c.says) || len(events) > 0 {
			t.Errorf("%s: %+v, %d events, want %s %q", c.name, refused, len(events), c.error, c.says)
		}
	}
}
