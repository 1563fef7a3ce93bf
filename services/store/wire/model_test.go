package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// What is asked, as the model understands it.
type query struct {
	stream   string // "" is $all
	from     string // start, end or there
	revision int64
	position ledger.Position
	back     bool
	count    uint64
	filter   *wanted
	asText   bool
	who      string
}

type wanted struct {
	byType   bool
	prefixes []string
	regex    string
	passes   func(name string) bool
	window   uint32 // 0: left to the server
	times    uint32
}

func (w *wanted) lets(e ledger.Recorded) bool {
	if w == nil {
		return true
	}
	name := e.Stream
	if w.byType {
		name = e.Type
	}
	return w.passes(name)
}

var expressions = []struct {
	regex  string
	passes func(string) bool
}{
	{`^unit-`, func(s string) bool { return strings.HasPrefix(s, "unit-") }},
	{`ed$`, func(s string) bool { return strings.HasSuffix(s, "ed") }},
	{`-1|-3`, func(s string) bool { return strings.Contains(s, "-1") || strings.Contains(s, "-3") }},
	{`^[^\$].*`, func(s string) bool { return !strings.HasPrefix(s, "$") }},
	{`^(?!(\$.+$|unit-1$))`, func(s string) bool { return (len(s) < 2 || s[0] != '$') && s != "unit-1" }},
	{`^(?!unit)(?=.*1).*$`, func(s string) bool { return !strings.HasPrefix(s, "unit") && strings.Contains(s, "1") }},
	{`.`, func(string) bool { return true }},
	{`nothing like it`, func(string) bool { return false }},
}

var (
	streamNames = []string{"unit-1", "unit-2", "case-1", "case-31", "$settings"}
	typeNames   = []string{"unit.registered", "unit.renamed", "case.opened", "$config"}
)

// sees hides events from "some", and a whole stream.
func sees(by ledger.Actor, e ledger.Recorded) bool {
	return by.Account != "some" || e.Stream != "case-31" && e.ID[1]%3 != 0
}

func admit(_ context.Context, header string) (ledger.Actor, error) {
	return ledger.Actor{Account: header, Roles: []ledger.Role{ledger.Auditor}}, nil
}

func drawQuery(t *rapid.T, events []ledger.Recorded, follow bool) (q query) {
	q.who = rapid.SampledFrom([]string{"all", "some"}).Draw(t, "who")
	q.asText = rapid.Bool().Draw(t, "as text")
	q.from = rapid.SampledFrom([]string{"start", "end", "there", "there"}).Draw(t, "from")
	q.back = !follow && rapid.Bool().Draw(t, "back")
	q.count = rapid.OneOf(rapid.Uint64Range(1, 5), rapid.Just(uint64(1<<63)), rapid.Uint64Range(1, 400)).Draw(t, "count")
	if rapid.Bool().Draw(t, "one stream") {
		q.stream = rapid.SampledFrom(append([]string{"none", "$$unit-1"}, streamNames...)).Draw(t, "stream")
		q.revision = rapid.Int64Range(0, 80).Draw(t, "revision")
		return q
	}
	near := events[rapid.IntRange(0, len(events)-1).Draw(t, "near")].Position
	off := rapid.SampledFrom([]int64{0, 0, 0, -1, 1, 2, -6}).Draw(t, "off")
	q.position = ledger.Position{Commit: uint64(max(int64(near.Commit)+off, 0)), Prepare: uint64(max(int64(near.Prepare)+off, 0))}
	if rapid.Bool().Draw(t, "filtered") {
		q.filter = drawFilter(t)
	}
	return q
}

