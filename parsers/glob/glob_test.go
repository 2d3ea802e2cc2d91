package glob

import (
	"testing"

	"github.com/detlint/detlint/rule"
)

// build reads a pattern in which * and ? are wildcards and nothing escapes.
func build(s string) *Pattern {
	var p Pattern
	for _, r := range s {
		switch r {
		case '*':
			p.Any()
		case '?':
			p.One()
		default:
			p.Literal(string(r))
		}
	}
	return &p
}

func TestReduce(t *testing.T) {
	tests := []struct {
		in    string
		op    rule.Operator
		value string
	}{
		{"", rule.Eq, ""},
		{"abc", rule.Eq, "abc"},
		{"*", rule.Exists, ""},
		{"***", rule.Exists, ""},
		{"abc*", rule.StartsWith, "abc"},
		{"*abc", rule.EndsWith, "abc"},
		{"**abc**", rule.Contains, "abc"},
		{"a*c", rule.Wildcard, "a*c"},
		{"*a*c*", rule.Wildcard, "*a*c*"},
		{"?", rule.Wildcard, "?"},
		{"?*", rule.Wildcard, "?*"},
		{`C:\a\*.exe`, rule.Wildcard, `C:\\a\\*.exe`},
	}
	for _, tt := range tests {
		op, value := build(tt.in).Reduce()
		if op != tt.op || value != tt.value {
			t.Errorf("%q reduces to %s %q, want %s %q", tt.in, op, value, tt.op, tt.value)
		}
	}
}

func TestReduceEscapesLiteralWildcards(t *testing.T) {
	var p Pattern
	p.Literal(`a*\`)
	p.Any()
	p.Literal("?")
	if op, value := p.Reduce(); op != rule.Wildcard || value != `a\*\\*\?` {
		t.Errorf("got %s %q", op, value)
	}
}

func TestKeyword(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "*": "", "abc": "abc", "*abc*": "abc", `*\abc*`: `\abc`, "*a*c*": "a*c", `a\b*c`: `a\\b*c`,
	} {
		if got := build(in).Keyword(); got != want {
			t.Errorf("%q is the keyword %q, want %q", in, got, want)
		}
	}
}

func TestOpen(t *testing.T) {
	p := build("*x")
	p.OpenLeft()
	p.OpenRight()
	if op, value := p.Reduce(); op != rule.Contains || value != "x" {
		t.Errorf("got %s %q", op, value)
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{`a\\b*?`: `a\b*?`, `a\*`: "", `a\?`: "", "": "", "a*": "a*"} {
		if got, ok := Plain(in); got != want || ok != (want != "" || in == "") {
			t.Errorf("Plain(%q) = %q, %v", in, got, ok)
		}
	}
}
