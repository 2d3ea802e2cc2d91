package normalize

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/detlint/detlint/rule"
)

// Implies reports whether every event that satisfies a also satisfies b. It
// is sound, not complete: false also means "not known". Values are folded, so
// the comparison is case-insensitive except for regular expressions.
func Implies(a, b Key) bool {
	if a == b {
		return true
	}
	if a.Field != b.Field {
		return impliesAcross(a, b)
	}
	switch b.Operator {
	case rule.Exists:
		return a.Operator != rule.Match
	case rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith:
		return impliesText(a, b)
	case rule.Wildcard:
		if pattern, ok := patternOf(a); ok {
			return covers(globbed(b.Value), pattern)
		}
	case rule.CIDR:
		return withinNetwork(a, b.Value)
	case rule.Gt, rule.Gte, rule.Lt, rule.Lte:
		return impliesOrder(a, b)
	}
	return false
}

// impliesAcross relates a path with its base name: a name is the end of a
// path, and a whole path or a longer end of it fixes the name.
func impliesAcross(a, b Key) bool {
	if hasExtension(b.Field) && a.Field == fileExtension {
		return Implies(suffixOf(a, b.Field), b)
	}
	if hasExtension(a.Field) && b.Field == fileExtension && b.Operator == rule.Eq {
		return Implies(a, suffixOf(b, a.Field))
	}
	if path := pathOf[a.Field]; path != "" && path == b.Field {
		switch {
		case b.Operator == rule.Exists:
			return true
		case a.Operator != rule.Eq && a.Operator != rule.EndsWith && a.Operator != rule.Contains && a.Operator != rule.StartsWith:
			return false
		}
		// A path ends in its name; only what stands after the separator is known.
		known := Key{path, a.Operator, a.Value}
		switch a.Operator {
		case rule.Eq:
			known.Operator = rule.EndsWith
			// Which separator stands before the name depends on the system.
			if sep := strings.TrimLeft(b.Value, `\/`); len(sep) == len(b.Value)-1 {
				known.Value = b.Value[:1] + a.Value
			}
		case rule.StartsWith:
			known.Operator = rule.Contains
		}
		return Implies(known, b)
	}
	if name := baseNames[a.Field]; name != "" && name == b.Field && (a.Operator == rule.Eq || a.Operator == rule.EndsWith) {
		if i := strings.LastIndexAny(a.Value, `\/`); i >= 0 {
			return Implies(Key{name, rule.Eq, a.Value[i+1:]}, b)
		}
	}
	return false
}

// hasExtension reports whether a field holds a file's name, whose end is its
// extension.
func hasExtension(field string) bool { return field == "file.path" || field == "file.name" }

// suffixOf says of another field what a whole extension says of it.
func suffixOf(extension Key, field string) Key {
	if extension.Operator != rule.Eq || extension.Value == "" {
		return Key{field, rule.Exists, ""}
	}
	return Key{field, rule.EndsWith, "." + extension.Value}
}

func impliesText(a, b Key) bool {
	switch b.Operator {
	case rule.Contains:
		switch a.Operator {
		case rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith:
			return strings.Contains(a.Value, b.Value)
		case rule.Wildcard:
			for _, piece := range literals(a.Value) {
				if strings.Contains(piece, b.Value) {
					return true
				}
			}
		}
	case rule.StartsWith:
		switch a.Operator {
		case rule.Eq, rule.StartsWith:
			return strings.HasPrefix(a.Value, b.Value)
		case rule.Wildcard:
			begin, of := b.Value, a.Value
			if strings.HasPrefix(begin, drive) && strings.HasPrefix(of, drive) && canonicalKinds()[a.Field] == "path" {
				// The same drive, whichever: no wildcard.
				begin, of = begin[len(drive):], of[len(drive):]
			}
			return strings.HasPrefix(literals(of)[0], begin)
		}
	case rule.EndsWith:
		switch a.Operator {
		case rule.Eq, rule.EndsWith:
			return strings.HasSuffix(a.Value, b.Value)
		case rule.Wildcard:
			pieces := literals(a.Value)
			return strings.HasSuffix(pieces[len(pieces)-1], b.Value)
		}
	}
	return false
}

// literals splits a glob in its canonical spelling at its wildcards. The
// result has at least one piece; pieces may be empty.
func literals(glob string) []string {
	var out []string
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case c == '\\' && i+1 < len(glob):
			i++
			b.WriteByte(glob[i])
		case c == '*' || c == '?':
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(out, b.String())
}

