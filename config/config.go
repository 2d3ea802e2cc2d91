// Package config reads .detlint.yml: which checks run where and how, what is
// looked at, what is passed over and when a run fails. No repository needs one.
//
// The file comes from the repository, so nothing in it is executed, no path in
// it leads out of the tree, and what it may cost is bounded.
package config

import (
	"path/filepath"
	"strings"

	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/rule"
)

// Config is a configuration. The zero value, and nil, choose nothing.
type Config struct {
	// Path names the file for people; Dir is its folder, absolute and without
	// links. Paths in the configuration are relative to it.
	Path, Dir string

	Paths, Exclude Globs
	Checks         map[string]lint.Setting
	Overrides      []Override
	Ignore         []Ignore

	KnownMacros   []string
	ATTACKVersion string   // v18 or v19, empty for the version of the tables
	ATTACK        string   // absolute path of a bundle, empty for the built-in tables
	Catalogs      []string // absolute paths
	FailOn        []string
	Report        string
	Baseline      string // absolute path
	Targets       string // absolute path
	MinTechniques int
}

// Override has settings of checks for some paths.
type Override struct {
	Paths  Globs
	Checks map[string]lint.Setting
}

// Ignore passes over findings of a check. Empty fields restrict nothing.
type Ignore struct {
	Check  string
	Paths  Globs
	ID     string // of the rule, in any case
	Value  string // what the finding is about
	Until  string // the last day it holds, as 2027-01-31
	Reason string
	Range  rule.Range // where it stands in the file
}

// Relative returns a function that makes paths of a tree relative to the
// folder of the configuration. root is the tree's folder. The function reports
// false for paths that are not below the folder.
func (c *Config) Relative(root string) func(treePath string) (string, bool) {
	down, err := filepath.Rel(c.Dir, root)
	if err != nil {
		return func(string) (string, bool) { return "", false }
	}
	if down = filepath.ToSlash(down); down == "." {
		return func(p string) (string, bool) { return p, true }
	}
	if down != ".." && !strings.HasPrefix(down, "../") {
		return func(p string) (string, bool) { return down + "/" + p, true }
	}
	up, err := filepath.Rel(root, c.Dir)
	if err != nil {
		return func(string) (string, bool) { return "", false }
	}
	up = filepath.ToSlash(up) + "/"
	return func(p string) (string, bool) { return strings.CutPrefix(p, up) }
}

// Scope is a configuration for the paths of one tree.
type Scope struct {
	*Config
	relative func(string) (string, bool)
}

// For returns the configuration as it is for a tree whose folder is root. It
// works for a nil configuration.
func (c *Config) For(root string) *Scope {
	if c == nil {
		return &Scope{Config: &Config{}, relative: func(p string) (string, bool) { return p, true }}
	}
	return &Scope{Config: c, relative: c.Relative(root)}
}

func (s *Scope) match(g Globs, p string) bool {
	rel, ok := s.relative(p)
	return ok && g.Match(rel)
}

// Excluded reports whether a path of the tree is not to be looked at.
func (s *Scope) Excluded(p string) bool { return len(s.Exclude) > 0 && s.match(s.Exclude, p) }

// Wanted reports whether a path of the tree is among those to report about.
func (s *Scope) Wanted(p string) bool { return len(s.Paths) == 0 || s.match(s.Paths, p) }

// Matches reports whether one of the entry's paths means a path of the tree.
func (s *Scope) Matches(i *Ignore, p string) bool { return len(i.Paths) == 0 || s.match(i.Paths, p) }

// Settings are those of checks for the paths of the tree.
func (s *Scope) Settings() *lint.Settings {
	out := &lint.Settings{Checks: s.Checks, ATTACK: s.ATTACKVersion}
	for i := range s.Overrides {
		o := &s.Overrides[i]
		out.Overrides = append(out.Overrides, lint.Override{
			Match:  func(p string) bool { return s.match(o.Paths, p) },
			Checks: o.Checks,
		})
	}
	return out
}

// Macros are the definitions of KnownMacros, known by their names only.
func (s *Scope) Macros() []rule.Definition {
	out := make([]rule.Definition, 0, len(s.KnownMacros))
	for _, name := range s.KnownMacros {
		out = append(out, rule.Definition{Use: rule.Use{Kind: rule.Macro, Name: name}})
	}
	return out
}
