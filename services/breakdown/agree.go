package breakdown

import (
	"slices"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
)

// Agrees refuses what was said of an issuance that is on record otherwise: no
// command changes it, and passed over it would seem to be on record. on is
// empty for a new issuance. A document may differ: it is that of the
// amendments.
func (h Header) Agrees(on []*Record, mandates []string) error {
	for _, r := range on {
		for _, m := range mandates {
			if !slices.Contains(r.Mandates, m) {
				return differs(r.ID, "--mandate", m, strings.Join(r.Mandates, ", "))
			}
		}
		if len(h.Basis) > 0 && !slices.Equal(slices.Sorted(slices.Values(h.Basis)), slices.Sorted(slices.Values(r.Basis))) {
			return differs(r.ID, "--basis", strings.Join(h.Basis, ", "), strings.Join(r.Basis, ", "))
		}
		if h.Channel != "" && h.Channel != r.Channel {
			return differs(r.ID, "--channel", h.Channel, r.Channel)
		}
		if h.Sent != nil && !sameTime(h.Sent, r.Sent) {
			return differs(r.ID, "--sent", h.Sent.Format(time.RFC3339), moment(r.Sent))
		}
		if h.Origin && !r.Origin {
			return differs(r.ID, "--origin", "true", "false")
		}
	}
	return nil
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(ledger.Beijing).Format(time.RFC3339)
}

func differs(id, flag, said, onRecord string) error {
	none := onRecord == ""
	zh, en := onRecord, onRecord
	if none {
		zh, en = "（没有登记）", "nothing"
	}
	return ledger.Refuse("breakdown.header_differs", "%[1]s 写的是“%[2]s”，下达 %[3]s 账上登记的是“%[4]s”；这一项不能变更。请去掉 %[1]s，或另用编号下达，或撤回后重新下达。",
		"%[1]s says %[2]q, issuance %[3]s on record has %[5]q, and that is not amended. Leave %[1]s out, take another id, or withdraw it and make it anew.", flag, said, id, zh, en)
}

// unused refuses a document that nothing would be recorded with, and tells of
// a day that would be passed over.
func (p *planner) unused() error {
	if len(p.on) == 0 || slices.ContainsFunc(p.plan.Steps, func(s Step) bool { return s.Name == "issuance.amend_line" }) {
		return nil
	}
	if r := p.on[0]; p.h.Document != "" && p.h.Document != r.Document {
		return differs(r.ID, "--document", p.h.Document, r.Document)
	}
	if p.h.Effective != "" && len(p.plan.Steps) == 0 {
		p.plan.Notices = append(p.plan.Notices, say("没有要变更的行，--effective %s 没有用到。", "No line is amended, so --effective %s was not used.", string(p.h.Effective)))
	}
	return nil
}

// measures refuses a sheet with a measure that the record does not hand down.
func (p *planner) measures(r *Record) error {
	for i := range p.sheet.Columns {
		if m := p.sheet.opt.Measures[i]; !slices.Contains(r.Mandates, m.Mandate) {
			return differs(r.ID, "--mandate", m.Mandate, strings.Join(r.Mandates, ", "))
		}
	}
	return nil
}

// asOnRecord is the header with what the parts on record say.
func (h Header) asOnRecord(r *Record) Header {
	h.Issuer, h.Basis, h.Document, h.Sent, h.Origin = r.Issuer, r.Basis, r.Document, r.Sent, r.Origin
	if h.Channel = r.Channel; h.Channel == "document" {
		h.Channel = ""
	}
	return h
}

// checkKept refuses another amount kept, and another total, than the ones on
// record, and leaving out what is kept: no command changes those.
func (p *planner) checkKept() error {
	for _, r := range p.on {
		for _, a := range r.Retained {
			if i := p.column(a.Measure); i >= 0 && !p.sheet.keeps(i, a) {
				return ledger.Refuse("breakdown.kept_differs", "账上登记 %[1]s 本级自留 %[2]s（%[3]s），表中没有这一行或数目不同；自留不能单独变更。请补上这一行，或撤回 %[1]s 后重新下达。",
					"On record the issuer of %[1]s keeps %[2]s (%[3]s), and the sheet leaves that out or says another; it is not amended alone. Put the row 本级 back, or withdraw %[1]s and make it anew.", r.ID, a.Value, a.Measure)
			}
		}
	}
	if len(p.on) > 0 && p.sheet.Kept != nil && !p.keptOnRecord() {
		return ledger.Refuse("breakdown.kept_differs", "本级自留与账上登记的不同；自留不能单独变更，请撤回 %s 后重新下达。", "What the issuer keeps differs from what is on record; that is not amended alone. Withdraw %s and make it anew.", p.h.ID)
	}
	return p.checkStated()
}

func (p *planner) keptOnRecord() bool {
	for _, f := range p.sheet.Kept.Figures {
		id := p.sheet.opt.Measures[f.measure].ID()
		if !slices.ContainsFunc(p.on, func(r *Record) bool {
			return slices.ContainsFunc(r.Retained, func(a issuance.Amount) bool { return a.Measure == id })
		}) {
			return false
		}
	}
	return true
}

// keeps reports whether the sheet says that the issuer keeps an amount.
func (s *Sheet) keeps(measure int, a issuance.Amount) bool {
	return s.Kept != nil && slices.ContainsFunc(s.Kept.Figures, func(f figures) bool {
		return f.measure == measure && sameAmount(issuance.Amount{Value: f.value, Items: f.items}, issuance.Amount{Value: a.Value, Items: a.Items})
	})
}

// column is which of the sheet's measures has an id, -1 where it has no column.
func (p *planner) column(id string) int {
	for i := range p.sheet.Columns {
		if p.sheet.opt.Measures[i].ID() == id {
			return i
		}
	}
	return -1
}

// checkStated holds the totals both ways: a sheet that corrects a stated total
// is not the same as the record.
func (p *planner) checkStated() error {
	if len(p.on) == 0 {
		return nil
	}
	for i, m := range p.sheet.opt.Measures {
		total, has := p.sheet.Totals[i]
		_, odd := p.sheet.Stated[i]
		onRecord := ""
		for _, r := range p.on {
			for _, a := range r.Stated {
				if a.Measure == m.ID() {
					onRecord = a.Value
				}
			}
		}
		switch {
		case has && onRecord != "" && !sameValue(total.String(), onRecord):
			return ledger.Refuse("breakdown.stated_differs", "表中合计是 %[1]s，账上照原样登记的合计是 %[2]s；合计不能单独变更。请撤回 %[3]s 后重新下达，或删去表中的合计行。",
				"The sheet's total is %[1]s, on record it is stated as %[2]s, and a total is not amended alone. Withdraw %[3]s and make it anew, or delete the row of totals.", total.String(), onRecord, p.h.ID)
		case odd && onRecord == "":
			return ledger.Refuse("breakdown.stated_differs", "所写的合计与账上登记的不同；请改成各行之和，或撤回 %s 后重新下达。", "The stated total differs from what is on record; correct it to the sum of the rows, or withdraw %s and make it anew.", p.h.ID)
		}
	}
	return nil
}
