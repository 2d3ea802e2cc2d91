package review

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
	"github.com/detlint/detlint/scan"
)

// lint collects what the checks say, tells new findings from old ones by
// those of the base, and keeps the ones to show.
func (r *run) lint() {
	changed := map[place]bool{} // rules of the head that differ
	for i := range r.pairs {
		if p := &r.pairs[i]; p.head != nil && p.state != changes.Unchanged {
			changed[place{p.head.Path, p.head.Index}] = true
		}
	}
	var before, after, rest []lint.Finding
	for _, path := range slices.Sorted(maps.Keys(r.old)) {
		before = append(before, r.old[path].findings...)
	}
	for _, path := range slices.Sorted(maps.Keys(r.now)) {
		if r.differs(path) {
			after = append(after, r.now[path].findings...)
		} else {
			rest = append(rest, r.now[path].findings...)
		}
	}
	ofBase, ofHead := r.lintRepository()
	if r.sides.base != nil {
		before = append(before, r.suppress(r.sides.base, r.base.Library, r.old, nil, before, ofBase)...)
	}
	ofChange := r.lintChanges()
	for _, f := range r.suppress(r.sides.head, r.head.Library, r.now, r.compared, after, rest, ofHead, ofChange) {
		if r.differs(f.Path) {
			after = append(after, f)
		} else {
			rest = append(rest, f)
		}
	}
	for i := range rest {
		rest[i].State = lint.Existing
	}
	fixed := r.compareFindings(before, after)
	if r.base != nil {
		fixed = append(fixed, r.compareFindings(ofBase, ofHead)...)
		ofHead = r.enough(ofHead, changed)
		if lint.TellsVersion(ofChange) {
			// What is said of the rules that a change brings in is enough.
			ofHead = slices.DeleteFunc(ofHead, func(f lint.Finding) bool { return f.State == lint.New && lint.IsOfVersion(&f) })
		}
	}
	all := slices.Concat(r.report.Findings, r.unreadable(), after, rest, ofHead, ofChange, fixed, r.uselessIgnores())
	lint.Sort(all)
	r.known(all)
	all = r.atMacros(all)

	counts := &r.report.Summary.Findings
	shown := make([]lint.Finding, 0, len(all))
	for _, f := range all {
		if !r.concerns(&f) {
			continue
		}
		inChange := f.Callers > 0 || changed[place{f.Path, f.Index}] || f.Index < 0 && r.differs(f.Path) || f.State == lint.Fixed
		show := r.Show == ShowAll || f.State == lint.New || r.Show == ShowChanged && inChange
		if f.Suppressed != nil {
			r.report.Summary.Suppressed++
			if r.ShowSuppressed {
				shown = append(shown, f)
			}
			continue
		}
		switch f.State {
		case lint.New:
			counts.New.Add(f.Severity)
		case lint.Existing:
			counts.Existing.Add(f.Severity)
		case lint.Fixed:
			counts.Fixed.Add(f.Severity)
		}
		if show {
			shown = append(shown, f)
			continue
		}
		switch f.State {
		case lint.Existing:
			r.report.Summary.Hidden++
		case lint.Fixed:
			r.report.Fixed = append(r.report.Fixed, f)
		}
	}
	r.report.Findings = r.withSnippets(shown)
	r.report.Suggestions = r.suggestions(r.report.Findings)
}

// concerns reports whether a finding was asked for, and is not about a rule that
// this run has no reason to speak of.
func (r *run) concerns(f *lint.Finding) bool {
	return f.Callers > 0 || r.wantedFinding(f) && (r.Show == ShowAll || f.State != lint.Existing || r.differs(f.Path))
}

// atMacros has a broken macro reported once, and not by every rule that calls
// it.
func (r *run) atMacros(all []lint.Finding) []lint.Finding {
	var here, gone []lint.Finding
	for _, f := range all {
		switch {
		case !r.concerns(&f):
		case f.State == lint.Fixed:
			gone = append(gone, f)
		default:
			here = append(here, f)
		}
	}
	here = lint.AtMacros(here, r.head.Library)
	if r.base != nil {
		gone = lint.AtMacros(gone, r.base.Library)
	}
	all = append(here, gone...)
	lint.Sort(all)
	return all
}

// inHead is where a place of the base is in the head: where its rule or file
// went, or where it was.
func (r *run) inHead(p place) place {
	if to, ok := r.moved[p]; ok {
		return to
	}
	return p
}

// wantedFinding reports whether findings about the place are asked for. What
// is fixed belongs to where its rule is now.
func (r *run) wantedFinding(f *lint.Finding) bool {
	if f.Path == r.scope.Path && f.Path != "" {
		return len(r.prefixes) == 0 // about the configuration
	}
	if f.State == lint.Fixed {
		return r.wanted(r.inHead(place{f.Path, f.Index}).path)
	}
	return r.wanted(f.Path)
}

// compareFindings sets the states of the head's findings. Findings are the
// same when they are about rules that were paired, so that neither a new name
// of a file nor another rule before it makes them new. What the base says about
// rules that cannot be read any more is not fixed.
func (r *run) compareFindings(base, head []lint.Finding) (fixed []lint.Finding) {
	lost := map[place]bool{}
	for i := range r.pairs {
		if p := &r.pairs[i]; p.base != nil && (p.broken && p.head == nil || p.after != nil && p.after.Broken) {
			lost[place{p.base.Path, p.base.Index}] = true
		}
	}
	identity := func(p place, f *lint.Finding) string {
		return fmt.Sprintf("%s\x00%d\x00%s\x00%s", p.path, p.index, f.Check, f.Value)
	}
	fixed = lint.Compare(base, head,
		func(f *lint.Finding) string { return identity(r.inHead(place{f.Path, f.Index}), f) },
		func(f *lint.Finding) string { return identity(place{f.Path, f.Index}, f) })
	return slices.DeleteFunc(fixed, func(f lint.Finding) bool { return lost[place{f.Path, f.Index}] })
}

