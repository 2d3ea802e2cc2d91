package lint

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/rule"
)

var tacticTagCheck = &Check{
	ID:       "tactic-tag",
	Severity: Info,
	Vendors:  onlyElastic,
	Summary:  "A rule's tag names a tactic that its mapping does not have",
	Rationale: `Where rules carry tags such as ` + "`Tactic: Execution`" + `, people filter by them. A tag that is left over from a rule this one
was copied from shows it in the wrong list. Rules without such tags are not looked at, and neither are tactics that have
no tag.`,
	Bad:  strings.Replace(threatMappingCheck.Good, "type = \"eql\"", "tags = [\"OS: Windows\", \"Tactic: Persistence\"]\ntype = \"eql\"", 1),
	Good: strings.Replace(threatMappingCheck.Good, "type = \"eql\"", "tags = [\"OS: Windows\", \"Tactic: Execution\"]\ntype = \"eql\"", 1),
	Rule: tacticTag,
}

func tacticTag(p *Pass) {
	doc := elasticDocument(p)
	if doc == nil || len(p.Tactics) == 0 {
		return
	}
	for _, tag := range p.Tags {
		name, ok := strings.CutPrefix(tag.Value, "Tactic:")
		if !ok {
			continue
		}
		name = strings.TrimSpace(name)
		short := p.shortTactic(name)
		if short == "" {
			p.Report(tag.Span, tag.Value, "tag %q names no tactic of ATT&CK", tag.Value)
			continue
		}
		if !slices.ContainsFunc(p.Tactics, func(t rule.Text) bool { return sameTactic(p.tables(), p.shortTactic(t.Value), short) }) {
			p.Report(tag.Span, tag.Value, "tag %q names a tactic that the rule is not mapped to", tag.Value)
		}
	}
}

// sameTactic reports whether two tactics are one, or one is what became of the
// other.
func sameTactic(tables *attack.Tables, a, b string) bool {
	return a == b || slices.Contains(tables.TacticSuccessors(a), b) || slices.Contains(tables.TacticSuccessors(b), a)
}
