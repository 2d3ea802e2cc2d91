package meaning

import (
	"fmt"
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
	if !matters(before) && !matters(after) {
		return limits(before, after)
	}
	if before.Frame == nil || after.Frame == nil {
		return "it counts, orders or computes something, and detlint does not compare how"
	}
	if slices.Equal(before.Frame, after.Frame) {
		return ""
	}
	if before.Language != after.Language {
		return "it counts, orders or computes something, which cannot be compared between languages"
	}
	gone, come := difference(before.Frame, after.Frame), difference(after.Frame, before.Frame)
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

// around reports whether a part of a frame is about when the rule looks, or when
// what it finds is an alert, and not about how it counts or computes.
func around(language rule.Language, part string) bool {
	switch language {
	case "spl":
		return !strings.HasPrefix(part, "|") && part != "[" && part != "]"
	case "esql":
		return strings.HasPrefix(part, "@timestamp")
	case "kusto":
		return slices.ContainsFunc([]string{"queryPeriod ", "triggerOperator ", "triggerThreshold ", "TimeGenerated ", "Timestamp ", "ingestion_time()"},
			func(prefix string) bool { return strings.HasPrefix(part, prefix) })
	}
	return false
}

// limits compares when rules look and alert, and how many of their rows they
// return, that otherwise ask for nothing but their conditions.
func limits(before, after *normalize.Rule) string {
	if before.Language != after.Language {
		// The rows of one are not those of the other, as many as there may be.
		for _, r := range []*normalize.Rule{before, after} {
			if i := slices.IndexFunc(r.Frame, func(part string) bool { return cutsRows(r.Language, part) }); i >= 0 {
				return "how many rows it returns is limited by " + quoted(r.Frame[i:i+1]) + ", which cannot be compared between languages"
			}
		}
		return ""
	}
	if before.Frame == nil || after.Frame == nil {
		return ""
	}
	for _, l := range []struct {
		subject string
		is      func(rule.Language, string) bool
	}{{"the time it looks at, or when it alerts,", around}, {"how many rows it returns", cutsRows}} {
		of := func(r *normalize.Rule) []string {
			return slices.DeleteFunc(slices.Clone(r.Frame), func(part string) bool { return !l.is(r.Language, part) })
		}
		old, now := of(before), of(after)
		gone, come := difference(old, now), difference(now, old)
		switch {
		case len(gone) > 0 && len(come) > 0:
			return l.subject + " has changed from " + quoted(gone) + " to " + quoted(come)
		case len(come) > 0:
			return l.subject + " is now limited by " + quoted(come)
		case len(gone) > 0:
			return l.subject + " is no longer limited by " + quoted(gone)
		}
	}
	return ""
}

// rowLimits are the commands that let some of the rows through, whatever is in
// them.
var rowLimits = map[rule.Language][]string{
	"spl": {"| head", "| tail", "| top", "| rare", "| sort"}, "eql": {"| head", "| tail"}, "esql": {"limit", "sample"}, "kusto": {"take", "limit", "top", "sample"},
}

// cutsRows reports whether a part of a frame is one of those commands.
func cutsRows(language rule.Language, part string) bool {
	return slices.ContainsFunc(rowLimits[language], func(command string) bool {
		return len(part) > len(command) && part[len(command)] == ' ' && strings.EqualFold(part[:len(command)], command) || strings.EqualFold(part, command)
	})
}

// cases tells comparisons that differ in whether letter case counts, or in the
// case itself where it does, which nothing else here does.
func cases(before, after *normalize.Rule) string {
	if before.Language != after.Language {
		return ""
	}
	type spelling struct {
		folds  bool     // somewhere, case does not count
		values []string // where it does
	}
	of := func(r *normalize.Rule) map[normalize.Key]spelling {
		out := map[normalize.Key]spelling{}
		for i := range r.Predicates {
			p := &r.Predicates[i]
			if p.Operator == rule.Regex && r.Language != "eql" || p.Operator == rule.Exists || strings.ToLower(p.Value) == strings.ToUpper(p.Value) {
				continue
			}
			s := out[p.Key]
			if caseCounts(r.Language, p.SourceOperator) {
				s.values = append(s.values, p.Value)
			} else {
				s.folds = true
			}
			out[p.Key] = s
		}
		return out
	}
	old, now := of(before), of(after)
	for i := range after.Predicates {
		p := &after.Predicates[i]
		was, ok := old[p.Key]
		is, compared := now[p.Key]
		switch {
		case !ok || !compared:
		case caseCounts(after.Language, p.SourceOperator) && len(was.values) == 0, !caseCounts(after.Language, p.SourceOperator) && !was.folds:
			return fmt.Sprintf("whether %s has to be in this letter case has changed, and detlint compares without regard to it", quoted([]string{normalize.Shown(p.Operator, p.Value)}))
		case was.folds || is.folds:
		case !slices.Contains(was.values, p.Value) && slices.ContainsFunc(was.values, func(v string) bool { return strings.EqualFold(v, p.Value) }):
			return fmt.Sprintf("the letter case of %s has changed, which counts there, and detlint compares without regard to it", quoted([]string{normalize.Shown(p.Operator, p.Value)}))
		}
	}
	return ""
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
