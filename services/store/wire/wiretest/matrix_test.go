package wiretest_test

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"suyuan/services/store/wire/wiretest"
)

// The expected-revision and idempotence matrix: what a stream has, what an
// append expects and sends, what comes of it. A letter is an event with the
// id of that letter.
var matrix = []struct {
	has, expect, sends string
	want               string // "wrote 3", "found 1" or "wrong", with the revision of the last event
}{
	// Any: weak idempotence, ids are looked up in the same stream.
	{"", "any", "a", "wrote 0"},
	{"", "any", "abc", "wrote 2"},
	{"abc", "any", "d", "wrote 3"},
	{"abc", "any", "de", "wrote 4"},
	{"abc", "any", "a", "found 0"},
	{"abc", "any", "b", "found 1"},
	{"abc", "any", "ab", "found 1"},
	{"abc", "any", "bc", "found 2"},
	{"abc", "any", "abc", "found 2"},
	{"abc", "any", "ca", "found 0"}, // all known, in whatever order
	{"abc", "any", "cd", "wrong"},   // a known start, then a new id
	{"abc", "any", "abcd", "wrong"},
	{"abc", "any", "dc", "wrote 4"}, // a new start
	{"aba", "any", "a", "found 2"},  // written twice: the later one
	{"", "any", "", "found -1"},
	{"abc", "any", "", "found 2"},

	// StreamExists: the same, once there is a stream.
	{"", "exists", "a", "wrong"},
	{"", "exists", "", "wrong"},
	{"abc", "exists", "d", "wrote 3"},
	{"abc", "exists", "b", "found 1"},
	{"abc", "exists", "abc", "found 2"},
	{"abc", "exists", "cd", "wrong"},
	{"abc", "exists", "dc", "wrote 4"},

	// NoStream: strong idempotence, the same ids from revision 0 on.
	{"", "none", "a", "wrote 0"},
	{"", "none", "ab", "wrote 1"},
	{"abc", "none", "a", "found 0"},
	{"abc", "none", "ab", "found 1"},
	{"abc", "none", "abc", "found 2"},
	{"abc", "none", "abcd", "wrong"},
	{"abc", "none", "b", "wrong"},
	{"abc", "none", "ba", "wrong"},
	{"abc", "none", "ad", "wrong"},
	{"abc", "none", "d", "wrong"},
	{"", "none", "", "found -1"},
	{"abc", "none", "", "wrong"},

	// A revision behind the head: the same ids from the next one on.
	{"abc", "0", "b", "found 1"},
	{"abc", "0", "bc", "found 2"},
	{"abc", "1", "c", "found 2"},
	{"abc", "0", "bcd", "wrong"},
	{"abc", "0", "c", "wrong"},
	{"abc", "0", "bd", "wrong"},
	{"abc", "0", "d", "wrong"},
	{"abc", "1", "b", "wrong"},
	{"abc", "1", "", "wrong"},

	// The head: always written, a known id too.
	{"a", "0", "b", "wrote 1"},
	{"abc", "2", "d", "wrote 3"},
	{"abc", "2", "de", "wrote 4"},
	{"abc", "2", "c", "wrote 3"},
	{"abc", "2", "a", "wrote 3"},
	{"abc", "2", "cd", "wrote 4"},
	{"abc", "2", "", "found 2"},

	// Beyond the head.
	{"", "0", "a", "wrong"},
	{"abc", "3", "d", "wrong"},
	{"abc", "3", "a", "wrong"},
	{"abc", "7", "d", "wrong"},
	{"abc", "9223372036854775807", "d", "wrong"},
	{"abc", "18446744073709551614", "d", "wrong"},
	{"abc", "18446744073709551615", "d", "wrong"},
	{"", "18446744073709551614", "a", "wrong"},
	{"", "18446744073709551615", "a", "wrote 0"}, // the largest number is NoStream
}

