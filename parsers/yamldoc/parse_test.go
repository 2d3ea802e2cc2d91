package yamldoc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
	"gopkg.in/yaml.v3"
)

// shift moves the lines and columns of a document that was decoded on its own
// to where it is in the file.
func shift(n *yaml.Node, src *rule.Source, mark int32) {
	at := src.Position(mark)
	if n.Line == 1 {
		n.Column += at.Column - 1
	}
	n.Line += at.Line - 1
	for _, c := range n.Content {
		shift(c, src, mark)
	}
}

func sameSpans(a, b *tree.Node, path string) error {
	if a.Span != b.Span {
		return fmt.Errorf("%s: span %v, read with yaml.v3 %v", path, a.Span, b.Span)
	}
	if len(a.Content) != len(b.Content) {
		return fmt.Errorf("%s: %d children, read with yaml.v3 %d", path, len(a.Content), len(b.Content))
	}
	for i := range a.Content {
		if err := sameSpans(a.Content[i], b.Content[i], fmt.Sprintf("%s/%d", path, i)); err != nil {
			return err
		}
	}
	return nil
}

// agreeing are documents that are read the same way as yaml.v3 reads them.
var agreeing = []string{
	"",
	"\n",
	"# only a comment\n",
	"a: 1",
	"a: 1\n",
	"a:",
	"a:\n",
	"a:\nb:\n",
	"a: # comment\nb: 1 # another\n",
	"a:\n  # comment\n  b: 1\n# end\n",
	"a:\n- b\n- c\nd: e\n",
	"a:\n  - b\n  - c\nd: e\n",
	"- a\n- b\n",
	"- - a\n  - b\n- - c\n",
	"-\n  - a\n-\n  b: 1\n-\n",
	"- a: 1\n  b: 2\n- c: 3\n",
	"- a:\n  - 1\n  - 2\n  b: 3\n",
	"-   a: 1\n    b:\n    - x\n",
	"a:\n  b:\n    c:\n      - d: e\n        f:\n          - g\n",
	"plain text\n",
	"plain\n  folded\ntext\n\n\nwith gaps\n",
	"a: one\n  two\n\n  three\n\n\n  four\nb: x\n",
	"a: one # comment\nb: two #not a comment? yes it is\nc: x#y\n",
	"a: one\n  two # comment\nb: 1\n",
	"a: 'single'\nb: 'it''s'\nc: ''\nd: ''''\n",
	"a: \"x\\ty\\n\\\"\\\\ \\x41\\u00e9\\U0001F600\\0\\a\\b\\e\\f\\r\\v\\N\\_\\L\\P\\ \\'\\\t\"\n",
	"a: 'one\n  two\n\n  three '\nb: \"one\n\n two  \n  three\\\n   four\\\n\n five\"\n",
	"\"a b\": 1\n'c': 2\n\"d\" : 3\ne : 4\nf\t:\t5\t\n",
	"a: |\n  one\n   two\n\n  three\n\n\nb: 1\n",
	"a: |-\n  one\n\nb: |+\n  two\n\n\nc: >\n  x\n  y\n\n  z\n   more\n   more\n  less\n\nd: >-\n  x\n\ne: >+\n  y\n\n\n",
	"a: |2\n    one\n  two\nb: |1-\n  x\nc: >2+\n   x\n  y\n\n\n",
	"a: |\nb: >\nc: |+\n\n\nd: |-\n",
	"a: |\n\n\n  one\n",
	"a: |   # comment\n  one\n",
	"- |\n one\n- >\n  two\n  two\n- |\n\n  x\n",
	"a:\n- |\n one\n- >-\n two\n",
	"a:\n  |\n  text\nb:\n  >\n  text\n",
	"|\n root\n literal\n",
	"a: |\n  one\n  ",
	"a: |\n  one\n   ",
	"a: |+\n  one\n  \n ",
	"a: >\n\n   \n  one\n  \n  two\n",
	"a: >\n  one\n  \ttabbed\n  two\n",
	"a: [x, 'y', \"z\", 1, 2.5, true, ~, ]\nb: {x: 1, 'y': 2, \"z\":3, w, v: , u}\nc: []\nd: {}\n",
	"a: [\n  x,\n  y # comment\n  , z\n]\nb: {\nx: 1,\n  y:\n  2}\nc: 1\n",
	"a: [x: 1, 'y':2, z: ]\n",
	"a: [[1, [2]], {b: [c, {d: e}]}]\n",
	"a: [one\n  two, three\n\n four]\n",
	"[a, b]\n",
	"{a: b}\n",
	"a: http://x.y/z?q=1&b=2\nb: a:b\nc: ::\nd: :x\ne: ?x\nf: -x\ng: -\n",
	"C:\\Windows: x\na\\b: C:\\Program Files\\x.exe\n",
	"é: ü\nk: \"ä\" # ö\n😀: 'x 😀 y'\nz: [é, 😀]\n- no: 1\n",
	"é: 😀 x\n日本: |\n  日本\n  語\nlist:\n  - \"é\\u00e9\": ß\n",
	"a: 1\r\nb: |\r\n  x\r\n  y\r\n\r\nc: 'x\r\n  y'\r\nd:\r\n- e\r\n- >\r\n  x\r\n  y\r\n",
	"a: x\r\n  y\r\n\r\n  z\r\nb: \"x\\\r\n  y\"\r\n",
	"\ufeffa: 1\nb: 2\n",
	"---\na: 1\n---\nb: 2\n...\n---\nc: 3\n",
	"--- # comment\na: 1\n--- text\n--- |\n literal\n--- [a]\n",
	"a: ---\nb: '---'\n ---c: 1\n",
	"a: &x 1\nb: *x\nc: &y {d: 1}\ne: *y\n",
	"base: &b\n  x: 1\n  y: 2\nc:\n  <<: *b\n  y: 3\n",
	"c:\n  <<: [{x: 1}, {x: 2, y: 3}]\n  z: 1\n",
	"a: !!str 1\nb: !x y\nc: !!int \"3\"\nd: !!seq\n- a\ne: !!map\n  f: g\n",
	"? a\n: b\n? - c\n: - d\n",
	"%YAML 1.1\n---\na: 1\n",
	"%TAG !e! tag:example.org,2024:\n---\na: !e!b c\n",
	": a\n",
	"a: 1\na: 2\n",
	"null: a\n~: b\n1: c\ntrue: d\n2001-01-01: e\n1.5: f\n",
	"a: 0x1F\nb: 0o17\nc: 0777\nd: 0888\ne: 1_000\nf: -0b11\ng: 1e3\nh: .5\ni: +.inf\nj: .nan\nk: 1.\nl: 0b12\nm: 10.0.0.1\nn: -\no: 2001-1-1\np: 2001-12-14t21:59:43.10-05:00\nq: 2001-12-14 21:59:43.10\nr: 99999999999999999999\ns: 0b-1\nt: ._1\nu: 0x_1\nv: 1__2\nw: 1e999\nx: y\nz: no\n",
	"a: b   \nc:   \n  d\ne:\t\n- f\t# x\n",
	"a:\n      b: 1\nc:\n d: 2\n",
	"a: [ ]\nb: [\n]\nc: { }\n",
	"a: x:y\nb: x :y\nc: 'x' # y\n",
	"a: \"\\\n  x\"\nb: \"x\\\n\"\nc: \"\n\"\nd: '\n\n'\n",
	"'a': \"b\" \n\"c\":\n  'd'\n",
	"a: b\n\n# x\n\nc: d\n  # y\n\n",
	"-\ta\n",
	"a\u0085b: c\n",
	"a: b\rc: d\r",
	"a: \"x\u2028  y\"\n",
	"a: b #\n",
	"- # c\n  a: b\n- # d\n  - e\n",
	"-\n\n- a\n-\n # x\n- b\n",
	"a: 'x'#y\n",
	"a: [b]#c\n",
	"a: |#c\n  x\n",
	"{a: [b]: c}\n",
	"[a]: b\n",
	"a: [b?c]\n",
	"a: [-, -1, - b]\n",
	"a: {b: c, d}\n",
	"a: {\"b\": c\n, 'd'\n: e}\n",
	"a: \"b\n c\": d\n",
	"a: * b\n",
	"x: [a b\n]\n",
	"x: [a\n#c\n]\n",
	"x: <<\n",
	"!, '0'",
	"[&a , !b[c] d, &e,f]\n",
	"0: |\r\n 0\n\r\n0: >#\r 000",
	"a: [b, # c\r d]\re: &x [f # g\r]\r",
	"- <<\n",
	"a: \u00a0b\n",
}

