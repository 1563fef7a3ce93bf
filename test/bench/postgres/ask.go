package postgres

import (
	"context"
	"fmt"
	"math/big"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// up goes from a unit's line to the origin: what each line asks, what its
// receiver stands for on record, and what the issuer handed out in all.
const up = `
WITH RECURSIVE up AS (
	SELECT l.issuance, i.issuer, l.value, l.base, i.unbased, i.based, 0 AS depth
	FROM unit u JOIN line l ON l.receiver = u.id JOIN issuance i ON i.id = l.issuance
	WHERE u.code = $1 AND i.mandate = $2
	UNION ALL
	SELECT l.issuance, i.issuer, l.value, l.base, i.unbased, i.based, depth + 1
	FROM up JOIN basis b ON b.issuance = up.issuance JOIN line l ON l.issuance = b.rests_on AND l.receiver = up.issuer JOIN issuance i ON i.id = l.issuance)
SELECT u.code, value, base, unbased, based FROM up JOIN unit u ON u.id = up.issuer ORDER BY depth`

// Step is one unit's part in a demand, exact.
type Step struct {
	Unit   string
	Amount *big.Rat
}

// Asker asks over one connection, with prepared statements.
type Asker struct{ conn *pgx.Conn }

// Ask connects.
func (s *Server) Ask(ctx context.Context) (*Asker, error) {
	c, err := pgx.Connect(ctx, s.URL)
	return &Asker{c}, err
}

// Close ends the connection.
func (a *Asker) Close() { _ = a.conn.Close(context.Background()) }

// hop is one row of the answer.
type hop struct {
	issuer                      string
	value, base, unbased, based pgtype.Numeric
}

// Trace is who added what to what a task asks of a unit, upstream first.
func (a *Asker) Trace(ctx context.Context, code string, mandate int) ([]Step, error) {
	hops, err := a.hops(ctx, code, mandate)
	if err != nil {
		return nil, err
	}
	steps := make([]Step, len(hops))
	carried := big.NewRat(1, 1) // how much of a line goes on to the unit that was asked for
	for i, h := range hops {
		value := rat(h.value)
		at := len(hops) - 1 - i
		if i == len(hops)-1 { // it begins here
			steps[at] = Step{h.issuer, new(big.Rat).Mul(value, carried)}
			break
		}
		received := rat(hops[i+1].value)
		base := effective(h, value, received)
		steps[at] = Step{h.issuer, new(big.Rat).Mul(new(big.Rat).Sub(value, base), carried)}
		if received.Sign() != 0 {
			carried.Mul(carried, base.Quo(base, received))
		}
	}
	return steps, nil
}

// hops is what is timed: the query and its rows.
func (a *Asker) hops(ctx context.Context, code string, mandate int) ([]hop, error) {
	rows, err := a.conn.Query(ctx, up, code, mandate)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h hop, err error) {
		return h, row.Scan(&h.issuer, &h.value, &h.base, &h.unbased, &h.based)
	})
}

// Hops asks the same and keeps only how many levels there were.
func (a *Asker) Hops(ctx context.Context, code string, mandate int) (int, error) {
	hops, err := a.hops(ctx, code, mandate)
	return len(hops), err
}

// effective is the base that counts: the one on record, or the line's share of
// what is left, by value.
func effective(h hop, value, received *big.Rat) *big.Rat {
	if h.base.Valid {
		return rat(h.base)
	}
	left := new(big.Rat).Sub(received, rat(h.based))
	if left.Sign() < 0 {
		return new(big.Rat)
	}
	return left.Mul(left, new(big.Rat).Quo(value, rat(h.unbased)))
}

func rat(n pgtype.Numeric) *big.Rat {
	r := new(big.Rat).SetInt(n.Int)
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n.Exp, -n.Exp))), nil)
	if n.Exp < 0 {
		return r.Quo(r, new(big.Rat).SetInt(scale))
	}
	return r.Mul(r, new(big.Rat).SetInt(scale))
}

// Level is one level's part in a cascade.
type Level struct {
	Level    int16
	Units    int
	Received string
}

// Levels adds a task up over all units of each level.
func (a *Asker) Levels(ctx context.Context, mandate int) ([]Level, error) {
	rows, err := a.conn.Query(ctx, `
SELECT u.level, count(DISTINCT u.id), trim_scale(sum(l.value))::text FROM issuance i JOIN line l ON l.issuance = i.id JOIN unit u ON u.id = l.receiver
WHERE i.mandate = $1 GROUP BY u.level ORDER BY u.level`, mandate)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Level, err error) {
		return l, row.Scan(&l.Level, &l.Units, &l.Received)
	})
}

// Below is the first page of what a unit handed down, by receiver's code.
func (a *Asker) Below(ctx context.Context, code string, mandate, first int) (int, error) {
	rows, err := a.conn.Query(ctx, `
SELECT r.code, r.name, l.value, l.base FROM unit u JOIN issuance i ON i.issuer = u.id AND i.mandate = $2
JOIN line l ON l.issuance = i.id JOIN unit r ON r.id = l.receiver WHERE u.code = $1 ORDER BY r.code LIMIT $3`, code, mandate, first)
	if err != nil {
		return 0, err
	}
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// Rows counts the lines, for the table's head.
func (a *Asker) Rows(ctx context.Context) (n int, err error) {
	if err := a.conn.QueryRow(ctx, "SELECT count(*) FROM line").Scan(&n); err != nil {
		return 0, fmt.Errorf("count lines: %w", err)
	}
	return n, nil
}
