package review

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/config"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
	"github.com/detlint/detlint/scan"
)

// today is the date that suppressions end by, empty where nobody asked.
func (r *run) today() string {
	if r.Today == nil {
		return ""
	}
	return r.Today().Format(time.DateOnly)
}

// suppress marks the findings of one side that its rules or the configuration
// pass over, and returns what is to be said about the suppressions of the files
// that were looked at. changed has the rules of the side that the checks of
// changes have looked at.
func (r *run) suppress(tree changes.Tree, library *rule.Library, read map[string]*looked, changed map[place]bool, lists ...[]lint.Finding) []lint.Finding {
	if !r.Lint {
		return nil
	}
	about := map[string][]*lint.Finding{}
	for _, list := range lists {
		for i := range list {
			f := &list[i]
			r.ignore(f)
			about[f.Path] = append(about[f.Path], f)
		}
	}
	var out []lint.Finding
	for _, path := range slices.Sorted(maps.Keys(read)) {
		s := read[path].suppressions
		s.Apply(about[path], r.today())
		out = append(out, r.linter.Findings(s, r.today(), func(index int) bool { return changed[place{path, index}] })...)
		delete(about, path)
	}
	// What is said of whole repositories may be about files that nothing else
	// had to be read of.
	for path, findings := range about {
		e, ok := changes.Lookup(tree, path)
		if !ok {
			continue
		}
		if data, err := tree.Read(e); err != nil || !lint.MaySuppress(data) {
			continue
		}
		if p, err := scan.Read(tree, e, library); err == nil && p != nil {
			lint.ReadSuppressions(p.File).Apply(findings, r.today())
		}
	}
	return out
}

// ignore marks a finding that an entry of the configuration passes over.
func (r *run) ignore(f *lint.Finding) {
	for i := range r.scope.Ignore {
		e := &r.scope.Ignore[i]
		if e.Check != f.Check || e.ID != "" && !strings.EqualFold(e.ID, f.RuleID) || e.Value != "" && e.Value != f.Value ||
			!r.scope.Matches(e, f.Path) {
			continue
		}
		if !f.Suppressible() {
			r.refused[i] = true
			continue
		}
		r.ignored[i] = true
		if !r.ended(e) && f.Suppressed == nil {
			f.Suppressed = &lint.Suppressed{
				By: lint.ByConfiguration, Path: r.scope.Path, Line: e.Range.Start.Line, Until: e.Until, Reason: e.Reason,
			}
		}
	}
}

func (r *run) ended(e *config.Ignore) bool {
	return e.Until != "" && r.today() != "" && e.Until < r.today()
}

// uselessIgnores is what is to be said about the entries of the configuration:
// those that have ended, and where every rule was looked at those that pass
// over nothing.
func (r *run) uselessIgnores() []lint.Finding {
	if !r.Lint {
		return nil
	}
	var out, news []lint.Finding
	for i := range r.scope.Ignore {
		e := &r.scope.Ignore[i]
		switch {
		case r.ended(e):
			out = append(out, r.linter.UselessIgnore(r.scope.Path, e.Range, "ended "+e.Check,
				"this entry for "+`"`+e.Check+`"`+" ended on "+e.Until+"; remove it, or give it a later date if its reason still holds")...)
		case !r.ignored[i] && r.refused[i]:
			news = append(news, r.linter.UselessIgnore(r.scope.Path, e.Range, "refused "+e.Check,
				"errors of "+`"`+e.Check+`"`+" cannot be passed over, what a rule that cannot be read hides is not known; mend the file, or leave it out with exclude")...)
		case !r.ignored[i] && r.met(e) && r.linter.Runs(e.Check, ""):
			found := r.linter.UselessIgnore(r.scope.Path, e.Range, "unused "+e.Check,
				"there is nothing that this entry for "+`"`+e.Check+`"`+" passes over, so it can go")
			if r.sides.base != nil { // it is about this change
				news = append(news, found...)
			} else {
				out = append(out, found...)
			}
		}
	}
	if r.sides.base != nil {
		for i := range out {
			out[i].State = lint.Existing // both sides are judged by one configuration
		}
		for i := range news {
			news[i].State = lint.New
		}
	}
	return append(out, news...)
}

// met reports whether the run would have met what an entry passes over: it has
// looked at every rule, or, where the check compares two versions of a rule, at
// those of the rule that the entry names.
func (r *run) met(e *config.Ignore) bool {
	c := lint.Lookup(e.Check)
	if c == nil || c.Change == nil {
		return r.complete()
	}
	if c.Added || e.ID == "" {
		return false // a change that is reviewed already may have been what it was for
	}
	for i := range r.pairs {
		p := &r.pairs[i]
		if p.head != nil && r.compared[placeOf(p.head)] && strings.EqualFold(p.head.ID.Value, e.ID) && r.scope.Matches(e, p.head.Path) {
			return true
		}
	}
	return false
}

// complete reports whether every check has looked at every rule.
func (r *run) complete() bool {
	return r.sides.base == nil && len(r.Only) == 0 && len(r.Skip) == 0 && len(r.prefixes) == 0
}

// known passes over the findings that the baseline has, and finds out which of
// its entries are stale: of the rules that were looked at, those whose check
// has run.
func (r *run) known(findings []lint.Finding) {
	if r.Baseline == nil {
		return
	}
	for i := range findings {
		r.Baseline.Apply(&findings[i], r.BaselinePath)
	}
	seen := map[string]bool{}
	for path, l := range r.now {
		seen[lint.Key("", path, -1)] = true
		for _, n := range l.rules {
			seen[lint.Key(n.ID.Value, path, n.Index)] = true
		}
	}
	r.report.Summary.Baseline = &report.Baseline{
		Path: r.BaselinePath, Entries: r.Baseline.Len(),
		Stale: r.Baseline.Stale(func(e *lint.BaselineEntry) bool {
			ran := lint.Lookup(e.Check) == nil || r.linter.Runs(e.Check, "")
			return ran && (r.complete() || seen[e.Rule])
		}),
	}
}
