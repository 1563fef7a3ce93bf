package bind

// CacheBytes is what the cache may hold, and what it says it holds.
func (b *Bound) CacheBytes() (most, held int) {
	b.cache.mu.Lock()
	defer b.cache.mu.Unlock()
	return cacheBytes, b.cache.bytes
}
