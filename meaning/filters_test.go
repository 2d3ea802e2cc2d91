package meaning

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// filter is a Sigma filter with some selections and a condition.
func filter(t testing.TB, name, section string) Filter {
	t.Helper()
	text := "title: " + name + "\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a006\nlogsource: {product: windows}\nfilter:\n  rules: any\n"
	for line := range strings.Lines(section) {
		text += "  " + line
	}
	r := one(t, "f.yml", text)
	return Filter{Key: name, Name: name, Logic: r.Summary().Logic, Rule: r}
}

func TestFiltered(t *testing.T) {
	const rule = `s: {Image|endswith: ['\a.exe', '\b.exe']}
condition: s
`
	const more = `s: {Image|endswith: ['\a.exe', '\b.exe', '\c.exe']}
condition: s
`
	const counts = `s: {Image|endswith: ['\a.exe', '\b.exe']}
condition: s | count() by User > 5
`
	users := func(users string) Filter { return filter(t, "users", "u: {User: "+users+"}\ncondition: not u\n") }
	notC := filter(t, "not c", "u: {Image|endswith: '\\c.exe'}\ncondition: not u\n")
	broken := filter(t, "broken", "u: {User: x}\ncondition: not (u\n")
	keep := filter(t, "keep", "u: {User: x}\ncondition: u\n")
	two := filter(t, "two", "u: {User: z}\nv: {Company: y}\ncondition: not (u and v)\n")
	some := func(f ...Filter) []Filter { return f }
	tests := []struct {
		name          string
		before, after string
		old, now      []Filter
		verdict       Verdict
		summary       string
	}{
		{"none", rule, rule, nil, nil, Same, "no change in meaning"},
		{"a filter that stays", rule, rule, some(users("x")), some(users("x")), Same, "no change in meaning"},
		{"a filter that cannot be read stays", rule, rule, some(broken), some(broken), Same, "no change in meaning"},
		{"a filter more", rule, rule, nil, some(users("x")), Narrower, `filter "users" added`},
		{"a filter less", rule, rule, some(users("x")), nil, Wider, `filter "users" no longer applied`},
		{"one more of two", rule, rule, some(users("x")), some(users("x"), two), Narrower, `filter "two" added`},
		{"one that another has made useless", rule, rule, some(users("x")), some(users("x"), filter(t, "again", "u: {User: x, Company: y}\ncondition: not u\n")), Same, `filter "again" added, which makes no difference`},
		{"a filter of more", rule, rule, some(users("x")), some(users("[x, y]")), Narrower, `filter "users" changed`},
		{"a filter of others", rule, rule, some(users("x")), some(users("y")), Both, `filter "users" changed`},
		{"a filter of what is not found", rule, rule, nil, some(notC), Same, `filter "not c" added, which makes no difference`},
		{"a filter that keeps", rule, rule, nil, some(keep), Narrower, `filter "keep" added`},
		{"a filter that cannot be read", rule, rule, nil, some(broken), Unknown, `filter "broken" added`},
		{"one that could not be read", rule, rule, some(Filter{Key: "k", Name: "k", Logic: "1"}), nil, Unknown, `filter "k" no longer applied`},
		{"what the rule newly finds is filtered", rule, more, some(notC), some(notC), Same, "one alternative added"},
		{"both wider and filtered", rule, more, nil, some(notC), Same, `one alternative added, filter "not c" added, which makes no difference`},
		{"wider, and narrower by the filter", rule, more, nil, some(users("x")), Both, `one alternative added, filter "users" added`},
		{"events that are counted", counts, counts, nil, some(users("x")), Narrower, `filter "users" added`},
	}
	random := rand.New(rand.NewSource(1))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := sigma(t, "process_creation", tt.before), sigma(t, "process_creation", tt.after)
			c := Filtered(before, after, tt.old, tt.now)
			if c.Verdict != Unknown && tt.name != "a filter that cannot be read stays" {
				// The verdict agrees with what both versions find among events.
				if problem := disproved(random, Narrowed(before, tt.old), Narrowed(after, tt.now), c, 200); problem != "" {
					t.Error(problem)
				}
			}
			if c.Verdict != tt.verdict || c.Summary != tt.summary || (c.Verdict == Unknown) != (c.Reason != "") {
				t.Errorf("got %s (%s) %q, want %s %q", c.Verdict, c.Reason, c.Summary, tt.verdict, tt.summary)
			}
			if c.MetadataOnly || c.RenamedOnly {
				t.Error("a filter is no metadata")
			}
		})
	}
}

