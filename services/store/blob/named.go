package blob

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
)

// Named is a content under an id that the caller derived from it, so that a
// repeat finds it.
type Named struct {
	ID      string // 32 hexadecimal digits
	Content []byte
}

// PutNamed keeps many contents at the price of one; all of them are durable on
// return. What is there under its id already stays, with its key and salt, if
// it is the same; other content under a known id is an error. An id that was
// destroyed stays so: nothing is kept, and its Ref is Destroyed. Keys, salts and nonces are drawn in the order of
// the list. An error leaves open which of them were kept, which a repeat
// settles; none is referred to yet.
func (v *Vault) PutNamed(ctx context.Context, list []Named) ([]Ref, error) {
	for _, n := range list {
		if len(n.Content) > v.max {
			return nil, errTooLarge(len(n.Content), v.max)
		}
		if b, err := hex.DecodeString(n.ID); err != nil || len(b) != idSize {
			return nil, fmt.Errorf("put files: %q is no id", n.ID)
		}
	}
	locks, err := v.locks(ctx, list)
	if err != nil {
		return nil, fmt.Errorf("put files: keys: %w", err)
	}
	if err := v.step("key"); err != nil {
		return nil, err
	}
	if err := v.fill(ctx, list, locks); err != nil {
		return nil, fmt.Errorf("put files: contents: %w", err)
	}
	if err := v.step("content"); err != nil {
		return nil, err
	}
	refs := make([]Ref, len(list))
	for i, n := range list {
		if locks[i].key == nil {
			refs[i] = Ref{ID: n.ID}
			continue
		}
		refs[i] = Ref{ID: n.ID, Salt: hex.EncodeToString(locks[i].salt), Hash: hashOf(locks[i].salt, n.Content)}
	}
	return refs, nil
}

// lock is what one content is sealed with; no key where it was destroyed.
type lock struct{ key, salt []byte }

// locks finds or draws the locks, durably.
func (v *Vault) locks(ctx context.Context, list []Named) (out []lock, err error) {
	v.drawing.Lock()
	defer v.drawing.Unlock()
	err = within(ctx, v.keys, func(tx *sql.Tx) error {
		find, err := tx.PrepareContext(ctx, "SELECT key, salt FROM keys WHERE id = ?")
		if err != nil {
			return err
		}
		keep, err := tx.PrepareContext(ctx, "INSERT INTO keys (id, key, salt) VALUES (?, ?, ?)")
		if err != nil {
			return err
		}
		for _, n := range list {
			var l lock
			err := find.QueryRowContext(ctx, n.ID).Scan(&l.key, &l.salt)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if err != nil {
				b, err := draw(v.random, keySize+saltSize)
				if err != nil {
					return err
				}
				l = lock{b[:keySize], b[keySize:]}
				if _, err := keep.ExecContext(ctx, n.ID, l.key, l.salt); err != nil {
					return err
				}
			}
			out = append(out, l)
		}
		return nil
	})
	return out, err
}

// fill seals the contents that are not there yet, durably.
func (v *Vault) fill(ctx context.Context, list []Named, locks []lock) error {
	v.drawing.Lock()
	defer v.drawing.Unlock()
	return within(ctx, v.contents, func(tx *sql.Tx) error {
		keep, err := tx.PrepareContext(ctx, "INSERT INTO blobs (id, sealed) VALUES (?, ?) ON CONFLICT (id) DO NOTHING")
		if err != nil {
			return err
		}
		for i, n := range list {
			if locks[i].key == nil {
				continue
			}
			sealed, err := seal(v.random, locks[i].key, n.ID, n.Content)
			if err != nil {
				return err
			}
			done, err := keep.ExecContext(ctx, n.ID, sealed)
			if err != nil {
				return err
			}
			if made, err := done.RowsAffected(); err != nil || made == 1 {
				if err != nil {
					return err
				}
				continue
			}
			if err := same(ctx, tx, n, locks[i], sealed); err != nil {
				return err
			}
		}
		return nil
	})
}

// same refuses another content than the one that is there. What cannot be
// opened any more, because it was damaged or its key was lost, gives way.
func same(ctx context.Context, tx *sql.Tx, n Named, l lock, fresh []byte) error {
	var there []byte
	if err := tx.QueryRowContext(ctx, "SELECT sealed FROM blobs WHERE id = ?", n.ID).Scan(&there); err != nil {
		return err
	}
	content, err := unseal(l.key, n.ID, there)
	if err != nil {
		_, err := tx.ExecContext(ctx, "UPDATE blobs SET sealed = ? WHERE id = ?", fresh, n.ID)
		return err
	}
	if !bytes.Equal(content, n.Content) {
		return errDamaged(n.ID, errors.New("another content has the id"))
	}
	return nil
}

func within(ctx context.Context, db *sql.DB, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
