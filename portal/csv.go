package portal

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// mostRows is how many rows one download holds; it then names the next part.
const mostRows = 20_000

// perAsk is how many rows one question may ask for.
const perAsk = 200

// sheet is a list as a file.
type sheet struct {
	name string
	head []string
	rows [][]string
	keys []string // of the columns in JSON; none where the sheet is CSV only
	from string   // the parameter that holds the cursor, "after" where empty
	next string   // cursor of the part after this one
}

// columns names the columns: in CSV by their words, in JSON by their keys.
func (t *sheet) columns(p *Page, keys ...string) {
	t.head = p.heads(keys...)
	for _, key := range keys {
		t.keys = append(t.keys, strings.TrimPrefix(key, "col."))
	}
}

// gather asks for page after page until the list ends or the sheet is full.
func gather[T any](after string, more func(after string) (connection[T], error), row func(T) []string) (rows [][]string, next string, err error) {
	for {
		page, err := more(after)
		if err != nil {
			return nil, "", err
		}
		for _, e := range page.Edges {
			rows = append(rows, row(e.Node))
		}
		if page.Next() == "" || page.Next() == after || len(page.Edges) == 0 {
			return rows, "", nil
		}
		after = page.Next()
		if len(rows) >= mostRows {
			return rows, after, nil
		}
	}
}

// A spreadsheet would run the first kind of cell as a formula and read the
// second as a date; an apostrophe in front keeps both as they are.
var (
	formula = regexp.MustCompile(`^[=+\-@\t\r\n|%＝＋－＠−]`)
	number  = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	datable = regexp.MustCompile(`^-?[0-9]+/[0-9]+$`)
)

func guard(cell string) string {
	if number.MatchString(cell) {
		return cell
	}
	if formula.MatchString(strings.TrimLeft(cell, " ")) || datable.MatchString(cell) {
		return "'" + cell
	}
	return cell
}

// write sends the sheet as the file that was asked for.
func (t *sheet) write(p *Page) error {
	if p.r.URL.Query().Get("format") == "json" {
		return t.writeJSON(p)
	}
	return t.writeCSV(p)
}

// writeJSON sends the rows as objects. Every value is text, as it stands in
// the table; counts are digits.
func (t *sheet) writeJSON(p *Page) error {
	rows := make([]map[string]string, len(t.rows))
	for i, row := range t.rows {
		rows[i] = map[string]string{}
		for k, cell := range row {
			rows[i][t.keys[k]] = cell
		}
	}
	body, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	h := p.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.json"`, fileName(t.name)))
	h.Set("Cache-Control", "private, no-store")
	h.Set("Vary", "Accept-Language, Cookie")
	if p.r.Method != http.MethodHead {
		_, _ = p.w.Write(body)
	}
	return nil
}

// writeCSV sends the sheet with the mark by which spreadsheets know UTF-8.
func (t *sheet) writeCSV(p *Page) error {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range append([][]string{t.head}, t.rows...) {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = guard(cell)
		}
		if err := w.Write(safe); err != nil {
			return err
		}
	}
	h := p.w.Header()
	if t.next != "" {
		href, err := p.With(p.Here(), cmp.Or(t.from, "after"), t.next)
		if err != nil {
			return err
		}
		h.Set("Link", fmt.Sprintf(`<%s>; rel="next"`, href))
		if err := w.Write([]string{p.say("csv.more", "href", href)}); err != nil {
			return err
		}
	}
	w.Flush()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.csv"`, fileName(t.name)))
	h.Set("Cache-Control", "private, no-store")
	h.Set("Vary", "Accept-Language, Cookie")
	if p.r.Method != http.MethodHead {
		_, _ = p.w.Write(b.Bytes())
	}
	return w.Error()
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

func fileName(s string) string { return strings.Trim(notInNames.ReplaceAllString(s, "-"), "-") }

// wantsSheet reports whether the list, or the named one of several tables, is
// asked for as a file.
func (p *Page) wantsSheet(table string) bool {
	q := p.r.URL.Query()
	return q.Get("format") == "csv" && q.Get("table") == table
}

// wantsFile is wantsSheet for tables that are also given as JSON.
func (p *Page) wantsFile(table string) bool {
	q := p.r.URL.Query()
	return (q.Get("format") == "csv" || q.Get("format") == "json") && q.Get("table") == table
}

// heads are a sheet's column names.
func (p *Page) heads(keys ...string) []string {
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = p.say(key)
	}
	return out
}
