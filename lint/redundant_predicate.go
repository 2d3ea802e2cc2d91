package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/proof"
	"github.com/detlint/detlint/rule"
)

var redundantPredicateCheck = &Check{
	ID:       "redundant-predicate",
	Severity: Info,
	Summary:  "A comparison says nothing that another one of the rule does not say already",
	Rationale: `The rule finds the same without it. Four kinds are told:

- a value that stands twice in a list, or two exclusions that are the same;
- a comparison that another one implies which must hold as well: ` + "`contains 'wall'` beside `contains 'firewall'`" + `;
- an alternative that asks for all that another one asks for, and for more: ` + "`a and b` beside `a`" + `; often the other one was to ask for more, too;
- a value that makes two or more others of its list, or two or more exclusions, needless: ` + "`contains 'rar'` beside `'winrar'`" + `
  and ` + "`'unrar'`" + `. One that is contained in another is common and often meant; where several are, the short one is wider than
  was thought, or the long ones are left over.

Nothing is wrong with what the rule finds. What is needless is read, maintained and believed in all the same, and a value
that stands twice is at times the place of one that was forgotten. Networks within networks are not told.`,
	Bad: `title: Archiver Started
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a024
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\a-tool-that-nobody-uses.exe'
        CommandLine|contains:
            - ' --pack'
            - ' --unpack'
            - ' --pack'
    condition: selection
level: low
`,
	Good: `title: Archiver Started
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a024
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\a-tool-that-nobody-uses.exe'
        CommandLine|contains:
            - ' --pack'
            - ' --unpack'
    condition: selection
level: low
`,
	More: func() []Example {
		return []Example{
			inEQL("Archiver Started", `process where process.name : ("pack.exe", "unpack.exe", "pack.exe")`, `process where process.name : ("pack.exe", "unpack.exe")`),
			inKuery("Archiver Started", `process.name : ("pack.exe" or "unpack.exe" or "pack.exe")`, `process.name : ("pack.exe" or "unpack.exe")`),
			inESQL("Archiver Started", `| where to_lower(process.name) in ("pack.exe", "unpack.exe", "pack.exe")`, `| where to_lower(process.name) in ("pack.exe", "unpack.exe")`),
			inSPL("Archiver Started", `Processes.process_name IN ("pack.exe", "unpack.exe", "pack.exe")`, `Processes.process_name IN ("pack.exe", "unpack.exe")`),
			inKQL("Archiver Started", `| where FileName in~ ("pack.exe", "unpack.exe", "pack.exe")`, `| where FileName in~ ("pack.exe", "unpack.exe")`),
		}
	},
	Rule: redundantPredicate,
}

// manyContained is how many values another one must make needless to be told.
const manyContained = 2

func redundantPredicate(p *Pass) {
	for _, group := range p.proved(proof.Repeated) {
		f := group[0]
		if p.isQuoted(f.At[0].Span) != p.isQuoted(f.By[0].Span) {
			continue // written in two ways on purpose, as a text and as another type
		}
		what := "stands in this list twice"
		if f.At[0].Negated {
			what = "is excluded twice"
		}
		p.redundant(group, "%s %s%s", written(f.At[0]), what, more(len(group)-1))
	}
	for _, group := range p.grouped(func(f *proof.Fault) string { return literalText(f.At[0]) }, proof.Implied) {
		f := group[0]
		if written(f.At[0]) == written(f.By[0]) {
			p.redundant(group, "%s is asked for twice", written(f.At[0]))
		} else {
			p.redundant(group, "%s says nothing: whatever has %s has it", written(f.At[0]), anyOf(f.By))
		}
	}
	for _, f := range p.faults() {
		if f.Kind == proof.Within {
			found := p.Report(f.At[0].Span, literalText(f.At[0])+" within", "this alternative finds nothing that another one does not, which asks for no more than %s", allOf(f.By))
			p.refer(found, f.By[0], "the wider alternative")
		}
	}
	for _, group := range p.byWider() {
		at, by := group[0].At[0], group[0].By[0]
		what := "is in the list already"
		if at.Negated {
			what = "is excluded already"
		}
		p.redundant(group, "%s %s, by %s%s", written(at), what, written(by), more(len(group)-1))
	}
}

// allOf writes the first of some comparisons that must hold together.
func allOf(list []proof.Literal) string {
	parts := make([]string, 0, maxExamples)
	for _, l := range list[:min(len(list), maxExamples)] {
		not := ""
		if l.Negated {
			not = "not "
		}
		parts = append(parts, not+written(l))
	}
	text := strings.Join(parts, " and ")
	if more := len(list) - len(parts); more > 0 {
		text += " and more"
	}
	return text
}

