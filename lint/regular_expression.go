package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/regex"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

var regularExpressionCheck = &Check{
	ID:       "regular-expression",
	Severity: Error,
	Summary:  "A regular expression that its engine refuses, or reads otherwise than it is meant",
	Rationale: `Each product has an engine of its own. Kusto's, which was RE2, has no look-around; Splunk's is PCRE; the one that EQL, ES|QL
and Elastic's queries share is Lucene's, which compares an expression with the whole value, has no anchors and takes
` + "`^`, `$`, `\\b` and `(?i)`" + ` for characters to find. An expression that the engine refuses is an error: the rule does not run.
What it only reads otherwise is a warning:

- a backslash before a folder, as in ` + "`C:\\Windows`" + `, begins an escape; a path needs two;
- what can be found in an empty text is found in every one, so the comparison says nothing;
- between two bars stands an empty alternative, and Lucene takes the second bar for a character;
- what Lucene compares with the whole of a command line or an address, and is one word without a wildcard, is found in none
  that has more in it;
- anchors, groups that begin with a question mark and escapes that Lucene does not have.

Expressions of more than 64 kB are not looked into, nor are those that the query computes.
Those that take values apart (` + "`rex`, `extract`, `replace_regex`" + ` and their like) are asked only whether the engine takes them. That an expression of Sigma cannot
be compiled is reported as ` + "`syntax`" + `, since the rule cannot be converted then.`,
	Bad:  exampleElastic("An Unanchored Expression", `process.name : "example-tool.exe"`, `process.command_line regex~ """^example-tool (a|b)$"""`),
	Good: exampleElastic("An Expression Of The Whole Value", `process.name : "example-tool.exe"`, `process.command_line regex~ """example-tool (a|b)"""`),
	More: func() []Example {
		return []Example{
			inLucene("An Unanchored Expression", `process.command_line : /^example-tool (a|b)/`, `process.command_line : /example-tool (a|b)/`),
			inESQL("An Unanchored Expression", `| where process.command_line rlike "^example-tool (a|b)$"`, `| where process.command_line rlike "example-tool (a|b)"`),
			inSigma("A Folder In An Expression", `    selection:
        Image|re: 'C:\\Users\\[^\\]+\temp\\'
    condition: selection
`, `    selection:
        Image|re: 'C:\\Users\\[^\\]+\\temp\\'
    condition: selection
`),
			contrast(exampleSplunk, "An Expression That Asks For Nothing", "| `drop_dm_object_name", "| regex Processes.process_name=\"(tool)*\" | `drop_dm_object_name", "| regex Processes.process_name=\"(tool)+\" | `drop_dm_object_name"),
			inKQL("An Expression With Look-Around", `| where ProcessCommandLine matches regex @"example-tool (?!-help)"`, "| where ProcessCommandLine has \"example-tool\"\n  | where ProcessCommandLine !contains \"-help\""),
		}
	},
	Without: map[rule.Language]string{"kuery": "Kuery has no regular expressions"},
	Rule:    regularExpression,
}

// dialects are the engines of the languages that have expressions.
var dialects = map[rule.Language]regex.Dialect{
	"sigma": regex.Perl, "spl": regex.Perl, "kusto": regex.Kusto, "eql": regex.Lucene, "esql": regex.Lucene, "lucene": regex.Lucene, "kuery": regex.Lucene,
}

func regularExpression(p *Pass) {
	p.calledExpressions()
	any := false
	for i := range p.Predicates {
		any = any || p.Predicates[i].Operator == rule.Regex
	}
	dialect, known := dialects[p.Language]
	if !any || !known {
		return
	}
	rule.Walk(p.Condition, func(c rule.Condition) bool {
		predicate, ok := c.(*rule.Predicate)
		if !ok || predicate.Operator != rule.Regex || p.Language == "sigma" && regex.Broken(predicate.Pattern) != "" {
			return true
		}
		for _, problem := range regex.Look(predicate.Pattern, dialect) {
			f := p.Report(p.within(predicate, problem), predicate.Field.Value+":"+predicate.Value+":"+problem.Message, "regular expression: %s", problem.Message)
			if !problem.Fatal {
				f.Severity = Warning
			}
		}
		if (p.Language == "eql" || p.Language == "esql") && regex.FitsAny(predicate.Pattern) {
			f := p.Report(predicate.Span, predicate.Field.Value+":"+predicate.Value+":any", "regular expression: the expression matches whatever the field holds")
			f.Severity = Warning
		}
		if dialect == regex.Lucene && wholeLines[predicate.Field.Value] {
			if text, ok := regex.Literal(predicate.Pattern); ok && !strings.ContainsAny(text, ` /\`) {
				f := p.Report(predicate.Span, predicate.Field.Value+":"+predicate.Value+":literal",
					"regular expression: it is compared with the whole value and has no wildcard, so it finds %s only where nothing else stands in %s; expected %s",
					quote(text), predicate.Field.Value, quote(".*"+predicate.Pattern+".*"))
				f.Severity = Warning
			}
		}
		return true
	})
}

// wholeLines are fields with more than one word in them: who looks for one word
// there means it as a part.
var wholeLines = map[string]bool{
	"process.command_line": true, "process.parent.command_line": true, "url.full": true, "url.original": true, "user_agent.original": true,
}

// calledExpressions looks at the expressions that a query takes values apart
// with, which select no events.
func (p *Pass) calledExpressions() {
	tell := func(at rule.Span, written string, problem *regex.Problem) {
		if problem != nil {
			p.Report(at, written+":"+problem.Message, "regular expression: %s", problem.Message)
		}
	}
	if p.Broken {
		return
	}
	switch doc := p.Syntax.(type) {
	case *splunk.Document:
		if doc.Query == nil {
			return
		}
		for _, e := range doc.Query.Expressions() {
			// Whether Splunk takes one of two backslashes away depends on the command.
			if regex.Refused(e.Pattern, regex.Perl) != nil {
				tell(doc.Place(e.Span), e.Written, regex.Refused(e.Written, regex.Perl))
			}
		}
	case *kusto.Document:
		if doc.KQL == nil {
			return
		}
		for _, e := range doc.KQL.Expressions() {
			tell(doc.Place(e.Span), e.Written, regex.Refused(e.Pattern, regex.Kusto))
		}
	}
}

// within is where a problem of an expression stands, or the whole value where
// the file spells the expression in another way.
func (p *Pass) within(predicate *rule.Predicate, problem regex.Problem) rule.Span {
	source := p.source(predicate.Span)
	start := strings.Index(source, predicate.Pattern)
	if start < 0 || predicate.Pattern == "" {
		return predicate.Span
	}
	at := predicate.Span.Start + int32(start)
	return rule.Span{Start: at + int32(problem.Offset), End: at + int32(problem.End)}
}
