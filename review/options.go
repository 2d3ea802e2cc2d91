// Package review is one run of detlint, from two states of a repository to a
// report: which rules changed, what the checks newly say about them, and what
// the change does to coverage.
package review

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/config"
	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/report"
)

// Show says which findings a report has.
type Show string

// What can be shown. New is what the change made; Changed adds what the
// changed rules had already; ShowAll is everything in the repository.
const (
	ShowNew     Show = "new"
	ShowChanged Show = "changed"
	ShowAll     Show = "all"
)

// Options choose what a run looks at.
type Options struct {
	// Dir is where the user stands; Paths are files and folders relative to
	// it that findings are wanted for, none for all.
	Dir   string
	Paths []string
	// Base and Head are revisions. An empty Base is the pull request's in CI,
	// else the default branch; an empty Head is HEAD.
	Base, Head string
	// Mode is which state of the rules is looked at.
	Mode report.Mode
	Show Show
	// Lint, Coverage, Meaning and Advice choose the parts of the report.
	Lint, Coverage, Meaning, Advice bool
	// MaxAdvised is how many of the changed rules get advice, those that matter
	// most; zero stands for all of a change that somebody reads through.
	MaxAdvised int
	Only, Skip []string // checks by id
	Catalog    *catalog.Catalog
	// Tables are the facts of ATT&CK; nil stands for the embedded ones.
	Tables *attack.Tables
	// Config is what the repository chooses; nil for nothing.
	Config *config.Config
	// ShowSuppressed has the report list what is passed over, too.
	ShowSuppressed bool
	// Baseline has the findings that are known; BaselinePath names it.
	Baseline     *lint.Baseline
	BaselinePath string
	// Gates are what the coverage must be.
	Gates coverage.Gates
	// Today tells the date that suppressions end by; nil stands for never.
	Today func() time.Time
	// CacheDir is a folder for what can be computed again; empty for none.
	CacheDir string
	// Build tells builds of the program apart, for the cache.
	Build   string
	Version string // of the program, for the report
	Workers int    // 0 for one each core
	// Getenv reads the environment, for what CI systems say about the base.
	Getenv   func(string) string
	Progress func(done, total int)
}

func (o *Options) tables() *attack.Tables {
	if o.Tables == nil {
		return attack.Default()
	}
	return o.Tables
}

// build tells apart what caches may not mix.
func (o *Options) build() string { return strings.TrimSpace(o.Build + " " + o.tables().Digest) }

// settings are what the repository chooses about checks, with the tables. Where
// these are of the version that it asks for there is nothing to translate.
func (o *Options) settings(s *sides) (*lint.Settings, error) {
	settings := s.scope.Settings()
	settings.Tables = o.tables()
	if _, err := o.tables().In(settings.ATTACK); err != nil {
		return nil, &UsageError{fmt.Sprintf("%s: attack_version: %v; remove the key, or name a bundle of that version", s.scope.Path, err)}
	}
	if o.tables().Speaks(settings.ATTACK) {
		settings.ATTACK = ""
	}
	return settings, nil
}

// NoRulesError says that there was nothing to look at, which is never a
// success.
type NoRulesError struct {
	Where      string // the path looked in, for people
	File       bool   // the path is a file
	Files      int
	Extensions map[string]int
	// Excluded counts the files that the configuration leaves out; Config
	// names it.
	Excluded int
	Config   string
	// Unmatched are the paths of the configuration that mean no file.
	Unmatched []string
}

func (e *NoRulesError) Error() string {
	text := e.text()
	if e.Excluded > 0 {
		text += fmt.Sprintf("\n  %d of the files are left out by exclude in %s", e.Excluded, e.Config)
	}
	return text
}

func (e *NoRulesError) text() string {
	if e.File && e.Excluded > 0 {
		return fmt.Sprintf("%s is not looked at", e.Where)
	}
	if e.File {
		return fmt.Sprintf("no detection rules found: %s holds none, or git ignores it", e.Where)
	}
	if len(e.Unmatched) > 0 {
		quoted := make([]string, len(e.Unmatched))
		for i, p := range e.Unmatched {
			quoted[i] = strconv.Quote(p)
		}
		return fmt.Sprintf("no detection rules found: paths in %s names %s, which means no file\n"+
			"  correct it, or look elsewhere:  detlint lint --all PATH", e.Config, strings.Join(quoted, ", "))
	}
	where := ""
	if e.Where != "" && e.Where != "." {
		where = " under " + e.Where
	}
	return fmt.Sprintf("no detection rules found%s (looked at %s)\n"+
		"  rules live elsewhere?  detlint lint --all PATH   or set paths: in .detlint.yml", where, e.looked())
}

// looked lists the commonest kinds of file: "212 files: 180 .md, 32 .png".
func (e *NoRulesError) looked() string {
	files := "files"
	if e.Files == 1 {
		files = "file"
	}
	if e.Files == 0 {
		return "0 files"
	}
	kinds := make([]string, 0, len(e.Extensions))
	for ext := range e.Extensions {
		kinds = append(kinds, ext)
	}
	sort.Slice(kinds, func(i, j int) bool {
		a, b := e.Extensions[kinds[i]], e.Extensions[kinds[j]]
		return a > b || a == b && kinds[i] < kinds[j]
	})
	more := 0
	var parts []string
	for i, ext := range kinds {
		if i >= 4 {
			more += e.Extensions[ext]
			continue
		}
		name := ext
		if name == "" {
			name = "without extension"
		}
		parts = append(parts, fmt.Sprintf("%d %s", e.Extensions[ext], name))
	}
	if more > 0 {
		parts = append(parts, fmt.Sprintf("%d others", more))
	}
	return fmt.Sprintf("%d %s: %s", e.Files, files, strings.Join(parts, ", "))
}

// UsageError says that the options contradict each other or name something
// that does not exist.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

// NoBaseError says that a run needs a base to compare with and that nothing
// says which it is.
type NoBaseError struct {
	Shallow bool // the history of the checkout is cut off
	Err     error
}

func (e *NoBaseError) Error() string {
	if e.Shallow {
		return "this checkout has no default branch to compare with (it is shallow)"
	}
	return "no base to compare with: " + e.Err.Error() + " with --base"
}

func (e *NoBaseError) Unwrap() error { return e.Err }