// differs reports whether the content of a path of the head is not that of
// the base, or means something else.
func (r *run) differs(path string) bool {
	if r.sides.base == nil || r.through[path] {
		return true
	}
	base, ok := changes.Lookup(r.sides.base, path)
	if !ok {
		return true
	}
	head, _ := changes.Lookup(r.sides.head, path)
	return base.Hash != head.Hash
}

// lintChanges runs the checks of changes over the rules that are new and those
// that differ in more than what they refer to.
func (r *run) lintChanges() []lint.Finding {
	if !r.Lint || r.sides.base == nil {
		return nil
	}
	var out []lint.Finding
	for i := range r.pairs {
		switch p := &r.pairs[i]; {
		case p.after == nil || p.broken:
		case p.base == nil:
			out = append(out, r.linter.Change(nil, p.after)...)
		case p.before != nil && p.base.Content != p.head.Content:
			r.compared[placeOf(p.head)] = true
			out = append(out, r.linter.Change(p.before, p.after)...)
		}
	}
	return out
}

// lintRepository runs the checks of whole repositories over both sides.
func (r *run) lintRepository() (base, head []lint.Finding) {
	if !r.Lint {
		return nil, nil
	}
	rules := r.head.Rules()
	lost := map[place]bool{} // rules that cannot be read any more, but may be referred to
	for i := range r.pairs {
		if p := &r.pairs[i]; p.broken && p.head == nil {
			rules = append(rules, *p.base)
			lost[place{p.base.Path, p.base.Index}] = true
		}
	}
	var other sync.WaitGroup
	if r.base != nil {
		other.Go(func() { base = r.linter.Repository(r.repository(r.base, r.base.Rules())) })
	}
	head = slices.DeleteFunc(r.linter.Repository(r.repository(r.head, rules)), func(f lint.Finding) bool {
		return f.Index >= 0 && lost[place{f.Path, f.Index}]
	})
	other.Wait()
	return base, head
}

// enough leaves out what needs not be said twice: where a check of whole
// repositories newly says the same of a changed rule and of others, as of two
// rules with one id, the changed one is enough.
func (r *run) enough(findings []lint.Finding, changed map[place]bool) []lint.Finding {
	type subject struct{ check, value string }
	said := map[subject]bool{}
	inChange := func(f lint.Finding) bool {
		return changed[place{f.Path, f.Index}] || f.Index < 0 && r.differs(f.Path)
	}
	for _, f := range findings {
		if f.State == lint.New && inChange(f) {
			said[subject{f.Check, f.Value}] = true
		}
	}
	return slices.DeleteFunc(findings, func(f lint.Finding) bool {
		return f.State == lint.New && !inChange(f) && said[subject{f.Check, f.Value}]
	})
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
			f.Show(src)
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
		switch {
		case f.HasRules():
			sum.Files++
		case f.Recognized:
		case f.Unreadable == "" && !f.Elsewhere && parsers.Expected(f.Path):
			sum.Others++
		}
		sum.Definitions += len(f.Definitions)
		if f.Broken > 0 {
			sum.Broken++
		}
		if f.Unreadable != "" {
			sum.Unreadable++
		}
		sum.Rules += len(f.Rules)
		for j := range f.Rules {
			language := f.Rules[j].Language
			if language == "" {
				language = report.NoQuery
			}
			sum.Languages[language]++
		}
	}
	for i := range r.pairs {
		p := &r.pairs[i]
		if !r.wantedPair(p) {
			if len(r.prefixes) == 0 && r.sides.base != nil && p.state != changes.Unchanged {
				sum.Outside++
			}
			continue
		}
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
		r.report.Rules = append(r.report.Rules, r.entry(p))
		last := &r.report.Rules[len(r.report.Rules)-1]
		last.Change, last.Advice = p.change, p.advice
	}
	if len(r.prefixes) == 0 {
		sum.Unmatched = r.scope.Unmatched(r.paths())
	}
	sum.AdviceLeftOut = r.unadvised
	if r.info.Mode == report.All {
		sum.Changes = report.Changes{}
	} else {
		sum.Changes.Unchanged = max(sum.Rules-sum.Changes.Added-sum.Changes.Modified-sum.Changes.Moved, 0)
	}
}

// paths are those of all files on either side.
func (r *run) paths() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, snapshot := range []*scan.Snapshot{r.head, r.base} {
			for i := 0; snapshot != nil && i < len(snapshot.Files); i++ {
				if !yield(snapshot.Files[i].Path) {
					return
				}
			}
		}
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
	if p.base != nil && p.head != nil {
		for _, use := range r.head.Library.Changed(r.base.Library, p.head.Uses) {
			out.Through = append(out.Through, string(use.Kind)+" "+use.Name)
		}
		for _, l := range r.changedLinks(p) {
			out.Through = append(out.Through, l.name())
		}
	}
	out.Narrows = r.narrows(p)
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
