package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/rule"
)

// longValue tells the hash that stands for a long value from a value.
func longValue(value string) string {
	if catalog.IsHash(value) {
		return fmt.Sprintf("(longer than %d characters, %s)", catalog.MaxValue, value)
	}
	return value
}

func (s *sheet) technique(p *pages.Technique) {
	title := techniqueName(p.ID, p.Name, p.ATTACK)
	if tactics := pages.TacticNames(p.Tables, p.Tactics); len(tactics) > 0 {
		title += " · " + strings.Join(tactics, ", ")
	}
	s.title(title+" · "+rulesOf(p.Rules), p.URL)
	if p.Asked != "" {
		s.note("%s was replaced; in ATT&CK %s it is %s, under which its rules are filed", p.Asked, p.ATTACK, p.ID)
	}
	if p.Retired != "" {
		s.note("%s is %s in ATT&CK %s, without a successor", p.ID, p.Retired, p.ATTACK)
	}
	s.subtechniques(p)
	if p.Rules.Len() == 0 {
		s.note("no rule of the catalog (%s) names %s", count(p.Catalog.Rules, "rule"), p.ID)
		return
	}
	s.group(&p.Group)
}

func (s *sheet) subtechniques(p *pages.Technique) {
	if len(p.Subtechniques) == 0 {
		return
	}
	names := make([]string, len(p.Subtechniques))
	for i, t := range p.Subtechniques {
		names[i] = t.ID + " (" + thousands(t.Rules) + ")"
	}
	list := some(names, 12)
	if p.Included {
		s.note("with the rules of its sub-techniques: %s", list)
	} else {
		s.note("without the rules of its sub-techniques, which --include-subtechniques adds: %s", list)
	}
}

func (s *sheet) group(g *pages.Group) {
	s.section(counted("Events covered", len(g.Events)))
	if len(g.Events) == 0 {
		s.note("these rules look at no event that detlint knows by name")
	}
	s.listed(sheetTable{what: "event", header: []string{"provider", "event", "title", "rules"}, right: []int{3}}, len(g.Events), func(i int) []cell {
		e := &g.Events[i]
		return []cell{plain(e.Provider), code(e.Event.Event), plain(e.Title), number(e.Rules)}
	})
	s.section(counted("Fields filtered most", len(g.Fields)))
	s.listed(sheetTable{what: "field", header: []string{"field", "rules", "operators", "sample values"}, right: []int{1}}, len(g.Fields), func(i int) []cell {
		f := &g.Fields[i]
		return []cell{code(f.Field), number(f.Rules), plain(operators(f.Operators)), code(samples(f.Values))}
	})
	s.section(counted("Top indicators", len(g.Indicators)))
	s.note("corpus reach: rules of the whole catalog that look for the same; blank where it is the same number")
	s.listed(sheetTable{what: "indicator", header: []string{"indicator", "rules", "corpus reach"}, right: []int{1, 2}}, len(g.Indicators), func(i int) []cell {
		r := &g.Indicators[i]
		return []cell{code(keyName(r.Key)), number(r.Rules), corpusReach(r)}
	})
	s.section(counted("Exclusions", len(g.Exclusions)))
	s.exclusions(g.Exclusions)
	s.techniqueRules(g.Rules)
}

// techniqueRules lists the rules of a technique, which have a limit of their
// own.
func (s *sheet) techniqueRules(b pages.ByVendor) {
	most := s.most
	s.most = s.mostRules
	s.ruleList("Rules", b)
	s.most = most
}

func (s *sheet) exclusions(rows []pages.Row) {
	if len(rows) == 0 {
		s.note("these rules exclude nothing")
		return
	}
	s.note("alone: rules that exclude by this one comparison; others ask for more to hold at once")
	s.listed(sheetTable{what: "exclusion", header: []string{"exclusion", "rules", "alone", "corpus reach"}, right: []int{1, 2, 3}}, len(rows), func(i int) []cell {
		r := &rows[i]
		return []cell{code(keyName(r.Key)), number(r.Rules), aloneCell(r.Alone), corpusReach(r)}
	})
}

// operators lists operators and how often each is used: "eq 12, contains 3".
func operators(list []pages.OperatorCount) string {
	parts := make([]string, len(list))
	for i, o := range list {
		parts[i] = string(o.Operator) + " " + thousands(o.Rules)
	}
	return some(parts, 4)
}

