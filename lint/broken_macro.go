package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// macroFault is the macro that keeps a rule from being read.
type macroFault struct{ name, file string }

// mostCallers is how many rules a finding about a macro names.
const mostCallers = 5

// AtMacros puts one finding at the definition of a macro in the place of those
// that say the same of several rules which call it: it is mended there. The
// library has the definitions.
func AtMacros(findings []Finding, library *rule.Library) []Finding {
	type group struct {
		macroFault
		message string
		state   State
	}
	members := map[group][]int{}
	var order []group
	for i := range findings {
		f := &findings[i]
		if f.macro == nil || f.Suppressed != nil {
			continue
		}
		g := group{*f.macro, f.Value, f.State}
		if members[g] == nil {
			order = append(order, g)
		}
		members[g] = append(members[g], i)
	}
	gone := map[int]bool{}
	var out []Finding
	for _, g := range order {
		d := definitionOf(library, g.macroFault)
		var callers []*Finding // the first of each rule
		seen := map[string]bool{}
		for _, i := range members[g] {
			if at := place(findings[i].Path, findings[i].Index); !seen[at] {
				seen[at] = true
				callers = append(callers, &findings[i])
			}
		}
		if len(callers) < 2 || d == nil {
			continue
		}
		for _, i := range members[g] {
			gone[i] = true
		}
		f := ofMacro(d, g.message, callers)
		f.State = g.state
		out = append(out, f)
	}
	if len(out) == 0 {
		return findings
	}
	for i := range findings {
		if !gone[i] {
			out = append(out, findings[i])
		}
	}
	Sort(out)
	return out
}

func ofMacro(d *rule.Definition, message string, callers []*Finding) Finding {
	r := &rule.Rule{Source: rule.NewSource(d.Path, nil), Index: -1}
	f := newFinding(syntaxCheck, r, rule.Span{}, message, "")
	f.Range, f.Snippet = lineRange(d.Line), ""
	var titles []string
	for _, c := range callers {
		titles = append(titles, quote(c.RuleTitle))
		if len(f.Related) < mostCallers {
			f.Related = append(f.Related, Location{Path: c.Path, Range: c.Range, Message: "a rule that calls it"})
		}
	}
	f.Callers = len(titles)
	named := strings.Join(titles[:min(len(titles), mostCallers)], ", ")
	if more := len(titles) - mostCallers; more > 0 {
		named += fmt.Sprintf(" and %d more", more)
	}
	text := strings.TrimPrefix(message, fmt.Sprintf("in macro %q of %s: ", callers[0].macro.name, d.Path))
	f.Message = fmt.Sprintf("macro %q: %s; %d rules that call it cannot be read whole: %s", callers[0].macro.name, text, len(titles), named)
	return f
}

// definitionOf finds the definition of a macro in its file.
func definitionOf(library *rule.Library, m macroFault) *rule.Definition {
	names := library.Names(rule.Macro)
	i := slices.IndexFunc(names, func(name string) bool {
		base, _, _ := strings.Cut(name, "(")
		d, _ := library.Lookup(rule.Macro, name)
		return base == m.name && d.Path == m.file
	})
	if i < 0 {
		return nil
	}
	d, _ := library.Lookup(rule.Macro, names[i])
	return d
}
