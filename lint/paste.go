package lint

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/rule"
)

// Paste writes exclusions in a rule's own language, ready to be pasted, and says
// where. It is empty when no field has a certain name there.
func Paste(r *normalize.Rule, keys []normalize.Key) string {
	return (&Pass{Rule: r}).paste(keys)
}

// paste writes exclusions in the rule's own language, ready to be pasted. It
// is empty when no field has a certain name there.
func (p *Pass) paste(keys []normalize.Key) string {
	switch p.Vendor {
	case rule.Elastic:
		return p.pasteElastic(keys)
	case rule.Sigma:
		return p.pasteSigma(keys)
	case rule.Kusto:
		return p.pasteKusto(keys)
	}
	return ""
}

// pasteSigma writes exclusions as selections, and says how to put them into
// the condition.
func (p *Pass) pasteSigma(keys []normalize.Key) string {
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
	b.WriteString("paste")
	if doc := document(p); doc != nil && !p.excludes(doc, "filter_optional_*") {
		if plain := len(doc.Conditions) == 1 && !strings.Contains(doc.Conditions[0].Text.Value, " or "); plain {
			b.WriteString(`, and add "and not 1 of filter_optional_*" to the condition`)
		} else {
			b.WriteString(`, and make each condition "(…) and not 1 of filter_optional_*"`)
		}
	}
	b.WriteString(":")
	names := p.freeNames(len(fields))
	for i, field := range fields {
		b.WriteString("\n    " + names[i] + ":\n        " + field + ":")
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

// excludes reports whether a condition mentions a pattern.
func (p *Pass) excludes(doc *sigma.Document, pattern string) bool {
	for _, expr := range doc.Conditions {
		for _, ref := range expr.References {
			if ref.Name.Value == pattern {
				return true
			}
		}
	}
	return false
}

// freeNames are names for selections that the rule does not have yet.
func (p *Pass) freeNames(n int) []string {
	taken := map[string]bool{}
	if doc := document(p); doc != nil {
		for _, sel := range doc.Selections {
			taken[sel.Name.Value] = true
		}
	}
	var out []string
	for i := 0; len(out) < n; i++ {
		if name := fmt.Sprintf("filter_optional_peers_%d", i+1); !taken[name] {
			out = append(out, name)
		}
	}
	return out
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
	if number, ok := normalize.RegistryNumber(k); ok {
		value = fmt.Sprintf("DWORD (0x%08x)", number) // as Sysmon writes it
	}
	if k.Operator != rule.Wildcard && k.Operator != rule.Regex {
		value = escapeSigma(value)
	}
	if name := p.sourceField(k.Field); name != "" {
		return name + modifier, quoteSigma(value), true
	}
	// A base name is written as the end of a path.
	if path := normalize.PathField(k.Field); path != "" && k.Operator == rule.Eq && value != "" && !strings.ContainsAny(value, `\/`) {
		if name := p.sourceField(path); name != "" {
			separator := `\`
			if product := strings.ToLower(p.Logsource.Product.Value); product == "linux" || product == "macos" {
				separator = "/"
			}
			return name + "|endswith", quoteSigma(separator + value), true
		}
	}
	// An argument is written as a word of the line it is in.
	if line, ok := normalize.Argument(k); ok {
		if name := p.sourceField(line.Field); name != "" {
			return name + "|contains", quoteSigma(escapeSigma(line.Value)), true
		}
	}
	// An extension is written as the end of a path.
	if path, suffix, ok := normalize.Suffix(k); ok {
		if name := p.sourceField(path); name != "" {
			return name + "|endswith", quoteSigma(escapeSigma(suffix)), true
		}
	}
	return "", "", false
}

// usualFields are the names that Sigma's generic log sources have for fields
// that several spellings are mapped to.
var usualFields = map[string]string{
	"process.executable": "Image", "process.parent.executable": "ParentImage", "process.command_line": "CommandLine",
	"process.parent.command_line": "ParentCommandLine", "process.pe.original_file_name": "OriginalFileName",
	"target.process.executable": "TargetImage", "file.path": "TargetFilename", "dll.path": "ImageLoaded",
	"registry.path": "TargetObject", "registry.data.strings": "Details", "user.name": "User",
	"destination.ip": "DestinationIp", "destination.port": "DestinationPort", "destination.domain": "DestinationHostname",
	"source.ip": "SourceIp", "source.port": "SourcePort", "dns.question.name": "QueryName",
}

// sourceField finds how the rule's logsource spells a canonical field: as the
// rule itself does, else by the usual name, else by the only name there is. It
// is empty when there is no telling.
func (p *Pass) sourceField(canonical string) string {
	for i := range p.Predicates {
		if p.Predicates[i].Field == canonical {
			return p.Predicates[i].SourceField
		}
	}
	name, several := "", false
	for spelling, field := range normalize.KnownFields(p.Vendor, normalize.SigmaSources(p.Logsource)) {
		if field != canonical {
			continue
		}
		if spelling == usualFields[canonical] && p.Logsource.Category.Value != "" {
			return spelling
		}
		name, several = spelling, several || name != ""
	}
	if several {
		return ""
	}
	return name
}

// escapeSigma writes literal text so that Sigma reads it as such: a backslash
// before another special character, and wildcards, need one before them. A path
// that begins with any drive letter keeps its wildcard.
func escapeSigma(s string) string {
	var b strings.Builder
	if rest, ok := strings.CutPrefix(s, `?:\`); ok {
		b.WriteString("?:")
		s = `\` + rest
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '*' || c == '?':
			b.WriteByte('\\')
		case c == '\\' && (i+1 < len(s) && strings.IndexByte(`\*?`, s[i+1]) >= 0 || i > 0 && s[i-1] == '\\'):
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func quoteSigma(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
