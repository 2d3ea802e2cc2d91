package review

import (
	"context"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
	"github.com/detlint/detlint/scan"
)

// meanings says of every rule that differs what the difference means.
func (r *run) meanings(ctx context.Context) error {
	if !r.Meaning || r.sides.base == nil {
		return nil
	}
	m := &meanings{run: r, at: map[place]*pair{}, needed: map[*pair]bool{}, done: map[*pair]bool{}}
	for i := range r.pairs {
		p := &r.pairs[i]
		if p.head != nil {
			m.at[placeOf(p.head)] = p
		}
	}
	for i := range r.pairs {
		if p := &r.pairs[i]; r.wantedPair(p) {
			m.need(p, 0)
		}
	}
	m.readFilters()
	if err := r.scanner.Each(ctx, len(r.pairs), func(i int) {
		if p := &r.pairs[i]; m.needed[p] {
			m.compare(p)
		}
	}); err != nil {
		return err
	}
	for i := range r.pairs {
		if p := &r.pairs[i]; m.needed[p] {
			m.correlate(p, 0)
		}
	}
	return nil
}

// meanings is the work on what the differences of one run mean.
type meanings struct {
	*run
	at     map[place]*pair // by the place in the head
	needed map[*pair]bool
	done   map[*pair]bool // correlations
	// before and after have the filters that apply to rules which differ.
	before, after map[place]*normalize.Rule
}

// need notes that the meaning of a difference is asked for, with that of the
// rules that a correlation counts.
func (m *meanings) need(p *pair, depth int) {
	if p.state == changes.Unchanged || p.broken || m.needed[p] || depth > maxLinks {
		return
	}
	m.needed[p] = true
	if p.head == nil || p.head.Kind != rule.Correlation {
		return
	}
	for _, l := range m.changedLinks(p) {
		if q := m.counted(&l); q != nil {
			m.need(q, depth+1)
		}
	}
}

// counted is what became of a rule that a correlation counts.
func (m *meanings) counted(l *link) *pair {
	if l.to == nil {
		return nil
	}
	return m.at[placeOf(l.to)]
}

// readFilters reads the filters that apply to the rules which differ.
func (m *meanings) readFilters() {
	read := func(tree changes.Tree, library *rule.Library, l *links, side func(*pair) *normalize.Summary) map[place]*normalize.Rule {
		out := map[place]*normalize.Rule{}
		files := map[string]bool{}
		for i := range m.pairs {
			s := side(&m.pairs[i])
			if s == nil || !m.needed[&m.pairs[i]] || s.Kind != rule.Detection {
				continue
			}
			for _, to := range l.of[placeOf(s)] {
				if files[to.to.Path] {
					continue
				}
				files[to.to.Path] = true
				e, ok := changes.Lookup(tree, to.to.Path)
				if !ok {
					continue
				}
				// What cannot be read is not known, and said to be.
				if p, err := scan.Read(tree, e, library); err == nil && p != nil {
					for _, n := range p.Rules {
						out[place{n.Path(), n.Index}] = n
					}
				}
			}
		}
		return out
	}
	m.before = read(m.sides.base, m.base.Library, m.linksBefore, func(p *pair) *normalize.Summary { return p.base })
	m.after = read(m.sides.head, m.head.Library, m.linksAfter, func(p *pair) *normalize.Summary { return p.head })
}

// filtersOf are those that apply to a rule.
func filtersOf(l *links, s *normalize.Summary, read map[place]*normalize.Rule) []meaning.Filter {
	if s.Kind != rule.Detection {
		return nil
	}
	list := l.of[placeOf(s)]
	out := make([]meaning.Filter, len(list))
	for i := range list {
		out[i] = meaning.Filter{Key: list[i].key, Name: list[i].title(), Logic: list[i].to.Logic, Rule: read[placeOf(list[i].to)]}
	}
	return out
}

// compare says what became of one rule.
func (m *meanings) compare(p *pair) {
	switch {
	case p.before != nil && p.after != nil:
		p.change = meaning.Filtered(p.before, p.after, filtersOf(m.linksBefore, p.base, m.before), filtersOf(m.linksAfter, p.head, m.after))
		p.change.DependsOn(m.outside(p))
	case p.after != nil:
		p.change = meaning.Whole(p.after, true)
	case p.before != nil:
		p.change = meaning.Whole(p.before, false)
	}
}

// correlate adds to the change of a correlation what became of the rules that
// it counts.
func (m *meanings) correlate(p *pair, depth int) {
	if m.done[p] || p.change == nil || p.head == nil || p.base == nil || p.head.Kind != rule.Correlation || depth > maxLinks {
		return
	}
	m.done[p] = true
	var list []meaning.Correlated
	for _, l := range m.changedLinks(p) {
		c := meaning.Correlated{Name: l.title(), Verdict: meaning.Unknown}
		switch q := m.counted(&l); {
		case !m.refers(p, &l):
			continue // what the correlation itself says has changed
		case l.to == nil:
			c.Reason = "the repository has no such rule any more"
		case q == nil || q.change == nil:
			c.Reason = "its file cannot be read whole on one side"
		default:
			m.correlate(q, depth+1)
			c.Verdict, c.Reason = q.change.Verdict, q.change.Reason
		}
		list = append(list, c)
	}
	p.change.Correlates(list)
}

// refers reports whether a correlation names a rule on both sides of a change.
func (m *meanings) refers(p *pair, l *link) bool {
	in := func(list []link) bool {
		for i := range list {
			if list[i].key == l.key {
				return true
			}
		}
		return false
	}
	return in(m.linksBefore.of[placeOf(p.base)]) && in(m.linksAfter.of[placeOf(p.head)])
}

// outside names what a rule uses that has changed and is no part of its
// condition: tables and functions are not looked into, macros are.
func (r *run) outside(p *pair) []string {
	var out []string
	for _, use := range r.head.Library.Changed(r.base.Library, p.head.Uses) {
		if use.Kind != rule.Macro {
			out = append(out, string(use.Kind)+" "+use.Name)
		}
	}
	return out
}
