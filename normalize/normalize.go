package normalize

import (
	"strings"
	"sync"

	"github.com/detlint/detlint/parsers/kql"
	"github.com/detlint/detlint/rule"
)

// maxPredicates bounds what one rule may have; the rest is unresolved.
const maxPredicates = 20_000

// Normalize derives a rule's predicates, exclusions and events from its
// condition. It never fails: what cannot be normalized is in Unresolved.
func Normalize(r *rule.Rule) *Rule {
	n := normalizers.Get().(*normalizer)
	defer n.release()
	n.out, n.table, n.sources = &Rule{Rule: r}, fieldTables()[r.Vendor], fieldSources(r)
	if r.Condition != nil {
		n.out.root = n.walk(r.Condition, false)
		n.exclusions(r.Condition, true)
		n.out.Predicates = append([]Predicate(nil), n.predicates...)
	}
	var complete bool
	if n.out.Events, complete = events(r, n.out.Predicates); !complete {
		n.out.Unresolved = append(n.out.Unresolved, "limit:events")
	}
	return n.out
}

// Normalized normalizes all rules of a file.
func Normalized(rules []*rule.Rule) []*Rule {
	out := make([]*Rule, len(rules))
	for i, r := range rules {
		out[i] = Normalize(r)
	}
	return out
}

// fieldSources are the places a rule's fields belong to in fields.tsv, most
// specific first.
func fieldSources(r *rule.Rule) []string {
	switch r.Vendor {
	case rule.Sigma:
		return SigmaSources(r.Logsource)
	case rule.Splunk:
		return splunkSources(r)
	}
	return nil
}

// SigmaSources are the sources of fields.tsv a Sigma logsource stands for:
// its service before its category.
func SigmaSources(l rule.Logsource) []string {
	product := strings.ToLower(l.Product.Value)
	var sources []string
	if service := strings.ToLower(l.Service.Value); service != "" {
		sources = append(sources, product+"/"+service)
	}
	if category := strings.ToLower(l.Category.Value); category != "" {
		sources = append(sources, product+"/"+category)
		if product != "" {
			sources = append(sources, "/"+category)
		}
	}
	return sources
}

// identity tells predicates of one rule apart: a duplicate is kept once for
// each polarity.
type identity struct {
	field, value     string
	canonical        string
	operator         rule.Operator
	negated, derived bool
}

// column is a field as a query has it at some point: what its name stands for
// may change on the way, and depends on the table it is in.
type column struct {
	stored, source string
	derived        bool
}

// fieldOf is what a column stands for, and its name in lower case.
type fieldOf struct {
	field
	lower string
}

// normalizer works on one rule after the other: what it notes of one is dropped,
// the room for it is kept.
type normalizer struct {
	out *Rule
	// predicates are those of out while they are collected.
	predicates []Predicate
	table      vendorFields
	sources    []string
	seen       map[identity]int32
	fields     map[column]fieldOf
	// nodes has what a condition became, on each side of a negation: a rule
	// may name one selection thousands of times.
	nodes map[polar]*Node
	// cleared are conditions whose exclusions have been collected, clauses
	// the exclusions themselves.
	cleared map[rule.Condition]bool
	// searched has the conditions in which exclusions were looked for, as a
	// conjunct of a top level and elsewhere.
	searched map[polar]bool
	clauses  map[string]bool
	key      []byte // of a clause
	full     bool   // the limit of predicates is reached
}

var normalizers = sync.Pool{New: func() any {
	return &normalizer{
		seen:    map[identity]int32{},
		fields:  map[column]fieldOf{},
		nodes:   map[polar]*Node{},
		cleared: map[rule.Condition]bool{}, searched: map[polar]bool{},
		clauses: map[string]bool{},
	}
}}

// maxKept is how many predicates a rule may have for its room to be kept.
const maxKept = 1000

func (n *normalizer) release() {
	if len(n.predicates) > maxKept {
		return
	}
	clear(n.predicates)
	clear(n.seen)
	clear(n.fields)
	clear(n.nodes)
	clear(n.cleared)
	clear(n.searched)
	clear(n.clauses)
	n.out, n.table, n.sources, n.predicates, n.full = nil, nil, nil, n.predicates[:0], false
	normalizers.Put(n)
}

type polar struct {
	condition rule.Condition
	negated   bool
}

// walk turns a condition into negation normal form and collects its
// predicates in the order of the rule.
func (n *normalizer) walk(c rule.Condition, negated bool) *Node {
	if p, ok := c.(*rule.Predicate); ok {
		leaf := n.leaf(p, negated)
		return &leaf
	}
	key := polar{c, negated}
	if done, ok := n.nodes[key]; ok {
		return done
	}
	out := n.turn(c, negated)
	n.nodes[key] = out
	return out
}

func (n *normalizer) leaf(p *rule.Predicate, negated bool) Node {
	return Node{Kind: LeafNode, Predicate: n.predicate(p, negated), Written: p}
}

