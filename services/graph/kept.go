package graph

import (
	"context"
	"hash/maphash"
	"strconv"
	"sync"

	"suyuan/services/graph/bind"
)

// kept are whole answers, for as long as the fold stands still: the next event
// drops them all. They are shared by whoever would get the same answer, and by
// nobody else. Shards keep concurrent readers out of each other's way.
type kept struct {
	seed   maphash.Seed
	shards []shard
}

// What all shards together may hold.
const (
	keptShards  = 16
	keptBytes   = 32 << 20
	keptEntries = 32 << 10
)

// shard forgets what came first.
type shard struct {
	mu      sync.RWMutex
	ordinal uint64
	bytes   int
	answers map[string]*bind.Result
	order   []string // by age; those before oldest are gone
	oldest  int
}

func newKept() *kept {
	k := &kept{seed: maphash.MakeSeed(), shards: make([]shard, keptShards)}
	for i := range k.shards {
		k.shards[i].answers = map[string]*bind.Result{}
	}
	return k
}

func (k *kept) shard(key []byte) *shard {
	return &k.shards[maphash.Bytes(k.seed, key)%uint64(len(k.shards))]
}

// get finds an answer given at this ordinal.
func (k *kept) get(key []byte, ordinal uint64) *bind.Result {
	s := k.shard(key)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.ordinal != ordinal {
		return nil
	}
	return s.answers[string(key)]
}

// put keeps an answer, unless the fold has moved on or it is a giant's share.
func (k *kept) put(key []byte, ordinal uint64, r *bind.Result) {
	size := len(key) + len(r.Body())
	if size > keptBytes/keptShards/4 {
		return
	}
	s := k.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if ordinal < s.ordinal {
		return
	}
	if ordinal > s.ordinal {
		clear(s.answers)
		s.ordinal, s.bytes, s.order, s.oldest = ordinal, 0, s.order[:0], 0
	}
	if _, ok := s.answers[string(key)]; ok {
		return
	}
	own := string(key)
	s.answers[own] = r
	s.order = append(s.order, own)
	s.bytes += size
	for s.bytes > keptBytes/keptShards || len(s.answers) > keptEntries/keptShards {
		s.forget()
	}
}

func (s *shard) forget() {
	key := s.order[s.oldest]
	s.bytes -= len(key) + len(s.answers[key].Body())
	delete(s.answers, key)
	s.order[s.oldest] = ""
	if s.oldest++; s.oldest > len(s.order)/2 {
		s.order = append(s.order[:0], s.order[s.oldest:]...)
		s.oldest = 0
	}
}

// appendKey writes what an answer depends on besides the ordinal: the query,
// its values, the language, the reader's limits and, once anything is asked
// that not everybody may see or that has other rows for others, who it is in
// all that May and recusal may look at. What a case holds is never kept, nor
// what changes while the fold stands still.
func appendKey(dst []byte, ctx context.Context, p *bind.Prepared) (key []byte, ok bool) {
	if p.Changing() {
		return nil, false
	}
	v, _ := viewerOf(ctx).(viewer)
	dst = strconv.AppendQuote(strconv.AppendBool(dst, v.Staff()), v.lang)
	for _, to := range p.Asks() {
		if to == bind.Case {
			return nil, false
		}
	}
	if len(p.Asks()) > 0 || p.Personal() {
		dst = strconv.AppendQuote(strconv.AppendQuote(dst, v.actor.Account), v.actor.Unit)
		for _, role := range v.actor.Roles {
			dst = strconv.AppendQuote(dst, string(role))
		}
	}
	return p.AppendKey(append(dst, ' ')), true
}
