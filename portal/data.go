package portal

// What answers carry on more than one page. Numbers are exact and stay text;
// what is null arrives as "" or nil.

type unitRef struct{ Code, Name, Level, Kind string }

type eventRef struct{ Ordinal, Type, Recorded, Hash string }

type documentRef struct{ ID, Number, Title, Date string }

type issuanceRef struct {
	ID       string
	Issuer   unitRef
	Source   string
	Document *documentRef
}

type mandateRef struct {
	ID, Title, Field string
	Fictional        bool
	Withdrawn        bool
}

type measure struct {
	ID, Key, Name, Kind, Dimension, Unit, Harder string
	Hours                                        string
}

// Frequency reports whether values count times per 30 days.
func (m measure) Frequency() bool { return m.Kind == "INTENSITY" && m.Dimension == "FREQUENCY" }

// Set reports whether the measure is a set of items and has no value.
func (m measure) Set() bool { return m.Kind == "SET" }

// Divisible reports whether shares of it add up.
func (m measure) Divisible() bool { return m.Kind == "DIVISIBLE" }

type flag struct {
	Code            string
	Unit            unitRef
	Issuance        *struct{ ID string }
	Found, Expected string
	Events          []eventRef
}

type measured struct {
	Measure measure
	Value   string
}

type pageInfo struct {
	HasNextPage bool
	EndCursor   string
}

// connection is one page of a list.
type connection[T any] struct {
	Edges []struct {
		Node   T
		Cursor string
	}
	PageInfo pageInfo
	Total    string
}

// Nodes are the list's rows.
func (c connection[T]) Nodes() []T {
	out := make([]T, len(c.Edges))
	for i, e := range c.Edges {
		out[i] = e.Node
	}
	return out
}

// Next is the cursor of the next page, "" on the last.
func (c connection[T]) Next() string {
	if !c.PageInfo.HasNextPage {
		return ""
	}
	return c.PageInfo.EndCursor
}

type ledgerState struct {
	Ordinal, Root string
	ReadOnly      bool
	DamagedAt     string
	Checkpoint    *struct {
		Size, Root, Note string
		Event            eventRef
	}
}
