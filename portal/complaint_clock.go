package portal

import "time"

// handlingClock is the clock of a round, in working days.
type handlingClock struct {
	Round           int
	Started         string
	Days            int
	Running, Paused bool
	PausedUntil     string
	Half, MostOf    string
	Due, ReturnBy   string
	Reminded        int
	Supervised      bool
	Escalations     int
}

// clockBar is a round's time as a bar of barWidth: how much of it is over,
// and where 50 and 80 percent lie.
type clockBar struct {
	Used, Half, Most int
	Over             bool
}

const barWidth = 600

// Bar draws the clock as of a day; nil where no dates are known.
func (c handlingClock) Bar(today string) *clockBar {
	from, err := time.Parse(time.DateOnly, c.Started)
	if err != nil {
		return nil
	}
	due, err := time.Parse(time.DateOnly, c.Due)
	if err != nil || !due.After(from) {
		return nil
	}
	at := func(day string) int {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return 0
		}
		x := barWidth * int(d.Sub(from).Hours()) / int(due.Sub(from).Hours())
		return max(0, min(barWidth, x))
	}
	return &clockBar{at(today), at(c.Half), at(c.MostOf), today > c.Due}
}
