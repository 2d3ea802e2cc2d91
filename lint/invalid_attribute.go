package lint

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

var invalidAttributeCheck = &Check{
	ID:       "invalid-attribute",
	Severity: Error,
	Summary:  "An attribute has a value that the specification does not allow",
	Rationale: `Tools sort, filter and deploy rules by status, level and date, and follow related rules by id. They leave out what
they cannot read, some of them without a word: a rule with the level ` + "`hgih`" + ` alerts nobody.

Values that most tools still understand are a warning: another letter case, a date with slashes (the form before
Sigma 2), an id that is no UUID, and a logsource that is not in lower case. Converters compare logsources letter by
letter, so ` + "`product: Windows`" + ` gets none of the field mappings of ` + "`windows`" + `.

In a rule of Elastic these are the severity, the type and the language that goes with it, the risk score and other
numbers, dates in the form YYYY/MM/DD, and times such as ` + "`now-9m`" + `. Kibana refuses what it cannot read, and with it the
whole import.

In a rule of Splunk's contentctl these are the version, the status, the type, the security domain, the confidence, the
impact and the scores, CVE ids and the types of risk and threat objects. contentctl builds no app from a repository with
such a rule. It computes the risk score from confidence and impact, whatever the file says, so one that differs is a
warning.

In a rule of Sentinel these are the severity, the kind, the trigger, the tactics, times such as ` + "`1h`" + ` (` + "`PT1H`" + ` in templates, which
are sent as they are), a version of the form 1.2.3, and the lengths that it takes. A sub-technique belongs in
` + "`subTechniques`" + ` there; in YAML both stand in ` + "`relevantTechniques`" + `.`,
	Bad: `title: Archive tool writes to a share
id: 5d1f4a3b-0f5a-4a5c-8f0e-2c9d8b7a6e02
status: testing
date: 2025-02-30
related:
    - id: 1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d
      type: obsoletes
logsource:
    category: process_creation
    product: Windows
detection:
    selection:
        Image|endswith: '\arc.exe'
        CommandLine|contains: ' \\'
    condition: selection
level: hgih
`,
	Good: `title: Archive tool writes to a share
id: 5d1f4a3b-0f5a-4a5c-8f0e-2c9d8b7a6e02
status: test
date: 2025-02-28
related:
    - id: 1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d
      type: obsolete
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\arc.exe'
        CommandLine|contains: ' \\'
    condition: selection
level: high
`,
	More: func() []Example {
		return []Example{
			contrast(exampleElastic, "Tool Started", `severity = "medium"`, `severity = "meduim"`, `severity = "medium"`),
			contrast(exampleSplunk, "Tool Started", "status: production", "status: prodution", "status: production"),
			contrast(exampleKusto, "Tool Started", "severity: Medium", "severity: Critical", "severity: High"),
		}
	},
	Rule: invalidAttribute,
}

var (
	statuses     = []string{"stable", "test", "experimental", "deprecated", "unsupported"}
	levels       = []string{"informational", "low", "medium", "high", "critical"}
	relatedTypes = []string{"derived", "obsolete", "merged", "renamed", "similar", "correlation"}
)

// maxTitle is the longest title that the specification allows, in characters.
const maxTitle = 256

// sigmaMajor is the major version of the specification that is read.
const sigmaMajor = 2

func invalidAttribute(p *Pass) {
	if doc := elasticDocument(p); doc != nil {
		invalidElastic(p, doc)
		return
	}
	if doc := splunkDocument(p); doc != nil {
		invalidSplunk(p, doc)
		return
	}
	if doc := kustoDocument(p); doc != nil {
		invalidKusto(p, doc)
		return
	}
	doc := document(p)
	if doc == nil {
		return
	}
	if n := utf8.RuneCountInString(p.Title.Value); n > maxTitle {
		p.Report(p.Title.Span, "title", "title has %d characters, expected at most %d", n, maxTitle)
	}
	p.word("status", p.Status, statuses)
	p.word("level", p.LevelText, levels)
	p.date("date", p.Date)
	p.date("modified", p.Modified)
	if id := p.ID.Value; id != "" && !isUUID(id) {
		p.Report(p.ID.Span, "id:"+id, "id %q is no UUID, expected the form 01234567-89ab-cdef-0123-456789abcdef", id).Severity = Warning
	}
	for _, r := range p.Related {
		p.relatedRule(r)
	}
	for _, part := range []struct {
		name string
		text rule.Text
	}{{"category", p.Logsource.Category}, {"product", p.Logsource.Product}, {"service", p.Logsource.Service}} {
		p.logsourceValue(part.name, part.text)
	}
	if _, v := entry(doc.Root, "sigma-version"); v != nil && v.Kind == tree.Scalar {
		p.sigmaVersion(v)
	}
}

