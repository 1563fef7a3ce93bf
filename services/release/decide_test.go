package release

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

func TestDecide(t *testing.T) {
	type c = ledgertest.Case[State, Facts]
	type events = []ledger.Evolver[State]
	admin := ledger.Actor{Account: "admin", Roles: ledger.Roles}
	at := week(1).Time().Add(3 * time.Hour)
	w := newWorld()
	w.parts = []Published{{Date: week(0), Part: 1, Last: true}}
	five := newWorld()
	five.file(week(1), times(5, base())...)
	four := newWorld()
	four.file(week(1), times(4, base())...)
	all := membersOf(slices.SortedFunc(slices.Values(five.reports), compareTags))
	label := Cell{
		Unit: "990101-nongye", Level: "COUNTY", Dimension: "quantity", Mandate: "farmland-600", Measure: "farmland-600/area", CameDown: "600", Asked: "690",
	}
	told := Published{Date: week(1), Part: 1, Last: true, Reports: []Batch{{Verified, label, 5, all}}}

	seen := ledgertest.Run[State, Facts](t, w, []c{
		{Name: "a week in which nothing may be told leaves no trace: it would say that there are reports", By: system, At: at, When: Publish{week(1), 1}, Refused: "refused release.nothing"},
		{Name: "four", By: system, At: at, Facts: four, When: Publish{week(1), 1}, Refused: "refused release.nothing"},
		{Name: "five", By: system, At: at, Facts: five, When: Publish{week(1), 1}, Then: events{told}},
		{Name: "what an earlier part told is not told again", By: system, At: at, Facts: five, Given: events{Published{Date: week(1), Part: 1, Reports: told.Reports}}, When: Publish{week(1), 2}, Then: events{Published{Date: week(1), Part: 2, Last: true}}},
		{Name: "the ledger alone", By: admin, At: at, When: Publish{week(1), 1}, Refused: "forbidden release.system_only"},
		{Name: "no day", By: system, At: at, When: Publish{"2026-02-30", 1}, Refused: "invalid input.date at date"},
		{Name: "tomorrow's", By: system, At: at, When: Publish{week(2), 1}, Refused: "refused release.early at date"},
		{Name: "twice", By: system, At: at, Given: events{told}, When: Publish{week(1), 2}, Refused: "refused release.done"},
		{Name: "a part is missing", By: system, At: at, When: Publish{week(1), 2}, Refused: "refused release.part at part"},
		{Name: "no part", By: system, At: at, When: Publish{week(1), 0}, Refused: "refused release.part at part"},
		{Name: "six days later", By: system, At: at, When: Publish{"2026-10-11", 1}, Refused: "refused release.too_soon at date"},
		{Name: "the same day, under another stream", By: system, At: at, When: Publish{week(0), 1}, Refused: "refused release.too_soon at date"},
	})
	ledgertest.Complete(t, seen)
}

// A release that takes several parts tells what it would in one, also while
// the read model shows nothing of it yet.
func TestParts(t *testing.T) {
	w := newWorld()
	for i := range 1500 {
		code := fmt.Sprintf("99%04d-x", i)
		w.staff[code] = 20
		w.file(week(0), times(5, with(base(), func(r *Report) { r.Issuer = code }))...)
		w.file(week(0), times(i%5, with(base(), func(r *Report) { r.Issuer, r.Asked = code, "700" }))...)
		a := silent()
		a.Handler = code
		w.settle(week(0), many(5+i%7, a)...)
	}
	reports := reportBatches(w.reports, nil, newPlaces(sized{w}), week(8))
	answers := answerBatches(w.answers, newPlaces(sized{w}), week(8))
	var gotReports []Batch
	var gotAnswers []AnswerBatch
	var s State
	for !s.Last && s.Parts < 20 {
		events, err := Publish{week(8), s.Parts + 1}.Decide(s, sized{w}, system, week(8).Time())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			e.Evolve(&s)
			gotReports = append(gotReports, e.(Published).Reports...)
			gotAnswers = append(gotAnswers, e.(Published).Answers...)
		}
	}
	for _, list := range [][]Batch{gotReports, reports} {
		slices.SortStableFunc(list, func(a, b Batch) int { return compareCells(a.Cell, b.Cell) })
	}
	if s.Parts < 5 || !s.Last || !reflect.DeepEqual(gotReports, reports) || !reflect.DeepEqual(gotAnswers, answers) {
		t.Errorf("%d batches of reports in %d parts, want %d; %d of answers, want %d", len(gotReports), s.Parts, len(reports), len(gotAnswers), len(answers))
	}
}