func withinNetwork(a Key, network string) bool {
	outer, err := netip.ParsePrefix(network)
	if err != nil {
		return false
	}
	switch a.Operator {
	case rule.Eq:
		addr, err := netip.ParseAddr(a.Value)
		return err == nil && outer.Contains(addr)
	case rule.CIDR:
		inner, err := netip.ParsePrefix(a.Value)
		return err == nil && inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())
	}
	return false
}

func impliesOrder(a, b Key) bool {
	x, errX := strconv.ParseFloat(a.Value, 64)
	y, errY := strconv.ParseFloat(b.Value, 64)
	if errX != nil || errY != nil {
		return false
	}
	switch a.Operator {
	case rule.Eq:
		return b.Operator == rule.Gt && x > y || b.Operator == rule.Gte && x >= y ||
			b.Operator == rule.Lt && x < y || b.Operator == rule.Lte && x <= y
	case rule.Gt:
		return (b.Operator == rule.Gt || b.Operator == rule.Gte) && x >= y
	case rule.Gte:
		return b.Operator == rule.Gte && x >= y || b.Operator == rule.Gt && x > y
	case rule.Lt:
		return (b.Operator == rule.Lt || b.Operator == rule.Lte) && x <= y
	case rule.Lte:
		return b.Operator == rule.Lte && x <= y || b.Operator == rule.Lt && x < y
	}
	return false
}

// Excludes reports whether no value satisfies both a and b, as far as that
// can be seen: two different whole values, a whole value and a part it does
// not have, two beginnings or two ends neither of which continues the other.
// Where a field may hold several values, or where a value stands for others,
// nothing can be seen.
func Excludes(a, b Key) bool {
	// A pattern begins and ends with what stands around its wildcards.
	if a.Operator == rule.Wildcard {
		a, b = b, a
	}
	if b.Operator == rule.Wildcard {
		beginning, end := ends(b)
		return beginning.Value != "" && Excludes(a, beginning) || end.Value != "" && Excludes(a, end)
	}
	if any := strings.HasPrefix(a.Value, drive); any != strings.HasPrefix(b.Value, drive) && a.Field == b.Field &&
		isAnchored(a.Operator) && isAnchored(b.Operator) && canonicalKinds()[a.Field] == "path" {
		// A path on a certain drive is one on any.
		a.Value, b.Value = anyDrive(a.Value), anyDrive(b.Value)
	}
	if unclear(a) || unclear(b) || strings.HasPrefix(a.Value, drive) != strings.HasPrefix(b.Value, drive) &&
		(strings.Contains(a.Value, ":") && strings.Contains(b.Value, ":")) {
		return false
	}
	switch {
	case hasExtension(a.Field) && b.Field == fileExtension && b.Operator == rule.Eq:
		b = suffixOf(b, a.Field)
	case hasExtension(b.Field) && a.Field == fileExtension && a.Operator == rule.Eq:
		a = suffixOf(a, b.Field)
	}
	if a.Field != b.Field {
		name, path := b, a
		if pathOf[name.Field] != path.Field {
			name, path = a, b
		}
		if pathOf[name.Field] != path.Field || name.Operator != rule.Eq {
			return false
		}
		// The end of a path fixes its name.
		if path.Operator == rule.Eq || path.Operator == rule.EndsWith {
			if i := strings.LastIndexAny(path.Value, `\/`); i >= 0 {
				return path.Value[i+1:] != name.Value
			}
		}
		return false
	}
	if b.Operator == rule.Eq && a.Operator != rule.Eq {
		a, b = b, a
	}
	if !isText(a.Operator) || !isText(b.Operator) {
		return apart(a, b)
	}
	switch {
	case a.Operator == rule.Eq && b.Operator == rule.Eq:
		return a.Value != b.Value && !sameNumber(a.Value, b.Value) && !sameAddress(a.Value, b.Value)
	case a.Operator == rule.Eq:
		// An IPv6 address has many spellings.
		return !Implies(a, b) && !(strings.Contains(a.Value, ":") && sameAddress(a.Value, a.Value))
	case a.Operator == rule.StartsWith && b.Operator == rule.StartsWith:
		return !strings.HasPrefix(a.Value, b.Value) && !strings.HasPrefix(b.Value, a.Value)
	case a.Operator == rule.EndsWith && b.Operator == rule.EndsWith:
		return !strings.HasSuffix(a.Value, b.Value) && !strings.HasSuffix(b.Value, a.Value)
	}
	return false
}