// TestFilterItself: a filter is narrower when it leaves fewer events of its
// rules, or is about more of them.
func TestFilterItself(t *testing.T) {
	of := func(rules, user, logsource string) string {
		return fmt.Sprintf("title: F\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a006\nlogsource: {%s}\nfilter:\n  rules: %s\n  u: {User: %s}\n  condition: not u\n", logsource, rules, user)
	}
	const windows = "product: windows"
	tests := []struct {
		name, before, after string
		verdict             Verdict
	}{
		{"nothing", of("[a, b]", "x", windows), of("[b, A]", "x", windows), Same},
		{"more is excepted", of("[a]", "x", windows), of("[a]", "[x, y]", windows), Narrower},
		{"more rules", of("[a]", "x", windows), of("[a, b]", "x", windows), Narrower},
		{"fewer rules", of("[a, b]", "x", windows), of("[a]", "x", windows), Wider},
		{"other rules", of("[a]", "x", windows), of("[b]", "x", windows), Both},
		{"all rules", of("[a]", "x", windows), of("any", "x", windows), Narrower},
		{"no longer all", of("all", "x", windows), of("[a]", "x", windows), Wider},
		{"any is all", of("all", "x", windows), of("any", "x", windows), Same},
		{"more rules, less excepted", of("[a]", "[x, y]", windows), of("[a, b]", "x", windows), Both},
		{"another logsource", of("any", "x", windows), of("any", "x", "product: linux"), Unknown},
	}
	for _, tt := range tests {
		c := Compare(one(t, "f.yml", tt.before), one(t, "f.yml", tt.after))
		if c.Verdict != tt.verdict {
			t.Errorf("%s: got %s %q (%s), want %s", tt.name, c.Verdict, c.Summary, c.Reason, tt.verdict)
		}
	}
	if c := Whole(one(t, "f.yml", of("any", "x", windows)), true); c.Verdict != Narrower || c.Summary != "new filter" {
		t.Errorf("a new filter: %s %q", c.Verdict, c.Summary)
	}
	if c := Whole(one(t, "f.yml", of("any", "x", windows)), false); c.Verdict != Wider || c.Summary != "filter removed" {
		t.Errorf("a removed filter: %s %q", c.Verdict, c.Summary)
	}
}

func TestCorrelates(t *testing.T) {
	rule := func(name string, v Verdict) Correlated {
		c := Correlated{Name: name, Verdict: v}
		if v == Unknown {
			c.Reason = "why"
		}
		return c
	}
	tests := []struct {
		name    string
		own     Change
		rules   []Correlated
		verdict Verdict
		summary string
		reason  string
	}{
		{"nothing", Change{Verdict: Same, Summary: "no change in meaning"}, []Correlated{rule("a", Same)}, Same, "no change in meaning", ""},
		{"one", Change{Verdict: Same, Summary: "no change in meaning"}, []Correlated{rule("a", Wider), rule("b", Same)}, Wider, `rule "a" became wider`, ""},
		{"two that agree", Change{Verdict: Same}, []Correlated{rule("a", Narrower), rule("b", Narrower)}, Narrower, `rule "a" became narrower, rule "b" became narrower`, ""},
		{"two that do not", Change{Verdict: Same}, []Correlated{rule("a", Wider), rule("b", Narrower)}, Both, `rule "a" became wider, rule "b" became narrower`, ""},
		{"one that is not known", Change{Verdict: Same}, []Correlated{rule("a", Wider), rule("b", Unknown)}, Unknown, `rule "a" became wider, rule "b" changed`, `it counts the hits of "b": why`},
		{"it counts otherwise", Change{Verdict: Unknown, Reason: "own", Attributes: []Attribute{{Name: "level"}}, Summary: "level changed"}, []Correlated{rule("a", Both)}, Unknown, `level changed, rule "a" became wider and narrower`, "own"},
		{"many", Change{Verdict: Same}, []Correlated{rule("a", Wider), rule("b", Wider), rule("c", Wider), rule("d", Wider), rule("e", Wider)}, Wider, `rule "a" became wider, rule "b" became wider, rule "c" became wider and 2 more`, ""},
	}
	for _, tt := range tests {
		c := tt.own
		c.Correlates(tt.rules)
		if c.Verdict != tt.verdict || c.Summary != tt.summary || c.Reason != tt.reason {
			t.Errorf("%s: got %s %q (%s)", tt.name, c.Verdict, c.Summary, c.Reason)
		}
	}
}
