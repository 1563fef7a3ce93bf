package portal

import (
	"slices"
	"strconv"
	"strings"
)

// Fields whose names have parts, penalties.0.form and penalties.0.on, are one
// group: a member of the input with members of its own.

// Group is what the names of a group's members begin with, "" where the field
// stands alone.
func (x *field) Group() string { return x.Name[:max(0, strings.LastIndexByte(x.Name, '.'))] }

// untouched are the groups that nothing was filled in of. They are left out.
func untouched(fields []*field) map[string]bool {
	out := map[string]bool{}
	for _, x := range fields {
		g := x.Group()
		if g == "" {
			continue
		}
		if _, seen := out[g]; !seen {
			out[g] = true
		}
		if x.Kind != givenField && x.Value != "" {
			out[g] = false
		}
	}
	return out
}

// place sets a member of an input by its name.
func place(at map[string]any, name string, value any) {
	parts := strings.Split(name, ".")
	for _, part := range parts[:len(parts)-1] {
		next, ok := at[part].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[part] = next
		}
		at = next
	}
	at[parts[len(parts)-1]] = value
}

// listed makes lists of the maps whose keys are numbers, in their order.
func listed(in any) any {
	m, ok := in.(map[string]any)
	if !ok {
		return in
	}
	var numbers []int
	for key, value := range m {
		m[key] = listed(value)
		if n, err := strconv.Atoi(key); err == nil {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) == 0 || len(numbers) < len(m) {
		return m
	}
	slices.Sort(numbers)
	list := make([]any, len(numbers))
	for i, n := range numbers {
		list[i] = m[strconv.Itoa(n)]
	}
	return list
}

// found is the field that a fault lies at: penalties[0].on is penalties.0.on,
// where the groups that were left out do not count. One that names a whole
// group, or something within a field, is shown at the first field of it.
func found(fields []*field, at string) *field {
	at = strings.NewReplacer("[", ".", "]", "").Replace(at)
	at = counted(fields, at)
	for at != "" {
		for _, x := range fields {
			if x.Kind != givenField && (x.Name == at || strings.HasPrefix(x.Name, at+".")) {
				return x
			}
		}
		at = at[:max(0, strings.LastIndexByte(at, '.'))]
	}
	return nil
}

// counted puts the form's number of a group in place of its number in the
// input.
func counted(fields []*field, at string) string {
	parts := strings.SplitN(at, ".", 3)
	if len(parts) < 2 {
		return at
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return at
	}
	left, seen := untouched(fields), map[string]bool{}
	for _, x := range fields {
		g := x.Group()
		if !strings.HasPrefix(g, parts[0]+".") || left[g] || seen[g] {
			continue
		}
		if seen[g] = true; len(seen) == n+1 {
			return strings.Join(append([]string{g}, parts[2:]...), ".")
		}
	}
	return at
}
