package portal

import (
	"fmt"
	"strings"
	"time"

	"suyuan/services/figure"
	"suyuan/services/ledger"
)

// china is the zone every time is shown in.
var china = time.FixedZone("UTC+8", 8*60*60)

// Text is a text of the record in the page's language.
func (p *Page) Text(t ledger.Text) string {
	if p.Lang == "zh-CN" {
		return betweenHan.ReplaceAllString(t.Zh, "$1$2")
	}
	return t.In(p.Lang)
}

// Num shows an exact number: a decimal, or a fraction with its value.
func (p *Page) Num(s string) string {
	if n, ok := strings.CutSuffix(s, "+"); ok { // at least so many
		return figure.Parse(n).Text() + "+"
	}
	return figure.Parse(s).Text()
}

// Signed is Num with a sign.
func (p *Page) Signed(s string) string { return figure.Parse(s).SignedText() }

// Percent shows a ratio: +10%.
func (p *Page) Percent(s string) string { return figure.Parse(s).Percent() }

// Amount shows a value of a measure with its unit; a frequency as a rate.
func (p *Page) Amount(m measure, s string) (string, error) {
	return p.quantity(m, s, figure.Figure.Text)
}

func (p *Page) quantity(m measure, s string, text func(figure.Figure) string) (string, error) {
	f := figure.Parse(s)
	if f.Absent() {
		return "", nil
	}
	if m.Frequency() {
		if times, days, ok := f.Rate(); ok {
			switch {
			case days == "1":
				return p.T("rate.daily", "times", times)
			default:
				return p.T("rate.days", "times", times, "days", days)
			}
		}
	}
	if m.Unit == "" {
		return text(f), nil
	}
	return p.T("amount", "number", text(f), "unit", m.Unit)
}

// Change shows a signed step of a measure: of a frequency per 30 days; where
// less is harder, such as hours of notice, in words.
func (p *Page) Change(m measure, s string) (string, error) {
	return p.change(m, s, figure.Figure.SignedText, figure.Figure.Text)
}

func (p *Page) change(m measure, s string, signed, plain func(figure.Figure) string) (string, error) {
	f := figure.Parse(s)
	switch {
	case f.Absent():
		return "", nil
	case m.Frequency():
		return p.T("rate.change", "number", signed(f))
	case m.Harder == "LOWER" && f.Sign() != 0:
		amount, err := p.quantity(m, f.Abs().Rat().String(), plain)
		if err != nil {
			return "", err
		}
		if f.Sign() > 0 {
			return p.T("change.harder", "amount", amount)
		}
		return p.T("change.easier", "amount", amount)
	case m.Unit == "":
		return signed(f), nil
	}
	return p.T("amount", "number", signed(f), "unit", m.Unit)
}

// Day shows a date, 2022-08-09, or the day of an instant.
func (p *Page) Day(s string) (string, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		if t, err = time.Parse(time.RFC3339Nano, s); err != nil {
			return s, nil // as recorded
		}
		t = t.In(china)
	}
	return p.day(t)
}

func (p *Page) day(t time.Time) (string, error) {
	month := fmt.Sprint(int(t.Month()))
	if p.Lang == "en" {
		month = t.Month().String()
	}
	return p.T("date", "year", t.Year(), "month", month, "day", t.Day())
}

// Moment shows an instant to the minute, in China's time.
func (p *Page) Moment(s string) (string, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return s, nil // as recorded
	}
	t = t.In(china)
	day, err := p.day(t)
	return day + " " + t.Format("15:04"), err
}

// Names lists units.
func (p *Page) Names(units []unitRef) string {
	var out []string
	for _, u := range units {
		out = append(out, u.Name)
	}
	return strings.Join(out, p.say("list.comma"))
}

// Share is a number of basis points in per cent.
func (p *Page) Share(points int) string { return percent(points) }
