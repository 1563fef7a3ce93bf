package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"suyuan/services/ledger"
)

func TestLinkWorksOnce(t *testing.T) {
	links := NewLinks(at(noon), rand.Reader)
	code, other := must(links.New(clerk)), must(links.New(ledger.Actor{Account: "admin"}))
	if len(code) != 32 || code == other {
		t.Fatalf("codes %q, %q", code, other)
	}
	for range 3 { // previews
		if got, err := links.Peek(code); err != nil || !reflect.DeepEqual(got, clerk) {
			t.Fatalf("peek: %+v, %v", got, err)
		}
	}
	if got, err := links.Redeem(code); err != nil || !reflect.DeepEqual(got, clerk) {
		t.Fatalf("redeem: %+v, %v", got, err)
	}
	for _, again := range []func(string) (ledger.Actor, error){links.Redeem, links.Peek} {
		if got, err := again(code); ledger.AsError(err).Rule != "link.spent" || !got.Anonymous() {
			t.Errorf("again: %+v, %v", got, err)
		}
	}
	if got, err := links.Redeem(other); err != nil || got.Account != "admin" {
		t.Errorf("the other link: %+v, %v", got, err)
	}
}

func TestLinkIsUsedByOneOfMany(t *testing.T) {
	links := NewLinks(at(noon), rand.Reader)
	code := must(links.New(clerk))
	var in atomic.Int32
	var group sync.WaitGroup
	start := make(chan struct{})
	for range 100 {
		group.Go(func() {
			<-start
			links.Peek(code)
			if _, err := links.Redeem(code); err == nil {
				in.Add(1)
			}
		})
	}
	close(start)
	group.Wait()
	if in.Load() != 1 {
		t.Errorf("used %d times", in.Load())
	}
}

func TestLinkExpires(t *testing.T) {
	now := noon
	links := NewLinks(func() time.Time { return now }, rand.Reader)
	code := must(links.New(clerk))
	now = noon.Add(linkTTL - time.Second)
	if _, err := links.Peek(code); err != nil {
		t.Error(err)
	}
	now = noon.Add(linkTTL)
	if _, err := links.Redeem(code); err == nil {
		t.Error("used after 24 hours")
	}
}

func TestOnlyTheWholeCodeFits(t *testing.T) {
	links := NewLinks(at(noon), rand.Reader)
	code := must(links.New(clerk))
	for _, wrong := range []string{"", code[:31], code + "A", strings.ToLower(code), " " + code, strings.Repeat("A", 1<<16)} {
		if _, err := links.Redeem(wrong); err == nil {
			t.Errorf("%.40q fits", wrong)
		}
	}
	if links.open[0].hash != sha256.Sum256([]byte(code)) {
		t.Error("what is kept is not the hash")
	}
}

func TestLinksAreBounded(t *testing.T) {
	now := noon
	links := NewLinks(func() time.Time { return now }, rand.Reader)
	first := must(links.New(clerk))
	for range maxLinks - 1 {
		must(links.New(clerk))
	}
	if _, err := links.New(clerk); ledger.AsError(err).Rule != "link.full" {
		t.Errorf("one more: %v", err)
	}
	if _, err := links.Redeem(first); err != nil {
		t.Errorf("the first was taken back: %v", err)
	}
	must(links.New(clerk))
	now = noon.Add(linkTTL)
	must(links.New(clerk))
	if len(links.open) != 1 {
		t.Errorf("%d kept after all others expired", len(links.open))
	}
}

func TestNoLinkForNobodyNorWithoutRandomness(t *testing.T) {
	if _, err := NewLinks(at(noon), rand.Reader).New(ledger.Actor{}); err == nil {
		t.Error("a link for nobody")
	}
	if _, err := NewLinks(at(noon), strings.NewReader("short")).New(clerk); err == nil {
		t.Error("a code of 5 random bytes")
	}
}

func TestPeekLendsNothingOfItsOwn(t *testing.T) {
	links := NewLinks(at(noon), rand.Reader)
	given := ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Auditor}}
	code := must(links.New(given))
	given.Roles[0] = ledger.Admin
	peeked := must(links.Peek(code))
	peeked.Roles[0] = ledger.Admin
	if got := must(links.Redeem(code)); got.Roles[0] != ledger.Auditor {
		t.Errorf("signs in as %v", got.Roles)
	}
}
