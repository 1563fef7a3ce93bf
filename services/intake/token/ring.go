package token

import (
	"encoding/hex"
	"errors"
)

// PerQuarter is how many RSA keys a county has in a quarter, at most.
const PerQuarter = 8

// A Listed key is one that is on the ledger and was not revoked: an RSA key,
// or a batch of cards.
type Listed struct {
	ID      string   // as the ledger has it: for an RSA key hex SHA-256 of SPKI
	County  string   // six digits
	Quarter string   // 2026Q4
	N       int      // 1…8
	SPKI    []byte   // of an RSA key; nil says that this is a batch of cards
	Cards   []string // of a batch: hex hash of each card
}

// A Ring is the keys under which a proof is good. It does not change and may
// be used by many at once.
type Ring struct {
	keys  map[[32]byte]held
	cards map[[32]byte]*Listed
}

type held struct {
	key  *Key
	from *Listed
}

// A Spend is what is known of a proof that was checked.
type Spend struct {
	Key             string // Listed.ID
	County, Quarter string
	Nullifier       [32]byte // of a card: its hash
}

// NewRing takes the keys on the ledger. A county and quarter with more than
// eight RSA keys, or two of one number, is left out as a whole, for keys
// beyond those are a way to mark people; so is a key that is not what its id
// says, and a card that two batches list. What was left out comes back as an
// error, beside a ring of all else.
func NewRing(listed []Listed) (*Ring, error) {
	r := &Ring{keys: map[[32]byte]held{}, cards: map[[32]byte]*Listed{}}
	var problems []error
	numbers := map[[2]string]map[int]int{}
	for _, l := range listed {
		if l.SPKI == nil {
			continue
		}
		at := [2]string{l.County, l.Quarter}
		if numbers[at] == nil {
			numbers[at] = map[int]int{}
		}
		numbers[at][l.N]++
	}
	for i := range listed {
		l := listed[i]
		var err error
		if l.SPKI == nil {
			err = r.addCards(&l)
		} else if err = orderly(numbers[[2]string{l.County, l.Quarter}]); err == nil {
			err = r.addKey(&l)
		}
		if err != nil {
			problems = append(problems, err)
		}
	}
	return r, errors.Join(problems...)
}

func orderly(numbers map[int]int) error {
	for n, times := range numbers {
		if n < 1 || n > PerQuarter || times > 1 {
			return tooManyKeys()
		}
	}
	return nil
}

func (r *Ring) addKey(l *Listed) error {
	k, err := ReadKey(l.SPKI)
	if err != nil {
		return err
	}
	id := k.ID()
	if hex.EncodeToString(id[:]) != l.ID {
		return badKey()
	}
	r.keys[id] = held{k, l}
	return nil
}

func (r *Ring) addCards(l *Listed) error {
	var problem error
	for _, text := range l.Cards {
		var hash [32]byte
		if n, err := hex.Decode(hash[:], []byte(text)); err != nil || n != len(hash) || len(text) != 2*len(hash) {
			problem = badKey()
			continue
		}
		if _, twice := r.cards[hash]; twice {
			r.cards[hash] = nil
			problem = badKey()
			continue
		}
		r.cards[hash] = l
	}
	return problem
}

// Listed is what the ledger has of an RSA key in the ring.
func (r *Ring) Listed(id [32]byte) (Listed, bool) {
	h, ok := r.keys[id]
	if !ok {
		return Listed{}, false
	}
	return *h.from, true
}

// Verify checks a proof as an envelope carries it: a token's 354 bytes or a
// card's 16. A proof of another shape is invalid; one under a key that is not
// in the ring, or with a signature that is not the key's, is refused.
func (r *Ring) Verify(proof []byte) (Spend, error) {
	if len(proof) == CodeSize {
		c, err := CodeOf(proof)
		if err != nil {
			return Spend{}, err
		}
		hash := c.Hash(Card)
		l := r.cards[hash]
		if l == nil {
			return Spend{}, unknownCard()
		}
		return Spend{Key: l.ID, County: l.County, Quarter: l.Quarter, Nullifier: hash}, nil
	}
	t, err := Decode(proof)
	if err != nil {
		return Spend{}, err
	}
	h, ok := r.keys[t.Key]
	if !ok {
		return Spend{}, unlisted()
	}
	if err := h.key.Verify(t); err != nil {
		return Spend{}, err
	}
	return Spend{Key: h.from.ID, County: h.from.County, Quarter: h.from.Quarter, Nullifier: t.Nullifier()}, nil
}

// ReadProof reads what a reporter typed or pasted, a card's code or one token,
// to the bytes that an envelope carries. Nothing but blanks gives none.
func ReadProof(text string) ([]byte, error) {
	if len(text) > maxText {
		return nil, tooMuchText()
	}
	empty, digits := true, true
	for _, sign := range text {
		switch {
		case blank(sign):
		case sign >= '0' && sign <= '9', sign >= '０' && sign <= '９', between(sign):
			empty = false
		default:
			empty, digits = false, false
		}
	}
	if empty {
		return nil, nil
	}
	if digits {
		c, err := ParseCode(Card, text)
		if err != nil {
			return nil, err
		}
		return c.Bits(), nil
	}
	t, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return t.Encode(), nil
}
