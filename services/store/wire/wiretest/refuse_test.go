package wiretest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
	"suyuan/services/store/wire/wiretest"
)

// sized is an event of so many bytes: data, metadata ({}) and twice the name
// of its type (a.b).
func sized(id int64, bytes int) *streams.AppendReq {
	return message(id, "a.b", strings.Repeat(" ", bytes-2-6))
}

func without(m *streams.AppendReq, property string) *streams.AppendReq {
	delete(m.GetProposedMessage().GetMetadata(), property)
	return m
}

func named(m *streams.AppendReq, id *shared.UUID) *streams.AppendReq {
	m.GetProposedMessage().Id = id
	return m
}

func typed(typ string) *streams.AppendReq { return message('a', typ, `{}`) }

func TestRefusals(t *testing.T) {
	s := start(t, wiretest.Config{})
	c := raw(t, s.Addresses()[0])
	one := sized('a', 100)
	tooLarge := []string{"exception=maximum-append-size-exceeded", "maximum-append-size=1048576"}
	missing := []string{"exception=missing-required-metadata-property", "required-metadata-properties=type,content-type"}
	many := func(n, bytes int) (out []*streams.AppendReq) {
		for i := range n {
			out = append(out, sized(int64(i+1), bytes))
		}
		return out
	}
	for _, x := range []struct {
		name     string
		header   *streams.AppendReq
		events   []*streams.AppendReq
		code     codes.Code
		says     string
		trailers []string
	}{
		{"exactly the limit", header("limit", "none"), []*streams.AppendReq{sized('a', 400_000), sized('b', 400_000), sized('c', wiretest.MaxAppend-800_000)}, codes.OK, "", nil},
		{"a byte more", header("refused", "none"), []*streams.AppendReq{sized('a', 400_000), sized('b', 400_000), sized('c', wiretest.MaxAppend-800_000+1)}, codes.InvalidArgument, "Maximum Append Size of 1048576 Exceeded.", tooLarge},
		{"5 MiB in one event", header("refused", "any"), many(1, 5<<20), codes.InvalidArgument, "Maximum Append Size", tooLarge},
		{"5 MiB in ten events", header("refused", "any"), many(10, 512<<10), codes.InvalidArgument, "Maximum Append Size", tooLarge},
		{"5 MiB in 5000 events", header("refused", "any"), many(5000, 1<<10), codes.InvalidArgument, "Maximum Append Size", tooLarge},
		{"a name counts twice, in UTF-16", header("name", "none"), []*streams.AppendReq{sized('a', 400_000), sized('b', 400_000), sized('c', wiretest.MaxAppend-800_000-2-2*5), message('d', "码码𠀀.", "")}, codes.OK, "", nil},
		{"a byte more before it", header("refused", "none"), []*streams.AppendReq{sized('a', 400_000), sized('b', 400_000), sized('c', wiretest.MaxAppend-800_000-2-2*5+1), message('d', "码码𠀀.", "")}, codes.InvalidArgument, "Maximum Append Size", tooLarge},
		{"the largest event", header("largest", "none"), many(1, ledger.MaxEvent+6), codes.OK, "", nil},
		{"an event over the ledger's bound", header("refused", "none"), many(1, ledger.MaxEvent+7), codes.InvalidArgument, "at most 524288 bytes of data and metadata an event", nil},
		{"the largest batch", header("batch", "none"), many(ledger.MaxBatch, 100), codes.OK, "", nil},
		{"a batch over the ledger's bound", header("refused", "none"), many(ledger.MaxBatch+1, 100), codes.InvalidArgument, "at most 256 events at once", nil},
		{"a name over the ledger's bound", header(strings.Repeat("s", 257), "none"), many(1, 100), codes.InvalidArgument, "at most 256 bytes a name", nil},
		{"a name with a line end", header("a\nb", "none"), many(1, 100), codes.InvalidArgument, "name", nil},
		{"a type without a name", header("refused", "none"), []*streams.AppendReq{typed("")}, codes.InvalidArgument, "type", nil},

		{"no options", one, nil, codes.InvalidArgument, "begins with its options", nil},
		{"options twice", header("refused", "any"), []*streams.AppendReq{header("refused", "any")}, codes.InvalidArgument, "events only", nil},
		{"no stream", header("", "any"), many(1, 100), codes.InvalidArgument, "names its stream", nil},
		{"no expectation", &streams.AppendReq{Content: &streams.AppendReq_Options_{Options: &streams.AppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte("refused")}}}}, many(1, 100), codes.InvalidArgument, "which revision", nil},
		{"no type", header("refused", "any"), []*streams.AppendReq{without(sized('a', 100), "type")}, codes.InvalidArgument, "'type'", missing},
		{"no content type", header("refused", "any"), []*streams.AppendReq{without(sized('a', 100), "content-type")}, codes.InvalidArgument, "'content-type'", missing},
		{"no id", header("refused", "any"), []*streams.AppendReq{named(sized('a', 100), nil)}, codes.InvalidArgument, "UUID", nil},
		{"the empty id", header("refused", "any"), []*streams.AppendReq{sized(0, 100)}, codes.InvalidArgument, "UUID", nil},
		{"an id that is none", header("refused", "any"), []*streams.AppendReq{named(sized('a', 100), &shared.UUID{Value: &shared.UUID_String_{String_: "a"}})}, codes.InvalidArgument, "UUID", nil},
		{"an id in words", header("words", "any"), []*streams.AppendReq{named(sized('a', 100), &shared.UUID{Value: &shared.UUID_String_{String_: "00000000-0000-0000-0000-000000000061"}})}, codes.OK, "", nil},

		{"stream metadata", header("$$unit-1", "any"), []*streams.AppendReq{message('a', "$metadata", `{"$maxCount":1}`)}, codes.PermissionDenied, "A stream's metadata is not written", nil},
		{"$all", header("$all", "any"), many(1, 100), codes.PermissionDenied, "only read", nil},
	} {
		_, trailer, err := send(t, c, append([]*streams.AppendReq{x.header}, x.events...)...)
		if got := status.Convert(err); got.Code() != x.code || !strings.Contains(got.Message(), x.says) {
			t.Errorf("%s: %v, want %s %q", x.name, err, x.code, x.says)
		}
		var trailers []string
		for key, values := range trailer {
			if key != "content-type" {
				trailers = append(trailers, key+"="+strings.Join(values, "+"))
			}
		}
		if slices.Sort(trailers); !slices.Equal(trailers, x.trailers) {
			t.Errorf("%s: trailers %q, want %q", x.name, trailers, x.trailers)
		}
	}
	// It lives, and nothing of what it refused is there.
	if r := write(t, c, "refused", "none", "a"); r.GetSuccess() == nil {
		t.Error(r)
	}
	if r := write(t, c, "words", "none", "a"); r.GetSuccess().GetCurrentRevision() != 0 || r.GetSuccess().GetPosition() == nil {
		t.Errorf("the id in words is another: %v", r)
	}
}

