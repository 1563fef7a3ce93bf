package issuer

import "fmt"

// A Term is a county and a quarter: those who share one set of keys.
type Term struct {
	County  string // six digits, as in the tree of units
	Quarter string // 2026Q4
}

func (t Term) String() string { return t.County + "-" + t.Quarter }

// Check wants a county of six digits, never a town or a village: a set of keys
// for a few people would say who they are.
func (t Term) Check() error {
	if len(t.County) != 6 || !digits(t.County) || t.County[4:] == "00" {
		return badCounty()
	}
	q := t.Quarter
	if len(q) != 6 || !digits(q[:4]) || q[:2] != "20" || q[4] != 'Q' || q[5] < '1' || q[5] > '4' {
		return badQuarter()
	}
	return nil
}

func digits(text string) bool {
	for _, d := range text {
		if d < '0' || d > '9' {
			return false
		}
	}
	return true
}

func (t Term) keyFile(n int) string    { return fmt.Sprintf("%s-%d.pem", t, n) }
func (t Term) rosterFile(n int) string { return fmt.Sprintf("%s-%d%s", t, n, rosterEnd) }
