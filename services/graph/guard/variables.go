package guard

// Variables bounds what came beside the query: depth, number of values, and
// length of each text. The values are those of encoding/json.
func Variables(vars map[string]any, l Limits) error {
	used := Limits{}
	return measure(vars, 0, &used, l)
}

// measure stops as soon as a bound is passed, so it recurses no deeper than
// the depth allowed.
func measure(value any, depth int, used *Limits, l Limits) error {
	used.Values++
	used.Depth = max(used.Depth, depth)
	if text, ok := value.(string); ok {
		used.Text = max(used.Text, len(text))
	}
	if err := used.Within(l); err != nil {
		return err
	}
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			used.Name = max(used.Name, len(key))
			if err := measure(item, depth+1, used, l); err != nil {
				return err
			}
		}
	case []any:
		for _, item := range v {
			if err := measure(item, depth+1, used, l); err != nil {
				return err
			}
		}
	}
	return nil
}
