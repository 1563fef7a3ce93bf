package postgres

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"suyuan/services/unit"
	"suyuan/test/bench/nation"
)

// The nation as anybody would keep it in tables, with what every issuance
// hands out added up beforehand, as our fold does.
const tables = `
CREATE TABLE unit (id int PRIMARY KEY, code text NOT NULL, name text NOT NULL, level smallint NOT NULL, parent int);
CREATE TABLE issuance (id int PRIMARY KEY, mandate int NOT NULL, issuer int NOT NULL, unbased numeric NOT NULL, based numeric NOT NULL);
CREATE TABLE basis (issuance int NOT NULL, rests_on int NOT NULL);
CREATE TABLE line (issuance int NOT NULL, receiver int NOT NULL, value numeric NOT NULL, base numeric);`

// indexes are made once the rows are in.
const indexes = `
CREATE UNIQUE INDEX ON unit (code);
CREATE INDEX ON unit (parent);
CREATE INDEX ON issuance (mandate, issuer);
ALTER TABLE basis ADD PRIMARY KEY (issuance, rests_on);
CREATE INDEX ON basis (rests_on);
ALTER TABLE line ADD PRIMARY KEY (issuance, receiver);
CREATE INDEX ON line (receiver, issuance);`

// Fill brings the same units, issuances and lines in that the ledger holds.
func (s *Server) Fill(ctx context.Context, n *nation.Nation, more int) error {
	c, err := pgx.Connect(ctx, s.URL)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	if _, err := c.Exec(ctx, tables); err != nil {
		return err
	}
	i := 0
	_, err = c.CopyFrom(ctx, pgx.Identifier{"unit"}, []string{"id", "code", "name", "level", "parent"}, pgx.CopyFromFunc(func() ([]any, error) {
		if i == len(n.Units) {
			return nil, nil
		}
		u := n.Units[i]
		i++
		return []any{int32(i - 1), u.Code, u.Name, int16(unit.LevelOf(u.Code)), u.Above}, nil
	}))
	if err != nil {
		return fmt.Errorf("copy units: %w", err)
	}
	f := &filling{conn: c, nation: n}
	tasks := n.Tasks(more)
	for number, t := range tasks {
		if err := f.task(ctx, number, t); err != nil {
			return fmt.Errorf("copy task %s: %w", t.ID, err)
		}
		tasks[number] = nil // with what it asked of every unit
	}
	if _, err := c.Exec(ctx, indexes); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "VACUUM ANALYZE unit, issuance, basis, line")
	return err
}

// filling numbers issuances as they come.
type filling struct {
	conn   *pgx.Conn
	nation *nation.Nation
	last   int32
}

func (f *filling) task(ctx context.Context, number int, t *nation.Task) error {
	var issuances, bases, lines [][]any
	of := map[string]int32{}
	for _, level := range f.nation.Levels(t.Top) {
		for _, u := range level {
			if len(f.nation.Units[u].Children) == 0 {
				continue
			}
			made := t.Hand(u)
			f.last++
			of[made.ID] = f.last
			for _, b := range made.Basis {
				bases = append(bases, []any{f.last, of[b]})
			}
			unbased, based := new(big.Int), new(big.Int)
			for _, l := range made.Lines {
				value, base := tenths(l.Amounts[0].Value), pgtype.Numeric{}
				if l.Amounts[0].Base != "" {
					base = tenths(l.Amounts[0].Base)
					based.Add(based, base.Int)
				} else {
					unbased.Add(unbased, value.Int)
				}
				lines = append(lines, []any{f.last, f.nation.At(l.To), value, base})
			}
			issuances = append(issuances, []any{f.last, int32(number), u, pgtype.Numeric{Int: unbased, Exp: -1, Valid: true}, pgtype.Numeric{Int: based, Exp: -1, Valid: true}})
		}
	}
	for _, table := range []struct {
		name    string
		columns []string
		rows    [][]any
	}{
		{"issuance", []string{"id", "mandate", "issuer", "unbased", "based"}, issuances},
		{"basis", []string{"issuance", "rests_on"}, bases},
		{"line", []string{"issuance", "receiver", "value", "base"}, lines},
	} {
		if _, err := f.conn.CopyFrom(ctx, pgx.Identifier{table.name}, table.columns, pgx.CopyFromRows(table.rows)); err != nil {
			return err
		}
	}
	return nil
}

// tenths reads a decimal with one place at most.
func tenths(s string) pgtype.Numeric {
	whole, rest, _ := strings.Cut(s, ".")
	n, _ := new(big.Int).SetString(whole+(rest + "0")[:1], 10)
	return pgtype.Numeric{Int: n, Exp: -1, Valid: true}
}
