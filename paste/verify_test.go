package paste

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

const twoRules = `title: A Tool Runs
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a021
logsource: {category: process_creation, product: windows}
detection:
    selection:
        Image|endswith: '\a.exe'
    condition: selection
level: low
---
title: Another Tool Runs
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a022
logsource: {category: process_creation, product: windows}
detection:
    selection:
        Image|endswith: '\b.exe'
    other:
        User: me
    condition: selection or other
level: low
`

// TestVerify: edits that do anything but what is wanted are found out.
func TestVerify(t *testing.T) {
	wanted := []normalize.Key{{Field: "user.name", Operator: rule.Eq, Value: "me"}}
	for _, c := range []struct {
		name     string
		old, new string
		want     string // the error, empty for none
	}{
		{"as wanted", "    condition: selection\n", "    x:\n        User: me\n    condition: selection and not x\n", ""},
		{"the wanted and more", "    condition: selection\n", "    x:\n        User: [me, you]\n    condition: selection and not x\n", `it would be read as an exclusion of user.name eq "you"`},
		{"another one", "    condition: selection\n", "    x:\n        User|contains: me\n    condition: selection and not x\n", `it would be read as an exclusion of user.name contains "me"`},
		{"both at once", "    condition: selection\n", "    x:\n        User: me\n        Image: x\n    condition: selection and not x\n", "it would change more of the condition"},
		{"not excluded", "    condition: selection\n", "    x:\n        User: me\n    condition: selection and x\n", `it would be read as an exclusion of user.name eq "me"`},
		{"an alternative", "    condition: selection\n", "    x:\n        User: me\n    condition: selection or not x\n", "it would change more of the condition"},
		{"nothing", "    condition: selection\n", "    x:\n        User: me\n    condition: selection\n", "the rule has a part of it, or says it otherwise"},
		{"another value", `'\a.exe'`, `'\c.exe'`, "it would change more of the condition"},
		{"the title", "title: A Tool Runs", "title: The Tool Runs", "it would change the identity of the rule"},
		{"the level", "level: low\n---", "level: high\n---", "it would change the attributes of the rule"},
		{"the events", "logsource: {category: process_creation", "logsource: {category: file_event", "it would change the events of the rule"},
		{"the other rule", `'\b.exe'`, `'\c.exe'`, "it would change other rules of the file"},
		{"one rule less", "---\n", "", "the rules of the file could not be read after it"},
		{"no YAML", "    condition: selection\n", "    condition: 'selection\n", "the rules of the file could not be read after it"},
		{"no condition", "    condition: selection\n", "    condition: selection and not y\n", "it would change the unresolved parts of the rule"},
	} {
		f := parsers.Parse("r.yml", []byte(twoRules), nil)
		at := strings.Index(twoRules, c.old)
		span := rule.Span{Start: int32(at), End: int32(at + len(c.old))}
		err := verify(normalize.Normalize(f.Rules[0]), nil, []rule.Edit{{Range: f.Source.Range(span), Text: c.new}}, wanted, nil)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: error %q, want %q", c.name, got, c.want)
		}
	}
}

// TestSecondRule: of two rules of a file the one that is meant gets the
// exclusion, also at the end of a file without a line end.
func TestSecondRule(t *testing.T) {
	text := strings.TrimSuffix(strings.Replace(twoRules, "    condition: selection or other\nlevel: low\n", "level: low\n    ", 1), "level: low\n    ") + "    condition: selection or other"
	f := parsers.Parse("r.yml", []byte(text), nil)
	r := normalize.Normalize(f.Rules[1])
	edits, err := Exclusions(r, []normalize.Key{{Field: "process.executable", Operator: rule.Eq, Value: `?:\x.exe`}}, nil).Edits(nil)
	if err != nil {
		t.Fatal(err)
	}
	after, err := rule.Apply([]byte(text), edits)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimSuffix(text, "    condition: selection or other") +
		"    filter_optional_peers_1:\n        Image: 'C:\\x.exe'\n    condition: (selection or other) and not 1 of filter_optional_*"
	if string(after) != want {
		t.Errorf("got\n%s\nwant\n%s", after, want)
	}
}

// TestLargeCondition: a condition that names one selection again and again is
// given up in time.
func TestLargeCondition(t *testing.T) {
	var b strings.Builder
	b.WriteString("title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a023\nlogsource: {category: process_creation, product: windows}\ndetection:\n    a:\n        CommandLine|contains|all:\n")
	for i := range 4000 {
		fmt.Fprintf(&b, "            - x%d\n", i)
	}
	condition := "condition: 1 of b_*"
	for i := range 800 {
		fmt.Fprintf(&b, "    b_%d:\n        Image: y%d\n", i, i)
		condition += fmt.Sprintf(" or (a and b_%d)", i)
	}
	b.WriteString("    " + condition + "\nlevel: low\n")
	f := parsers.Parse("r.yml", []byte(b.String()), nil)
	_, err := Exclusions(normalize.Normalize(f.Rules[0]), []normalize.Key{{Field: "user.name", Operator: rule.Eq, Value: "x"}}, nil).Edits(nil)
	if err == nil || err.Error() != "it would change more of the condition" {
		t.Errorf("error %v", err)
	}
}
