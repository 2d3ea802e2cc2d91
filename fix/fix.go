// Package fix applies what checks propose to the text of rules, and makes sure
// that what comes of it is what was meant.
package fix

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// maxRounds is how often a file is looked at again after something in it was
// fixed. In each round every rule has one thing fixed, so that one fix may rest
// on what another has left.
const maxRounds = 50

// Fixer fixes the findings of some checks.
type Fixer struct {
	Linter  *lint.Linter
	Checks  []string // whose findings are fixed
	Library *rule.Library
	Today   string // the day suppressions are judged by
	// Repository has the findings about all rules together, by path; they only
	// matter for which suppressions are of use.
	Repository map[string][]lint.Finding
}

// Result is what became of one file.
type Result struct {
	Path          string
	Before, After []byte
	Fixed         []lint.Finding // as they were when it was their turn
	// Left are findings that have a fix which could not be applied, with why;
	// Open have none.
	Left []Left
	Open []lint.Finding
}

// Left is a finding whose fix was not applied.
type Left struct {
	Finding lint.Finding
	Err     error
}

// Changed reports whether anything was fixed.
func (r *Result) Changed() bool { return !bytes.Equal(r.Before, r.After) }

// File fixes the text of one file.
func (x *Fixer) File(path string, data []byte) *Result {
	r := &Result{Path: path, Before: data, After: data}
	failed := map[string]error{} // by identity
	advised := map[string]bool{} // what was followed, by identity
	for range maxRounds {
		now := x.look(path, r.After)
		var round []lint.Finding
		taken := map[int]bool{}
		r.Left, r.Open = nil, nil
		for _, f := range now.findings {
			err := failed[identity(&f)]
			switch {
			case f.Fix != nil && f.Fix.Advice && advised[identity(&f)]:
			case f.Fix == nil:
				r.Open = append(r.Open, f)
			case err != nil:
				r.Left = append(r.Left, Left{f, err})
			case !taken[f.Index] && !overlaps(round, &f):
				taken[f.Index] = true
				round = append(round, f)
			}
		}
		if len(round) == 0 {
			return r
		}
		for _, f := range x.round(r, now, round, failed) {
			advised[identity(&f)] = f.Fix.Advice
		}
	}
	// What is left would go on for ever, or nearly.
	for _, f := range x.look(path, r.After).findings {
		if f.Fix != nil && failed[identity(&f)] == nil && !advised[identity(&f)] {
			r.Left = append(r.Left, Left{f, fmt.Errorf("more than %d rounds of fixes in one file; run it again", maxRounds)})
		}
	}
	return r
}

// round applies some fixes at once; when that does not go well, one after the
// other, so that a bad one does not keep the others from being applied. It
// returns those that were.
func (x *Fixer) round(r *Result, now *state, round []lint.Finding, failed map[string]error) []lint.Finding {
	after, err := x.try(r.Path, r.After, now, round)
	if err != nil && len(round) > 1 {
		round = round[:1]
		after, err = x.try(r.Path, r.After, now, round)
	}
	if err != nil {
		failed[identity(&round[0])] = err
		return nil
	}
	r.After, r.Fixed = after, append(r.Fixed, round...)
	return round
}

// try applies fixes and looks at what comes of it.
func (x *Fixer) try(path string, data []byte, before *state, round []lint.Finding) ([]byte, error) {
	var edits []lint.Edit
	for i := range round {
		edits = append(edits, round[i].Fix.Edits...)
	}
	out, err := rule.Apply(data, edits)
	if err != nil {
		return nil, err
	}
	after := x.look(path, out)
	switch {
	case !after.file.Recognized || len(after.file.Rules) != len(before.file.Rules):
		return nil, errors.New("the rules of the file could not be read after it")
	case after.problems > before.problems:
		return nil, errors.New("the file could not be read whole after it")
	}
	for i := range round {
		id := identity(&round[i])
		// After advice there may be other advice.
		if after.count[id] >= before.count[id] && !round[i].Fix.Advice {
			return nil, errors.New("it does not remove the finding")
		}
	}
	return out, nil
}

// state is a file as it was looked at.
type state struct {
	file     *rule.File
	findings []lint.Finding // of the chosen checks, that are not suppressed
	count    map[string]int // of findings by identity
	problems int            // that are errors
}

func identity(f *lint.Finding) string {
	return fmt.Sprintf("%d\x00%s\x00%s", f.Index, f.Check, f.Value)
}

func (x *Fixer) look(path string, data []byte) *state {
	s := &state{file: parsers.Parse(path, data, x.Library), count: map[string]int{}}
	for _, p := range s.file.Problems {
		if !p.Warning {
			s.problems++
		}
	}
	all := append(x.Linter.File(s.file, normalize.Normalized(s.file.Rules)), x.Repository[path]...)
	pointers := make([]*lint.Finding, len(all))
	for i := range all {
		pointers[i] = &all[i]
	}
	suppressions := lint.ReadSuppressions(s.file)
	suppressions.Apply(pointers, x.Today)
	all = append(all, x.Linter.Findings(suppressions, x.Today)...)
	lint.Sort(all)
	for _, f := range all {
		if f.Suppressed == nil && slices.Contains(x.Checks, f.Check) {
			s.findings = append(s.findings, f)
			s.count[identity(&f)]++
		}
	}
	return s
}

// overlaps reports whether a fix edits what another one of the round does.
func overlaps(round []lint.Finding, f *lint.Finding) bool {
	for i := range round {
		for _, a := range round[i].Fix.Edits {
			for _, b := range f.Fix.Edits {
				if a.Range.Start.Offset <= b.Range.End.Offset && b.Range.Start.Offset <= a.Range.End.Offset {
					return true
				}
			}
		}
	}
	return false
}
