package elastic

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/jsondoc"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// ParseJSON reads the rules of a JSON file: one rule, a list of rules, or one
// rule a line, in the forms that Kibana exports, its API takes and answers, its
// saved objects have, and that of the package of prebuilt rules. Lines about
// exceptions and the summary of an export are no rules.
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
		everyValue(f, true)
	}
	return f
}

// everyValue reads the values of a file, whether there is one or several.
// comments is set where they may stand between its values.
func everyValue(f *rule.File, comments bool) {
	data := f.Source.Data
	end := int32(len(data))
	for start := int32(0); start < end; {
		root, rest, err := jsondoc.First(data, rule.Span{Start: start, End: end})
		if err != nil {
			// Files of settings have comments, which JSON has not, and no
			// rules.
			if comments && !f.Recognized {
				if plain, ok := jsondoc.Uncomment(data[start:]); ok {
					other := &rule.File{Source: rule.NewSource(f.Source.Path, plain)}
					if everyValue(other, false); !other.Recognized {
						return
					}
				}
			}
			fail(f, err)
			return
		}
		collect(f, root, 0)
		start = rest
	}
}

// maxBroken is how many lines that are not JSON are reported one by one.
const maxBroken = 100

// everyLine reads a value from each line, so that a broken one costs no other.
func everyLine(f *rule.File) {
	data := f.Source.Data
	var broken int
	var last rule.Span
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
				if broken++; broken <= maxBroken {
					fail(f, err)
				}
				last = err.Span
			}
		}
		start = end + 1
	}
	if more := broken - maxBroken; more > 0 {
		f.Problems = append(f.Problems, rule.Problem{Span: last, Message: fmt.Sprintf("not JSON: so are %d more lines, of which this is the last", more), RuleIndex: -1})
	}
}

func fail(f *rule.File, err *tree.Error) {
	f.Recognized = true
	f.Problems = append(f.Problems, rule.Problem{Span: err.Span, Message: err.Message, RuleIndex: -1})
}

// MentionsRule reports whether the text of a JSON file may have rules in it. It
// spares other files a parse.
func MentionsRule(data []byte) bool {
	has := func(key string) bool { return bytes.Contains(data, []byte(`"`+key+`"`)) }
	if !has("rule_id") && !has("ruleId") {
		return has("risk_score") && has("severity") && has("type")
	}
	return slices.ContainsFunc(ownKeys, has) || has("riskScore")
}

// ownKeys are attributes of which every rule has some beside its id.
var ownKeys = []string{"risk_score", "severity", "query", "machine_learning_job_id"}

// types are the types of rules that the detection engine has.
var types = []string{"eql", "esql", "machine_learning", "new_terms", "query", "saved_query", "threat_match", "threshold"}

// isExport tells rules from other objects, such as exceptions and alerts. The
// API takes a rule without an id and makes one up.
func isExport(n *tree.Node) bool {
	if n.Get("rule_id") == nil {
		return n.Get("name") != nil && n.Get("risk_score") != nil && n.Get("severity") != nil && slices.Contains(types, n.Get("type").Text().Value)
	}
	if n.Get("type") == nil && n.Get("query") == nil {
		return false
	}
	return slices.ContainsFunc(ownKeys, func(key string) bool { return n.Get(key) != nil })
}

// isSaved tells the rules among Kibana's saved objects.
func isSaved(n *tree.Node) bool {
	params := n.Get("attributes").Get("params")
	return n.Get("type").Text().Value == "alert" && slices.Contains(types, params.Get("type").Text().Value) &&
		(params.Get("ruleId") != nil || params.Get("riskScore") != nil)
}

// wrappings are the keys under which rules stand: of an answer of the API, of a
// list of saved objects, and of what people wrap rules in.
var wrappings = []string{"attributes", "data", "items", "objects", "rule", "rules", "saved_objects"}

// maxWrappings is how many lists and objects a rule may be wrapped in.
const maxWrappings = 5

// collect finds the rules in a JSON value: the value itself, the elements of a
// list, and what is wrapped in objects.
func collect(f *rule.File, n *tree.Node, depth int) {
	switch {
	case depth > maxWrappings:
	case n.Kind == tree.Sequence:
		for _, item := range n.Content {
			collect(f, item, depth+1)
		}
	case n.Kind != tree.Mapping:
	case isExport(n):
		export(f, n, n)
	case isSaved(n):
		export(f, n, unsaved(n.Get("attributes")))
	default:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if slices.Contains(wrappings, n.Content[i].Value) {
				collect(f, n.Content[i+1], depth+1)
			}
		}
	}
}

// export reads the rule of a node, whose attributes are those of table.
func export(f *rule.File, n, table *tree.Node) {
	f.Recognized = true
	p := newRule(f, n.Span, jsondoc.Offsets)
	p.doc = &Document{Shape: Export, Rule: table}
	p.parse(table)
}

// unsaved gives the attributes of a saved object the names they have in an
// export: the parameters of its type are in camel case there, and its schedule
// stands beside them.
func unsaved(attributes *tree.Node) *tree.Node {
	out := &tree.Node{Kind: tree.Mapping, Style: tree.Flow, Span: attributes.Span}
	add := func(name string, from *tree.Node, key string) {
		for i := 0; i+1 < len(from.Content); i += 2 {
			if k := from.Content[i]; k.Value == key {
				renamed := *k
				renamed.Value = name
				out.Content = append(out.Content, &renamed, from.Content[i+1])
			}
		}
	}
	for _, key := range []string{"name", "tags", "enabled"} {
		add(key, attributes, key)
	}
	if schedule := attributes.Get("schedule"); schedule != nil && schedule.Kind == tree.Mapping {
		add("interval", schedule, "interval")
	}
	params := attributes.Get("params")
	for i := 0; i+1 < len(params.Content); i += 2 {
		renamed := *params.Content[i]
		renamed.Value = snakeCase(renamed.Value)
		out.Content = append(out.Content, &renamed, params.Content[i+1])
	}
	return out
}

func snakeCase(s string) string {
	var b strings.Builder
	for _, c := range s {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}
