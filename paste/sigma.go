package paste

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/rule"
)

// optional is the pattern of the selections that exclude what some
// environments have, by the conventions of SigmaHQ.
const optional = "filter_optional_*"

// peersPrefix is what the names of new selections begin with.
const peersPrefix = "filter_optional_peers_"

// sigmaItem is a line of a selection: a field with modifiers, and its values
// without quotes.
type sigmaItem struct {
	name   string // of the selection
	field  string
	values []string
}

// sigma writes exclusions as selections, and says how to put them into the
// condition.
func (w *writer) sigma(doc *sigma.Document, keys []normalize.Key) (string, func() ([]rule.Edit, error)) {
	if w.takenIn(doc) {
		return "", nil
	}
	var items []sigmaItem
	place := map[string]int{}
	for _, k := range keys {
		written, _ := w.asWritten(k)
		field, value, ok := w.sigmaItem(w.asNetwork(written, keys))
		if !ok {
			continue
		}
		w.wrote(k)
		i, ok := place[field]
		if !ok {
			i = len(items)
			place[field] = i
			items = append(items, sigmaItem{field: field})
		}
		items[i].values = append(items[i].values, value)
	}
	if len(items) == 0 {
		return "", nil
	}
	var b strings.Builder
	b.WriteString("paste")
	if !w.excludesOptional(doc) {
		if plain := len(doc.Conditions) == 1 && !strings.Contains(doc.Conditions[0].Text.Value, " or "); plain {
			b.WriteString(`, and add "and not 1 of filter_optional_*" to the condition`)
		} else {
			b.WriteString(`, and make each condition "(…) and not 1 of filter_optional_*"`)
		}
	}
	b.WriteString(":")
	names := freeNames(doc, len(items))
	for i := range items {
		items[i].name = names[i]
	}
	b.WriteString(usualLayout.selections(items))
	return b.String(), func() ([]rule.Edit, error) { return w.sigmaEdits(doc, items) }
}

// takenIn reports whether a condition would ask for the new selections, or for
// all of them at once to exclude anything, by a pattern that means them too.
func (w *writer) takenIn(doc *sigma.Document) bool {
	data := w.Source.Data
	for _, expr := range doc.Conditions {
		for _, ref := range expr.References {
			prefix, _, starred := strings.Cut(ref.Name.Value, "*")
			if ref.Quantifier == "" || ref.Name.Value != "them" && (!starred || !strings.HasPrefix(peersPrefix, prefix)) {
				continue
			}
			from, to := int(expr.Text.Span.Start), int(ref.Span.Start)
			if from < 0 || to < from || to > len(data) {
				return true
			}
			before := strings.ToLower(strings.TrimRight(string(data[from:to]), " \t\r\n("))
			if ref.Quantifier == "all" || !strings.HasSuffix(before, "not") {
				return true
			}
		}
	}
	return false
}

// excludesOptional reports whether every condition excludes what the pattern of
// the new selections stands for.
func (w *writer) excludesOptional(doc *sigma.Document) bool {
	for _, expr := range doc.Conditions {
		if !w.excludes(expr) {
			return false
		}
	}
	return len(doc.Conditions) > 0
}

// excludes reports whether a condition excludes any of the new selections as it
// stands, outside of all parentheses and alternatives.
func (w *writer) excludes(expr *sigma.Expression) bool {
	data := w.Source.Data
	for _, ref := range expr.References {
		if ref.Name.Value == optional && ref.Quantifier != "all" {
			return true
		}
		prefix, rest, starred := strings.Cut(ref.Name.Value, "*")
		from, to := int(expr.Text.Span.Start), int(ref.Span.Start)
		if ref.Quantifier == "" || ref.Quantifier == "all" || !starred || rest != "" || !strings.HasPrefix(peersPrefix, prefix) || from < 0 || to < from || to > len(data) {
			continue
		}
		before := string(data[from:to])
		if strings.Count(before, "(") == strings.Count(before, ")") && !alternatives(expr.Text.Value) &&
			strings.HasSuffix(strings.ToLower(strings.TrimRight(before, " \t\r\n")), "not") {
			return true
		}
	}
	return false
}

// freeNames are names for selections that the rule does not have yet.
func freeNames(doc *sigma.Document, n int) []string {
	taken := map[string]bool{}
	for _, sel := range doc.Selections {
		taken[sel.Name.Value] = true
	}
	var out []string
	for i := 0; len(out) < n; i++ {
		if name := fmt.Sprintf("%s%d", peersPrefix, i+1); !taken[name] {
			out = append(out, name)
		}
	}
	return out
}

var sigmaModifiers = map[rule.Operator]string{
	rule.Eq: "", rule.Contains: "|contains", rule.StartsWith: "|startswith", rule.EndsWith: "|endswith",
	rule.Wildcard: "", rule.Regex: "|re", rule.CIDR: "|cidr",
}

