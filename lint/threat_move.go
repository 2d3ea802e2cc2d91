package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/rule"
)

// threatMove rewrites one entry of an Elastic rule's ATT&CK mapping to the
// techniques that are in force: ids, names and addresses, which technique a
// sub-technique stands under, and the tactic with its tag.
type threatMove struct {
	*Pass
	doc     *elastic.Document
	version string // of ATT&CK
	edits   []Edit
	said    []string
	why     string // the entry cannot be rewritten
	// places are the techniques that the entry is about in the end.
	places []attack.Technique
}

// fixThreat gives a finding about a technique of an Elastic rule the fix that
// moves the entry it stands in. Where that needs a decision, the finding says
// so.
func (p *Pass) fixThreat(f *Finding, at rule.Span) {
	doc := elasticDocument(p)
	if doc == nil {
		return
	}
	for i := range doc.Threats {
		t := &doc.Threats[i]
		if !t.IsATTACK() || !holdsTechnique(t, at) {
			continue
		}
		p.moveEntry(f, doc, t)
		return
	}
}

func (p *Pass) moveEntry(f *Finding, doc *elastic.Document, t *elastic.Threat) {
	m := &threatMove{Pass: p, doc: doc, version: p.attack()}
	if p.ofOlderVersion() {
		m.version = attack.Older
	}
	if m.techniques(t) && m.tactic(t) {
		f.Fix = &Fix{Title: "move to " + strings.Join(m.said, ", "), Edits: m.edits}
		return
	}
	if f.Hint != "" {
		m.why += "; see " + f.Hint
	}
	f.Hint = m.why
}

// retiredEntries reports the entries of a mapping whose tactic ATT&CK no longer
// has, where the rules are being moved.
func (p *Pass) retiredEntries(doc *elastic.Document) {
	if !p.linter.moves || p.attack() != attack.Version {
		return
	}
	for i := range doc.Threats {
		t := &doc.Threats[i]
		name := t.Tactic.Name
		successors := p.tables().TacticSuccessors(p.shortTactic(name.Value))
		if len(successors) == 0 || !t.IsATTACK() {
			continue
		}
		f := p.Report(name.Span, name.Value, "ATT&CK %s has no tactic %q any more, it is now %s", attack.Version, name.Value, p.either(successors))
		p.moveEntry(f, doc, t)
	}
}

func holdsTechnique(t *elastic.Threat, at rule.Span) bool {
	for i := range t.Techniques {
		if t.Techniques[i].ID.Span == at || slices.ContainsFunc(t.Techniques[i].Subtechniques, func(n elastic.Named) bool { return n.ID.Span == at }) {
			return true
		}
	}
	return false
}

func (m *threatMove) fail(format string, args ...any) bool {
	m.why = fmt.Sprintf(format, args...)
	return false
}

// moved is where one technique of an entry goes.
type moved struct {
	*elastic.Technique
	to      attack.Technique   // a technique, never a sub-technique where it has some
	subs    []attack.Technique // those of its sub-techniques
	changed bool
}

// root is the technique that the entry is to list.
func (v *moved) root() string {
	if parent := attack.Parent(v.to.ID); parent != "" {
		return parent
	}
	return v.to.ID
}

func (m *threatMove) now(n elastic.Named) (attack.Technique, bool) {
	id := strings.ToUpper(strings.TrimSpace(n.ID.Value))
	if t, ok := m.tables().CurrentIn(m.version, id); ok {
		return t, t.ID != id
	}
	return attack.Technique{ID: id}, false // the check unknown-technique says so
}

