package splunk

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// macroKeys are the keys that macros have. Elsewhere than in a folder of macros
// they tell a macro from what else has a name and a definition.
var macroKeys = []string{
	"name", "definition", "description", "arguments", "id", "version", "date", "author", "validation", "errormsg", "iseval", "creation_date",
	"modification_date", "references", "tags", "status",
}

func isMacro(root *tree.Node, folder string) bool {
	return has(root, "name", "definition") && (folder == macroFolder || only(root, macroKeys))
}

// lookupKeys are the keys that lookups have, as macroKeys are those of macros.
var lookupKeys = []string{
	"name", "description", "filename", "collection", "lookup_type", "fields_list", "fields", "match_type", "default_match", "min_matches",
	"max_matches", "case_sensitive_match", "id", "version", "date", "author", "max_rows", "reverse_lookup_honor_case_sensitive_match",
	"creation_date", "modification_date", "file_path", "references", "tags", "status",
}

// tableKeys say what the table of a lookup is; a lookup has one of them.
var tableKeys = []string{"filename", "collection", "lookup_type"}

func isLookup(root *tree.Node, folder string) bool {
	return has(root, "name") && present(root, tableKeys) > 0 && (folder == lookupFolder || only(root, lookupKeys))
}

// The folders in which contentctl has definitions.
const (
	macroFolder  = "macros"
	lookupFolder = "lookups"
)

// definitionFolder is the folder of definitions that a file is in, empty when
// it is in none.
func definitionFolder(p string) string {
	for dir := path.Dir(p); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if base := path.Base(dir); base == macroFolder || base == lookupFolder {
			return base
		}
	}
	return ""
}

// nearMiss reports what is in a folder of definitions and is almost one: the
// rules that name it would otherwise lose it without a word.
func nearMiss(f *rule.File, root *tree.Node) {
	var kind string
	var expected []string
	switch definitionFolder(f.Source.Path) {
	case macroFolder:
		kind, expected = "macro", []string{"definition"}
		if has(root, "definition") {
			expected = []string{"name"}
		}
	case lookupFolder:
		kind, expected = "lookup", tableKeys
		if present(root, tableKeys) > 0 {
			expected = []string{"name"}
		}
	default:
		return
	}
	if expected[0] != "name" && !has(root, "name") || len(root.Content) == 0 {
		return // about something else
	}
	at, message := root.Content[0].Span, fmt.Sprintf("the %s has no %s, expected one under the key %q", kind, expected[0], expected[0])
	if len(expected) > 1 {
		message = fmt.Sprintf("the %s has no table, expected one of the keys %q", kind, expected)
	}
	pointed := false
	for i := 0; i < len(root.Content) && !pointed; i += 2 {
		key := root.Content[i]
		if slices.Contains(expected, key.Value) {
			at, message = key.Span, fmt.Sprintf("%s of the %s must be a text, found a %s", key.Value, kind, root.Content[i+1].Word())
			pointed = true
			continue
		}
		if meant := near.Word(key.Value, expected); meant != "" && !slices.Contains(macroKeys, key.Value) && !slices.Contains(lookupKeys, key.Value) {
			at, message = key.Span, fmt.Sprintf("unexpected key %q, expected %q", key.Value, meant)
			pointed = true
		}
	}
	if !pointed && !only(root, macroKeys) && !only(root, lookupKeys) {
		return // a file of something else in a folder of that name
	}
	f.Recognized = true
	f.Problems = append(f.Problems, rule.Problem{Span: at, Message: message, RuleIndex: -1})
}

func isDataSource(root *tree.Node) bool {
	return has(root, "name", "source", "sourcetype") && root.Get("search") == nil &&
		(root.Get("supported_TA") != nil || root.Get("separator") != nil || root.Get("fields") != nil || root.Get("example_log") != nil)
}

func has(root *tree.Node, keys ...string) bool {
	for _, key := range keys {
		if n := root.Get(key); n == nil || n.Kind != tree.Scalar {
			return false
		}
	}
	return true
}

// only reports whether a mapping has no other keys than these.
func only(root *tree.Node, keys []string) bool {
	for i := 0; i < len(root.Content); i += 2 {
		if !slices.Contains(keys, root.Content[i].Value) {
			return false
		}
	}
	return true
}

// define adds a definition that stands at a mapping.
func define(f *rule.File, root *tree.Node, kind rule.DefinitionKind, name string) *rule.Definition {
	return addDefinition(f, root.Span, kind, name)
}

func addDefinition(f *rule.File, at rule.Span, kind rule.DefinitionKind, name string) *rule.Definition {
	f.Definitions = append(f.Definitions, rule.Definition{
		Use: rule.Use{Kind: kind, Name: name}, Path: f.Source.Path, Line: f.Source.Position(at.Start).Line,
	})
	return &f.Definitions[len(f.Definitions)-1]
}

func macro(f *rule.File, root *tree.Node) {
	arguments := texts(root.Get("arguments"))
	d := define(f, root, rule.Macro, withArity(root.Get("name").Value, len(arguments)))
	d.Text = root.Get("definition").Value
	d.Opaque = spl.IsTrue(root.Get("iseval").Text().Value)
	d.Arguments = arguments
}

// withArity is how a macro with arguments is named: "between(2)".
func withArity(name string, n int) string {
	if n == 0 {
		return name
	}
	return name + "(" + strconv.Itoa(n) + ")"
}

func lookup(f *rule.File, root *tree.Node) {
	d := define(f, root, rule.Lookup, root.Get("name").Value)
	d.Columns = texts(root.Get("fields_list"))
	if d.Columns == nil {
		d.Columns = texts(root.Get("fields"))
	}
	base := f.Source.Path[strings.LastIndexByte(f.Source.Path, '/')+1:]
	switch name := root.Get("filename"); {
	case name != nil && name.Kind == tree.Scalar:
		d.Files = []string{name.Value}
	case strings.EqualFold(root.Get("lookup_type").Text().Value, "csv"):
		// contentctl 5 finds the table by the name of the file.
		d.Files = []string{strings.TrimSuffix(strings.TrimSuffix(base, ".yml"), ".yaml") + ".csv"}
	}
}

// texts are the items of a list, or of a text with commas.
func texts(n *tree.Node) []string {
	var out []string
	switch {
	case n == nil:
	case n.Kind == tree.Scalar && n.Value != "" && !n.IsNull():
		for _, part := range strings.Split(n.Value, ",") {
			out = append(out, strings.TrimSpace(part))
		}
	case n.Kind == tree.Sequence:
		for _, item := range n.Content {
			out = append(out, item.Value)
		}
	}
	return out
}
