package paste

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// verify makes sure that edits of a rule's file exclude what is wanted and
// change nothing else of what the file says. old is the file as it is, nil where
// it has to be read.
func verify(before *normalize.Rule, old *rule.File, edits []rule.Edit, wanted []normalize.Key, library *rule.Library) error {
	data, err := rule.Apply(before.Source.Data, edits)
	if err != nil {
		return err
	}
	if old == nil {
		old = parsers.Parse(before.Path(), before.Source.Data, library)
	}
	now := parsers.Parse(before.Path(), data, library)
	switch {
	case len(old.Rules) != len(now.Rules) || before.Index >= len(now.Rules):
		return errors.New("the rules of the file could not be read after it")
	case !slices.Equal(messages(old), messages(now)):
		return errors.New("the file could not be read as well after it")
	}
	for i, r := range now.Rules {
		if i != before.Index && !slices.Equal(parts(old.Rules[i]), parts(r)) {
			return errors.New("it would change other rules of the file")
		}
	}
	after := normalize.Normalize(now.Rules[before.Index])
	if what := difference(before, after); what != "" {
		return fmt.Errorf("it would change the %s of the rule", what)
	}
	added, ok := compare(before, after)
	if !ok {
		return errors.New("it would change more of the condition")
	}
	return same(after, added, wanted)
}

// messages are what a file has problems with, sorted.
func messages(f *rule.File) []string {
	out := make([]string, 0, len(f.Problems))
	for _, p := range f.Problems {
		out = append(out, fmt.Sprint(p.RuleIndex, p.Warning, p.Message))
	}
	slices.Sort(out)
	return out
}

// parts are the texts that make up a rule.
func parts(r *rule.Rule) []string {
	out := make([]string, 0, len(r.Parts))
	for _, sp := range r.Parts {
		out = append(out, string(bytes.TrimSpace(r.Source.Data[sp.Start:sp.End])))
	}
	return out
}

// difference names what beside its condition two versions of a rule do not have
// in common.
func difference(a, b *normalize.Rule) string {
	switch {
	case a.Vendor != b.Vendor || a.Language != b.Language || a.Kind != b.Kind || a.ID.Value != b.ID.Value || a.Title.Value != b.Title.Value:
		return "identity"
	case a.Stateful != b.Stateful || a.Loose != b.Loose || a.Broken != b.Broken || !slices.Equal(filtered(a.Frame), filtered(b.Frame)):
		return "frame"
	case !slices.Equal(a.Unresolved, b.Unresolved):
		return "unresolved parts"
	case !slices.Equal(a.Events, b.Events):
		return "events"
	case !slices.Equal(attributes(a), attributes(b)):
		return "attributes"
	}
	return ""
}

// filtered is a frame without the marks that say where filters stand.
func filtered(frame []string) []string {
	return slices.DeleteFunc(slices.Clone(frame), func(s string) bool { return s == "where" || s == "| where" })
}

// conditions are the attributes that have the condition of a rule.
var conditions = set("detection", "query", "search")

// attributes are the attributes of a rule that do not have its condition, each
// as one line.
func attributes(r *normalize.Rule) []string {
	var out []string
	switch doc := r.Syntax.(type) {
	case *splunk.Document:
		out = entries(doc.Root)
		if doc.Stanza != nil {
			for _, s := range doc.Stanza.Settings {
				if !conditions[s.Key.Value] {
					out = append(out, s.Key.Value+"="+s.Value.Value)
				}
			}
		}
	case interface{ Attributes() *tree.Node }:
		out = entries(doc.Attributes())
	}
	return out
}

func entries(n *tree.Node) []string {
	if n == nil || n.Kind != tree.Mapping {
		return nil
	}
	out := make([]string, 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; !conditions[key.Value] {
			out = append(out, key.Flat()+":"+n.Content[i+1].Flat())
		}
	}
	return out
}

// same makes sure that predicates are the wanted exclusions.
func same(r *normalize.Rule, added []int32, wanted []normalize.Key) error {
	missing := map[normalize.Key]bool{}
	for _, k := range wanted {
		missing[normalize.Row(k)] = true
	}
	asked := len(missing)
	found := map[normalize.Key]bool{}
	for _, i := range added {
		p := &r.Predicates[i]
		row := normalize.Row(p.Key)
		e := p.Exact(r.Vendor)
		if !p.Negated || p.Derived || p.Selector || e.Opaque() || !missing[row] {
			return fmt.Errorf("it would be read as an exclusion of %s %s %q", p.Key.Field, p.Key.Operator, p.Key.Value)
		}
		found[row] = true
	}
	if len(found) != asked {
		return errors.New("the rule has a part of it, or says it otherwise")
	}
	return nil
}

// compare returns the predicates of the second version of a rule that were
// added to its top level, and false when anything else is not as it was.
func compare(a, b *normalize.Rule) ([]int32, bool) {
	if a.Root() == nil || b.Root() == nil {
		return nil, false
	}
	c := &comparison{ids: map[string]uint64{}, done: map[*normalize.Node]uint64{}, rules: [2]*normalize.Rule{a, b}, room: maxNodes}
	added, ok := c.extra(a.Root(), b.Root())
	return added, ok && c.room > 0
}

