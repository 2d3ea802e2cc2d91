package regex

import (
	"strings"
	"testing"
)

func TestLook(t *testing.T) {
	for _, tt := range []struct {
		pattern string
		d       Dialect
		at      string // the text that the problem is about, empty for none
		want    string // part of the message
		fatal   bool
	}{
		{`foo.*bar\.exe`, Perl, "", "", false},
		{`(?i)^c:\\windows\\(temp|tasks)\\`, Perl, "", "", false},
		{`(?<!x)(?>a)b++\Kc`, Perl, "", "", false},
		{`[]a]\]`, Perl, "", "", false},
		{`(foo|)bar`, Perl, "", "", false},
		{`\btemp\b`, Perl, "", "", false},
		{`a(b`, Perl, `a(b`, `expected ")"`, true},
		{`a[b`, Perl, `[b`, `expected "]"`, true},
		{`*a`, Perl, `*`, "nothing before it to repeat", true},
		{`a\`, Perl, `a\`, "nothing follows", true},
		{`C:\Windows\\x`, Perl, `\Windows`, "begins an escape", false},
		{`x\temp`, Kusto, `\temp`, "begins an escape", false},
		{`a||b`, Perl, `a||b`, "matches whatever", false},
		{`x(a||b)`, Perl, `||`, "is empty", false},
		{`.*`, Perl, `.*`, "matches whatever", false},
		{`(a|b)?`, Kusto, `(a|b)?`, "matches whatever", false},
		{`^.*x?$`, Kusto, "", "", false},
		{``, Kusto, "", "matches whatever", false},
		{`(?=a)b`, Kusto, `(?=`, "no look-around", true},
		{`(?<=a)b`, Kusto, `(?<=a)b`, "no look-around", true},
		{`\Users`, Kusto, `\U`, "no such escape", true},
		{`[z-a]`, Kusto, `z-a`, "ends before it begins", true},
		{`\p{Han}+`, Kusto, "", "", false},
		// What Kusto's engine takes and RE2 did not, and what neither does.
		{`a++b**`, Kusto, "", "", false},
		{`a{2000}`, Kusto, "", "", false},
		{`(?x)a b # note`, Kusto, "", "", false},
		{`(?s-u:\bfoo)`, Kusto, "", "", false},
		{`\<foo\>`, Kusto, "", "", false},
		{`a\u0041\U{1F600}`, Kusto, "", "", false},
		{`a\101\1`, Kusto, "", "", false},
		{`(?P<a.b>x)`, Kusto, "", "", false},
		{`[\w--\d]+x`, Kusto, "", "", false},
		{`a{3,2}`, Kusto, `{3,2}`, "ends before it begins", true},
		{`(?>a)b`, Kusto, `(?>`, "no look-around", true},
		{`(?<!a)b`, Kusto, `(?<!a)b`, "no look-around", true},
		{`a\Kb`, Kusto, `\K`, "no such escape", true},
		{`(|*)`, Kusto, `*`, "nothing before it to repeat", true},

		{`foo(bar|baz)?[^"a-z]+\.exe`, Lucene, "", "", false},
		{`\d+\.\w[\]]`, Lucene, "", "", false},
		{`^foo`, Lucene, `^`, "no anchors", false},
		{`(a|^b)`, Lucene, `^`, "no anchors", false},
		{`foo$`, Lucene, `$`, "no anchors", false},
		{`a\$`, Lucene, "", "", false},
		{`a^b[^c]`, Lucene, "", "", false},
		{`(?i)foo`, Lucene, `(?i`, "question mark", false},
		{`\bfoo`, Lucene, `\b`, "it is the letter", false},
		{`a\tb`, Lucene, `\t`, "it is the letter", false},
		{`(a.*||.*b)`, Lucene, `||`, "a character to find", false},
		{`.*`, Lucene, "", "", false}, // asks for the field to be there
		{`(a`, Lucene, `(`, `expected ")"`, true},
		{`a)`, Lucene, `)`, "nothing is open", true},
		{`[a`, Lucene, `[a`, `expected "]"`, true},
		{`a\`, Lucene, `\`, "nothing follows", true},
	} {
		got := Look(tt.pattern, tt.d)
		if tt.want == "" {
			if len(got) != 0 {
				t.Errorf("%s (%d): %+v, want nothing", tt.pattern, tt.d, got)
			}
			continue
		}
		if len(got) == 0 {
			t.Errorf("%s (%d): nothing, want %s", tt.pattern, tt.d, tt.want)
			continue
		}
		p := got[len(got)-1]
		if at := tt.pattern[p.Offset:p.End]; at != tt.at || !strings.Contains(p.Message, tt.want) || p.Fatal != tt.fatal {
			t.Errorf("%s (%d): %q, %q, fatal %v; want %q, %q, fatal %v", tt.pattern, tt.d, at, p.Message, p.Fatal, tt.at, tt.want, tt.fatal)
		}
	}
}

func TestBroken(t *testing.T) {
	for pattern, want := range map[string]string{
		`a(`: "missing closing )", `(?<=a)b`: "", `a++`: "", `(*UTF)a(`: "", `[a`: "missing closing ]",
	} {
		if got := Broken(pattern); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("Broken(%q) = %q, want %q", pattern, got, want)
		}
	}
}

func FuzzLook(f *testing.F) {
	for _, seed := range []string{`a(b|c)*[^]x]\d$`, `(?i)C:\Windows`, `a||b`, `[`, `\`, `((((`, "\xff(", `[\`} {
		f.Add(seed, uint8(0))
		f.Add(seed, uint8(2))
	}
	f.Fuzz(func(t *testing.T, pattern string, d uint8) {
		for _, p := range Look(pattern, Dialect(d%3)) {
			if p.Offset < 0 || p.End < p.Offset || p.End > len(pattern) || p.Message == "" {
				t.Fatalf("%+v of %q", p, pattern)
			}
		}
	})
}

func TestFitsAnyAndLiteral(t *testing.T) {
	for _, tt := range []struct {
		pattern string
		any     bool
		literal string
	}{
		{".*", true, ""},
		{"(.*)", true, ""},
		{".*.*", true, ""},
		{"a|.*", true, ""},
		{".+", false, ""},
		{".*a", false, ""},
		{"(.*", false, ""},
		{"mimikatz", false, "mimikatz"},
		{`a\.exe`, false, "a.exe"},
		{"(?i)a", false, ""},
		{"a.b", false, ""},
		{"a*", false, ""},
	} {
		literal, ok := Literal(tt.pattern)
		if FitsAny(tt.pattern) != tt.any || literal != tt.literal || ok != (tt.literal != "") {
			t.Errorf("%s: any %v, literal %q", tt.pattern, FitsAny(tt.pattern), literal)
		}
	}
}
