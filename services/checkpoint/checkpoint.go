// Package checkpoint holds the signed statements of how large the log is and
// which Merkle root it has, so that what stands before a checkpoint cannot be
// cut, moved or rewritten without the signing key.
package checkpoint

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"suyuan/services/ledger"
)

// Stream is the one stream checkpoints are written to.
const Stream = "checkpoint-log"

var emptyRoot = ledger.Hash(sha256.Sum256(nil))

// Events of the stream checkpoint-log.
var Events = []ledger.Def{
	ledger.Event[Signed]("checkpoint.signed", "Size and Merkle root of the log so far were signed.", "对账本至此的条数与默克尔根签名。"),
}

// Signed carries a signed note (origin, size, base64 root; C2SP signed-note
// form).
type Signed struct {
	Size uint64 `json:"size"`
	Root string `json:"root"` // hex
	Note string `json:"note"`
}

// State is the size of the last checkpoint.
type State struct{ Size uint64 }

// Evolve remembers the size.
func (e Signed) Evolve(s *State) { s.Size = e.Size }

// Facts is the look at the read model that decisions about checkpoints take.
type Facts interface {
	// Root is the Merkle root over the first size events, where it is known.
	Root(size uint64) (ledger.Hash, error)
	// CheckpointKey is the verifier key notes must be signed with.
	CheckpointKey() string
}

// Commands of the stream checkpoint-log.
var Commands = []ledger.CommandDef{
	ledger.Command[Sign]("checkpoint.sign", "Put a signed checkpoint on record. Asked by the ledger's own watch."),
}

// Sign puts a signed note on record.
type Sign struct {
	Note string `json:"note"`
}

// Stream is checkpoint-log.
func (Sign) Stream() string { return Stream }

// Decide holds the note against the log: the signature, the root, and that it
// covers more than the last one.
func (c Sign) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if by.Account != ledger.System {
		return nil, ledger.Errorf(ledger.Forbidden, "checkpoint.system_only", "检查点由系统签署。", "Checkpoints are signed by the ledger itself.")
	}
	size, root, err := Open(c.Note, f.CheckpointKey())
	if err != nil {
		return nil, ledger.Errorf(ledger.Invalid, "checkpoint.note", "检查点签名无效。", "The checkpoint's note is not good.").Because(err)
	}
	if size <= s.Size {
		return nil, ledger.Refuse("checkpoint.not_newer", "检查点没有覆盖新的记录。", "The checkpoint covers nothing new.")
	}
	if at, err := f.Root(size); err != nil || at != root {
		return nil, ledger.Refuse("checkpoint.root", "检查点与账本不符。", "The checkpoint does not match the log.").Because(err)
	}
	return []ledger.Evolver[State]{Signed{size, root.String(), c.Note}}, nil
}

// origin is the first line of every note.
const origin = "suyuan/checkpoint"

// NewKey makes a signing key and its verifier key, in the form of package note.
func NewKey(random io.Reader) (signer, verifier string, err error) {
	return note.GenerateKey(random, "suyuan")
}

// Write signs size and root.
func Write(signer string, size uint64, root ledger.Hash) (string, error) {
	key, err := note.NewSigner(signer)
	if err != nil {
		return "", fmt.Errorf("checkpoint key: %w", err)
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, key)
	if err != nil {
		return "", fmt.Errorf("sign checkpoint: %w", err)
	}
	return string(signed), nil
}

// Open checks a note's signature and reads size and root.
func Open(signed, verifier string) (size uint64, root ledger.Hash, err error) {
	key, err := note.NewVerifier(verifier)
	if err != nil {
		return 0, root, fmt.Errorf("checkpoint key: %w", err)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(key))
	if err != nil {
		return 0, root, fmt.Errorf("checkpoint: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != origin || lines[3] != "" {
		return 0, root, fmt.Errorf("checkpoint: the note is not of the form origin, size, root")
	}
	size, err = strconv.ParseUint(lines[1], 10, 63)
	raw, err2 := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || err2 != nil || len(raw) != len(root) {
		return 0, root, fmt.Errorf("checkpoint: size or root cannot be read")
	}
	copy(root[:], raw)
	return size, root, nil
}
