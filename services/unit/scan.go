package unit

import "suyuan/services/ledger"

// Scan reads the event as its JSON would be: a nation has more of these than
// of all others.
func (e *Registered) Scan(r *ledger.Reader) {
	for r.Object(); ; {
		name, more := r.Member()
		if !more {
			return
		}
		switch name {
		case "code":
			e.Code = r.Text()
		case "name":
			e.Name = r.Text()
		case "kind":
			e.Kind = Kind(r.Text())
		case "line":
			e.Line = r.Text()
		case "parent":
			e.Parent = r.Text()
		case "people":
			e.People = r.Int()
		case "staff":
			e.Staff = r.Int()
		default:
			r.Fail()
		}
	}
}
