package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/rule"
)

// elsewhere reports whether none of the techniques of an entry belongs to the
// successors of its tactic, and each stands under another tactic of the rule, to
// which it belongs: then the entry says nothing any more.
func (m *threatMove) elsewhere(t *elastic.Threat, successors []string) bool {
	return !slices.ContainsFunc(m.places, func(to attack.Technique) bool {
		return slices.ContainsFunc(to.Tactics, func(tactic string) bool { return slices.Contains(successors, tactic) }) || !m.stands(to, t)
	})
}

// stands reports whether a technique stands in another entry, under a tactic to
// which it belongs.
func (m *threatMove) stands(to attack.Technique, except *elastic.Threat) bool {
	is := func(n elastic.Named) bool {
		now, _ := m.now(n)
		return now.ID == to.ID
	}
	for i := range m.doc.Threats {
		t := &m.doc.Threats[i]
		if t == except || !slices.Contains(to.Tactics, m.shortTactic(t.Tactic.Name.Value)) {
			continue
		}
		if slices.ContainsFunc(t.Techniques, func(n elastic.Technique) bool { return is(n.Named) || slices.ContainsFunc(n.Subtechniques, is) }) {
			return true
		}
	}
	return false
}

// dissolve takes an entry out of the mapping, with the tag of its tactic.
func (m *threatMove) dissolve(t *elastic.Threat) bool {
	m.edits, m.said = nil, nil
	entry := m.entry(t.Span)
	if m.source(t.Span) == m.source(entry) {
		if !m.remove(elastic.Named{Span: t.Span, ID: t.Tactic.Name}) {
			return false
		}
	} else if text := m.source(entry); strings.ContainsAny(text, "#") || strings.Contains(text, "\"\"\"") || strings.Contains(text, "'''") {
		return m.fail("the entry has comments, remove it by hand")
	} else {
		m.edits = append(m.edits, m.Edit(entry, ""))
	}
	for _, tag := range items(m.doc.Rule.Get("tags")) {
		if tag.Value != tacticTagPrefix+t.Tactic.Name.Value {
			continue
		}
		edit, ok := m.removeItem(tag.Span)
		if !ok {
			return m.fail("the tag %q cannot be taken out of its list, remove it by hand", tag.Value)
		}
		m.edits = append(m.edits, edit)
	}
	for _, to := range m.places {
		if !slices.Contains(m.said, to.ID) {
			m.said = append(m.said, to.ID)
		}
	}
	m.said = []string{"the entries that have " + strings.Join(m.said, " and ") + " already"}
	return true
}

// entry is all of an entry that has a header of its own, "[[rule.threat]]": with
// the tables below it, up to the next header; at the end of the file with the blank
// lines before it. Of an entry in brackets it is what it was.
func (m *threatMove) entry(at rule.Span) rule.Span {
	header, _, _ := strings.Cut(m.source(at), "\n")
	name, isHeader := strings.CutPrefix(strings.TrimSpace(header), "[[")
	name, closed := strings.CutSuffix(name, "]]")
	if !isHeader || !closed {
		return at
	}
	data := m.Source.Data
	first, _ := m.Source.LineAround(at.Start)
	out := rule.Span{Start: int32(first), End: int32(len(data))}
	for _, end, next := m.line(rule.Span{Start: at.Start, End: at.Start}); int(next) < len(data) && next > end; {
		var start int32
		start, end, next = m.line(rule.Span{Start: next, End: next})
		text := strings.TrimSpace(string(data[start:end]))
		if strings.HasPrefix(text, "[") && !strings.HasPrefix(strings.TrimLeft(text, "["), name+".") {
			out.End = start
			break
		}
	}
	if int(out.End) == len(data) { // with the blank lines before it
		for out.Start > 0 {
			first, last := m.Source.LineAround(out.Start - 1)
			if len(strings.TrimSpace(string(data[first:last]))) > 0 {
				break
			}
			out.Start = int32(first)
		}
	}
	return out
}

// divided says where each technique of an entry goes whose tactic was divided.
func (m *threatMove) divided(successors []string) string {
	by := map[string][]string{}
	var order []string
	for _, to := range m.places {
		tactics := slices.DeleteFunc(slices.Clone(to.Tactics), func(s string) bool { return !slices.Contains(successors, s) })
		where := "neither"
		if other := attack.TacticsIn(m.version, to.Tactics); len(tactics) > 0 {
			where = m.either(tactics)
		} else if len(other) > 0 {
			where = "neither, but to " + m.either(other)
		}
		if by[where] == nil {
			order = append(order, where)
		}
		if id := to.ID; !slices.Contains(by[where], id) {
			by[where] = append(by[where], id)
		}
	}
	parts := make([]string, len(order))
	for i, where := range order {
		verb := "belongs"
		if len(by[where]) > 1 {
			verb = "belong"
		}
		parts[i] = enumerate(by[where]) + " " + verb + " to " + where
	}
	do := "divide the entry by hand"
	if len(order) == 1 {
		do = "move the entry by hand"
	}
	return fmt.Sprintf("of %s, %s; %s", m.either(successors), strings.Join(parts, ", "), do)
}