// sigmaItem writes a row as a Sigma field with modifiers, and its value without
// quotes.
func (w *writer) sigmaItem(k normalize.Key) (field, value string, ok bool) {
	modifier, known := sigmaModifiers[k.Operator]
	if !known {
		return "", "", false
	}
	value = k.Value
	if number, ok := normalize.RegistryNumber(k); ok {
		value = fmt.Sprintf("DWORD (0x%08x)", number) // as Sysmon writes it
	}
	switch k.Operator {
	case rule.Eq, rule.StartsWith:
		value = onSystemDrive(value)
	case rule.Wildcard:
		if normalize.Kind(k.Field) == "path" {
			value = onSystemDrive(value)
		}
		if hasOne(value) {
			return "", "", false // not all backends have a wildcard for one character
		}
	}
	if k.Operator != rule.Wildcard && k.Operator != rule.Regex {
		value = escapeSigma(value)
	}
	if name := w.sigmaField(k.Field); name != "" {
		return name + modifier, value, true
	}
	// A base name is written as the end of a path.
	if path := normalize.PathField(k.Field); path != "" && k.Operator == rule.Eq && value != "" && !strings.ContainsAny(value, `\/`) {
		if name := w.sigmaField(path); name != "" {
			separator := `\`
			if product := strings.ToLower(w.Logsource.Product.Value); product == "linux" || product == "macos" {
				separator = "/"
			}
			return name + "|endswith", separator + value, true
		}
	}
	// An argument is written as a word of the line it is in.
	if line, ok := normalize.Argument(k); ok {
		if name := w.sigmaField(line.Field); name != "" {
			return name + "|contains", escapeSigma(line.Value), true
		}
	}
	// An extension is written as the end of a path.
	if path, suffix, ok := normalize.Suffix(k); ok {
		if name := w.sigmaField(path); name != "" {
			return name + "|endswith", escapeSigma(suffix), true
		}
	}
	return "", "", false
}

// hasOne reports whether a glob has a wildcard for one character.
func hasOne(glob string) bool {
	return strings.Contains(strings.NewReplacer(`\\`, "", `\?`, "").Replace(glob), "?")
}

// usualFields are the names that Sysmon, and with it Sigma's generic log
// sources, have for fields that several spellings are mapped to.
var usualFields = map[string]string{
	"process.executable": "Image", "process.parent.executable": "ParentImage", "process.command_line": "CommandLine",
	"process.parent.command_line": "ParentCommandLine", "process.pe.original_file_name": "OriginalFileName",
	"target.process.executable": "TargetImage", "file.path": "TargetFilename", "dll.path": "ImageLoaded",
	"registry.path": "TargetObject", "registry.data.strings": "Details", "user.name": "User",
	"destination.ip": "DestinationIp", "destination.port": "DestinationPort", "destination.domain": "DestinationHostname",
	"source.ip": "SourceIp", "source.port": "SourcePort", "dns.question.name": "QueryName",
}

// sysmonEvents are the events of Sysmon that have a field which others of it do
// not have, by the schema of Sysmon 15.
var sysmonEvents = map[string]map[string]bool{
	"DestinationIp": set("3"), "DestinationPort": set("3"), "DestinationHostname": set("3"), "SourceIp": set("3"), "SourcePort": set("3"),
	"QueryName": set("22"), "TargetObject": set("12", "13", "14"), "Details": set("13"), "ImageLoaded": set("6", "7"),
	"TargetFilename": set("2", "11", "15", "23", "26", "27", "28", "29"), "TargetImage": set("8", "10"), "OriginalFileName": set("1", "7"),
	"ParentImage": set("1"), "ParentCommandLine": set("1"), "CommandLine": set("1"),
	"SourceImage": set("8", "10"), "Image": notBetween, "User": notBetween,
}

// notBetween are the events of Sysmon that are not about one process and another,
// each of which has fields of its own.
var notBetween = set("1", "2", "3", "5", "6", "7", "9", "11", "12", "13", "14", "15", "17", "18", "22", "23", "24", "25", "26", "27", "28", "29")

// onEvent reports whether a field may be one of the rule's events. Of those of
// Sysmon it is known.
func (w *writer) onEvent(name string) bool {
	on := sysmonEvents[name]
	sysmon := false
	for _, e := range w.Events {
		if e.Provider == "Sysmon" && e.Event != "*" {
			if sysmon = true; on[e.Event] {
				return true
			}
		}
	}
	return on == nil || !sysmon
}

// sigmaField finds how the rule's logsource spells a canonical field: as the
// rule itself does, else by the usual name, else by the only name there is. It
// is empty when there is no telling.
func (w *writer) sigmaField(canonical string) string {
	for i := range w.Predicates {
		if w.Predicates[i].Field == canonical {
			return w.Predicates[i].SourceField
		}
	}
	name, several := "", false
	for spelling, field := range w.knownFields(normalize.SigmaSources(w.Logsource)...) {
		if field != canonical {
			continue
		}
		if !w.onEvent(spelling) {
			continue
		}
		if spelling == w.usualField(canonical) && w.Logsource.Category.Value != "" {
			return spelling
		}
		name, several = spelling, several || name != ""
	}
	if several {
		return ""
	}
	return name
}

// usualField is the name that Sysmon has for a field on the rule's events.
func (w *writer) usualField(canonical string) string {
	name := usualFields[canonical]
	if canonical == "process.executable" && !w.onEvent(name) {
		return "SourceImage"
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