// The official client knows neither of these errors by name and gives the
// words, whole.
func TestRefusalsToTheClient(t *testing.T) {
	s := start(t, wiretest.Config{})
	c := dial(t, s.URL())
	large := func(n, bytes int) (out []esdb.EventData) {
		for range n {
			e := event(1)
			e.Data = make([]byte, bytes)
			out = append(out, e)
		}
		return out
	}
	_, one := c.AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{}, large(1, 5<<20)...)
	_, ten := c.AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{}, large(10, 512<<10)...)
	_, meta := c.SetStreamMetadata(patient(t), "unit-1", esdb.AppendToStreamOptions{}, esdb.StreamMetadata{})
	_, deleted := c.DeleteStream(patient(t), "unit-1", esdb.DeleteStreamOptions{})
	_, tombstoned := c.TombstoneStream(patient(t), "unit-1", esdb.TombstoneStreamOptions{})
	for _, x := range []struct {
		name string
		err  error
		code esdb.ErrorCode
		says string
	}{
		{"5 MiB in one event", one, esdb.ErrorCodeUnknown, "Maximum Append Size of 1048576 Exceeded."},
		{"5 MiB in ten events", ten, esdb.ErrorCodeUnknown, "Maximum Append Size of 1048576 Exceeded."},
		{"stream metadata", meta, esdb.ErrorCodeAccessDenied, "metadata"},
		{"delete", deleted, esdb.ErrorCodeAccessDenied, ""},
		{"tombstone", tombstoned, esdb.ErrorCodeAccessDenied, ""},
	} {
		var e *esdb.Error
		if !errors.As(x.err, &e) || e.Code() != x.code || !strings.Contains(e.Error(), x.says) {
			t.Errorf("%s: %v", x.name, x.err)
		}
	}
	if _, err := c.AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, event(1)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
