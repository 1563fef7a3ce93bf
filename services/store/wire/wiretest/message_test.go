package wiretest

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"suyuan/services/ledger"
)

// TestMessage holds what is read by hand to what the generated types read,
// whole and damaged, in one part and in several.
func TestMessage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, kept := &message{}, []ledger.Record(nil)
		p := &proposal{}
		for range rapid.IntRange(1, 5).Draw(t, "messages") {
			b, err := proto.Marshal(proposed().Draw(t, "message"))
			if err != nil {
				t.Fatal(err)
			}
			for range rapid.IntRange(0, 2).Draw(t, "damages") {
				b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= rapid.Byte().Draw(t, "flip")
			}
			want, other := &proposal{}, &streams.AppendReq{}
			damaged := proto.Unmarshal(b, other)
			at := rapid.IntRange(0, len(b)).Draw(t, "second part from")
			if err := m.Read(mem.BufferSlice{mem.SliceBuffer(slices.Clone(b[:at])), mem.SliceBuffer(slices.Clone(b[at:]))}); (err == nil) != (damaged == nil) {
				t.Fatalf("%x: %v, want %v", b, err, damaged)
			}
			if damaged != nil {
				continue
			}
			before := len(p.events)
			got, expected := m.into(p), want.take(other.GetProposedMessage())
			if !reflect.DeepEqual(got, expected) {
				t.Fatalf("%x: %v, want %v", b, got, expected)
			}
			if size := len(other.GetProposedMessage().GetData()) + len(other.GetProposedMessage().GetCustomMetadata()); m.size() != size {
				t.Fatalf("%x: %d bytes, want %d", b, m.size(), size)
			}
			if !slices.EqualFunc(p.events[before:], want.events, equal) {
				t.Fatalf("%x: %v, want %v", b, p.events[before:], want.events)
			}
			kept = append(kept, want.events...)
		}
		if !slices.EqualFunc(p.events, kept, equal) {
			t.Fatalf("an event was written over by one behind it: %v, want %v", p.events, kept)
		}
	})
}

// TestUsual: what clients send is read by hand, more of it than one room holds,
// and what looks like it is not.
func TestUsual(t *testing.T) {
	usual, err := proto.Marshal(&streams.AppendReq{Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: &streams.AppendReq_ProposedMessage{
		Id:       &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{MostSignificantBits: 5, LeastSignificantBits: 7}}},
		Metadata: map[string]string{"type": "unit.named", "content-type": "application/json"}, CustomMetadata: []byte(`{"b":1}`), Data: bytes.Repeat([]byte("x"), 600),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	m, p := &message{}, &proposal{}
	for range 4 * roomBytes / len(usual) {
		if err := m.Read(mem.BufferSlice{mem.SliceBuffer(usual)}); err != nil || m.other != nil || m.event.Type != "unit.named" || m.into(p) != nil {
			t.Fatalf("%+v, %v", m, err)
		}
	}
	for i, e := range p.events {
		if !equal(e, m.event) {
			t.Fatalf("event %d is %v", i, e)
		}
	}
	none := bytes.Replace(usual, []byte{8, 5, 16, 7}, []byte{8, 0, 16, 0}, 1)
	if err := m.Read(mem.BufferSlice{mem.SliceBuffer(none)}); err != nil || m.into(p) == nil {
		t.Errorf("an event with the empty id was taken: %v", err)
	}
	for _, damaged := range []string{"unit\xffnamed", "unit.nam\xc3d"} {
		if err := m.Read(mem.BufferSlice{mem.SliceBuffer(bytes.Replace(usual, []byte("unit.named"), []byte(damaged), 1))}); err == nil {
			t.Errorf("type %q was taken", damaged)
		}
	}
}

func equal(a, b ledger.Record) bool {
	return a.ID == b.ID && a.Type == b.Type && bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Meta, b.Meta)
}

// proposed makes messages, most of them in the usual form.
func proposed() *rapid.Generator[*streams.AppendReq] {
	number := rapid.SampledFrom([]int64{0, 1, -1, 1 << 40})
	text := rapid.SliceOfN(rapid.Byte(), 0, 40)
	return rapid.Custom(func(t *rapid.T) *streams.AppendReq {
		if rapid.IntRange(0, 9).Draw(t, "options") == 0 {
			return &streams.AppendReq{Content: &streams.AppendReq_Options_{Options: &streams.AppendReq_Options{
				StreamIdentifier: &shared.StreamIdentifier{StreamName: text.Draw(t, "stream")},
			}}}
		}
		m := &streams.AppendReq_ProposedMessage{Metadata: map[string]string{}, CustomMetadata: text.Draw(t, "metadata"), Data: text.Draw(t, "data")}
		switch rapid.IntRange(0, 5).Draw(t, "id") {
		case 0:
		case 1:
			m.Id = &shared.UUID{Value: &shared.UUID_String_{String_: rapid.SampledFrom([]string{"", "x", "00000000-0000-0000-0000-000000000001"}).Draw(t, "text id")}}
		default:
			m.Id = &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
				MostSignificantBits: number.Draw(t, "most"), LeastSignificantBits: number.Draw(t, "least"),
			}}}
		}
		for _, key := range rapid.SampledFrom([][]string{{"type", "content-type"}, {"type", "content-type"}, {"type"}, {"content-type", "x"}, {"type", "content-type", "x"}}).Draw(t, "keys") {
			m.Metadata[key] = rapid.SampledFrom([]string{"application/json", "unit.registered", ""}).Draw(t, key)
		}
		return &streams.AppendReq{Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: m}}
	})
}
