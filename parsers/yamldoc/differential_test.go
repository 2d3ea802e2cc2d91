package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
	"gopkg.in/yaml.v3"
)

const corpora = "../../../shared/corpora"

// reference decodes all documents of a file with yaml.v3.
func reference(data []byte) (docs []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var n yaml.Node
		if err := dec.Decode(&n); err != nil {
			if errors.Is(err, io.EOF) {
				return docs, nil
			}
			return docs, err
		}
		docs = append(docs, &n)
	}
}

// compare reports the first difference between a node of ours and one of
// yaml.v3. Anchored, tagged and aliased nodes are compared without place.
func compare(src *rule.Source, got *tree.Node, want *yaml.Node, path string, exact bool) error {
	if want.Kind == yaml.AliasNode {
		return compare(src, got, want.Alias, path+"*", false)
	}
	kinds := map[tree.Kind]yaml.Kind{tree.Scalar: yaml.ScalarNode, tree.Mapping: yaml.MappingNode, tree.Sequence: yaml.SequenceNode}
	if kinds[got.Kind] != want.Kind {
		return fmt.Errorf("%s: kind %d, want %d", path, got.Kind, want.Kind)
	}
	styles := map[tree.Style]yaml.Style{
		tree.SingleQuoted: yaml.SingleQuotedStyle, tree.DoubleQuoted: yaml.DoubleQuotedStyle,
		tree.Literal: yaml.LiteralStyle, tree.Folded: yaml.FoldedStyle, tree.Flow: yaml.FlowStyle,
	}
	if styles[got.Style] != want.Style&^yaml.TaggedStyle {
		return fmt.Errorf("%s: style %d, want %d", path, got.Style, want.Style)
	}
	if want.Anchor != "" || want.Style&yaml.TaggedStyle != 0 || strings.HasPrefix(want.Tag, "!") && !strings.HasPrefix(want.Tag, "!!") {
		exact = false
	}
	if got.Kind == tree.Scalar {
		tags := []string{"!!str", "!!null", "!!bool", "!!int", "!!float", "!!timestamp"}
		if got.Value != want.Value {
			return fmt.Errorf("%s: value %q, want %q", path, got.Value, want.Value)
		}
		if tag := tags[got.Tag]; tag != want.ShortTag() && want.Style&yaml.TaggedStyle == 0 && want.ShortTag() != "!!merge" {
			return fmt.Errorf("%s: tag %s of %q, want %s", path, tag, got.Value, want.ShortTag())
		}
	}
	pos := src.Position(got.Span.Start)
	if exact && (pos.Line != want.Line || pos.Column != want.Column) {
		return fmt.Errorf("%s: at %d:%d, want %d:%d", path, pos.Line, pos.Column, want.Line, want.Column)
	}
	if len(got.Content) != len(want.Content) {
		return fmt.Errorf("%s: %d children, want %d", path, len(got.Content), len(want.Content))
	}
	for i, c := range got.Content {
		// yaml.v3 puts a missing value in brackets where the next token
		// is, we put it after the colon.
		w := want.Content[i]
		there := exact && !(got.Style == tree.Flow && w.Kind == yaml.ScalarNode && w.Value == "" && c.Span.Start == c.Span.End)
		if err := compare(src, c, w, fmt.Sprintf("%s/%d", path, i), there); err != nil {
			return err
		}
	}
	return nil
}

// oddBreaks reports whether a file has line breaks that only yaml.v3 knows.
func oddBreaks(data []byte) bool {
	s := strings.ReplaceAll(string(data), "\r\n", "\n")
	return strings.ContainsAny(s, "\r\u0085\u2028\u2029")
}

// hasMerge reports whether a tree has merge keys, which change its shape.
func hasMerge(n *yaml.Node) bool {
	if isMerge(n) {
		return true
	}
	for _, c := range n.Content {
		if hasMerge(c) {
			return true
		}
	}
	return false
}

