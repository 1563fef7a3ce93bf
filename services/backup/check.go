package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
)

// verifierFile holds the public key of a ledger's checkpoints.
const verifierFile = "checkpoint.pub"

// chain reads a copied ledger from its file and checks every event in it
// against those before it, the links and the checkpoints.
func chain(ctx context.Context, dir string, progress Progress) (found, error) {
	store, err := sqlite.OpenReadOnly(dir)
	if err != nil {
		return found{}, err
	}
	of := store.Head().Ordinal
	err = store.Verify(ctx, func(done, of uint64) { progress("checking the chain", done, 2*of) })
	read := found{link: store.Link()}
	if err == nil {
		var verifier string
		if verifier, err = verifierIn(filepath.Join(dir, keysFolder)); err == nil {
			read.Report, err = checkpoint.Verify(ctx, store, verifier, func(done uint64) { progress("checking the chain", of+done, 2*of) })
		}
	}
	progress("checking the chain", 2*of, 2*of)
	return read, errors.Join(err, store.Close())
}

func verifierIn(keys string) (string, error) {
	text, err := os.ReadFile(filepath.Join(keys, verifierFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(text)), err
}

// found is what a copied ledger came to.
type found struct {
	checkpoint.Report
	link ledger.Hash
}

// holds compares what was read with what the manifest says.
func (m Manifest) holds(f found) error {
	if f.Events != m.Ordinal || f.Root.String() != m.Root || f.link.String() != m.Link {
		return otherwise(fmt.Errorf("%d events, Merkle root %s, link %s; the manifest says %d, %s, %s", f.Events, f.Root, f.link, m.Ordinal, m.Root, m.Link))
	}
	return nil
}
