package report

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
)

// boxView is what a receipt opens, in words.
type boxView struct {
	Known    bool
	Title    string
	Says     string // what the state means
	Next     string // the day of the next cut
	Facts    []row
	May      []mayView
	Messages []messageView
	History  []messageView
	Changed  []changeView
	Mark     []row // what shows that the report is on record
	Readers  []string
	Above    []string
	Short    bool // the oldest is left out
}

type mayView struct{ Act, Until string }

type messageView struct{ Day, From, Text string }

type changeView struct{ Day, Text, Link string }

// look opens a box. A wrong receipt costs as much as a right one and gets a
// page as long; a mistyped one is told before anything is opened.
func (v *visit) look() {
	if v.unlock() {
		v.see()
	}
}

// unlock derives the receipt's keys, once for all that the request does with
// them.
func (v *visit) unlock() bool {
	v.At = "open"
	r, err := receipt.Parse(v.Value("receipt"))
	if err != nil {
		v.fault(fault{Field: "receipt", Text: ledger.AsError(err).Text.In(v.Lang)})
		return false
	}
	keys, err := v.t.service.Derive(v.ctx, r)
	if err != nil {
		v.unable(err)
		return false
	}
	v.keys = &keys
	v.Values["receipt"] = []string{r.Grouped()}
	return true
}

// lock clears the keys.
func (v *visit) lock() {
	if v.keys != nil {
		v.keys.Clear()
	}
}

// see shows the box of the keys.
func (v *visit) see() bool {
	box, err := v.t.service.Look(v.ctx, *v.keys)
	if err != nil {
		v.At = "open"
		v.unable(err)
		return false
	}
	if _, ok := letterOf(v.Value("letter")); !ok {
		if err := v.name(); err != nil {
			v.unable(err)
			return false
		}
	}
	v.At, v.Box = "box", v.view(box)
	return true
}

func (v *visit) unable(err error) {
	v.fault(v.faultOf(err))
	v.Status = ledger.AsError(err).Code.Status()
}

// tell sends something into the box and shows it again. It takes the same
// steps and ends in a page of the same status for a right receipt and a wrong
// one: what the form lacks is found before anything is opened, and what stands
// in the box's way is said in the page alone.
func (v *visit) tell(act string) {
	said, follow, lacks := v.letter(act)
	if !v.unlock() || !v.see() {
		return
	}
	if lacks != nil {
		if !v.Box.Known {
			lacks.Field = "" // it has none on this page
		}
		v.fault(*lacks)
		return
	}
	form, _ := letterOf(v.Value("letter"))
	err := v.t.service.Compose(v.ctx, intake.Draft{Keys: v.keys, FollowUp: true, Form: form, Facts: follow.Marshal(), Text: said})
	if err != nil && ledger.AsError(err).Code.Status() >= http.StatusInternalServerError {
		v.unable(err)
		return
	}
	if err == nil {
		v.Values = answers{"receipt": v.Values["receipt"]}
	}
	switch known := v.Box.Known; {
	case !v.see() || !known:
	case err == nil:
		v.Notice = v.say("box.sent")
	default:
		wrong := v.faultOf(err)
		if wrong.Field == "text" {
			wrong.Field = act
		}
		v.Faults = []fault{wrong}
	}
}

// name draws the name of the next letter. It travels with the form, so that
// the same form sent twice is one letter and the same words said twice are two.
func (v *visit) name() error {
	var drawn [16]byte
	if _, err := io.ReadFull(v.t.options.Random, drawn[:]); err != nil {
		return fmt.Errorf("draw: %w", err)
	}
	v.Values["letter"] = []string{hex.EncodeToString(drawn[:])}
	return nil
}

func letterOf(text string) (out [16]byte, ok bool) {
	raw, err := hex.DecodeString(text)
	return [16]byte(append(raw, out[:]...)), err == nil && len(raw) == len(out)
}

// letter is what an act says, or what it lacks.
func (v *visit) letter(act string) (string, claim.FollowUp, *fault) {
	follow := claim.FollowUp{V: claim.Version, Act: claim.Act(act)}
	said := v.Value(act)
	lacks := func(field, key string) (string, claim.FollowUp, *fault) {
		return "", follow, &fault{Field: field, Text: v.say(key)}
	}
	if n := utf8.RuneCountInString(said); n > envelope.MaxText {
		return "", follow, &fault{Field: act, Text: v.say("fault.text", "n", n)}
	}
	switch follow.Act {
	case claim.Reply, claim.Retaliation:
		if said == "" {
			return lacks(act, "fault.empty")
		}
	case claim.Rate:
		solved, satisfied := v.Value("solved"), v.Value("satisfied")
		if solved == "" {
			return lacks("solved", "fault.solved")
		}
		if satisfied == "" {
			return lacks("satisfied", "fault.satisfied")
		}
		yes, pleased := solved == "yes", satisfied == "yes"
		follow.Solved, follow.Satisfied = &yes, &pleased
	case claim.Withdraw:
		if v.Value("sure") != "yes" {
			return lacks("sure", "fault.sure")
		}
	}
	return said, follow, nil
}

