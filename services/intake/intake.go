package intake

import (
	"context"
	"errors"
	"io"

	"suyuan/services/intake/picture"
	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
)

// Service takes in, keeps, enters and shows. It is used by many goroutines at
// once; New makes it.
type Service struct{}

// Draft is what somebody without scripts sends.
type Draft struct {
	Receipt  receipt.Receipt
	FollowUp bool              // into a box that is there; else a report
	Facts    []byte            // claim.Facts, or claim.FollowUp, as JSON
	Text     string            // at most 300 characters
	Pictures []picture.Picture // at most 3, as Picture gave them
	Token    string            // a paper card's code or a token as text; "" for the open lane
}

// Offer is what everybody is told before anything is sent: it is the same for
// all who ask.
type Offer struct {
	Service       string      `json:"service"`       // the service's id, hexadecimal: what receipts are salted with
	Engine        string      `json:"engine"`        // age1…: to whom the facts are sealed
	Investigators []Recipient `json:"investigators"` // to whom narratives may be sealed
	Cut           ledger.Date `json:"cut"`           // the day of the next cut
	Open          bool        `json:"open"`          // reports are taken: there are at least two investigators
}

var errUnbuilt = errors.New("not built yet")

// Offer tells what a report is sealed with.
func (s *Service) Offer() Offer { return Offer{} }

// Draw draws a receipt. It is not kept: the page shows it, and posts it with
// the report.
func (s *Service) Draw() (receipt.Receipt, error) { return receipt.Receipt{}, errUnbuilt }

// Eligible tells who may be sealed to where a unit, or a level on the line of
// a division, is named by facts (claim.Facts as JSON): at most eight, nobody
// who is of that unit or below it. Fewer than two are refused with the rule
// intake.too_few_investigators.
func (s *Service) Eligible(facts []byte) ([]Recipient, error) { return nil, errUnbuilt }

// Picture makes a picture clean, one at a time, in memory. What it refuses is
// a *ledger.Error whose rule begins with "picture.".
func (s *Service) Picture(ctx context.Context, file io.Reader) (picture.Picture, error) {
	return picture.Picture{}, errUnbuilt
}

// Compose seals a draft and keeps it; it is durable on return. The same draft
// again changes nothing and gets the same answer, also after the cut. Errors
// are *ledger.Error: facts.* and others with the field at fault, intake.* for
// what becomes of the whole.
func (s *Service) Compose(ctx context.Context, d Draft) error { return errUnbuilt }

// Accept keeps an envelope that a browser sealed; it is durable on return. The
// same envelope again changes nothing and gets the same answer, also after the
// cut.
func (s *Service) Accept(ctx context.Context, sealed []byte) error { return errUnbuilt }

// Open shows a receipt's box. A wrong receipt opens the zero Box, at the same
// price.
func (s *Service) Open(ctx context.Context, r receipt.Receipt) (Box, error) {
	return Box{}, errUnbuilt
}

// Poll gives a box's news as JSON with spaces behind it, PollSize bytes for
// every id there could be.
func (s *Service) Poll(ctx context.Context, box [32]byte) ([]byte, error) { return nil, errUnbuilt }
