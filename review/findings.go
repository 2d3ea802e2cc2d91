package review

import (
	"fmt"
	"maps"
	"slices"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
)

// lint collects what the checks say, tells new findings from old ones by
// those of the base, and keeps the ones to show.
func (r *run) lint() {
	differs := map[string]bool{} // paths of the head whose content is new
	changed := map[string]bool{} // rules that are
	for i := range r.pairs {
		if p := &r.pairs[i]; p.head != nil {
			differs[p.head.Path] = true
			if p.state != changes.Unchanged {
				changed[place(p.head.Path, p.head.Index)] = true
			}
		}
	}
	var before, after, rest []lint.Finding
	for _, path := range slices.Sorted(maps.Keys(r.old)) {
		before = append(before, r.old[path].findings...)
	}
	for _, path := range slices.Sorted(maps.Keys(r.now)) {
		switch findings := r.now[path].findings; {
		case !r.wanted(path):
		case differs[path] || r.isNew(path):
			after = append(after, findings...)
		default:
			rest = append(rest, findings...)
		}
	}
	fixed := lint.Compare(before, after)
	for i := range rest {
		rest[i].State = lint.Existing
	}
	repository, repositoryFixed := r.lintRepository()
	fixed = append(fixed, repositoryFixed...)
	all := slices.Concat(r.report.Findings, r.unreadable(), after, rest, repository, fixed)
	lint.Sort(all)

	counts := &r.report.Summary.Findings
	shown := make([]lint.Finding, 0, len(all))
	for _, f := range all {
		inChange := changed[place(f.Path, f.Index)] || f.Index < 0 && differs[f.Path] || f.State == lint.Fixed
		if r.Show != ShowAll && f.State == lint.Existing && !inChange && !differs[f.Path] {
			continue // about a rule that this run has no reason to speak of
		}
		switch f.State {
		case lint.New:
			counts.New.Add(f.Severity)
		case lint.Existing:
			counts.Existing.Add(f.Severity)
		case lint.Fixed:
			counts.Fixed.Add(f.Severity)
		}
		if r.Show == ShowAll || f.State == lint.New || r.Show == ShowChanged && inChange {
			shown = append(shown, f)
		} else if f.State == lint.Existing {
			r.report.Summary.Hidden++
		}
	}
	r.report.Findings = r.withSnippets(shown)
}

// isNew reports whether a path of the head has no content in the base: a file
// that holds no rule yet is no pair.
func (r *run) isNew(path string) bool {
	if r.sides.base == nil {
		return true
	}
	base, ok := changes.Lookup(r.sides.base, path)
	if !ok {
		return true
	}
	head, _ := changes.Lookup(r.sides.head, path)
	return base.Hash != head.Hash
}

func place(path string, index int) string { return fmt.Sprintf("%s#%d", path, index) }

// lintRepository runs the checks of whole repositories over both sides.
func (r *run) lintRepository() (findings, fixed []lint.Finding) {
	keep := func(all []lint.Finding) []lint.Finding {
		return slices.DeleteFunc(all, func(f lint.Finding) bool { return !r.wanted(f.Path) })
	}
	findings = keep(r.linter.Repository(r.head.Rules()))
	if r.base != nil {
		fixed = lint.Compare(keep(r.linter.Repository(r.base.Rules())), findings)
	}
	return findings, fixed
}

// unreadable has a finding for every file of the head that could not be
// looked at. They are new whatever the base has: a run that could not look at
// something must not end green.
func (r *run) unreadable() []lint.Finding {
	var out []lint.Finding
	for i := range r.head.Files {
		if f := &r.head.Files[i]; f.Unreadable != "" && r.wanted(f.Path) {
			out = append(out, unreadable(f, ""))
		}
	}
	return out
}

// withSnippets adds the source line to findings that were made without the
// file at hand.
func (r *run) withSnippets(findings []lint.Finding) []lint.Finding {
	sources := map[string]*rule.Source{}
	for i := range findings {
		f := &findings[i]
		if f.Snippet != "" || f.State == lint.Fixed || f.Range.IsZero() {
			continue
		}
		src, ok := sources[f.Path]
		if !ok {
			if entry, found := changes.Lookup(r.sides.head, f.Path); found {
				if data, err := r.sides.head.Read(entry); err == nil {
					src = rule.NewSource(f.Path, data)
				}
			}
			sources[f.Path] = src
		}
		if src != nil {
			f.Snippet = string(src.Line(f.Range.Start.Line))
		}
	}
	return findings
}

// summarize counts what was looked at and lists the rules.
func (r *run) summarize() {
	sum := &r.report.Summary
	sum.Shown = string(r.Show)
	sum.Languages = map[rule.Language]int{}
	for i := range r.head.Files {
		f := &r.head.Files[i]
		if !r.wanted(f.Path) {
			continue
		}
		if f.Recognized {
			sum.Files++
		}
		if f.Broken > 0 {
			sum.Broken++
		}
		if f.Unreadable != "" {
			sum.Unreadable++
		}
		sum.Rules += len(f.Rules)
		for j := range f.Rules {
			sum.Languages[f.Rules[j].Language]++
		}
	}
	for i := range r.pairs {
		p := &r.pairs[i]
		c := &sum.Changes
		switch p.state {
		case changes.Added:
			c.Added++
		case changes.Modified:
			c.Modified++
		case changes.Moved:
			c.Moved++
		case changes.Removed:
			c.Removed++
		}
		if p.head == nil && !r.wanted(p.base.Path) || p.head != nil && !r.wanted(p.head.Path) {
			continue
		}
		r.report.Rules = append(r.report.Rules, r.entry(p))
	}
	if r.info.Mode == report.All {
		sum.Changes = report.Changes{}
	} else {
		sum.Changes.Unchanged = sum.Rules - sum.Changes.Added - sum.Changes.Modified - sum.Changes.Moved
	}
}

// entry describes one looked-at rule.
func (r *run) entry(p *pair) report.Rule {
	s := p.head
	if s == nil {
		s = p.base
	}
	out := report.Rule{
		Path: s.Path, Line: s.Range.Start.Line, ID: s.ID.Value, Title: s.Title.Value,
		Vendor: s.Vendor, Language: s.Language, State: p.state.String(), Level: s.Level,
		Techniques: s.Techniques, Events: s.Events,
		Reach: r.reach(p.after), ReachBefore: r.reach(p.before),
	}
	if r.info.Mode == report.All {
		out.State = changes.Unchanged.String()
	}
	if p.base != nil && p.base.Path != s.Path {
		out.PathBefore = p.base.Path
	}
	return out
}

func (r *run) reach(n *normalize.Rule) *int {
	if n == nil {
		return nil
	}
	if path, ok := r.linter.Widest(n); ok {
		return &path.Reach
	}
	return nil
}
