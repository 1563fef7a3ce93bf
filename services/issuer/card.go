package issuer

import (
	"encoding/hex"
	"io"

	"suyuan/services/intake/token"
)

// MaxCards bounds a batch: its hashes must fit into one event.
const MaxCards = 2_000

// NewCards draws a batch of sealed cards. The hashes are what goes on the
// ledger: sorted, so that neither they nor the order of printing says which
// card is which. Nothing of either is kept here.
func NewCards(random io.Reader, t Term, count int) (codes []token.Code, hashes []string, err error) {
	if err := t.Check(); err != nil {
		return nil, nil, err
	}
	if count < 1 || count > MaxCards {
		return nil, nil, badCount(MaxCards)
	}
	codes, sums, err := draw(random, token.Card, count)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range sums {
		hashes = append(hashes, hex.EncodeToString(s[:]))
	}
	return codes, hashes, nil
}