// view says a box in words. The scripts say the same from the same words.
func (p *Page) view(b intake.Box) *boxView {
	out := &boxView{Known: b.Known, Next: p.Day(b.Cut)}
	switch {
	case !b.Known:
		out.Title, out.Says = p.say("box.nothing"), p.say("box.nothingSays")
		return out
	case b.Waiting && b.State == "":
		out.Title, out.Says = p.say("state.waiting"), p.say("state.waitingSays")
	default:
		out.Title, out.Says = p.known("state.", b.State), p.known("state.", b.State+"Says")
	}
	fact := func(key, value string) {
		if value != "" {
			out.Facts = append(out.Facts, row{p.say("box." + key), key, value})
		}
	}
	fact("filed", p.Day(b.Filed))
	fact("unit", p.unitName(b.Unit))
	switch c := b.Clock; {
	case c.Paused && c.Due != "":
		fact("clock", p.say("box.paused", "used", c.Used, "days", c.Days, "until", p.Day(c.Until), "due", p.Day(c.Due)))
	case c.Paused:
		fact("clock", p.say("box.pausedOnly", "used", c.Used, "days", c.Days))
	case c.Days > 0 && c.Due != "":
		fact("clock", p.say("box.running", "used", c.Used, "days", c.Days, "due", p.Day(c.Due)))
	case c.Days > 0:
		fact("clock", p.say("box.counted", "used", c.Used, "days", c.Days))
	}
	if b.Lane != "" {
		fact("lane", p.known("box.lane_", b.Lane))
	}
	if b.Pending > 0 {
		fact("pending", p.say("box.letters", "n", b.Pending))
	}
	for _, m := range b.May {
		out.May = append(out.May, mayView{m.Act, p.Day(m.Until)})
	}
	for _, m := range b.Messages {
		text := m.Text
		if m.Broken || text == "" {
			text = p.say("box.broken")
		}
		out.Messages = append(out.Messages, messageView{p.Day(m.Day), p.known("step.", event(m.What)), text})
	}
	for _, s := range b.History {
		text := p.known("word.", s.Word)
		if s.Unit != "" {
			text = strings.TrimSpace(p.unitName(s.Unit) + "　" + text)
		}
		out.History = append(out.History, messageView{p.Day(s.Day), p.known("step.", event(s.What)), text})
	}
	for _, c := range b.Changed {
		out.Changed = append(out.Changed, changeView{p.Day(c.Day), p.known("change.", c.What), c.ID})
	}
	if b.Ordinal > 0 {
		out.Mark = []row{{p.say("box.ordinal"), "ordinal", p.say("box.number", "n", b.Ordinal)}, {p.say("box.hash"), "hash", b.Hash}}
	}
	out.Readers, out.Above = p.names(b.Investigators), p.names(b.Above)
	if b.Unread {
		fact("unread", p.say("box.unreadSays"))
	}
	return out
}

// shorten leaves out the oldest of what there is most of, for a page that is
// too long; false where there is nothing left to leave out.
func (b *boxView) shorten() bool {
	b.Short = true
	switch {
	case len(b.History) > 20:
		b.History = b.History[len(b.History)/2:]
	case len(b.Changed) > 20:
		b.Changed = b.Changed[len(b.Changed)/2:]
	case len(b.Messages) > 1:
		b.Messages = b.Messages[1:]
	case len(b.History)+len(b.Changed) > 0:
		b.History, b.Changed = nil, nil
	default:
		return false
	}
	return true
}

// known says a word of the ledger, as it stands where there is no other.
func (p *Page) known(prefix, word string) string {
	if word == "" || !p.t.book.Has(prefix+word) {
		return word
	}
	return p.say(prefix + word)
}

func event(name string) string { return strings.TrimPrefix(name, "complaint.") }

// Act reports whether the reporter may do something now, and until when.
func (b *boxView) Act(name string) *mayView {
	for i := range b.May {
		if b.May[i].Act == name {
			return &b.May[i]
		}
	}
	return nil
}
