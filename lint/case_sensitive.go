package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var caseSensitiveCheck = &Check{
	ID:       "case-sensitive-path",
	Severity: Info,
	Vendors:  []rule.Vendor{rule.Elastic, rule.Kusto},
	Summary:  "A file name or path of Windows is compared with regard to case, which Windows does not have",
	Rationale: `Windows starts ` + "`CMD.EXE`" + ` when it is asked for ` + "`cmd.exe`" + `, and many of its events show the name as it was asked for. A rule
that compares it with regard to case is evaded by one letter. EQL has ` + "`:`, `in~`, `like~` and `regex~`" + `, Kusto ` + "`=~` and `in~`" + `, which
do not; ES|QL has to_lower(), around the field.

Only what the rule looks for is reported: an exclusion with regard to case is the stricter one. So is only what is surely of
Windows: a name that ends in .exe, .dll and the like, and a path with a drive letter or backslashes. The original name in a file's header is what
its vendor wrote, and nobody else's choice.`,
	Bad:  exampleElastic("Case Matters", `process.name : "example-tool.exe"`, `process.name == "example-tool.exe"`),
	Good: exampleElastic("Case Does Not Matter", `process.name : "example-tool.exe"`, `process.name : "example-tool.exe"`),
	More: func() []Example {
		return []Example{
			inESQL("Case Matters", `| where process.name == "example-tool.exe"`, `| where to_lower(process.name) == "example-tool.exe"`),
			inKQL("Case Matters", `| where FileName == "example-tool.exe"`, `| where FileName =~ "example-tool.exe"`),
		}
	},
	Rule: caseSensitive,
}

// caseful has, by language, the operators that regard case and what to write
// instead.
var caseful = map[rule.Language]map[string]string{
	"eql": {"==": ":", "in": "in~", "like": "like~", "regex": "regex~"},
	"esql": {
		"==": "to_lower(…) ==", "in": "to_lower(…) in", "like": "to_lower(…) like",
		"starts_with": "starts_with(to_lower(…), …)", "ends_with": "ends_with(to_lower(…), …)",
	},
	"kusto": {"==": "=~", "in": "in~", "has_cs": "has", "contains_cs": "contains", "startswith_cs": "startswith", "endswith_cs": "endswith"},
}

// windowsFile is a name or path that only Windows has.
var windowsFile = regexp.MustCompile(`(?i)^(?:[a-z]:\\.*|.*\\[^\\]+\\.*|[^\\/]+\.(?:exe|dll|bat|cmd|ps1|vbs|scr|msi|sys|com|hta|lnk))$`)

// fileFields are the canonical fields that hold names and paths of files.
var fileFields = []string{
	"process.name", "process.executable", "process.parent.name", "process.parent.executable",
	"file.name", "file.path", "dll.name", "dll.path", "target.process.name", "target.process.executable",
}

func caseSensitive(p *Pass) {
	instead := caseful[p.Language]
	if instead == nil {
		return
	}
	var seen []string
	for i := range p.Predicates {
		have := &p.Predicates[i]
		better := instead[strings.ToLower(have.SourceOperator)]
		if better == "" || have.Negated || have.Derived || rule.Folded(have.Through) != rule.AnyCase || !slices.Contains(fileFields, have.Field) || !hasLetter(have.Value) ||
			!windowsFile.MatchString(have.Value) || slices.Contains(seen, have.Field) {
			continue
		}
		seen = append(seen, have.Field)
		p.Report(have.Span, keyText(have.Key), "%q compares %s with regard to case, which file names of Windows do not have; expected %q",
			have.SourceOperator, describe(normalize.Key{Field: have.SourceField, Operator: rule.Eq, Value: normalize.Shown(have.Operator, have.Value)}), better)
	}
}

func hasLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' })
}
