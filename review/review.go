package review

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
	"github.com/detlint/detlint/scan"
)

// run is the state of one Run.
type run struct {
	*Options
	*sides
	linter     *lint.Linter
	scanner    *scan.Scanner
	base, head *scan.Snapshot
	// now and old have the files that were read at length, by path: of the
	// head, and of the base those that differ.
	now, old map[string]*looked
	pairs    []pair
	// linksBefore and linksAfter are those between the rules of each side, where
	// two are compared.
	linksBefore, linksAfter *links
	// through has the files that are as they were, but for which a definition
	// in another file has changed.
	through map[string]bool
	// moved says where a place of the base is in the head: the rules that
	// were paired, and the files.
	moved  map[place]place
	report *report.Report
	// unadvised counts the changed rules that are too many for advice.
	unadvised int
	// compared has the rules of the head of which the checks of changes have
	// looked at two versions.
	compared map[place]bool
	// ignored has the entries of the configuration that a finding meets, refused
	// those that meet one which cannot be passed over.
	ignored, refused map[int]bool
}

// looked is one version of a file that the checks have looked at.
type looked struct {
	file     *rule.File
	rules    []*normalize.Rule
	findings []lint.Finding
	// suppressions are those that the file has.
	suppressions *lint.Suppressions
}

// place is one rule of a file, or with index -1 the file itself.
type place struct {
	path  string
	index int
}

// pair is one rule of the files that differ, before and after.
type pair struct {
	state      changes.State
	base, head *normalize.Summary // nil where the rule is not there
	// broken is set when the rule is missing on one side because its file
	// cannot be read whole there. Nobody has removed or added it.
	broken bool
	// before and after are the rule at length, where it was looked into.
	before, after *normalize.Rule
	// change is what the difference means, advice what public rules know,
	// where these were asked for.
	change *meaning.Change
	advice *report.AdviceBlock
}

// Run does one run. Errors: *UsageError, *NoRulesError, those of the changes
// package, and the context's.
func Run(ctx context.Context, o Options) (*report.Report, error) {
	o.Catalog = o.Catalog.In(o.tables())
	linter, err := lint.NewLinter(o.Catalog, o.Only, o.Skip)
	if err != nil {
		return nil, &UsageError{err.Error()}
	}
	if o.Lint && linter.Empty() {
		return nil, &UsageError{"no check is left to run; --only and --skip name the same ones"}
	}
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	if a := linter.Advisor(); a != nil && (o.Lint && o.Mode == report.All && len(o.Only) == 0 || o.Advice && o.Mode != report.All) {
		go a.Prepare() // while the files are listed
	}
	s, err := open(&o)
	if err != nil {
		return nil, err
	}
	settings, err := o.settings(s)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	linter.Configure(settings)
	r := &run{Options: &o, sides: s, linter: linter, now: map[string]*looked{}, moved: map[place]place{}, ignored: map[int]bool{}, refused: map[int]bool{}, compared: map[place]bool{}, through: map[string]bool{}, report: newReport(&o, s)}
	return r.report, errors.Join(r.do(ctx), s.close())
}

func newReport(o *Options, s *sides) *report.Report {
	rep := &report.Report{
		SchemaVersion: report.SchemaVersion,
		Tool:          report.Tool{Name: "detlint", Version: o.Version, ATTACK: o.tables().Version},
		Repository:    s.info,
		Rules:         []report.Rule{},
		Findings:      []lint.Finding{},
	}
	if !o.tables().Speaks(s.scope.ATTACKVersion) {
		rep.Tool.Mapped = s.scope.ATTACKVersion
	}
	if o.Catalog != nil {
		info := o.Catalog.Info()
		rep.Tool.Catalog = report.Catalog{Date: info.Date, Rules: info.Rules}
	}
	return rep
}

func (r *run) do(ctx context.Context) error {
	cacheFile := ""
	if r.CacheDir != "" {
		cacheFile = filepath.Join(r.CacheDir, "summaries.bin")
	}
	cache := scan.OpenCache(cacheFile, r.build())
	r.scanner = &scan.Scanner{Cache: cache, Workers: r.Workers, Progress: r.Progress, Known: r.scope.Macros()}
	var err error
	if r.sides.base == nil || r.Show == ShowAll && r.Lint {
		err = r.everything(ctx)
	} else {
		r.head, err = r.scanner.Snapshot(ctx, r.sides.head)
	}
	if err != nil {
		return err
	}
	if r.sides.base != nil {
		r.scanner.Progress, r.scanner.Other = nil, r.head // almost all of it is known by now
		if r.base, err = r.scanner.Snapshot(ctx, r.sides.base); err != nil {
			return err
		}
	}
	if r.base != nil {
		r.wantDependents(r.head, r.base)
	}
	if err := r.mustHaveRules(); err != nil {
		return err
	}
	if err := r.compare(ctx); err != nil {
		return err
	}
	var covered sync.WaitGroup
	if r.Coverage {
		covered.Go(r.cover) // needs nothing of what follows
	}
	err = r.judge(ctx)
	covered.Wait()
	if err != nil {
		return err
	}
	// A cache that cannot be written costs time, nothing else.
	_ = cache.Save()
	return nil
}

