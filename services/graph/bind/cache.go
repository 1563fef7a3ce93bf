package bind

import (
	"container/list"
	"sync"
)

// cacheBytes bounds the text behind the documents kept; as a tree a document
// takes some thirty times that.
const cacheBytes = 2 << 20

// key is a query's text and the operation it is to run.
type key struct{ query, operation string }

// cache keeps validated documents and forgets the one longest unused.
type cache struct {
	mu      sync.Mutex
	most    int
	bytes   int
	recent  *list.List // of *entry, most recent first
	entries map[key]*list.Element
}

type entry struct {
	key   key
	query *query
	bytes int
}

func newCache(most int) *cache {
	return &cache{most: most, recent: list.New(), entries: map[key]*list.Element{}}
}

func (c *cache) get(k key) *query {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[k]
	if !ok {
		return nil
	}
	c.recent.MoveToFront(e)
	return e.Value.(*entry).query
}

func (c *cache) put(k key, q *query, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[k]; ok {
		return
	}
	c.entries[k] = c.recent.PushFront(&entry{k, q, bytes})
	c.bytes += bytes
	for c.recent.Len() > c.most || c.bytes > cacheBytes {
		last := c.recent.Back()
		old := c.recent.Remove(last).(*entry)
		delete(c.entries, old.key)
		c.bytes -= old.bytes
	}
}
