package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"suyuan/services/ledger"
)

const (
	linkTTL  = 24 * time.Hour
	maxLinks = 1000
	codeSize = 20 // bytes of randomness; 32 characters
)

// Links are codes that sign somebody in once. Only a code's hash is kept, so
// that whoever reads the memory or a log of it cannot sign in.
type Links struct {
	clock ledger.Clock
	rand  io.Reader

	mu   sync.Mutex
	open []link // oldest first
}

type link struct {
	hash    [sha256.Size]byte
	actor   ledger.Actor
	expires time.Time
}

// NewLinks keeps none yet.
func NewLinks(clock ledger.Clock, rand io.Reader) *Links { return &Links{clock: clock, rand: rand} }

// New makes a code that signs actor in, once, within 24 hours. Where too many
// wait already it refuses: a link that was handed out is never taken back for
// a newer one.
func (l *Links) New(actor ledger.Actor) (code string, err error) {
	if bad := check(actor); bad != nil {
		return "", bad
	}
	raw := make([]byte, codeSize)
	if _, err := io.ReadFull(l.rand, raw); err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	code = base32.StdEncoding.EncodeToString(raw)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget()
	if len(l.open) >= maxLinks {
		return "", errLinksFull
	}
	actor.Roles = slices.Clone(actor.Roles)
	l.open = append(l.open, link{sha256.Sum256([]byte(code)), actor, l.clock().Add(linkTTL)})
	return code, nil
}

// Peek says whom a code would sign in and leaves it unused: for the page that a
// GET shows, since mail and chat programs fetch the links they are sent.
func (l *Links) Peek(code string) (ledger.Actor, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i, err := l.find(code)
	if err != nil {
		return ledger.Actor{}, err
	}
	actor := l.open[i].actor
	actor.Roles = slices.Clone(actor.Roles)
	return actor, nil
}

// Redeem uses a code up and returns whom it signs in. Of any number of callers
// at once, one is given the actor. Only a POST may call it.
func (l *Links) Redeem(code string) (ledger.Actor, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i, err := l.find(code)
	if err != nil {
		return ledger.Actor{}, err
	}
	actor := l.open[i].actor
	l.open = slices.Delete(l.open, i, i+1)
	return actor, nil
}

// find compares code with every open link, so that the time it takes tells
// nothing about which one it was, or nearly was.
func (l *Links) find(code string) (int, error) {
	l.forget()
	hash := sha256.Sum256([]byte(code))
	at := -1
	for i := range l.open {
		at = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(hash[:], l.open[i].hash[:]), i, at)
	}
	if at < 0 {
		return 0, errLink
	}
	return at, nil
}

func (l *Links) forget() {
	now := l.clock()
	l.open = slices.DeleteFunc(l.open, func(k link) bool { return !now.Before(k.expires) })
}
