package chart

// Text is measured in tenths of an em: a Chinese character is 10, a Latin
// letter or a digit about 6. Good enough to keep neighbours apart.
func measure(s string) int {
	n := 0
	for _, r := range s {
		n += advance(r)
	}
	return n
}

func advance(r rune) int {
	switch {
	case r >= 0x2E80:
		return 10
	case r == ' ' || r == '.' || r == ',':
		return 3
	case r >= 'A' && r <= 'Z':
		return 7
	}
	return 6
}

// pixels is how wide s is at a font size.
func pixels(s string, size int) int { return measure(s) * size / 10 }

// cut shortens s to a width, with an ellipsis where something is left out.
func cut(s string, width, size int) string {
	if pixels(s, size) <= width {
		return s
	}
	room := width*10/size - 10
	n := 0
	for i, r := range s {
		if n += advance(r); n > room {
			return s[:i] + "…"
		}
	}
	return s
}

// wrap breaks s into at most lines of a width, the last one cut.
func wrap(s string, width, size, lines int) []string {
	var out []string
	for len(out) < lines-1 && pixels(s, size) > width {
		n, end, space := 0, 0, 0
		for i, r := range s {
			if n += advance(r) * size; n > width*10 {
				break
			}
			if r == ' ' {
				space = i
			}
			end = i + len(string(r))
		}
		if space > 0 && end < len(s) {
			end = space + 1
		}
		if end == 0 {
			break
		}
		out = append(out, s[:end])
		s = s[end:]
	}
	return append(out, cut(s, width, size))
}
