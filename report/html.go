package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/meaning"
)

//go:embed templates/report.html
var htmlTemplate string

//go:embed templates/report.css
var htmlStyle string

// The bounds of a page that a browser still shows at once. What is beyond them
// is counted, and the page says where it is.
const (
	htmlFindings = 2000
	htmlRules    = 500
	htmlParts    = 60 // comparisons of one kind of one rule
)

// HTML writes the report as one page that needs nothing else: no script, no
// request, no other file. What rules, titles and paths say goes through
// html/template, and what would act without being seen is spelled out.
func HTML(w io.Writer, r *Report, o Options) error {
	page := &htmlReport{Report: r, o: o, Linted: true}
	page.Open, page.Fixed = parted(r.Findings)
	if r.compared() {
		page.Changed = changedOf(r)
		slices.SortStableFunc(page.Changed, func(a, b Rule) int {
			return cmp.Or(cmp.Compare(weight(&b), weight(&a)), cmp.Compare(adviceOrder(&a), adviceOrder(&b)))
		})
	}
	return page.write(w)
}

// CoverageHTML writes the coverage on its own, as HTML does.
func CoverageHTML(w io.Writer, r *Report, o Options) error {
	page := &htmlReport{Report: r, o: o}
	return page.write(w)
}

func (h *htmlReport) write(w io.Writer) error {
	t, err := htmlPage()
	if err != nil {
		return err
	}
	h.Style = template.CSS(htmlStyle)
	if h.Coverage != nil {
		h.Matrices = matrices(h.Coverage)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, h); err != nil {
		return fmt.Errorf("write the HTML report: %w", err)
	}
	// The log of a CI system that shows the page obeys what stands in it.
	_, err = w.Write(ciCommand.ReplaceAll(b.Bytes(), []byte("#&#35;$1")))
	return err
}

func htmlPage() (*template.Template, error) {
	return template.New("report").Funcs(template.FuncMap{
		"v": visible, "lines": visibleLines, "number": thousands, "count": count,
		"effect":    func(c coverage.Change) string { return effect(&c) },
		"technique": func(c coverage.Change, attack string) string { return techniqueName(c.ID, c.Name, attack) },
		"pair":      func(h *htmlReport, f *lint.Finding) htmlFinding { return htmlFinding{h, f} },
		"attribute": func(a meaning.Attribute) string { return attributeText(&a, 200) },
	}).Parse(htmlTemplate)
}

// htmlReport is what the template sees.
type htmlReport struct {
	*Report
	o        Options
	Linted   bool // whether findings were looked for
	Style    template.CSS
	Open     []*lint.Finding
	Fixed    []*lint.Finding
	Changed  []Rule
	Matrices []matrix
}

// htmlFinding and htmlChanges are what the templates of parts of the page see.
type htmlFinding struct {
	Report  *htmlReport
	Finding *lint.Finding
}

type htmlChanges struct {
	Word, Class, ATTACK string
	Folded              bool
	Changes             []coverage.Change
}

func (c htmlChanges) Title() string { return capital(c.Word) }

// Groups are the techniques that the change covers in another way.
func (h *htmlReport) Groups() []htmlChanges {
	classes := map[style]string{red: "lost", yellow: "weakened", green: "gained"}
	var out []htmlChanges
	for _, g := range changeGroups(h.Coverage) {
		if len(g.changes) > 0 {
			out = append(out, htmlChanges{g.word, classes[g.style], h.Coverage.ATTACK, g.word == "strengthened", g.changes})
		}
	}
	return out
}

// Standing says how much is covered, where the headline does not and no change
// does.
func (h *htmlReport) Standing() string {
	switch c := h.Coverage; {
	case c.Before != nil && unchanged(c):
		return "No technique is covered better or worse than before. " + covered(c.After)
	case c.Before == nil && h.Linted:
		return covered(c.After)
	}
	return ""
}

func (h *htmlReport) Title() string { return "detlint: " + h.Headline() }

