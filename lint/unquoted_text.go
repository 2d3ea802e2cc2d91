package lint

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

var unquotedTextCheck = &Check{
	ID:       "unquoted-text",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "An expression compares a field with a word without quotes, which is a field too",
	Rationale: `In the expressions of ` + "`where`" + ` a word without quotes is a field: ` + "`weekday=Saturday`" + ` compares two fields, and never holds,
since no event has a field of that name. Reported are words that nobody calls a field: the days of the week, the months,
and ` + "`true`, `false`, `yes`, `no`" + `. Other words may be fields of the events.`,
	Bad:  exampleSplunk("Admin Tool", " | `admin", " | eval weekday=strftime(now(), \"%A\") | where weekday=Sunday | `admin"),
	Good: exampleSplunk("Admin Tool", " | `admin", " | eval weekday=strftime(now(), \"%A\") | where weekday=\"Sunday\" | `admin"),
	Rule: unquotedText,
}

// plainWords are words that are texts wherever they are compared with.
var plainWords = set(
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	"january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
	"true", "false", "yes", "no",
)

func unquotedText(p *Pass) {
	doc := splunkDocument(p)
	if doc == nil || doc.Query == nil || p.Broken {
		return
	}
	rule.Walk(p.Condition, func(c rule.Condition) bool {
		predicate, ok := c.(*rule.Predicate)
		if !ok || predicate.Operator != rule.FieldEq || !plainWords[strings.ToLower(predicate.Value)] || contains(doc.Query.Columns, predicate.Value) {
			return true
		}
		source := p.source(predicate.Span)
		if !strings.Contains(source, predicate.Value) {
			return true // a macro's
		}
		f := p.Report(predicate.Span, predicate.Field.Value+":"+predicate.Value, "%q without quotes is a field, and no text to compare with", predicate.Value)
		if source == predicate.Value && doc.Search != nil && !strings.HasPrefix(p.source(doc.Search.Span), `"`) {
			f.Fix = &Fix{Title: "put it in quotes", Edits: []Edit{p.Edit(predicate.Span, `"`+predicate.Value+`"`)}}
		}
		return true
	})
}