// compareFile compares all documents of a file.
func compareFile(data []byte) error {
	want, err := reference(data)
	src := rule.NewSource("", data)
	var got []Document
	for _, d := range Parse(data) {
		if d.Err != nil {
			if err == nil {
				return fmt.Errorf("unexpected error: %v", d.Err)
			}
			return nil
		}
		if d.Root != nil {
			got = append(got, d)
		}
	}
	if err != nil {
		return fmt.Errorf("no error, yaml.v3 has %w", err)
	}
	var full []*yaml.Node
	for _, w := range want {
		c := w.Content[0]
		if c.Kind == yaml.ScalarNode && c.Value == "" && c.Style == 0 && c.Anchor == "" {
			continue
		}
		full = append(full, w)
	}
	if len(got) != len(full) {
		return fmt.Errorf("%d documents, want %d", len(got), len(full))
	}
	for i, d := range got {
		if err := checkSpans(d.Root, d.Span, data); err != nil {
			return err
		}
		if hasMerge(full[i]) {
			continue
		}
		if err := compare(src, d.Root, full[i].Content[0], "$", !oddBreaks(data)); err != nil {
			return err
		}
	}
	return nil
}

// checkSpans reports spans out of their parents or out of order, and offsets
// that do not lead back to the value.
func checkSpans(n *tree.Node, in rule.Span, data []byte) error {
	if n.Span.Start < in.Start || n.Span.End > in.End || n.Span.Start > n.Span.End {
		return fmt.Errorf("span %v of %q is not in %v", n.Span, n.Value, in)
	}
	if n.Kind == tree.Scalar {
		return checkOffsets(n, data)
	}
	at := n.Span.Start
	for _, c := range n.Content {
		if c.Span.Start < at && c.Span != n.Span {
			return fmt.Errorf("span %v of %q begins before %d", c.Span, c.Value, at)
		}
		if err := checkSpans(c, n.Span, data); err != nil {
			return err
		}
		at = max(c.Span.Start, min(c.Span.End, at))
		if c.Span.End > c.Span.Start && c.Span != n.Span {
			at = max(at, c.Span.Start)
		}
	}
	return nil
}

func checkOffsets(n *tree.Node, data []byte) error {
	m := Offsets(n, data)
	last := n.Span.Start
	for i := range len(n.Value) + 1 {
		at := m.At(i)
		if at < last || at > n.Span.End {
			return fmt.Errorf("offset %d of %q is %d, not in %d-%d", i, n.Value, at, last, n.Span.End)
		}
		last = at
	}
	if oddBreaks(data[n.Span.Start:n.Span.End]) || n.Span.Start == n.Span.End || data[n.Span.Start] == '*' || data[n.Span.Start] == '[' || data[n.Span.Start] == '{' {
		return nil
	}
	for i := range len(n.Value) {
		c := n.Value[i]
		at := int(m.At(i))
		if c == '\n' || c == ' ' || c == '\t' || n.Style == tree.DoubleQuoted && data[at] == '\\' {
			continue
		}
		if at >= len(data) || data[at] != c {
			return fmt.Errorf("offset %d of %q leads to %d", i, n.Value, at)
		}
	}
	return nil
}

func corpusFiles(t testing.TB, dir string) [][]byte {
	t.Helper()
	root := filepath.Join(corpora, dir)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	var files [][]byte
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yml") && !strings.HasSuffix(path, ".yaml") {
			return err
		}
		data, err := os.ReadFile(path)
		files = append(files, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestCorpora(t *testing.T) {
	for dir, least := range map[string]float64{"sigma": 0.99, "splunk": 0.9, "kusto": 0.9} {
		t.Run(dir, func(t *testing.T) {
			fast, all, bad := 0, 0, 0
			for i, data := range corpusFiles(t, dir) {
				f, s := fastPath(data)
				fast, all = fast+f, all+f+s
				if err := compareFile(data); err != nil {
					if bad++; bad < 10 {
						t.Errorf("file %d: %v", i, err)
					}
				}
			}
			share := float64(fast) / float64(all)
			t.Logf("%d of %d documents on the fast path (%.2f %%)", fast, all, 100*share)
			if share < least {
				t.Errorf("expected at least %.2f %% on the fast path", 100*least)
			}
		})
	}
}

func BenchmarkCorpus(b *testing.B) {
	for _, dir := range []string{"sigma", "splunk", "kusto"} {
		b.Run(dir, func(b *testing.B) {
			files := corpusFiles(b, dir)
			size := 0
			for _, f := range files {
				size += len(f)
			}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for _, f := range files {
					Parse(f)
				}
			}
		})
	}
}
