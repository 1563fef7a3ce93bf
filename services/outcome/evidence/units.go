package evidence

import "slices"

// Units are all units that the record names, each once, sorted: whoever was
// asked, asked, objected, insisted, acted or set something. Each may have to
// answer, or wants somebody else to.
func (r Record) Units() []string {
	units := []string{r.Executor, r.Origin, r.Lead}
	add := func(codes ...string) { units = append(units, codes...) }
	for _, s := range slices.Concat(r.Steps, r.Layers) {
		add(s.Unit, s.DirectedBy)
	}
	for _, d := range r.Demands {
		add(d.Unit)
	}
	for _, c := range r.Constraints {
		add(c.Author)
	}
	for _, o := range r.Objections {
		add(o.Unit, o.OwedBy, o.DecidedBy)
	}
	for _, s := range r.Stops {
		add(s.Unit, s.OwedBy, s.DecidedBy)
	}
	for _, a := range r.Acts {
		add(a.Unit)
	}
	for _, f := range r.Falsifications {
		add(f.Who, f.OrderedBy)
	}
	slices.Sort(units)
	units = slices.Compact(units)
	return slices.DeleteFunc(units, func(code string) bool { return code == "" })
}
