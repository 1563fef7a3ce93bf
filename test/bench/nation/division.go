// Package nation makes the ledger that the benchmark asks: one invented task
// handed down every real division there is, and more of them down the largest
// province, through the desk like anybody else's. What it hands down follows
// from a seed, so that every run measures the same. It must never be taken
// for a record of anything: its tasks are labelled fictional.
package nation

import (
	"cmp"
	"fmt"
	"os"
	"slices"

	"suyuan/services/division"
	"suyuan/services/unit"
)

// Unit is one division. Above is its superior's place in Nation.Units, -1 for
// the centre.
type Unit struct {
	unit.Registered
	Above    int32
	Children []int32
}

// Nation is the centre and every division below it, in code order.
type Nation struct {
	Units  []Unit
	at     map[string]int32
	needed []int64 // what its villages could do, in tenths
}

// Read reads the divisions, keeping about the given part of the townships,
// with all above and below them.
func Read(dir string, scale float64) (*Nation, error) {
	if scale <= 0 || scale > 1 {
		return nil, fmt.Errorf("scale %v: give a number above 0, at most 1", scale)
	}
	levels, err := division.Read(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("read the divisions in %s: %w; 'make bench' fetches them", dir, err)
	}
	n := &Nation{at: map[string]int32{}}
	n.keep(levels, scale)
	n.relate()
	return n, nil
}

// keep takes every so many townships, their villages and what is above them.
func (n *Nation) keep(levels [][]unit.Registered, scale float64) {
	kept := map[string]bool{unit.CentralCode: true}
	for i, u := range levels[unit.Township] {
		if int(float64(i+1)*scale) > int(float64(i)*scale) {
			for _, digits := range []int{2, 4, 6, 9} {
				kept[u.Code[:digits]] = true
			}
		}
	}
	for _, level := range levels {
		for _, u := range level {
			if kept[u.Code[:min(len(u.Code), 9)]] {
				n.Units = append(n.Units, Unit{Registered: u, Above: -1})
			}
		}
	}
}

// relate puts the units in order and finds who stands below whom. Each
// village could do 20 to 319 mu; who is above it, what all its villages could.
func (n *Nation) relate() {
	slices.SortFunc(n.Units, func(a, b Unit) int { return cmp.Compare(a.Code, b.Code) })
	n.needed = make([]int64, len(n.Units))
	for i := range n.Units {
		n.at[n.Units[i].Code] = int32(i)
	}
	for i := range n.Units {
		if u := &n.Units[i]; u.Parent != "" {
			u.Above = n.at[u.Parent]
			n.Units[u.Above].Children = append(n.Units[u.Above].Children, int32(i))
		}
	}
	for i := len(n.Units) - 1; i > 0; i-- {
		if len(n.Units[i].Children) == 0 {
			n.needed[i] = 10 * int64(20+draw("village", n.Units[i].Code)%300)
		}
		n.needed[n.Units[i].Above] += n.needed[i]
	}
}

// At finds a unit by its code; it must be there.
func (n *Nation) At(code string) int32 { return n.at[code] }

// Levels lists the units under one of them, itself first, level by level.
func (n *Nation) Levels(top int32) [][]int32 {
	levels := [][]int32{{top}}
	for {
		var next []int32
		for _, i := range levels[len(levels)-1] {
			next = append(next, n.Units[i].Children...)
		}
		if len(next) == 0 {
			return levels
		}
		levels = append(levels, next)
	}
}

// Largest is the province with the most units below it.
func (n *Nation) Largest() int32 {
	best, most := int32(0), 0
	for _, p := range n.Units[0].Children {
		count := 0
		for _, level := range n.Levels(p) {
			count += len(level)
		}
		if count > most {
			best, most = p, count
		}
	}
	return best
}

// Villages lists the units at the lowest level under one of them, in code order.
func (n *Nation) Villages(top int32) []int32 {
	levels := n.Levels(top)
	return levels[len(levels)-1]
}
