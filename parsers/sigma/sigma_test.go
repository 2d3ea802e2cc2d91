package sigma

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// frame puts a detection section into a rule.
func frame(detection string) string {
	var b strings.Builder
	b.WriteString("title: A test\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a001\nlogsource:\n    category: process_creation\n    product: windows\ndetection:\n")
	for line := range strings.Lines(detection) {
		b.WriteString("    " + line)
	}
	return b.String()
}

func parse(t *testing.T, text string) *rule.File {
	t.Helper()
	f := &rule.File{Source: rule.NewSource("rule.yml", []byte(text))}
	if Mentions(f.Source.Data) {
		ParseYAML(f, yamldoc.Parse(f.Source.Data))
	}
	return f
}

// show writes a condition in one line.
func show(c rule.Condition) string {
	list := func(word string, children []rule.Condition) string {
		parts := make([]string, len(children))
		for i, child := range children {
			parts[i] = show(child)
		}
		return word + "(" + strings.Join(parts, ", ") + ")"
	}
	switch c := c.(type) {
	case *rule.And:
		return list("and", c.Children)
	case *rule.Or:
		return list("or", c.Children)
	case *rule.Not:
		return "not(" + show(c.Child) + ")"
	case *rule.Branch:
		return "branch(" + show(c.Child) + ")"
	case *rule.Predicate:
		return fmt.Sprintf("%s %s %q", c.Field.Value, c.Operator, c.Value)
	}
	return "nothing"
}

func TestItems(t *testing.T) {
	tests := []struct{ name, item, want string }{
		{"plain", `User: bob`, `User eq "bob"`},
		{"number", `EventID: 4688`, `EventID eq "4688"`},
		{"hexadecimal", `Mask: 0x10`, `Mask eq "16"`},
		{"boolean", `Signed: True`, `Signed eq "true"`},
		{"quoted digits", `EventID: '4688'`, `EventID eq "4688"`},
		{"null", `User: null`, `not(User exists "")`},
		{"nothing", `User:`, `not(User exists "")`},
		{"empty string", `User: ''`, `User eq ""`},
		{"list", `User: [a, b]`, `or(User eq "a", User eq "b")`},
		{"list with null", `User: [a, null]`, `or(User eq "a", not(User exists ""))`},
		{"contains", `C|contains: x`, `C contains "x"`},
		{"startswith", `C|startswith: x`, `C startswith "x"`},
		{"endswith", `C|endswith: '\x.exe'`, `C endswith "\\x.exe"`},
		{"contains of a glob", `C|contains: 'a*b'`, `C wildcard "*a*b*"`},
		{"contains of an open glob", `C|contains: '*a*'`, `C contains "a"`},
		{"all", `C|contains|all: [a, b]`, `and(C contains "a", C contains "b")`},
		{
			"globs", `C: ['a*', '*a', '*a*', '*', 'a*b', 'a?']`,
			`or(C startswith "a", C endswith "a", C contains "a", C exists "", C wildcard "a*b", C wildcard "a?")`,
		},
		{"escaped star", `C: 'a\*'`, `C eq "a*"`},
		{"escaped backslash before a star", `C: 'a\\*'`, `C startswith "a\\"`},
		{"two backslashes", `C: '\\server'`, `C eq "\\server"`},
		{"four backslashes", `C: '\\\\server'`, `C eq "\\\\server"`},
		{"backslash before a letter", `C: 'a\b'`, `C eq "a\\b"`},
		{"backslash at the end", `C|startswith: 'C:\'`, `C startswith "C:\\"`},
		{"wildcard keeps literal backslashes doubled", `C|startswith: 'C:\\*\x'`, `C wildcard "C:\\\\*\\\\x*"`},
		{"re", `C|re: '^a\d*$'`, `C regex "^a\\d*$"`},
		{"re with flags", `C|re|i|m: a.b`, `C regex "a.b"`},
		{"cidr", `IP|cidr: 10.0.0.0/8`, `IP cidr "10.0.0.0/8"`},
		{"exists", `C|exists: true`, `C exists ""`},
		{"exists not", `C|exists: false`, `not(C exists "")`},
		{"order", `N|gte: 5`, `N gte "5"`},
		{"neq", `C|neq: a`, `not(C eq "a")`},
		{"neq of a list", `C|neq: [a, b]`, `not(or(C eq "a", C eq "b"))`},
		{"fieldref", `A|fieldref: B`, `A fieldeq "B"`},
		{"windash keeps the text", `C|contains|windash: ' -x'`, `C contains " -x"`},
		{"base64 keeps the text", `C|wide|base64offset|contains: text`, `C contains "text"`},
		{"cased", `C|contains|cased: AbC`, `C contains "AbC"`},
		{"expand", `C|expand: '%admins%'`, `C eq "%admins%"`},
		{"time", `At|hour: 3`, `hour(At) eq "3"`},
		{"keyword map", `'|all': ['*a*', 'b']`, `and(* match "a", * match "b")`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, frame("sel:\n    "+tt.item+"\ncondition: sel\n"))
			if len(f.Rules) != 1 || len(f.Problems) != 0 {
				t.Fatalf("got %d rules, problems %v", len(f.Rules), f.Problems)
			}
			if got := show(f.Rules[0].Condition); got != "and("+tt.want+")" {
				t.Errorf("got  %s\nwant and(%s)", got, tt.want)
			}
		})
	}
}

