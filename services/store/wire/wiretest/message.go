package wiretest

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"suyuan/services/ledger"
)

// message is an AppendReq. An event in the form that clients give it is read
// by hand, since an append has hundreds of them and the generated types keep a
// map and six pieces of memory for each; everything else is left to them.
type message struct {
	event ledger.Record      // where other is nil
	other *streams.AppendReq // what has not the usual form
	room  []byte             // that what was read is kept in
}

// Each room is twice the one before, up to this: most appends have one event,
// some have hundreds.
const roomBytes = 64 << 10

// Read implements wire.Message. It takes the place of what was read before;
// the bytes and texts of that stay as they are.
func (m *message) Read(parts mem.BufferSlice) error {
	n, from := parts.Len(), len(m.room)
	if cap(m.room)-from < n {
		m.room, from = make([]byte, 0, max(n, min(2*cap(m.room), roomBytes))), 0
	}
	m.room = m.room[:from+n]
	b := m.room[from : from+n : from+n]
	parts.CopyTo(b)
	var usual bool
	if m.event, usual = read(b, m.event.Type); usual {
		m.other = nil
		return nil
	}
	m.other = &streams.AppendReq{}
	return proto.Unmarshal(b, m.other)
}

// read reads an event of the usual form: an id in two numbers, its type and
// its content type, its metadata and its data, each once and nothing else.
// The type's name is kept once where it is the same as the one before.
func read(b []byte, before string) (e ledger.Record, usual bool) {
	b, rest, ok := field(b, tagProposed)
	if !ok || len(rest) > 0 {
		return e, false
	}
	id, b, ok := field(b, tagID)
	if !ok || !structured(id, &e.ID) {
		return e, false
	}
	seen := 0
	for range 2 {
		var entry []byte
		if entry, b, ok = field(b, tagMetadata); !ok {
			return e, false
		}
		key, value, ok := pair(entry)
		switch {
		case !ok:
			return e, false
		case string(key) == "content-type":
			seen |= 1
		case string(key) == "type":
			seen |= 2
			if e.Type = before; string(value) != before {
				e.Type = string(value)
			}
		}
	}
	if len(b) > 0 && b[0] == tagCustom {
		if e.Meta, b, ok = field(b, tagCustom); !ok {
			return e, false
		}
	}
	if len(b) > 0 {
		if e.Data, b, ok = field(b, tagData); !ok {
			return e, false
		}
	}
	return e, seen == 3 && len(b) == 0
}

// Fields of streams.proto and shared.proto, with their wire types.
const (
	tagProposed   = 2<<3 | 2
	tagID         = 1<<3 | 2
	tagStructured = 1<<3 | 2
	tagMost       = 1 << 3
	tagLeast      = 2 << 3
	tagMetadata   = 2<<3 | 2
	tagKey        = 1<<3 | 2
	tagValue      = 2<<3 | 2
	tagCustom     = 3<<3 | 2
	tagData       = 4<<3 | 2
)

// field is what stands in a field that has a length, and what comes behind it.
func field(b []byte, tag byte) (value, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != tag {
		return nil, nil, false
	}
	value, n := protowire.ConsumeBytes(b[1:])
	if n < 0 {
		return nil, nil, false
	}
	return value[:len(value):len(value)], b[1+n:], true
}

// pair is an entry of a map from text to text.
func pair(b []byte) (key, value []byte, ok bool) {
	key, b, ok = field(b, tagKey)
	if !ok {
		return nil, nil, false
	}
	value, b, ok = field(b, tagValue)
	return key, value, ok && len(b) == 0 && utf8.Valid(key) && utf8.Valid(value)
}

// structured reads an id that is given as two numbers, neither of them 0.
func structured(b []byte, id *ledger.ID) bool {
	b, rest, ok := field(b, tagStructured)
	if !ok || len(rest) > 0 {
		return false
	}
	for i, tag := range []byte{tagMost, tagLeast} {
		if len(b) == 0 || b[0] != tag {
			return false
		}
		v, n := protowire.ConsumeVarint(b[1:])
		if n < 0 {
			return false
		}
		binary.BigEndian.PutUint64(id[8*i:], v)
		b = b[1+n:]
	}
	return len(b) == 0 && *id != ledger.ID{}
}

// size is what it has of data and metadata.
func (m *message) size() int {
	if m.other != nil {
		return len(m.other.GetProposedMessage().GetData()) + len(m.other.GetProposedMessage().GetCustomMetadata())
	}
	return len(m.event.Data) + len(m.event.Meta)
}

// into adds the event to a proposal.
func (m *message) into(p *proposal) *refusal {
	if m.other != nil {
		return p.take(m.other.GetProposedMessage())
	}
	return p.add(m.event)
}
