package breakdown

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
)

// Header is what an issuance says besides its lines.
type Header struct {
	ID              string
	Issuer          string
	Document        string
	Basis           []string
	Origin          bool
	Channel         string
	Sent            *time.Time
	Effective       ledger.Date
	Reason          string // of amendments
	WithdrawMissing bool   // receivers on record that the sheet leaves out are taken back
}

// Step is one command of a plan.
type Step struct {
	Name  string // issuance.make, issuance.amend_line
	Key   string // idempotency key: of this change to what is on record now
	Input []byte
	Rows  []int // the sheet's row of each line, 0 where it has none
}

// Plan is what has to be done so that the record says what the sheet says.
type Plan struct {
	Steps                           []Step
	Same, Changed, Added, Withdrawn int           // lines
	Notices                         []ledger.Text // what a person should know
	Parts                           int           // of a sheet that is too long for one issuance, else 0
}

// The most that one issuance takes: an event has at most 512 KiB.
const maxPartBytes = 420 << 10

// PartID names part k of a sheet that is too long for one issuance.
func PartID(of string, k int) string { return fmt.Sprintf("%s-p%d", of, k) }

// Plan compares the sheet's lines with what is on record: nothing, one
// issuance, or such parts of a sheet as are in.
func (s *Sheet) Plan(h Header, lines []Line, on []*Record) (*Plan, error) {
	p := &planner{sheet: s, h: h, plan: &Plan{}, on: on}
	if err := p.check(); err != nil {
		return nil, err
	}
	if len(on) == 0 {
		chunks := p.chunks(lines)
		p.plan.Added = len(lines)
		if len(chunks) == 1 {
			return p.plan, p.make(h.ID, chunks[0], nil, true)
		}
		p.plan.Parts = len(chunks)
		for k, chunk := range chunks {
			if err := p.make(PartID(h.ID, k+1), chunk, &issuance.Part{Of: h.ID, K: k + 1, N: len(chunks)}, k == 0); err != nil {
				return nil, err
			}
		}
		return p.plan, nil
	}
	if err := p.change(lines); err != nil {
		return nil, err
	}
	return p.plan, p.unused()
}

// Begins refuses a new issuance of which nobody said who hands down what.
func (h Header) Begins(mandates []string) error {
	if h.Issuer != "" && len(mandates) > 0 {
		return nil
	}
	return ledger.Errorf(ledger.Invalid, "breakdown.new", "账上没有下达 %s；新登记请写明 --issuer 和 --mandate。", "There is no issuance %s on record; to make it name --issuer and --mandate.", h.ID)
}

type planner struct {
	sheet *Sheet
	h     Header
	on    []*Record
	plan  *Plan
}

// check holds the header against the record.
func (p *planner) check() error {
	for _, r := range p.on {
		switch {
		case r.Withdrawn:
			return ledger.Refuse("issuance.withdrawn_already", "下达 %s 已经撤回，不能再变更；请换一个编号。", "Issuance %s was withdrawn and takes no more changes; take another id.", r.ID)
		case p.h.Issuer != "" && p.h.Issuer != r.Issuer:
			return ledger.Refuse("breakdown.other_issuer", "账上的下达 %[1]s 由 %[2]s 下达，不是 %[3]s；请核对编号。", "Issuance %[1]s on record is by %[2]s, not by %[3]s; check the id.", r.ID, r.Issuer, p.h.Issuer)
		}
		if err := p.measures(r); err != nil {
			return err
		}
	}
	return p.checkKept()
}

func (p *planner) keptAndStated(first bool) (kept, stated []issuance.Amount) {
	if !first {
		return nil, nil
	}
	if p.sheet.Kept != nil {
		for _, f := range p.sheet.Kept.Figures {
			kept = append(kept, issuance.Amount{Measure: p.sheet.opt.Measures[f.measure].ID(), Value: f.value})
		}
	}
	for i, m := range p.sheet.opt.Measures {
		if s, ok := p.sheet.Stated[i]; ok {
			stated = append(stated, issuance.Amount{Measure: m.ID(), Value: s.Value.String()})
		}
	}
	return kept, stated
}

