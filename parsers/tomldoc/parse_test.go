package tomldoc

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"github.com/detlint/detlint/parsers/tree"
)

// plain turns a tree into what go-toml decodes a file to, numbers and dates as
// text.
func plain(n *tree.Node) any {
	switch n.Kind {
	case tree.Mapping:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case tree.Sequence:
		items := []any{}
		for _, item := range n.Content {
			items = append(items, plain(item))
		}
		return items
	}
	if n.Tag == tree.Str || n.Tag == tree.Bool {
		return n.Value
	}
	return "a number or a time"
}

func decoded(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for k, x := range v {
			m[k] = decoded(x)
		}
		return m
	case []any:
		items := []any{}
		for _, x := range v {
			items = append(items, decoded(x))
		}
		return items
	case string:
		return v
	case bool:
		return fmt.Sprint(v)
	case int64, float64, time.Time, toml.LocalDate, toml.LocalTime, toml.LocalDateTime:
		return "a number or a time"
	}
	return fmt.Sprintf("unexpected %T", v)
}

// compare demands that a file means the same to go-toml's own decoder.
func compare(t *testing.T, name, text string) {
	t.Helper()
	var want map[string]any
	bad := toml.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &want)
	root, err := Parse([]byte(text))
	if (bad != nil) != (err != nil) {
		t.Errorf("%s: %q: go-toml says %v, Parse %v", name, text, bad, err)
		return
	}
	if err != nil {
		if err.Span.Start < 0 || err.Span.End < err.Span.Start || int(err.Span.End) > len(text) {
			t.Errorf("%s: error at %v of %d bytes", name, err.Span, len(text))
		}
		return
	}
	if diff := cmp.Diff(decoded(want), plain(root)); diff != "" {
		t.Errorf("%s: differs (- go-toml, + tree):\n%s", name, diff)
	}
	spans(t, text, root)
}

// spans demands that every scalar can be read again from its place, and that
// what contains a value covers it.
func spans(t *testing.T, text string, n *tree.Node) {
	t.Helper()
	if n.Span.Start < 0 || n.Span.End < n.Span.Start || int(n.Span.End) > len(text) {
		t.Fatalf("%q: span %v", text, n.Span)
	}
	source := text[n.Span.Start:n.Span.End]
	switch {
	case n.Kind == tree.Scalar && n.Tag == tree.Str && n.Value != source:
		m := Offsets(n, []byte(text))
		for i := range len(n.Value) {
			at := m.At(i)
			if at < n.Span.Start || at >= n.Span.End {
				t.Fatalf("%q: byte %d of %q is at %d, outside of %v", text, i, n.Value, at, n.Span)
			}
			if c := text[at]; c != n.Value[i] && c != '\\' {
				t.Fatalf("%q: byte %d of %q is at %q", text, i, n.Value, text[at:])
			}
		}
	case n.Style == tree.Flow && n.Kind == tree.Sequence:
		if source[0] != '[' || source[len(source)-1] != ']' {
			t.Fatalf("%q: array at %q", text, source)
		}
	case n.Style == tree.Flow:
		if source[0] != '{' || source[len(source)-1] != '}' {
			t.Fatalf("%q: inline table at %q", text, source)
		}
	}
	for _, child := range n.Content {
		spans(t, text, child)
	}
}

