package export

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"suyuan/services/ledger"
)

// run is an export under way.
type run struct {
	Options
	state  state
	files  *files
	size   map[*source]int // of a list's page at present
	good   map[*source]int // answers of that size since it last changed
	behind []task          // lists to be asked for alone; the last first
	unsave int             // rows since the state was last saved
}

// task is a list to be asked for alone.
type task struct {
	of     *source
	around env
	after  string
}

// first is how many entries of a list are asked for.
func (r *run) first(s *source) int {
	if n, ok := r.size[s]; ok {
		return n
	}
	return s.first
}

// tooMuch is how the graph refuses an answer that asks for less.
func tooMuch(err error) bool {
	e, ok := err.(*ledger.Error)
	return ok && e.Rule == "query.too_costly"
}

// walk goes over a list from where the state stands.
func (r *run) walk(ctx context.Context, w walk) error {
	if err := r.standing(ctx); err != nil {
		return err
	}
	for {
		p, err := r.page(ctx, w.over)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		for _, entry := range p.entries {
			if err := r.emit(w.over, entry, env{}); err != nil {
				return err
			}
			if err := r.catch(ctx); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
		r.state.Walked += len(p.entries)
		total, _ := strconv.Atoi(p.total)
		r.Progress(w.name, r.state.Walked, total)
		if !p.more {
			break
		}
		r.state.After = p.after
		if err := r.save(false); err != nil {
			return err
		}
	}
	r.state.Walk++
	r.state.After, r.state.Walked = "", 0
	return r.save(true)
}

// standing makes sure that every page is of one moment.
func (r *run) standing(ctx context.Context) error {
	ordinal, root, err := r.Ask.now(ctx)
	if err == nil && (ordinal != r.state.Ordinal || root != r.state.Root) {
		err = errMoved(r.state.Ordinal, ordinal)
	}
	return err
}

// page asks for the next page of a list of Query, for a smaller one where that
// would be too much.
func (r *run) page(ctx context.Context, s *source) (page, error) {
	for {
		var variables map[string]any
		head, after := "", ""
		if r.state.After != "" {
			head, after, variables = "query($after:String)", "$after", map[string]any{"after": r.state.After}
		}
		data, err := r.Ask.answer(ctx, head+"{"+s.selection(r.first, s.args, after)+"}", variables)
		if err == nil {
			r.grow(s)
			return s.read(data), nil
		}
		if !tooMuch(err) || !r.shrink(s) {
			return page{}, err
		}
	}
}

// shrink makes a list's pages smaller, and where they hold one entry the lists
// on it. It is false where there is nothing left to make smaller.
func (r *run) shrink(s *source) bool {
	if n := r.first(s); s.pages && n > 1 {
		r.size[s], r.good[s] = n/2, 0
		return true
	}
	smaller := false
	for _, in := range s.in {
		if !in.apart && in.pages && r.shrink(in) {
			smaller = true
		}
	}
	return smaller
}

// grow makes pages larger again after some good answers.
func (r *run) grow(s *source) {
	if r.good[s]++; r.good[s] >= 16 && r.first(s) < s.first {
		r.size[s], r.good[s] = min(2*r.first(s), s.first), 0
	}
}

// emit writes an entry's row and goes into the lists on it.
func (r *run) emit(s *source, entry node, around env) error {
	if s.keep != nil && !s.keep(entry, around) {
		return nil
	}
	inner := env{}
	for k, v := range around {
		inner[k] = v
	}
	if s.name != "" {
		inner[s.name] = entry
	}
	if s.kind != nil {
		r.unsave++
		if err := r.files.write(s.kind, cells(s, entry, inner)); err != nil {
			return err
		}
	}
	for _, in := range s.in {
		if in.apart {
			r.behind = append(r.behind, task{in, inner, ""})
			continue
		}
		if err := r.all(in, in.read(entry), inner); err != nil {
			return err
		}
	}
	return nil
}

// all writes the entries of a page; what is behind it is asked for later.
func (r *run) all(s *source, p page, around env) error {
	for _, e := range p.entries {
		if err := r.emit(s, e, around); err != nil {
			return err
		}
	}
	if s.args == most && len(p.entries) >= mostN {
		r.state.Incomplete = append(r.state.Incomplete, fmt.Sprintf("%s of %v: the first %d", s.field, around["unit"]["code"], mostN))
	}
	if p.more {
		r.behind = append(r.behind, task{s, around, p.after})
	}
	return nil
}

// catch asks for the lists that stand apart, several of one kind at once.
func (r *run) catch(ctx context.Context) error {
	for len(r.behind) > 0 {
		n := len(r.behind)
		of := r.behind[n-1].of
		from := n - 1
		for from > 0 && r.behind[from-1].of == of && n-from < of.batch {
			from--
		}
		tasks := append([]task(nil), r.behind[from:]...)
		r.behind = r.behind[:from]
		if err := r.several(ctx, tasks); err != nil {
			return err
		}
	}
	return nil
}

// several asks for a few lists of one kind in one question, one by one where
// that is refused.
func (r *run) several(ctx context.Context, tasks []task) error {
	s := tasks[0].of
	query, variables := r.question(tasks)
	data, err := r.Ask.answer(ctx, query, variables)
	refused, _ := err.(*ledger.Error)
	switch {
	case refused != nil && len(tasks) > 1:
		for _, t := range tasks {
			if err := r.several(ctx, []task{t}); err != nil {
				return err
			}
		}
		return nil
	case refused != nil && tooMuch(err) && r.shrink(s):
		return r.several(ctx, tasks)
	case refused != nil && !s.pages && (refused.Code == ledger.Invalid || refused.Code == ledger.Refused): // a chain too deep to trace
		r.state.Incomplete = append(r.state.Incomplete, fmt.Sprintf("%s of %s: %s", s.field, strings.Join(tasks[0].values(), " "), refused.Rule))
		return nil
	case err != nil:
		return err
	}
	r.grow(s)
	for i, t := range tasks {
		row, _ := data[fmt.Sprintf("q%d", i)].(node)
		if s.root == "" {
			row = node{s.field: data[fmt.Sprintf("q%d", i)]}
		}
		if err := r.all(s, s.read(row), t.around); err != nil {
			return err
		}
	}
	return nil
}

func (t task) values() []string {
	var list []string
	for _, k := range t.of.keys {
		name, rest, _ := outer(k)
		text, _ := value(t.around[name], rest).(string)
		list = append(list, text)
	}
	return list
}

// question writes the text for some tasks: each under an alias, its keys and
// cursor in variables, so that it is the same text for every such question.
func (r *run) question(tasks []task) (string, map[string]any) {
	var head, body []string
	variables := map[string]any{}
	for i, t := range tasks {
		var keys []any
		for j, v := range t.values() {
			key := fmt.Sprintf("k%d_%d", i, j)
			head, keys = append(head, "$"+key+":ID!"), append(keys, "$"+key)
			variables[key] = v
		}
		after := ""
		if t.of.pages {
			after = fmt.Sprintf("c%d", i)
			head = append(head, "$"+after+":String")
			if t.after != "" {
				variables[after] = t.after
			}
			after = "$" + after
		}
		args := t.of.args
		if t.of.root == "" {
			args = fmt.Sprintf(args, keys...)
		}
		list := t.of.selection(r.first, args, after)
		if t.of.root != "" {
			list = fmt.Sprintf(t.of.root, keys...) + "{" + list + "}"
		}
		body = append(body, fmt.Sprintf("q%d:%s", i, list))
	}
	return "query(" + strings.Join(head, ",") + "){" + strings.Join(body, " ") + "}", variables
}
