package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// paste writes exclusions in the rule's own language, ready to be pasted. It
// is empty when a field has no name there.
func (p *Pass) paste(keys []normalize.Key) string {
	if p.Vendor != rule.Sigma {
		return ""
	}
	var fields []string
	values := map[string][]string{}
	for _, k := range keys {
		field, value, ok := p.sigmaItem(k)
		if !ok {
			continue
		}
		if values[field] == nil {
			fields = append(fields, field)
		}
		values[field] = append(values[field], value)
	}
	if len(fields) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("paste, and add \"and not 1 of filter_optional_*\" to the condition:")
	for i, field := range fields {
		name := "filter_optional_" + string(rune('a'+i))
		b.WriteString("\n    " + name + ":\n        " + field + ":")
		if len(values[field]) == 1 {
			b.WriteString(" " + values[field][0])
			continue
		}
		for _, v := range values[field] {
			b.WriteString("\n            - " + v)
		}
	}
	return b.String()
}

var sigmaModifiers = map[rule.Operator]string{
	rule.Eq: "", rule.Contains: "|contains", rule.StartsWith: "|startswith", rule.EndsWith: "|endswith",
	rule.Wildcard: "", rule.Regex: "|re", rule.CIDR: "|cidr",
}

// sigmaItem writes a row as a Sigma field with modifiers, and its value.
func (p *Pass) sigmaItem(k normalize.Key) (field, value string, ok bool) {
	modifier, known := sigmaModifiers[k.Operator]
	if !known {
		return "", "", false
	}
	value = k.Value
	if k.Operator != rule.Wildcard && k.Operator != rule.Regex {
		value = escapeSigma(value)
	}
	if name := p.sourceField(k.Field); name != "" {
		return name + modifier, quoteSigma(value), true
	}
	// A base name is written as the end of a path.
	if path := normalize.PathField(k.Field); path != "" && k.Operator == rule.Eq {
		if name := p.sourceField(path); name != "" {
			separator := `\`
			if product := strings.ToLower(p.Logsource.Product.Value); product == "linux" || product == "macos" {
				separator = "/"
			}
			return name + "|endswith", quoteSigma(separator + value), true
		}
	}
	return "", "", false
}

// sourceField finds how the rule's logsource spells a canonical field: as the
// rule itself does, else as the tables have it.
func (p *Pass) sourceField(canonical string) string {
	for i := range p.Predicates {
		if p.Predicates[i].Field == canonical {
			return p.Predicates[i].SourceField
		}
	}
	var names []string
	for name, field := range normalize.KnownFields(p.Vendor, normalize.SigmaSources(p.Logsource)) {
		if field == canonical {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	// Sigma's own names begin with a capital letter in most log sources.
	return slices.MinFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
}

var sigmaEscapes = strings.NewReplacer(`*`, `\*`, `?`, `\?`)

// escapeSigma writes literal text so that Sigma reads it as such. A path that
// begins with any drive letter keeps its wildcard.
func escapeSigma(s string) string {
	if rest, ok := strings.CutPrefix(s, `?:\`); ok {
		return `?:\` + sigmaEscapes.Replace(rest)
	}
	return sigmaEscapes.Replace(s)
}

func quoteSigma(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
