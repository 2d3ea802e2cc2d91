package meaning

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// frames compares what stands outside of the conditions, where that matters.
func frames(before, after *normalize.Rule) string {
	matters := func(r *normalize.Rule) bool {
		return r.Stateful || r.Loose || r.Kind != rule.Detection ||
			slices.ContainsFunc(r.Predicates, func(p normalize.Predicate) bool { return p.Derived })
	}
	old, now := framed(before, after), framed(after, before)
	if !matters(before) && !matters(after) {
		if before.Language != after.Language {
			return cut(before, after)
		}
		if before.Frame == nil || after.Frame == nil {
			return ""
		}
		return limits(before.Language, old, now)
	}
	if before.Frame == nil || after.Frame == nil {
		return "it counts, orders or computes something, and detlint does not compare how"
	}
	if slices.Equal(old, now) {
		return ""
	}
	if before.Language != after.Language {
		return "it counts, orders or computes something, which cannot be compared between languages"
	}
	gone, come := difference(old, now), difference(now, old)
	switch {
	case len(come) > 0 && len(gone) > 0:
		return "what it counts, orders or computes has changed from " + quoted(gone) + " to " + quoted(come)
	case len(come) > 0:
		return "what it counts, orders or computes now includes " + quoted(come)
	case len(gone) > 0:
		return "what it counts, orders or computes no longer includes " + quoted(gone)
	}
	return "what it counts or computes comes in another order"
}

// framed is the frame of a rule as it is compared with that of another: what has
// no order comes last, sorted, and what subqueries return is left out where the other
// rule has more of them, or fewer, which the conditions tell.
func framed(r, other *normalize.Rule) []string {
	values := func(part string) bool { return strings.HasPrefix(part, "values ") }
	count := func(frame []string) int {
		return len(slices.DeleteFunc(slices.Clone(frame), func(part string) bool { return !values(part) }))
	}
	alike := count(r.Frame) == count(other.Frame)
	var out, unordered []string
	for _, part := range r.Frame {
		switch {
		case strings.HasPrefix(part, "time "), values(part) && alike:
			unordered = append(unordered, part)
		case !values(part):
			out = append(out, part)
		}
	}
	slices.Sort(unordered)
	return append(out, unordered...)
}

// cut says of rules in two languages which of them returns some of its rows alone:
// they are not those of the other, as many as there may be.
func cut(rules ...*normalize.Rule) string {
	for _, r := range rules {
		if parts := rowsCut(r.Language, r.Frame); parts != nil {
			return "how many rows it returns is limited by " + quoted(parts) + ", which cannot be compared between languages"
		}
	}
	return ""
}

// around reports whether a part of a frame is about when the rule looks, or when
// what it finds is an alert, and not about how it counts or computes.
func around(language rule.Language, part string) bool {
	switch language {
	case "sigma":
		return strings.HasPrefix(part, "timeframe ")
	case "spl":
		return !strings.HasPrefix(part, "|") && part != "[" && part != "]"
	case "esql", "eql", "kuery", "lucene":
		return strings.HasPrefix(part, "time ")
	case "kusto":
		return slices.ContainsFunc([]string{"queryPeriod ", "triggerOperator ", "triggerThreshold ", "time "},
			func(prefix string) bool { return strings.HasPrefix(part, prefix) })
	}
	return false
}

// limits compares when rules look and alert, and how many of their rows they
// return, that otherwise ask for nothing but their conditions.
func limits(language rule.Language, before, after []string) string {
	open := func(frame []string) int {
		return len(frame) - len(slices.DeleteFunc(slices.Clone(frame), func(part string) bool { return part == "[" }))
	}
	returned := inBrackets
	if open(before) != open(after) { // the conditions tell
		returned = func(rule.Language, []string) []string { return nil }
	}
	for _, l := range []struct {
		subject, verb string
		of            func(rule.Language, []string) []string
	}{
		{"the time it looks at, or when it alerts,", "limited", arounds},
		{"what a subsearch returns", "determined", returned},
		{"what it begins with", "determined", starts},
		{"how many rows it returns", "limited", rowsCut},
	} {
		old, now := l.of(language, before), l.of(language, after)
		gone, come := difference(old, now), difference(now, old)
		switch {
		case len(gone) > 0 && len(come) > 0:
			return l.subject + " has changed from " + quoted(gone) + " to " + quoted(come)
		case len(come) > 0:
			return l.subject + " is now " + l.verb + " by " + quoted(come)
		case len(gone) > 0:
			return l.subject + " is no longer " + l.verb + " by " + quoted(gone)
		case !slices.Equal(old, now):
			return l.subject + " is " + l.verb + " in another order: " + quoted(now)
		}
	}
	return ""
}

