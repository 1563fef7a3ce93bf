package bind

import (
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// plans are what one query was compiled to, by the values of its switches.
type plans struct {
	switches []string
	only     atomic.Pointer[plan] // of a query without switches
	mu       sync.Mutex
	recent   []way // the one last asked for first
}

// way is a plan and the values it holds for, a letter for each switch.
type way struct {
	values string
	plan   *plan
}

// maxPlans bounds how many ways one query's plans are kept.
const maxPlans = 3

// plan finds or makes the plan for some values. The cache is charged with
// every plan that is kept.
func (b *Bound) plan(q *query, vars map[string]any) (*plan, error) {
	p := &q.plans
	if len(p.switches) == 0 {
		if made := p.only.Load(); made != nil {
			return made, nil
		}
		made, err := b.compile(q, vars)
		if err == nil && made.bytes <= planBytes && p.only.CompareAndSwap(nil, made) {
			b.cache.charge(q, made.bytes)
		}
		return made, err
	}
	values := p.values(vars)
	if made := p.find(values); made != nil {
		return made, nil
	}
	made, err := b.compile(q, vars)
	if err == nil && made.bytes <= planBytes {
		b.cache.charge(q, p.keep(values, made))
	}
	return made, err
}

func (p *plans) values(vars map[string]any) []byte {
	values := make([]byte, len(p.switches))
	for i, name := range p.switches {
		switch vars[name] {
		case true:
			values[i] = 't'
		case false:
			values[i] = 'f'
		}
	}
	return values
}

func (p *plans) find(values []byte) *plan {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, w := range p.recent {
		if w.values == string(values) {
			copy(p.recent[1:i+1], p.recent[:i])
			p.recent[0] = w
			return w.plan
		}
	}
	return nil
}

// keep returns how many bytes more are kept than before.
func (p *plans) keep(values []byte, made *plan) (more int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.ContainsFunc(p.recent, func(w way) bool { return w.values == string(values) }) {
		return 0 // another request was quicker
	}
	if len(p.recent) == maxPlans {
		more = -p.recent[maxPlans-1].plan.bytes
		p.recent = p.recent[:maxPlans-1]
	}
	p.recent = slices.Insert(p.recent, 0, way{string(values), made})
	return more + made.bytes
}

// bytes is about what a validated document takes without its plans: the text
// twice, and what the library makes of each of its tokens.
func (q *query) bytes() int { return 2*q.used.Length + tokenBytes*q.used.Tokens }

// tokenBytes is what a token comes to in the library's tree at most, as
// measured: of a list of names it is 113, of most others less.
const tokenBytes = 120

// bytes is what a field of a plan takes.
func (p *planned) bytes() int {
	return int(unsafe.Sizeof(*p)) + int(unsafe.Sizeof(p)) + cap(p.key) + len(p.typename) + cap(p.at)*int(unsafe.Sizeof(Location{}))
}