// samples joins a few values, each cut to what tells it from others.
func samples(values []string) string {
	const most, width = 3, 32
	var parts []string
	for _, v := range values[:min(len(values), most)] {
		parts = append(parts, cells.Truncate(visible(v), width, "…"))
	}
	return strings.Join(parts, ", ")
}

func (s *sheet) indicator(p *pages.Indicator) {
	name := p.Value
	if len(p.Fields) > 0 {
		name = p.Fields[0] + " " + name
	}
	s.title(fmt.Sprintf("%s · %s · %s with nothing else", name, rulesOf(p.Rules), count(p.Alone, "rule")), "")
	if len(p.Fields) > 1 {
		s.note("also looked for in %s", some(p.Fields[1:], 5))
	}
	if p.Rules.Len()+p.Excluding.Len() == 0 {
		s.note("no rule of the catalog (%s) compares anything with it", count(p.Catalog.Rules, "rule"))
		if len(p.Near) > 0 {
			s.note("close to it: %s", strings.Join(p.Near, ", "))
		}
		return
	}
	s.section(counted("Looked for", len(p.Indicators)))
	if len(p.Indicators) > 0 {
		s.note("alone: rules in which it is the only indicator")
	}
	s.rows("comparison", p.Indicators)
	s.section(counted("Excluded", len(p.Exclusions)))
	if len(p.Exclusions) > 0 {
		s.note("alone: rules that exclude by this one comparison; others ask for more to hold at once")
	}
	s.rows("comparison", p.Exclusions)
	if len(p.Techniques) > 0 {
		s.techniques(p.Techniques)
	}
	s.ruleList("Rules that look for it", p.Rules)
	s.ruleList("Rules that exclude it", p.Excluding)
}

// rows is a table of comparisons of the whole catalog.
func (s *sheet) rows(what string, rows []pages.Row) {
	s.listed(sheetTable{what: what, header: []string{what, "rules", "alone", "vendors"}, right: []int{1, 2}}, len(rows), func(i int) []cell {
		r := &rows[i]
		return []cell{code(keyName(r.Key)), number(r.Rules), aloneCell(r.Alone), plain(vendorCounts(r.Vendors))}
	})
}

func (s *sheet) field(p *pages.FieldPage) {
	s.title(p.Field+" · "+rulesOf(p.Rules), "")
	if p.Asked != "" {
		s.note("%q stands for %s", p.Asked, p.Field)
	}
	if len(p.Others) > 0 {
		s.note("in some events it stands for %s", some(p.Others, 5))
	}
	spelled := map[rule.Vendor][]string{}
	for _, w := range p.Spellings {
		spelled[w.Vendor] = append(spelled[w.Vendor], w.Field)
	}
	for _, v := range pages.Vendors(spelled) {
		s.note("in %s: %s", v, some(spelled[v], 8))
	}
	if p.Related != "" {
		s.note("see also %s: comparisons of a whole path and of its last part are filed apart", p.Related)
	}
	if p.Rules.Len()+p.Excluding.Len() == 0 {
		s.note("no rule of the catalog (%s) compares it with anything", count(p.Catalog.Rules, "rule"))
		return
	}
	if len(p.Operators) > 0 {
		s.note("compared by %s", operators(p.Operators))
	}
	s.section(counted("Looked for", len(p.Indicators)))
	s.rows("comparison", p.Indicators)
	s.section(fmt.Sprintf("Excluded (%s, by %s)", thousands(len(p.Exclusions)), count(p.Excluding.Len(), "rule")))
	s.rows("comparison", p.Exclusions)
	if len(p.Techniques) > 0 {
		s.techniques(p.Techniques)
	}
}

func (s *sheet) exclusionsPage(p *pages.Exclusions) {
	title := "Exclusions"
	if p.Technique != "" {
		title += " of " + techniqueName(p.Technique, p.Name, p.ATTACK)
		if p.Included {
			title += " and its sub-techniques"
		}
	}
	if p.Category != "" {
		title += " by fields of " + p.Category
	}
	s.title(fmt.Sprintf("%s · %s of %s %s any", title, thousands(p.With), count(p.Of, "rule"), verb(p.With, "has", "have")), "")
	if p.Asked != "" {
		s.note("%s was replaced; in ATT&CK %s it is %s, under which its rules are filed", p.Asked, p.ATTACK, p.Technique)
	}
	s.exclusions(p.Exclusions)
}

