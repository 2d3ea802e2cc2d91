package lint

import (
	"path"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var duplicateDefinitionCheck = &Check{
	ID:       "duplicate-definition",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "Two files define the same macro, lookup or data source",
	Rationale: `An app has one macro of a name. Of two that the repository defines, one is lost, and which one is not said anywhere:
rules mean something else than their author read. contentctl builds no app from such a repository.

Definitions in .conf files are left out, since a file in ` + "`local`" + ` is meant to replace what one in ` + "`default`" + ` says, and two apps
may each have their own.`,
	Bad: "-- macros/sysmon.yml --\n" + exampleMacro + "-- macros/sysmon_logs.yml --\n" +
		strings.Replace(exampleMacro, "sourcetype=", "index=sysmon sourcetype=", 1),
	Good: "-- macros/sysmon.yml --\n" + exampleMacro + "-- macros/sysmon_logs.yml --\n" +
		strings.Replace(strings.Replace(exampleMacro, "sourcetype=", "index=sysmon sourcetype=", 1), "name: sysmon", "name: sysmon_logs", 1),
	Repository: duplicateDefinition,
}

// definitionNames are the kinds of definitions by their names in messages.
var definitionNames = map[rule.DefinitionKind]string{
	rule.Macro: "macro", rule.Lookup: "lookup", rule.DataSource: "data source",
}

func duplicateDefinition(p *RepositoryPass) {
	for _, group := range p.Library.Repeated() {
		var here []*rule.Definition
		for _, d := range group {
			if ext := strings.ToLower(path.Ext(d.Path)); ext == ".yml" || ext == ".yaml" {
				here = append(here, d)
			}
		}
		what := definitionNames[group[0].Kind]
		if len(here) < 2 || what == "" {
			continue
		}
		for i, d := range here {
			other := here[0]
			if i == 0 {
				other = here[1]
			}
			f := p.ofDefinition(d, string(d.Kind)+":"+d.Name, "%s %q is also defined in %s", what, d.Name, other.Path)
			f.Related = []Location{{Path: other.Path, Range: lineRange(other.Line), Message: "the other definition"}}
		}
	}
}

// ofDefinition adds a finding about a definition.
func (p *RepositoryPass) ofDefinition(d *rule.Definition, value, format string, args ...any) *Finding {
	s := &normalize.Summary{Path: d.Path, Index: -1}
	return p.Report(s, lineRange(d.Line), value, format, args...)
}

// lineRange is the beginning of a line.
func lineRange(line int) rule.Range {
	at := rule.Position{Line: line, Column: 1}
	return rule.Range{Start: at, End: at}
}
