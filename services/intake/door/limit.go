package door

import (
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"net/netip"
	"sync"
	"time"

	"suyuan/services/ledger"
)

// Period is how long a key for counting networks lasts; counts end with it.
const Period = 10 * time.Minute

// networks bounds the table of counts. Whoever comes when it is full is counted
// with all others who did.
const networks = 64 << 10

// limiter counts by network: the /24 of an IPv4 address, the /56 of an IPv6
// one, known by a keyed hash only.
type limiter struct {
	random   io.Reader
	clock    ledger.Clock
	requests int // of a network in a period, 0: any number
	open     int // connections of a network at once
	most     int // rows

	mu     sync.Mutex
	key    [32]byte
	until  time.Time
	counts map[[16]byte]*network
	others *network
}

// network is what is counted of one; under the limiter's mu.
type network struct{ asked, open int }

// of finds a network's counts, nil for this machine itself: behind it stand an
// onion service, a proxy, an operator, which cannot be told apart.
func (l *limiter) of(at netip.Addr) (*network, error) {
	at = at.Unmap().WithZone("")
	if at.IsLoopback() {
		return nil, nil
	}
	if now := l.clock(); !now.Before(l.until) {
		if _, err := io.ReadFull(l.random, l.key[:]); err != nil {
			return nil, err
		}
		l.until, l.counts, l.others = now.Add(Period), map[[16]byte]*network{}, &network{}
	}
	bits := 24
	if at.Is6() {
		bits = 56
	}
	prefix, err := at.Prefix(bits)
	if err != nil || !at.IsValid() { // no address of the internet at all
		return l.others, nil
	}
	mac := hmac.New(sha256.New, l.key[:])
	mac.Write(prefix.Addr().AsSlice())
	row := [16]byte(mac.Sum(nil))
	n := l.counts[row]
	switch {
	case n != nil:
	case len(l.counts) >= l.most:
		n = l.others
	default:
		n = &network{}
		l.counts[row] = n
	}
	return n, nil
}

// enter admits a connection of a network; leave must be called once it ends.
func (l *limiter) enter(at netip.Addr) (leave func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.of(at)
	if err != nil {
		return nil, false
	}
	if n == nil {
		return func() {}, true
	}
	if n.open >= l.open {
		return nil, false
	}
	n.open++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		n.open--
	}, true
}

// ask admits one more request of a network.
func (l *limiter) ask(at netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.of(at)
	if err != nil {
		return false
	}
	if n == nil || l.requests == 0 {
		return true
	}
	if n.asked >= l.requests {
		return false
	}
	n.asked++
	return true
}
