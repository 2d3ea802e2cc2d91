// Package lint has the checks, one file each, and what they report. A check
// looks at one rule, or at all rules of a repository; it knows nothing of git
// and nothing of output formats.
package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/rule"
)

// Severity orders findings. The zero value is not a severity.
type Severity uint8

// Severities from least to most severe.
const (
	Info Severity = iota + 1
	Warning
	Error
)

var severityNames = [...]string{Info: "info", Warning: "warning", Error: "error"}

// String returns the name used in every output and flag.
func (s Severity) String() string { return severityNames[s] }

// MarshalText makes severities their names in JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseSeverity is the inverse of String.
func ParseSeverity(name string) (Severity, error) {
	for s, n := range severityNames {
		if n != "" && n == name {
			return Severity(s), nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q, expected error, warning or info", name)
}

// State places a finding in time: whether the change under review made it.
type State string

// States of findings. Without a base every finding is New.
const (
	New      State = "new"
	Existing State = "existing"
	Fixed    State = "fixed"
)

// Evidence is a public rule of the catalog, or a count, that a finding rests on.
type Evidence struct {
	// Text is one sentence, such as "7 of 9 rules of T1059.001 exclude it".
	Text string `json:"text"`
	// Rules are examples: catalog rules by id, title and vendor.
	Rules []EvidenceRule `json:"rules,omitempty"`
}

// EvidenceRule names one rule of the catalog.
type EvidenceRule struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Vendor rule.Vendor `json:"vendor"`
	URL    string      `json:"url,omitempty"` // of its file, where its source has one
}

// Edit replaces the text of a range.
type Edit = rule.Edit

// Fix is a set of edits that removes a finding. Edits do not overlap.
type Fix struct {
	Title string `json:"title"`
	Edits []Edit `json:"edits"`
	// Advice is set where the edits do what the finding advises, after which
	// there may be more to advise: they are applied once.
	Advice bool `json:"-"`
}

// Location is a second place a finding is about.
type Location struct {
	Path    string     `json:"path"`
	Range   rule.Range `json:"range"`
	Message string     `json:"message"`
}

// Finding is one thing a check has to say about one place.
type Finding struct {
	Check    string     `json:"check"`
	Severity Severity   `json:"severity"`
	Message  string     `json:"message"` // lower case, quotes the value, says what was expected
	Path     string     `json:"path"`
	Range    rule.Range `json:"range"`
	// RuleID and RuleTitle are empty when the finding is about a file.
	RuleID    string     `json:"rule_id,omitempty"`
	RuleTitle string     `json:"rule_title,omitempty"`
	Evidence  []Evidence `json:"evidence,omitempty"`
	Hint      string     `json:"hint,omitempty"` // what to do, or a clause to paste
	Fix       *Fix       `json:"fix,omitempty"`
	Related   []Location `json:"related,omitempty"`
	Link      string     `json:"link"` // the documentation of the check
	// Fingerprint stays the same when lines move: it is made of rule, check
	// and Value.
	Fingerprint string `json:"fingerprint"`
	State       State  `json:"state"`

	// Index is that of the rule in its file, -1 when the finding is about the
	// file.
	Index int `json:"-"`
	// Value is the normalized value the finding is about.
	Value string `json:"value,omitempty"`
	// Callers counts the rules that a finding about a macro stands for; 0 for
	// every other finding.
	Callers int `json:"-"`
	// macro is whose fault it is that a rule cannot be read, nil for its own.
	macro *macroFault
	// within are the rules that a finding about the wider one of them stands
	// for; nil for every other finding.
	within []overlap
	// Suppressed says why the finding is passed over; nil when it is not.
	Suppressed *Suppressed `json:"suppressed,omitempty"`
	// Snippet is the source line the range starts in. Of a long line, as those
	// of exports are, it is what stands around the start, from the column
	// SnippetColumn on; 0 stands for 1.
	Snippet       string `json:"snippet,omitempty"`
	SnippetColumn int    `json:"snippet_column,omitempty"`
}

// How many bytes of a long line are shown before and after the place of a
// finding.
const snippetBefore, snippetAfter = 200, 400

// Show gives the finding the source line it is about.
func (f *Finding) Show(src *rule.Source) {
	line := src.Line(f.Range.Start.Line)
	if f.SnippetColumn = 0; len(line) <= snippetBefore+snippetAfter {
		f.Snippet = string(line)
		return
	}
	at := f.Range.Start.Offset - src.LineStart(f.Range.Start.Line)
	from := max(min(at, len(line))-snippetBefore, 0)
	to := min(from+snippetBefore+snippetAfter, len(line))
	for from > 0 && !utf8.RuneStart(line[from]) {
		from--
	}
	for to < len(line) && !utf8.RuneStart(line[to]) {
		to--
	}
	f.Snippet = string(line[from:to])
	if from > 0 {
		f.SnippetColumn = src.Position(int32(src.LineStart(f.Range.Start.Line) + from)).Column
	}
}

// fingerprint identifies a finding across versions of a rule. ruleKey is the
// rule's id, or its path where it has none.
func fingerprint(ruleKey, check, value string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(ruleKey) + "\x00" + check + "\x00" + value))
	return hex.EncodeToString(sum[:8])
}
