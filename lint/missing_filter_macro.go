package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

var missingFilterMacroCheck = &Check{
	ID:       "missing-filter-macro",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "The search does not call the filter macro of its rule",
	Rationale: `The users of an app that contentctl builds cannot change its searches; they exclude what is normal in their house by the
macro that each search calls, the rule's name in lower case with ` + "`_filter`" + ` after it, which is "search *" until they do. A
search that does not call its own macro cannot be tuned, and one that calls that of another rule is tuned together with
it. contentctl builds no app from such a rule.

A rule keeps the macro of its old name when it is renamed; the fix puts the new name in place.`,
	Bad:  exampleSplunk("Admin Tool", " | `admin_tool_filter`", ""),
	Good: exampleSplunk("Admin Tool"),
	Rule: missingFilterMacro,
}

func missingFilterMacro(p *Pass) {
	doc := contentDocument(p)
	if doc == nil || doc.Query == nil || p.Kind == rule.Baseline || strings.TrimSpace(p.Title.Value) == "" || doc.Search == nil {
		return
	}
	want := filterMacro(p.Title.Value)
	other, at := "", rule.Span{}
	for i := range doc.Query.Macros {
		call := &doc.Query.Macros[i]
		if call.Name == want {
			return
		}
		if strings.HasSuffix(call.Name, "_filter") && !call.Known {
			other, at = call.Name, doc.Place(call.Span)
		}
	}
	if other != "" {
		f := p.Report(at, want, "the search calls the filter macro %q, expected the rule's own, %q", other, want)
		p.fixIn(f, at, other, want)
		return
	}
	k, _ := entry(doc.Root, "search")
	f := p.Report(k.Span, want, "the search does not call the rule's filter macro, expected %q in it", "`"+want+"`")
	if edit, ok := p.append(doc, " | `"+want+"`"); ok {
		f.Fix = &Fix{Title: "add it at the end", Edits: []Edit{edit}}
	}
}

// append is an edit that puts a text at the end of the search.
func (p *Pass) append(doc *splunk.Document, text string) (Edit, bool) {
	search := strings.TrimRight(doc.Search.Value, " \t\r\n")
	if search == "" {
		return Edit{}, false
	}
	n := int32(len(search))
	last := doc.Place(rule.Span{Start: n - 1, End: n})
	if last.End <= last.Start || p.source(last) != search[n-1:] {
		return Edit{}, false // spelled with an escape
	}
	return p.Edit(rule.Span{Start: last.End, End: last.End}, text), true
}
