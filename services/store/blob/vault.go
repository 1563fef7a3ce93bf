package blob

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver named sqlite
)

// Vault is a Store in two files of one directory: blobs.db with the sealed
// contents, blobkeys.db with keys and salts, so that a backup may treat them
// apart.
type Vault struct {
	contents, keys *sql.DB
	random         io.Reader
	drawing        sync.Mutex // a reader of random bytes need not be safe for concurrent use
	max            int
	step           func(name string) error // a test's; after each durable step of Put and Destroy
}

var _ Store = (*Vault)(nil)

// Option changes how a vault is opened.
type Option func(*Vault)

// WithRandom takes ids, keys, salts and nonces from r instead of crypto/rand.
func WithRandom(r io.Reader) Option { return func(v *Vault) { v.random = r } }

// WithMax sets how large a blob may be, in bytes.
func WithMax(bytes int) Option { return func(v *Vault) { v.max = bytes } }

const (
	contentsSchema = `CREATE TABLE IF NOT EXISTS blobs (id TEXT PRIMARY KEY, sealed BLOB NOT NULL)`
	// A key that is NULL was destroyed: the row stays, to say so.
	keysSchema = `CREATE TABLE IF NOT EXISTS keys (id TEXT PRIMARY KEY, key BLOB, salt BLOB) WITHOUT ROWID`
)

// Open opens the vault in dir, making it if there is none.
func Open(dir string, opts ...Option) (*Vault, error) {
	v := &Vault{random: rand.Reader, max: MaxSize, step: func(string) error { return nil }}
	for _, o := range opts {
		o(v)
	}
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		v.contents, err = open(filepath.Join(dir, "blobs.db"), contentsSchema)
	}
	if err == nil {
		v.keys, err = open(filepath.Join(dir, "blobkeys.db"), keysSchema)
	}
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the files in %s: %w", dir, err), v.Close())
	}
	return v, nil
}

// open opens one file. It has one connection: writes queue up in the program
// instead of colliding, and nothing of ours is reading when Destroy clears the
// write-ahead log.
func open(path, schema string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(abs, os.O_CREATE|os.O_RDWR, 0o600) // SQLite would let others read it
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, err
	}
	q := url.Values{"_pragma": {"busy_timeout(2000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(1)", "trusted_schema(0)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: abs, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Close closes both files.
func (v *Vault) Close() error {
	var errs []error
	for _, db := range []*sql.DB{v.contents, v.keys} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// Put implements Store. The key comes first: what a crash leaves behind then
// is a key to nothing.
func (v *Vault) Put(ctx context.Context, content []byte) (Ref, error) {
	if len(content) > v.max {
		return Ref{}, errTooLarge(len(content), v.max)
	}
	ref, key, sealed, err := v.lock(content)
	if err != nil {
		return Ref{}, fmt.Errorf("put a file: %w", err)
	}
	salt, _ := hex.DecodeString(ref.Salt)
	if _, err := v.keys.ExecContext(ctx, "INSERT INTO keys (id, key, salt) VALUES (?, ?, ?)", ref.ID, key, salt); err != nil {
		return Ref{}, fmt.Errorf("put a file: key: %w", err)
	}
	if err := v.step("key"); err != nil {
		return Ref{}, err
	}
	if _, err := v.contents.ExecContext(ctx, "INSERT INTO blobs (id, sealed) VALUES (?, ?)", ref.ID, sealed); err != nil {
		return Ref{}, fmt.Errorf("put a file: content: %w", err)
	}
	if err := v.step("content"); err != nil {
		return Ref{}, err
	}
	return ref, nil
}

// lock draws what a new blob needs and seals it.
func (v *Vault) lock(content []byte) (ref Ref, key, sealed []byte, err error) {
	v.drawing.Lock()
	defer v.drawing.Unlock()
	b, err := draw(v.random, idSize+keySize+saltSize)
	if err != nil {
		return ref, nil, nil, err
	}
	id, key, salt := b[:idSize], b[idSize:idSize+keySize], b[idSize+keySize:]
	ref = Ref{ID: hex.EncodeToString(id), Salt: hex.EncodeToString(salt), Hash: hashOf(salt, content)}
	sealed, err = seal(v.random, key, ref.ID, content)
	return ref, key, sealed, err
}

// Get implements Store.
func (v *Vault) Get(ctx context.Context, ref Ref) ([]byte, error) {
	key, salt, err := v.key(ctx, ref.ID)
	if err != nil {
		return nil, err
	}
	var sealed []byte
	err = v.contents.QueryRowContext(ctx, "SELECT sealed FROM blobs WHERE id = ?", ref.ID).Scan(&sealed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, errMissing(ref.ID)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, errDamaged(ref.ID, err)
	}
	content, err := unseal(key, ref.ID, sealed)
	if err != nil {
		return nil, errDamaged(ref.ID, err)
	}
	if hashOf(salt, content) != ref.Hash {
		return nil, errDamaged(ref.ID, errors.New("the salted hash is not the one in the event"))
	}
	return content, nil
}

func (v *Vault) key(ctx context.Context, id string) (key, salt []byte, err error) {
	err = v.keys.QueryRowContext(ctx, "SELECT key, salt FROM keys WHERE id = ?", id).Scan(&key, &salt)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil, errMissing(id)
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil:
		return nil, nil, errDamaged(id, err)
	case key == nil:
		return nil, nil, errDestroyed(id)
	}
	return key, salt, nil
}

// Has implements Store.
func (v *Vault) Has(ctx context.Context, id string) (bool, error) {
	var n int
	if err := v.keys.QueryRowContext(ctx, "SELECT count(*) FROM keys WHERE id = ? AND key IS NOT NULL", id).Scan(&n); err != nil || n == 0 {
		return false, err
	}
	err := v.contents.QueryRowContext(ctx, "SELECT count(*) FROM blobs WHERE id = ?", id).Scan(&n)
	return n == 1 && err == nil, err
}

// Destroy implements Store. The key goes first, for with it everything is
// gone; secure_delete overwrites it in the file, and the write-ahead log,
// which held it since Put, is cut to nothing.
func (v *Vault) Destroy(ctx context.Context, id string) error {
	done, err := v.keys.ExecContext(ctx, "UPDATE keys SET key = NULL, salt = NULL WHERE id = ?", id)
	if err != nil {
		return fmt.Errorf("destroy the file %s: %w", id, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errMissing(id))
	}
	if err := v.step("key"); err != nil {
		return err
	}
	if err := clearLog(ctx, v.keys); err != nil {
		return errRemains(id, err)
	}
	if _, err := v.contents.ExecContext(ctx, "DELETE FROM blobs WHERE id = ?", id); err != nil {
		return fmt.Errorf("destroy the file %s: %w", id, err)
	}
	if err := clearLog(ctx, v.contents); err != nil {
		return errRemains(id, err)
	}
	return v.step("content")
}

// clearLog moves a write-ahead log into its database and cuts it to nothing.
// Readers are waited for; a checkpoint of another process is not, by SQLite,
// so it is tried again for a while.
func clearLog(ctx context.Context, db *sql.DB) error {
	for range 10 {
		var busy, frames, moved int
		if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.New("the write-ahead log is in use")
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