func TestSelections(t *testing.T) {
	tests := []struct{ name, detection, want string }{
		{"keywords", "sel:\n- a\n- 'b*'\n- 7\ncondition: sel\n", `or(* match "a", * match "b", * match "7")`},
		{"one keyword", "sel: a\ncondition: sel\n", `* match "a"`},
		{"list of maps", "sel:\n- A: 1\n  B: 2\n- C: 3\ncondition: sel\n", `or(and(A eq "1", B eq "2"), and(C eq "3"))`},
		{"map and keyword mixed", "sel:\n- A: 1\n- word\ncondition: sel\n", `or(and(A eq "1"), * match "word")`},
		{"name with a dot", "f_a.b:\n    A: 1\ncondition: 1 of f_*\n", `or(and(A eq "1"))`},
		{"name with a bar is only a name", "sel|endswith:\n    A: /x\ncondition: 1 of sel*\n", `or(and(A eq "/x"))`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, frame(tt.detection))
			if len(f.Rules) != 1 || len(f.Problems) != 0 {
				t.Fatalf("got %d rules, problems %v", len(f.Rules), f.Problems)
			}
			if got := show(f.Rules[0].Condition); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// three has selections a, b, c_1, c_2 and _hidden for conditions to use.
func three(condition string) string {
	return frame("a: A\nb: B\nc_1: C\nc_2: D\n_hidden: H\ncondition: " + condition + "\n")
}

func TestConditions(t *testing.T) {
	short := strings.NewReplacer(`* match `, "", `"`, "")
	tests := []struct{ condition, want string }{
		{"a", "A"},
		{"a and b", "and(A, B)"},
		{"a or b and c_1", "or(A, and(B, C))"},
		{"(a or b) and c_1", "and(or(A, B), C)"},
		{"not a and b", "and(not(A), B)"},
		{"not (a or b)", "not(or(A, B))"},
		{"not not a", "not(not(A))"},
		{"1 of c_*", "or(C, D)"},
		{"any of c_*", "or(C, D)"},
		{"all of c_*", "and(C, D)"},
		{"1 of *_1", "or(C)"},
		{"1 of c_*1", "or(C)"},
		{"all of them", "and(A, B, C, D)"},
		{"1 of _*", "or(H)"},
		{"1 of *", "or(A, B, C, D)"},
		{"a and not 1 of c_*", "and(A, not(or(C, D)))"},
		{"a AND NOT b", "and(A, not(B))"},
		{"a | count() by User > 5", "A"},
		{"a|count() > 5", "A"},
		{"|\n      a\n      and b", "and(A, B)"},
		{">-\n      a and\n      b", "and(A, B)"},
		{"\n      - a\n      - b", "or(branch(A), branch(B))"},
	}
	for _, tt := range tests {
		t.Run(tt.condition, func(t *testing.T) {
			f := parse(t, three(tt.condition))
			if len(f.Rules) != 1 || slices.ContainsFunc(f.Problems, func(p rule.Problem) bool { return !p.Warning }) {
				t.Fatalf("got %d rules, problems %v", len(f.Rules), f.Problems)
			}
			if got := short.Replace(show(f.Rules[0].Condition)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestProblems checks the message of every mistake and the text it points at.
func TestProblems(t *testing.T) {
	sel := func(item string) string { return frame("sel:\n    " + item + "\ncondition: sel\n") }
	tests := []struct{ name, text, at, message string }{
		{"word instead of and", three("a adn b"), "adn", `unexpected "adn" in condition, expected "and", "or" or the end`},
		{"open parenthesis", three("(a or b"), "b", `expected ")" in condition, found the end`},
		{"closing parenthesis", three("a)"), ")", `unexpected ")" in condition, no "(" is open`},
		{"no operand", three("a and"), "d", `expected a selection, "not" or "(" in condition, found the end`},
		{"number of", three("2 of c_*"), "2", `unexpected "2" before "of", expected "1", "any" or "all"`},
		{"of nothing", three("1 of"), "f", `expected a selection, a pattern or "them" after "of", found the end`},
		{"in a block scalar", three("|\n      a\n      adn b"), "adn", `unexpected "adn" in condition, expected "and", "or" or the end`},
		{"modifier with a typo", sel("C|contians: x"), "contians", `unknown modifier "contians", did you mean "contains"?`},
		{"empty modifier", sel("C||all: x"), "C||all", `empty modifier in "C||all"`},
		{"map as a value", sel("C: {a: b}"), "{a: b}", `field "C" needs a value or a list of values, found a mapping`},
		{"list in a list", sel("C: [[a]]"), "[a]", `a value of field "C" must be a text or a number, found a list`},
		{"empty list", sel("C: []"), "[]", `field "C" has an empty list of values`},
		{"bad network", sel("C|cidr: 10.0.0/8"), "10.0.0/8", `modifier cidr needs a network such as 10.0.0.0/8, found "10.0.0/8"`},
		{"bad number", sel("C|gt: many"), "many", `modifier gt needs a number, found "many"`},
		{"bad exists", sel("C|exists: maybe"), "maybe", `modifier exists needs true or false, found "maybe"`},
		{"upper-case keyword", three("a AND b"), "AND", `"AND" must be in lower case, expected "and"`},
		{"aggregation", three("a | count() by User > 5"), "| count() by User > 5", `aggregation "count() by User > 5" is not part of Sigma 2, expected a correlation rule`},
		{"correlation is a list", "title: T\nid: 1\nlevel: low\ncorrelation:\n    - a\n", "- a", `correlation must be a mapping with type, rules and timespan, found a list`},
		{"regular expression", sel("C|re: '(foo[bar'"), "'(foo[bar'", `regular expression cannot be compiled: missing closing ] in "[bar"`},
		{"host bits", sel("C|cidr: 10.0.0.5/8"), "10.0.0.5/8", `"10.0.0.5/8" is an address within a network, expected the network "10.0.0.0/8"`},
		{"null in contains", sel("C|contains: null"), "null", `modifier chain contains needs a text, found null`},
		{"tags as a text", "tags: attack.t1105\n" + three("a"), "attack.t1105", `tags must be a list, found a text`},
		{"upper-case quantifier", three("All of c_*"), "All", `"All" must be in lower case, expected "all"`},
		{"list of rules", "- title: T\n  logsource:\n      product: windows\n  detection:\n      s: a\n      condition: s\n", "title: T\n  logsource:\n      product: windows\n  detection:\n      s: a\n      condition: s", `a list of rules is not a rule file, expected one document for each rule, with --- between them`},
		{"duplicate key", sel("C: x\n    C: y"), "C", `key "C" stands twice in one mapping; only one of its values can count`},
		{"empty selection", frame("sel: {}\ncondition: sel\n"), "{}", `selection "sel" is empty`},
		{"detection is a list", "title: T\nlogsource:\n    product: windows\ndetection:\n    - a\n", "- a", `detection must be a mapping of selections and a condition, found a list`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, tt.text)
			if len(f.Problems) == 0 {
				t.Fatal("no problem found")
			}
			p := f.Problems[0]
			if p.Message != tt.message {
				t.Errorf("message %q\n   want %q", p.Message, tt.message)
			}
			if at := strings.TrimSpace(tt.text[p.Span.Start:p.Span.End]); at != tt.at {
				t.Errorf("points at %q, want %q", at, tt.at)
			}
		})
	}
}

func TestEveryLeafKnowsItsPlace(t *testing.T) {
	text := "\xEF\xBB\xBFtitle: Ünïcode 🦀\r\nlogsource:\r\n    product: windows\r\ndetection:\r\n" +
		"    sel:\r\n        'Feld é|contains':\r\n            - 'wért 🦀'\r\n            - \"quo\\\"ted\"\r\n    condition: sel\r\n"
	f := parse(t, text)
	if len(f.Rules) != 1 || len(f.Problems) > 0 {
		t.Fatalf("%d rules, %v", len(f.Rules), f.Problems)
	}
	r := f.Rules[0]
	if got := r.Source.Range(r.Title.Span); got.Start.Line != 1 || got.Start.Column != 8 || got.End.Column != 17 {
		t.Errorf("title at %+v", got)
	}
	var values, fields []string
	for _, c := range r.Condition.(*rule.And).Children[0].(*rule.Or).Children {
		p := c.(*rule.Predicate)
		at := r.Source.Range(p.Span)
		values = append(values, fmt.Sprintf("%d:%d-%d %s", at.Start.Line, at.Start.Column, at.End.Column, text[p.Span.Start:p.Span.End]))
		fields = append(fields, text[p.Field.Span.Start:p.Field.Span.End])
	}
	want := []string{"7:15-23 'wért 🦀'", `8:15-25 "quo\"ted"`}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Feld é", "Feld é"}, fields); diff != "" {
		t.Error(diff)
	}
}

func TestDocuments(t *testing.T) {
	one := func(id, sel string) string {
		return "title: T " + id + "\nid: " + id + "\nlogsource:\n    product: windows\ndetection:\n    s: " + sel + "\n    condition: s\n"
	}
	tests := []struct {
		name, text string
		ids        []string
		problems   int
		recognized bool
	}{
		{"two rules", one("1", "a") + "---\n" + one("2", "b"), []string{"1", "2"}, 0, true},
		{"a broken one between", one("1", "a") + "---\ntitle: [\ndetection:\n    a: b\nlogsource: x\n---\n" + one("2", "b"), []string{"1", "2"}, 1, true},
		{"other YAML", "name: build\non: push\njobs: {detection: 1}\n", nil, 0, false},
		{"other YAML that mentions our words", "detection: on\nfilter: [a]\n", nil, 0, false},
		{"broken YAML that is no rule", "detection for: [\n", nil, 0, false},
		{"global", "action: global\ntitle: T\nid: g\nlogsource:\n    product: windows\ndetection:\n    condition: s\n---\ndetection:\n    s: a\n---\nlogsource:\n    service: security\ndetection:\n    s: b\n", []string{"g", "g"}, 0, true},
		{"empty", "", nil, 0, false},
		{"keys in capitals", "Title: T\nId: 1\nLogsource:\n    product: windows\nDetection:\n    s: a\n    condition: s\n", []string{""}, 0, true},
		{"misspelled sections", "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a001\nstatus: test\nlevel: low\nlogsorce: {}\ndetecton: {}\n", []string{"6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a001"}, 0, true},
		{"a ticket", "title: T\nid: T-1\nstatus: open\nlevel: high\n", nil, 0, false},
		{"global attributes only", "action: global\nlevel: high\ntags:\n    - attack.t1059\n---\n" + one("1", "a"), []string{"1"}, 0, true},
		{"selection and condition alone", "detection:\n    s: a\n    condition: s\n", []string{""}, 0, true},
		{"rule without a detection", "title: T\nid: 1\nlogsource:\n    product: windows\nlevel: low\n", []string{"1"}, 0, true},
		{"correlation", one("1", "a") + "---\ntitle: C\nid: 2\ncorrelation:\n    type: event_count\n    rules: [\"1\"]\n    timespan: 5m\n    condition:\n        gte: 5\n", []string{"1", "2"}, 0, true},
		{"filter of any rule", "title: F\nid: 3\nlogsource:\n    product: windows\nfilter:\n    rules: any\n    s: x\n    condition: not s\n", []string{"3"}, 0, true},
		{"filter", "title: F\nid: 3\nlogsource:\n    product: windows\nfilter:\n    rules: [\"1\"]\n    s: x\n    condition: not s\n", []string{"3"}, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, tt.text)
			var ids []string
			for i, r := range f.Rules {
				ids = append(ids, r.ID.Value)
				if r.Index != i {
					t.Errorf("rule %d has index %d", i, r.Index)
				}
			}
			if diff := cmp.Diff(tt.ids, ids); diff != "" {
				t.Error(diff)
			}
			if len(f.Problems) != tt.problems || f.Recognized != tt.recognized {
				t.Errorf("recognized %t, problems %v", f.Recognized, f.Problems)
			}
		})
	}
}

func TestTags(t *testing.T) {
	text := "title: T\nlogsource:\n    product: windows\ntags:\n    - attack.t1059.001\n    - attack.defense_evasion\n    - attack.g0016\n    - attack.s0002\n    - attack.ta0002\n    - cve.2024.1\n    - Attack.T1003\n    - attack.c0001\ndetection:\n    s: a\n    condition: s\n"
	r := parse(t, text).Rules[0]
	values := func(list []rule.Text) (out []string) {
		for _, x := range list {
			out = append(out, x.Value)
		}
		return out
	}
	if diff := cmp.Diff([]string{"T1059.001", "T1003"}, values(r.Techniques)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"defense-evasion"}, values(r.Tactics)); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(three("a and not 1 of c_*"))
	f.Add(frame("sel:\n    C|contains|all: ['a*', '\\\\b']\ncondition: sel | count() > 5\n"))
	f.Add("action: global\ntitle: T\ndetection:\n    condition: s\n---\ndetection:\n    s: a\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := parse(t, text)
		inside := func(s rule.Span) {
			if s.Start < 0 || s.End < s.Start || int(s.End) > len(text) {
				t.Fatalf("span %v outside of %d bytes", s, len(text))
			}
		}
		for _, p := range file.Problems {
			inside(p.Span)
		}
		var walk func(rule.Condition)
		walk = func(c rule.Condition) {
			switch c := c.(type) {
			case *rule.And:
				for _, child := range c.Children {
					walk(child)
				}
			case *rule.Or:
				for _, child := range c.Children {
					walk(child)
				}
			case *rule.Not:
				inside(c.Span)
				walk(c.Child)
			case *rule.Branch:
				walk(c.Child)
			case *rule.Predicate:
				inside(c.Span)
				inside(c.Field.Span)
			}
		}
		for _, r := range file.Rules {
			inside(r.Span)
			walk(r.Condition)
		}
	})
}
