package wire

import (
	"strconv"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"suyuan/services/ledger"
)

// TestFrames holds what is written by hand to what the generated types read
// and would have written.
func TestFrames(t *testing.T) {
	number := rapid.OneOf(rapid.SampledFrom([]uint64{0, 1, 127, 128, 1<<63 - 1}), rapid.Uint64())
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "a", "单位-1"}), rapid.StringN(0, 300, 300))
	rapid.Check(t, func(t *rapid.T) {
		f := &frame{asText: rapid.Bool().Draw(t, "as text")}
		copy(f.ID[:], rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 128, 255}), 16, 16).Draw(t, "id"))
		f.Stream, f.Type = text.Draw(t, "stream"), text.Draw(t, "type")
		f.Revision = rapid.Int64Range(0, 1<<62).Draw(t, "revision")
		f.Position = ledger.Position{Commit: number.Draw(t, "commit"), Prepare: number.Draw(t, "prepare")}
		f.Data = rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "data")
		f.Meta = rapid.OneOf(rapid.Just([]byte(nil)), rapid.Just([]byte(`{"a":1,"recorded":"2026-01-02T03:04:05.6Z"}`)), rapid.SliceOfN(rapid.Byte(), 0, 400)).Draw(t, "meta")

		got := &streams.ReadResp{}
		out, err := codec{}.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		b := out.Materialize()
		out.Free()
		if err := proto.Unmarshal(b, got); err != nil {
			t.Fatal(err)
		}
		id := &shared.UUID{Value: &shared.UUID_String_{String_: f.ID.String()}}
		if !f.asText {
			most, least := halves(f.ID)
			id = &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{MostSignificantBits: most, LeastSignificantBits: least}}}
		}
		want := &streams.ReadResp{Content: &streams.ReadResp_Event{Event: &streams.ReadResp_ReadEvent{
			Event: &streams.ReadResp_ReadEvent_RecordedEvent{
				Id: id, StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(f.Stream)},
				StreamRevision: uint64(f.Revision), PreparePosition: f.Position.Prepare, CommitPosition: f.Position.Commit,
				Metadata:       map[string]string{"type": f.Type, "content-type": "application/json", "created": strconv.FormatInt(created(f.Meta), 10)},
				CustomMetadata: f.Meta, Data: f.Data,
			},
			Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: f.Position.Commit},
		}}}
		if !proto.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
		if n := proto.Size(want); n != len(b) {
			t.Fatalf("%d bytes, want %d", len(b), n)
		}
	})
}

func TestCreated(t *testing.T) {
	sealed, _, err := ledger.Seal(ledger.Hash{}, "unit-1", 0, ledger.Record{Meta: []byte(`{"name":"x","recorded":"1969-12-31T23:59:59.9999999Z"}`)})
	if err != nil {
		t.Fatal(err)
	}
	for meta, want := range map[string]int64{
		`{"recorded":"2026-01-02T03:04:05Z"}`:                        17673230450000000,
		`{"recorded":"2026-01-02T11:04:05.123456789+08:00"}`:         17673230451234567,
		`{"name":"x","recorded":"1970-01-01T00:00:00Z","hash":"00"}`: 0,
		string(sealed.Meta): -1,
		`{"input":"\",\"recorded\":\"2026-01-02T03:04:05Z\"","name":"x"}`:                      0,
		`{"input":",\"recorded\":\"1999-01-01T00:00:00Z\"","recorded":"2026-01-02T03:04:05Z"}`: 17673230450000000,
		`{"unrecorded":"2026-01-02T03:04:05Z"}`:                                                0,
		`{"recorded":"yesterday","name":"x"}`:                                                  0,
		`{"recorded":"2026-01-02T03:04:05.00000000000000000000000000001Z"}`:                    0,
		`{"recorded":"`:                     0,
		`{"recorded":"2026-01-02T03:04:05Z`: 0,
		`recorded":"2026-01-02T03:04:05Z"`:  0,
		``:                                  0,
		"\x00\xff{{{,\"recorded\":\"0000-01-01T00:00:00Z\"": -621672192000000000,
	} {
		if got := created([]byte(meta)); got != want {
			t.Errorf("%s: %d, want %d", meta, got, want)
		}
	}
	m := ledger.Meta{Recorded: time.Unix(1767323045, 123456700).UTC()}
	if got := ticks(m.Recorded); got != 17673230451234567 {
		t.Errorf("%d", got)
	}
}
