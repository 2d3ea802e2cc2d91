package config

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// Parse reads a configuration. display names the file to people, dir is its
// folder. The error is Errors with all that is wrong.
func Parse(data []byte, display, dir string) (*Config, error) {
	p := &parser{src: rule.NewSource(display, data), dir: dir, root: treeRoot(dir)}
	c := &Config{Path: display, Dir: dir}
	docs := yamldoc.Parse(data)
	switch {
	case docs[0].Err != nil:
		p.fail(docs[0].Err.Span, "%s", docs[0].Err.Message)
	case len(docs) > 1:
		p.fail(rule.Span{Start: docs[1].Span.Start, End: docs[1].Span.Start}, "expected one document, found %d", len(docs))
	case docs[0].Root.IsNull():
	default:
		p.config(c, docs[0].Root)
	}
	if len(p.errors) > 0 {
		sort.SliceStable(p.errors, func(i, j int) bool {
			a, b := p.errors[i], p.errors[j]
			return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
		})
		return nil, p.errors
	}
	return c, nil
}

// parser collects what is wrong with a configuration.
type parser struct {
	src       *rule.Source
	dir, root string
	errors    Errors
	patterns  int
}

// maxErrors is how many mistakes of one configuration are told.
const maxErrors = 50

func (p *parser) fail(at rule.Span, format string, args ...any) {
	if len(p.errors) < maxErrors {
		pos := p.src.Position(at.Start)
		p.errors = append(p.errors, &Error{Path: p.src.Path, Line: pos.Line, Column: pos.Column, Message: fmt.Sprintf(format, args...)})
	}
}

// mapping returns the values of a mapping that has some of the keys. name is
// how the mapping is called in messages, empty at the top level.
func (p *parser) mapping(n *tree.Node, keys []Key, name string) map[string]*tree.Node {
	if n.Kind != tree.Mapping {
		p.fail(n.Span, "expected a mapping%s, found %s", inside(name), found(n))
		return nil
	}
	for _, dup := range n.Duplicates() {
		p.fail(dup.Span, "key %q stands twice%s", dup.Value, inside(name))
	}
	out := map[string]*tree.Node{}
	var names []string
	for i := range keys {
		names = append(names, keys[i].Name)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if at := slices.Index(names, key.Value); at >= 0 && key.Kind == tree.Scalar {
			if value.IsNull() {
				p.fail(value.Span, "expected %s for %q, found nothing", keys[at].expects(), key.Value)
			} else {
				out[key.Value] = value
			}
			continue
		}
		p.fail(key.Span, "unknown key %q%s%s", key.Value, inside(name), didYouMean(key.Value, names))
	}
	for i := range keys {
		if keys[i].Required && n.Get(keys[i].Name) == nil {
			p.fail(n.Span, "expected the key %q%s", keys[i].Name, inside(name))
		}
	}
	return out
}

func inside(name string) string {
	if name == "" {
		return ""
	}
	return " in " + name
}

// didYouMean names the word that was most likely meant, or else all of them.
func didYouMean(word string, words []string) string {
	folded := strings.ReplaceAll(word, "-", "_")
	for _, guess := range []string{near.Word(word, words), near.Word(folded, words), near.Word(strings.ReplaceAll(word, "_", "-"), words)} {
		if guess != "" {
			return fmt.Sprintf(", did you mean %q?", guess)
		}
	}
	if len(words) <= 16 {
		return ", expected one of: " + strings.Join(words, ", ")
	}
	return ""
}

// found says what a node is, for a message.
func found(n *tree.Node) string {
	switch {
	case n.Kind == tree.Mapping:
		return "a mapping"
	case n.Kind == tree.Sequence:
		return "a list"
	case n.IsNull():
		return "nothing"
	}
	return strconv.Quote(n.Value)
}