// Headline says what came of the run.
func (h *htmlReport) Headline() string {
	switch {
	case h.Linted || h.Coverage == nil:
		return h.headline()
	case h.Coverage.Before == nil || len(h.Coverage.Gained)+len(h.Coverage.Lost) == 0:
		return strings.TrimSuffix(covered(h.Coverage.After), ".")
	}
	return delta(h.Coverage)
}

// Against says what was compared, or that nothing was.
func (h *htmlReport) Against() string {
	if !h.compared() {
		return "every rule of " + short(h.Repository.Head)
	}
	return changedRules(h.Report)
}

// Rest counts what is not listed.
func (h *htmlReport) Rest() string {
	return strings.Join(slices.DeleteFunc([]string{otherFindings(h.Report), suppressed(h.Report)}, func(s string) bool { return s == "" }), ", ")
}

// Foot says what the report rests on.
func (h *htmlReport) Foot() []string {
	s := &h.Summary
	line := count(s.Rules, "rule") + " looked at in " + count(s.Files, "file")
	if languages := s.languages(", "); languages != "" {
		line += " (" + languages + ")"
	}
	out := append([]string{line}, s.passedOver()...)
	return append(out, h.Tool.attackVersion(), h.Tool.Catalog.String(), strings.TrimSpace("detlint "+h.Tool.Version))
}

// Listed are the findings that the page has room for, MoreFindings how many
// there are beyond.
func (h *htmlReport) Listed() []*lint.Finding { return h.Open[:min(len(h.Open), htmlFindings)] }

func (h *htmlReport) MoreFindings() int { return max(len(h.Open)-htmlFindings, 0) }

func (h *htmlReport) ListedFixed() []*lint.Finding {
	return h.Fixed[:min(len(h.Fixed), htmlFindings)]
}

func (h *htmlReport) MoreFixed() int { return max(len(h.Fixed)-htmlFindings, 0) }

func (h *htmlReport) ListedRules() []Rule { return h.Changed[:min(len(h.Changed), htmlRules)] }

func (h *htmlReport) MoreRules() int { return max(len(h.Changed)-htmlRules, 0) }

// Severities are those that findings have, most severe first, for the switches
// above the list.
func (h *htmlReport) Severities() []severityCount {
	var out []severityCount
	for _, s := range []lint.Severity{lint.Error, lint.Warning, lint.Info} {
		n := 0
		for _, f := range h.Open {
			if f.Severity == s {
				n++
			}
		}
		if n > 0 {
			out = append(out, severityCount{s.String(), n, count(n, s.String())})
		}
	}
	return out
}

type severityCount struct {
	Name string
	N    int
	Text string
}

// Place is where a finding or rule is, Link its address, empty for none.
func (h *htmlReport) Place(f *lint.Finding) string { return place(f.Path, f) }

func (h *htmlReport) Link(f *lint.Finding) string {
	if f.State == lint.Fixed {
		return "" // it is not there any more
	}
	return h.o.fileLink(f.Path, f.Range.Start.Line)
}

func (h *htmlReport) RuleLink(r Rule) string {
	if r.State == "removed" {
		return ""
	}
	return h.o.fileLink(r.Path, r.Line)
}

// CheckLink is the documentation of a check.
func (h *htmlReport) CheckLink(f *lint.Finding) string { return webAddress(f.Link) }

func (h *htmlReport) EvidenceLink(r lint.EvidenceRule) string { return webAddress(r.URL) }

func (h *htmlReport) RuleTitle(r Rule) string {
	if strings.TrimSpace(r.Title) == "" {
		return path.Base(r.Path)
	}
	return r.Title
}

// Mark says what else there is to know about where a finding comes from.
func (h *htmlReport) Mark(f *lint.Finding) string {
	mark := ""
	if f.State == lint.Existing {
		mark = "existing"
	}
	if s := strings.Trim(suppressedMark(f.Suppressed), " ()"); s != "" {
		mark = strings.TrimPrefix(mark+", "+s, ", ")
	}
	return mark
}

// htmlSource is the source line of a finding in three parts.
type htmlSource struct {
	Line                  int
	Before, Marked, After string
}