func drawFilter(t *rapid.T) *wanted {
	w := &wanted{
		byType: rapid.Bool().Draw(t, "by type"),
		window: rapid.SampledFrom([]uint32{0, 1, 2, 7, 500}).Draw(t, "window"),
		times:  rapid.Uint32Range(1, 4).Draw(t, "times"),
	}
	if rapid.Bool().Draw(t, "regex") {
		e := rapid.SampledFrom(expressions).Draw(t, "expression")
		w.regex, w.passes = e.regex, e.passes
		return w
	}
	w.prefixes = rapid.SliceOfN(rapid.SampledFrom([]string{"unit", "unit-2", "case-", "case.", "u", "$", "x", "1", "e", "nit"}), 0, 3).Draw(t, "prefixes")
	w.passes = func(name string) bool {
		return slices.ContainsFunc(w.prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
	}
	return w
}

func (q query) request(follows bool) *streams.ReadReq {
	var changes []func(*streams.ReadReq_Options)
	switch {
	case q.stream != "" && q.from == "start":
		changes = append(changes, of(q.stream, -1))
	case q.stream != "" && q.from == "end":
		changes = append(changes, of(q.stream, -2))
	case q.stream != "":
		changes = append(changes, of(q.stream, q.revision))
	case q.from == "end":
		changes = append(changes, atEnd)
	case q.from == "there":
		changes = append(changes, at(q.position.Commit, q.position.Prepare))
	}
	changes = append(changes, count(q.count))
	if q.back {
		changes = append(changes, backwards)
	}
	if follows {
		changes = append(changes, follow)
	}
	if q.filter != nil {
		changes = append(changes, func(o *streams.ReadReq_Options) {
			o.FilterOption = &streams.ReadReq_Options_Filter{Filter: q.filter.proto()}
		})
	}
	if q.asText {
		changes = append(changes, func(o *streams.ReadReq_Options) {
			o.UuidOption.Content = &streams.ReadReq_Options_UUIDOption_String_{String_: empty}
		})
	}
	changes = append(changes, func(o *streams.ReadReq_Options) { o.ResolveLinks = q.count%2 == 0 })
	return ask(changes...)
}

func (w *wanted) proto() *streams.ReadReq_Options_FilterOptions {
	e := &streams.ReadReq_Options_FilterOptions_Expression{Regex: w.regex, Prefix: w.prefixes}
	f := &streams.ReadReq_Options_FilterOptions{
		CheckpointIntervalMultiplier: w.times,
		Filter:                       &streams.ReadReq_Options_FilterOptions_StreamIdentifier{StreamIdentifier: e},
		Window:                       &streams.ReadReq_Options_FilterOptions_Count{Count: empty},
	}
	if w.byType {
		f.Filter = &streams.ReadReq_Options_FilterOptions_EventType{EventType: e}
	}
	if w.window > 0 {
		f.Window = &streams.ReadReq_Options_FilterOptions_Max{Max: w.window}
	}
	return f
}

// beyond: what the reader sees ends before the place that is to be read from
// backwards.
func (q query) beyond(events []ledger.Recorded) bool {
	end := ledger.Position{}
	for _, e := range events {
		if sees(ledger.Actor{Account: q.who}, e) {
			end = e.Position
		}
	}
	return q.stream == "" && q.from == "there" && q.back && q.position.Commit > end.Commit+1
}

// read is what a read must answer, told one message a line.
func (q query) read(events []ledger.Recorded) (lines []string) {
	known := slices.DeleteFunc(slices.Clone(events), func(e ledger.Recorded) bool {
		return q.stream != "" && e.Stream != q.stream || !sees(ledger.Actor{Account: q.who}, e)
	})
	if q.stream != "" && len(known) == 0 {
		return []string{"not found: " + q.stream}
	}
	if q.back {
		slices.Reverse(known)
	}
	for _, e := range known {
		within := q.from == "start" && !q.back || q.from == "end" && q.back
		switch {
		case q.from == "there" && q.stream == "" && q.back:
			within = q.position.After(e.Position)
		case q.from == "there" && q.stream == "":
			within = !q.position.After(e.Position)
		case q.from == "there" && q.back:
			within = e.Revision <= q.revision
		case q.from == "there":
			within = e.Revision >= q.revision
		case q.from == "start" && q.back:
			within = q.stream != "" && e.Revision == 0
		}
		if within && q.filter.lets(e) && uint64(len(lines)) < q.count {
			lines = append(lines, told(e))
		}
	}
	return lines
}

func told(e ledger.Recorded) string {
	return fmt.Sprintf("%s %d at %d/%d: %s %s %s %s", e.Stream, e.Revision, e.Position.Commit, e.Position.Prepare, e.ID, e.Type, e.Data, e.Meta)
}

// line tells a message the way told does, and holds what does not vary.
func line(m *streams.ReadResp, asText bool) string {
	switch c := m.Content.(type) {
	case *streams.ReadResp_Event:
		e := c.Event.GetEvent()
		id := e.GetId().GetString_()
		if s := e.GetId().GetStructured(); (s == nil) != asText {
			return "an id in the wrong form"
		} else if s != nil {
			id = fmt.Sprintf("%016x%016x", uint64(s.MostSignificantBits), uint64(s.LeastSignificantBits))
			id = id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
		}
		if c.Event.GetLink() != nil || c.Event.GetCommitPosition() != e.CommitPosition || len(e.Metadata) != 3 || e.Metadata["content-type"] != "application/json" || len(e.Metadata["created"]) != 17 {
			return "an event that is not well-formed: " + m.String()
		}
		return fmt.Sprintf("%s %d at %d/%d: %s %s %s %s", e.StreamIdentifier.StreamName, e.StreamRevision, e.CommitPosition, e.PreparePosition, id, e.Metadata["type"], e.Data, e.CustomMetadata)
	case *streams.ReadResp_Checkpoint_:
		return fmt.Sprintf("checkpoint %d/%d", c.Checkpoint.CommitPosition, c.Checkpoint.PreparePosition)
	case *streams.ReadResp_CaughtUp_:
		return "caught up"
	case *streams.ReadResp_Confirmation:
		if len(c.Confirmation.SubscriptionId) != 36 {
			return "a confirmation without an id"
		}
		return "confirmed"
	case *streams.ReadResp_StreamNotFound_:
		return "not found: " + string(c.StreamNotFound.StreamIdentifier.StreamName)
	}
	return "a message no client of this version knows: " + m.String()
}

// grow appends a few events at random, seldom: it waits for the disk.
func grow(t *rapid.T, tb testing.TB, w *writer) {
	for range max(0, rapid.IntRange(-5, 2).Draw(t, "appends")) {
		w.append(tb, rapid.SampledFrom(streamNames).Draw(t, "to"), rapid.SampledFrom(typeNames).Draw(t, "type"), rapid.IntRange(1, 3).Draw(t, "events"))
	}
}

// overLogs runs a test over every kind of log, with appends of some streams
// and types in it and a client that asks by who it is.
func overLogs(t *testing.T, appends int, run func(t *testing.T, log ledger.Log, w *writer, c streams.StreamsClient)) {
	t.Parallel()
	for name, open := range logs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := open(t)
			w := newWriter(log)
			for i := range appends {
				w.append(t, streamNames[i*i%5], typeNames[i*7%4], 1+i%4)
			}
			run(t, log, w, reader(t, serve(t, log, wire.Options{Admit: admit, See: sees})))
		})
	}
}

