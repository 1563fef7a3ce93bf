package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// What the read model answers with: plain values, with the handle of their
// row kept to themselves. Counts and exact numbers are text.

// MaxPage is the most a page holds.
const MaxPage = 200

// Page is a stretch of a list; Cursors[i] points at Items[i].
type Page[T any] struct {
	Items   []T
	Cursors []string
	More    bool
	Total   int
	AtLeast bool // there may be more than Total
}

// Paging asks for the first so many behind a cursor.
type Paging struct {
	First int
	After string
}

// window is the indexes a paging takes of a list of n, with the cursor being
// an index counted from 1.
func (p Paging) window(n int) (from, to int, err error) {
	if p.First < 0 || p.First > MaxPage {
		return 0, 0, ledger.Errorf(ledger.Invalid, "page.first", "每页最多 %[1]d 项，first 应为 0 至 %[1]d。", "A page holds at most %[1]d entries; first is 0 to %[1]d.", MaxPage).At("first")
	}
	if p.After != "" {
		if from, err = strconv.Atoi(p.After); err != nil || from < 0 || strconv.Itoa(from) != p.After {
			return 0, 0, wrongMark(p.After)
		}
	}
	from = min(from, n)
	return from, min(from+p.First, n), nil
}

func wrongMark(after string) error {
	return ledger.Errorf(ledger.Invalid, "page.after", "翻页标记“%s”无效；请从第一页重新翻起。", "The page mark %q is not valid; start from the first page.", after).At("after")
}

func page[H, T any](p Paging, all []H, make func(H) T) (Page[T], error) {
	from, to, err := p.window(len(all))
	if err != nil {
		return Page[T]{}, err
	}
	out := Page[T]{More: to < len(all), Total: len(all)}
	for i := from; i < to; i++ {
		out.add(make(all[i]), i+1)
	}
	return out, nil
}

func (p *Page[T]) add(item T, cursor int) {
	p.Items, p.Cursors = append(p.Items, item), append(p.Cursors, strconv.Itoa(cursor))
}

// EventRef names an event a figure rests on by its ordinal. What else there
// is to say of it is looked up by those who ask.
type EventRef struct {
	Ordinal uint64 `graphql:"-"`
}

// Number is the ordinal as text.
func (e EventRef) Number() string { return strconv.FormatUint(e.Ordinal, 10) }

// TypeOf, RecordedAt and HashOf are what a reference refers to.
func (r *Rows) TypeOf(e EventRef) string {
	if r.sealed(&r.events[e.Ordinal-1]) {
		return Sealed
	}
	return r.catalogue.All()[r.events[e.Ordinal-1].kind].Name
}

// RecordedAt is when the event was recorded; of a sealed one, the day.
func (r *Rows) RecordedAt(e EventRef) time.Time {
	at := r.recorded(e.Ordinal)
	if r.sealed(&r.events[e.Ordinal-1]) {
		at = startOfDay(at)
	}
	return at
}

// HashOf is the event's hash in hexadecimal.
func (r *Rows) HashOf(e EventRef) string { return r.events[e.Ordinal-1].hash.String() }

// few ordinals are searched faster than a map is made.
const few = 16

func (r *Rows) eventRefs(ordinals ...uint64) []EventRef {
	refs := make([]EventRef, 0, len(ordinals))
	var seen map[uint64]bool
	if len(ordinals) > few {
		seen = make(map[uint64]bool, len(ordinals))
	}
	for i, o := range ordinals {
		if o == 0 || seen[o] || seen == nil && slices.Contains(ordinals[:i], o) {
			continue
		}
		if seen != nil {
			seen[o] = true
		}
		refs = append(refs, EventRef{o})
	}
	return refs
}

// Event is an event's header.
type Event struct {
	Ordinal   string
	ID        string
	Type      string
	Meaning   ledger.Text
	Version   int
	Stream    string
	Revision  string
	Recorded  time.Time
	Effective time.Time
	DecidedAt string
	Roles     []string
	Unit      *Unit
	Hash      string
	Previous  *EventRef
	Subject   Subject
	Withheld  bool `graphql:"-"` // it is sealed: its content is nobody's to read here
	position  ledger.Position
}

// Place is where the event stands in the log.
func (e Event) Place() ledger.Position { return e.position }

// Subject is what an event is about, with the page that shows it.
type Subject struct {
	Kind string
	ID   string
	Path *string
}

