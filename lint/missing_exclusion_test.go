package lint

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// TestStrengthOfSuggestions: what few rules say, what a minority says but of
// networks, and what goes with a tool, is not enough to speak of unasked.
func TestStrengthOfSuggestions(t *testing.T) {
	agent := normalize.Key{Field: "process.executable", Operator: rule.Eq, Value: "/opt/agent"}
	other := normalize.Key{Field: "process.executable", Operator: rule.Eq, Value: "/opt/other"}
	shell := normalize.Key{Field: "process.executable", Operator: rule.Eq, Value: "/bin/bash"}
	network := normalize.Key{Field: "destination.ip", Operator: rule.CIDR, Value: "fc00::/7"}
	local := normalize.Key{Field: "destination.ip", Operator: rule.CIDR, Value: "fe80::/10"}
	for _, tt := range []struct {
		name      string
		key, with normalize.Key
		rules, of int
		enough    bool
	}{
		{"all of some", agent, other, 4, 4, true},
		{"all of two", agent, other, 2, 2, false},
		{"half of many", agent, other, 10, 20, true},
		{"a minority", agent, other, 17, 52, false},
		{"a minority, of networks", network, local, 17, 52, true},
		{"few, of networks", network, local, 3, 52, false},
		{"what goes with a tool", agent, shell, 10, 10, false},
	} {
		e := advise.Exclusion{Key: tt.key, Rules: tt.rules, Support: advise.Support{Together: &advise.Together{Share: advise.Share{Rules: tt.rules, Of: tt.of}, With: tt.with}}}
		if got := strength(&e) >= minBound; got != tt.enough {
			t.Errorf("%s: enough is %t, expected %t", tt.name, got, tt.enough)
		}
		if tt.enough && !strings.Contains(because(&e), "public rules that exclude "+describe(tt.with)+" also exclude "+describe(tt.key)) {
			t.Errorf("%s: says %q", tt.name, because(&e))
		}
	}
	alike := advise.Exclusion{Key: agent, Rules: 5, Support: advise.Support{Alike: &advise.Share{Rules: 5, Of: 6}}}
	if want := `5 of 6 public rules of the same technique on the same events exclude process.executable "/opt/agent"`; because(&alike) != want || strength(&alike) < minBound {
		t.Errorf("says %q", because(&alike))
	}
}

func TestMissingExclusionOfRetiredRules(t *testing.T) {
	filter := "        Image|endswith: '\\tool.exe'\n    filter:\n        ParentImage:\n"
	for _, n := range []string{"0", "1", "2", "3", "4", "5"} {
		filter += "            - 'C:\\Program Files\\p" + n + ".exe'\n"
	}
	text := toolRule("high", strings.TrimSuffix(filter, "\n"), "selection and not filter")
	if got := adviceOn(t, crowd(t, 12), text, nil, "missing-exclusion"); len(got) != 1 {
		t.Fatalf("%d findings on a rule in use, expected 1", len(got))
	}
	if got := adviceOn(t, crowd(t, 12), strings.Replace(text, "status: test", "status: deprecated", 1), nil, "missing-exclusion"); len(got) > 0 {
		t.Errorf("on a retired rule: %s", got[0].Message)
	}
}
