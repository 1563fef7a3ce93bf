package bind

import "testing"

func TestCacheForgetsTheLongestUnused(t *testing.T) {
	c := newCache(2)
	a, b, d := key{"a", ""}, key{"b", ""}, key{"d", ""}
	c.put(a, &query{}, 1)
	c.put(b, &query{}, 1)
	c.get(a)
	c.put(d, &query{}, 1)
	if c.get(a) == nil || c.get(b) != nil || c.get(d) == nil || len(c.entries) != 2 || c.bytes != 2 {
		t.Errorf("kept %d documents of %d bytes", len(c.entries), c.bytes)
	}
}

func TestCacheIsBoundedByBytes(t *testing.T) {
	c := newCache(1000)
	for i := range 100 {
		c.put(key{"q", string(rune('a' + i))}, &query{}, 64<<10)
		c.put(key{"q", string(rune('a' + i))}, &query{}, 64<<10)
	}
	if c.bytes > cacheBytes || c.bytes != 64<<10*len(c.entries) || len(c.entries) != 32 {
		t.Errorf("kept %d documents of %d bytes", len(c.entries), c.bytes)
	}
}
