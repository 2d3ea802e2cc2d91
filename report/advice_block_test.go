package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// advisedRules is a report on n rules with advice, of which the last in the
// list matters most.
func advisedRules(n int) *Report {
	r := sample()
	r.Findings, r.Coverage, r.Rules = nil, nil, nil
	for i := range n {
		a := sampleAdvice()
		a.Order = n - i
		r.Rules = append(r.Rules, Rule{
			Path: fmt.Sprintf("rules/%04d.yml", i), Line: 1, Title: fmt.Sprintf("Rule number %d.", i), State: "modified", Level: rule.LevelHigh, Advice: a,
		})
	}
	return r
}

// A block has what a reader can use: no share of one or two rules, and no event
// that the rule looks at itself.
func TestNewAdviceBlock(t *testing.T) {
	key := normalize.Key{Field: "process.name", Operator: rule.Eq, Value: "a.exe"}
	exclusion := func(rules, of int) advise.Exclusion {
		return advise.Exclusion{Key: normalize.Key{Field: "user.name", Operator: rule.Eq, Value: fmt.Sprint(rules, of)}, Rules: 9, Here: 9, Support: advise.Support{Peers: &advise.Share{Rules: rules, Of: of}}}
	}
	b := NewAdviceBlock(&advise.Advice{
		Noise: advise.Noise{Reach: reach(34)}, Paths: []advise.Path{{Reach: reach(34), Narrowest: &key}, {Reach: reach(1)}}, Unresolved: []string{"not of use"},
		Fields:     []advise.Field{{Name: "few", Peers: 3}, {Name: "none", Own: 2}, {Name: "enough", Peers: 4}},
		Exclusions: []advise.Exclusion{exclusion(2, 30), exclusion(6, 30), exclusion(5, 30), exclusion(7, 30), exclusion(8, 30)},
		Peers: advise.Peers{Count: 30, Events: []advise.EventUse{
			{Event: sysmon1, Rules: 20, Own: true}, {Event: sec4688, Rules: 8}, {Event: script, Rules: 2},
		}},
	}, func(keys []normalize.Key) string { return fmt.Sprint(len(keys)) })
	got := fmt.Sprint(b.reach(), " | ", keyName(*b.Narrowest), " | ", b.fields(), " | ", b.exclusions(), " | ", b.events(), " | ", b.Paste, len(b.Unresolved))
	const want = "34 | process.name eq a.exe | enough (4 of 30) | " +
		"user.name eq 6 30 (6 of 30 peers); user.name eq 5 30 (5 of 30 peers); user.name eq 7 30 (7 of 30 peers) | " +
		"Security-Auditing 4688 (8 of 30) | 30"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAdviceReach(t *testing.T) {
	whole := &advise.Noise{Reach: reach(12), WholeEvent: true}
	for _, tt := range []struct {
		b    AdviceBlock
		want string
	}{
		{AdviceBlock{}, ""},
		{AdviceBlock{Noise: &advise.Noise{Reach: reach(0)}}, "0"},
		{AdviceBlock{Noise: &advise.Noise{Reach: reach(1234)}, NoiseBefore: &advise.Noise{Reach: reach(1234)}}, "1,234"},
		{AdviceBlock{Noise: &advise.Noise{Reach: reach(34)}, NoiseBefore: &advise.Noise{Reach: reach(12)}}, "34 (was 12)"},
		{AdviceBlock{Noise: &advise.Noise{Reach: reach(12)}, NoiseBefore: whole}, "12 (was every event of its kind, which 12 public rules look at)"},
		{AdviceBlock{Noise: whole, NoiseBefore: whole}, "every event of its kind, which 12 public rules look at"},
		{AdviceBlock{Noise: &advise.Noise{Reach: reach(3)}}, "3"},
		{AdviceBlock{Unresolved: []string{"macro a", "macro b", "macro c"}, NoiseBefore: whole}, "not known, since macro a, macro b and 1 more could not be looked into (was every event of its kind, which 12 public rules look at)"},
	} {
		if got := tt.b.reach(); got != tt.want {
			t.Errorf("got %q, expected %q", got, tt.want)
		}
	}
}

// A terminal shows the ten rules that matter most, and says how many there are
// beyond and where.
func TestAdviceOnTerminal(t *testing.T) {
	for _, tt := range []struct{ rules, leftOut, shown, more int }{{3, 0, 3, 0}, {10, 0, 10, 0}, {12, 0, 10, 2}, {10, 143, 10, 143}, {12, 5, 10, 7}} {
		r := advisedRules(tt.rules)
		r.Summary.AdviceLeftOut = tt.leftOut
		for _, out := range []string{render(t, Text, r, Options{}), render(t, DiffText, r, Options{})} {
			if n := strings.Count(out, "reach 14 (was 2): process.name eq rclone.exe\n"); n != tt.shown {
				t.Errorf("%d rules: %d blocks", tt.rules, n)
			}
			said := fmt.Sprintf("and %d more rules", tt.more)
			if strings.Contains(out, said) != (tt.more > 0) || strings.Contains(out, "detlint advise PATH") != (tt.rules > mostPasted) {
				t.Errorf("%d rules and %d without: %s", tt.rules, tt.leftOut, out[len(out)-500:])
			}
			if pasted := strings.Count(out, "filter_optional_peers_1:"); pasted != 0 && tt.rules > mostPasted || pasted != tt.rules && tt.rules <= mostPasted {
				t.Errorf("%d rules: %d clauses to paste", tt.rules, pasted)
			}
		}
		out := render(t, Text, r, Options{})
		if last := strings.Index(out, fmt.Sprintf("Rule number %d.", tt.rules-1)); strings.Contains(out, "Rule number 0.") != (tt.rules <= MostBlocks) || tt.rules <= MostBlocks && last > strings.Index(out, "Rule number 0.") {
			t.Errorf("%d rules: not in their order:\n%s", tt.rules, out)
		}
	}
}

// Markdown shows all rules that half of the page has room for, counts the
// others, and leaves room for what follows.
func TestAdviceInMarkdown(t *testing.T) {
	const row = "reach 14 (was 2): "
	r := advisedRules(300)
	r.Coverage = sampleCoverage()
	if out := render(t, Markdown, r, Options{}); strings.Count(out, row) != 300 || strings.Contains(out, "more rules") {
		t.Errorf("a job summary has %d of 300 rules", strings.Count(out, row))
	}
	out := render(t, Markdown, r, Options{MaxBytes: MaxComment})
	n := strings.Count(out, row)
	if n < 20 || n > 100 || len(out) > MaxComment {
		t.Errorf("%d rules in %d bytes", n, len(out))
	}
	if !strings.Contains(out, fmt.Sprintf("… and %d more rules, see detlint advise PATH or --format json\n", 300-n)) || !strings.Contains(out, "### Coverage") {
		t.Errorf("what is left out is not said, or takes the coverage with it: %s", out[len(out)-1500:])
	}
	pages := comments(t, r, Options{})
	if all := strings.Join(pages, ""); strings.Count(all, row) != n || strings.Count(all, "<details><summary>Advice on 300 changed rules") != 1 || !strings.Contains(all, "### Coverage") {
		t.Errorf("%d of %d rules in %d comments", strings.Count(all, row), n, len(pages))
	}
	for i, page := range pages {
		if len(page) < 10_000 && i < len(pages)-1 {
			t.Errorf("comment %d is nearly empty: %d bytes", i, len(page))
		}
	}
	if !strings.Contains(render(t, Markdown, advisedRules(fewAdvised), Options{}), "<details open><summary>Advice on 5 changed rules") {
		t.Error("the advice on a few rules is folded")
	}
	left := advisedRules(30)
	left.Summary.AdviceLeftOut = 1234
	if out := render(t, Markdown, left, Options{}); !strings.Contains(out, "… and 1,234 more rules, see detlint advise PATH\n") {
		t.Error("rules without advice are not counted")
	}
}

// A rule of which only the reach is known has a line, and one of which nothing
// is known none.
func TestAdviceWithoutWord(t *testing.T) {
	r := advisedRules(3)
	*r.Rules[0].Advice = AdviceBlock{Order: 1, Noise: &advise.Noise{Reach: reach(7)}, Peers: 30}
	*r.Rules[1].Advice = AdviceBlock{Order: 2}
	for name, out := range map[string]string{"text": render(t, Text, r, Options{}), "markdown": render(t, Markdown, r, Options{})} {
		_, out, _ = strings.Cut(out, "dvice on ")
		if !strings.HasPrefix(out, "2 changed rules") || !strings.Contains(out, "reach 7") || strings.Contains(out, "Rule number 1.") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// A clause that a finding shows is not repeated.
func TestAdviceBesideFinding(t *testing.T) {
	r := advisedRules(1)
	r.Findings = sample().Findings[3:4]
	r.Findings[0].Path = r.Rules[0].Path
	if out := render(t, Text, r, Options{}); strings.Contains(out, "filter_optional_peers_1") || !strings.Contains(out, "6 of 8 that share an exclusion") {
		t.Errorf("%s", out)
	}
}
