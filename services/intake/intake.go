package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"filippo.io/age"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/gate"
	"suyuan/services/intake/picture"
	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
)

// Options are what a service works with. All are needed but Desk, without
// which there is no cut.
type Options struct {
	ServiceID []byte // what receipts are salted with; never changes
	Engine    *age.X25519Identity
	Claims    claim.Key
	Ledger    Ledger
	Spool     Spool
	Vault     Vault
	Gate      *gate.Gate // for Argon2
	Random    io.Reader
	NextCut   func() ledger.Date
	Desk      func(ctx context.Context, day ledger.Date) (Desk, error) // for one cut
	Blank     bool                                                     // fill cuts up with entries that say nothing, so that reports cannot be counted
}

// Service takes in, keeps, enters and shows. It is used by many goroutines at
// once; New makes it.
type Service struct {
	Options
	pictures *gate.Gate
	decoy    blob.Ref // read in the place of a message that is not there

	drawing sync.Mutex // holds Random
	cutting sync.Mutex // one cut at a time

	// moving is held for reading from the look at the ledger until the envelope
	// is in the spool, and for writing while what was entered leaves the spool:
	// so an envelope is found in one of them at every moment.
	moving sync.RWMutex

	runs, looks, reads, writes atomic.Uint64
}

// Counts are the operations whose number must not tell a right receipt from a
// wrong one.
type Counts struct {
	Argon2, Looks, Reads, Writes uint64 // looks at the read model and the spool, blobs read, envelopes put
}

// New makes a service.
func New(ctx context.Context, o Options) (*Service, error) {
	if len(o.ServiceID) < 16 {
		return nil, errors.New("intake: the service's id is too short")
	}
	s := &Service{Options: o, pictures: gate.New(1, 32)}
	// Under the engine's key, which does not change, so that it is the same blob
	// at every start.
	sum := sha256.Sum256([]byte("decoy-v1"))
	message, err := envelope.SealMessage(same(sum), "-", o.Engine.Recipient().String())
	if err != nil {
		return nil, fmt.Errorf("intake: %w", err)
	}
	refs, err := o.Vault.PutNamed(ctx, []blob.Named{{ID: nameOf("decoy", o.ServiceID), Content: message}})
	if err != nil {
		return nil, fmt.Errorf("intake: %w", err)
	}
	s.decoy = refs[0]
	return s, nil
}

// same gives the same bytes for ever: for what is no secret.
type same [32]byte

func (s same) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = s[i%len(s)]
	}
	return len(p), nil
}

// nameOf is a blob's id made from what it belongs to.
func nameOf(what string, of []byte) string {
	h := sha256.New()
	h.Write([]byte("blob-v1 " + what + " "))
	h.Write(of)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Counts tells what was done since New. It must never be published with a time.
func (s *Service) Counts() Counts {
	return Counts{Argon2: s.runs.Load(), Looks: s.looks.Load(), Reads: s.reads.Load(), Writes: s.writes.Load()}
}

// Offer is what everybody is told before anything is sent: it is the same for
// all who ask.
type Offer struct {
	Service       string      `json:"service"`       // the service's id, hexadecimal
	Engine        string      `json:"engine"`        // age1…: to whom the facts are sealed
	Investigators []Recipient `json:"investigators"` // everybody to whom narratives may be sealed; Eligible chooses
	Cut           ledger.Date `json:"cut"`           // the day of the next cut
	Open          bool        `json:"open"`          // reports are taken: there are at least two investigators
}

// Offer tells what a report is sealed with.
func (s *Service) Offer() Offer {
	all := s.Ledger.Recipients()
	return Offer{
		Service: hex.EncodeToString(s.ServiceID), Engine: s.Engine.Recipient().String(),
		Investigators: all, Cut: s.NextCut(), Open: len(all) >= envelope.MinInvestigators,
	}
}

// Draw draws a receipt. It is not kept: the page shows it, and posts it with
// the report.
func (s *Service) Draw() (receipt.Receipt, error) {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	return receipt.New(s.Random)
}

// Picture makes a picture clean, one at a time, in memory. What it refuses is
// a *ledger.Error whose rule begins with "picture.".
func (s *Service) Picture(ctx context.Context, file io.Reader) (out picture.Picture, err error) {
	err = s.pictures.Run(ctx, func() error {
		out, err = picture.Clean(ctx, file)
		return err
	})
	return out, err
}

// Derive makes a receipt's keys, one Argon2 run behind the gate, for whoever
// looks and sends in one request; they are the caller's to clear.
func (s *Service) Derive(ctx context.Context, r receipt.Receipt) (keys receipt.Keys, err error) {
	err = s.Gate.Run(ctx, func() error {
		s.runs.Add(1)
		keys, err = r.Derive(s.ServiceID)
		return err
	})
	return keys, err
}
