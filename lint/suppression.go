package lint

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var suppressionCheck = &Check{
	ID:       "suppression",
	Severity: Warning,
	Summary:  "A suppression that suppresses nothing",
	Rationale: `A comment ` + "`# detlint:ignore CHECK until=2027-01-31 -- reason`" + ` passes over a finding; [suppressions](../suppressions.md)
says where it may stand in each format and what it holds for. This check is about those that do not do what they say:

- the check does not exist, or cannot be suppressed,
- the directive cannot be read: no check, an impossible date, unknown words, capital letters,
- it stands where the format has no comments, such as behind a ` + "`#`" + ` in a description,
- the date has passed: what was suppressed is reported again,
- nothing is there to be suppressed any more. Whether that is so is only known when the check has run; one that looks at
  changes has run on a rule that was compared with the version before.

Remove such a suppression, or renew it when its reason still holds.`,
	Bad: `# detlint:ignore noisy_path -- the tool is only on three machines
title: Renamed tool
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a0d1
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tool.exe'
    condition: selection
level: high
`,
	Good: `title: Renamed tool
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a0d1
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tool.exe'
    condition: selection
level: high
`,
	More: func() []Example {
		return []Example{
			contrast(exampleElastic, "Tool Started", "risk_score", "# detlint:ignore noisy-path until=soon\nrisk_score", "risk_score"),
			contrast(exampleSplunk, "Tool Started", "status: production", "status: production # detlint:ignore", "status: production"),
			contrast(exampleKusto, "Tool Started", "  DeviceProcessEvents\n  | where", "  // detlint:ignore noisypath -- three machines\n  DeviceProcessEvents\n  | where", "  DeviceProcessEvents\n  | where"),
		}
	},
}

// Suppressed says why a finding is passed over.
type Suppressed struct {
	By     string `json:"by"`               // comment, configuration or baseline
	Path   string `json:"path,omitempty"`   // the file that says so
	Line   int    `json:"line,omitempty"`   // 1-based
	Until  string `json:"until,omitempty"`  // the last day, as 2027-01-31
	Reason string `json:"reason,omitempty"` // as its author gave it
}

// What Suppressed.By can be.
const (
	ByComment       = "comment"
	ByConfiguration = "configuration"
	ByBaseline      = "baseline"
)

// Suppressible reports whether a finding may be passed over. That a rule could
// not be read may not: what it hides is not known.
func (f *Finding) Suppressible() bool {
	return f.Check != unreadableCheck.ID && !(f.Check == syntaxCheck.ID && f.Severity == Error)
}

// Suppressions are those that a file has. The zero value, and nil, have none.
type Suppressions struct {
	file *rule.File
	list []*suppression
}

// suppression is one directive for one check.
type suppression struct {
	directive
	check         string
	until, reason string
	single        bool         // the directive names no other check
	line, last    int          // the lines that it holds for, 0 for none
	rules         map[int]bool // the rules that it holds for as a whole
	file          bool         // it holds for what is said of the file
	rule          int          // the rule it stands in, -1 for none
	problem       string       // what is wrong with it, empty for nothing
	value         string       // names the problem across versions
	used          bool
	refused       bool // it is for something that cannot be suppressed
}

// ReadSuppressions finds the suppressions of a file.
func ReadSuppressions(f *rule.File) *Suppressions {
	found, texts := directives(f.Source)
	if len(found) == 0 {
		return nil
	}
	s := &Suppressions{file: f}
	l := newLayout(f, texts)
	for _, d := range found {
		for _, one := range d.parse() {
			l.place(one)
			s.list = append(s.list, one)
		}
	}
	return s
}

var untilForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// parse reads what follows the word: CHECK[,CHECK…] [until=DATE] [-- REASON].
func (d directive) parse() []*suppression {
	fail := func(value, format string, args ...any) []*suppression {
		return []*suppression{{directive: d, problem: fmt.Sprintf(format, args...), value: value}}
	}
	if d.wrong != "" {
		return fail("malformed", "%s", d.wrong)
	}
	words, reason, _ := strings.Cut(" "+strings.TrimSpace(d.text), " --")
	base := suppression{directive: d, reason: strings.TrimSpace(reason)}
	var checks []string
	for _, word := range strings.FieldsFunc(words, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
		name, value, isKey := strings.Cut(word, "=")
		switch {
		case !isKey:
			checks = append(checks, word)
		case name == "until":
			if _, err := time.Parse(time.DateOnly, value); err != nil || !untilForm.MatchString(value) {
				return fail("until "+value, "expected a date such as until=2027-01-31, found %q", word)
			}
			base.until = value
		default:
			return fail("word "+word, "unknown word %q, expected CHECK until=2027-01-31 -- reason", word)
		}
	}
	if len(checks) == 0 {
		return fail("no check", "expected the id of the check to suppress after %q", directiveWord)
	}
	var out []*suppression
	for _, id := range checks {
		one := base
		one.check, one.single = id, len(checks) == 1
		if c, err := Find(id); err != nil {
			one.problem, one.value = err.Error()+"; nothing is suppressed", "unknown "+id
		} else if c == unreadableCheck || c == suppressionCheck {
			one.problem, one.value = fmt.Sprintf("%q cannot be suppressed", id), "forbidden "+id
		}
		out = append(out, &one)
	}
	return out
}

