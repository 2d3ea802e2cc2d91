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
	// a filter is about.
	RuleReferences []Located
	// Related are the rules that it names as related, by id.
	Related []Relation
	// Sketch tells which rules may find the same events.
	Sketch Sketch
	// Content is a hash of the rule's text that line ends do not change.
	Content string
	// Uses are the names by which the rule refers to what other files define.
	// Context changes with what they stand for, as rule.Library.Context has
	// it; it is empty until that is known.
	Uses    []rule.Use
	Context string
}

// Summary sums the rule up.
func (r *Rule) Summary() Summary {
	return Summary{
		Path: r.Path(), Index: r.Index,
		ID: r.located(r.ID), Title: r.located(r.Title), Name: r.Name.Value,
		Range:  r.Source.Range(r.Span),
		Vendor: r.Vendor, Language: r.Language, Kind: r.Kind,
		Level: r.Level, Status: r.Status.Value, Retired: Retired(r.Status.Value, r.Path()),
		Techniques: values(r.Techniques), Tactics: values(r.Tactics),
		Disabled: r.Disabled(), Broken: r.Broken,
		Events: r.Events, Platforms: r.Platforms(), Content: r.ContentHash(),
		RuleReferences: r.ruleReferences(), Related: r.relations(), Sketch: r.Sketch(), Uses: r.Uses,
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

func (r *Rule) ruleReferences() []Located {
	doc, ok := r.Syntax.(*sigma.Document)
	if !ok || r.Kind == rule.Detection {
		return nil
	}
	var texts []rule.Text
	if doc.Correlation != nil {
		texts = doc.Correlation.Rules
	}
	if doc.Filter != nil {
		texts = doc.Filter.Rules
	}
	var out []Located
	for _, t := range texts {
		// "any" in a filter stands for every rule.
		if t.Value != "" && (doc.Filter == nil || t.Value != "any") {
			out = append(out, r.located(t))
		}
	}
	return out
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
	for _, folder := range strings.Split(strings.ToLower(path), "/") {
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
