package coverage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// difference is what became of the rules between two snapshots. A rule is known
// by its id, or by its place where it has none.
type difference struct {
	before, after map[string]*normalize.Summary // in use or not
	changed       map[string][]Reason           // what is different about a rule in use on both sides
}

func newDifference(before, after *Snapshot) *difference {
	d := &difference{before: byKey(before.rules), after: byKey(after.rules), changed: map[string][]Reason{}}
	for key, a := range d.before {
		if b := d.after[key]; b != nil && inUse(a) && inUse(b) {
			if reasons := changesOf(a, b); len(reasons) > 0 {
				d.changed[key] = reasons
			}
		}
	}
	return d
}

// byKey finds rules. Of two that have one id the first by path counts.
func byKey(rules []normalize.Summary) map[string]*normalize.Summary {
	out := make(map[string]*normalize.Summary, len(rules))
	for i := range rules {
		r := &rules[i]
		key := keyOf(r.ID.Value, r.Path, r.Title.Value, r.Range.Start.Line)
		if known := out[key]; known == nil || r.Path < known.Path || r.Path == known.Path && r.Index < known.Index {
			out[key] = r
		}
	}
	return out
}

func keyOf(id, path, title string, line int) string {
	switch {
	case id != "":
		return strings.ToLower(id)
	case title != "":
		return path + "\x00" + title
	}
	return fmt.Sprintf("%s:%d", path, line)
}

func (r *Rule) key() string { return keyOf(r.ID, r.Path, r.Title, r.Line) }

// ready orders the words for how ready a rule is: Sigma's status, Elastic's
// maturity, Splunk's status. Words that are not in it are not compared.
var ready = map[string]int{
	"experimental": 1, "development": 1, "beta": 1, "test": 2, "validation": 2, "stable": 3, "production": 3,
}

// changesOf says how a rule that is in use on both sides covers more or less
// than it did.
func changesOf(a, b *normalize.Summary) []Reason {
	var out []Reason
	add := func(kind ReasonKind, worse bool, format string, args ...any) {
		out = append(out, Reason{Kind: kind, Worse: worse, Message: fmt.Sprintf(format, args...), Rules: []Rule{named(b)}})
	}
	title := quoted(named(b))
	if !a.Broken && b.Broken {
		add(ByUnread, true, "%s cannot be read any more", title)
	}
	was, is := slices.Index(rule.Levels, a.Level), slices.Index(rule.Levels, b.Level)
	if was >= 0 && is >= 0 && was != is {
		word := "raised"
		if is < was {
			word = "lowered"
		}
		add(ByLevel, is < was, "the level of %s was %s from %s to %s", title, word, a.Level, b.Level)
	}
	// That a rule has matured is good news, but not about what it covers.
	if was, is := ready[strings.ToLower(a.Status)], ready[strings.ToLower(b.Status)]; is > 0 && is < was {
		add(ByStatus, true, "the status of %s went from %s back to %s", title, a.Status, b.Status)
	}
	if a.Disabled != b.Disabled {
		word := "on"
		if b.Disabled {
			word = "off"
		}
		add(ByDisabled, b.Disabled, "%s was switched %s", title, word)
	}
	return out
}

func quoted(r Rule) string {
	if strings.TrimSpace(r.Title) == "" {
		return r.Path
	}
	return "“" + r.Title + "”"
}

