package graph

import (
	"context"

	"suyuan/services/graph/bind"
	"suyuan/services/view"
)

// Anew is Execute without the answers that are kept.
func (g *Graph) Anew(ctx context.Context, r bind.Request) (result *bind.Result) {
	p, refused := g.bound.Prepare(ctx, r)
	if refused != nil {
		return refused
	}
	g.view.Read(func(rows *view.Rows) { result = p.Run(lend(ctx, rows)) })
	return result
}
