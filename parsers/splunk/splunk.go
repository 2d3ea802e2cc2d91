// Package splunk reads the rules of Splunk: the YAML that contentctl builds
// apps from, with the macros, lookups and data sources beside it, and the
// savedsearches.conf, macros.conf and transforms.conf of apps.
package splunk

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// Mentions reports whether the text of a YAML file may have a rule or a
// definition of Splunk in it. It spares other files a parse.
func Mentions(data []byte) bool {
	for _, key := range []string{"search:", "how_to_implement:", "definition:", "sourcetype:", "filename:", "collection:", "lookup_type:"} {
		if bytes.Contains(data, []byte(key)) {
			return true
		}
	}
	return false
}

// Waits reports whether a file certainly has a rule and nothing else, by its
// lines. Rules are read with the macros of the repository at hand; that of many
// files this is known before they are parsed spares them a parse.
func Waits(data []byte) bool {
	return hasLine(data, "search:") && marks(data) > 0 && !hasLine(data, "definition:") && !bytes.Contains(data, []byte("\n---"))
}

// LooksLikeRule judges a text that is not YAML by its lines.
func LooksLikeRule(data []byte) bool {
	switch {
	case hasLine(data, "search:") && marks(data) > 0, marks(data) > 2:
		return true
	case hasLine(data, "definition:") && hasLine(data, "name:"):
		return !hasLine(data, "title:")
	}
	return hasLine(data, "sourcetype:") && hasLine(data, "supported_TA:")
}

// marks counts the lines that only rules of Splunk have.
func marks(data []byte) int {
	n := 0
	for _, key := range []string{"how_to_implement:", "known_false_positives:", "data_source:", "rba:", "drilldown_searches:"} {
		if hasLine(data, key) {
			n++
		}
	}
	return n
}

func hasLine(text []byte, prefix string) bool {
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	return bytes.HasPrefix(text, []byte(prefix)) || bytes.Contains(text, []byte("\n"+prefix))
}

// ParseYAML adds the rules and definitions of a file's YAML documents to it. A
// file that is about something else is not Recognized. The library has the
// macros that searches call.
func ParseYAML(f *rule.File, docs []yamldoc.Document, library *rule.Library) {
	for _, doc := range docs {
		if doc.Err != nil {
			if LooksLikeRule(f.Source.Data[doc.Span.Start:doc.Span.End]) {
				f.Recognized = true
				f.Problems = append(f.Problems, rule.Problem{Span: doc.Err.Span, Message: doc.Err.Message, RuleIndex: -1})
			}
			continue
		}
		root := doc.Root
		if root == nil || root.Kind != tree.Mapping {
			continue
		}
		switch {
		case isRule(root):
			f.Recognized = true
			p := newRule(f, doc.Span, library)
			p.doc = &Document{Shape: Content, Root: root}
			p.content()
		case isMacro(root):
			f.Recognized = true
			macro(f, root)
		case isLookup(root):
			f.Recognized = true
			lookup(f, root)
		case isDataSource(root):
			f.Recognized = true
			define(f, root, rule.DataSource, root.Get("name").Value)
		}
	}
}

// types are what the searches of contentctl are for, in lower case.
var types = map[string]rule.Kind{
	"ttp": rule.Detection, "anomaly": rule.Detection, "hunting": rule.Detection, "correlation": rule.Detection,
	"baseline": rule.Baseline,
}

// Attributes of which every rule has some beside its search: ownKeys are those
// of nothing else, sharedKeys others have too.
var (
	ownKeys    = []string{"how_to_implement", "known_false_positives", "data_source", "data_sources", "rba", "drilldown_searches"}
	sharedKeys = []string{"tests", "datamodel", "status"}
)

// isRule tells rules from other mappings, such as stories, playbooks,
// deployments and investigations. What looks like a rule and lacks its search
// is one, so that it can be asked for.
func isRule(root *tree.Node) bool {
	own, n := present(root, ownKeys), present(root, sharedKeys)
	n += own
	if tags := root.Get("tags"); tags != nil && tags.Kind == tree.Mapping && (tags.Get("analytic_story") != nil || tags.Get("mitre_attack_id") != nil || tags.Get("security_domain") != nil) {
		n++
	}
	kind := ""
	if t := root.Get("type"); t != nil && t.Kind == tree.Scalar {
		kind = strings.ToLower(t.Value)
	}
	_, known := types[kind]
	switch {
	case kind == "investigation" || kind == "response" || root.Get("playbook") != nil || root.Get("narrative") != nil:
		return false
	case root.Get("search") != nil:
		return known && n > 0 || own > 0 && n > 1
	}
	return own > 0 && (known && n > 1 || n > 3)
}

// present counts the keys of a list that a mapping has.
func present(root *tree.Node, keys []string) int {
	n := 0
	for _, key := range keys {
		if root.Get(key) != nil {
			n++
		}
	}
	return n
}

// macroKeys are all keys that a macro may have.
var macroKeys = []string{
	"name", "definition", "description", "arguments", "id", "version", "date", "author", "validation", "errormsg", "iseval", "creation_date", "modification_date",
}

func isMacro(root *tree.Node) bool { return has(root, "name", "definition") && only(root, macroKeys) }

var lookupKeys = []string{
	"name", "description", "filename", "collection", "lookup_type", "fields_list", "fields", "match_type", "default_match", "min_matches",
	"max_matches", "case_sensitive_match", "id", "version", "date", "author", "max_rows", "reverse_lookup_honor_case_sensitive_match",
	"creation_date", "modification_date", "file_path",
}

func isLookup(root *tree.Node) bool {
	return root.Get("name") != nil && (root.Get("filename") != nil || root.Get("collection") != nil || root.Get("lookup_type") != nil) && only(root, lookupKeys)
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
	d.Opaque = isTrue(root.Get("iseval").Text().Value)
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
