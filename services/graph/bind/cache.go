package bind

import (
	"container/list"
	"sync"
)

// What the documents kept may take, with their plans, as estimated; and how
// much of it one plan may: a larger one is made each time it is run.
const (
	cacheBytes = 32 << 20
	planBytes  = cacheBytes / 128
)

// key is a query's text and the operation it is to run.
type key struct{ query, operation string }

// cache keeps validated documents, and counts the plans they gather. It forgets
// the document longest unused.
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
	c.shrink()
}

// charge counts what a document has come to hold besides, or no longer holds.
// One that is not kept, or not any more, holds it at nobody's expense but that
// of the requests that still run it.
func (c *cache) charge(q *query, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[q.key]
	if !ok || e.Value.(*entry).query != q {
		return
	}
	e.Value.(*entry).bytes += bytes
	c.bytes += bytes
	c.shrink()
}

func (c *cache) shrink() {
	for c.recent.Len() > c.most || c.bytes > cacheBytes {
		last := c.recent.Back()
		old := c.recent.Remove(last).(*entry)
		delete(c.entries, old.key)
		c.bytes -= old.bytes
	}
}
