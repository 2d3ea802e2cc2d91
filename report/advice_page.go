package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// RuleAdvice is the advice on one rule, and how its exclusions are written in
// the rule's own language.
type RuleAdvice struct {
	*advise.Advice
	// Paste is empty where there is no telling.
	Paste string `json:"paste,omitempty"`
}

// WriteAdvice writes the advice on one rule: as text or Markdown with up to
// most entries of each list, zero standing for all, or as one line of JSON.
func WriteAdvice(w io.Writer, format string, a *RuleAdvice, most int, o Options) error {
	if format == "json" {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(a)
	}
	s := &sheet{most: most}
	s.advice(a)
	if format == "markdown" {
		return s.markdown(w, o)
	}
	return s.text(w, o)
}

func (s *sheet) advice(a *RuleAdvice) {
	title := a.Title
	if strings.TrimSpace(title) == "" {
		title = "(no title)"
	}
	parts := []string{title, string(a.Vendor)}
	if len(a.Techniques) > 0 {
		parts = append(parts, strings.Join(a.Techniques, ", "))
	}
	s.title(strings.Join(parts, " · "), "")
	s.note("%s", a.Path)
	if len(a.Events) > 0 {
		s.note("covers %s", some(eventNames(a.Events), 6))
	}
	if len(a.Unresolved) > 0 {
		s.note("not looked into, so that the rule may be narrower than it seems: %s", some(a.Unresolved, 6))
	}
	s.advisedPaths(a.Advice)
	s.advisedFields(a.Advice)
	s.advisedExclusions(a)
	s.advisedPeers(a.Advice)
}

func (s *sheet) advisedPaths(a *advise.Advice) {
	s.section(countedPaths(a))
	if len(a.Paths) == 0 {
		s.note("the rule asks for nothing that can be counted")
		return
	}
	s.note("reach: public rules that look for the narrowest thing on the path; a path is as noisy as that is common")
	if a.PathCount > len(a.Paths) {
		s.note("only the widest of %s is shown", count(a.PathCount, "path"))
	}
	s.listed(sheetTable{what: "path", header: []string{"fires on", "reach", "narrowest"}, right: []int{1}}, len(a.Paths), func(i int) []cell {
		p := &a.Paths[i]
		if p.Narrowest == nil {
			return []cell{plain("any event of its kind"), plain("all"), plain("")}
		}
		return []cell{code(askedFor(p.AsksFor)), number(*p.Reach), plain(narrowest(p))}
	})
}

func countedPaths(a *advise.Advice) string {
	return counted("Paths", max(a.PathCount, len(a.Paths)))
}

// narrowest names what makes a path as narrow as it is, where it asks for more.
func narrowest(p *advise.Path) string {
	text := ""
	if len(p.AsksFor) > 1 {
		text = p.Narrowest.Field
	}
	if len(p.Vendors) > 1 {
		names := make([]string, len(p.Vendors))
		for i, v := range p.Vendors {
			names[i] = string(v)
		}
		text = strings.TrimPrefix(text+" ("+strings.Join(names, ", ")+")", " ")
	}
	return text
}

// askedFor writes what a path asks for in one line.
func askedFor(asked []advise.Asked) string {
	parts := make([]string, len(asked))
	for i, a := range asked {
		values := make([]string, 0, 3)
		for _, v := range a.Values[:min(len(a.Values), 2)] {
			values = append(values, longValue(normalize.Shown(a.Operator, v)))
		}
		text := strings.Join(values, " or ")
		if left := len(a.Values) - len(values); left > 0 {
			text += " or " + thousands(left) + " more"
		}
		parts[i] = comparisonName(a.Field, a.Operator, text)
		if a.Computed {
			parts[i] += " (computed)"
		}
	}
	return strings.Join(parts, " and ")
}

func (s *sheet) advisedFields(a *advise.Advice) {
	s.section("Fields to exclude by")
	if len(a.Fields) == 0 {
		s.note("no rule on these events excludes anything")
		return
	}
	s.note("the field of a rule's next exclusion is among the first three here about eight times in ten")
	s.listed(sheetTable{what: "field", header: []string{"field", "excluded here", "by peers"}, right: []int{1, 2}}, min(len(a.Fields), 5), func(i int) []cell {
		f := &a.Fields[i]
		return []cell{code(f.Name), aloneCell(f.Own), aloneCell(f.Peers)}
	})
}

