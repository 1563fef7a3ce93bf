package auth

import (
	"container/list"
	"sync"
	"time"
)

// table is the session store: in memory, bounded, the session longest out of
// use making room for a new one. It reckons in wall time, since the expiries it
// is given come from a library that does.
type table struct {
	limit int

	mu      sync.Mutex
	entries map[string]*list.Element
	recent  *list.List // of *entry, the last used in front
}

type entry struct {
	token   string
	data    []byte
	expires time.Time
	ended   bool
}

func newTable(limit int) *table {
	return &table{limit: limit, entries: map[string]*list.Element{}, recent: list.New()}
}

// Find implements scs.Store.
func (t *table) Find(token string) ([]byte, bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, ok := t.entries[token]
	if !ok {
		return nil, false, nil
	}
	e := at.Value.(*entry)
	if e.ended || !time.Now().Before(e.expires) {
		return nil, false, nil
	}
	return e.data, true, nil
}

// Commit implements scs.Store. A session that was ended stays ended: a request
// that had loaded it before somebody signed out must not bring it back.
func (t *table) Commit(token string, data []byte, expires time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, ok := t.entries[token]
	if !ok {
		t.makeRoom()
		at = t.recent.PushFront(&entry{token: token})
		t.entries[token] = at
	}
	if e := at.Value.(*entry); !e.ended {
		e.data, e.expires = data, expires
		t.recent.MoveToFront(at)
	}
	return nil
}

// Delete implements scs.Store. The place is kept, empty, until the session
// would have expired or the place is wanted.
func (t *table) Delete(token string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at, ok := t.entries[token]; ok {
		e := at.Value.(*entry)
		e.data, e.ended = nil, true
	}
	return nil
}

// alive is how many sessions there are.
func (t *table) alive() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	for _, at := range t.entries {
		if e := at.Value.(*entry); !e.ended && now.Before(e.expires) {
			n++
		}
	}
	return n
}

// makeRoom drops what has expired from the far end, and the far end itself
// where the table is full.
func (t *table) makeRoom() {
	now := time.Now()
	for at := t.recent.Back(); at != nil; at = t.recent.Back() {
		e := at.Value.(*entry)
		if now.Before(e.expires) && len(t.entries) < t.limit {
			return
		}
		t.recent.Remove(at)
		delete(t.entries, e.token)
	}
}
