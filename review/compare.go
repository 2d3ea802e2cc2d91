package review

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
	"github.com/detlint/detlint/scan"
)

// everything reads and lints all of the head.
func (r *run) everything(ctx context.Context) (err error) {
	var mu sync.Mutex
	r.head, err = r.scanner.Visit(ctx, r.sides.head, r.wanted, func(p *scan.Parsed) {
		l := r.look(p)
		if r.sides.base == nil {
			// Only what compares versions looks at the parser's tree again, and
			// trees are the greater part of what is kept.
			for _, rule := range p.Rules {
				rule.Syntax = nil
			}
		}
		mu.Lock()
		defer mu.Unlock()
		r.now[p.File.Source.Path] = l
	})
	if err != nil {
		return err
	}
	r.wantDependents(r.head)
	return r.lookAtDependents(ctx)
}

// look runs the checks of single rules over a file.
func (r *run) look(p *scan.Parsed) *looked {
	l := &looked{file: p.File, rules: p.Rules}
	if r.Lint {
		l.findings = r.linter.File(p.File, p.Rules)
		l.suppressions = lint.ReadSuppressions(p.File)
	}
	return l
}

// heldRules says of a file that it was a rule file and is none any more.
func heldRules(n int) string {
	rules := "a rule"
	if n > 1 {
		rules = fmt.Sprintf("%d rules", n)
	}
	return "the file held " + rules + " before the change and is no rule file now; mend its form, or remove the file"
}

// compare pairs the rules of the files that differ and looks into both
// versions of them.
func (r *run) compare(ctx context.Context) error {
	if r.sides.base == nil {
		for i := range r.head.Files {
			for j := range r.head.Files[i].Rules {
				s := &r.head.Files[i].Rules[j]
				r.pairs = append(r.pairs, pair{state: changes.Added, head: s, after: ruleIn(r.now, s)})
			}
		}
		return nil
	}
	baseFiles, headFiles := index(r.base), index(r.head)
	r.linksBefore, r.linksAfter = linkRules(r.base, nil), linkRules(r.head, lostRules(baseFiles, headFiles))
	diff := changes.Diff(r.sides.base, r.sides.head)
	for _, c := range r.affected(baseFiles) {
		r.through[c.Head.Path] = true
		diff = append(diff, c)
	}
	var before, after []*normalize.Summary
	var baseEntries, headEntries []changes.Entry
	for _, c := range diff {
		if c.State == changes.Moved {
			r.moved[place{c.Base.Path, -1}] = place{c.Head.Path, -1}
		}
		if f := baseFiles[c.Base.Path]; c.State != changes.Added && f != nil {
			before = append(before, rulesOf(f)...)
			baseEntries = append(baseEntries, c.Base)
			if f.Unreadable != "" && r.wantedChange(c) {
				r.report.Findings = append(r.report.Findings, unreadable(f, " as it was before the change"))
			}
			// A rule that a slip has made unrecognizable is not one that was
			// removed.
			if now := headFiles[c.Head.Path]; len(f.Rules) > 0 && now != nil && !now.Recognized && now.Unreadable == "" && r.wantedChange(c) {
				r.report.Findings = append(r.report.Findings, lint.Unreadable(now.Path, heldRules(len(f.Rules))))
			}
		}
		if f := headFiles[c.Head.Path]; c.State != changes.Removed && f != nil {
			after = append(after, rulesOf(f)...)
			if r.now[c.Head.Path] == nil {
				headEntries = append(headEntries, c.Head)
			}
		}
	}
	var err error
	if r.old, err = r.lookAt(ctx, r.sides.base, baseEntries, r.base.Library); err != nil {
		return err
	}
	now, err := r.lookAt(ctx, r.sides.head, headEntries, r.head.Library)
	if err != nil {
		return err
	}
	maps.Copy(r.now, now)
	for _, m := range changes.Match(items(before, r.linksBefore), items(after, r.linksAfter)) {
		p := pair{state: m.State}
		if m.Base >= 0 {
			p.base = before[m.Base]
			p.before = ruleIn(r.old, p.base)
		}
		if m.Head >= 0 {
			p.head = after[m.Head]
			p.after = ruleIn(r.now, p.head)
		}
		switch {
		case p.head == nil:
			f := headFiles[p.base.Path]
			if p.broken = f != nil && (f.Broken > 0 || !f.Recognized); p.broken {
				p.state = changes.Modified
			}
		case p.base == nil:
			f := baseFiles[p.head.Path]
			if p.broken = f != nil && f.Broken > 0; p.broken {
				p.state = changes.Modified
			}
		default:
			r.moved[place{p.base.Path, p.base.Index}] = place{p.head.Path, p.head.Index}
		}
		r.pairs = append(r.pairs, p)
	}
	return nil
}

