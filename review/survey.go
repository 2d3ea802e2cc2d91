package review

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
	"github.com/detlint/detlint/scan"
)

// Survey says which rules a repository has, and where.
type Survey struct {
	Root    string // the folder that paths start at
	Rules   int
	Folders []Folder // by path
	// Macros are those that rules use and no file defines, sorted.
	Macros []string
	// Older and Newer count the rules that name tactics which only ATT&CK
	// v18, or only v19, has.
	Older, Newer int
}

// Folder is a folder at the top of the tree, "." for the top itself.
type Folder struct {
	Path    string
	Rules   int
	Retired int // rules that are no longer in use
	Vendors map[rule.Vendor]int
}

// Look surveys the working tree.
func Look(ctx context.Context, o Options) (*Survey, error) {
	o.Mode = report.All
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	s, err := open(&o)
	if err != nil {
		return nil, err
	}
	r := &run{Options: &o, sides: s}
	out, err := r.survey(ctx)
	return out, errors.Join(err, s.close())
}

func (r *run) survey(ctx context.Context) (*Survey, error) {
	r.scanner = &scan.Scanner{Workers: r.Workers, Progress: r.Progress}
	var err error
	if r.head, err = r.scanner.Snapshot(ctx, r.sides.head); err != nil {
		return nil, err
	}
	if err := r.mustHaveRules(); err != nil {
		return nil, err
	}
	out := &Survey{Root: r.root}
	folders := map[string]*Folder{}
	macros := map[string]bool{}
	for _, s := range r.head.Rules() {
		top, _, below := strings.Cut(s.Path, "/")
		if !below {
			top = "."
		}
		f := folders[top]
		if f == nil {
			f = &Folder{Path: top, Vendors: map[rule.Vendor]int{}}
			folders[top] = f
		}
		f.Rules++
		f.Vendors[s.Vendor]++
		out.Rules++
		if s.Retired {
			f.Retired++
		}
		older, newer := false, false
		for _, t := range s.Tactics {
			older = older || len(r.tables().TacticSuccessors(t)) > 0
			newer = newer || attack.OlderTactic(t) != ""
		}
		if older {
			out.Older++
		}
		if newer {
			out.Newer++
		}
		for _, use := range s.Uses {
			if _, ok := r.head.Library.Lookup(use.Kind, use.Name); !ok && use.Kind == rule.Macro && !macros[use.Name] && splunk.NeedsDefinition(use.Name) {
				macros[use.Name] = true
				out.Macros = append(out.Macros, use.Name)
			}
		}
	}
	for _, f := range folders {
		out.Folders = append(out.Folders, *f)
	}
	slices.SortFunc(out.Folders, func(a, b Folder) int { return cmp.Compare(a.Path, b.Path) })
	slices.Sort(out.Macros)
	return out, nil
}
