package normalize

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/rule"
)

// Located is a text with its place in lines and columns.
type Located struct {
	Value string     `json:"value"`
	Range rule.Range `json:"range"`
}

// Relation is a link from one rule to another, in Sigma's terms: derived,
// obsolete, merged, renamed, similar.
type Relation struct{ ID, Type string }

// Summary is what work across a whole repository needs of a rule. It is small
// and stands for itself, so that it can be kept between runs.
type Summary struct {
	Path     string
	Index    int
	ID       Located
	Title    Located
	Name     string
	Range    rule.Range // the rule in its file
	Vendor   rule.Vendor
	Language rule.Language
	Kind     rule.Kind
	Level    rule.Level
	Status   string
	// Retired rules are no longer in use, by their status or by the folder
	// they are in.
	Retired bool
	// Disabled rules say that they are switched off; Broken ones could not be
	// read whole.
	Disabled, Broken bool

	Techniques []string
	Tactics    []string
	Events     []Event
	Platforms  []string
	// RuleReferences are the ids and names of the rules that a correlation or
	// a filter is about. EveryRule is set for a filter of all rules that its
	// logsource fits.
	RuleReferences []Located
	EveryRule      bool
	// Related are the rules that it names as related, by id.
	Related []Relation
	// Sketch tells which rules may find the same events.
	Sketch Sketch
	// Logsource is that of a Sigma rule.
	Logsource Logsource
	// Logic is a hash of what a Sigma rule finds, as far as that stands in the
	// rule itself: layout, comments and what only describes it do not change it.
	Logic string
	// Content is a hash of the rule's text that line ends do not change.
	Content string
	// Uses are the names by which the rule refers to what other files define.
	// Context changes with what they stand for, as rule.Library.Context has
	// it; it is empty until that is known.
	Uses    []rule.Use
	Context string
}

// Logsource is category, product and service of a Sigma rule in lower case.
type Logsource struct{ Category, Product, Service string }

// Fits reports whether what is about events of this logsource is about those
// of another one, too: everything that it asks for is the same there.
func (l Logsource) Fits(other Logsource) bool {
	fits := func(asked, have string) bool { return asked == "" || asked == have }
	return fits(l.Category, other.Category) && fits(l.Product, other.Product) && fits(l.Service, other.Service)
}

// Summary sums the rule up.
func (r *Rule) Summary() Summary {
	s := r.summary()
	if doc, ok := r.Syntax.(*sigma.Document); ok {
		s.RuleReferences, s.EveryRule = r.ruleReferences(doc)
		fold := func(t rule.Text) string { return strings.ToLower(strings.TrimSpace(t.Value)) }
		s.Logsource = Logsource{fold(r.Logsource.Category), fold(r.Logsource.Product), fold(r.Logsource.Service)}
		s.Logic = doc.Logic()
	}
	return s
}

func (r *Rule) summary() Summary {
	return Summary{
		Path: r.Path(), Index: r.Index,
		ID: r.located(r.ID), Title: r.located(r.Title), Name: r.Name.Value,
		Range:  r.Source.Range(r.Span),
		Vendor: r.Vendor, Language: r.Language, Kind: r.Kind,
		Level: r.Level, Status: r.Status.Value, Retired: Retired(r.Status.Value, r.Path()),
		Techniques: values(r.Techniques), Tactics: values(r.Tactics),
		Disabled: r.Disabled(), Broken: r.Broken,
		Events: r.Events, Platforms: r.Platforms(), Content: r.ContentHash(),
		Related: r.relations(), Sketch: r.Sketch(), Uses: r.Uses,
	}
}

func (r *Rule) relations() []Relation {
	var out []Relation
	for _, rel := range r.Related {
		if rel.ID.Value != "" {
			out = append(out, Relation{strings.ToLower(rel.ID.Value), strings.ToLower(rel.Type.Value)})
		}
	}
	return out
}

// ruleReferences are the rules that a correlation or filter names. A filter
// names all with "any" or "all", or with an empty list.
func (r *Rule) ruleReferences(doc *sigma.Document) (out []Located, every bool) {
	var texts []rule.Text
	switch {
	case doc.Filter != nil:
		texts, every = doc.Filter.Rules, doc.Filter.EveryRule()
	case doc.Correlation != nil:
		texts = doc.Correlation.Rules
	}
	if every {
		return nil, true
	}
	for _, t := range texts {
		if t.Value != "" {
			out = append(out, r.located(t))
		}
	}
	return out, false
}

// retiredFolders are where repositories put rules that are no longer in use,
// whatever the rules say of themselves: SigmaHQ, Elastic, Splunk.
var retiredFolders = map[string]bool{"deprecated": true, "_deprecated": true, "unsupported": true, "removed": true}

// Retired reports whether a rule of the given status at the given path is no
// longer in use.
func Retired(status, path string) bool {
	if (&rule.Rule{Status: rule.Text{Value: status}}).Retired() {
		return true
	}
	for folder := range strings.SplitSeq(strings.ToLower(path), "/") {
		if retiredFolders[folder] {
			return true
		}
	}
	return false
}

func (r *Rule) located(t rule.Text) Located {
	if t.Span.IsZero() {
		return Located{Value: t.Value, Range: r.Source.Range(rule.Span{Start: r.Span.Start, End: r.Span.Start})}
	}
	return Located{Value: t.Value, Range: r.Source.Range(t.Span)}
}

// ContentHash is a hash of the rule's text that line ends do not change.
func (r *Rule) ContentHash() string {
	hash := sha256.New()
	for _, part := range r.Parts {
		text := r.Source.Data[part.Start:part.End]
		if bytes.IndexByte(text, '\r') >= 0 {
			text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		}
		hash.Write(text)
	}
	return hex.EncodeToString(hash.Sum(nil)[:12])
}