// byWider returns what a wider comparison makes needless, by that, where it makes
// many so.
func (p *Pass) byWider() [][]proof.Fault {
	groups := p.grouped(func(f *proof.Fault) string { return fmt.Sprint(f.By[0].Span.Start) }, proof.Contained, proof.Covered)
	return slices.DeleteFunc(groups, func(group []proof.Fault) bool { return len(group) < manyContained })
}

// redundant reports what is needless, with a fix where it can be taken out of a
// list.
func (p *Pass) redundant(group []proof.Fault, format string, args ...any) {
	f := group[0]
	found := p.Report(f.At[0].Span, literalText(f.At[0]), format, args...)
	p.refer(found, f.By[0], "says it")
	if p.leavesOne(group) {
		return
	}
	fix := &Fix{}
	for _, f := range group {
		edit, ok := p.removeValue(f.At[0].Span)
		if !ok {
			return
		}
		fix.Edits = append(fix.Edits, edit)
	}
	slices.SortFunc(fix.Edits, func(a, b Edit) int { return a.Range.Start.Offset - b.Range.Start.Offset })
	fix.Title = "take out " + quoteValue(group[0].At[0]) + more(len(group)-1)
	if p.finds(fix.Edits, group) {
		found.Fix = fix
	}
}

// leavesOne reports whether a list that needs several values, all of which must
// hold, would be left with one.
func (p *Pass) leavesOne(group []proof.Fault) bool {
	doc := document(p)
	if doc == nil {
		return false
	}
	for _, sel := range doc.Selections {
		for _, it := range sel.Items {
			if !it.Has("all") {
				continue
			}
			left := it.Values()
			for _, f := range group {
				left = slices.DeleteFunc(slices.Clone(left), func(v *tree.Node) bool { return v.Span == f.At[0].Span })
			}
			if len(left) == 1 && len(it.Values()) > 1 {
				return true
			}
		}
	}
	return false
}

// isQuoted reports whether a value is written in quotes.
func (p *Pass) isQuoted(at rule.Span) bool {
	text := p.source(at)
	return text != "" && (text[0] == '"' || text[0] == '\'')
}

// removeValue is an edit that takes a value out of a list of a rule or of its
// query. The list is left as it is laid out otherwise.
func (p *Pass) removeValue(at rule.Span) (Edit, bool) {
	if edit, ok := p.removeItem(at); ok {
		return edit, true
	}
	if p.source(at) == "" {
		return Edit{}, false
	}
	data := p.Source.Data
	blank := func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
	before, after := int(at.Start), int(at.End)
	for before > 0 && blank(data[before-1]) {
		before--
	}
	for after < len(data) && blank(data[after]) {
		after++
	}
	switch {
	case before == 0 || after == len(data):
	case data[before-1] == ',' && (data[after] == ',' || data[after] == ')'):
		return p.Edit(rule.Span{Start: int32(before - 1), End: at.End}, ""), true
	case data[before-1] == '(' && data[after] == ',':
		for after++; after < len(data) && blank(data[after]); {
			after++
		}
		return p.Edit(rule.Span{Start: at.Start, End: int32(after)}, ""), true
	}
	return Edit{}, false
}

// finds reports whether the rule, with some edits, is read as well as before and
// has the same comparisons but for those that are taken out.
func (p *Pass) finds(edits []Edit, without []proof.Fault) bool {
	var b strings.Builder
	last := 0
	for _, e := range edits {
		if e.Range.Start.Offset < last {
			return false
		}
		b.Write(p.Source.Data[last:e.Range.Start.Offset])
		b.WriteString(e.Text)
		last = e.Range.End.Offset
	}
	b.Write(p.Source.Data[last:])
	file := parsers.Parse(p.Path(), []byte(b.String()), p.Library)
	if p.Index >= len(file.Rules) || file.Rules[p.Index].Broken {
		return false
	}
	have := comparisons(normalize.Normalize(file.Rules[p.Index]))
	want := comparisons(p.Rule)
	for _, f := range without {
		if want[literalKey(f.At[0])]--; want[literalKey(f.At[0])] == 0 {
			delete(want, literalKey(f.At[0]))
		}
	}
	return fmt.Sprint(have) == fmt.Sprint(want)
}

// comparisons counts those of a rule where they stand.
func comparisons(r *normalize.Rule) map[string]int {
	count := map[string]int{}
	rule.Walk(r.Condition, func(c rule.Condition) bool {
		if p, ok := c.(*rule.Predicate); ok {
			count[literalKey(proof.Literal{Predicate: p})]++
		}
		return true
	})
	return count
}

func literalKey(l proof.Literal) string { return literalText(l) + " " + l.SourceOperator }
