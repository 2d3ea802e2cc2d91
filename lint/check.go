package lint

import (
	"fmt"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Check is one thing detlint looks at. A check stands in a file of its own and
// says all that its documentation needs; docs/checks is made of it.
type Check struct {
	ID       string
	Severity Severity
	Summary  string // one sentence, without a final stop
	// Rationale says why it matters and what to do, in Markdown.
	Rationale string
	// Bad is a rule file that the check reports, Good one that it does not;
	// a test runs both.
	Bad, Good string
	// More makes examples in further languages, one at least for each vendor;
	// runs that show none need not make them.
	More func() []Example
	// Without says why there is no example in a language; "" stands for all.
	Without map[rule.Language]string
	// Vendors are those whose rules the check looks at; nil means all.
	Vendors []rule.Vendor
	// Params are the thresholds that a repository may choose.
	Params []Param

	// Rule looks at one rule, Repository at all rules together, Change at two
	// versions of one rule. Those that tell what the parsers, the readers of
	// files or the suppressions have to say have none of them.
	Rule       func(*Pass)
	Repository func(*RepositoryPass)
	Change     func(*ChangePass)
	Added      bool // Change looks at new rules, too
}

// Link is the address of the check's documentation.
func (c *Check) Link() string {
	return "https://github.com/detlint/detlint/blob/main/docs/checks/" + c.ID + ".md"
}

func (c *Check) applies(v rule.Vendor) bool {
	if c.Vendors == nil {
		return true
	}
	for _, have := range c.Vendors {
		if have == v {
			return true
		}
	}
	return false
}

// Pass is one check looking at one rule.
type Pass struct {
	*normalize.Rule
	// Catalog has the public rules; nil when there is none.
	Catalog *catalog.Catalog
	// Library has the definitions of the repository; nil when they are not
	// known.
	Library *rule.Library

	file     *rule.File
	linter   *Linter
	check    *Check
	setting  Setting
	findings []Finding
}

// Report adds a finding at a place of the rule's file. value is the
// normalized value the finding is about; together with rule and check it
// identifies the finding. The result may be completed by the caller until the
// next call.
func (p *Pass) Report(at rule.Span, value, format string, args ...any) *Finding {
	p.findings = append(p.findings, newFinding(p.check, p.Rule.Rule, at, value, fmt.Sprintf(format, args...)))
	return &p.findings[len(p.findings)-1]
}

// Edit replaces the text of a span in the rule's file.
func (p *Pass) Edit(at rule.Span, text string) Edit {
	return Edit{Range: p.Source.Range(at), Text: text}
}

// newFinding makes a finding about a rule.
func newFinding(c *Check, r *rule.Rule, at rule.Span, value, message string) Finding {
	f := Finding{
		Check: c.ID, Severity: c.Severity, Message: message, Path: r.Path(),
		Range:  r.Source.Range(at),
		RuleID: r.ID.Value, RuleTitle: r.Title.Value,
		Link: c.Link(), State: New, Value: value, Index: r.Index,
	}
	f.Show(r.Source)
	f.Fingerprint = fingerprint(ruleKey(r.ID.Value, r.Path(), r.Index), c.ID, value)
	return f
}

// ruleKey names a rule across versions: by its id, or by its place where it
// has none.
func ruleKey(id, path string, index int) string {
	if id != "" {
		return id
	}
	return place(path, index)
}

func place(path string, index int) string { return fmt.Sprintf("%s#%d", path, index) }

// Repository is what the checks of whole repositories look at.
type Repository struct {
	Rules []normalize.Summary
	// Library has the definitions of the repository; nil when they are not
	// known.
	Library *rule.Library
	// Load returns one of the rules at length, nil when it cannot. Without it
	// no conditions are compared.
	Load func(*normalize.Summary) *normalize.Rule
	// Changed reports whether a rule is one of those under review, so that
	// what it shares with others is said of it; without it all are.
	Changed func(*normalize.Summary) bool
}

// RepositoryPass is one check looking at all rules of a repository.
type RepositoryPass struct {
	Repository

	tables   *attack.Tables
	older    bool // the rules are to be mapped to attack.Older
	check    *Check
	catalog  *catalog.Catalog // nil when there is none
	overlaps func() ([]overlap, []*normalize.Summary)
	findings []Finding
}

// Report adds a finding about a rule at a place of its file.
func (p *RepositoryPass) Report(s *normalize.Summary, at rule.Range, value, format string, args ...any) *Finding {
	p.findings = append(p.findings, Finding{
		Check: p.check.ID, Severity: p.check.Severity, Message: fmt.Sprintf(format, args...), Path: s.Path,
		Range: at, RuleID: s.ID.Value, RuleTitle: s.Title.Value,
		Link: p.check.Link(), State: New, Value: value, Index: s.Index,
		Fingerprint: fingerprint(ruleKey(s.ID.Value, s.Path, s.Index), p.check.ID, value),
	})
	return &p.findings[len(p.findings)-1]
}
