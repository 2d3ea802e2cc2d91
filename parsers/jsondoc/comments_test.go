package jsondoc

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestUncomment(t *testing.T) {
	for _, c := range []struct {
		text, want string
		ok         bool
	}{
		{`{"a":1}`, `{"a":1}`, false},
		{"{// x\n}", "{    \n}", true},
		{"{/* x\n*/}", "{    \n  }", true},
		{"[/**/1]", "[    1]", true},
		{"[/*/1]", "[     ", true},
		{`["//","/*","\\"",1]`, `["//","/*","\\"",1]`, false},
		{"[1, // x\n]", "[1      \n]", true},
		{"[1,]", "[1 ]", true},
		{"[1,,]", "[1, ]", true},
		{`"x`, `"x`, false},
		{`"x\`, `"x\`, false},
		{"/", "/", false},
	} {
		got, ok := Uncomment([]byte(c.text))
		if string(got) != c.want || ok != c.ok {
			t.Errorf("%q: %q, %v, want %q", c.text, got, ok, c.want)
		}
	}
}

// FuzzUncomment: JSON stays as it is, and everything else keeps its length and
// its lines.
func FuzzUncomment(f *testing.F) {
	for _, text := range []string{`{"a":[1,2]}`, "[1, // x\n]", "/* */ {,}", `"\"//"`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, ok := Uncomment(data)
		if len(plain) != len(data) || bytes.Count(plain, []byte("\n")) != bytes.Count(data, []byte("\n")) {
			t.Fatalf("%q became %q", data, plain)
		}
		if json.Valid(data) && (ok || !bytes.Equal(plain, data)) {
			t.Fatalf("JSON %q became %q", data, plain)
		}
	})
}
