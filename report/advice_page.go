package report

import (
	"encoding/json"
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
	fields := countedFields(a)
	switch {
	case len(a.Fields) == 0:
		s.note("no rule on these events excludes anything")
		return
	case len(fields) == 0:
		s.note("neither this rule nor a peer excludes anything")
		return
	}
	s.note("the field of a rule's next exclusion is among the first three here about eight times in ten")
	s.listed(sheetTable{what: "field", header: []string{"field", "excluded here", "by peers"}, right: []int{1, 2}}, len(fields), func(i int) []cell {
		f := &fields[i]
		return []cell{code(f.Name), aloneCell(f.Own), aloneCell(f.Peers)}
	})
}

// countedFields are the first fields by which the rule or its peers exclude
// something. What only rules that are less alike exclude by has no number to
// show.
func countedFields(a *advise.Advice) []advise.Field {
	const most = 5
	var out []advise.Field
	for _, f := range a.Fields {
		if f.Own+f.Peers > 0 && len(out) < most {
			out = append(out, f)
		}
	}
	return out
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
	share, kind := strongest(&e.Support)
	if share == nil {
		if len(e.Examples) > 0 {
			return "such as " + e.Examples[0].Title
		}
		return ""
	}
	text, counts := thousands(share.Rules)+" of ", e.Counts
	switch kind {
	case byTogether:
		text += count(share.Of, "rule") + " that exclude " + keyName(e.Support.Together.With)
		counts = advise.CountsOfBoth(e.Support.Together.Counts, e.Counts)
	case byAlike:
		text += count(share.Of, "rule") + " on the same events and technique"
	default:
		text += count(share.Of, "peer")
	}
	if counts != "" {
		text += ", " + counts
	}
	return text
}

// supportKind is what a share of rules that have an exclusion is of.
type supportKind int

const (
	byTogether supportKind = iota
	byAlike
	byPeers
)

// strongest is the share of rules that speaks most for an exclusion, nil where
// none does.
func strongest(s *advise.Support) (share *advise.Share, kind supportKind) {
	var together *advise.Share
	if s.Together != nil {
		together = &s.Together.Share
	}
	best := 0.0
	for k, candidate := range []*advise.Share{byTogether: together, byAlike: s.Alike, byPeers: s.Peers} {
		if candidate == nil {
			continue
		}
		if bound := advise.Wilson(candidate.Rules, candidate.Of); bound > best {
			best, share, kind = bound, candidate, supportKind(k)
		}
	}
	return share, kind
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
