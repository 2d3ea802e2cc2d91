package lint

import (
	"fmt"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// ChangePass is one check looking at what a change did to one rule.
type ChangePass struct {
	// Before and After are the two versions of the rule. Before is nil where the
	// rule is new, which is only for checks of added rules.
	Before, After *normalize.Rule

	linter   *Linter
	check    *Check
	findings []Finding
}

// Report adds a finding at a place of the rule as it is after the change.
func (p *ChangePass) Report(at rule.Span, value, format string, args ...any) *Finding {
	p.findings = append(p.findings, newFinding(p.check, p.After.Rule, at, value, fmt.Sprintf(format, args...)))
	return &p.findings[len(p.findings)-1]
}

// Change returns what the checks of changes say about two versions of a rule.
// before is nil for a rule that is new.
func (l *Linter) Change(before, after *normalize.Rule) []Finding {
	var out []Finding
	for _, c := range l.checks {
		if c.Change == nil || before == nil && !c.Added || !c.applies(after.Vendor) {
			continue
		}
		setting, ok := l.setting(c, after.Path())
		if !ok {
			continue
		}
		pass := &ChangePass{Before: before, After: after, linter: l, check: c}
		c.Change(pass)
		out = append(out, setting.grade(pass.findings)...)
	}
	return out
}
