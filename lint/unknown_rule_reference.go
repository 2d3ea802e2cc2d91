package lint

import (
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var unknownRuleReferenceCheck = &Check{
	ID:       "unknown-rule-reference",
	Severity: Warning,
	Vendors:  onlySigma,
	Summary:  "A correlation or filter is about a rule that the repository does not have",
	Rationale: `A correlation of a rule that is not there counts nothing, and a filter for one filters nothing; converters stop at it.
Most often the rule was removed, or got a new id, after the correlation was written. Rules are looked up by ` + "`id`" + ` and
by ` + "`name`" + `.

For filters it is only information: a repository of filters for rules that are kept elsewhere is a common thing.`,
	Bad: `title: Logon after many failures
id: 1a2b3c4d-5e6f-4708-9a1b-012345678926
status: test
correlation:
    type: temporal_ordered
    rules:
        - many_failures
        - sucessful_logon
    group-by:
        - TargetUserName
    timespan: 1h
level: high
---
title: Several failed logons
name: many_failures
logsource:
    product: windows
    service: security
detection:
    selection:
        EventID: 4625
    condition: selection
---
title: Logon
name: successful_logon
logsource:
    product: windows
    service: security
detection:
    selection:
        EventID: 4624
    condition: selection
`,
	Good: `title: Logon after many failures
id: 1a2b3c4d-5e6f-4708-9a1b-012345678926
status: test
correlation:
    type: temporal_ordered
    rules:
        - many_failures
        - successful_logon
    group-by:
        - TargetUserName
    timespan: 1h
level: high
---
title: Several failed logons
name: many_failures
logsource:
    product: windows
    service: security
detection:
    selection:
        EventID: 4625
    condition: selection
---
title: Logon
name: successful_logon
logsource:
    product: windows
    service: security
detection:
    selection:
        EventID: 4624
    condition: selection
`,
	Repository: unknownRuleReference,
}

func unknownRuleReference(p *RepositoryPass) {
	var known map[string]bool
	var names []string
	for i := range p.Rules {
		s := &p.Rules[i]
		if len(s.RuleReferences) == 0 {
			continue
		}
		if known == nil {
			known, names = ruleNames(p.Rules)
		}
		for _, ref := range s.RuleReferences {
			if !known[strings.ToLower(ref.Value)] {
				p.unknownReference(s, ref, names)
			}
		}
	}
}

// ruleNames collects what Sigma rules can be referred to by; names leaves the
// ids out, which nobody misspells by a letter.
func ruleNames(rules []normalize.Summary) (known map[string]bool, names []string) {
	known = make(map[string]bool, len(rules))
	for i := range rules {
		s := &rules[i]
		if s.Vendor != rule.Sigma {
			continue
		}
		known[strings.ToLower(s.ID.Value)] = true
		if s.Name != "" && !known[strings.ToLower(s.Name)] {
			known[strings.ToLower(s.Name)] = true
			names = append(names, s.Name)
		}
	}
	return known, names
}

func (p *RepositoryPass) unknownReference(s *normalize.Summary, ref normalize.Located, names []string) {
	by := "name"
	meant := ""
	if isUUID(ref.Value) {
		by = "id"
	} else {
		meant = near.Word(ref.Value, names)
	}
	f := p.Report(s, ref.Range, strings.ToLower(ref.Value), "the %s is about a rule with the %s %q, which the repository does not have", s.Kind, by, ref.Value)
	if meant != "" {
		f.Message += ", did you mean " + quote(meant) + "?"
	}
	if s.Kind == rule.Filter {
		f.Severity = Info
	}
}