// A set that is too long for one batch makes several, each enough by itself.
func TestLongBatches(t *testing.T) {
	w := newWorld()
	r := base()
	for i := range 3 * maxMembers {
		r.Proof = Proof{fmt.Sprint("other ", i), "n"} // one each under as many keys
		w.file(week(0), r)
	}
	w.file(week(0), times(7, base())...)
	parts := w.release(t, week(0))
	if got := labels(parts); len(got) != 1 || !strings.HasSuffix(got[0], fmt.Sprint("×", maxMembers)) {
		t.Fatalf("%q", got)
	}
	k := 0
	for _, tag := range parts[0].Reports[0].Members.Tags() {
		for _, r := range w.reports[3*maxMembers:] {
			if r.Tag == tag {
				k++
			}
		}
	}
	if k != 7 {
		t.Errorf("%d of the seven are in the batch that rests on them", k)
	}
}

// Who has the claims key finds a complaint's tags again, nobody else; the two
// of one complaint do not meet.
func TestTags(t *testing.T) {
	mine, other := NewTags([32]byte{1}), NewTags([32]byte{2})
	seen := map[Tag]bool{}
	for _, id := range []string{"a", "b"} {
		for _, tag := range []Tag{mine.Report(id), mine.Answer(id), other.Report(id), other.Answer(id)} {
			if seen[tag] || tag == (Tag{}) {
				t.Errorf("%x stands for two", tag)
			}
			seen[tag] = true
		}
	}
	if mine.Report("a") != NewTags([32]byte{1}).Report("a") {
		t.Error("a tag is not found again")
	}
	if got := fmt.Sprintf("%x", mine.Report("a")); got != "25855f99c9598adc" {
		t.Errorf("the tag of a complaint changed to %s: what was released would be released again", got)
	}
	for _, m := range []Members{"!", "AAAA"} {
		if m.Tags() != nil {
			t.Errorf("%q was read", m)
		}
	}
}

func TestChange(t *testing.T) {
	for figures, want := range map[string]Change{
		"600 690": Plus10To20, "600 660": Plus10To20, "600 659.999999": Plus0To10, "600 719.999999": Plus10To20, "600 720": Plus20To50, "600 900": Plus50To100,
		"600 1200": Doubled, "600 1800": Tripled, "600 90000": Tripled, "600 600": Unchanged, "600 600.000000": Unchanged, "600 599": Minus0To10, "600 540": Minus10To20,
		"600 480": Minus20To50, "600 300": MinusHalf, "600 301": Minus20To50, "600 0": MinusHalf, "0 5": "", "600 -1": "", "-5 5": "", "1/7 1/1": "", "600 1/7": "",
		"x 5": "", "600 x": "", " 690": "", "9223372036854 9223372036854.775807": Plus0To10,
	} {
		came, asked, _ := strings.Cut(figures, " ")
		if got := changeOf(figureOf(came), figureOf(asked)); got != want {
			t.Errorf("%s is %q, want %q", figures, got, want)
		}
	}
}

// How many figures a change can hide is never counted too high.
func TestValues(t *testing.T) {
	for _, came := range []string{"1", "5", "10", "37", "600", "0.5", "12.25", "0.000003"} {
		for _, change := range Changes {
			_, decimals, _ := strings.Cut(came, ".")
			n := 0
			for i := 0; i <= 4000; i++ {
				text := fmt.Sprint(i)
				if d := len(decimals); d > 0 {
					text = fmt.Sprintf("%0*d", d+1, i)
					text = text[:len(text)-d] + "." + text[len(text)-d:]
				}
				if changeOf(figureOf(came), figureOf(text)) == change {
					n++
				}
			}
			got := values(change, figureOf(came))
			if change != Tripled && (got > n || got < n-2) {
				t.Errorf("%s of %s: %d figures, counted %d", change, came, n, got)
			}
		}
	}
}

func TestWaited(t *testing.T) {
	for _, c := range []struct {
		from, to ledger.Date
		days     int
		want     bool
	}{{"2026-10-05", "2026-10-12", 7, true}, {"2026-10-05", "2026-10-11", 7, false}, {"2026-10-05", "2026-10-05", 0, true}, {"", "2026-10-05", 0, false}, {"2026-10-06", "2026-10-05", 0, false}} {
		if waited(c.from, c.to, c.days) != c.want {
			t.Errorf("%+v", c)
		}
	}
}
