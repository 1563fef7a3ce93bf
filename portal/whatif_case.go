package portal

import "slices"

// build makes a case out of the form, as `suyuan liability` reads it. What is
// wrong with a field is said there.
func (v *whatIfPage) build() map[string]any {
	c := map[string]any{"kind": v.Kind}
	if v.Kind == "deadline" {
		c["kind"] = "quantity"
	}
	rows := v.named()
	var units []string
	for _, r := range rows {
		units = append(units, v.of("u", r).Typed)
	}
	c["units"] = units
	v.objections(c, rows)
	switch v.Kind {
	case "quantity", "deadline":
		v.quantity(c, rows)
	case "contradiction":
		c["constraints"] = v.amounts("v", rows, true)
	case "competing":
		v.competing(c, rows)
	case "conduct":
		v.conduct(c, rows)
	}
	return c
}

// of is a row's field.
func (v *whatIfPage) of(key string, r *whatIfRow) *whatIfField { return v.field(key + itoa(r.N)) }

// named are the rows that count. A row that was filled in needs a name, and no
// two have the same.
func (v *whatIfPage) named() (rows []*whatIfRow) {
	var names []string
	for _, r := range v.Rows {
		f := v.of("u", r)
		switch {
		case !r.Filled():
			continue
		case f.Typed == "":
			f.Fault = v.say("whatif.noName")
		case len([]rune(f.Typed)) > mostWhatIfText:
			f.Fault = v.say("whatif.longName", "n", mostWhatIfText)
		case slices.Contains(names, f.Typed):
			f.Fault = v.say("whatif.twice")
		}
		names = append(names, f.Typed)
		rows = append(rows, r)
	}
	if least := map[string]int{"quantity": 2, "deadline": 2}[v.Kind]; len(rows) < max(least, 1) {
		v.of("u", v.Rows[len(rows)]).Fault = v.say("whatif.fewUnits", "n", max(least, 1))
	}
	return rows
}

// other is the unit that a field chose by its row.
func (v *whatIfPage) other(f *whatIfField) string {
	if f.Typed == "" {
		return ""
	}
	name := v.field("u" + f.Typed).Typed
	if name == "" {
		f.Fault = v.say("whatif.noSuchUnit")
	}
	return name
}

// objections are who was overruled by whom, who obeyed what was clearly
// illegal, and who knew and said nothing.
func (v *whatIfPage) objections(c map[string]any, rows []*whatIfRow) {
	overruled, illegal, silent := map[string]string{}, []string{}, []string{}
	for i, r := range rows {
		unit := v.of("u", r).Typed
		if by := v.other(v.of("by", r)); by != "" && v.Kind != "conduct" {
			if i == len(rows)-1 && (v.Kind == "quantity" || v.Kind == "deadline") {
				c["executorOverruledBy"] = by
			}
			overruled[unit] = by
		}
		if v.of("il", r).Typed != "" {
			illegal = append(illegal, unit)
		}
		if v.of("si", r).Typed != "" {
			silent = append(silent, unit)
		}
	}
	if v.Kind != "conduct" {
		c["overruled"], c["illegalOrder"], c["silent"] = overruled, illegal, silent
	}
}

// amounts are the units' numbers, as text or, for counts, as numbers.
func (v *whatIfPage) amounts(key string, rows []*whatIfRow, count bool) map[string]any {
	out := map[string]any{}
	for _, r := range rows {
		f := v.of(key, r)
		if f.Typed == "" {
			continue
		}
		if count {
			out[v.of("u", r).Typed] = v.count(f)
			continue
		}
		out[v.of("u", r).Typed] = v.number(f)
	}
	return out
}

func (v *whatIfPage) count(f *whatIfField) int {
	n := 0
	for _, digit := range f.Typed {
		if digit < '0' || digit > '9' || n > 100_000 {
			f.Fault = v.say("whatif.noCount")
			return 0
		}
		n = 10*n + int(digit-'0')
	}
	return n
}

// required is a number that has to be there; a deadline's counts downwards.
func (v *whatIfPage) required(f *whatIfField) string {
	if f.Typed == "" {
		f.Fault = v.say("whatif.needed")
		return "0"
	}
	return v.downwards(v.number(f))
}

func (v *whatIfPage) downwards(number string) string {
	if v.Kind == "deadline" {
		return "-" + number
	}
	return number
}

func (v *whatIfPage) quantity(c map[string]any, rows []*whatIfRow) {
	var issued []string
	for _, r := range rows[:max(0, len(rows)-1)] {
		issued = append(issued, v.required(v.of("v", r)))
	}
	c["issued"] = issued
	c["verified"] = v.required(v.field("verified"))
	if f := v.field("capacity"); f.Typed != "" {
		c["capacity"] = v.downwards(v.number(f))
	}
	if len(rows) > 0 {
		c["approved"] = v.amounts("p", rows[:len(rows)-1], false)
	}
	for key, name := range map[string]string{"lambda": "coOwned", "a": "adequacy"} {
		if f := v.field(key); f.Typed != "" {
			c[name] = v.number(f)
		}
	}
	if owner := v.other(v.field("owner")); owner != "" {
		c["owner"] = owner
	}
	c["falsified"] = v.field("false").Typed != ""
}

func (v *whatIfPage) competing(c map[string]any, rows []*whatIfRow) {
	executor := v.field("executor")
	units := c["units"].([]string)
	switch {
	case executor.Typed == "":
		executor.Fault = v.say("whatif.noName")
	case len([]rune(executor.Typed)) > mostWhatIfText:
		executor.Fault = v.say("whatif.longName", "n", mostWhatIfText)
	case !slices.Contains(units, executor.Typed):
		c["units"] = append(units, executor.Typed)
	}
	c["executor"] = executor.Typed
	c["demands"] = v.amounts("v", rows, false)
	c["verified"] = v.required(v.field("verified"))
	if f := v.field("capacity"); f.Typed != "" {
		c["capacity"] = v.number(f)
	}
}

func (v *whatIfPage) conduct(c map[string]any, rows []*whatIfRow) {
	acts := map[string]any{}
	for _, r := range rows {
		act := map[string]any{"power": 3, "knew": v.of("knew", r).Typed != "", "effective": v.of("did", r).Typed != ""}
		if f := v.of("power", r); f.Typed != "" {
			act["power"] = v.count(f)
		}
		if v.of("group", r).Typed != "" {
			act["groupInsteadOfSite"] = true
		}
		if by := v.other(v.of("by", r)); by != "" {
			act["overruledBy"] = by
			act["illegalOrder"] = v.of("il", r).Typed != ""
		}
		acts[v.of("u", r).Typed] = act
	}
	c["conduct"] = acts
	if f := v.field("window"); f.Typed != "" {
		c["windowMinutes"] = v.count(f)
	}
}
