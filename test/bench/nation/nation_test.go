package nation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// small writes one province of one city, one county, ten townships of ten
// villages, and another province of a single village.
func small(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var streets, villages strings.Builder
	for s := range 10 {
		street := fmt.Sprintf("990101%03d", s+1)
		fmt.Fprintf(&streets, "%s,虚构乡,990101\n", street)
		for v := range 10 {
			fmt.Fprintf(&villages, "%s%03d,虚构村,%s\n", street, v+1, street)
		}
	}
	for name, text := range map[string]string{
		"provinces": "code,name\n98,虚构省\n99,虚构省\n",
		"cities":    "code,name,provinceCode\n9801,虚构市,98\n9901,虚构市,99\n",
		"areas":     "code,name,cityCode\n980101,虚构县,9801\n990101,虚构县,9901\n",
		"streets":   "code,name,areaCode\n980101001,虚构乡,980101\n" + streets.String(),
		"villages":  "code,name,streetCode\n980101001001,虚构村,980101001\n" + villages.String(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func nationOf(t *testing.T, dir string, scale float64) *Nation {
	t.Helper()
	n, err := Read(dir, scale)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRead(t *testing.T) {
	dir := small(t)
	n := nationOf(t, dir, 1)
	if len(n.Units) != 1+2+2+2+11+101 || n.Units[n.Largest()].Code != "99" || len(n.Villages(0)) != 101 || len(n.Villages(n.At("99"))) != 100 {
		t.Errorf("%d units, the largest province is %s", len(n.Units), n.Units[n.Largest()].Code)
	}
	for i, u := range n.Units[1:] {
		if above := n.Units[u.Above]; !unit.Contains(above.Code, u.Code) || unit.LevelOf(above.Code) != unit.LevelOf(u.Code)-1 || n.Units[i].Code >= u.Code {
			t.Errorf("%s stands below %s and behind %s", u.Code, above.Code, n.Units[i].Code)
		}
	}
	half := nationOf(t, dir, 0.5)
	if towns, villages := len(half.Levels(0)[4]), len(half.Villages(0)); towns != 5 || villages != 50 {
		t.Errorf("half of 11 townships are %d, with %d villages", towns, villages)
	}
	for _, scale := range []float64{0, -1, 1.1} {
		if _, err := Read(dir, scale); err == nil {
			t.Errorf("scale %v was taken", scale)
		}
	}
	if _, err := Read(t.TempDir(), 1); err == nil || !strings.Contains(err.Error(), "make bench") {
		t.Errorf("no divisions: %v", err)
	}
}

// What is handed down follows from its words alone, and every unit hands down
// what it received or more, never a line less than nothing; where all bases are
// on record, they are what came in.
func TestHand(t *testing.T) {
	dir := small(t)
	one, two := nationOf(t, dir, 1), nationOf(t, dir, 1)
	raised, recorded, partly := 0, 0, 0
	for i, task := range one.Tasks(10) {
		again := two.Tasks(10)[i]
		for _, level := range one.Levels(task.Top) {
			for _, u := range level {
				if len(one.Units[u].Children) == 0 {
					continue
				}
				made := task.Hand(u)
				if same(t, again.Hand(u)) != same(t, made) {
					t.Fatalf("%s is not the same again", made.ID)
				}
				handed, bases, named := sums(t, made)
				received := big.NewRat(task.asked[u], 10)
				switch {
				case handed.Cmp(received) > 0:
					raised++
				case handed.Cmp(received) < 0:
					t.Errorf("%s hands down %s of %s", made.ID, handed.RatString(), received.RatString())
				}
				switch {
				case named == len(made.Lines):
					recorded++
					if bases.Cmp(received) != 0 {
						t.Errorf("%s: the bases are %s, %s came in", made.ID, bases.RatString(), received.RatString())
					}
				case named > 0:
					partly++
				}
			}
		}
	}
	if raised == 0 || recorded == 0 || partly == 0 {
		t.Errorf("%d raised, %d with all bases, %d with some: the same thing everywhere", raised, recorded, partly)
	}
}

func same(t *testing.T, made issuance.Make) string {
	t.Helper()
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func sums(t *testing.T, made issuance.Make) (handed, bases *big.Rat, named int) {
	t.Helper()
	handed, bases = new(big.Rat), new(big.Rat)
	add := func(sum *big.Rat, s string) {
		x, ok := new(big.Rat).SetString(s)
		if !ok || x.Sign() < 0 {
			t.Fatalf("%s: %q", made.ID, s)
		}
		sum.Add(sum, x)
	}
	for _, l := range made.Lines {
		add(handed, l.Amounts[0].Value)
		if l.Amounts[0].Base != "" {
			add(bases, l.Amounts[0].Base)
			named++
		}
	}
	return handed, bases, named
}

// A build that is interrupted leaves no ledger; one that was finished is kept
// until it is to be built again.
func TestEnsure(t *testing.T) {
	n := nationOf(t, small(t), 1)
	dir := Place(t.TempDir(), 1, 1)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := n.Ensure(ctx, dir, 1, 1, false, func(string, ...any) { cancel() }); err == nil {
		t.Fatal("it was finished all the same")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("an interrupted build is there: %v", err)
	}
	quiet := func(string, ...any) {}
	first, err := n.Ensure(t.Context(), dir, 1, 1, false, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if first.Assignments != len(n.Units)-1+112 || first.Tasks != 2 || first.Bytes < 1<<15 || first.Marks[1].To != first.Events || first.Events != uint64(len(n.Units)+2+first.Issuances) {
		t.Errorf("%+v", first)
	}
	kept, err := n.Ensure(t.Context(), dir, 1, 1, false, quiet)
	if err != nil || !kept.Built.Equal(first.Built) {
		t.Errorf("built again: %v, %v", kept.Built, err)
	}
	again, err := n.Ensure(t.Context(), dir, 1, 1, true, quiet)
	if err != nil || again.Built.Equal(first.Built) || again.Assignments != first.Assignments {
		t.Errorf("not built again: %+v, %v", again, err)
	}
	if Place("x", 1, 1) == Place("x", 1, 2) || Place("x", 1, 1) == Place("x", 0.5, 1) {
		t.Error("two ledgers in one place")
	}
}
