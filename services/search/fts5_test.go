package search

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// The other way to do it, measured beside ours: SQLite's FTS5, contentless, in
// a file of its own, fed with the same pairs. A word is a phrase of pairs; a
// word of one character is a prefix, since every character begins a pair or is
// the last by itself.

func pairs(text string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(folded(text), "\x00") {
		letters := []rune(part)
		for i := range letters {
			b.WriteString(string(letters[i:min(i+2, len(letters))]))
			b.WriteByte(' ')
		}
		b.WriteString("¦ ") // phrases do not go on from title to number
	}
	return b.String()
}

func match(query string) string {
	var words []string
	for _, w := range strings.Fields(query) {
		letters := []rune(folded(w))
		if len(letters) == 1 {
			words = append(words, `"`+string(letters)+`"*`)
			continue
		}
		var phrase []string
		for i := 1; i < len(letters); i++ {
			phrase = append(phrase, string(letters[i-1:i+1]))
		}
		words = append(words, `"`+strings.Join(phrase, " ")+`"`)
	}
	return strings.Join(words, " AND ")
}

func fts5(b *testing.B, texts []string) *sql.DB {
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "search.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := tx.Exec(`create virtual table pairs using fts5(text, content='', tokenize="unicode61 remove_diacritics 0 tokenchars '()-·¦×'")`); err != nil {
		b.Fatal(err)
	}
	insert, err := tx.Prepare(`insert into pairs(rowid, text) values (?, ?)`)
	if err != nil {
		b.Fatal(err)
	}
	for h, t := range texts {
		if _, err := insert.Exec(h+1, pairs(t)); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return db
}

func BenchmarkFTS5Build(b *testing.B) {
	for name, texts := range map[string][]string{"divisions": loadNation(b).names, "papers": papers(200_000)} {
		b.Run(name, func(b *testing.B) {
			var file string
			for b.Loop() {
				db := fts5(b, texts)
				if err := db.QueryRow(`select file from pragma_database_list where name = 'main'`).Scan(&file); err != nil {
					b.Fatal(err)
				}
			}
			info, err := os.Stat(file)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*len(texts)), "ns/document")
			b.ReportMetric(float64(info.Size())/(1<<20), "MB")
		})
	}
}

// The first fifty, and the total by itself.
func BenchmarkFTS5(b *testing.B) {
	names, texts := loadNation(b).names, papers(200_000)
	db := fts5(b, names)
	for _, q := range nationQueries {
		b.Run("names/"+q.name, func(b *testing.B) { ask(b, db, names, q.query) })
	}
	db = fts5(b, texts)
	for _, q := range paperQueries {
		b.Run("papers/"+q.name, func(b *testing.B) { ask(b, db, texts, q.query) })
	}
}

func ask(b *testing.B, db *sql.DB, texts []string, query string) {
	var total int
	if err := db.QueryRow(`select count(*) from pairs(?)`, match(query)).Scan(&total); err != nil {
		b.Fatal(err)
	}
	if want := scan(texts, query); total != want {
		b.Fatalf("%s: %d hits, want %d", query, total, want)
	}
	page, err := db.Prepare(`select rowid from pairs(?) order by rowid limit 50`)
	if err != nil {
		b.Fatal(err)
	}
	defer page.Close()
	b.Run("page", func(b *testing.B) {
		median(b, func() {
			rows, err := page.Query(match(query))
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
				var h int64
				if err := rows.Scan(&h); err != nil {
					b.Fatal(err)
				}
			}
			if err := rows.Close(); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("total", func(b *testing.B) {
		median(b, func() {
			if err := db.QueryRow(`select count(*) from pairs(?)`, match(query)).Scan(&total); err != nil {
				b.Fatal(err)
			}
		})
	})
}