func (s *sheet) advisedExclusions(a *RuleAdvice) {
	suggested := a.Suggested()
	s.section(counted("What rules like this one exclude", len(suggested)))
	if len(suggested) == 0 {
		s.note("nothing that this rule could exclude, too")
		return
	}
	s.note("best first; nothing here is missing: exclude what makes noise where you are, and leave the rest")
	s.note("rules: public rules that exclude the same place or value by itself, in any spelling")
	s.listed(sheetTable{what: "exclusion", header: []string{"exclusion", "rules", "because", "such as"}, right: []int{1}, links: true}, len(suggested), func(i int) []cell {
		e := &suggested[i]
		example := plain("")
		if len(e.Examples) > 0 {
			example = linked(e.Examples[0].Title, e.Examples[0].URL)
		}
		return []cell{code(keyName(e.Key)), number(e.Here), plain(because(e)), example}
	})
	if a.Paste != "" {
		s.section("To paste")
		s.last().code = strings.Split(a.Paste, "\n")
	}
}

// because says in words what speaks most for an exclusion.
func because(e *advise.Exclusion) string {
	if g := e.Group; g != nil {
		how := map[string]string{"folder": "below it", "signer": "that it signed", "parent": "that it starts"}[g.Kind]
		return count(g.Rules, "rule") + " exclude " + count(g.Programs, "program") + " " + how
	}
	best, text := 0.0, ""
	say := func(s *advise.Share, counts, format string, args ...any) {
		if bound := advise.Wilson(s.Rules, s.Of); bound > best {
			best, text = bound, thousands(s.Rules)+" of "+fmt.Sprintf(format, args...)
			if counts != "" {
				text += ", " + counts
			}
		}
	}
	if t := e.Support.Together; t != nil {
		say(&t.Share, advise.CountsOfBoth(t.Counts, e.Counts), "%s that exclude %s", count(t.Of, "rule"), keyName(t.With))
	}
	if a := e.Support.Alike; a != nil {
		say(a, e.Counts, "%s on the same events and technique", count(a.Of, "rule"))
	}
	if p := e.Support.Peers; p != nil {
		say(p, e.Counts, "%s", count(p.Of, "peer"))
	}
	if text == "" && len(e.Examples) > 0 {
		text = "such as " + e.Examples[0].Title
	}
	return text
}

func (s *sheet) advisedPeers(a *advise.Advice) {
	p := &a.Peers
	s.section(counted("Peers", p.Count))
	if p.Count == 0 {
		s.note("no public rule is like this one")
		return
	}
	s.note("the public rules on the same events that are most like this one, by what they look for and exclude, their techniques and titles")
	for i := range p.Filters[:min(len(p.Filters), 5)] {
		f := &p.Filters[i]
		s.note("filter on %s (%s): %s", f.Field, count(f.Rules, "rule"), usedValues(f))
	}
	var events []string
	for i := range p.Events {
		if e := &p.Events[i]; !e.Own {
			events = append(events, e.String()+" ("+thousands(e.Rules)+")")
		}
	}
	if len(events) > 0 {
		s.note("also look at %s", some(events, 6))
	}
	s.listed(sheetTable{what: "rule", header: []string{"most alike", "", "id"}}, len(p.Examples), func(i int) []cell {
		r := &p.Examples[i]
		return []cell{linked(r.Title, r.URL), plain(string(r.Vendor)), code(r.ID)}
	})
}

// usedValues lists what a field is compared with: contains "copy" (6), "sync" (4).
func usedValues(u *advise.Used) string {
	var parts []string
	last := rule.Operator("")
	for i := range u.Values[:min(len(u.Values), 3)] {
		v := &u.Values[i]
		text := `"` + longValue(normalize.Shown(v.Operator, v.Value)) + `"` + " (" + thousands(v.Rules) + ")"
		if v.Operator != last && v.Operator != rule.Eq {
			text = string(v.Operator) + " " + text
		}
		last = v.Operator
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
