// Package elastic reads the rules of Elastic Security's detection engine and
// of Elastic Endpoint: the TOML files of the detection-rules repository, the
// JSON and NDJSON that Kibana exports, and Endpoint's behaviour rules.
package elastic

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/detlint/detlint/parsers/jsondoc"
	"github.com/detlint/detlint/parsers/tomldoc"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// ParseTOML reads the rule of a TOML file. A file that is not about a rule
// gives a File that is not Recognized.
func ParseTOML(src *rule.Source) *rule.File {
	f := &rule.File{Source: src}
	if text, ok := tree.UTF16(src.Data); ok {
		return notUTF8(f, looksLikeTOML([]byte(text)))
	}
	if !bytes.Contains(src.Data, []byte("rule")) {
		return f
	}
	root, err := tomldoc.Parse(src.Data)
	if err != nil {
		if looksLikeTOML(src.Data) {
			f.Recognized = true
			f.Problems = append(f.Problems, rule.Problem{Span: err.Span, Message: err.Message, RuleIndex: -1})
		}
		return f
	}
	table := root.Get("rule")
	if table == nil {
		// TOML has upper and lower case; whoever writes [Rule] means this.
		for i := 0; i+1 < len(root.Content); i += 2 {
			if key := root.Content[i]; strings.EqualFold(key.Value, "rule") && isRule(root.Content[i+1]) {
				f.Recognized = true
				f.Problems = append(f.Problems, rule.Problem{Span: key.Span, Message: fmt.Sprintf("table %q is not read, expected %q", key.Value, "rule"), RuleIndex: -1})
				return f
			}
		}
	}
	if table != nil && table.Kind == tree.Sequence && len(table.Content) > 0 && isRule(table.Content[0]) {
		f.Recognized = true
		f.Problems = append(f.Problems, rule.Problem{Span: table.Span, Message: "a list of rules is not a rule file, expected one [rule] in each file", RuleIndex: -1})
		return f
	}
	if !isRule(table) {
		return f
	}
	f.Recognized = true
	shape := Repository
	if root.Get("metadata") == nil && table.Get("rule_id") == nil && table.Get("risk_score") == nil && table.Get("type") == nil {
		shape = Endpoint
	}
	p := newRule(f, rule.Span{End: int32(len(src.Data))}, tomldoc.Offsets)
	p.doc = &Document{Shape: shape, Rule: table, Metadata: root.Get("metadata")}
	p.parse(root)
	return f
}

// notUTF8 says so of a file that would have held rules.
func notUTF8(f *rule.File, rules bool) *rule.File {
	if rules {
		f.Recognized = true
		f.Problems = []rule.Problem{{Message: tree.NotUTF8, RuleIndex: -1}}
	}
	return f
}

// isRule tells rules from other tables. What looks like a rule and lacks a
// part is recognized, so that the part can be asked for.
func isRule(n *tree.Node) bool {
	if n == nil || n.Kind != tree.Mapping {
		return false
	}
	has := func(keys ...string) bool {
		for _, key := range keys {
			if n.Get(key) == nil {
				return false
			}
		}
		return true
	}
	return has("rule_id") || has("query", "name") || has("query", "id") || has("type", "risk_score")
}

// looksLikeTOML judges a file that is not TOML by how its lines begin. The
// mistake may be in the very line that names the table, so two signs of any
// kind are enough.
func looksLikeTOML(data []byte) bool {
	signs := map[string]bool{}
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))) {
		line = bytes.TrimLeft(line, " \t[")
		for _, sign := range []string{"rule", "metadata", "rule_id", "risk_score", "query"} {
			if rest, ok := bytes.CutPrefix(line, []byte(sign)); ok && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n].="), rest[0]) >= 0) {
				signs[sign] = true
			}
		}
	}
	return (signs["rule"] || signs["rule_id"] || signs["risk_score"]) && len(signs) > 1
}

// ParseJSON reads the rules of a JSON file: one rule, a list of rules, or one
// rule a line, in the forms that Kibana exports and its API answers, and that
// of the package of prebuilt rules. Lines about exceptions and the summary of
// an export are no rules.
func ParseJSON(src *rule.Source) *rule.File {
	f := &rule.File{Source: src}
	if text, ok := tree.UTF16(src.Data); ok {
		return notUTF8(f, MentionsRule([]byte(text)))
	}
	if !MentionsRule(src.Data) {
		return f
	}
	if strings.EqualFold(path.Ext(src.Path), ".ndjson") {
		everyLine(f)
	} else {
		everyValue(f)
	}
	return f
}

// everyValue reads the values of a file, whether there is one or several.
func everyValue(f *rule.File) {
	data := f.Source.Data
	end := int32(len(data))
	for start := int32(0); start < end; {
		root, rest, err := jsondoc.First(data, rule.Span{Start: start, End: end})
		if err != nil {
			f.Recognized = true
			f.Problems = append(f.Problems, rule.Problem{Span: err.Span, Message: err.Message, RuleIndex: -1})
			return
		}
		collect(f, root, 0)
		start = rest
	}
}

// everyLine reads a value from each line, so that a broken one costs no other.
func everyLine(f *rule.File) {
	data := f.Source.Data
	for start := 0; start < len(data); {
		end := len(data)
		if n := bytes.IndexByte(data[start:], '\n'); n >= 0 {
			end = start + n
		}
		if line := data[start:end]; len(bytes.TrimSpace(line)) > 0 {
			root, err := jsondoc.Parse(data, rule.Span{Start: int32(start), End: int32(end)})
			switch {
			case err == nil:
				collect(f, root, 0)
			case f.Recognized || bytes.Contains(line, []byte(`rule`)):
				f.Recognized = true
				f.Problems = append(f.Problems, rule.Problem{Span: err.Span, Message: err.Message, RuleIndex: -1})
			}
		}
		start = end + 1
	}
}

// MentionsRule reports whether the text of a JSON file may have rules in it. It
// spares other files a parse.
func MentionsRule(data []byte) bool {
	if !bytes.Contains(data, []byte(`"rule_id"`)) {
		return false
	}
	for _, key := range ownKeys {
		if bytes.Contains(data, []byte(`"`+key+`"`)) {
			return true
		}
	}
	return false
}

// ownKeys are attributes of which every rule has some beside its id.
var ownKeys = []string{"risk_score", "severity", "query", "machine_learning_job_id"}

// isExport tells rules from other objects, such as exceptions and alerts.
func isExport(n *tree.Node) bool {
	if n.Get("rule_id") == nil || n.Get("type") == nil && n.Get("query") == nil {
		return false
	}
	for _, key := range ownKeys {
		if n.Get(key) != nil {
			return true
		}
	}
	return false
}

// collect finds the rules in a JSON value: the value itself, the elements of a
// list, the rules of an answer, and the attributes of a saved object.
func collect(f *rule.File, n *tree.Node, depth int) {
	switch {
	case depth > 3:
	case n.Kind == tree.Sequence:
		for _, item := range n.Content {
			collect(f, item, depth+1)
		}
	case n.Kind != tree.Mapping:
	case isExport(n):
		f.Recognized = true
		p := newRule(f, n.Span, jsondoc.Offsets)
		p.doc = &Document{Shape: Export, Rule: n}
		p.parse(n)
	default:
		for _, key := range []string{"attributes", "data", "rules"} {
			if inner := n.Get(key); inner != nil {
				collect(f, inner, depth+1)
			}
		}
	}
}
