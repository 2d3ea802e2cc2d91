package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

var requiredAttributeCheck = &Check{
	ID:       "required-attribute",
	Severity: Error,
	Summary:  "The rule lacks an attribute that it cannot be converted without",
	Rationale: `A Sigma rule needs a title, a logsource that names at least one of category, product and service, and a detection
with a condition and something for it to choose from. A correlation needs a type, the rules it correlates, a timespan
and, unless it is temporal, a condition. A filter needs a logsource, the rules it narrows, a selection and a condition.
Without one of them converters refuse the rule, or it runs against every log there is.

Two things are a warning, since converters do without them: an ` + "`id`" + `, by which other rules, suppressions and the
history of a repository know the rule (a rule with a ` + "`name`" + ` may leave it out), and the ` + "`group-by`" + ` of a correlation,
without which all users and all hosts count together.

A rule of Elastic needs a name, a description, a type, a severity, a risk score and an id, and what its type is about: a
query, a threshold, the fields of its new terms, a machine learning job. Kibana refuses to import it otherwise.

A rule of Splunk's contentctl needs a name, an id, a version, a date, an author, a status, a type, a description, what
to do to use it, known false positives, and tags with a story, an asset type, products and a security domain. contentctl
builds no app otherwise; all but the name are a warning, since others build apps from the same form without it.

A rule of Sentinel needs an id, a name, a kind, a description and a severity, and unless it is near-real-time, how often it
runs, what it looks at and when that is an alert. Techniques need tactics. Each of its required connectors needs an id and
the data types. A hunting query does with an id, a name and a description.`,
	Bad: `title: Service account runs a shell
id: 0c3c7d0e-6f3e-4c7e-9d5c-1b0a4f1d0a01
status: test
logsource:
    definition: Requires command line auditing
detection:
    selection:
        Image|endswith: '/sh'
        User: 'svc-backup'
level: medium
`,
	Good: `title: Service account runs a shell
id: 0c3c7d0e-6f3e-4c7e-9d5c-1b0a4f1d0a01
status: test
logsource:
    category: process_creation
    product: linux
    definition: Requires command line auditing
detection:
    selection:
        Image|endswith: '/sh'
        User: 'svc-backup'
    condition: selection
level: medium
`,
	More: func() []Example {
		return []Example{
			contrast(exampleElastic, "Tool Started", "severity = \"medium\"\n", "", "severity = \"medium\"\n"),
			contrast(exampleSplunk, "Tool Started", "how_to_implement: Collect the creation of processes.\n", "", "how_to_implement: Collect the creation of processes.\n"),
			contrast(exampleKusto, "Tool Started", "triggerThreshold: 0\n", "", "triggerThreshold: 0\n"),
		}
	},
	Rule: requiredAttribute,
}

// requiredAttributes are those that this check asks for, by kind; the check
// unknown-attribute leaves their misspellings to it.
var requiredAttributes = map[rule.Kind]map[string]bool{
	rule.Detection:   set("title", "id", "logsource", "detection"),
	rule.Correlation: set("title", "id", "correlation"),
	rule.Filter:      set("title", "id", "logsource", "filter"),
}

func requiredAttribute(p *Pass) {
	if doc := elasticDocument(p); doc != nil {
		requiredElastic(p, doc)
		return
	}
	if doc := splunkDocument(p); doc != nil {
		requiredSplunk(p, doc)
		return
	}
	if doc := kustoDocument(p); doc != nil {
		requiredKusto(p, doc)
		return
	}
	doc := document(p)
	if doc == nil {
		return
	}
	p.require(doc.Root, ruleAttributes[p.Kind], "title", "")
	if p.ID.Value == "" && p.Name.Value == "" {
		if f := p.require(doc.Root, ruleAttributes[p.Kind], "id", ""); f != nil {
			f.Severity = Warning
			f.Hint = "a random UUID will do"
		}
	}
	switch p.Kind {
	case rule.Detection:
		p.requireLogsource(doc.Root)
		p.requireDetection(doc, "detection")
	case rule.Filter:
		p.requireLogsource(doc.Root)
		p.requireDetection(doc, "filter")
		if _, section := entry(doc.Root, "filter"); section != nil {
			p.require(section, set("condition"), "rules", "filter")
		}
	case rule.Correlation:
		p.requireCorrelation(doc)
	}
}