var documents = []string{
	"",
	"a = 1\nb = 'x'\n",
	"[rule]\nname = \"x\"\nquery = '''\nprocess where true\n'''\n",
	"[rule]\r\nname = \"x\"\r\nquery = '''\r\nprocess\r\nwhere true\r\n'''\r\n",
	"\ufeff[rule]\nname = \"é\"\n",
	"a = \"\"\"\nx \\\n   y\\\\z \\\"q\\\" \\u00e9\\U0001F600\"\"\"\n",
	"a = \"tab\\tend\"\n",
	"a = '''it's '' here'''''\n",
	"a = [1, 2.5, true, 1979-05-27, [\"x\", ['y']], {b = 'c', d.e = 1}, ] # end\n",
	"a = [ # [\n  \"x\", # ]\n\n  {k = []},\n]\nb = {}\n",
	"[a.b]\nc = 1\n[a]\nd = 2\n",
	"[[a]]\nb = 1\n[[a.c]]\nd = 1\n[[a.c]]\nd = 2\n[[a]]\nb = 2\n[a.e]\nf = 1\n",
	"a.b.c = 1\na.b.d = 2\n",
	"[ a . 'b c' ]\n\"d e\" = 1\n",
	"[a]\nb.c = 1\n[a.b.d]\ne = 1\n",
	// Not TOML.
	"a = 1\na = 2\n",
	"[a]\n[a]\n",
	"[a]\nb = 1\n[a.b]\n",
	"a = {b = 1}\n[a.c]\n",
	"a = [1]\n[[a]]\n",
	"[[a]]\n[a]\n",
	"[a]\n[[a]]\n",
	"a = {b.c = 1, b = 2}\n",
	"a.b = 1\n[a]\nc = 1\n",
	"[a]\nb.c = 1\n[a.b]\n",
	"a.b = 1\na.b.c = 2\n",
	"a = '''x\n",
	"a = \"x\nb = 1\n",
	"a = \"C:\\Windows\"\n",
	"a = \nb = 1\n",
	"[a\n",
	"a 1\n",
}

func TestAgainstDecoder(t *testing.T) {
	for i, text := range documents {
		compare(t, fmt.Sprint("document ", i), text)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ text, at, message string }{
		{"a = 1\na = 2\n", "a = 2", `"a" is defined twice`},
		{"a = 1\n[a.b]\n", "a.b]", `"a" has a value already`},
		{"a = \"C:\\Windows\"\n", `\Windows`, `write a backslash as \\`},
		{"a = \"x\" y\"\n", "y\"", "must be escaped"},
		{"a = \n", "\n", ""},
		{"k = " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "[", "inside each other"},
	} {
		_, err := Parse([]byte(c.text))
		if err == nil {
			t.Errorf("%q: no error", c.text)
			continue
		}
		if !strings.HasPrefix(c.text[err.Span.Start:], c.at) || !strings.Contains(err.Message, c.message) {
			t.Errorf("%q: at %q: %s; want %q at %q", c.text, c.text[err.Span.Start:], err.Message, c.message, c.at)
		}
	}
}

func TestOffsets(t *testing.T) {
	// The text after "at" is what the file has at the offset of the part of
	// the value.
	for _, c := range []struct{ text, value, part, at string }{
		{"k = 'plain'", "plain", "ain", "ain'"},
		{"k = '''\none\ntwo\n'''", "one\ntwo\n", "two\n", "two\n'''"},
		{"k = '''\r\none\r\n'''", "one\r\n", "one\r\n", "one\r\n'''"},
		{`k = "a\\b\"c"`, `a\b"c`, `b"c`, `b\"c"`},
		{`k = "a\\b\"c"`, `a\b"c`, `\b"c`, `\\b\"c"`},
		{"k = \"\"\"\nx \\\n   y\"\"\"", "x y", "y", "y\"\"\""},
		{`k = "\u00e9t"`, "ét", "t", `t"`},
		{`k = "\U0001F600t"`, "😀t", "", `"`},
		{`k = ""`, "", "", `"`},
	} {
		root, err := Parse([]byte(c.text))
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		n := root.Get("k")
		if n.Value != c.value {
			t.Errorf("%q: value %q, want %q", c.text, n.Value, c.value)
			continue
		}
		i := len(c.value) - len(c.part)
		if got := c.text[Offsets(n, []byte(c.text)).At(i):]; got != c.at {
			t.Errorf("%q: index %d of %q is at %q, want %q", c.text, i, c.value, got, c.at)
		}
	}
}

func TestCorpus(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "corpora", "elastic")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no corpus at %s: comparison with the decoder on real files skipped", root)
	}
	files, _ := filepath.Glob(filepath.Join(root, "rules", "*", "*.toml"))
	if len(files) < 500 {
		t.Fatalf("found %d files below %s", len(files), root)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, file, string(data))
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range documents {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.HasPrefix(strings.TrimPrefix(text, "\ufeff"), "\ufeff") || strings.Count(text, "[")+strings.Count(text, "{")+strings.Count(text, ".") > 50 {
			t.Skip() // deeper than what is read
		}
		compare(t, "fuzz", text)
	})
}