// expects says what the value of a key must be.
func (k *Key) expects() string {
	switch k.Kind {
	case Integer:
		return "a whole number, 0 or more"
	case Date:
		return "a date such as 2027-01-31"
	case Choice:
		return "one of " + strings.Join(k.Values, ", ")
	case Choices:
		return "a list of " + strings.Join(k.Values, ", ")
	case Strings:
		return "a list of texts"
	case Patterns:
		return "a list of paths or patterns"
	case File:
		return "the path of a file"
	case Files:
		return "a list of files"
	case Check:
		return "the id of a check"
	case Checks:
		return "a mapping from ids of checks to settings"
	case Mappings:
		return "a list of mappings"
	}
	return "a text"
}

// text is the value of a scalar; what is none is told and gives "".
func (p *parser) text(k *Key, n *tree.Node) string {
	if n == nil {
		return ""
	}
	if n.Kind != tree.Scalar || n.IsNull() || n.Value == "" {
		p.fail(n.Span, "expected %s for %q, found %s", k.expects(), k.Name, found(n))
		return ""
	}
	return n.Value
}

// items are the scalars of a list, or the one scalar that stands for a list.
func (p *parser) items(k *Key, n *tree.Node) []*tree.Node {
	if n == nil {
		return nil
	}
	if n.Kind == tree.Scalar && n.Value != "" {
		return []*tree.Node{n}
	}
	if n.Kind != tree.Sequence {
		p.fail(n.Span, "expected %s for %q, found %s", k.expects(), k.Name, found(n))
		return nil
	}
	var out []*tree.Node
	for _, item := range n.Content {
		if item.Kind == tree.Scalar && !item.IsNull() && item.Value != "" {
			out = append(out, item)
			continue
		}
		p.fail(item.Span, "expected a text in %q, found %s", k.Name, found(item))
	}
	return out
}

func (p *parser) strings(k *Key, n *tree.Node) []string {
	var out []string
	for _, item := range p.items(k, n) {
		out = append(out, item.Value)
	}
	return out
}

func (p *parser) choices(k *Key, n *tree.Node) []string {
	var out []string
	for _, item := range p.items(k, n) {
		if !slices.Contains(k.Values, item.Value) {
			p.fail(item.Span, "unknown value %q for %q%s", item.Value, k.Name, didYouMean(item.Value, k.Values))
			continue
		}
		out = append(out, item.Value)
	}
	return out
}

func (p *parser) choice(k *Key, n *tree.Node) string {
	text := p.text(k, n)
	if text != "" && !slices.Contains(k.Values, text) {
		p.fail(n.Span, "unknown value %q for %q%s", text, k.Name, didYouMean(text, k.Values))
		return ""
	}
	return text
}

func (p *parser) patternsOf(k *Key, n *tree.Node) Globs {
	var out Globs
	for _, item := range p.items(k, n) {
		clean, err := glob(item.Value)
		if err != nil {
			p.fail(item.Span, "%v", err)
			continue
		}
		if p.patterns++; p.patterns > maxPatterns {
			if p.patterns == maxPatterns+1 {
				p.fail(item.Span, "expected at most %d patterns in a configuration", maxPatterns)
			}
			continue
		}
		out = append(out, clean)
	}
	return out
}

func (p *parser) number(k *Key, n *tree.Node) int {
	if n == nil {
		return 0
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != tree.Scalar || n.Tag != tree.Int || err != nil || v < 0 || v > 1_000_000 {
		p.fail(n.Span, "expected %s for %q, found %s", k.expects(), k.Name, found(n))
		return 0
	}
	return v
}

var dateForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

func (p *parser) date(k *Key, n *tree.Node) string {
	text := p.text(k, n)
	if text == "" {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil || !dateForm.MatchString(text) {
		p.fail(n.Span, "expected %s for %q, found %q", k.expects(), k.Name, text)
		return ""
	}
	return text
}

func (p *parser) check(n *tree.Node) *lint.Check {
	c, err := lint.Find(n.Value)
	if n.Kind != tree.Scalar || err != nil {
		if err == nil {
			err = fmt.Errorf("expected the id of a check, found %s", found(n))
		}
		p.fail(n.Span, "%v", err)
		return nil
	}
	return c
}