// require reports an attribute that a mapping lacks or leaves empty. section
// is the name of the mapping, empty for the rule. A value of the wrong kind is
// for the check syntax.
func (p *Pass) require(n *tree.Node, known map[string]bool, attribute, section string) *Finding {
	k, v := entry(n, attribute)
	owner, value := "the rule", attribute
	if section != "" {
		owner, value = section, section+"."+attribute
	}
	switch {
	case k != nil && isBlank(v):
		return p.Report(k.Span, value, "%q is empty", attribute)
	case k != nil:
		return nil
	}
	if wrong := misspelled(n, attribute, known); wrong != nil {
		f := p.Report(wrong.Span, value, "%s has no %q, was %q meant to be it?", owner, attribute, wrong.Value)
		p.fixIn(f, wrong.Span, wrong.Value, attribute)
		return f
	}
	return p.Report(p.anchor(n, section), value, "%s has no %q", owner, attribute)
}

// anchor is where something that is missing would stand: the key of its
// section, or the first line of the rule.
func (p *Pass) anchor(n *tree.Node, section string) rule.Span {
	root := p.rootNode()
	if k, _ := entry(root, section); k != nil {
		return k.Span
	}
	if n != nil && n.Kind == tree.Mapping && len(n.Content) > 0 {
		return n.Content[0].Span
	}
	return rule.Span{Start: p.Span.Start, End: p.Span.Start}
}

// rootNode is the mapping that the rule is, in YAML.
func (p *Pass) rootNode() *tree.Node {
	if doc := splunkDocument(p); doc != nil {
		return doc.Root
	}
	return document(p).Root
}

func (p *Pass) requireLogsource(root *tree.Node) {
	if p.require(root, ruleAttributes[p.Kind], "logsource", "") != nil {
		return
	}
	k, v := entry(root, "logsource")
	if v.Kind != tree.Mapping {
		return
	}
	for _, attribute := range []string{"category", "product", "service"} {
		if _, part := entry(v, attribute); !isBlank(part) || misspelled(v, attribute, logsourceAttributes) != nil {
			return
		}
	}
	p.Report(k.Span, "logsource.empty", `"logsource" names no log, expected at least one of "category", "product" and "service"`)
}

func (p *Pass) requireDetection(doc *sigma.Document, section string) {
	if p.require(doc.Root, ruleAttributes[p.Kind], section, "") != nil {
		return
	}
	k, v := entry(doc.Root, section)
	if v.Kind != tree.Mapping {
		return
	}
	if len(doc.Selections) == 0 {
		p.Report(k.Span, section+".selection", "%q has no selection for the condition to choose from", section)
	}
	// A selection may have any name, so only the plainest slips are taken
	// for the condition.
	k, v = entry(v, "condition")
	if k == nil {
		for _, sel := range doc.Selections {
			if meansKey(sel.Name.Value, "condition") && sel.Node.Kind == tree.Scalar {
				f := p.Report(sel.Name.Span, section+".condition", `%s has no "condition", was %q meant to be it?`, section, sel.Name.Value)
				p.fixIn(f, sel.Name.Span, sel.Name.Value, "condition")
				return
			}
		}
		p.Report(p.anchor(nil, section), section+".condition", `%s has no "condition"`, section)
		return
	}
	if isBlank(v) {
		p.Report(k.Span, section+".condition", `"condition" is empty`)
	}
}

func (p *Pass) requireCorrelation(doc *sigma.Document) {
	if p.require(doc.Root, ruleAttributes[p.Kind], "correlation", "") != nil {
		return
	}
	_, section := entry(doc.Root, "correlation")
	if section.Kind != tree.Mapping {
		return
	}
	p.require(section, correlationAttributes, "type", "correlation")
	temporal := strings.HasPrefix(strings.ToLower(doc.Correlation.Type.Value), "temporal")
	extended := doc.Correlation.Condition != nil && doc.Correlation.Condition.Kind == tree.Scalar
	// The condition of a temporal correlation may name the rules itself.
	if !temporal || !extended {
		p.require(section, correlationAttributes, "rules", "correlation")
	}
	if wrong, _ := entry(section, "timeframe"); wrong != nil && section.Get("timespan") == nil {
		f := p.Report(wrong.Span, "correlation.timespan", `correlation has no "timespan", was "timeframe" meant to be it?`)
		p.fixIn(f, wrong.Span, "timeframe", "timespan")
	} else {
		p.require(section, correlationAttributes, "timespan", "correlation")
	}
	if f := p.require(section, correlationAttributes, "group-by", "correlation"); f != nil {
		f.Severity = Warning
	}
	if !temporal {
		p.require(section, correlationAttributes, "condition", "correlation")
	}
}
