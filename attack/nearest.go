package attack

import "strings"

// Nearest finds the technique that someone who wrote an unknown id most likely
// meant: the same digits in another spelling (T1059/1, T1059001), the parent
// of a sub-technique that does not exist, two neighbouring digits swapped, or
// the only active technique that differs in one character. It does not guess
// among several, and returns false for ids that exist.
func (ts *Tables) Nearest(id string) (Technique, bool) {
	t := ts.techniques()
	if _, ok := t.find(id); ok {
		return Technique{}, false
	}
	id = strings.ToUpper(strings.TrimSpace(id))
	if len(id) > 32 { // no id, and not worth the comparisons
		return Technique{}, false
	}
	spelled := respell(id)
	for _, guess := range []string{spelled, Parent(spelled)} {
		if i, ok := t.byID[guess]; ok {
			return t.all[i], true
		}
	}
	if spelled != "" {
		id = spelled
	}
	return t.closest(id)
}

// respell reads the digits of id, whatever stands between them, as four of a
// technique and up to three of a sub-technique. The result is empty when they
// are fewer or more.
func respell(id string) string {
	var digits []byte
	for i := range len(id) {
		switch c := id[i]; {
		case '0' <= c && c <= '9':
			digits = append(digits, c)
		case c == 'O' && i > 0:
			digits = append(digits, '0')
		case c == 'L' || c == 'I':
			digits = append(digits, '1')
		}
	}
	switch {
	case len(digits) == 4:
		return "T" + string(digits)
	case len(digits) > 4 && len(digits) <= 7:
		return "T" + string(digits[:4]) + "." + strings.Repeat("0", 7-len(digits)) + string(digits[4:])
	}
	return ""
}

// closest finds the one technique at a distance of one edit. Swapped digits
// are a likelier slip than a wrong one and are looked at first.
func (t *techniques) closest(id string) (Technique, bool) {
	for _, near := range []func(a, b string) bool{swapped, oneEdit} {
		found, n := 0, 0
		for i := range t.all {
			if t.all[i].Status == Active && near(id, t.all[i].ID) {
				found = i
				n++
			}
		}
		if n == 1 {
			return t.all[found], true
		}
		if n > 1 {
			break
		}
	}
	return Technique{}, false
}

// swapped reports whether b is a with two neighbouring bytes exchanged.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i+1 < len(a); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

// oneEdit reports whether b is a with one byte replaced, added or removed.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i < len(a) && a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