func (m *threatMove) techniques(t *elastic.Threat) bool {
	list := make([]moved, len(t.Techniques))
	for i := range t.Techniques {
		v := &list[i]
		v.Technique = &t.Techniques[i]
		v.to, v.changed = m.now(v.Named)
		roots := map[string]bool{}
		for _, sub := range v.Subtechniques {
			to, changed := m.now(sub)
			v.changed = v.changed || changed
			v.subs = append(v.subs, to)
			roots[(&moved{to: to}).root()] = true
		}
		if !v.changed || len(roots) == 0 {
			continue
		}
		if len(roots) > 1 {
			return m.fail("the sub-techniques under %s now belong to different techniques, move them by hand", v.ID.Value)
		}
		// A technique that has sub-techniques here is listed for their sake.
		root := (&moved{to: v.subs[0]}).root()
		known, ok := m.tables().CurrentIn(m.version, root)
		if !ok {
			return m.fail("%s is not in ATT&CK %s, move it by hand", root, m.version)
		}
		v.to = known
	}
	for i := range list {
		if !m.technique(list, i) {
			return false
		}
	}
	return true
}

// technique moves one technique of an entry with its sub-techniques.
func (m *threatMove) technique(list []moved, i int) bool {
	v := &list[i]
	if !v.changed {
		m.places = append(m.places, append(slices.Clone(v.subs), v.to)...)
		return true
	}
	if v.to.Status != attack.Active {
		return m.fail("ATT&CK has dropped %s, too", v.to.ID)
	}
	for j := range list {
		if j != i && list[j].root() == v.root() && (j < i || !list[j].changed) {
			if len(v.subs) > 0 || attack.Parent(v.to.ID) != "" {
				return m.fail("%s would stand twice in the entry, move it by hand", v.root())
			}
			m.said = append(m.said, v.to.ID+", which is there")
			return m.remove(v.Named)
		}
	}
	to := v.to
	if parent := attack.Parent(to.ID); parent != "" {
		known, ok := m.tables().Lookup(parent)
		if !ok || !m.insert(v.Named, to) {
			return m.fail("%s is a sub-technique, write it under %s by hand", to.ID, parent)
		}
		m.places = append(m.places, to)
		to = known
	}
	if !m.rename(v.Named, to) {
		return false
	}
	seen := map[string]bool{to.ID: true}
	for k, sub := range v.Subtechniques {
		now := v.subs[k]
		m.places = append(m.places, now)
		if seen[now.ID] {
			if !m.remove(sub) {
				return false
			}
			continue
		}
		seen[now.ID] = true
		if !m.rename(sub, now) {
			return false
		}
	}
	if len(v.subs) == 0 {
		m.places = append(m.places, to)
	}
	return true
}

// rename puts another technique, or another tactic, in place.
func (m *threatMove) rename(n elastic.Named, to attack.Technique) bool {
	if strings.EqualFold(strings.TrimSpace(n.ID.Value), to.ID) {
		return true
	}
	m.said = append(m.said, to.ID)
	return m.replace(n, to.ID, to.Name, "techniques/"+strings.ReplaceAll(to.ID, ".", "/"))
}

func (m *threatMove) replace(n elastic.Named, id, name, page string) bool {
	parts := [][2]string{{n.ID.Value, id}, {n.Name.Value, name}}
	places := []rule.Span{n.ID.Span, n.Name.Span}
	if _, rest, ok := strings.Cut(n.Reference.Value, "attack.mitre.org/"); ok {
		if strings.HasSuffix(rest, "/") {
			page += "/"
		}
		parts, places = append(parts, [2]string{rest, page}), append(places, n.Reference.Span)
	}
	for i, part := range parts {
		if part[0] == "" || part[0] == part[1] {
			continue // what an entry leaves out is not for this fix to add
		}
		edit, ok := m.replaceIn(places[i], part[0], part[1])
		if !ok {
			return m.fail("%q is written with escapes, replace it by hand", part[0])
		}
		m.edits = append(m.edits, edit)
	}
	return true
}

// remove takes a technique out of its list.
func (m *threatMove) remove(n elastic.Named) bool {
	text := m.source(n.Span)
	if strings.HasPrefix(text, "[[") {
		start, end, next := m.line(n.Span)
		if bytes.IndexByte(m.Source.Data[start:end], '#') >= 0 || len(bytes.TrimSpace(m.Source.Data[start:n.Span.Start])) > 0 {
			return m.fail("%s has comments, remove it by hand", n.ID.Value)
		}
		for start > 0 { // with the blank lines before it
			first, last := m.Source.LineAround(start - 1)
			if len(bytes.TrimSpace(m.Source.Data[first:last])) > 0 {
				break
			}
			start = int32(first)
		}
		m.edits = append(m.edits, m.Edit(rule.Span{Start: start, End: next}, ""))
		return true
	}
	edit, ok := m.removeItem(n.Span)
	if !ok || strings.Contains(text, "#") {
		return m.fail("%s cannot be taken out of its list, remove it by hand", n.ID.Value)
	}
	m.edits = append(m.edits, edit)
	return true
}