// word reports a value that is not in a vocabulary.
func (p *Pass) word(attribute string, t rule.Text, vocabulary []string) {
	if strings.TrimSpace(t.Value) == "" {
		return
	}
	for _, w := range vocabulary {
		if w == t.Value {
			return
		}
	}
	meant := near.Word(strings.TrimSpace(t.Value), vocabulary)
	value := attribute + ":" + t.Value
	if meant == "" {
		p.Report(t.Span, value, "%s %q is unknown, expected one of %s", attribute, t.Value, strings.Join(vocabulary, ", "))
		return
	}
	f := p.Report(t.Span, value, "%s %q is unknown, did you mean %q?", attribute, t.Value, meant)
	if strings.EqualFold(meant, t.Value) {
		f.Message = attribute + " " + quote(t.Value) + " is not in lower case, expected " + quote(meant)
		if meant != strings.ToLower(meant) {
			f.Message = attribute + " " + quote(t.Value) + " is written in another letter case, expected " + quote(meant)
		}
		f.Severity = Warning
	}
	p.fixIn(f, t.Span, t.Value, meant)
}

func (p *Pass) relatedRule(r rule.Related) {
	switch {
	case r.ID.Value == "":
		p.Report(r.ID.Span, "related:"+r.Type.Value, `an entry of related has no "id"`)
	case !isUUID(r.ID.Value):
		p.Report(r.ID.Span, "related:"+r.ID.Value, "related id %q is no UUID", r.ID.Value).Severity = Warning
	}
	if r.Type.Value == "" {
		p.Report(r.Type.Span, "related:"+r.ID.Value, `an entry of related has no "type", expected one of %s`, strings.Join(relatedTypes, ", "))
		return
	}
	p.word("related type", r.Type, relatedTypes)
}

// misspelledLogsource reports a value that is nearly one of those that Sigma
// names. Values that resemble none are somebody's own.
func (p *Pass) misspelledLogsource(attribute string, t rule.Text) {
	names := normalize.LogsourceNames(attribute)
	if len(t.Value) < 6 || slices.Contains(names, t.Value) {
		return
	}
	meant := near.Word(strings.ReplaceAll(t.Value, "-", "_"), names)
	if meant == "" || near.Distance(t.Value, meant) > 2 {
		return
	}
	f := p.Report(t.Span, "logsource."+attribute+":"+t.Value, "logsource %s %q is not one that Sigma names, did you mean %q?", attribute, t.Value, meant)
	f.Severity = Warning
	p.fixIn(f, t.Span, t.Value, meant)
}

// logsourceValue reports a value that converters do not recognize because of
// its case or its spaces. Other taxonomies than Sigma's own may use any case.
func (p *Pass) logsourceValue(attribute string, t rule.Text) {
	lower := strings.ReplaceAll(strings.ToLower(t.Value), " ", "_")
	if document(p).Root.Get("taxonomy") != nil {
		return
	}
	if lower == t.Value {
		p.misspelledLogsource(attribute, t)
		return
	}
	f := p.Report(t.Span, "logsource."+attribute+":"+t.Value, "logsource %s %q is not written in lower case without spaces, expected %q", attribute, t.Value, lower)
	f.Severity = Warning
	p.fixIn(f, t.Span, t.Value, lower)
}

func (p *Pass) sigmaVersion(v *tree.Node) {
	major, _, _ := strings.Cut(strings.TrimPrefix(v.Value, "v"), ".")
	switch n, err := strconv.Atoi(major); {
	case err != nil || n < 1:
		p.Report(v.Span, "sigma-version:"+v.Value, "sigma-version %q is no version, expected a number such as %d", v.Value, sigmaMajor)
	case n > sigmaMajor:
		p.Report(v.Span, "sigma-version:"+v.Value, "sigma-version %q is newer than the %d that detlint reads, so the rule may mean something else than it says here", v.Value, sigmaMajor)
	}
}

// isUUID reports whether s is 32 hexadecimal digits in groups of 8, 4, 4, 4
// and 12.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F':
		default:
			return false
		}
	}
	return true
}
