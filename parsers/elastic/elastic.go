// Package elastic reads the rules of Elastic Security's detection engine and
// of Elastic Endpoint: the TOML files of the detection-rules repository, the
// JSON and NDJSON that Kibana exports, and Endpoint's behaviour rules.
package elastic

import (
	"bytes"
	"fmt"
	"strings"

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
	if !isRule(table) {
		if at, message := elsewhere(root); message != "" {
			f.Recognized = true
			f.Problems = append(f.Problems, rule.Problem{Span: at, Message: message, RuleIndex: -1})
			return f
		}
	}
	if table != nil && table.Kind == tree.Sequence && len(table.Content) > 0 && isRule(table.Content[0]) {
		f.Recognized = true
		f.Problems = append(f.Problems, rule.Problem{Span: table.Span, Message: "a list of rules is not a rule file, expected one [rule] in each file", RuleIndex: -1})
		return f
	}
	if !isRule(table) && !(table != nil && table.Kind == tree.Mapping && isMetadata(root.Get("metadata"))) {
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

// elsewhere finds a rule that does not stand in the table "rule", and says
// where it should.
func elsewhere(root *tree.Node) (at rule.Span, message string) {
	if id := root.Get("rule_id"); id != nil {
		return id.Span, `"rule_id" stands above all tables, expected it and the rest of the rule in [rule]`
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, table := root.Content[i], root.Content[i+1]
		switch {
		// TOML has upper and lower case; whoever writes [Rule] means this.
		case strings.EqualFold(key.Value, "rule") && isRule(table), key.Value != "metadata" && isOurs(table):
			return key.Span, fmt.Sprintf("table %q is not read, expected %q", key.Value, "rule")
		case isOurs(table):
			return key.Span, `the rule stands in the table "metadata", expected [rule] before its first attribute`
		}
	}
	return rule.Span{}, ""
}

// isOurs tells rules of the detection engine from everything else by what
// nothing else has.
func isOurs(n *tree.Node) bool {
	return n.Get("rule_id") != nil || n.Get("type") != nil && n.Get("risk_score") != nil
}

// isMetadata reports whether a table is what the rules of a repository have
// beside them.
func isMetadata(n *tree.Node) bool {
	return n.Get("maturity") != nil && n.Get("creation_date") != nil
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
	for line := range bytes.FieldsFuncSeq(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = bytes.TrimLeft(line, " \t[")
		for _, sign := range []string{"rule", "metadata", "rule_id", "risk_score", "query"} {
			if rest, ok := bytes.CutPrefix(line, []byte(sign)); ok && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n].="), rest[0]) >= 0) {
				signs[sign] = true
			}
		}
	}
	return (signs["rule"] || signs["rule_id"] || signs["risk_score"]) && len(signs) > 1
}
