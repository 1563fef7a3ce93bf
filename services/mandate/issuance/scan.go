package issuance

import "suyuan/services/ledger"

// Scan reads the event as its JSON would be, where it says no more than most
// do: for approvals, parts and means it leaves the bytes to encoding/json.
func (e *Made) Scan(r *ledger.Reader) {
	for r.Object(); ; {
		name, more := r.Member()
		if !more {
			return
		}
		switch name {
		case "id":
			e.ID = r.Text()
		case "issuer":
			e.Issuer = r.Text()
		case "document":
			e.Document = r.Text()
		case "basis":
			r.Once(e.Basis == nil)
			e.Basis = r.Texts()
		case "origin":
			e.Origin = r.Bool()
		case "lines":
			r.Once(e.Lines == nil)
			e.Lines = scanLines(r)
		case "retained":
			r.Once(e.Retained == nil)
			e.Retained = scanAmounts(r)
		case "stated":
			r.Once(e.Stated == nil)
			e.Stated = scanAmounts(r)
		case "reserve":
			r.Once(e.Reserve == nil)
			e.Reserve = scanAmounts(r)
		case "channel":
			e.Channel = r.Text()
		case "source":
			e.Source = Source(r.Text())
		default:
			r.Fail()
		}
	}
}

func scanLines(r *ledger.Reader) []Line {
	lines := []Line{}
	for r.List(); r.Element(); {
		lines = append(lines, Line{})
		lines[len(lines)-1].scan(r)
	}
	return lines
}

func (l *Line) scan(r *ledger.Reader) {
	for r.Object(); ; {
		name, more := r.Member()
		if !more {
			return
		}
		switch name {
		case "to":
			l.To = r.Text()
		case "amounts":
			r.Once(l.Amounts == nil)
			l.Amounts = scanAmounts(r)
		case "directedBy":
			l.DirectedBy = r.Text()
		case "due":
			t := r.Time()
			l.Due = &t
		default:
			r.Fail()
		}
	}
}

func scanAmounts(r *ledger.Reader) []Amount {
	amounts := []Amount{}
	for r.List(); r.Element(); {
		amounts = append(amounts, Amount{})
		amounts[len(amounts)-1].scan(r)
	}
	return amounts
}

func (a *Amount) scan(r *ledger.Reader) {
	for r.Object(); ; {
		name, more := r.Member()
		if !more {
			return
		}
		switch name {
		case "measure":
			a.Measure = r.Text()
		case "value":
			a.Value = r.Text()
		case "base":
			a.Base = r.Text()
		case "items":
			r.Once(a.Items == nil)
			a.Items = r.Texts()
		default:
			r.Fail()
		}
	}
}