// affected are the files that are as they were, but have a rule for which a
// definition in another file has changed, or a filter, or a rule it correlates.
func (r *run) affected(baseFiles map[string]*scan.File) []changes.FileChange {
	var out []changes.FileChange
	for i := range r.head.Files {
		head := &r.head.Files[i]
		base := baseFiles[head.Path]
		if base == nil || base.Hash != head.Hash {
			continue
		}
		for j := range head.Rules {
			if j < len(base.Rules) && (base.Rules[j].Context != head.Rules[j].Context ||
				r.linksBefore.digest(&base.Rules[j]) != r.linksAfter.digest(&head.Rules[j])) {
				before, _ := changes.Lookup(r.sides.base, head.Path)
				after, _ := changes.Lookup(r.sides.head, head.Path)
				out = append(out, changes.FileChange{State: changes.Modified, Base: before, Head: after})
				break
			}
		}
	}
	return out
}

// wantedPair reports whether a rule was asked for: where it is now, or where
// it was.
func (r *run) wantedPair(p *pair) bool {
	if p.head != nil {
		return r.wanted(p.head.Path)
	}
	return r.wanted(p.base.Path)
}

// wantedChange reports whether a changed file was asked for on either side.
func (r *run) wantedChange(c changes.FileChange) bool {
	return c.Base.Path != "" && r.wanted(c.Base.Path) || c.Head.Path != "" && r.wanted(c.Head.Path)
}

// lookAt reads and lints some files of a tree.
func (r *run) lookAt(ctx context.Context, tree changes.Tree, entries []changes.Entry, library *rule.Library) (map[string]*looked, error) {
	results := make([]*looked, len(entries))
	err := r.scanner.Each(ctx, len(entries), func(i int) {
		// What cannot be read is reported from the snapshot.
		if p, err := scan.Read(tree, entries[i], library); err == nil && p != nil && p.File.Recognized {
			results[i] = r.look(p)
		}
	})
	if err != nil {
		return nil, err
	}
	out := map[string]*looked{}
	for i, l := range results {
		if l != nil {
			out[entries[i].Path] = l
		}
	}
	return out, nil
}

// ruleIn finds a rule at length.
func ruleIn(in map[string]*looked, s *normalize.Summary) *normalize.Rule {
	if l := in[s.Path]; l != nil && s.Index < len(l.rules) {
		return l.rules[s.Index]
	}
	return nil
}

func index(s *scan.Snapshot) map[string]*scan.File {
	out := make(map[string]*scan.File, len(s.Files))
	for i := range s.Files {
		out[s.Files[i].Path] = &s.Files[i]
	}
	return out
}

func rulesOf(f *scan.File) []*normalize.Summary {
	out := make([]*normalize.Summary, len(f.Rules))
	for i := range f.Rules {
		out[i] = &f.Rules[i]
	}
	return out
}

func items(rules []*normalize.Summary, l *links) []changes.Item {
	out := make([]changes.Item, len(rules))
	for i, s := range rules {
		out[i] = changes.Item{Path: s.Path, Index: s.Index, ID: s.ID.Value, Content: s.Content + s.Context + l.digest(s)}
	}
	return out
}