// TestReads holds every read to what the model says, on a log that can read
// backwards and on one that cannot.
func TestReads(t *testing.T) {
	overLogs(t, 60, func(t *testing.T, log ledger.Log, w *writer, c streams.StreamsClient) {
		rapid.Check(t, func(rt *rapid.T) {
			grow(rt, t, w)
			events := all(t, log)
			q := drawQuery(rt, events, false)
			got, err := receive(as(within(t), q.who), c, q.request(false), q.asText)
			if q.beyond(events) {
				if status.Code(err) != codes.InvalidArgument || len(got) > 0 {
					rt.Fatalf("from behind the end: %v", err)
				}
				return
			}
			if err != nil {
				rt.Fatal(err)
			}
			compare(rt, got, q.read(events))
		})
	})
}

func receive(ctx context.Context, c streams.StreamsClient, in *streams.ReadReq, asText bool) (lines []string, err error) {
	r, err := c.Read(ctx, in)
	for err == nil {
		var m *streams.ReadResp
		if m, err = r.Recv(); err == nil {
			lines = append(lines, line(m, asText))
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return lines, err
}

type fataler interface{ Fatalf(string, ...any) }

func compare(t fataler, got, want []string) {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("message %d is\n%s\nwant\n%s", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d messages, want %d: %q, %q", len(got), len(want), got, want)
	}
}
