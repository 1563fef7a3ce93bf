package bind

import (
	"context"
	"fmt"
	"reflect"
	"unsafe"

	"suyuan/services/ledger"
)

// run is one answer being written by a plan. It is used by one goroutine and
// then by the next request.
type run struct {
	ctx    context.Context
	viewer Viewer
	plan   *plan
	vars   map[string]any
	left   int // fields that may still be answered

	buf       []byte
	path      []int32 // to what is being answered: a field's place in its selection, or ^ an index
	failures  []failure
	arguments []slot
	cause     error // why a value is broken, or the whole run stopped
}

// failure is an error with its place, kept until the answer is written.
type failure struct {
	path []any
	at   []Location
	err  error
}

// slot are a field's arguments, made when first needed.
type slot struct {
	made  bool
	value unsafe.Pointer
	err   error
}

// outcome says how a value went.
type outcome uint8

const (
	written outcome = iota
	null            // nothing is written yet
	failed          // the error is kept; what holds the value is null, if it may be
	broken          // a leaf cannot be written: the whole field fails
	stopped         // nothing more is answered
)

// between is how many fields are answered between two looks at whether
// anybody still waits.
const between = 64

func (p *Prepared) newRun(ctx context.Context) *run {
	x, ok := p.bound.runs.Get().(*run)
	if !ok {
		x = &run{}
	}
	x.ctx, x.viewer, x.plan, x.vars, x.left = ctx, p.viewer, p.plan, p.vars, p.limits.Resolved
	for len(x.arguments) < p.plan.slots {
		x.arguments = append(x.arguments, slot{})
	}
	return x
}

// free gives a run back, unless its answer was a giant's.
func (p *Prepared) free(x *run) {
	if cap(x.buf) > 1<<20 {
		return
	}
	clear(x.arguments)
	*x = run{buf: x.buf[:0], path: x.path[:0], arguments: x.arguments}
	p.bound.runs.Put(x)
}

func (x *run) object(s *selection, row unsafe.Pointer) outcome {
	buf := x.buf // here while row fields are written, which is most of the time
	for i, f := range s.fields {
		buf = append(buf, f.key...)
		if f.quick != nil {
			if x.left--; x.left >= 0 && x.left%between != 0 {
				if longer, err := f.quick(x.ctx, buf, unsafe.Add(row, f.bound.offset)); err == nil {
					buf = longer
					continue
				}
			}
			x.left++ // once more, by the long way
		}
		if f.typename != "" {
			buf = append(buf, f.typename...)
			continue
		}
		x.buf = buf
		if o := x.field(i, f, row); o != written {
			return o
		}
		buf = x.buf
	}
	if len(s.fields) == 0 { // all were skipped
		buf = append(buf, '{')
	}
	x.buf = append(buf, '}')
	return written
}

func (x *run) field(i int, f *planned, row unsafe.Pointer) outcome {
	x.left--
	if x.cause = x.ended(); x.cause != nil {
		return stopped
	}
	x.path = append(x.path, int32(i))
	mark, known := len(x.buf), len(x.failures)
	o := x.answer(f, row)
	if o == broken {
		x.failures = x.failures[:known] // of what is not shown
		x.fail(f, x.cause)
		o = failed
	}
	o = x.close(f, f.bound.shape, o, mark)
	x.path = x.path[:len(x.path)-1]
	return o
}

// ended says why nothing more is answered.
func (x *run) ended() error {
	if x.left < 0 {
		return tooCostly()
	}
	if x.ctx.Err() != nil {
		return whyEnded(x.ctx)
	}
	return nil
}

// close decides what stands where a value did not come about.
func (x *run) close(f *planned, s *shape, o outcome, mark int) outcome {
	switch {
	case o == null && s.nonNull:
		x.fail(f, fmt.Errorf("%s.%s is null, which the schema excludes", f.field.on, f.field.name))
		return failed
	case o == null, o == failed && !s.nonNull:
		x.buf = append(x.buf[:mark], "null"...)
		return written
	}
	return o
}

