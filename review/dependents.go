package review

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
	"github.com/detlint/detlint/scan"
)

// wantDependents makes the rules wanted that depend on definitions which were
// asked for: who names the file of a macro asks what it does to the rules that
// call it. A folder that has rules of its own asks for those alone.
func (s *sides) wantDependents(snapshots ...*scan.Snapshot) {
	snapshots = slices.DeleteFunc(snapshots, func(s *scan.Snapshot) bool { return s == nil })
	uses := map[rule.Use]bool{}
	for _, prefix := range s.prefixes {
		if s.holdsRules(prefix, snapshots) {
			continue
		}
		for _, snapshot := range snapshots {
			for i := range snapshot.Files {
				definedIn(&snapshot.Files[i], prefix, uses)
			}
		}
	}
	if len(uses) == 0 {
		return
	}
	s.dependents = map[string]bool{}
	for _, snapshot := range snapshots {
		for i := range snapshot.Files {
			f := &snapshot.Files[i]
			for j := range f.Rules {
				if slices.ContainsFunc(f.Rules[j].Uses, func(u rule.Use) bool { return uses[u] }) {
					s.dependents[f.Path] = true
				}
			}
		}
	}
}

func under(p, prefix string) bool {
	return prefix == "." || p == prefix || strings.HasPrefix(p, prefix+"/")
}

func (s *sides) holdsRules(prefix string, snapshots []*scan.Snapshot) bool {
	return slices.ContainsFunc(snapshots, func(snapshot *scan.Snapshot) bool {
		return slices.ContainsFunc(snapshot.Files, func(f scan.File) bool { return len(f.Rules) > 0 && under(f.Path, prefix) })
	})
}

// definedIn adds what a file defines in a part of the tree, and what has a
// table there.
func definedIn(f *scan.File, prefix string, uses map[rule.Use]bool) {
	if parsers.IsData(f.Path) && under(f.Path, prefix) {
		uses[rule.Use{Kind: rule.Table, Name: path.Base(f.Path)}] = true
	}
	for i := range f.Definitions {
		d := &f.Definitions[i]
		if under(f.Path, prefix) || slices.ContainsFunc(d.Files, func(table string) bool { return under(path.Join(path.Dir(f.Path), table), prefix) }) {
			uses[d.Use] = true
		}
	}
}

// asksForDefinitions reports whether the file has something for rules elsewhere
// and was asked for: a folder by what it defines, a table by its name.
func (s *sides) asksForDefinitions(f *scan.File) bool {
	return len(s.prefixes) > 0 && (len(f.Definitions) > 0 && s.wanted(f.Path) || parsers.IsData(f.Path) && slices.Contains(s.prefixes, f.Path))
}

// lookAtDependents looks into the files that are wanted for what they depend on,
// where all of the head is looked at.
func (r *run) lookAtDependents(ctx context.Context) error {
	var entries []changes.Entry
	for _, p := range slices.Sorted(maps.Keys(r.dependents)) {
		if e, ok := changes.Lookup(r.sides.head, p); ok && r.now[p] == nil {
			entries = append(entries, e)
		}
	}
	more, err := r.lookAt(ctx, r.sides.head, entries, r.head.Library)
	maps.Copy(r.now, more)
	return err
}
