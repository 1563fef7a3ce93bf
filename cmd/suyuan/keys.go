package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"suyuan/services/auth"
	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
)

// The key pair that checkpoints are signed with, in the folder of the keys.
const (
	signerFile   = "checkpoint.key"
	verifierFile = "checkpoint.pub"
)

// checkpointKeys gives the public key of this ledger's checkpoints, "" where
// there is none. With write the pair is made where there is neither half; call
// it with the ledger locked, so that no two processes make one each. Half a
// pair is refused, for a new one would turn every checkpoint signed so far
// into damage; beside an empty ledger, in which none was signed, it is what an
// interrupted first start left, and made anew. A ledger that holds checkpoints
// and comes with no pair at all has been left without its data folder.
func (p place) checkpointKeys(ctx context.Context, write, empty bool, log ledger.Log) (verifier string, err error) {
	verifier, err = p.key(verifierFile)
	if err != nil || !write {
		return verifier, err
	}
	signer, err := p.key(signerFile)
	switch {
	case err != nil:
		return "", err
	case empty && (signer == "" || verifier == ""):
		return p.newCheckpointKeys()
	case signer == "" && verifier == "":
		for _, err := range log.Stream(ctx, checkpoint.Stream, 0) {
			if err != nil {
				return "", err
			}
			return "", ledger.Errorf(ledger.Unavailable, "keys.absent",
				"账本里已有签过名的检查点，而 %[1]s 里没有那一对密钥；请把原来数据文件夹里的 keys 复制到 %[1]s，再启动。",
				"The ledger holds signed checkpoints, and their pair of keys is not in %[1]s: copy keys from the data folder it was served with so far, and start again.", p.keys())
		}
		return p.newCheckpointKeys()
	case signer == "":
		return "", p.half(signerFile, verifierFile)
	case verifier == "":
		return "", p.half(verifierFile, signerFile)
	}
	return verifier, nil
}

func (p place) half(missing, left string) error {
	return fmt.Errorf("%s holds %s without %s, the other half of the pair; put it back from a backup (if nothing was ever signed: remove %s, and a new pair is made)",
		p.keys(), left, missing, left)
}

func (p place) newCheckpointKeys() (string, error) {
	signer, verifier, err := checkpoint.NewKey(random)
	if err != nil {
		return "", err
	}
	// The public half first: nothing can be signed before it is there to check.
	if err := auth.WriteKeyFile(p.keys(), verifierFile, []byte(verifier+"\n"), 0o644); err != nil {
		return "", err
	}
	return verifier, auth.WriteKeyFile(p.keys(), signerFile, []byte(signer+"\n"), 0o600)
}

// private are the files that others must not be able to read: they could sign
// as well, or open what was sealed.
var private = map[string]bool{signerFile: true, engineFile: true, claimsFile: true, spoolFile: true, serviceFile: true}

// key reads a key file, "" where there is none. A private one that others can
// read is refused.
func (p place) key(name string) (string, error) {
	path := filepath.Join(p.keys(), name)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if private[name] && info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s is open to other users (%v): chmod 600 it", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	return strings.TrimSpace(string(text)), err
}
