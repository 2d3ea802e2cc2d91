package lint

import (
	"slices"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// onlySigma are the vendors of checks that look at how a Sigma rule is written.
var onlySigma = []rule.Vendor{rule.Sigma}

// document is the syntax tree of a Sigma rule; nil when there is none.
func document(p *Pass) *sigma.Document {
	doc, _ := p.Syntax.(*sigma.Document)
	return doc
}

// entry returns the key and the value of a mapping's entry, nil when there is
// none.
func entry(n *tree.Node, key string) (k, v *tree.Node) {
	if n == nil || n.Kind != tree.Mapping {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Kind == tree.Scalar && n.Content[i].Value == key {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// misspelled returns the key of a mapping that was meant to be the attribute,
// which the mapping does not have. Keys in known are attributes themselves.
func misspelled(n *tree.Node, attribute string, known map[string]bool) *tree.Node {
	if n == nil || n.Kind != tree.Mapping {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; k.Kind == tree.Scalar && !known[k.Value] && meansKey(k.Value, attribute) {
			return k
		}
	}
	return nil
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// The attributes that the specification has, by where they stand. SigmaHQ's
// own additions are among them, so that nothing is taken for a misspelling of
// the others because of them.
var (
	commonAttributes = []string{
		"title", "id", "name", "related", "taxonomy", "status", "description", "license", "references", "author",
		"date", "modified", "tags", "level", "fields", "falsepositives", "scope", "action", "sigma-version",
		"custom_attributes", "simulation", "regression_tests_path", "enrichment",
	}
	ruleAttributes = map[rule.Kind]map[string]bool{
		rule.Detection:   set(append(slices.Clip(commonAttributes), "logsource", "detection")...),
		rule.Correlation: set(append(slices.Clip(commonAttributes), "correlation", "generate")...),
		rule.Filter:      set(append(slices.Clip(commonAttributes), "logsource", "filter")...),
	}
	logsourceAttributes   = set("category", "product", "service", "definition")
	correlationAttributes = set("type", "rules", "group-by", "timespan", "condition", "aliases", "generate", "window", "gap")
)

// isBlank reports whether an attribute says nothing.
func isBlank(n *tree.Node) bool {
	if n == nil {
		return true
	}
	if n.Kind != tree.Scalar {
		return len(n.Content) == 0
	}
	for i := range len(n.Value) {
		if n.Value[i] > ' ' {
			return n.Tag == tree.Null
		}
	}
	return true
}
