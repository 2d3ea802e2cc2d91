package meaning

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// caseAllows reports whether what follows without regard to letter case follows
// with it too: b may not insist on letters that a leaves open.
func caseAllows(a, b *normalize.Rule) bool {
	return insists(b, a, false) && insists(a, b, true)
}

// insists reports whether each comparison of a rule that tells letters of
// different case apart is one of another rule, spelled alike.
func insists(r, other *normalize.Rule, negated bool) bool {
	var spelled map[[3]string]bool
	for i := range r.Predicates {
		p := &r.Predicates[i]
		if p.Negated != negated || p.Operator == rule.Exists || !tellsCase(r, p) || strings.ToLower(p.Value) == strings.ToUpper(p.Value) {
			continue
		}
		if spelled == nil {
			spelled = map[[3]string]bool{}
			for j := range other.Predicates {
				if q := &other.Predicates[j]; q.Negated == negated && tellsCase(other, q) {
					spelled[[3]string{q.Key.Field, string(q.Operator), q.Value}] = true
				}
			}
		}
		if !spelled[[3]string{p.Key.Field, string(p.Operator), p.Value}] {
			return false
		}
	}
	return true
}

// tellsCase reports whether a comparison tells letters of different case apart
// while others of its language do not. Of Splunk's commands where does.
func tellsCase(r *normalize.Rule, p *normalize.Predicate) bool {
	if r.Language != "spl" {
		return caseCounts(r.Language, p.SourceOperator)
	}
	at, data := int(p.Span.Start), r.Source.Data
	if at < 0 || at > len(data) {
		return false
	}
	command := bytes.TrimLeft(data[bytes.LastIndexByte(data[:at], '|')+1:at], " \t\r\n")
	return len(command) > 5 && bytes.EqualFold(command[:5], []byte("where")) && strings.IndexByte(" \t\r\n(", command[5]) >= 0
}

// presenceAllows reports whether b does not ask for fields that a leaves open:
// != of a search of Splunk asks for the field, NOT does not.
func presenceAllows(a, b *normalize.Rule) bool {
	if b.Language != "spl" {
		return true
	}
	asks := func(p *normalize.Predicate) bool { return p.Negated && strings.HasPrefix(p.SourceOperator, "!") }
	for i := range b.Predicates {
		p := &b.Predicates[i]
		if asks(p) && !slices.ContainsFunc(a.Predicates, func(q normalize.Predicate) bool {
			return q.Field == p.Field && (!q.Negated || asks(&q))
		}) {
			return false
		}
	}
	return true
}

// calls are the macros of a search, with their arguments.
var calls = regexp.MustCompile("`[^`\r\n]+`")

// sameCalls reports whether two rules that rest on macros that are not known
// call them with the same arguments.
func sameCalls(a, b *normalize.Rule) bool {
	if a.Language != "spl" || b.Language != "spl" {
		return true
	}
	of := func(r *normalize.Rule) []string {
		var out []string
		for _, call := range calls.FindAll(r.Source.Data[max(0, r.Span.Start):max(0, r.Span.Start, r.Span.End)], -1) {
			out = append(out, string(call))
		}
		return sorted(out)
	}
	return slices.Equal(of(a), of(b))
}
