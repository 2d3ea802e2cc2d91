package jsondoc

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

func parse(text string) (*tree.Node, *tree.Error) {
	return Parse([]byte(text), rule.Span{End: int32(len(text))})
}

// plain turns a tree into what encoding/json decodes, numbers as text.
func plain(n *tree.Node) any {
	switch {
	case n.Kind == tree.Mapping:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case n.Kind == tree.Sequence:
		items := []any{}
		for _, item := range n.Content {
			items = append(items, plain(item))
		}
		return items
	case n.Tag == tree.Null:
		return nil
	case n.Tag == tree.Bool:
		return n.Value == "true"
	case n.Tag == tree.Str:
		return n.Value
	}
	return json.Number(n.Value)
}

func compare(t *testing.T, text string) {
	t.Helper()
	var want any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	bad := !json.Valid([]byte(text))
	root, err := parse(text)
	if bad != (err != nil) {
		t.Errorf("%q: valid is %v, Parse says %v", text, !bad, err)
		return
	}
	if err != nil {
		if err.Span.Start < 0 || err.Span.End < err.Span.Start || int(err.Span.End) > len(text) {
			t.Errorf("%q: error at %v", text, err.Span)
		}
		return
	}
	if err := d.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, plain(root)); diff != "" {
		t.Errorf("%q: differs (- encoding/json, + tree):\n%s", text, diff)
	}
	spans(t, text, root)
}

// spans demands that every value can be read again from its place.
func spans(t *testing.T, text string, n *tree.Node) {
	t.Helper()
	if n.Span.Start < 0 || n.Span.End <= n.Span.Start || int(n.Span.End) > len(text) {
		t.Fatalf("%q: span %v", text, n.Span)
	}
	source := text[n.Span.Start:n.Span.End]
	if !json.Valid([]byte(source)) {
		t.Fatalf("%q: value at %q", text, source)
	}
	if n.Kind == tree.Scalar && n.Tag == tree.Str {
		m := Offsets(n, []byte(text))
		for i := range len(n.Value) {
			at := m.At(i)
			if at <= n.Span.Start || at >= n.Span.End {
				t.Fatalf("%q: byte %d of %q is at %d, outside of %v", text, i, n.Value, at, n.Span)
			}
		}
	}
	for _, child := range n.Content {
		spans(t, text, child)
	}
}

var documents = []string{
	`{"a": 1, "b": [true, null, -1.5e3, "x\ty\u00e9\ud83d\ude00\/"], "c": {}}`,
	` [ ] `, `"x"`, `{"a":{"a":{"a":[[[1]]]}}}`, `{"a":1,"a":2}`, `"\ud83d"`,
	// Not JSON.
	``, `{`, `{"a"}`, `{"a":1,}`, `[1,]`, `{"a":1} x`, `{a:1}`, `"x`, `[1 2]`, `{"a" 1}`, `nul`, `{"a":]`,
}

func TestAgainstDecoder(t *testing.T) {
	for _, text := range documents {
		compare(t, text)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ text, at string }{
		{`{"a":1} x`, "x"}, {`{"a": tru}`, "}"}, {`{"a":1`, ""}, {strings.Repeat("[", 200), "["},
	} {
		_, err := parse(c.text)
		if err == nil || !strings.HasPrefix(c.text[err.Span.Start:], c.at) {
			t.Errorf("%q: %v, want an error at %q", c.text, err, c.at)
		}
	}
}

func TestOffsets(t *testing.T) {
	text := `["a\"b\u00e9c\ud83d\ude00d"]`
	root, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	n := root.Content[0]
	m := Offsets(n, []byte(text))
	for _, c := range []struct{ part, at string }{
		{"b", `b\u`}, {"c", `c\u`}, {"d", `d"]`}, {"\"", `\"b`}, {"😀", `\ud83d`},
	} {
		if got := text[m.At(strings.Index(n.Value, c.part)):]; !strings.HasPrefix(got, c.at) {
			t.Errorf("%q is at %q, want %q", c.part, got, c.at)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range documents {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.HasPrefix(text, "\ufeff") || strings.Count(text, "[")+strings.Count(text, "{") > 50 {
			t.Skip()
		}
		compare(t, text)
	})
}
