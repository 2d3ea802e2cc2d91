// Package splunk reads the rules of Splunk: the YAML that contentctl builds
// apps from, with the macros, lookups and data sources beside it, and the
// savedsearches.conf, macros.conf and transforms.conf of apps.
package splunk

import (
	"bytes"
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// Mentions reports whether a YAML file may have a rule or a definition of Splunk
// in it. It spares other files a parse.
func Mentions(src *rule.Source) bool {
	for _, key := range []string{"search", "how_to_implement", "definition", "sourcetype", "filename", "collection", "lookup_type"} {
		if hasKey(src.Data, key) {
			return true
		}
	}
	return definitionFolder(src.Path) != "" && hasKey(src.Data, "name")
}

// hasKey reports whether a text has a word that is a key of YAML, in quotes or
// not.
func hasKey(data []byte, key string) bool {
	for {
		_, after, ok := bytes.Cut(data, []byte(key))
		if !ok {
			return false
		}
		data = after
		if bytes.HasPrefix(bytes.TrimLeft(after, "\"' \t"), []byte(":")) {
			return true
		}
	}
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
	folder := definitionFolder(f.Source.Path)
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
		case isMacro(root, folder):
			f.Recognized = true
			macro(f, root)
		case isLookup(root, folder):
			f.Recognized = true
			lookup(f, root)
		case isDataSource(root):
			f.Recognized = true
			define(f, root, rule.DataSource, root.Get("name").Value)
		default:
			nearMiss(f, root)
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
// deployments and investigations. What looks like a rule and lacks its search,
// or has a type that does not exist, is one, so that it can be told.
func isRule(root *tree.Node) bool {
	own, n := present(root, ownKeys), present(root, sharedKeys)
	n += own
	tagged := false
	if tags := root.Get("tags"); tags != nil && tags.Kind == tree.Mapping {
		tagged = tags.Get("analytic_story") != nil || tags.Get("mitre_attack_id") != nil || tags.Get("security_domain") != nil
	}
	if tagged {
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
		return known && (n > 0 || has(root, "name")) || tagged || own > 0 && n > 1
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
