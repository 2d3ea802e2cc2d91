package review

import (
	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/scan"
)

// repository is one side of the run as the checks of whole repositories see it.
// Rules that nobody has looked into yet are read when a check asks for them.
func (r *run) repository(side *scan.Snapshot, rules []normalize.Summary) lint.Repository {
	tree, read := r.sides.head, r.now
	if side == r.base {
		tree, read = r.sides.base, r.old
	}
	more := map[string][]*normalize.Rule{}
	out := lint.Repository{Rules: rules, Library: side.Library}
	out.Load = func(s *normalize.Summary) *normalize.Rule {
		if have := ruleIn(read, s); have != nil && have.ID.Value == s.ID.Value {
			return have
		}
		rules, ok := more[s.Path]
		if !ok {
			if e, found := changes.Lookup(tree, s.Path); found {
				// What cannot be read is reported from the snapshot.
				if p, err := scan.Read(tree, e, side.Library); err == nil && p != nil {
					rules = p.Rules
				}
			}
			more[s.Path] = rules
		}
		if s.Index < len(rules) && rules[s.Index].ID.Value == s.ID.Value {
			return rules[s.Index]
		}
		return nil // the file cannot be read any more, or not whole
	}
	if r.base == nil || r.Show == ShowAll {
		return out
	}
	changed := map[place]bool{}
	for i := range r.pairs {
		p := &r.pairs[i]
		if p.state == changes.Unchanged {
			continue
		}
		if p.base != nil && side == r.base {
			changed[place{p.base.Path, p.base.Index}] = true
		}
		if p.head != nil && side == r.head {
			changed[place{p.head.Path, p.head.Index}] = true
		}
	}
	out.Changed = func(s *normalize.Summary) bool { return changed[place{s.Path, s.Index}] }
	return out
}
