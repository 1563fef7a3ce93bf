package claim

import "errors"

var errTodo = errors.New("claim: not written yet")

// Parse reads facts strictly: at most MaxJSON bytes, one JSON object, no
// unknown or repeated field, and Check holds. The error is a *ledger.Error
// that names the field and nothing of what stands in it.
func Parse(data []byte) (Facts, error) { return Facts{}, errTodo }

// ParseFollowUp reads a follow-up in the same way.
func ParseFollowUp(data []byte) (FollowUp, error) { return FollowUp{}, errTodo }

// Check refuses facts that are no claim; the field at fault is named.
func (f Facts) Check() error { return errTodo }

// Marshal is the canonical JSON of facts that Check accepts.
func (f Facts) Marshal() []byte { panic(errTodo) }

// Marshal is the canonical JSON of a follow-up.
func (f FollowUp) Marshal() []byte { panic(errTodo) }

// Key seals claims; the engine holds it (keys/claims.key).
type Key [32]byte

// SealedLen is the length of every sealed claim.
const SealedLen = 1943

// Seal gives the claim of a complaint as events hold it: the same key, id and
// facts give the same text, always SealedLen characters of base64url.
func (k Key) Seal(id string, f Facts) string { panic(errTodo) }

// Open reads what Seal made for the same complaint, and fails for any other.
func (k Key) Open(id, sealed string) (Facts, error) { return Facts{}, errTodo }