// Source is nil where there is none to show.
func (h *htmlReport) Source(f *lint.Finding) *htmlSource {
	source, start, end, ok := sourceOf(f)
	if !ok {
		return nil
	}
	s := &htmlSource{Line: f.Range.Start.Line}
	s.Before, s.Marked, s.After = excerpt(source, start, end, 400)
	return s
}

// NewEvidence are the rules that a piece of evidence names, unless the piece
// before has named the same.
func (h *htmlReport) NewEvidence(f *lint.Finding, i int) []lint.EvidenceRule {
	if i > 0 && slices.Equal(f.Evidence[i].Rules, f.Evidence[i-1].Rules) {
		return nil
	}
	return f.Evidence[i].Rules
}

// Verdict is what a changed rule has become, in a word or two.
func (h *htmlReport) Verdict(r Rule) string {
	switch word := meaningOf(&r); {
	case word != "":
		return word
	case r.Change == nil && r.State == "modified":
		return "cannot tell"
	}
	return r.State
}

// Summed says in a few words what was added and dropped.
func (h *htmlReport) Summed(r Rule) string {
	if meaningOf(&r) == "" {
		return ""
	}
	return r.Summary
}

// Deserves reports whether a changed rule is shown unfolded: because what it
// finds is not what it was, as far as is known, or because there are few.
func (h *htmlReport) Deserves(r Rule) bool {
	return len(h.Changed) <= fewAdvised || r.Change == nil || meaningOf(&r) != "" && r.Verdict != meaning.Same
}

// MeaningClass names the verdict for the style.
func (h *htmlReport) MeaningClass(r Rule) string {
	switch {
	case r.Change == nil:
		return string(meaning.Unknown)
	case meaningOf(&r) == "":
		return "none"
	}
	return string(r.Verdict)
}

// weight orders changed rules: first those that find other events than they
// did, last those that find the same.
func weight(r *Rule) int {
	switch {
	case r.Change == nil:
		return 3
	case meaningOf(r) == "":
		return 1
	case r.Verdict == meaning.Same:
		return 0
	}
	return 2
}

// Unread says that one side of a changed rule could not be read.
func (h *htmlReport) Unread(r Rule) bool { return r.Change == nil }

// Reach is empty where the advice says it, and where no public rule shares
// anything with the widest path, before or after.
func (h *htmlReport) Reach(r Rule) string {
	if text := reachOf(&r); text != "0" && r.Advice == nil {
		return text
	}
	return ""
}

// From is where a rule was before, Through what it was changed by.
func (h *htmlReport) From(r Rule) string {
	if r.PathBefore == r.Path {
		return ""
	}
	return r.PathBefore
}

func (h *htmlReport) Through(r Rule) string {
	if len(r.Through) == 0 {
		return ""
	}
	return some(r.Through, 3)
}

// htmlPart is one comparison of a changed rule.
type htmlPart struct{ Class, Sign, Role, Text string }

// Parts are the comparisons that were added, dropped and moved. Of a rule that
// is new or gone there are none: what it is made of, it says best itself.
func (h *htmlReport) Parts(r Rule) []htmlPart {
	if meaningOf(&r) == "" {
		return nil
	}
	var out []htmlPart
	add := func(class, sign string, list []meaning.Predicate) {
		for i := range list {
			if i == htmlParts {
				out = append(out, htmlPart{class, sign, "", "and " + thousands(len(list)-i) + " more"})
				break
			}
			out = append(out, htmlPart{class, sign, string(list[i].Role), comparison(&list[i])})
		}
	}
	add("add", "+", r.Added)
	add("drop", "−", r.Removed)
	if c := r.Condition; c != nil {
		for _, line := range c.Before {
			out = append(out, htmlPart{"drop", "−", "line", line})
		}
		for _, line := range c.After {
			out = append(out, htmlPart{"add", "+", "line", line})
		}
	}
	for i := range r.Moved {
		m := &r.Moved[i]
		out = append(out, htmlPart{"move", "~", fmt.Sprintf("%s → %s", m.From, m.Role), comparison(&m.Predicate)})
	}
	return out
}

func (h *htmlReport) Attributes(r Rule) []meaning.Attribute {
	if meaningOf(&r) == "" {
		return nil
	}
	return r.Attributes
}
