package lint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// BaselineVersion is that of the form of baseline files.
const BaselineVersion = 1

// BaselineEntry is one known finding.
type BaselineEntry struct {
	Rule        string `json:"rule"` // its id, or path#index where it has none
	Check       string `json:"check"`
	Value       string `json:"value"`
	Fingerprint string `json:"fingerprint"` // of the three, as findings have it
}

// Baseline has the findings that a repository knows of. A nil Baseline has
// none.
type Baseline struct {
	entries []BaselineEntry
	left    map[string]int // entries by fingerprint that no finding has met yet
}

// NewBaseline makes a baseline of those findings that may be passed over and
// are not already.
func NewBaseline(findings []Finding) *Baseline {
	b := &Baseline{}
	for i := range findings {
		f := &findings[i]
		if f.State != Fixed && f.Suppressed == nil && f.Suppressible() {
			b.entries = append(b.entries, BaselineEntry{ruleKey(f.RuleID, f.Path, f.Index), f.Check, f.Value, f.Fingerprint})
		}
	}
	b.index()
	return b
}

func (b *Baseline) index() {
	slices.SortFunc(b.entries, func(a, c BaselineEntry) int {
		return cmp.Or(cmp.Compare(a.Rule, c.Rule), cmp.Compare(a.Check, c.Check), cmp.Compare(a.Value, c.Value), cmp.Compare(a.Fingerprint, c.Fingerprint))
	})
	b.left = make(map[string]int, len(b.entries))
	for i := range b.entries {
		b.left[b.entries[i].Fingerprint]++
	}
}

// Len is the number of findings in the baseline.
func (b *Baseline) Len() int { return len(b.entries) }

// baselineFile is the form of the file.
type baselineFile struct {
	Version  int             `json:"version"`
	Findings []BaselineEntry `json:"findings"`
}

// WriteTo writes the baseline: sorted, one finding a line, so that changes of
// it are easy to review.
func (b *Baseline) WriteTo(w io.Writer) (int64, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n\"version\": %d,\n\"findings\": [", BaselineVersion)
	for i := range b.entries {
		if i > 0 {
			out.WriteByte(',')
		}
		var line bytes.Buffer
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		if err := e.Encode(&b.entries[i]); err != nil {
			return 0, err
		}
		out.WriteByte('\n')
		out.Write(bytes.TrimRight(line.Bytes(), "\n"))
	}
	out.WriteString("\n]\n}\n")
	n, err := w.Write(out.Bytes())
	return int64(n), err
}

// ReadBaseline reads what WriteTo has written. The error names the line.
func ReadBaseline(data []byte) (*Baseline, error) {
	var file baselineFile
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte{0xEF, 0xBB, 0xBF})))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		at := d.InputOffset()
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			at = syntax.Offset
		}
		line := rule.NewSource("", data).Position(int32(min(at, int64(len(data))))).Line
		return nil, fmt.Errorf("line %d: %s", line, strings.TrimPrefix(err.Error(), "json: "))
	}
	if file.Version != BaselineVersion {
		return nil, fmt.Errorf("expected version %d, found %d", BaselineVersion, file.Version)
	}
	for i, e := range file.Findings {
		if e.Fingerprint == "" || e.Check == "" {
			return nil, fmt.Errorf("finding %d has no check or no fingerprint", i+1)
		}
	}
	b := &Baseline{entries: file.Findings}
	b.index()
	return b, nil
}

// Apply marks the finding when the baseline has it. path names the baseline.
// An entry holds for one finding.
func (b *Baseline) Apply(f *Finding, path string) {
	if b == nil || f.State == Fixed || f.Suppressed != nil || !f.Suppressible() || b.left[f.Fingerprint] == 0 {
		return
	}
	b.left[f.Fingerprint]--
	f.Suppressed = &Suppressed{By: ByBaseline, Path: path}
}

// Stale lists the entries that no finding has met, once all were given to
// Apply, of those that known says would have been met.
func (b *Baseline) Stale(known func(*BaselineEntry) bool) []BaselineEntry {
	if b == nil {
		return nil
	}
	left := make(map[string]int, len(b.left))
	for fingerprint, n := range b.left {
		left[fingerprint] = n
	}
	var out []BaselineEntry
	for i := range b.entries {
		if e := &b.entries[i]; left[e.Fingerprint] > 0 && known(e) {
			left[e.Fingerprint]--
			out = append(out, *e)
		}
	}
	return out
}

// Key names the rule in baselines: its id, or its place where it has none.
func Key(id, path string, index int) string { return ruleKey(id, path, index) }
