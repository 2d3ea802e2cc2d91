// Package paste writes exclusions in the language of a rule: the text to paste,
// and the edits that put it into the rule's file, after which the condition of
// the rule is what it was, and not the exclusions. Edits are only handed out
// when the file was read again with them and says just that.
package paste

import (
	"errors"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

// Paste is what was written of some exclusions.
type Paste struct {
	// Text is a line that says where it belongs, and below it what to paste.
	// It is empty when nothing could be written.
	Text string
	// Written are the exclusions that are in Text, in the order they were
	// asked for.
	Written []normalize.Key

	rule *normalize.Rule
	file *rule.File
	edit func() ([]rule.Edit, error)
}

// In says which file the rule was read from, so that Edits need not read it as
// it is.
func (p Paste) In(f *rule.File) Paste {
	p.file = f
	return p
}

// Exclusions writes exclusions for a rule, each of which is to exclude by
// itself. What its language cannot say is left out, and so is what compares a
// field that has no certain name there, and what another one takes in.
// The catalog, which may be nil, says how the values are written.
func Exclusions(r *normalize.Rule, keys []normalize.Key, c *catalog.Catalog) Paste {
	p := exclusions(r, slices.DeleteFunc(slices.Clone(keys), filledIn), c)
	if kept := widest(p.Written); len(kept) < len(p.Written) {
		return exclusions(r, kept, c)
	}
	return p
}

func exclusions(r *normalize.Rule, keys []normalize.Key, c *catalog.Catalog) Paste {
	w := &writer{Rule: r, catalog: c}
	var edit func() ([]rule.Edit, error)
	var text string
	switch doc := r.Syntax.(type) {
	case *sigma.Document:
		text, edit = w.sigma(doc, keys)
	case *elastic.Document:
		text, edit = w.elastic(doc, keys)
	case *splunk.Document:
		text, edit = w.splunk(doc, keys)
	case *kusto.Document:
		text, edit = w.kusto(doc, keys)
	}
	if text == "" {
		return Paste{}
	}
	return Paste{Text: text, Written: w.written, rule: r, edit: edit}
}

// widest leaves out what another exclusion of the list takes in.
func widest(keys []normalize.Key) []normalize.Key {
	var out []normalize.Key
	for i, k := range keys {
		covered := false
		for j, other := range keys {
			covered = covered || i != j && normalize.Implies(k, other) && (j < i || !normalize.Implies(other, k))
		}
		if !covered {
			out = append(out, k)
		}
	}
	return out
}

// filledIn reports whether a value is a variable that some pipeline or system
// fills in, so that it is not known what events have in its place.
func filledIn(k normalize.Key) bool {
	return k.Operator == rule.Eq && len(k.Value) > 2 && k.Value[0] == '%' && k.Value[len(k.Value)-1] == '%'
}

// maxFile is the size of the largest file, in bytes, that is read again to make
// sure of edits. A file of that size with many rules takes long enough.
const maxFile = 256 << 10

// Edits are those of the rule's file that put everything in Written into the
// rule. The error says why there are none. library has the definitions that the
// rule was read with, nil when there were none.
func (p Paste) Edits(library *rule.Library) ([]rule.Edit, error) {
	switch {
	case p.Text == "":
		return nil, errors.New("nothing could be written in the language of the rule")
	case p.rule.Broken:
		return nil, errors.New("the rule could not be read whole")
	case p.rule.Kind != rule.Detection && p.rule.Kind != rule.Hunting:
		return nil, errors.New("the rule looks at no events of its own")
	case len(p.rule.Source.Data) > maxFile:
		return nil, errors.New("the file is too large to make sure of the edits")
	}
	edits, err := p.edit()
	if err != nil {
		return nil, err
	}
	if err := verify(p.rule, p.file, edits, p.Written, library); err != nil {
		return nil, err
	}
	return edits, nil
}

// writer writes exclusions for one rule.
type writer struct {
	*normalize.Rule
	catalog *catalog.Catalog
	written []normalize.Key
	known   map[string]map[string]string // by sources
	stored  map[string]string
}

// storedNames has the stored fields that names of the query stand for where it
// gives them others.
func (w *writer) storedNames() map[string]string {
	if w.stored == nil {
		w.stored = map[string]string{}
		rule.Walk(w.Condition, func(c rule.Condition) bool {
			if p, ok := c.(*rule.Predicate); ok && p.Stored != "" {
				w.stored[p.Field.Value] = p.Stored
			}
			return true
		})
	}
	return w.stored
}

// knownFields are the field spellings that the tables have for the rule's
// vendor under sources, each with its canonical field.
func (w *writer) knownFields(sources ...string) map[string]string {
	key := strings.Join(sources, " ")
	if w.known == nil {
		w.known = map[string]map[string]string{}
	}
	if w.known[key] == nil {
		w.known[key] = normalize.KnownFields(w.Vendor, sources)
	}
	return w.known[key]
}

// wrote notes that an exclusion was written.
func (w *writer) wrote(k normalize.Key) { w.written = append(w.written, k) }

func quote(s string) string { return `"` + s + `"` }

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
