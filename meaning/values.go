package meaning

import (
	"iter"
	"net/netip"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// filler is text that no rule looks for.
const filler = "qzx"

// wanted are the comparisons that a value must satisfy, and those it must not.
type wanted struct{ yes, no []*normalize.Exact }

// maxCandidates bounds how many values are tried.
const maxCandidates = 200

// candidates yields values that may fit. Whether one does is for the caller to
// see: the candidates only have to contain one that does in most cases.
func (w *wanted) candidates(root string) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		w.generate(root, func(s string) bool {
			if seen[s] {
				return true
			}
			seen[s] = true
			return yield(s) && len(seen) < maxCandidates
		})
	}
}

// each finds one value after the other for a field that has several at once: of
// each comparison that none satisfies yet, the first that does and that nothing
// speaks against.
func (w *wanted) each(root string) (values string, ok bool) {
	var all []string
	for _, e := range w.yes {
		matches := e.Matcher()
		if len(all) > 0 && matches(normalize.Values{root: normalize.Several(all...)}) == normalize.True {
			continue
		}
		value, ok := (&wanted{yes: []*normalize.Exact{e}, no: w.no}).first(root)
		if !ok {
			return "", false
		}
		all = append(all, value)
	}
	return normalize.Several(all...), true
}

// first is the first candidate that satisfies everything.
func (w *wanted) first(root string) (value string, ok bool) {
	for candidate := range w.candidates(root) {
		values := normalize.Values{root: candidate}
		is := func(t normalize.Truth) func(*normalize.Exact) bool {
			return func(e *normalize.Exact) bool { return e.Matches(values) != t }
		}
		if !normalize.IsSeveral(candidate) && !slices.ContainsFunc(w.yes, is(normalize.True)) && !slices.ContainsFunc(w.no, is(normalize.False)) {
			return candidate, true
		}
	}
	return "", false
}

func (w *wanted) generate(root string, yield func(string) bool) {
	var whole, names, extensions []*normalize.Exact
	for _, e := range w.yes {
		switch {
		case e.Field == root:
			whole = append(whole, e)
		case e.Field == "file.extension":
			extensions = append(extensions, e)
		default:
			names = append(names, e)
		}
	}
	path := len(names)+len(extensions) > 0 || isPath(root)
	if !path {
		texts(whole, yield)
		return
	}
	// The last component first, then what it stands in.
	for name := range lastComponents(names, extensions) {
		on := true
		texts(whole, func(s string) bool {
			for _, candidate := range within(s, name, len(names)+len(extensions) > 0) {
				if on = on && yield(candidate); !on {
					break
				}
			}
			return on
		})
		if !on {
			return
		}
	}
}

// isPath reports whether another field is the last component of the field.
func isPath(field string) bool { return normalize.IsPath(field) }

