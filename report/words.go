package report

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// thousands writes a number with separators: 3,141.
func thousands(n int) string {
	s := strconv.Itoa(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural is the form of a noun that goes with n. The nouns of the reports form
// it with an s; info, the severity, stands for itself.
func plural(n int, one string) string {
	if n == 1 || one == "info" {
		return one
	}
	return one + "s"
}

// count writes a number together with what it counts: 1 rule, 3,141 rules.
func count(n int, one string) string { return thousands(n) + " " + plural(n, one) }

// String lists the counts that are not zero: "1 error, 2 warnings".
func (c Counts) String() string {
	return tally([]int{c.Error, c.Warning, c.Info},
		[]string{plural(c.Error, "error"), plural(c.Warning, "warning"), "info"})
}

// String lists the states that rules are in because of the change.
func (c Changes) String() string {
	return tally([]int{c.Added, c.Modified, c.Moved, c.Removed}, []string{"added", "modified", "moved", "removed"})
}

// changed is the number of rules that are not as they were.
func (c Changes) changed() int { return c.Added + c.Modified + c.Moved + c.Removed }

// tally joins the numbers that are not zero with their words.
func tally(numbers []int, words []string) string {
	var parts []string
	for i, n := range numbers {
		if n != 0 {
			parts = append(parts, thousands(n)+" "+words[i])
		}
	}
	return strings.Join(parts, ", ")
}

// some joins the first few of a list and says how many there are beyond them.
func some(all []string, most int) string {
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:most], ", ") + " and " + thousands(len(all)-most) + " more"
}

// short is the abbreviated form of a commit id; other names stay.
func short(revision string) string {
	hex := strings.Trim(revision, "0123456789abcdef") == ""
	if hex && len(revision) >= 40 {
		return revision[:7]
	}
	return revision
}

// against names what the head is compared with: "main (merge base 8eaafff)".
func (r Repository) against() string {
	if branch, ok := strings.CutPrefix(r.BaseName, "merge base with "); ok {
		return branch + " (merge base " + short(r.Base) + ")"
	}
	if r.BaseName == "" || r.BaseName == r.Base {
		return short(r.Base)
	}
	if r.Base == "" {
		return r.BaseName
	}
	return r.BaseName + " (" + short(r.Base) + ")"
}

// passedOver says what of the files no rule was read from: those that could
// not be read whole, and those that are something else.
func (s *Summary) passedOver() []string {
	var out []string
	if s.Unreadable > 0 {
		out = append(out, count(s.Unreadable, "file")+" could not be looked at")
	}
	if s.Broken > 0 {
		out = append(out, count(s.Broken, "file")+" not read whole")
	}
	if s.Definitions > 0 {
		out = append(out, count(s.Definitions, "definition"))
	}
	if s.Others > 0 {
		out = append(out, count(s.Others, "file")+" without rules")
	}
	return append(out, s.outside()...)
}

// outside says what the configuration keeps out of the report that a reader may
// expect in it.
func (s *Summary) outside() []string {
	var out []string
	if s.Outside > 0 {
		out = append(out, count(s.Outside, "changed rule")+" outside of the configuration's paths")
	}
	for _, p := range s.Unmatched {
		out = append(out, `the configuration's path "`+p+`" matches no file`)
	}
	return out
}

// meaningOf is the verdict on a rule in words: "wider". It is empty where the
// rule has no other version.
func meaningOf(r *Rule) string {
	switch {
	case r.Change == nil || r.State == "added" || r.State == "removed":
		return ""
	case r.Verdict == meaning.Both:
		return "wider and narrower"
	case r.Verdict == meaning.Unknown:
		return "cannot tell"
	case r.Verdict == meaning.Same && r.Switched != "":
		return r.Switched
	case r.Verdict == meaning.Same && len(r.Added)+len(r.Removed)+len(r.Moved) == 0:
		return "same"
	case r.Verdict == meaning.Same:
		return "same events"
	}
	return string(r.Verdict)
}

// narrows says which rules a filter applies to.
func narrows(r *Rule, most int) string {
	verb := "narrows "
	if r.State == "removed" {
		verb = "narrowed "
	}
	if len(*r.Narrows) == 0 {
		return verb + "no rule of this repository"
	}
	return verb + count(len(*r.Narrows), "rule") + ": " + some(*r.Narrows, most)
}