// Event finds an event by its ordinal.
func (r *Rows) Event(ordinal uint64) (Event, bool) {
	if ordinal == 0 || ordinal > uint64(len(r.events)) {
		return Event{}, false
	}
	e := &r.events[ordinal-1]
	if r.sealed(e) {
		return r.sealedEvent(ordinal, e), true
	}
	def := r.catalogue.All()[e.kind]
	out := Event{
		Ordinal: strconv.FormatUint(ordinal, 10), ID: e.id.String(), Type: def.Name, Meaning: def.Meaning, Version: int(e.version),
		Stream: r.streams[e.stream].name, Revision: strconv.Itoa(int(e.revision)), Recorded: time.UnixMilli(e.recorded).UTC(),
		Effective: time.UnixMilli(e.effective).UTC(), DecidedAt: strconv.FormatUint(e.decidedAt, 10), Roles: []string{}, Unit: r.unitPtr(e.unit),
		Hash: e.hash.String(), position: ledger.Position{Commit: e.commit, Prepare: e.prepare, Ordinal: ordinal},
	}
	for i, role := range ledger.Roles {
		if e.roles&(1<<i) != 0 {
			out.Roles = append(out.Roles, string(role))
		}
	}
	if e.prev != 0 {
		out.Previous = &EventRef{e.prev}
	}
	out.Subject = r.subjectOf(out.Stream)
	return out, true
}

func (r *Rows) subjectOf(stream string) Subject {
	kind, id, _ := strings.Cut(stream, "-")
	s := Subject{Kind: kind, ID: id}
	path := ""
	switch kind {
	case "unit", "document", "mandate", "issuance":
		path = "/" + kind + "s/" + id
	case "assignment":
		name, code := splitAssignment(id)
		if h := r.issuanceAt.of(name); h != none && len(r.issuances[h].mandates) > 0 {
			path = "/mandates/" + r.mandates[r.issuances[h].mandates[0]].id + "/units/" + code
		}
	case "outcome":
		path = "/outcomes/" + id
	case "finding":
		if f, ok := r.dossier.Finding(id); ok && f.State.Stage.Public() {
			path = "/findings/" + id
		} else if ok { // its own page is not everybody's
			path = "/outcomes/" + f.State.Outcome
		}
	case "policy":
		path = "/policies"
	case "reward", "clarification":
		if code := r.dossier.UnitOf(kind, id); code != "" {
			path = "/units/" + code
		}
	case "handoff":
		if h := r.handoffAt.of(id); h != none {
			path = "/units/" + r.code(r.handoffs[h].to)
		}
	}
	if path != "" {
		s.Path = &path
	}
	return s
}

// Ledger is the log as the rows see it.
type Ledger struct {
	Ordinal    string
	Root       string
	Checkpoint *Checkpoint
}

// Checkpoint is the newest signed statement.
type Checkpoint struct {
	Size, Root, Note string
	Event            EventRef
}

// Ledger tells how much was folded.
func (r *Rows) Ledger() Ledger {
	root, _ := r.tree.Root(r.tree.Size()) // the present size is always at hand
	l := Ledger{Ordinal: r.ordinal(), Root: root.String()}
	if n := len(r.notes); n > 0 {
		c := r.notes[n-1]
		l.Checkpoint = &Checkpoint{strconv.FormatUint(c.size, 10), c.root, c.text, EventRef{c.event}}
	}
	return l
}

// Size and Root are the log's so far; Checked is how many of its events the
// newest checkpoint covers, and since when.
func (r *Rows) Size() uint64 { return r.position.Ordinal }

// Checked is the newest checkpoint's size and time; zero before the first.
func (r *Rows) Checked() (size uint64, at time.Time) {
	if n := len(r.notes); n > 0 {
		return r.notes[n-1].size, time.UnixMilli(r.events[r.notes[n-1].event-1].recorded)
	}
	return 0, time.Time{}
}

// LatestRoot is the Merkle root over everything folded.
func (r *Rows) LatestRoot() (uint64, ledger.Hash) {
	root, _ := r.tree.Root(r.tree.Size())
	return uint64(r.tree.Size()), root
}

func (r *Rows) ordinal() string { return strconv.FormatUint(r.position.Ordinal, 10) }

// some is a text that may be missing.
func some(s string) *string {
	if s == "" {
		return nil
	}
	given := s // only now: most are missing, and cost nothing
	return &given
}

func someCount(n int64) *string {
	if n == 0 {
		return nil
	}
	return some(strconv.FormatInt(n, 10))
}

func someTime(milliseconds int64) *time.Time {
	if milliseconds == 0 {
		return nil
	}
	t := time.UnixMilli(milliseconds).UTC()
	return &t
}

// Contains reports whether one unit's territory holds another.
func Contains(territory, code string) bool { return unit.Contains(territory, code) }

// State is the log's size and root as folded, and what the newest checkpoint
// covers and when it was recorded.
func (v *View) State() (size uint64, root ledger.Hash, covered uint64, at time.Time) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	size, root = v.rows.LatestRoot()
	covered, at = v.rows.Checked()
	return size, root, covered, at
}