// holds reports whether the suppression is for a finding.
func (s *suppression) holds(f *Finding) bool {
	if s.problem != "" || s.check != f.Check {
		return false
	}
	switch {
	case f.Index < 0 && s.file, f.Index >= 0 && s.rules[f.Index]:
		return true
	}
	return s.line > 0 && s.line <= f.Range.Start.Line && f.Range.Start.Line <= s.last
}

// Apply marks those of the findings about the file that are suppressed on the
// given day (2026-11-24; empty for a day on which nothing has expired).
func (s *Suppressions) Apply(findings []*Finding, today string) {
	if s == nil {
		return
	}
	for _, one := range s.list {
		for _, f := range findings {
			if !one.holds(f) {
				continue
			}
			if !f.Suppressible() {
				one.refused = true
				continue
			}
			one.used = true
			if f.Suppressed == nil && !one.expired(today) {
				f.Suppressed = &Suppressed{
					By: ByComment, Path: f.Path, Line: s.file.Source.Position(one.at.Start).Line,
					Until: one.until, Reason: one.reason,
				}
			}
		}
	}
}

func (s *suppression) expired(today string) bool {
	return s.until != "" && today != "" && s.until < today
}

// Findings are what is to be said about the suppressions themselves, once all
// findings about the file were given to Apply. changed tells the rules of the
// file, by index, of which two versions were compared; nil stands for none.
func (l *Linter) Findings(s *Suppressions, today string, changed func(index int) bool) []Finding {
	if s == nil || !l.Runs(suppressionCheck.ID, s.file.Source.Path) {
		return nil
	}
	setting, _ := l.setting(suppressionCheck, s.file.Source.Path)
	var out []Finding
	for _, one := range s.list {
		value, message := one.value, one.problem
		switch {
		case message != "":
		case one.refused && !one.used:
			value = "refused " + one.check
			message = fmt.Sprintf("errors of %q cannot be suppressed, what a rule that cannot be read hides is not known; mend the rule", one.check)
		case one.expired(today):
			value = "expired " + one.check
			message = fmt.Sprintf("this suppression of %q ended on %s; remove it, or give it a later date if its reason still holds", one.check, one.until)
		case !one.used && s.known(l, one, changed):
			value = "unused " + one.check
			message = fmt.Sprintf("there is nothing here that %q reports, so this suppression can go", one.check)
		default:
			continue
		}
		r := &rule.Rule{Source: s.file.Source, Index: -1}
		if one.rule >= 0 {
			r = s.file.Rules[one.rule]
		}
		f := newFinding(suppressionCheck, r, one.at, value, message)
		if one.used || one.refused || one.problem != "" {
			out = append(out, f)
			continue
		}
		f.Fix = one.removal(s.file.Source)
		out = append(out, f)
	}
	return setting.grade(out)
}

// UselessIgnore is the finding about an entry of a configuration that
// suppresses nothing; none where the check does not run.
func (l *Linter) UselessIgnore(path string, at rule.Range, value, message string) []Finding {
	if !l.Runs(suppressionCheck.ID, path) {
		return nil
	}
	f := newFinding(suppressionCheck, &rule.Rule{Source: rule.NewSource(path, nil), Index: -1}, rule.Span{}, value, message)
	f.Range, f.Snippet = at, ""
	setting, _ := l.setting(suppressionCheck, path)
	return setting.grade([]Finding{f})
}

// known reports whether it is certain that a suppression is unused: its check
// has run, on a rule that was read whole. One that compares two versions of a
// rule has only run where there are two.
func (s *Suppressions) known(l *Linter, one *suppression, changed func(int) bool) bool {
	c := Lookup(one.check)
	if !l.Runs(one.check, s.file.Source.Path) {
		return false
	}
	if c.Change != nil {
		rules := one.indices()
		if len(rules) == 0 {
			return false
		}
		for _, i := range rules {
			if !c.Added && (changed == nil || !changed(i)) || c.Added && l.mayReport(c, s.file.Rules[i]) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(s.file.Problems, func(p rule.Problem) bool {
		return !p.Warning && (p.RuleIndex < 0 || one.rule < 0 || p.RuleIndex == one.rule)
	})
}

// indices are the rules that the suppression may be for.
func (s *suppression) indices() []int {
	out := slices.Sorted(maps.Keys(s.rules))
	if s.rule >= 0 && !s.rules[s.rule] {
		out = append(out, s.rule)
	}
	return out
}

// mayReport reports whether a check of changes says something of a rule when it
// is new. A suppression that has done its work then is of no less use later.
func (l *Linter) mayReport(c *Check, r *rule.Rule) bool {
	return slices.ContainsFunc(l.Change(nil, normalize.Normalize(r)), func(f Finding) bool { return f.Check == c.ID })
}

// removal takes a directive out: the whole line where it stands alone.
func (s *suppression) removal(src *rule.Source) *Fix {
	if !s.single || s.comment.IsZero() {
		return nil
	}
	at := s.comment
	if s.own {
		line := src.Position(at.Start).Line
		at = rule.Span{Start: int32(src.LineStart(line)), End: int32(src.LineStart(line + 1))}
	} else {
		for at.Start > 0 && (src.Data[at.Start-1] == ' ' || src.Data[at.Start-1] == '\t') {
			at.Start--
		}
	}
	return &Fix{Title: "remove the suppression", Edits: []Edit{{Range: src.Range(at)}}}
}