// changedOf are the rules that are not as they were.
func changedOf(r *Report) []Rule {
	var out []Rule
	for i := range r.Rules {
		if r.Rules[i].State != "unchanged" {
			out = append(out, r.Rules[i])
		}
	}
	return out
}

// verdicts counts the changed rules by what became of them: "2 wider, 1
// metadata only".
func verdicts(r *Report) string {
	words := []string{
		"wider", "narrower", "wider and narrower", "cannot tell", "switched off", "retired", "out of production",
		"switched on", "in use again", "into production", "same events", "same",
	}
	numbers := make([]int, len(words))
	for i := range r.Rules {
		if at := slices.Index(words, meaningOf(&r.Rules[i])); at >= 0 {
			numbers[at]++
		}
	}
	return tally(numbers, words)
}

// compared reports whether there is a base.
func (r *Report) compared() bool { return r.Repository.Mode != All }

// languages lists how many rules there are by query language, most first.
func (s *Summary) languages(separator string) string {
	names := slices.SortedFunc(maps.Keys(s.Languages), func(a, b rule.Language) int {
		return cmp.Or(cmp.Compare(s.Languages[b], s.Languages[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, l := range names {
		switch {
		case s.Languages[l] == 0:
		case l == NoQuery:
			parts = append(parts, "no query "+thousands(s.Languages[l]))
		default:
			parts = append(parts, string(l)+" "+thousands(s.Languages[l]))
		}
	}
	return strings.Join(parts, separator)
}

// String names the catalog: "catalog 2026-08 (9,214 rules)".
func (c Catalog) String() string {
	if c.Rules == 0 {
		return "no catalog"
	}
	name := "catalog"
	if c.Date != "" {
		name += " " + c.Date
	}
	return name + " (" + count(c.Rules, "rule") + ")"
}

// techniqueName is how a technique is called: by id and name.
func techniqueName(id, name, attack string) string {
	if name == "" {
		return id + " (not in ATT&CK " + attack + ")"
	}
	return id + " " + name
}

func eventNames(events []normalize.Event) []string {
	out := make([]string, len(events))
	for i, e := range events {
		out[i] = e.String()
	}
	return out
}

// levelCounts lists the rules by level, most severe first.
func levelCounts(levels map[rule.Level]int) string {
	var parts []string
	for _, l := range slices.Backward(rule.Levels) {
		if n := levels[l]; n > 0 {
			parts = append(parts, thousands(n)+" "+string(l))
		}
	}
	if n := levels[rule.LevelUnknown]; n > 0 {
		parts = append(parts, thousands(n)+" without level")
	}
	return strings.Join(parts, ", ")
}

// suppressed counts what is passed over: "2 suppressed".
func suppressed(r *Report) string { return tally([]int{r.Summary.Suppressed}, []string{"suppressed"}) }

// restingOnOne lists the techniques that rest on one event although others are
// known to show them.
func restingOnOne(c *coverage.Report) []*coverage.Telemetry {
	var out []*coverage.Telemetry
	for i := range c.Telemetry {
		if t := &c.Telemetry[i]; t.RestsOnOne() && len(t.CatalogEvents)+len(t.ATTACKEvents) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// only says what a technique rests on and what it leaves out: "Sysmon 1 only;
// the catalog also uses Security-Auditing 4688, ATT&CK names Sysmon 3".
func only(t *coverage.Telemetry) string {
	var also []string
	if len(t.CatalogEvents) > 0 {
		also = append(also, "the catalog also uses "+strings.Join(eventNames(t.CatalogEvents), ", "))
	}
	if len(t.ATTACKEvents) > 0 {
		also = append(also, "ATT&CK names "+some(eventNames(t.ATTACKEvents), 5))
	}
	return t.Events[0].String() + " only; " + strings.Join(also, ", ")
}

// headline says in a few words what came of the run.
func (r *Report) headline() string {
	f := &r.Summary.Findings
	text := f.New.String()
	switch {
	case text == "" && r.compared():
		text = "no new findings"
	case text == "":
		text = "no findings"
	}
	if r.Coverage != nil && r.Coverage.Before != nil {
		text += " · " + delta(r.Coverage)
	}
	return text
}

// cut shortens a text to a number of characters.
func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return strings.TrimRight(string(runes[:most-1]), " ") + "…"
}
