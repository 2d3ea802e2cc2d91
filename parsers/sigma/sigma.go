// Package sigma reads Sigma rules, correlation rules and filters as the Sigma
// specification 2.1 has them: files with several documents, global documents,
// every modifier and every condition.
package sigma

import (
	"bytes"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// ParseYAML adds the rules of a file's YAML documents to it. A file that is not
// about Sigma at all is not Recognized; a broken document does not stop the
// others.
func ParseYAML(f *rule.File, docs []yamldoc.Document) {
	p := &fileParser{file: f, src: f.Source}
	for _, doc := range docs {
		p.document(doc)
	}
}

// Mentions reports whether the text of a YAML file may have Sigma rules in it.
// It spares other files a parse.
func Mentions(data []byte) bool {
	for _, key := range []string{"etection", "ogsource", "orrelation", "ilter", "\nstatus", "\nlevel"} {
		if bytes.Contains(data, []byte(key)) {
			return true
		}
	}
	return false
}

// fileParser collects the rules of one file.
type fileParser struct {
	src  *rule.Source
	file *rule.File
	// global is what "action: global" documents add to those after them, and
	// previous the last rule, for "action: repeat".
	global, previous *tree.Node
	// shared are the places of the global documents in force.
	shared []rule.Span
	// repeated are the parts of the last rule.
	repeated []rule.Span
}

func (p *fileParser) problem(sp rule.Span, warning bool, message string) {
	p.file.Problems = append(p.file.Problems, rule.Problem{
		Span: sp, Message: message, Warning: warning, RuleIndex: -1,
	})
}

func (p *fileParser) document(doc yamldoc.Document) {
	if doc.Err != nil {
		if LooksLikeRule(p.src.Data[doc.Span.Start:doc.Span.End]) {
			p.file.Recognized = true
			p.problem(doc.Err.Span, false, doc.Err.Message)
		}
		return
	}
	root := doc.Root
	if root != nil && root.Kind == tree.Sequence && len(root.Content) > 0 && root.Content[0].Kind == tree.Mapping {
		if _, ok := recognize(root.Content[0]); ok {
			p.file.Recognized = true
			p.problem(root.Content[0].Span, false, "a list of rules is not a rule file, expected one document for each rule, with --- between them")
		}
		return
	}
	if root == nil || root.Kind != tree.Mapping {
		return
	}
	var repeated []rule.Span
	action := root.Get("action")
	if action != nil && p.isPartial(root) {
		switch action.Value {
		case "global":
			p.file.Recognized = true
			p.global = merge(p.global, root)
			p.shared = append(p.shared, doc.Span)
			return
		case "reset":
			p.global, p.shared = nil, nil
			return
		case "repeat":
			root = merge(p.previous, root)
			repeated = p.repeated
		}
	}
	if p.global != nil {
		root = merge(p.global, root)
	}
	kind, ok := recognize(root)
	if !ok {
		return
	}
	p.file.Recognized = true
	p.previous = root
	r := &rule.Rule{
		Source: p.src, Index: len(p.file.Rules), Span: p.src.Trimmed(doc.Span), Parts: slices.Concat([]rule.Span{afterMarker(p.src.Data, doc.Span)}, p.shared, repeated),
		Vendor: rule.Sigma, Language: "sigma", Kind: kind,
	}
	p.repeated = r.Parts
	p.file.Rules = append(p.file.Rules, r)
	b := &ruleParser{src: p.src, file: p.file, rule: r, doc: &Document{Root: root}}
	b.parse()
}

// isPartial reports whether a document with an action belongs to a rule
// collection, as what else it says shows.
func (p *fileParser) isPartial(root *tree.Node) bool {
	if p.global != nil || p.previous != nil || root.Get("detection") != nil || root.Get("logsource") != nil {
		return true
	}
	for _, key := range commonKeys {
		if root.Get(key) != nil {
			return true
		}
	}
	return false
}

// afterMarker is a document without the rest of the line of its marker, so that
// the first document of a file reads as any other.
func afterMarker(data []byte, sp rule.Span) rule.Span {
	if sp.Start > 0 {
		if rest := data[sp.Start:sp.End]; bytes.HasPrefix(rest, []byte("\n")) {
			sp.Start++
		} else if bytes.HasPrefix(rest, []byte("\r\n")) {
			sp.Start += 2
		}
	}
	return sp
}

// commonKeys are attributes that only together say that a mapping is a rule.
var commonKeys = []string{
	"title", "id", "status", "description", "level", "falsepositives", "tags", "author", "date", "references",
}

// recognize tells rules from other mappings. What looks like a rule and lacks
// a part is recognized, so that the part can be asked for; so are keys in the
// wrong letter case.
func recognize(root *tree.Node) (rule.Kind, bool) {
	keys := map[string]*tree.Node{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		keys[strings.ToLower(root.Content[i].Value)] = root.Content[i+1]
	}
	common := 0
	for _, key := range commonKeys {
		if keys[key] != nil {
			common++
		}
	}
	detection, logsource := keys["detection"], keys["logsource"]
	correlation, filter := keys["correlation"], keys["filter"]
	switch {
	case detection != nil && (logsource != nil || hasCondition(detection) || common >= 3):
		return rule.Detection, true
	case correlation != nil && (correlation.Kind == tree.Mapping && common >= 1 || common >= 3):
		return rule.Correlation, true
	case filter != nil && (filter.Get("rules") != nil || filter.Get("condition") != nil) && (logsource != nil || common >= 1),
		filter != nil && keys["title"] != nil && keys["id"] != nil && filter.Kind == tree.Mapping:
		return rule.Filter, true
	case logsource != nil && logsource.Kind == tree.Mapping && keys["title"] != nil && common >= 2:
		return rule.Detection, true
	// Only Sigma has all of these together; the sections are misspelled.
	case keys["title"] != nil && keys["id"] != nil && len(keys["id"].Value) == uuidLength && keys["status"] != nil && keys["level"] != nil:
		return rule.Detection, true
	}
	return "", false
}

// uuidLength is that of 01234567-89ab-cdef-0123-456789abcdef.
const uuidLength = 36

// hasCondition reports whether a section has a condition and a selection.
func hasCondition(detection *tree.Node) bool {
	return !detection.Get("condition").IsNull() && len(detection.Content) > 2
}

// LooksLikeRule judges a document that is not YAML by its lines.
func LooksLikeRule(text []byte) bool {
	detection := hasLine(text, "detection:")
	correlation := hasLine(text, "correlation:")
	filter := hasLine(text, "filter:")
	logsource := hasLine(text, "logsource:")
	title := hasLine(text, "title:")
	return detection && (logsource || title) || logsource && title || title && (correlation || filter)
}

func hasLine(text []byte, prefix string) bool {
	return bytes.HasPrefix(text, []byte(prefix)) || bytes.Contains(text, []byte("\n"+prefix))
}

// merge lays the entries of over on those of base; mappings are merged, all
// else is replaced. Neither argument is changed.
func merge(base, over *tree.Node) *tree.Node {
	if base == nil || base.Kind != tree.Mapping || over.Kind != tree.Mapping {
		return over
	}
	out := &tree.Node{Kind: tree.Mapping, Span: over.Span}
	for i := 0; i+1 < len(base.Content); i += 2 {
		key, value := base.Content[i], base.Content[i+1]
		if key.Value == "action" {
			continue
		}
		if o := over.Get(key.Value); o != nil {
			value = merge(value, o)
		}
		out.Content = append(out.Content, key, value)
	}
	for i := 0; i+1 < len(over.Content); i += 2 {
		if key := over.Content[i]; key.Value != "action" && base.Get(key.Value) == nil {
			out.Content = append(out.Content, key, over.Content[i+1])
		}
	}
	return out
}
