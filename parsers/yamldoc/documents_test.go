package yamldoc

import (
	"strconv"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/tree"
)

func TestDocuments(t *testing.T) {
	// Every document as its value or "!" and its error, with its text.
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{"-|"}},
		{"# c\n", []string{"-|# c\n"}},
		{"---\n", []string{"-|\n"}},
		{"a\n", []string{"a|a\n"}},
		{"---\na\n", []string{"a|\na\n"}},
		{"--- a\n--- b\n", []string{"a| a\n", "b| b\n"}},
		{"# c\n---\na\n---\n", []string{"a|\na\n"}},
		{"a\n---\n---\nb\n", []string{"a|a\n", "-|\n", "b|\nb\n"}},
		{"a\n...\n", []string{"a|a\n"}},
		{"a\n...\n---\nb\n...\n# c\n", []string{"a|a\n", "b|\nb\n"}},
		{"a\n...\nb\n", []string{"a|a\n", "b|\nb\n"}},
		{"%YAML 1.2\n# c\n---\na\n...\n%TAG ! x\n--- b\n", []string{"a|\na\n", "b| b\n"}},
		{"--- 'a\n--- b\n---\n\tc: d\n--- \x01\n--- e\n", []string{"!expected a closing '| 'a\n", "b| b\n", "!tab used|\n\tc: d\n", "!control| \x01\n", "e| e\n"}},
		{"a\r\n---\r\nb\r\n", []string{"a|a\r\n", "b|\r\nb\r\n"}},
		{"a\r---\rb\r", []string{"a|a\r", "b|\rb\r"}},
		{"\ufeff---\na\n", []string{"a|\na\n"}},
		{"\ufeffa\n", []string{"a|a\n"}},
		{"a---\n--- b\n----\n.... c\n", []string{"a---|a---\n", "b ---- .... c| b\n----\n.... c\n"}},
		{"---", []string{"-|"}},
		{"---\ta\n", []string{"a|\ta\n"}},
	} {
		var got []string
		for _, d := range Parse([]byte(c.text)) {
			s := "-"
			if d.Err != nil {
				s = "!" + d.Err.Error()
			} else if d.Root != nil {
				s = d.Root.Value
			}
			got = append(got, s+"|"+c.text[d.Span.Start:d.Span.End])
		}
		ok := len(got) == len(c.want)
		for i := 0; ok && i < len(got); i++ {
			want, text, _ := strings.Cut(c.want[i], "|")
			if strings.HasPrefix(want, "!") {
				ok = strings.HasPrefix(got[i], want) && strings.HasSuffix(got[i], "|"+text)
			} else {
				ok = got[i] == c.want[i]
			}
		}
		if !ok {
			t.Errorf("%q:\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}

func TestSpans(t *testing.T) {
	text := "# head\n" +
		"é: 'x' # c\n" +
		"list: # of things\n" +
		"- a\n" +
		"-\n" +
		"- b: |-\n" +
		"    one\n" +
		"    two\n" +
		"\n" +
		"  c: [d, {e: f,\n    g: }]\n" +
		"empty:\n" +
		"long: one\n" +
		"  two # c\n" +
		"anchored: &a !!str  'z'\n" +
		"again: *a\n" +
		"keep: |+\n" +
		"  x\n" +
		"\n"
	root := Parse([]byte(text))[0].Root
	at := func(n *tree.Node) string { return text[n.Span.Start:n.Span.End] }
	list := root.Get("list")
	item := list.Content[2]
	for i, c := range []struct {
		n    *tree.Node
		want string
	}{
		{root, strings.TrimRight(strings.TrimPrefix(text, "# head\n"), "\n")},
		{root.Content[0], "é"},
		{root.Content[1], "'x'"},
		{list, "- a\n-\n- b: |-\n    one\n    two\n\n  c: [d, {e: f,\n    g: }]"},
		{list.Content[0], "a"},
		{list.Content[1], ""},
		{item, "b: |-\n    one\n    two\n\n  c: [d, {e: f,\n    g: }]"},
		{item.Get("b"), "|-\n    one\n    two"},
		{item.Get("c"), "[d, {e: f,\n    g: }]"},
		{item.Get("c").Content[1], "{e: f,\n    g: }"},
		{item.Get("c").Content[1].Get("g"), ""},
		{root.Get("empty"), ""},
		{root.Get("long"), "one\n  two"},
		{root.Get("anchored"), "'z'"},
		{root.Get("again"), "*a"},
		{root.Get("keep"), "|+\n  x"},
	} {
		if got := at(c.n); got != c.want {
			t.Errorf("%d: span %q, want %q", i, got, c.want)
		}
	}
	if n := root.Get("empty"); text[:n.Span.Start] != text[:strings.Index(text, "empty:")+len("empty:")] || n.Tag != tree.Null {
		t.Errorf("the missing value is at %d with tag %d", n.Span.Start, n.Tag)
	}
	if n := root.Get("again"); n.Value != "z" || n.Style != tree.SingleQuoted {
		t.Errorf("alias read as %q", n.Value)
	}
}

func TestMerge(t *testing.T) {
	text := "a: &a {x: 1, y: 1}\nb: &b\n  <<: *a\n  y: 2\n  z: 2\nc:\n  w: 3\n  <<: [*b, {x: 9, v: 4}]\n  z: 3\nd: *b\n"
	root := Parse([]byte(text))[0].Root
	for key, want := range map[string]string{"b": "x=1 y=2 z=2", "c": "w=3 x=1 y=2 v=4 z=3", "d": "x=1 y=2 z=2"} {
		var got []string
		n := root.Get(key)
		for i := 0; i < len(n.Content); i += 2 {
			got = append(got, n.Content[i].Value+"="+n.Content[i+1].Value)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", key, s, want)
		}
	}
	y := root.Get("c").Get("y")
	if at := text[y.Span.Start:y.Span.End]; at != "*b" {
		t.Errorf("a merged value is at %q, want the alias", at)
	}
	v := root.Get("c").Get("v")
	if at := text[v.Span.Start:v.Span.End]; at != "4" {
		t.Errorf("a value merged from where it is written is at %q", at)
	}
}

func TestDuplicates(t *testing.T) {
	var long strings.Builder
	for i := range 40 {
		long.WriteString(strings.Repeat("k", 1+i%20) + ": 1\n")
	}
	for text, want := range map[string]string{
		"a: 1\nb: 2\n":                   "",
		"a: 1\nb: 2\na: 3\n'a': 4\n":     "a@10 a@15",
		"a: 1\n\"b\": 2\nb: {b: 1}\n":    "b@12",
		"- a\n- a\n":                     "",
		"&x a: 1\n<<: {a: 2}\nb: *x\n":   "",
		"? [a]\n: 1\n? [a]\n: 2\nc: 1\n": "",
	} {
		var got []string
		for _, n := range Parse([]byte(text))[0].Root.Duplicates() {
			got = append(got, n.Value+"@"+strconv.Itoa(int(n.Span.Start)))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %q, want %q", text, s, want)
		}
	}
	if n := len(Parse([]byte(long.String()))[0].Root.Duplicates()); n != 20 {
		t.Errorf("%d duplicates in a long mapping, want 20", n)
	}
	if (*tree.Node)(nil).Duplicates() != nil {
		t.Error("no node has duplicates")
	}
}

func TestLimits(t *testing.T) {
	laughs := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		prev := string(c - 1)
		laughs += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+prev+", ", 9) + "*" + prev + "]\n"
	}
	many := strings.Repeat("<<: *a\n", 50_000)
	for name, c := range map[string]struct{ text, want string }{
		"size":         {strings.Repeat("a", MaxSize+1), "at most 16 MiB"},
		"utf16":        {"\xff\xfea\x00", "UTF-16"},
		"sequences":    {strings.Repeat("- ", 101) + "a\n", "at most 100 collections"},
		"mappings":     {nested(101), "at most 100 collections"},
		"flow":         {strings.Repeat("[", 1_000_000), "at most 100 collections"},
		"slow depth":   {"a: &x 1\nb: " + strings.Repeat("[", 101) + strings.Repeat("]", 101), "at most 100 collections"},
		"slow deep":    {"&x " + strings.Repeat("[", 500_000), ""},
		"nodes":        {strings.Repeat("- a\n", 250_000), "at most 200000 nodes"},
		"flow nodes":   {"[" + strings.Repeat("a,", 250_000) + "]", "at most 200000 nodes"},
		"laughs":       {laughs, "at most 200000 nodes"},
		"merges":       {"a: &a {x: 1}\n" + many, "at most 200000 nodes"},
		"slow size":    {"- &a b\n" + strings.Repeat("- cccccccccc\n", 100_000), "at most 1 MiB"},
		"one line":     {"[&a b" + strings.Repeat(", é", 90_000) + "]", "none"},
		"deep enough":  {strings.Repeat("- ", 100) + "a\n", "none"},
		"deep mapping": {nested(100), "none"},
	} {
		err := Parse([]byte(c.text))[0].Err
		switch {
		case c.want == "none" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "none" && (err == nil || !strings.Contains(err.Message, c.want)):
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

// nested returns mappings inside each other.
func nested(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