// maxNodes bounds how many members the lists of two conditions may have, all
// lists together: a condition may name one list thousands of times.
const maxNodes = 1_000_000

// comparison gives equal nodes of two conditions equal numbers.
type comparison struct {
	rules [2]*normalize.Rule
	ids   map[string]uint64
	done  map[*normalize.Node]uint64
	room  int // members of lists that may still be looked at
}

func (c *comparison) number(n *normalize.Node, side int) uint64 {
	if id, ok := c.done[n]; ok {
		return id
	}
	var key string
	if n.Kind == normalize.LeafNode {
		p := &c.rules[side].Predicates[n.Predicate]
		kind := "leaf"
		if p.Negated {
			kind += " not"
		}
		if p.Derived {
			kind += " derived"
		}
		key = strings.Join([]string{kind, p.Field, p.SourceField, string(p.Operator), p.SourceOperator, strings.ToLower(p.Value)}, "\x00")
		if p.Operator == rule.Regex {
			key += "\x00" + p.Value
		}
	} else {
		var ids []uint64
		for _, child := range c.flat(n) {
			ids = append(ids, c.number(child, side))
		}
		if len(ids) == 1 && !n.Branch {
			c.done[n] = ids[0]
			return ids[0]
		}
		slices.Sort(ids)
		text := fmt.Appendf(nil, "list\x00%d%t", n.Kind, n.Branch)
		for _, id := range slices.Compact(ids) {
			text = binary.AppendUvarint(text, id)
		}
		key = string(text)
	}
	id, ok := c.ids[key]
	if !ok {
		id = uint64(len(c.ids))
		c.ids[key] = id
	}
	c.done[n] = id
	return id
}

// flat are the children of a list, those of lists of the same kind in their
// place.
func (c *comparison) flat(n *normalize.Node) []*normalize.Node {
	var out []*normalize.Node
	for _, child := range n.Children {
		if c.room--; c.room <= 0 {
			return nil
		}
		if child.Kind != normalize.LeafNode && !child.Branch && (child.Kind == n.Kind || len(child.Children) == 1) {
			out = append(out, c.flat(child)...)
		} else {
			out = append(out, child)
		}
	}
	return out
}

// conjuncts are what must hold for a condition to hold.
func (c *comparison) conjuncts(n *normalize.Node) []*normalize.Node {
	if n.Kind == normalize.LeafNode || n.Branch || n.Kind == normalize.OrNode && len(n.Children) != 1 {
		return []*normalize.Node{n}
	}
	var out []*normalize.Node
	for _, child := range c.flat(n) {
		if child.Kind == normalize.AndNode && !child.Branch {
			out = append(out, c.conjuncts(child)...)
		} else {
			out = append(out, child)
		}
	}
	return out
}

// extra finds what the second condition has as further conjuncts. Where parts
// with a top level of their own have them, all else must be equal.
func (c *comparison) extra(a, b *normalize.Node) ([]int32, bool) {
	lost, come := c.differ(c.conjuncts(a), c.conjuncts(b))
	switch {
	case len(lost) == 0:
		var added []int32
		for _, n := range come {
			if n.Kind != normalize.LeafNode {
				return nil, false
			}
			added = append(added, n.Predicate)
		}
		return added, true
	case len(lost) != len(come):
		return nil, false
	}
	var added []int32
	for i, x := range lost {
		y := come[i]
		var more []int32
		ok := false
		switch {
		case x.Branch && y.Branch && x.Kind == y.Kind:
			inner := func(n *normalize.Node) *normalize.Node {
				return &normalize.Node{Kind: n.Kind, Children: n.Children}
			}
			more, ok = c.extra(inner(x), inner(y))
		case len(lost) == 1 && x.Kind == normalize.OrNode && y.Kind == normalize.OrNode && len(x.Children) == len(y.Children):
			more, ok = c.alternatives(x.Children, y.Children)
		}
		if !ok {
			return nil, false
		}
		added = append(added, more...)
	}
	return added, true
}

// alternatives compares conditions of which each has a top level of its own:
// all of them must have the same in addition.
func (c *comparison) alternatives(a, b []*normalize.Node) ([]int32, bool) {
	var added []int32
	for i := range a {
		if !a[i].Branch || !b[i].Branch {
			return nil, false
		}
		more, ok := c.extra(a[i], b[i])
		slices.Sort(more)
		if !ok || i > 0 && !slices.Equal(more, added) {
			return nil, false
		}
		added = more
	}
	return added, true
}

// differ are the nodes of the first version that the second one does not have,
// and the other way round.
func (c *comparison) differ(a, b []*normalize.Node) (lost, come []*normalize.Node) {
	without := func(nodes, others []*normalize.Node, side int) (out []*normalize.Node) {
		have := make(map[uint64]bool, len(others))
		for _, n := range others {
			have[c.number(n, 1-side)] = true
		}
		for _, n := range nodes {
			if !have[c.number(n, side)] {
				out = append(out, n)
			}
		}
		return out
	}
	return without(a, b, 0), without(b, a, 1)
}
