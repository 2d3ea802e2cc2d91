package jsondoc

import "testing"

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
