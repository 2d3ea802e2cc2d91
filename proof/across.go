package proof

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// pair notes that two fields are a path and its last part, of one event.
func (e *examiner) pair(added int) {
	of := e.fields[added]
	other := normalize.BaseName(of.canonical)
	if other == "" {
		other = normalize.PathField(of.canonical)
	}
	e.partners = append(e.partners, -1)
	if other == "" {
		return
	}
	for i, f := range e.fields[:added] {
		if f.canonical == other && f.source == of.source {
			e.partners[added], e.partners[i] = int32(i), int32(added)
			return
		}
	}
}

// related reports whether something may be known of a field by another one.
func (e *examiner) related(field, by int32) bool {
	return field == by || e.partners[field] == by
}

// baseOf is the name of the file that a path is of, as it is written. Only on
// Windows is it sure to be what the field for the name has: others put the name
// there that a process gave itself, cut off, or that of a script.
func (l *literal) baseOf() (string, bool) {
	text := l.Value
	switch l.Operator {
	case rule.Eq, rule.EndsWith:
	case rule.Wildcard:
		// In a pattern all that is no wildcard and stands behind the last one.
		text = text[strings.LastIndexAny(text, "*?")+1:]
	default:
		return "", false
	}
	i := strings.LastIndexByte(text, '\\')
	if i < 0 || !strings.Contains(text[i:], ".") || strings.Contains(text, "/") {
		return "", false
	}
	return text[i+1:], true
}

// names returns which of two comparisons of a pair is that of the path, and the
// name that this has.
func (e *examiner) names(a, b *literal) (base string, byPath, ok bool) {
	if a.opaque || b.opaque || !a.single || !b.single || a.exact().Variant != "" || b.exact().Variant != "" {
		return "", false, false
	}
	if normalize.BaseName(e.fields[a.field].canonical) != "" {
		base, ok = a.baseOf()
		return base, true, ok
	}
	base, ok = b.baseOf()
	return base, false, ok
}

// excludeAcross is exclude for a path and a name.
func (e *examiner) excludeAcross(a, b *literal) bool {
	base, byPath, ok := e.names(a, b)
	if !byPath {
		b = a
	}
	return ok && base != "" && isText(b.Operator) && !e.named(base, b)
}

// impliesAcross is implies for a path and a name.
func (e *examiner) impliesAcross(a, b *literal) bool {
	base, byPath, ok := e.names(a, b)
	switch {
	case !ok || base == "" || b.sensitive:
		return false
	case byPath:
		return e.named(base, b)
	case a.Operator == rule.Eq && (b.Operator == rule.EndsWith || b.Operator == rule.Wildcard):
		// Only the name is asked of the path.
		return strings.EqualFold(a.Value, base) && endsInName(b)
	}
	return false
}

// endsInName reports whether a comparison asks of a path for its name alone.
func endsInName(l *literal) bool {
	rest, ok := strings.CutSuffix(l.Value, l.Value[strings.LastIndexByte(l.Value, '\\')+1:])
	switch l.Operator {
	case rule.EndsWith:
		return ok && rest == `\`
	case rule.Wildcard:
		return ok && rest == `*\\`
	}
	return false
}

func isText(op rule.Operator) bool {
	return op == rule.Eq || op == rule.Contains || op == rule.StartsWith || op == rule.EndsWith
}

// named reports whether a name satisfies a comparison, in whatever case.
func (e *examiner) named(base string, l *literal) bool {
	const field = "name"
	return normalize.Implies(normalize.Key{Field: field, Operator: rule.Eq, Value: strings.ToLower(base)},
		normalize.Key{Field: field, Operator: l.Operator, Value: strings.ToLower(l.Value)})
}