// judge says of the rules that were looked into what there is to say.
func (r *run) judge(ctx context.Context) error {
	if err := r.meanings(ctx); err != nil {
		return err
	}
	if err := r.advise(ctx); err != nil {
		return err
	}
	r.lint()
	r.summarize()
	return nil
}

// mustHaveRules turns a run that has nothing to look at into an error.
func (r *run) mustHaveRules() error {
	for _, snapshot := range []*scan.Snapshot{r.head, r.base} {
		if snapshot == nil {
			continue
		}
		for i := range snapshot.Files {
			f := &snapshot.Files[i]
			if (f.HasRules() || f.Unreadable != "") && r.wanted(f.Path) || r.asksForDefinitions(f) {
				return nil
			}
		}
	}
	e := &NoRulesError{Extensions: map[string]int{}}
	if len(r.Paths) == 0 {
		if e.Unmatched = r.scope.Unmatched(r.paths()); len(e.Unmatched) > 0 {
			e.Config = r.scope.Path
		}
	}
	if len(r.Paths) == 1 {
		e.Where = r.Paths[0]
		if info, err := os.Stat(r.full(e.Where)); err == nil && !info.IsDir() {
			e.File = true
			if r.scope.Excluded(r.prefixes[0]) {
				e.Excluded, e.Config = 1, r.scope.Path
			}
			return e
		}
	}
	count := func(p string) bool {
		if r.wanted(p) {
			e.Files++
			e.Extensions[path.Ext(p)]++
			if r.scope.Excluded(p) {
				e.Excluded++
				e.Config = r.scope.Path
			}
		}
		return false
	}
	// The trees list only files that may hold rules; count the others anew.
	if r.isRepo {
		repo, err := changes.Open(r.root, changes.Options{Match: count})
		if err != nil {
			return e
		}
		defer repo.Close()
		if r.info.Mode == report.Commits {
			if head, err := repo.Resolve(r.info.Head); err == nil {
				_, _ = repo.Commit(head)
			}
		} else {
			_, _ = repo.Worktree()
		}
	} else {
		_, _ = changes.Dir(r.root, count)
	}
	return e
}

// cover adds the coverage of both sides. A rule in a file of which the other
// side cannot be read whole is counted on both: nothing says that it is gone,
// or new. That it could not be read there is said.
func (r *run) cover() {
	tables, _ := r.tables().In(r.scope.ATTACKVersion) // Run has made sure of it
	rules := r.wantedRules(r.head)
	var before *coverage.Snapshot
	if r.base != nil {
		old := r.wantedRules(r.base)
		for i := range r.pairs {
			switch p := &r.pairs[i]; {
			case !p.broken || !r.wantedPair(p):
			case p.head == nil:
				rules = append(rules, unread(*p.base))
			default:
				old = append(old, unread(*p.head))
			}
		}
		before = coverage.Take(tables, old)
	}
	after := coverage.Take(tables, rules)
	if before == nil {
		before = after
	}
	c := coverage.Compare(before, after, r.Catalog)
	r.Gates.Check(c)
	r.report.Coverage = c
	r.report.Summary.Coverage = &report.Coverage{
		Before: len(before.Techniques), After: len(after.Techniques), Gained: len(c.Gained), Lost: len(c.Lost),
		DownToOne: len(c.DownToOne()), Unread: len(c.Unread), Weakened: len(c.Weakened), Strengthened: len(c.Strengthened),
	}
}

// unread is a rule as it is on the side that can be read, for the other one.
func unread(s normalize.Summary) normalize.Summary {
	s.Broken = true
	return s
}

func (r *run) wantedRules(s *scan.Snapshot) []normalize.Summary {
	unwanted := func(f scan.File) bool { return !r.wanted(f.Path) }
	if !slices.ContainsFunc(s.Files, unwanted) {
		return s.Rules()
	}
	var out []normalize.Summary
	for i := range s.Files {
		if !unwanted(s.Files[i]) {
			out = append(out, s.Files[i].Rules...)
		}
	}
	return out
}

// unreadable is the finding about a file of a side that could not be read.
func unreadable(f *scan.File, side string) lint.Finding {
	return lint.Unreadable(f.Path, fmt.Sprintf("could not look at this file%s: %s", side, f.Unreadable))
}
