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
	const each = cacheBytes / 32
	c := newCache(1000)
	for i := range 100 {
		c.put(key{"q", string(rune('a' + i))}, &query{}, each)
		c.put(key{"q", string(rune('a' + i))}, &query{}, each)
	}
	if c.bytes > cacheBytes || c.bytes != each*len(c.entries) || len(c.entries) != 32 {
		t.Errorf("kept %d documents of %d bytes", len(c.entries), c.bytes)
	}
}

// What a document gathers counts as its own while it is kept.
func TestCacheIsCharged(t *testing.T) {
	c := newCache(3)
	a, b := &query{key: key{"a", ""}}, &query{key: key{"b", ""}}
	c.put(a.key, a, 10)
	c.put(b.key, b, 10)
	c.charge(a, 5)
	c.charge(a, -2)
	c.charge(&query{key: b.key}, 7) // another of that text, which came too late
	c.charge(&query{}, 7)           // one of ours
	if c.bytes != 23 {
		t.Errorf("holds %d bytes", c.bytes)
	}
	c.charge(b, cacheBytes-15)
	if c.get(a.key) != nil || c.get(b.key) != b || c.bytes != cacheBytes-5 {
		t.Errorf("kept %d documents of %d bytes", len(c.entries), c.bytes)
	}
	c.charge(a, 100) // forgotten
	if c.bytes != cacheBytes-5 {
		t.Errorf("holds %d bytes", c.bytes)
	}
	c.charge(b, 100)
	if c.get(b.key) != nil || c.bytes != 0 {
		t.Errorf("kept %d documents of %d bytes", len(c.entries), c.bytes)
	}
}

// A query keeps the plans last asked for, and says what each costs.
func TestPlansForgetTheLongestUnused(t *testing.T) {
	p, sum := plans{}, 0
	for i, values := range []string{"a", "b", "c", "a", "d", "a"} {
		if p.find([]byte(values)) == nil {
			sum += p.keep([]byte(values), &plan{bytes: 1 << i})
		}
		sum += p.keep([]byte(values), &plan{bytes: 1000}) // too late
	}
	if len(p.recent) != maxPlans || p.find([]byte("b")) != nil || p.find([]byte("a")) == nil || p.find([]byte("d")) == nil || sum != 1+4+16 {
		t.Errorf("kept %v at %d bytes", p.recent, sum)
	}
}
