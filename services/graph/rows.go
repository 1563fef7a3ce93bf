package graph

import (
	"strconv"

	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

// connection is a page as GraphQL has it.
type connection[N any] struct {
	Edges    []edge[N]
	PageInfo pageInfo
	Total    string
}

type edge[N any] struct {
	Node   N
	Cursor string
}

type pageInfo struct {
	HasNextPage bool
	EndCursor   *string
}

func connect[N any](p view.Page[N], err error) (connection[N], error) {
	if err != nil {
		return connection[N]{}, err
	}
	c := connection[N]{Edges: []edge[N]{}, PageInfo: pageInfo{HasNextPage: p.More}, Total: total(p.Total, p.AtLeast)}
	for i, n := range p.Items {
		c.Edges = append(c.Edges, edge[N]{n, p.Cursors[i]})
	}
	if n := len(p.Cursors); n > 0 {
		c.PageInfo.EndCursor = &p.Cursors[n-1]
	}
	return c, nil
}

// total is a count as text, with a plus where there may be more.
func total(n int, atLeast bool) string {
	if atLeast {
		return strconv.Itoa(n) + "+"
	}
	return strconv.Itoa(n)
}

// cascade is a view.Cascade with its page taken apart.
type cascade struct {
	Mandate  view.Mandate
	Measure  view.Measure
	Under    *view.Unit
	Levels   []view.LevelSum
	Edges    []edge[view.CascadeRow]
	PageInfo pageInfo
	Total    string
	AsOf     string
}

// rows binds the values whose fields are answers as they stand.
func rows() []bind.Binding {
	return []bind.Binding{
		bind.Row[struct{}]("Query"),
		bind.Row[pageInfo]("PageInfo"),
		bind.Row[view.Ledger]("Ledger"), bind.Row[view.Checkpoint]("Checkpoint"),
		bind.Row[view.Event]("Event"), bind.Row[ledger.Text]("Meaning"), bind.Row[view.Subject]("Subject"), bind.Row[view.EventRef]("EventRef"),
		bind.Row[view.Unit]("Unit"), bind.Row[view.Duty]("Duty"), bind.Row[view.Capacity]("Capacity"),
		bind.Row[view.Received]("Received"), bind.Row[view.Addition]("Addition"),
		bind.Row[view.Mandate]("Mandate"), bind.Row[view.Measure]("Measure"), bind.Row[view.Constraint]("Constraint"),
		bind.Row[view.Issuance]("Issuance"), bind.Row[view.Approval]("Approval"), bind.Row[view.Part]("Part"),
		bind.Row[view.MeasuredAmount]("MeasuredAmount"), bind.Row[view.Line]("Line"), bind.Row[view.Document]("Document"),
		bind.Row[view.Trace]("Trace"), bind.Row[view.Reference]("Reference"), bind.Row[view.SetItem]("SetItem"),
		bind.Row[view.Relief]("Relief"), bind.Row[view.Step]("Step"), bind.Row[view.Flag]("Flag"),
		bind.Row[cascade]("Cascade"), bind.Row[view.LevelSum]("LevelSum"),
		bind.Row[edge[view.CascadeRow]]("CascadeEdge"), bind.Row[view.CascadeRow]("CascadeRow"),
		bind.Row[view.OriginTotal]("OriginTotal"), bind.Row[view.Obligation]("Obligation"),
		bind.Row[view.Objection]("Objection"), bind.Row[view.Handoff]("Handoff"),
		bind.Row[connection[view.Unit]]("UnitConnection"), bind.Row[edge[view.Unit]]("UnitEdge"),
		bind.Row[connection[view.Received]]("ReceivedConnection"), bind.Row[edge[view.Received]]("ReceivedEdge"),
		bind.Row[connection[view.Mandate]]("MandateConnection"), bind.Row[edge[view.Mandate]]("MandateEdge"),
		bind.Row[connection[view.Issuance]]("IssuanceConnection"), bind.Row[edge[view.Issuance]]("IssuanceEdge"),
		bind.Row[connection[view.Line]]("LineConnection"), bind.Row[edge[view.Line]]("LineEdge"),
		bind.Row[connection[view.Document]]("DocumentConnection"), bind.Row[edge[view.Document]]("DocumentEdge"),
	}
}