// ends are what a pattern begins and ends with, empty where that is a wildcard or
// not certain.
func ends(pattern Key) (beginning, end Key) {
	v, before := pattern.Value, ""
	if canonicalKinds()[pattern.Field] == "path" && strings.HasPrefix(v, drive+`\\`) {
		v, before = v[len(drive):], drive // whichever drive, and no wildcard
	}
	pieces := literals(v)
	first, last := before+pieces[0], pieces[len(pieces)-1]
	if len(pieces) == 1 {
		return Key{}, Key{}
	}
	if strings.HasPrefix(first, `\device\`) {
		first = "" // the same place has a drive letter, too
	}
	return Key{pattern.Field, rule.StartsWith, first}, Key{pattern.Field, rule.EndsWith, last}
}

func isAnchored(op rule.Operator) bool { return op == rule.Eq || op == rule.StartsWith }

// sameNumber reports whether two texts are one number, which an engine that
// stores the field as a number takes for the same: 08 and 8, 1 and 0x1, 4 and
// 4.0.
func sameNumber(a, b string) bool {
	x, ok := number(a)
	if !ok {
		return false
	}
	y, ok := number(b)
	return ok && x == y
}

func number(s string) (float64, bool) {
	if s == "" || strings.IndexByte("+-.0123456789", s[0]) < 0 {
		return 0, false
	}
	if digits, ok := strings.CutPrefix(s, "0x"); ok {
		n, err := strconv.ParseUint(digits, 16, 64)
		return float64(n), err == nil
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

// sameAddress reports whether two texts are one address: ::1 and 0:0:0:0:0:0:0:1.
func sameAddress(a, b string) bool {
	if !strings.Contains(a, ":") && !strings.Contains(b, ":") {
		return false // there is one spelling of IPv4
	}
	x, errX := netip.ParseAddr(a)
	y, errY := netip.ParseAddr(b)
	return errX == nil && errY == nil && x.Unmap() == y.Unmap()
}

// unclear reports whether a comparison does not tell which value its field has:
// the field holds several (hashes), the value is filled in by a pipeline, or it
// is under a hive that another one includes.
func unclear(k Key) bool {
	if k.Field == "*" || canonicalKinds()[k.Field] == "hash" {
		return true
	}
	if len(k.Value) > 1 && k.Value[0] == '%' && k.Value[len(k.Value)-1] == '%' {
		return true
	}
	for _, hive := range []string{`hkcu\`, `hku\`, `hkcr\`} {
		if strings.HasPrefix(k.Value, hive) {
			return true
		}
	}
	return false
}

func isText(op rule.Operator) bool {
	return op == rule.Eq || op == rule.Contains || op == rule.StartsWith || op == rule.EndsWith
}

// Precludes reports whether the rule can never fire on an event that
// satisfies k: because the rule excludes it, or something wider, already, or
// because it asks for something else.
func (r *Rule) Precludes(k Key) bool {
	row := Row(k)
	return r.holds(func(p *Predicate) bool {
		if p.Negated {
			return Implies(k, p.Key) || row == Row(p.Key)
		}
		return Excludes(p.Key, k)
	})
}

// Requires reports whether the rule fires only on events that satisfy k:
// excluding k would silence it.
func (r *Rule) Requires(k Key) bool {
	row := Row(k)
	return r.holds(func(p *Predicate) bool { return !p.Negated && (Implies(p.Key, k) || Row(p.Key) == row) })
}

// holds reports whether something is true of the whole rule that one conjunct
// is enough for, and that all alternatives must share.
func (r *Rule) holds(of func(*Predicate) bool) bool {
	return r.root != nil && r.holdsFor(r.root, of, map[*Node]bool{})
}

func (r *Rule) holdsFor(n *Node, of func(*Predicate) bool, done map[*Node]bool) bool {
	if known, ok := done[n]; ok {
		return known
	}
	result := false
	switch n.Kind {
	case LeafNode:
		p := &r.Predicates[n.Predicate]
		return !p.Derived && !p.encoded && of(p)
	case AndNode:
		for _, child := range n.Children {
			result = result || r.holdsFor(child, of, done)
		}
	case OrNode:
		result = len(n.Children) > 0
		for _, child := range n.Children {
			result = result && r.holdsFor(child, of, done)
		}
	}
	done[n] = result
	return result
}
