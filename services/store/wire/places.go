package wire

import (
	"sync"

	"google.golang.org/grpc/codes"
)

// places bounds what is done at once, and what of it one account does.
type places struct {
	most, each int
	mu         sync.Mutex
	taken      int
	by         map[string]int // account: how many
}

func newPlaces(most, share int) *places {
	return &places{most: most, each: max(most/share, 1), by: map[string]int{}}
}

func (p *places) enter(account string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.by[account] >= p.each && p.each < p.most:
		return say(codes.ResourceExhausted, "同一账户同时的读取或订阅太多；请先结束一些。", "There are too many reads or subscriptions of one account at once; end some first.")
	case p.taken >= p.most:
		return say(codes.ResourceExhausted, "同时的读取或订阅太多，请稍后重试。", "There are too many reads or subscriptions at once; try again later.")
	}
	p.taken++
	p.by[account]++
	return nil
}

func (p *places) leave(account string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	if p.by[account]--; p.by[account] == 0 {
		delete(p.by, account)
	}
}