func (n *normalizer) turn(c rule.Condition, negated bool) *Node {
	switch c := c.(type) {
	case *rule.And:
		return n.list(c.Children, negated, AndNode)
	case *rule.Or:
		return n.list(c.Children, negated, OrNode)
	case *rule.Not:
		return n.walk(c.Child, !negated)
	case *rule.Branch:
		out := &Node{Kind: AndNode, Children: []*Node{n.walk(c.Child, negated)}, Branch: true}
		for _, s := range c.Selectors {
			if s.Key == kql.SelectorTable && !negated {
				out.Tables = append(out.Tables, s.Value.Value)
			}
		}
		return out
	}
	return &Node{Kind: AndNode}
}

func (n *normalizer) list(children []rule.Condition, negated bool, kind NodeKind) *Node {
	if negated { // De Morgan
		kind = AndNode + OrNode - kind
	}
	if len(children) == 1 {
		return n.walk(children[0], negated)
	}
	leaves := 0
	for _, child := range children {
		if _, ok := child.(*rule.Predicate); ok {
			leaves++
		}
	}
	out := &Node{Kind: kind, Children: make([]*Node, 0, len(children))}
	room := make([]Node, leaves)
	var seen map[*Node]bool // every comparison has a node of its own
	for _, child := range children {
		if p, ok := child.(*rule.Predicate); ok {
			room[0] = n.leaf(p, negated)
			out.Children = append(out.Children, &room[0])
			room = room[1:]
			continue
		}
		next := n.walk(child, negated)
		if seen[next] {
			continue
		}
		if seen == nil {
			seen = make(map[*Node]bool, len(children)-leaves)
		}
		seen[next] = true
		out.Children = append(out.Children, next)
	}
	return out
}

// predicate returns the index of a predicate, adding it on first sight.
func (n *normalizer) predicate(p *rule.Predicate, negated bool) int32 {
	value := p.Value
	if p.Operator != rule.Regex {
		value = strings.ToLower(value)
	}
	col := column{stored: p.Stored, source: p.Source, derived: p.Derived}
	if col.stored == "" {
		col.stored = p.Field.Value
	}
	f, ok := n.fields[col]
	if !ok {
		f = fieldOf{n.lookup(col), strings.ToLower(col.stored)}
		n.fields[col] = f
	}
	id := identity{f.lower, value, f.canonical, p.Operator, negated, p.Derived}
	if i, ok := n.seen[id]; ok {
		return i
	}
	if len(n.predicates) == maxPredicates {
		if !n.full {
			n.out.Unresolved = append(n.out.Unresolved, "limit:predicates")
		}
		n.full = true
		return maxPredicates - 1
	}
	i := int32(len(n.predicates))
	n.predicates = append(n.predicates, Predicate{
		Field: f.canonical, SourceField: p.Field.Value,
		Operator: p.Operator, SourceOperator: p.SourceOperator, Value: p.Value,
		Negated: negated, Derived: p.Derived, Cased: p.Cased, Through: p.Through, Selector: n.isSelector(col, f.field, p.Value), encoded: isEncoded(p.SourceOperator),
		Key: key(f.field, p.Operator, value), Span: p.Span,
	})
	n.seen[id] = i
	return i
}

// isEncoded reports whether a chain of modifiers compares an encoding of the
// value, so that parts of the value say nothing about parts of the field.
func isEncoded(chain string) bool {
	for _, word := range []string{"base64", "wide", "utf16"} {
		if strings.Contains(chain, word) {
			return true
		}
	}
	return false
}

func (n *normalizer) lookup(c column) field {
	if c.stored == "*" || c.derived {
		return field{canonical: strings.ToLower(c.stored)}
	}
	if n.out.Vendor == rule.Splunk {
		return n.table.splunkField(n.sources, c.stored)
	}
	if n.out.Vendor == rule.Kusto {
		return n.table.kustoField(c)
	}
	return n.table.lookup(n.sources, c.stored)
}

// selectors are canonical fields that say which kind of event is meant.
var selectors = map[string]bool{
	"event.code": true, "event.provider": true, "event.category": true, "event.type": true,
	"event.dataset": true, "event.module": true, "event.kind": true, "winlog.channel": true,
	"agent.type": true, "auditd.message_type": true, "sourcetype": true, "source": true, "index": true,
}

var selectorPrefixes = []string{"host.os.", "data_stream."}

func (n *normalizer) isSelector(c column, f field, value string) bool {
	return isSelector(f, value) ||
		n.out.Vendor == rule.Splunk && splunkSelectors[c.stored] || n.out.Vendor == rule.Kusto && isKustoSelector(f, c)
}

// isSelector reports whether a comparison only selects the kind of event. A
// registry action names the event, and so do actions such as "exec"; any other
// action is the finding itself.
func isSelector(f field, value string) bool {
	if selectors[f.canonical] {
		return true
	}
	if f.canonical == "event.action" {
		return f.category == "registry" || eventActions()[strings.ToLower(value)]
	}
	for _, prefix := range selectorPrefixes {
		if strings.HasPrefix(f.canonical, prefix) {
			return true
		}
	}
	return false
}