// chunks are the lines of one issuance each.
func (p *planner) chunks(lines []Line) (chunks [][]Line) {
	size, from := 0, 0
	for i, l := range lines {
		data, err := json.Marshal(l.Line)
		n := len(data) + 1
		if err != nil || i-from >= issuance.MaxLines || size+n > maxPartBytes {
			chunks = append(chunks, lines[from:i])
			from, size = i, 0
		}
		size += n
	}
	return append(chunks, lines[from:])
}

func (p *planner) make(id string, lines []Line, part *issuance.Part, first bool) error {
	kept, stated := p.keptAndStated(first)
	if len(stated) > 0 && (part != nil || len(kept) > 0) {
		return ledger.Refuse("breakdown.stated_in_parts", "分部分登记或有本级自留的表，不能照原样登记与各行之和不同的合计；请改正合计。",
			"A sheet in parts, or one that keeps something, cannot record a total that is not the sum of its rows; correct the total.")
	}
	c := issuance.Make{
		ID: id, Issuer: p.h.Issuer, Document: p.h.Document, Basis: p.h.Basis, Origin: p.h.Origin, Channel: p.h.Channel, Sent: p.h.Sent,
		Effective: p.h.Effective, Retained: kept, Stated: stated, Part: part,
	}
	step := Step{Name: "issuance.make"}
	for _, l := range lines {
		c.Lines = append(c.Lines, l.Line)
		step.Rows = append(step.Rows, l.At)
	}
	return p.add(step, c, "")
}

func (p *planner) amend(on *Record, l issuance.Line, row int) error {
	c := issuance.AmendLine{ID: on.ID, Line: l, Document: p.h.Document, Reason: p.h.Reason, Effective: p.h.Effective}
	if c.Line.Amounts == nil {
		c.Line.Amounts = []issuance.Amount{}
	}
	return p.add(Step{Name: "issuance.amend_line", Rows: []int{row}}, c, on.Last)
}

// add puts a command into the plan. Its key holds where the record stood: sent
// again after a broken connection it is the same command, while the same
// change made later anew is another.
func (p *planner) add(s Step, command any, at string) error {
	var err error
	if s.Input, err = json.Marshal(command); err != nil {
		return err
	}
	sum := sha256.Sum256(append([]byte(s.Name+"\x00"+at+"\x00"), s.Input...))
	s.Key = "breakdown/" + hex.EncodeToString(sum[:16])
	p.plan.Steps = append(p.plan.Steps, s)
	return nil
}

// missing lists receivers on record that the sheet leaves out.
func (p *planner) missing(lines []Line) error {
	in := map[string]bool{}
	for _, l := range lines {
		in[l.To] = true
	}
	var gone []string
	for _, r := range p.on {
		for _, l := range r.Lines {
			if in[l.To] {
				continue
			}
			if gone = append(gone, seen(r.Names[l.To])+" "+l.To); p.h.WithdrawMissing {
				if err := p.amend(r, issuance.Line{To: l.To}, 0); err != nil {
					return err
				}
				p.plan.Withdrawn++
			}
		}
	}
	if len(gone) == 0 || p.h.WithdrawMissing {
		return nil
	}
	n := len(gone)
	if n > maxTold {
		gone = append(gone[:maxTold], "…")
	}
	return ledger.Refuse("breakdown.missing", "账上有、表中没有的接收单位 %[1]d 个：%[2]s；请补上，或用 --withdraw-missing 收回给它们的任务。没有写入任何内容。",
		"%[1]d receivers on record are not in the sheet: %[2]s. Put them back, or take their lines back with --withdraw-missing. Nothing was written.", n, strings.Join(gone, ", "))
}