func TestMatrix(t *testing.T) {
	s := start(t, wiretest.Config{})
	raw, official := raw(t, s.Addresses()[0]), dial(t, s.URL())
	// Another stream knows the same ids: nothing comes of it.
	write(t, raw, "other", "none", "abcde")
	for i, c := range matrix {
		for _, by := range []string{"raw", "official"} {
			stream := fmt.Sprintf("%s-%d", by, i)
			name := fmt.Sprintf("%s: %q, expects %s, sends %q", by, c.has, c.expect, c.sends)
			if c.has != "" {
				write(t, raw, stream, "none", c.has)
			}
			var got string
			if by == "raw" {
				got = answered(t, name, c.expect, int64(len(c.has))-1, write(t, raw, stream, c.expect, c.sends))
			} else {
				got = appended(t, official, stream, c.expect, c.sends, len(c.has))
			}
			outcome, last, _ := strings.Cut(c.want, " ")
			want, now := c.want, c.has
			switch {
			case outcome == "wrote":
				now += c.sends
				fallthrough
			case c.sends != "" && outcome == "found":
				want = last + " at " + place(t, official, stream, last)
			case outcome == "found":
				want = last + " at none"
			}
			if got != want {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
			ids := ""
			if now != "" {
				for _, e := range read(t, official, stream) {
					ids += string(rune(e.EventID[15]))
				}
			}
			if ids != now {
				t.Errorf("%s: the stream has %q afterwards, want %q", name, ids, now)
			}
		}
	}
}

// place is where a revision of a stream stands in the log.
func place(t *testing.T, c *esdb.Client, stream, revision string) string {
	for _, e := range read(t, c, stream) {
		if fmt.Sprint(e.EventNumber) == revision {
			return fmt.Sprintf("%d/%d", e.Position.Commit, e.Position.Prepare)
		}
	}
	return "nowhere"
}

// write sends an append as it is on the wire.
func write(t testing.TB, c streams.StreamsClient, stream, expect, ids string) *streams.AppendResp {
	t.Helper()
	messages := []*streams.AppendReq{header(stream, expect)}
	for _, id := range ids {
		messages = append(messages, message(int64(id), "test.happened", `{}`))
	}
	got, _, err := send(t, c, messages...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func header(stream, expect string) *streams.AppendReq {
	o := &streams.AppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)}}
	switch expect {
	case "any":
		o.ExpectedStreamRevision = &streams.AppendReq_Options_Any{Any: &shared.Empty{}}
	case "exists":
		o.ExpectedStreamRevision = &streams.AppendReq_Options_StreamExists{StreamExists: &shared.Empty{}}
	case "none":
		o.ExpectedStreamRevision = &streams.AppendReq_Options_NoStream{NoStream: &shared.Empty{}}
	default:
		n, err := strconv.ParseUint(expect, 10, 64)
		if err != nil {
			panic(err) // the table is wrong
		}
		o.ExpectedStreamRevision = &streams.AppendReq_Options_Revision{Revision: n}
	}
	return &streams.AppendReq{Content: &streams.AppendReq_Options_{Options: o}}
}

func message(id int64, typ, data string) *streams.AppendReq {
	return &streams.AppendReq{Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: &streams.AppendReq_ProposedMessage{
		Id:       &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{LeastSignificantBits: id}}},
		Metadata: map[string]string{"type": typ, "content-type": "application/json"},
		Data:     []byte(data), CustomMetadata: []byte(`{}`),
	}}}
}

// answered is the outcome that a raw answer says. Of a conflict every field
// is compared, those for clients of before 20.6.1 too.
func answered(t *testing.T, name, expect string, head int64, r *streams.AppendResp) string {
	if s := r.GetSuccess(); s != nil {
		revision, at := "-1", "none"
		if _, none := s.CurrentRevisionOption.(*streams.AppendResp_Success_NoStream); !none {
			revision = fmt.Sprint(s.GetCurrentRevision())
		}
		if p := s.GetPosition(); p != nil {
			at = fmt.Sprintf("%d/%d", p.CommitPosition, p.PreparePosition)
		}
		return revision + " at " + at
	}
	current, old := fmt.Sprintf(`"currentRevision":"%d"`, head), fmt.Sprintf(`"currentRevision2060":"%d"`, head)
	if head < 0 {
		current, old = `"currentNoStream":{}`, `"noStream2060":{}`
	}
	expected := map[string]string{
		"any": `"expectedAny":{},"any2060":{}`, "exists": `"expectedStreamExists":{},"streamExists2060":{}`,
		"none": fmt.Sprintf(`"expectedNoStream":{},"expectedRevision2060":"%d"`, uint64(math.MaxUint64)),
	}[expect]
	if expected == "" {
		expected = fmt.Sprintf(`"expectedRevision":"%s","expectedRevision2060":"%s"`, expect, expect)
	}
	want := &streams.AppendResp{}
	if err := protojson.Unmarshal([]byte(`{"wrongExpectedVersion":{`+strings.Join([]string{current, old, expected}, ",")+`}}`), want); err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(r, want) {
		t.Errorf("%s: %v, want %v", name, r, want)
	}
	return "wrong"
}

// appended is the outcome that the official client says.
func appended(t *testing.T, c *esdb.Client, stream, expect, ids string, has int) string {
	o := esdb.AppendToStreamOptions{}
	expected := map[string]string{"any": "any", "exists": "stream_exists", "none": "no_stream"}[expect]
	switch expect {
	case "any":
		o.ExpectedRevision = esdb.Any{}
	case "exists":
		o.ExpectedRevision = esdb.StreamExists{}
	case "none":
		o.ExpectedRevision = esdb.NoStream{}
	default:
		n, err := strconv.ParseUint(expect, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		o.ExpectedRevision, expected = esdb.Revision(n), strconv.Itoa(int(n))
	}
	var events []esdb.EventData
	for _, id := range ids {
		e := event(0)
		e.EventID = [16]byte{15: byte(id)}
		events = append(events, e)
	}
	r, err := c.AppendToStream(patient(t), stream, o, events...)
	if err == nil {
		if r.CommitPosition == 0 && r.PreparePosition == 0 {
			// The client gives 0 as the revision of a stream that does not exist.
			return strconv.Itoa(has-1) + " at none"
		}
		return fmt.Sprintf("%d at %d/%d", r.NextExpectedVersion, r.CommitPosition, r.PreparePosition)
	}
	current := strconv.Itoa(has - 1)
	if has == 0 {
		current = "no_stream"
	}
	var e *esdb.Error
	says := fmt.Sprintf("expecting '%s' but got '%s'", expected, current)
	if !errors.As(err, &e) || e.Code() != esdb.ErrorCodeWrongExpectedVersion || !strings.Contains(e.Error(), says) {
		t.Errorf("%s, expects %s: %v, want %s", stream, expect, err, says)
	}
	return "wrong"
}