// reasons says why the coverage of a technique is better or worse, the worse
// first; either side may be nil.
func (d *difference) reasons(a, b *Technique) []Reason {
	if a == nil {
		return nil
	}
	if b == nil {
		b = &Technique{ID: a.ID}
	}
	var out []Reason
	if gone := without(a.Rules, b.Rules); len(gone) > 0 && len(b.Rules) < len(a.Rules) {
		out = append(out, Reason{Kind: ByRules, Worse: true, Message: d.whereabouts(gone), Rules: gone})
	}
	if len(d.changed) > 0 {
		for i := range b.Rules {
			r := &b.Rules[i]
			if own := d.changed[r.key()]; len(own) > 0 && contains(a.Rules, r) {
				out = append(out, own...)
			}
		}
	}
	if len(b.Rules) > 0 {
		if lost := eventsWithout(a.Events, b.Events); len(lost) > 0 {
			out = append(out, Reason{Kind: ByEvents, Worse: true, Message: "no longer sees " + listed(lost), Events: lost})
		}
		if lost := platformsWithout(a.Platforms, b.Platforms); len(lost) > 0 {
			out = append(out, Reason{Kind: ByPlatforms, Worse: true, Message: "no longer on " + strings.Join(lost, ", "), Platforms: lost})
		}
	}
	if come := without(b.Rules, a.Rules); len(come) > 0 && len(b.Rules) > len(a.Rules) {
		out = append(out, Reason{Kind: ByRules, Message: rulesMore(len(b.Rules) - len(a.Rules)), Rules: come})
	}
	if more := eventsWithout(b.Events, a.Events); len(more) > 0 {
		out = append(out, Reason{Kind: ByEvents, Message: "now also sees " + listed(more), Events: more})
	}
	if more := platformsWithout(b.Platforms, a.Platforms); len(more) > 0 {
		out = append(out, Reason{Kind: ByPlatforms, Message: "now also on " + strings.Join(more, ", "), Platforms: more})
	}
	slices.SortStableFunc(out, func(x, y Reason) int {
		switch {
		case x.Worse == y.Worse:
			return 0
		case x.Worse:
			return -1
		}
		return 1
	})
	return out
}

func rulesMore(n int) string {
	if n == 1 {
		return "one more rule"
	}
	return fmt.Sprintf("%d more rules", n)
}

// maxNamed is how many rules a reason names.
const maxNamed = 3

// whereabouts says of rules that a technique no longer has what became of them.
func (d *difference) whereabouts(gone []Rule) string {
	var parts []string
	for i, r := range gone {
		if i == maxNamed {
			parts = append(parts, fmt.Sprintf("and %d more rules are gone", len(gone)-maxNamed))
			break
		}
		now := d.after[r.key()]
		what := "was removed"
		switch {
		case now == nil:
		case now.Retired && now.Status != "":
			what = "is no longer in use (" + strings.ToLower(now.Status) + ")"
		case now.Retired:
			what = "is no longer in use"
		case !inUse(now):
			what = "no longer raises alerts"
		default:
			what = "no longer names the technique"
		}
		parts = append(parts, quoted(r)+" "+what)
	}
	return strings.Join(parts, ", ")
}

func contains(rules []Rule, r *Rule) bool {
	key := r.key()
	return slices.ContainsFunc(rules, func(o Rule) bool { return o.key() == key })
}

// without lists the rules of a that are not among those of b.
func without(a, b []Rule) []Rule {
	if slices.Equal(a, b) {
		return nil
	}
	have := make(map[string]bool, len(b))
	for _, r := range b {
		have[r.key()] = true
	}
	var out []Rule
	for _, r := range a {
		if !have[r.key()] {
			out = append(out, r)
		}
	}
	return out
}

// eventsWithout lists the events of a that b does not have. Every event of a
// provider covers each of them.
func eventsWithout(a, b []normalize.Event) []normalize.Event {
	var out []normalize.Event
	for _, e := range a {
		if !slices.Contains(b, e) && !slices.Contains(b, normalize.Event{Provider: e.Provider, Event: "*"}) {
			out = append(out, e)
		}
	}
	return out
}

func platformsWithout(a, b []string) []string {
	var out []string
	for _, name := range a {
		if !slices.Contains(b, name) {
			out = append(out, name)
		}
	}
	return out
}

// listed names the first few events.
func listed(events []normalize.Event) string {
	const most = 4
	var names []string
	for i, e := range events {
		if i == most {
			return strings.Join(names, ", ") + fmt.Sprintf(" and %d more", len(events)-most)
		}
		names = append(names, e.String())
	}
	return strings.Join(names, ", ")
}