// within makes paths of a value for the whole and of its last component.
func within(whole, name string, fixed bool) []string {
	out := []string{whole}
	if !strings.ContainsAny(whole, `\/`) {
		out = append(out, `c:\`+filler+`\`+whole)
	}
	if fixed {
		folder := strings.TrimRight(whole, `\/`)
		sep := `\`
		if strings.Contains(whole, "/") && !strings.Contains(whole, `\`) {
			sep = "/"
		}
		return append([]string{`c:\` + filler + `\` + name, folder + sep + name, `c:\` + filler + `\` + folder + sep + name, whole + name, "/" + folder + "/" + name}, out...)
	}
	return append(out, strings.TrimRight(whole, `\/`)+`\`+filler)
}

// lastComponents yields names that may fit.
func lastComponents(names, extensions []*normalize.Exact) iter.Seq[string] {
	return func(yield func(string) bool) {
		on := true
		texts(names, func(name string) bool {
			if len(extensions) == 0 {
				on = yield(name)
				return on
			}
			texts(extensions, func(extension string) bool {
				if strings.HasSuffix(name, "."+extension) {
					on = yield(name)
				} else {
					on = yield(name + "." + extension)
				}
				return on
			})
			return on
		})
	}
}

// texts yields values for comparisons of one text.
func texts(all []*normalize.Exact, yield func(string) bool) {
	var prefix, suffix string
	var parts, starts []string
	for _, e := range all {
		for _, s := range starting(e) {
			if !yield(s) {
				return
			}
			starts = append(starts, s)
		}
		switch e.Operator {
		case rule.StartsWith:
			if v := onDrive(e.Value); len(v) > len(prefix) {
				prefix = v
			}
		case rule.EndsWith:
			if len(e.Value) > len(suffix) {
				suffix = e.Value
			}
		case rule.Contains:
			parts = append(parts, e.Value)
		}
	}
	if len(all) == 0 && !(yield(filler) && yield(`c:\`+filler+`\`+filler+"."+filler)) {
		return
	}
	// A part within another one needs no place of its own.
	slices.SortStableFunc(parts, func(a, b string) int { return len(b) - len(a) })
	kept := parts[:0:0]
	for _, p := range parts {
		if !slices.ContainsFunc(kept, func(k string) bool { return strings.Contains(k, p) }) {
			kept = append(kept, p)
		}
	}
	reversed := slices.Clone(kept)
	slices.Reverse(reversed)
	for _, order := range [][]string{kept, reversed} {
		for _, sep := range []string{filler, " ", "", " " + filler + " ", `\` + filler + `\`, "/"} {
			pieces := slices.DeleteFunc(slices.Concat([]string{prefix}, order, []string{suffix}), func(s string) bool { return s == "" })
			text := strings.Join(pieces, sep)
			before, after := filler, filler
			if prefix != "" {
				before = ""
			}
			if suffix != "" {
				after = ""
			}
			for _, s := range []string{before + text + after, text, before + sep + text + sep + after, text + after, before + text, slashed(before + text + after)} {
				if !yield(s) {
					return
				}
			}
		}
	}
	// Globs and expressions leave room for the other parts.
	for _, s := range starts {
		for _, p := range kept {
			if !yield(s+p) || !yield(p+s) {
				return
			}
		}
		if !yield(prefix+s) || !yield(s+suffix) || !yield(prefix+s+suffix) {
			return
		}
	}
	for _, e := range all {
		if e.Operator == rule.Wildcard {
			for _, fill := range []string{prefix + strings.Join(kept, filler) + suffix, strings.Join(kept, " "), strings.Join(kept, "") + filler} {
				if !yield(instance(onDrive(e.Value), fill)) {
					return
				}
			}
		}
	}
}

// starting are values that satisfy one comparison, where it says much of them.
func starting(e *normalize.Exact) []string {
	switch e.Operator {
	case rule.Eq:
		v := onDrive(e.Value)
		return []string{v, "q" + strings.TrimPrefix(v, "c"), slashed(v)}
	case rule.Wildcard:
		v := onDrive(e.Value)
		return []string{instance(v, filler), instance(v, ""), instance(v, `\`+filler+`\`), instance(v, " "), instance(v, "1")}
	case rule.CIDR:
		return addresses(e.Value)
	case rule.Gt, rule.Gte, rule.Lt, rule.Lte:
		n, err := strconv.ParseFloat(e.Value, 64)
		if err != nil {
			return nil
		}
		var out []string
		for _, d := range []float64{0, 1, -1, 0.5, -0.5, 1000, -1000} {
			out = append(out, strconv.FormatFloat(n+d, 'f', -1, 64))
		}
		return out
	case rule.Regex:
		return expressions(e)
	case rule.StartsWith:
		v := onDrive(e.Value)
		return []string{v + filler, v, "q" + strings.TrimPrefix(v, "c") + filler, slashed(v) + filler}
	}
	return nil
}

// onDrive puts a path on a drive where the rule leaves open which.
func onDrive(path string) string {
	if strings.HasPrefix(path, `?:\`) {
		return "c" + path[1:]
	}
	return path
}

// slashed writes the flags of a command line with a slash.
func slashed(s string) string {
	if strings.HasPrefix(s, "-") {
		s = "/" + s[1:]
	}
	return strings.ReplaceAll(s, " -", " /")
}

// instance replaces the wildcards of a glob in its canonical spelling.
func instance(glob, fill string) string {
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case c == '\\' && i+1 < len(glob):
			i++
			b.WriteByte(glob[i])
		case c == '*':
			b.WriteString(fill)
		case c == '?':
			b.WriteByte('q')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// addresses are some of a network.
func addresses(network string) []string {
	prefix, err := netip.ParsePrefix(network)
	if err != nil {
		return nil
	}
	first := prefix.Masked().Addr()
	out := []string{first.String()}
	bytes := first.AsSlice()
	for bit := prefix.Bits(); bit < len(bytes)*8; bit++ {
		one := slices.Clone(bytes)
		one[bit/8] |= 1 << (7 - bit%8)
		if a, ok := netip.AddrFromSlice(one); ok {
			out = append(out, a.String())
		}
	}
	for bit := prefix.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	if last, ok := netip.AddrFromSlice(bytes); ok {
		out = append(out, last.String())
	}
	return out
}

// expressions are texts that a regular expression matches.
func expressions(e *normalize.Exact) []string {
	compiled, ok := e.Expression()
	if !ok {
		return nil
	}
	tree, err := syntax.Parse(compiled.String(), syntax.Perl)
	if err != nil {
		return nil
	}
	var out []string
	for choice := range 6 {
		var b strings.Builder
		write(&b, tree, choice, 0)
		if b.Len() < maxText {
			out = append(out, b.String(), filler+b.String()+filler)
		}
	}
	return out
}

// maxText is the longest text that is made of an expression, in bytes.
const maxText = 10_000

// write writes a text that the expression matches; choice says which of its
// alternatives, and whether to take what is optional.
func write(b *strings.Builder, re *syntax.Regexp, choice, depth int) {
	if depth > 100 || b.Len() > maxText {
		return
	}
	times := func(n int) {
		for range n {
			write(b, re.Sub[0], choice, depth+1)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		if len(re.Rune) > 0 {
			b.WriteRune(pick(re.Rune, choice))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('q')
	case syntax.OpCapture:
		times(1)
	case syntax.OpStar, syntax.OpQuest:
		times(choice % 2)
	case syntax.OpPlus:
		times(1 + choice%2)
	case syntax.OpRepeat:
		times(re.Min)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			write(b, sub, choice, depth+1)
		}
	case syntax.OpAlternate:
		write(b, re.Sub[choice/2%len(re.Sub)], choice, depth+1)
	}
}

// pick takes a character of a class, an ordinary one where there is one.
func pick(class []rune, choice int) rune {
	for _, r := range "q1 _Q" {
		for i := 0; i+1 < len(class); i += 2 {
			if class[i] <= r && r <= class[i+1] && choice%3 != 2 {
				return r
			}
		}
	}
	return class[0]
}
