package wire

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"strconv"

	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // the codec of every other message
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"

	"suyuan/services/ledger"
)

// codec writes the events of a read by hand, straight into the buffer that
// goes out, and leaves every other message to gRPC's own.
type codec struct{}

func (codec) Name() string { return "proto" }

func (codec) Marshal(v any) (mem.BufferSlice, error) {
	f, ok := v.(*frame)
	if !ok {
		return others().Marshal(v)
	}
	size := f.size()
	if b := f.append(f.sheet.room(size)); len(b) != size {
		return nil, errors.New("a frame is not of the size it was measured")
	}
	return mem.BufferSlice{f.sheet.cut(size)}, nil
}

func (codec) Unmarshal(data mem.BufferSlice, v any) error {
	if m, ok := v.(Message); ok {
		return m.Read(data)
	}
	return others().Unmarshal(data, v)
}

// Message is one that is read by hand too. The parts are gRPC's again when
// Read returns.
type Message interface {
	Read(parts mem.BufferSlice) error
}

func others() encoding.CodecV2 { return encoding.GetCodecV2("proto") }

// frame is a ReadResp that holds an event. It may be used again once it was
// sent.
type frame struct {
	ledger.Recorded
	asText bool // the id as a string, else as two numbers
	sheet  sheet

	created  [20]byte
	digits   int
	recorded int // size of the RecordedEvent
	id       int // size of the id in it
	event    int // size of the ReadEvent
}

// Field numbers of streams.proto.
const (
	respEvent = 1

	readEvent  = 1
	readCommit = 3

	recordedID       = 1
	recordedStream   = 2
	recordedRevision = 3
	recordedPrepare  = 4
	recordedCommit   = 5
	recordedMetadata = 6
	recordedCustom   = 7
	recordedData     = 8

	idStructured = 1
	idText       = 2
	idMost       = 1
	idLeast      = 2
	streamName   = 3
	entryKey     = 1
	entryValue   = 2
)

const (
	keyType    = "type"
	keyContent = "content-type"
	keyCreated = "created"
	asJSON     = "application/json"
)

// size counts the parts before they are written, because a length stands
// before its part.
func (f *frame) size() int {
	f.digits = len(strconv.AppendInt(f.created[:0], created(f.Meta), 10))
	if f.asText {
		f.id = lenBytes(36)
	} else {
		most, least := halves(f.ID)
		f.id = lenBytes(lenNumber(uint64(most)) + lenNumber(uint64(least)))
	}
	f.recorded = lenBytes(f.id) + lenBytes(lenSome(len(f.Stream))) +
		lenNumber(uint64(f.Revision)) + lenNumber(f.Position.Prepare) + lenNumber(f.Position.Commit) +
		lenBytes(lenEntry(keyType, len(f.Type))) + lenBytes(lenEntry(keyContent, len(asJSON))) + lenBytes(lenEntry(keyCreated, f.digits)) +
		lenSome(len(f.Meta)) + lenSome(len(f.Data))
	f.event = lenBytes(f.recorded) + 1 + protowire.SizeVarint(f.Position.Commit)
	return lenBytes(f.event)
}

// append writes what size has measured.
func (f *frame) append(b []byte) []byte {
	b = appendHead(b, respEvent, f.event)
	b = appendHead(b, readEvent, f.recorded)

	b = appendHead(b, recordedID, f.id)
	if f.asText {
		b = appendHead(b, idText, 36)
		b = append(b, f.ID.String()...)
	} else {
		most, least := halves(f.ID)
		b = appendHead(b, idStructured, lenNumber(uint64(most))+lenNumber(uint64(least)))
		b = appendNumber(b, idMost, uint64(most))
		b = appendNumber(b, idLeast, uint64(least))
	}
	b = appendHead(b, recordedStream, lenSome(len(f.Stream)))
	b = appendSome(b, streamName, f.Stream)
	b = appendNumber(b, recordedRevision, uint64(f.Revision))
	b = appendNumber(b, recordedPrepare, f.Position.Prepare)
	b = appendNumber(b, recordedCommit, f.Position.Commit)
	b = appendEntry(b, keyType, f.Type)
	b = appendEntry(b, keyContent, asJSON)
	b = appendHead(b, recordedMetadata, lenEntry(keyCreated, f.digits))
	b = appendHead(b, entryKey, len(keyCreated))
	b = append(b, keyCreated...)
	b = appendHead(b, entryValue, f.digits)
	b = append(b, f.created[:f.digits]...)
	b = appendSome(b, recordedCustom, f.Meta)
	b = appendSome(b, recordedData, f.Data)

	// A oneof is there even where it is 0.
	b = protowire.AppendTag(b, readCommit, protowire.VarintType)
	return protowire.AppendVarint(b, f.Position.Commit)
}

// Every field number is below 16, so that a tag is one byte.

func lenBytes(n int) int { return 1 + protowire.SizeBytes(n) }

func lenSome(n int) int {
	if n == 0 {
		return 0
	}
	return lenBytes(n)
}

func lenNumber(n uint64) int {
	if n == 0 {
		return 0
	}
	return 1 + protowire.SizeVarint(n)
}

func lenEntry(key string, value int) int { return lenBytes(len(key)) + lenBytes(value) }

func appendHead(b []byte, field protowire.Number, n int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.BytesType), uint64(n))
}

func appendNumber(b []byte, field protowire.Number, n uint64) []byte {
	if n == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), n)
}

func appendSome[T string | json.RawMessage](b []byte, field protowire.Number, v T) []byte {
	if len(v) == 0 {
		return b
	}
	return append(appendHead(b, field, len(v)), v...)
}

func appendEntry(b []byte, key, value string) []byte {
	b = appendHead(b, recordedMetadata, lenEntry(key, len(value)))
	b = appendHead(b, entryKey, len(key))
	b = append(b, key...)
	b = appendHead(b, entryValue, len(value))
	return append(b, value...)
}

// halves is an id as the protocol's two numbers.
func halves(id ledger.ID) (most, least int64) {
	return int64(binary.BigEndian.Uint64(id[:8])), int64(binary.BigEndian.Uint64(id[8:]))
}
