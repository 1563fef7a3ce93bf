package door

import (
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"math"
	"net/http"
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

// mostPolls is how many polls a network may make for each of its Requests: a
// page that is left open asks again and again, and that costs next to nothing.
const mostPolls = 20

// pollBytes is the most that is sent to ask for news.
const pollBytes = 64

// cost is what a request is counted as.
type cost int

const (
	free   cost = iota // pages, style and script are for everybody
	poll               // asks for news by a box's id
	costly             // a form, which may cost Argon2, or an envelope
)

// costOf tells by what is known before a body is read.
func costOf(r *http.Request) cost {
	switch {
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		return free
	case r.Header.Get("Content-Type") == "application/octet-stream" && r.ContentLength > 0 && r.ContentLength <= pollBytes:
		return poll
	}
	return costly
}

// limiter counts by network: the /24 of an IPv4 address, the /56 of an IPv6
// one, known by a keyed hash only.
type limiter struct {
	random   io.Reader
	clock    ledger.Clock
	requests int // costly ones of a network in a period, 0: any number
	open     int // connections of a network at once
	most     int // rows

	mu     sync.Mutex
	key    [32]byte
	until  time.Time
	counts map[[16]byte]*network
	others *network
}

// network is what is counted of one; under the limiter's mu.
type network struct{ asked, polled, open int }

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
func (l *limiter) ask(at netip.Addr, as cost) bool {
	if as == free {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.of(at)
	if err != nil {
		return false
	}
	if n == nil || l.requests == 0 {
		return true
	}
	count, most := &n.asked, l.requests
	if as == poll {
		count, most = &n.polled, min(l.requests, math.MaxInt/mostPolls)*mostPolls
	}
	if *count >= most {
		return false
	}
	*count++
	return true
}