// broken are documents that are an error, with the text that the error points
// to and a part of its message.
var broken = []struct{ text, at, message string }{
	{"a: b: c\n", ":", "mapping values are not allowed here; quote the value"},
	{"a: 1\nfoo\nb: 2\n", "foo", `expected ":" after the key "foo"`},
	{"a: 1\n\tb: 2\n", "\t", "tab used for indentation"},
	{"a:\n\tb: 2\n", "\t", "tab used for indentation"},
	{"a:\n- b\n-\tc: 1\n", "\t", "tab used for indentation"},
	{"a: - b\n", "-", "a sequence cannot begin on the line of its key"},
	{"a:\n    b: 1\n  c: 2\n", "c: 2", "wrong indentation: expected 0 or 4 spaces, found 2"},
	{"a: 1\n  b: 2\n", ":", "mapping values are not allowed here"},
	{"a: 'b\n", "'b", "expected a closing '"},
	{"a: \"b\n", "\"b", "expected a closing \""},
	{"a: \"b\\d\"\n", "\\d", `unknown escape "\d" in double quotes`},
	{"a: \"\\xg0\"\n", "\\x", `expected hexadecimal digits`},
	{"a: 'b' c\n", "c", "expected the end of the line after the closing quote"},
	{"a: [b, c\nd: e\n", ":", "a closing bracket is missing"},
	{"a: [b, c\n", "[", `expected a closing "]"`},
	{"a: {b: c\n", "{", `expected a closing "}"`},
	{"a: [b]] \n", "]", "expected the end of the line after the closing bracket"},
	{"a: [,]\n", ",", `expected a value, found ","`},
	{"a: @b\n", "@", `a plain value cannot begin with "@"; quote the value`},
	{"a: `b`\n", "`", "a plain value cannot begin with \"`\""},
	{"a: %b\n", "%", `a plain value cannot begin with "%"`},
	{"a: *b\n", "*b", `no anchor for the alias "*b"`},
	{"a: *b*\n", "*b*", `no anchor for the alias "*b*"`},
	{"- *.exe\n", "*.exe", `no anchor for the alias "*.exe"`},
	{"a: & b\n", "&", `"&" begins an anchor; quote the value`},
	{"a: &x 1\nb: *x\nc: d: e\n", ":", "mapping values are not allowed here"},
	{"a: 1\n- b\n", "-", "expected a key, found a sequence item"},
	{"- a\nb: 1\n", "b: 1", `expected "- " before the next item`},
	{"a: | b\n  c\n", "b", "expected the end of the line after a block scalar indicator"},
	{"a: |0\n  c\n", "0", "expected the end of the line after a block scalar indicator"},
	{"a: x\x01y\n", "\x01", "control character U+0001 is not allowed"},
	{"a: x\x7fy\n", "\x7f", "control character U+007F is not allowed"},
	{"a: \xff\n", "\xff", "expected UTF-8 text, found the byte 0xff"},
	{" a: 1\nb: 2\n", "b: 2", "expected the end of the document"},
	{"a: &x [*x]\n", "*x", "stands for something that contains it"},
	{"a:\n  <<: b\n", "b", "expected a mapping"},
	{"a:b\nc: d\n", "a:b", `expected ":" after the key "a:b"`},
	{"\"a\":b\n", ":b", "expected the end of the line after the closing quote"},
	{"x: 1\n\"a\":b\n", ":", `expected a space after the ":" of the key "a"`},
	{"a: " + strings.Repeat("[", 101) + strings.Repeat("]", 101) + "\n", "[", "expected at most 100 collections"},
}

func TestAgreeing(t *testing.T) {
	for _, text := range agreeing {
		if err := compareFile([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if err := checkAll([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestBroken(t *testing.T) {
	for _, c := range broken {
		d := Parse([]byte(c.text))[0]
		if d.Err == nil {
			t.Errorf("%q: no error", c.text)
			continue
		}
		if d.Root != nil {
			t.Errorf("%q: a root besides the error", c.text)
		}
		at := c.text[d.Err.Span.Start:d.Err.Span.End]
		if at != c.at || !strings.Contains(d.Err.Message, c.message) {
			t.Errorf("%q: error at %q: %s\nwant at %q: %s", c.text, at, d.Err.Message, c.at, c.message)
		}
		if err := checkAll([]byte(c.text)); err != nil {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}