// arounds are the parts of a frame that around is about, sorted.
func arounds(language rule.Language, frame []string) []string {
	out := slices.DeleteFunc(slices.Clone(frame), func(part string) bool { return !around(language, part) })
	for i := range out {
		out[i] = strings.TrimPrefix(out[i], "time ")
	}
	slices.Sort(out)
	return out
}

// inBrackets are the parts of a frame that say what subsearches return: which of
// their columns come out is a part of the condition around them.
func inBrackets(language rule.Language, frame []string) []string {
	var out []string
	depth := 0
	for _, part := range frame {
		if language == "kusto" && strings.HasPrefix(part, "values ") {
			out = append(out, strings.TrimPrefix(part, "values "))
		}
		if language != "spl" {
			continue
		}
		if part == "[" {
			depth++
		}
		if depth > 0 && part != "| where" && !around(language, part) {
			out = append(out, part)
		}
		if part == "]" {
			depth--
		}
	}
	return out
}

// generating are the commands of Splunk that bring rows into a search.
var generating = []string{"inputlookup", "from", "datamodel", "loadjob", "savedsearch", "rest", "dbxquery", "metadata", "mstats", "tstats", "inputcsv", "makeresults"}

// generatingOptions say which rows a data model has.
var generatingOptions = []string{"summariesonly=", "allow_old_summaries=", "include_reduced_buckets=", "fillnull_value=", "datamodel="}

// starts are the parts of a frame that say which rows a search begins with, as far
// as its condition does not.
func starts(language rule.Language, frame []string) []string {
	if language != "spl" {
		return nil
	}
	var out []string
	for _, part := range frame {
		words := strings.Fields(part)
		if len(words) < 2 || words[0] != "|" || !slices.Contains(generating, words[1]) {
			continue
		}
		if words[1] == "tstats" || words[1] == "mstats" {
			words = slices.DeleteFunc(words, func(word string) bool {
				return !slices.ContainsFunc(generatingOptions, func(option string) bool { return strings.HasPrefix(strings.ToLower(word), option) })
			})
			words = slices.DeleteFunc(words, func(word string) bool {
				return strings.EqualFold(word, "summariesonly=false") || strings.EqualFold(word, "summariesonly=f") || strings.EqualFold(word, "allow_old_summaries=false")
			}) // as they are without it
			slices.Sort(words)
		}
		if len(words) > 0 {
			out = append(out, strings.Join(words, " "))
		}
	}
	return out
}

// rowLimits are the commands that let some of the rows through, whatever is in
// them.
var rowLimits = map[rule.Language][]string{
	"spl": {"| head", "| tail", "| top", "| rare", "| dedup", "| uniq", "| sort"}, "eql": {"| head", "| tail", "| unique"},
	"esql": {"limit", "sample"}, "kusto": {"take", "limit", "top", "sample"},
}

// beside are the commands that count where the limits do: those that order, and in
// EQL those that filter in between, in Kusto also what names stand for.
var beside = map[rule.Language][]string{
	"spl": {"| sort", "| reverse"}, "eql": {"| sort", "| filter", "| reverse"}, "esql": {"sort"}, "kusto": {"sort", "order", "let"},
}

// rowsCut are the parts of a frame that choose rows, with those that decide which.
func rowsCut(language rule.Language, frame []string) []string {
	is := func(part string, commands []string) bool {
		return slices.ContainsFunc(commands, func(command string) bool {
			return len(part) > len(command) && part[len(command)] == ' ' && strings.EqualFold(part[:len(command)], command) || strings.EqualFold(part, command)
		})
	}
	// Only with a number does sort leave rows out.
	limits := func(part string) bool {
		if is(part, []string{"| sort"}) {
			words := append(strings.Fields(part), "", "")
			count := strings.TrimPrefix(words[2], "limit=")
			return count != "" && strings.Trim(count, "0") != "" && strings.Trim(count, "0123456789") == ""
		}
		return is(part, rowLimits[language])
	}
	if !slices.ContainsFunc(frame, limits) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(frame), func(part string) bool { return !limits(part) && !is(part, beside[language]) })
}

// caseCounts reports whether an operator, as written, tells letters of
// different case apart while others of its language do not.
func caseCounts(language rule.Language, operator string) bool {
	operator = strings.ToLower(operator)
	switch language {
	case "sigma":
		return strings.Contains(operator, "cased") && slices.Contains(strings.Split(operator, "|"), "cased")
	case "eql":
		return operator != ":" && !strings.Contains(operator, "~")
	case "esql":
		return operator != ":"
	case "kusto":
		return operator == "==" || operator == "!=" || operator == "in" || operator == "!in" || strings.HasSuffix(operator, "_cs")
	}
	return false
}