func (s *sheet) rules(p *pages.Rules) {
	for i := range p.Rules {
		s.rule(&p.Head, &p.Rules[i])
	}
}

func (s *sheet) rule(p *pages.Head, r *pages.RulePage) {
	parts := []string{r.Title, string(r.Vendor)}
	for _, word := range []string{string(r.Language), string(r.Level)} {
		if word != "" && !slices.Contains(parts, word) {
			parts = append(parts, word)
		}
	}
	s.title(strings.Join(parts, " · "), r.URL)
	s.note("id %s", r.ID)
	from := r.Source.Name
	if r.Source.Commit != "" {
		from += " at " + short(r.Source.Commit)
	}
	s.note("%s of %s", r.Path, from)
	for _, t := range r.Techniques {
		s.note("%s (%s)", techniqueName(t.ID, t.Name, p.ATTACK), count(t.Rules, "rule"))
	}
	if len(r.Tactics) > 0 {
		s.note("tactics: %s", strings.Join(pages.TacticNames(p.Tables, r.Tactics), ", "))
	}
	for _, e := range r.Events {
		s.note("covers %s (%s)", strings.TrimSpace(e.String()+" "+e.Title), count(e.Rules, "rule"))
	}
	s.section(counted("Indicators", len(r.Indicators)))
	s.listed(sheetTable{what: "indicator", header: []string{"indicator", "corpus reach"}, right: []int{1}}, len(r.Indicators), func(i int) []cell {
		return []cell{code(keyName(r.Indicators[i].Key)), number(r.Indicators[i].Reach)}
	})
	s.section(counted("Exclusions", len(r.Exclusions)))
	if len(r.Exclusions) == 0 {
		return
	}
	s.note("each number is one clause, which excludes where all of its comparisons hold")
	type line struct {
		clause int
		row    pages.RuleRow
	}
	var lines []line
	for n, clause := range r.Exclusions {
		for _, row := range clause {
			lines = append(lines, line{n + 1, row})
		}
	}
	s.listed(sheetTable{what: "comparison", header: []string{"clause", "exclusion", "corpus reach"}, right: []int{0, 2}}, len(lines), func(i int) []cell {
		return []cell{number(lines[i].clause), code(keyName(lines[i].row.Key)), number(lines[i].row.Reach)}
	})
}

func (s *sheet) search(p *pages.Search) {
	s.title(fmt.Sprintf("%q in the catalog", strings.Join(p.Words, " ")), "")
	if p.Empty() {
		s.note("nothing in the catalog (%s) holds it", count(p.Catalog.Rules, "rule"))
		return
	}
	if len(p.Techniques) > 0 {
		s.techniques(p.Techniques)
	}
	if len(p.Rules) > 0 {
		s.section(counted("Rules", len(p.Rules)))
		s.listed(sheetTable{what: "rule", header: []string{"rule", "vendor", "level", "id"}}, len(p.Rules), func(i int) []cell {
			c := ruleCells(&p.Rules[i])
			return []cell{c[0], plain(string(p.Rules[i].Vendor)), c[1], c[2]}
		})
	}
	if len(p.Events) > 0 {
		s.section(counted("Events", len(p.Events)))
		s.listed(sheetTable{what: "event", header: []string{"provider", "event", "title", "rules"}, right: []int{3}}, len(p.Events), func(i int) []cell {
			e := &p.Events[i]
			return []cell{plain(e.Provider), code(e.Event.Event), plain(e.Title), number(e.Rules)}
		})
	}
	if len(p.Fields) > 0 {
		s.section(counted("Fields", len(p.Fields)))
		s.listed(sheetTable{what: "field", header: []string{"field", "comparisons"}, right: []int{1}}, len(p.Fields), func(i int) []cell {
			return []cell{code(p.Fields[i].Field), number(p.Fields[i].Rows)}
		})
	}
	if len(p.Indicators) > 0 {
		s.section(counted("Indicators", len(p.Indicators)))
		s.listed(sheetTable{what: "indicator", header: []string{"indicator", "rules", "vendors"}, right: []int{1}}, len(p.Indicators), func(i int) []cell {
			r := &p.Indicators[i]
			return []cell{code(keyName(r.Key)), number(r.Rules), plain(vendorCounts(r.Vendors))}
		})
	}
}
