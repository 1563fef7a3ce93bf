package report

import (
	"context"
	"strings"
	"sync"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// What a reporter may choose from is the same for everybody: it is fetched
// whole, within bounds, and searched here or in the browser, so that nobody's
// search is a query of its own.
const (
	mostMandates = 2000
	mostUnits    = 5000
	mostListed   = 96 << 10 // bytes of either list as the page carries it
	mostFound    = 12
	listedFor    = time.Minute
	listedAgain  = 5 * time.Second // where it could not be had
)

// Choices is what is on record to choose from.
type Choices struct {
	Mandates []Mandate
	Units    []Unit // from the top level down
}

// Mandate is a task on record.
type Mandate struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Number   string    `json:"number,omitempty"` // of its document
	Measures []Measure `json:"measures,omitempty"`
}

// Measure is one of the things a mandate asks for.
type Measure struct {
	ID        string `json:"id"` // <mandate>/<key>
	Name      string `json:"name"`
	Unit      string `json:"unit,omitempty"`
	Dimension string `json:"dimension"`
}

// Unit is a body that may have added something.
type Unit struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Level string `json:"level"` // CENTRAL … VILLAGE
	Under string `json:"under,omitempty"`
}

// Lister fetches the choices.
type Lister interface {
	List(ctx context.Context) (Choices, error)
}

// choiceList keeps what was fetched for a minute.
type choiceList struct {
	from  Lister
	clock ledger.Clock

	mu      sync.Mutex
	fetched time.Time
	held    Choices
}

// now gives the choices as they are, or as they were where they cannot be fetched.
func (l *choiceList) now(ctx context.Context) Choices {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.clock()
	if l.fetched.IsZero() || at.Sub(l.fetched) >= listedFor || at.Before(l.fetched) {
		l.fetched = at
		if got, err := l.from.List(context.WithoutCancel(ctx)); err == nil { // everybody's, not of who asked first
			l.held = bounded(got)
		} else {
			l.fetched = at.Add(listedAgain - listedFor)
		}
	}
	return l.held
}

func bounded(c Choices) Choices {
	room := mostListed
	for i, m := range c.Mandates {
		room -= 64 + len(m.ID) + len(m.Title) + len(m.Number)
		for _, of := range m.Measures {
			room -= 64 + len(of.ID) + len(of.Name) + len(of.Unit)
		}
		if room < 0 || i == mostMandates {
			c.Mandates = c.Mandates[:i]
			break
		}
	}
	room = mostListed
	for i, u := range c.Units {
		if room -= 64 + len(u.Code) + len(u.Name) + len(u.Under); room < 0 || i == mostUnits {
			c.Units = c.Units[:i]
			break
		}
	}
	return c
}

// found is part of a list, and how many more there are.
type found[T any] struct {
	Shown []T
	More  int
}

func (f *found[T]) add(it T) {
	if len(f.Shown) < mostFound {
		f.Shown = append(f.Shown, it)
	} else {
		f.More++
	}
}

// holds reports whether every word of a query is in one of the texts.
func holds(query string, texts ...string) bool {
	all := strings.ToLower(strings.Join(texts, "\n"))
	for _, word := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

// mandates finds tasks; the one chosen already stands first.
func (c Choices) mandates(query, chosen string) found[Mandate] {
	var out found[Mandate]
	if m := c.mandate(chosen); m != nil {
		out.add(*m)
	}
	for _, m := range c.Mandates {
		if m.ID != chosen && holds(query, m.Title, m.Number, m.ID) {
			out.add(m)
		}
	}
	return out
}

// units finds units by name or code; without a query only the one chosen
// already, and where few is true all, if they are few enough to show.
func (c Choices) units(query, chosen string, few bool, fits func(Unit) bool) found[Unit] {
	var first, rest found[Unit]
	asked := strings.TrimSpace(query) != ""
	for _, u := range c.Units {
		switch {
		case !fits(u):
		case u.Code == chosen:
			first.add(u)
		case holds(query, u.Name, u.Code):
			rest.add(u)
		}
	}
	if !asked && (!few || rest.More > 0) {
		return first
	}
	for _, u := range rest.Shown {
		first.add(u)
	}
	first.More += rest.More
	return first
}

func (c Choices) mandate(id string) *Mandate {
	for i := range c.Mandates {
		if id != "" && c.Mandates[i].ID == id {
			return &c.Mandates[i]
		}
	}
	return nil
}

func (c Choices) unit(code string) *Unit {
	for i := range c.Units {
		if code != "" && c.Units[i].Code == code {
			return &c.Units[i]
		}
	}
	return nil
}

// measures of a mandate that a figure in this dimension may be about: it is a
// frequency or it is none.
func (c Choices) measures(of, dimension string) []Measure {
	var out []Measure
	if m := c.mandate(of); m != nil {
		for _, one := range m.Measures {
			if (one.Dimension == frequency) == (dimension == frequency) {
				out = append(out, one)
			}
		}
	}
	return out
}

const frequency = string(mandate.Frequency)

// place reports whether a unit is a division of county level or above.
func place(u Unit) bool {
	return len(u.Code) <= 6 && !strings.Contains(u.Code, "-") && u.Level != "TOWNSHIP" && u.Level != "VILLAGE"
}

// anyUnit is a unit that can add something to what it passes on.
func anyUnit(u Unit) bool { return u.Level != "VILLAGE" }
