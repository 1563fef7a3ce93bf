package intake

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/view/docket"
)

// sent is one envelope of a crash test.
type sent struct {
	data []byte
	id   [32]byte
	from *sender
	kept bool // its sender was told that it is safe
}

// letters are one of each kind: open, verified by token and by card, garbage,
// with a picture, and a letter into a box that is there already.
func letters(t *testing.T, known *sender) (list []sent) {
	add := func(s *sender, data []byte) {
		e, err := envelope.Read(data)
		must(t, err)
		list = append(list, sent{data: data, id: e.ID, from: s})
	}
	a, b, c, d, e := newSender(101), newSender(102), newSender(103), newSender(104), newSender(105)
	add(a, a.report(t, 1))
	add(b, b.letter(t, envelope.Letter{Facts: facts(2), Token: keys().issuer.token(t, 102)}))
	add(c, c.letter(t, envelope.Letter{Facts: facts(3), Token: keys().issuer.cards[3].Bits()}))
	add(d, d.letter(t, envelope.Letter{Facts: []byte("{"), Narrative: envelope.Narrative{Text: "x"}}))
	add(e, e.letter(t, envelope.Letter{Facts: facts(5), Narrative: envelope.Narrative{Pictures: [][]byte{{0xff, 0xd8, 0xff, 0xd9}}}}))
	add(known, known.follow(t, claim.FollowUp{V: 1, Act: claim.Reply}, "one thing more"))
	return list
}

// Killed before or behind any one thing that submits and a cut do to files,
// nothing whose sender was told that it is safe is lost, and nothing is on
// record twice, neither as an event nor as a blob.
func TestKilledAtEveryStep(t *testing.T) {
	template := fresh(t)
	known := newSender(100)
	w := open(t, template, options{})
	must(t, w.accept(known.report(t, 0)))
	must(t, w.cut("2026-11-18", 1))
	w.close()
	all := letters(t, known)
	counted := &chaos{}
	run(t, copied(t, template), counted, slices.Clone(all))
	if counted.count < 25 {
		t.Fatalf("only %d steps: %v", counted.count, counted.steps)
	}
	t.Logf("%d steps: %v", counted.count, counted.steps)
	for at := 1; at <= counted.count; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d %s %v", at, counted.steps[at-1], after), func(t *testing.T) {
				t.Parallel()
				killed(t, copied(t, template), &chaos{at: at, after: after}, slices.Clone(all))
			})
		}
	}
}

// killed runs until it is killed, starts again, and looks what is there.
func killed(t *testing.T, dir string, c *chaos, all []sent) {
	run(t, dir, c, all)
	if !c.dead {
		t.Fatal("it lived")
	}
	w := open(t, dir, options{})
	defer w.close()
	for _, l := range all { // whoever was told that it is safe does not try again
		if !l.kept {
			must(t, w.accept(l.data))
		}
	}
	must(t, w.cut("2026-11-20", 3))
	whole(t, w, all)
	for _, l := range all { // or does, after all
		must(t, w.accept(l.data))
	}
	must(t, w.cut("2026-11-21", 4))
	whole(t, w, all)
}

// run submits and cuts until it is killed.
func run(t *testing.T, dir string, c *chaos, all []sent) {
	w := open(t, dir, options{chaos: c})
	defer w.close()
	if c.dead {
		return
	}
	for i, l := range all {
		if err := w.accept(l.data); err == nil {
			all[i].kept = true
		} else if !errors.Is(err, errKilled) && !c.dead {
			t.Fatal(err)
		}
	}
	_ = w.cut("2026-11-19", 2)
}

// whole checks that everything is there once.
func whole(t *testing.T, w *world, all []sent) {
	t.Helper()
	if n := w.spool.Len(); n != 0 {
		t.Errorf("%d still wait", n)
	}
	var blobs []string
	w.view.Docket(func(d *docket.Docket) {
		if d.Size() != 6 {
			t.Errorf("%d complaints", d.Size())
		}
		for i, l := range all {
			c, ok := d.Box(l.from.stored.Box)
			switch {
			case !ok:
				t.Errorf("letter %d is lost", i)
			case i == 5 && len(c.Letters) != 2:
				t.Errorf("the box has %d letters", len(c.Letters))
			case (i == 1 || i == 2) && c.State.Filed.Nullifier == "":
				t.Errorf("verified report %d is in the open lane", i)
			case ok && c.Readable == (i == 3):
				t.Errorf("report %d: readable %v", i, c.Readable)
			}
		}
		for c := range d.All() {
			for _, l := range c.Letters {
				blobs = append(blobs, l.Blob.ID)
			}
		}
	})
	ids := map[string]int{}
	for _, e := range w.all() {
		ids[e.Stream+" "+e.Type]++
	}
	for what, n := range ids {
		if n > 1 && what[:4] == "null" {
			t.Errorf("%s %d times", what, n)
		}
	}
	kept := blobIDs(t, w.dir)
	slices.Sort(blobs)
	if want := len(blobs) + 1; len(kept) != want { // and the decoy
		t.Errorf("%d blobs, named are %d", len(kept), want)
	}
	for _, id := range blobs {
		if !slices.Contains(kept, id) {
			t.Error("a blob is missing")
		}
	}
}
