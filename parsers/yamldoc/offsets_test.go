package yamldoc

import (
	"strings"
	"testing"
)

func TestOffsets(t *testing.T) {
	// The text after "at" is what the file has at the offset of the part of
	// the value.
	for _, c := range []struct{ text, value, part, at string }{
		{"k: plain\n", "plain", "ain", "ain\n"},
		{"k: one\n  two\n", "one two", "two", "two\n"},
		{"k: one\n  two\n", "one two", " two", "\n  two\n"},
		{"k: one\n\n\n  two\n", "one\n\ntwo", "two", "two\n"},
		{"k: 'it''s'\n", "it's", "s", "s'\n"},
		{"k: 'it''s'\n", "it's", "", "'\n"},
		{"k: 'a\n  b'\n", "a b", "b", "b'\n"},
		{"k: \"x\\ty\"\n", "x\ty", "\ty", "\\ty\"\n"},
		{"k: \"x\\ty\"\n", "x\ty", "y", "y\"\n"},
		{"k: \"\\u00e9t\\u00e9\"\n", "été", "té", "t\\u00e9\"\n"},
		{"k: \"\\u00e9t\"\n", "ét", "t", "t\"\n"},
		{"k: \"a\\\n  b\\\\c\"\n", "ab\\c", "b\\c", "b\\\\c\"\n"},
		{"k: \"a\\\n  b\\\\c\"\n", "ab\\c", "c", "c\"\n"},
		{"k: |\n  one\n   two\n\n  three\n", "one\n two\n\nthree\n", "three\n", "three\n"},
		{"k: |\n  one\n   two\n\n  three\n", "one\n two\n\nthree\n", " two\n\nthree\n", " two\n\n  three\n"},
		{"k: |\n  one\n", "one\n", "\n", "\n"},
		{"k: |\n  one\n", "one\n", "", "\n"},
		{"k: |4-\n      one\n     two\n", "  one\n two", "two", "two\n"},
		{"k: |+\n\n  one\n\n", "\none\n\n", "one\n\n", "one\n\n"},
		{"k: >-\n  one\n  two\n\n  three\n", "one two\nthree", "two\nthree", "two\n\n  three\n"},
		{"k: >\n  one\n    more\n  two\n  three\n", "one\n  more\ntwo three\n", "three\n", "three\n"},
		{"k: >\r\n  one\r\n  two\r\n", "one two\n", "two\n", "two\r\n"},
		{"k: |\r\n  one\r\n  two\r\n", "one\ntwo\n", "two\n", "two\r\n"},
		{"k: &a !t 'x''y'\n", "x'y", "y", "y'\n"},
		{"\ufeffk: >\n  é\n  😀 x\n", "é 😀 x\n", "x\n", "x\n"},
	} {
		src := []byte(c.text)
		n := Parse(src)[0].Root.Get("k")
		if n.Value != c.value {
			t.Errorf("%q: value %q, want %q", c.text, n.Value, c.value)
			continue
		}
		i := len(c.value) - len(c.part)
		if got := string(src[Offsets(n, src).At(i):]); got != c.at {
			t.Errorf("%q: index %d of %q is at %q, want %q", c.text, i, c.value, got, c.at)
		}
	}
}

func TestOffsetsElsewhere(t *testing.T) {
	src := []byte("a: &x |\n  some text\nb: *x\nc:\n  - 1\n")
	root := Parse(src)[0].Root
	b := root.Get("b")
	if m := Offsets(b, src); m.At(0) != b.Span.Start || m.At(5) != b.Span.Start {
		t.Errorf("an alias is at %d and %d, want %d", m.At(0), m.At(5), b.Span.Start)
	}
	c := root.Get("c")
	if m := Offsets(c, src); m.At(3) != c.Span.Start {
		t.Errorf("a sequence is at %d, want %d", m.At(3), c.Span.Start)
	}
	// A node of another file.
	a := root.Get("a")
	if m := Offsets(a, []byte("x")); m.At(2) != a.Span.Start {
		t.Errorf("out of the file at %d, want %d", m.At(2), a.Span.Start)
	}
	if m := Offsets(a, []byte(strings.Repeat("\"", len(src)))); m.At(2) != a.Span.Start {
		t.Errorf("in another file at %d, want %d", m.At(2), a.Span.Start)
	}
}

func BenchmarkOffsets(b *testing.B) {
	src := []byte("k: |\n" + strings.Repeat("    some line of a long query\n", 200))
	n := Parse(src)[0].Root.Get("k")
	b.SetBytes(int64(len(n.Value)))
	b.ReportAllocs()
	for b.Loop() {
		m := Offsets(n, src)
		m.At(len(n.Value) / 2)
	}
}
