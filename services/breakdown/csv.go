package breakdown

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"suyuan/services/charset"
	"suyuan/services/ledger"
)

// decode makes text of a CSV file: UTF-8 where it is valid UTF-8, else
// GB18030, else nothing. Neither is guessed at: what is not exactly one of the
// two is refused.
func decode(data []byte) (string, error) {
	if out, ok := charset.Text(data); ok {
		return string(out), nil
	}
	return "", ledger.Errorf(ledger.Invalid, "breakdown.encoding", "文件既不是 UTF-8，也不是 GB18030（GBK）编码；请在电子表格软件里另存为“CSV UTF-8”或 .xlsx。",
		"The file is neither UTF-8 nor GB18030 (GBK); save it from the spreadsheet program as CSV UTF-8 or as .xlsx.")
}

// separator finds what stands between the cells: the one that the most lines
// have equally often.
func separator(s string) rune {
	best, most, width := ',', 0, 0
	for _, sep := range []rune{',', '\t', ';'} {
		lines := map[int]int{}
		for i, line := range strings.SplitN(s, "\n", 200) {
			if n := outside(line, sep); n > 0 && i < 199 {
				lines[n]++
			}
		}
		for n, count := range lines {
			if count > most || count == most && n > width {
				best, most, width = sep, count, n
			}
		}
	}
	return best
}

// outside counts a separator outside of quotes.
func outside(line string, sep rune) (n int) {
	quoted := false
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == sep && !quoted:
			n++
		}
	}
	return n
}

func readCSV(ctx context.Context, data []byte) (*grid, error) {
	s, err := decode(data)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(s), -1, true
	g := &grid{}
	end := 0 // the line the row before ended on
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			return nil, ledger.Errorf(ledger.Invalid, "breakdown.csv", "CSV 读不下去：%v；请检查引号。", "The CSV cannot be read on: %v; check its quotes.", err)
		}
		start, _ := r.FieldPos(0)
		for ; end+1 < start && len(g.rows) < maxLast; end++ {
			g.rows = append(g.rows, nil) // the reader passes over blank lines, a spreadsheet program counts them
		}
		last, _ := r.FieldPos(len(record) - 1)
		end = last + strings.Count(record[len(record)-1], "\n")
		row, err := csvRow(record, len(g.rows))
		if err != nil {
			return nil, err
		}
		g.rows = append(g.rows, row)
	}
}

func csvRow(record []string, above int) ([]cell, error) {
	row := make([]cell, len(record))
	used := 0
	for i, s := range record {
		row[i] = textCell(bare(s))
		if row[i].kind != blank {
			used = i + 1
		}
	}
	return row[:used], bounded(above, used)
}

// bare takes off the sign that keeps a text in a CSV file from being taken for
// a formula or a date.
func bare(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && guarded(rest) {
		return rest
	}
	return s
}

func textCell(s string) cell {
	if strings.TrimSpace(s) == "" {
		return cell{}
	}
	return cell{text: s, kind: text}
}

// bounded refuses a row beyond what a sheet may have.
func bounded(row, width int) error {
	if width > maxWidth {
		return ledger.Errorf(ledger.Invalid, "breakdown.too_wide", "第 %[1]d 行有 %[2]d 列，最多 %[3]d 列；请删去多余的列。", "Row %[1]d has %[2]d columns, at most %[3]d are taken; delete those not needed.", row+1, width, maxWidth)
	}
	if row >= maxLast && width > 0 {
		return ledger.Errorf(ledger.Invalid, "breakdown.too_long", "表超过 %d 行；请拆成几份。", "The sheet has more than %d rows; split it.", maxLast)
	}
	return nil
}