// answer gets a field's value and writes it. Who may see it is decided here
// and nowhere else.
func (x *run) answer(f *planned, row unsafe.Pointer) outcome {
	if to := f.field.to; to != Public {
		may, err := x.may(f, row)
		if err == nil && !may {
			if !f.field.typ.nonNull {
				return null // what is hidden and what is not there look the same
			}
			err = hidden(f.field)
		}
		if err != nil {
			x.fail(f, err)
			return failed
		}
	}
	at, err := unsafe.Pointer(nil), error(nil)
	if f.bound.call == nil {
		at = unsafe.Add(row, f.bound.offset)
	} else if at, err = x.call(f, row); err != nil {
		if h, ok := err.(*halt); ok {
			x.cause = h.why
			return stopped
		}
		x.fail(f, err)
		return failed
	}
	if f.bound.omitEmpty && f.bound.shape.empty(at) {
		return null
	}
	return x.value(f, f.bound.shape, at)
}

// may asks the viewer about the row, by value.
func (x *run) may(f *planned, row unsafe.Pointer) (may bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			may, err = false, recovered(r)
		}
	}()
	return x.viewer.May(x.ctx, f.field.to, f.row(row)), nil
}

// row is what a field belongs to, by value; nothing for a field of Query.
func (f *planned) row(at unsafe.Pointer) any {
	if f.field.on == root {
		return struct{}{}
	}
	return reflect.NewAt(f.bound.row, at).Elem().Interface()
}

// call runs a resolver, whose panic is its own.
func (x *run) call(f *planned, row unsafe.Pointer) (at unsafe.Pointer, err error) {
	defer func() {
		if r := recover(); r != nil {
			at, err = nil, recovered(r)
		}
	}()
	args := f.bound.without
	if f.slot >= 0 {
		s := &x.arguments[f.slot]
		if !s.made {
			s.made = true
			s.value, s.err = f.bound.arguments(f.bound.decode, argumentsOf(f.defs, f.given, x.vars))
		}
		if s.err != nil {
			return nil, s.err
		}
		args = s.value
	}
	return f.bound.call(x.ctx, row, args)
}

func (x *run) value(f *planned, s *shape, at unsafe.Pointer) outcome {
	switch s.kind {
	case isObject:
		return x.object(f.sub, at)
	case isSlice:
		return x.list(f, s, at)
	case isPointer:
		if at = *(*unsafe.Pointer)(at); at == nil {
			return null
		}
		return x.value(f, s.inner, at)
	case isDynamic:
		inner, at, err := s.open(at)
		if err != nil {
			x.cause = err
			return broken
		}
		if inner == nil {
			return null
		}
		return x.value(f, inner, at)
	}
	buf, err := s.append(x.ctx, x.buf, at)
	if err != nil {
		x.cause = err
		return broken
	}
	x.buf = buf
	return written
}

func (x *run) list(f *planned, s *shape, at unsafe.Pointer) outcome {
	items := *(*slice)(at)
	if items.first == nil && !s.nonNull {
		return null
	}
	x.buf = append(x.buf, '[')
	size := s.typ.Elem().Size()
	for i := range items.len {
		if i > 0 {
			x.buf = append(x.buf, ',')
		}
		x.path = append(x.path, ^int32(i))
		mark := len(x.buf)
		o := x.close(f, s.inner, x.value(f, s.inner, unsafe.Add(items.first, uintptr(i)*size)), mark)
		x.path = x.path[:len(x.path)-1]
		if o != written {
			return o
		}
	}
	x.buf = append(x.buf, ']')
	return written
}

// fail keeps an error at the place that is being answered.
func (x *run) fail(f *planned, err error) {
	path := make([]any, len(x.path))
	set := x.plan.root
	for i, step := range x.path {
		if step < 0 {
			path[i] = int(^step)
			continue
		}
		path[i], set = set.fields[step].name, set.fields[step].sub
	}
	x.failures = append(x.failures, failure{path, f.at, err})
}

func tooCostly() error {
	return ledger.Errorf(ledger.Invalid, "query.too_costly", "查询结果过大；请减少字段或分页查询。", "The answer would be too large; ask for fewer fields or smaller pages.")
}