// insert adds a sub-technique below a technique that has a header of its own.
func (m *threatMove) insert(n elastic.Named, sub attack.Technique) bool {
	header, _, _ := strings.Cut(m.source(n.Span), "\n")
	header = strings.TrimRight(header, "\r")
	name, ok := strings.CutSuffix(header, "]]")
	if !ok || !strings.HasPrefix(name, "[[") {
		return false
	}
	br := "\n"
	if bytes.Contains(m.Source.Data[n.Span.Start:n.Span.End], []byte("\r\n")) {
		br = "\r\n"
	}
	lines := []string{
		"", "", name + ".subtechnique]]", `id = "` + sub.ID + `"`, `name = "` + sub.Name + `"`,
		`reference = "https://attack.mitre.org/techniques/` + strings.ReplaceAll(sub.ID, ".", "/") + `/"`,
	}
	_, end, _ := m.line(rule.Span{Start: n.Span.End, End: n.Span.End})
	m.edits = append(m.edits, m.Edit(rule.Span{Start: end, End: end}, strings.Join(lines, br)))
	m.said = append(m.said, sub.ID)
	return true
}

// tactic moves the tactic of an entry to the one that all of its techniques
// belong to.
func (m *threatMove) tactic(t *elastic.Threat) bool {
	short := m.shortTactic(t.Tactic.Name.Value)
	successors := m.tables().TacticSuccessors(short)
	if len(successors) == 0 || m.version != attack.Version {
		for _, to := range m.places {
			if short != "" && to.Status == attack.Active && !m.mayBelong(to.ID, short) {
				return m.fail("%s (%s) belongs to %s and not to %s, move it by hand", to.ID, to.Name, m.either(attack.TacticsIn(m.version, to.Tactics)), t.Tactic.Name.Value)
			}
		}
		return true
	}
	if len(m.places) == 0 {
		return m.fail("the entry has no technique that says which of %s is meant, decide by hand", m.either(successors))
	}
	meant := successors
	for _, to := range m.places {
		meant = slices.DeleteFunc(slices.Clone(meant), func(s string) bool { return !slices.Contains(to.Tactics, s) })
	}
	if len(meant) != 1 {
		if m.elsewhere(t, successors) {
			return m.dissolve(t)
		}
		return m.fail("%s", m.divided(successors))
	}
	to := m.tables().LookupTactic(meant[0])[0]
	for i := range m.doc.Threats {
		if other := &m.doc.Threats[i]; other != t && m.shortTactic(other.Tactic.Name.Value) == to.ShortName {
			return m.fail("the rule has an entry for %s already, put the two together by hand", to.Name)
		}
	}
	m.said = append(m.said, to.Name)
	return m.replace(t.Tactic, to.ID, to.Name, "tactics/"+to.ID) && m.tacticTag(t.Tactic.Name.Value, to.Name)
}

// tacticTagPrefix begins the tag that Elastic's rules have for each tactic.
const tacticTagPrefix = "Tactic: "

// tacticTag renames the tag that Elastic's rules have for each tactic.
func (m *threatMove) tacticTag(old, name string) bool {
	tags := items(m.doc.Rule.Get("tags"))
	for _, tag := range tags {
		if tag.Value == tacticTagPrefix+name {
			return true
		}
	}
	for _, tag := range tags {
		if tag.Value != tacticTagPrefix+old {
			continue
		}
		edit, ok := m.replaceIn(tag.Span, old, name)
		if !ok {
			return m.fail("the tag %q is written with escapes, replace it by hand", tag.Value)
		}
		m.edits = append(m.edits, edit)
	}
	return true
}
