package review

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/fix"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/scan"
)

// Fixes is what a run of Fix did.
type Fixes struct {
	Results []*fix.Result // of the files that have findings, by path
	// Failed are files that could not be read or written, by path.
	Failed map[string]error
	Rules  int // that were looked at
}

// Fix fixes the findings of the checks in Only in the files of the working
// tree; unless dry, it writes them. It reads the files themselves: a listing of
// git may have them with other line ends.
func Fix(ctx context.Context, o Options, dry bool) (*Fixes, error) {
	o.Mode = report.All
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	// Whether a suppression is of use is only known when all checks have run.
	only := o.Only
	if slices.Contains(only, "suppression") {
		only = nil
	}
	o.Catalog = o.Catalog.In(o.tables())
	linter, err := lint.NewLinter(o.Catalog, only, nil)
	if err != nil {
		return nil, &UsageError{err.Error()}
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
	r := &run{Options: &o, sides: s, linter: linter, ignored: map[int]bool{}}
	fixes, err := r.fix(ctx, dry)
	return fixes, errors.Join(err, s.close())
}

func (r *run) fix(ctx context.Context, dry bool) (*Fixes, error) {
	cacheFile := ""
	if r.CacheDir != "" {
		cacheFile = filepath.Join(r.CacheDir, "summaries.bin")
	}
	r.scanner = &scan.Scanner{Cache: scan.OpenCache(cacheFile, r.build()), Workers: r.Workers, Known: r.scope.Macros()}
	var err error
	if r.head, err = r.scanner.Snapshot(ctx, r.sides.head); err != nil {
		return nil, err
	}
	if err := r.mustHaveRules(); err != nil {
		return nil, err
	}
	tree, err := fix.Open(r.root)
	if err != nil {
		return nil, err
	}
	defer tree.Close()
	x := &fix.Fixer{Linter: r.linter, Checks: r.Only, Library: r.head.Library, Repository: map[string][]lint.Finding{}}
	if r.Today != nil {
		x.Today = r.Today().Format(time.DateOnly)
	}
	for _, f := range r.linter.Repository(lint.Repository{Rules: r.head.Rules(), Library: r.head.Library}) {
		x.Repository[f.Path] = append(x.Repository[f.Path], f)
	}
	out := &Fixes{Failed: map[string]error{}}
	for i := range r.head.Files {
		f := &r.head.Files[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e, ok := changes.Lookup(r.sides.head, f.Path)
		if !ok || e.Mode == changes.Symlink || e.Mode == changes.Submodule || !r.wanted(f.Path) || !f.Recognized {
			continue
		}
		out.Rules += len(f.Rules)
		data, err := tree.Read(f.Path)
		if err != nil {
			out.Failed[f.Path] = err
			continue
		}
		result := x.File(f.Path, data)
		if len(result.Fixed)+len(result.Left)+len(result.Open) == 0 {
			continue
		}
		if result.Changed() && !dry {
			if err := tree.Write(result); err != nil {
				out.Failed[f.Path] = err
				continue
			}
		}
		out.Results = append(out.Results, result)
	}
	return out, nil
}
