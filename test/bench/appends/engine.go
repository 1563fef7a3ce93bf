package appends

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"sync"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
)

// engine takes events. append returns when the event is durable.
type engine interface {
	append(ctx context.Context, writer int, e event) (ledger.Hash, error)
	close() error
}

// ours is the embedded store, with the hash that the desk computes.
type ours struct{ *sqlite.Store }

func openOurs(dir string) (engine, error) {
	s, err := sqlite.Open(filepath.Join(dir, "ours"))
	return ours{s}, err
}

func (o ours) append(ctx context.Context, _ int, e event) (ledger.Hash, error) {
	r, hash, err := ledger.Seal(e.prev, e.stream, e.revision, e.record)
	if err == nil {
		_, err = o.Append(ctx, e.stream, ledger.Exactly(e.revision-1), r)
	}
	return hash, err
}

func (o ours) close() error { return o.Close() }

// bare is what the disk does by itself: four kibibytes and a sync, again and
// again, over a file that has its size already, as a log that is used again.
type bare struct {
	file *os.File
	page []byte
	at   int64
}

const bareBytes = 64 << 20

func openBare(dir string) (engine, error) {
	f, err := os.Create(filepath.Join(dir, "bare"))
	if err != nil {
		return nil, err
	}
	for range bareBytes >> 20 {
		if _, err := f.Write(make([]byte, 1<<20)); err != nil {
			return nil, err
		}
	}
	return &bare{file: f, page: make([]byte, 4096)}, f.Sync()
}

func (b *bare) append(context.Context, int, event) (ledger.Hash, error) {
	if _, err := b.file.WriteAt(b.page, b.at); err != nil {
		return ledger.Hash{}, err
	}
	b.at = (b.at + int64(len(b.page))) % bareBytes
	return ledger.Hash{}, unix.Fdatasync(int(b.file.Fd()))
}

func (b *bare) close() error { return b.file.Close() }

// segment is the least that is still a log: frames of length, checksum and
// bytes behind each other, one sync for all that wait. It checks nothing and
// finds nothing again.
type segment struct {
	file  *os.File
	mu    sync.Mutex
	buf   []byte
	group *group
	wake  chan struct{}
	ended chan struct{}
}

type group struct {
	done chan struct{}
	err  error
}

func newGroup() *group { return &group{done: make(chan struct{})} }

func openSegment(dir string) (engine, error) {
	f, err := os.Create(filepath.Join(dir, "segment"))
	if err != nil {
		return nil, err
	}
	s := &segment{file: f, group: newGroup(), wake: make(chan struct{}, 1), ended: make(chan struct{})}
	go s.run()
	return s, nil
}

func (s *segment) append(_ context.Context, _ int, e event) (ledger.Hash, error) {
	s.mu.Lock()
	from := len(s.buf)
	s.buf = append(s.buf, make([]byte, 8)...)
	s.buf = append(append(s.buf, e.stream...), e.record.ID[:]...)
	s.buf = binary.BigEndian.AppendUint64(s.buf, uint64(e.revision))
	s.buf = append(append(append(s.buf, e.record.Type...), e.record.Data...), e.record.Meta...)
	frame := s.buf[from+8:]
	binary.BigEndian.PutUint32(s.buf[from:], uint32(len(frame)))
	binary.BigEndian.PutUint32(s.buf[from+4:], crc32.ChecksumIEEE(frame))
	g := s.group
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
	<-g.done
	return ledger.Hash{}, g.err
}

func (s *segment) run() {
	defer close(s.ended)
	var spare []byte
	for range s.wake {
		s.mu.Lock()
		buf, g := s.buf, s.group
		s.buf, s.group = spare[:0], newGroup()
		s.mu.Unlock()
		if _, g.err = s.file.Write(buf); g.err == nil {
			g.err = unix.Fdatasync(int(s.file.Fd()))
		}
		spare = buf
		close(g.done)
	}
}

func (s *segment) close() error {
	close(s.wake)
	<-s.ended
	return s.file.Close()
}

// database appends with one statement, a connection for each writer.
type database struct {
	conns []*pgx.Conn
	query string
}

// Two ways to append in PostgreSQL: a function that locks the stream's row and
// compares its revision, and a plain insert whose unique index refuses.
const (
	setup = `
CREATE TABLE events (position bigserial PRIMARY KEY, stream text NOT NULL, revision bigint NOT NULL, id uuid NOT NULL, type text NOT NULL, data text NOT NULL, meta text NOT NULL);
CREATE TABLE heads (stream text PRIMARY KEY, revision bigint NOT NULL);
CREATE FUNCTION append(s text, expected bigint, i uuid, t text, d text, m text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE at bigint;
BEGIN
	IF expected = -1 THEN
		INSERT INTO heads VALUES (s, 0) ON CONFLICT DO NOTHING;
		IF NOT FOUND THEN RAISE EXCEPTION 'the stream has moved on'; END IF;
	ELSE
		UPDATE heads SET revision = revision + 1 WHERE stream = s AND revision = expected;
		IF NOT FOUND THEN RAISE EXCEPTION 'the stream has moved on'; END IF;
	END IF;
	INSERT INTO events (stream, revision, id, type, data, meta) VALUES (s, expected + 1, i, t, d, m) RETURNING position INTO at;
	RETURN at;
END $$;
CREATE TABLE plain (position bigserial PRIMARY KEY, stream text NOT NULL, revision bigint NOT NULL, id uuid NOT NULL, type text NOT NULL, data text NOT NULL, meta text NOT NULL, UNIQUE (stream, revision));`
	byFunction = "SELECT append($1, $2 - 1, $3, $4, $5, $6)"
	byInsert   = "INSERT INTO plain (stream, revision, id, type, data, meta) VALUES ($1, $2, $3, $4, $5, $6) RETURNING position"
)

func openPostgres(ctx context.Context, url, query string, writers int) (engine, error) {
	p := &database{query: query}
	for range writers {
		c, err := pgx.Connect(ctx, url)
		if err != nil {
			return nil, fmt.Errorf("connect: %w", err)
		}
		p.conns = append(p.conns, c)
	}
	return p, nil
}

func (p *database) append(ctx context.Context, w int, e event) (ledger.Hash, error) {
	var position int64
	err := p.conns[w].QueryRow(ctx, p.query, e.stream, e.revision, [16]byte(e.record.ID), e.record.Type, string(e.record.Data), string(e.record.Meta)).Scan(&position)
	return ledger.Hash{}, err
}

func (p *database) close() error {
	for _, c := range p.conns {
		_ = c.Close(context.Background())
	}
	return nil
}
