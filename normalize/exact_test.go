package normalize_test

import (
	"slices"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// TestExactIsSound draws comparisons of a small alphabet, globs, dashes and
// drives among them, and checks what is said of two of them against values.
func TestExactIsSound(t *testing.T) {
	var words []string
	for _, a := range []string{"", "a", "-a", "/a", `c:\`, `?:\`} {
		for _, b := range []string{"", "b", " -b", `\`} {
			words = append(words, a+b)
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	var all []normalize.Exact
	add := func(field string, op rule.Operator, value, variant string) {
		all = append(all, normalize.Exact{Key: normalize.Key{Field: field, Operator: op, Value: value}, Variant: variant})
	}
	for _, w := range words {
		for _, op := range []rule.Operator{rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith} {
			add("process.command_line", op, w, "")
			add("process.command_line", op, w, "windash")
			if op != rule.Eq {
				add("process.command_line", op, w, "term")
			}
			add("process.executable", op, w, "")
		}
	}
	for _, g := range []string{"a*b", "*a*b*", "a?", "?a*", `*\\*b`, "a**b", "-a*b", "*-a* -b", `c:\\*b`, `?:\\*b`, `a\\*b`, `a\*b*`, `c:\\a*`, `?:\\a*\\b`, `*\\b`, `?\\b*`} {
		add("process.command_line", rule.Wildcard, g, "")
		add("process.command_line", rule.Wildcard, g, "windash")
		add("process.executable", rule.Wildcard, g, "")
	}
	add("process.command_line", rule.Exists, "", "")
	values := slices.Clone(words)
	for _, w := range words {
		values = append(values, "x"+w, w+"x", "a"+w+"b", w+" -b", w+`b`, w+"/b", "d:"+`\`+w, "\u2013a"+w)
	}
	matchers := make([]func(normalize.Values) normalize.Truth, len(all))
	for i := range all {
		matchers[i] = all[i].Matcher()
	}
	claims := 0
	for i, a := range all {
		for j, b := range all {
			implies, excludes := a.Implies(b), a.Excludes(b)
			if a.Field != b.Field || !implies && !excludes {
				continue
			}
			claims++
			for _, v := range values {
				event := normalize.Values{a.Field: v}
				if matchers[i](event) != normalize.True {
					continue
				}
				if implies && matchers[j](event) != normalize.True {
					t.Errorf("%v implies %v, but not for %q", a, b, v)
				}
				if excludes && matchers[j](event) == normalize.True {
					t.Errorf("%v excludes %v, but not for %q", a, b, v)
				}
			}
		}
	}
	if claims < 1000 {
		t.Errorf("only %d claims", claims)
	}
}

func TestMatches(t *testing.T) {
	r := sigma(t, process, `s:
    Image|endswith: '\a.exe'
    CommandLine|contains|windash: ' -x '
    User|re: 'adm[a-z]+\d'
    Hashes|contains: abc
    Company|base64: x
    ProcessId|gt: 5
    ParentImage|startswith: 'C:\'
    CurrentDirectory: '?:\temp\\*'
    f|cidr: 10.0.0.0/8
    g|re: '(?=x)y'
    h|exists: true
condition: s
`)
	tests := []struct {
		source, field, value string
		want                 normalize.Truth
	}{
		{"Image", "process.executable", `C:\Users\A.EXE`, normalize.True},
		{"Image", "process.name", "a.exe", normalize.True},
		{"Image", "process.executable", `C:\a.exe\b`, normalize.False},
		{"Image", "user.name", "a.exe", normalize.False},
		{"CommandLine", "process.command_line", "t /x y", normalize.True},
		{"CommandLine", "process.command_line", "t \u2014x y", normalize.True},
		{"CommandLine", "process.command_line", "t +x y", normalize.False},
		{"User", "user.name", "admin1", normalize.True},
		{"User", "user.name", "ADMIN1", normalize.Unknown},    // letter case may count
		{"User", "user.name", "an admin1", normalize.Unknown}, // the whole value may have to match
		{"User", "user.name", "nobody", normalize.False},
		{"Company", "process.pe.company", "x", normalize.Unknown},
		{"ProcessId", "process.pid", "6", normalize.True},
		{"ProcessId", "process.pid", "5", normalize.False},
		{"ProcessId", "process.pid", "many", normalize.Unknown},
		{"ParentImage", "process.parent.executable", `c:\x`, normalize.True},
		{"ParentImage", "process.parent.executable", `d:\x`, normalize.False}, // the rule names the drive
		{"CurrentDirectory", "process.working_directory", `d:\temp\x`, normalize.True},
		{"f", "f", "10.1.2.3", normalize.True},
		{"f", "f", "11.1.2.3", normalize.False},
		{"f", "f", "a host", normalize.False},
		{"g", "g", "y", normalize.Unknown},
		{"h", "h", "", normalize.True},
	}
	for _, tt := range tests {
		for i := range r.Predicates {
			p := &r.Predicates[i]
			if p.SourceField != tt.source {
				continue
			}
			if got := p.Exact(r.Vendor).Matches(normalize.Values{tt.field: tt.value}); got != tt.want {
				t.Errorf("%s of %q as %s: %d, expected %d", tt.source, tt.value, tt.field, got, tt.want)
			}
		}
	}
}

// TestSeveralValues compares with fields that have more than one value at once.
func TestSeveralValues(t *testing.T) {
	event := normalize.Values{"process.args": normalize.Several("list", "/Text:name", "7")}
	tests := []struct {
		op    rule.Operator
		field string
		value string
		want  normalize.Truth
	}{
		{rule.Eq, "process.args", "list", normalize.True},
		{rule.StartsWith, "process.args", "/text:", normalize.True},
		{rule.EndsWith, "process.args", "list", normalize.True},
		{rule.Eq, "process.args", "text", normalize.False},
		{rule.Wildcard, "process.args", "list*name", normalize.False},
		{rule.Gt, "process.args", "6", normalize.True},
		{rule.Gt, "process.args", "8", normalize.Unknown},
		{rule.Exists, "process.args", "", normalize.True},
		{rule.Match, "*", "/text:name", normalize.True},
		{rule.Match, "*", "list*name", normalize.False},
	}
	for _, tt := range tests {
		e := normalize.Exact{Key: normalize.Key{Field: tt.field, Operator: tt.op, Value: tt.value}}
		if got := e.Matches(event); got != tt.want {
			t.Errorf("%s %s %q: %d, expected %d", tt.field, tt.op, tt.value, got, tt.want)
		}
	}
}
