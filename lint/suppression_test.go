package lint

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// suppressed runs all checks and returns a line for each finding of some
// checks: "line check", with "suppressed" and why where it is, and what the
// check suppression says.
func suppressed(t *testing.T, path, text, today string, ids ...string) []string {
	t.Helper()
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := parsers.Parse(path, []byte(text), nil)
	findings := l.File(f, normalize.Normalized(f.Rules))
	s := ReadSuppressions(f)
	s.Apply(about(findings, path), today)
	findings = append(findings, l.Findings(s, today, nil)...)
	Sort(findings)
	var out []string
	for _, f := range findings {
		line := fmt.Sprintf("%d %s", f.Range.Start.Line, f.Check)
		if s := f.Suppressed; s != nil {
			line += fmt.Sprintf(" suppressed by line %d until %q because %q", s.Line, s.Until, s.Reason)
		}
		if f.Check == suppressionCheck.ID {
			line = fmt.Sprintf("%d %s", f.Range.Start.Line, f.Message)
		}
		for _, id := range append(ids, suppressionCheck.ID) {
			if f.Check == id {
				out = append(out, line)
			}
		}
	}
	return out
}

const revokedTag = "tags:\n    - attack.t1562.001\n    - attack.t1562.002\nlogsource"

func TestSuppressions(t *testing.T) {
	tags := func(first, second string) string {
		return with("logsource", "tags:\n"+first+"    - attack.t1562.001"+second+"\n    - attack.t1562.002\nlogsource")
	}
	const check = "revoked-technique"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"none", with("logsource", revokedTag), []string{"5 revoked-technique", "6 revoked-technique"}},
		{"same line", tags("", " # detlint:ignore revoked-technique until=2027-01-31 -- we are on v18"), []string{
			`5 revoked-technique suppressed by line 5 until "2027-01-31" because "we are on v18"`, "6 revoked-technique",
		}},
		{"line above", tags("    # detlint:ignore revoked-technique\n\n    # because\n", ""), []string{
			`8 revoked-technique suppressed by line 5 until "" because ""`, "9 revoked-technique",
		}},
		{"above a long text", with("Image|endswith: '\\test.exe'", "# detlint:ignore control-character -- pasted\n        CommandLine|contains: |-\n            one\n            tw\u200bo"), []string{
			`12 control-character suppressed by line 9 until "" because "pasted"`,
		}},
		{"two checks", tags("", " # detlint:ignore revoked-technique, tag-format -- x"), []string{
			`5 revoked-technique suppressed by line 5 until "" because "x"`,
			`5 there is nothing here that "tag-format" reports, so this suppression can go`, "6 revoked-technique",
		}},
		{"whole rule", "# detlint:ignore revoked-technique\n\n# Copyright\n---\n" + with("logsource", revokedTag), []string{
			`9 revoked-technique suppressed by line 1 until "" because ""`, `10 revoked-technique suppressed by line 1 until "" because ""`,
		}},
		{"last day", tags("", " # detlint:ignore revoked-technique until=2026-11-24"), []string{
			`5 revoked-technique suppressed by line 5 until "2026-11-24" because ""`, "6 revoked-technique",
		}},
		{"expired", tags("", " # detlint:ignore revoked-technique until=2026-11-23"), []string{
			"5 revoked-technique",
			`5 this suppression of "revoked-technique" ended on 2026-11-23; remove it, or give it a later date if its reason still holds`,
			"6 revoked-technique",
		}},
		{"unused", with("level: low", "level: low # detlint:ignore revoked-technique"), []string{
			`11 there is nothing here that "revoked-technique" reports, so this suppression can go`,
		}},
		{"unknown", tags("", " # detlint:ignore revoked_technique"), []string{
			"5 revoked-technique",
			`5 unknown check "revoked_technique", did you mean "revoked-technique"?; nothing is suppressed`,
			"6 revoked-technique",
		}},
		{"bad date", tags("", " # detlint:ignore revoked-technique until=tomorrow"), []string{
			"5 revoked-technique", `5 expected a date such as until=2027-01-31, found "until=tomorrow"`, "6 revoked-technique",
		}},
		{"no check", tags("", " # detlint:ignore"), []string{
			"5 revoked-technique", `5 expected the id of the check to suppress after "detlint:ignore"`, "6 revoked-technique",
		}},
		{"another word", tags("", " # detlint:disable revoked-technique"), []string{
			"5 revoked-technique",
			`5 unknown directive "detlint:disable revoked-technique", expected "detlint:ignore CHECK until=2027-01-31 -- reason"`,
			"6 revoked-technique",
		}},
		{"what cannot be", tags("", " # detlint:ignore unreadable"), []string{
			"5 revoked-technique", `5 "unreadable" cannot be suppressed`, "6 revoked-technique",
		}},
		{"no comment", with("logsource", "description: '# detlint:ignore revoked-technique'\nfalsepositives:\n    - a#detlint:ignore revoked-technique\n"+revokedTag), []string{
			"8 revoked-technique", "9 revoked-technique",
		}},
		{"in a text", with("logsource", "description: |\n    # detlint:ignore revoked-technique\n"+revokedTag), []string{
			`5 "#" begins no comment here, so that nothing is suppressed; expected it above the text, or in a query behind "//" or "` + ticks + `"`,
			"7 revoked-technique", "8 revoked-technique",
		}},
		{"in another letter case", with("logsource", "# Detlint:Ignore revoked-technique\n"+revokedTag), []string{
			`4 unknown directive "Detlint:Ignore revoked-technique", expected "detlint:ignore CHECK until=2027-01-31 -- reason"`,
			"6 revoked-technique", "7 revoked-technique",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, suppressed(t, "rules/example_rule.yml", c.text, "2026-11-24", check, "control-character")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			// Line ends and a byte order mark change nothing.
			text := "\xEF\xBB\xBF" + strings.ReplaceAll(c.text, "\n", "\r\n")
			if diff := cmp.Diff(c.want, suppressed(t, "rules/example_rule.yml", text, "2026-11-24", check, "control-character")); diff != "" {
				t.Errorf("with CRLF (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSuppressionOfOneRule: of several rules in a file, the one below the
// comment is meant.
func TestSuppressionOfOneRule(t *testing.T) {
	one := with("logsource", revokedTag)
	got := suppressed(t, "rules/example_rule.yml", one+"---\n# detlint:ignore revoked-technique\n"+one, "", "revoked-technique")
	want := []string{
		"5 revoked-technique", "6 revoked-technique",
		`21 revoked-technique suppressed by line 16 until "" because ""`, `22 revoked-technique suppressed by line 16 until "" because ""`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBrokenRuleStaysBroken: what hides a rule cannot be suppressed, and who
// tries is told.
func TestBrokenRuleStaysBroken(t *testing.T) {
	text := "# detlint:ignore syntax\n" + with("condition: selection", "condition: selection adn")
	got := suppressed(t, "rules/example_rule.yml", text, "", "syntax")
	want := []string{`1 errors of "syntax" cannot be suppressed, what a rule that cannot be read hides is not known; mend the rule`, "11 syntax"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSuppressionsInTOML(t *testing.T) {
	rule := strings.Replace(exampleElastic("A", `from = "now-9m"`, "from = \"now-9m\" # detlint:ignore rule-schedule -- on purpose\ninterval = \"1h\""), "\r", "", -1)
	want := func(line int) []string {
		return []string{fmt.Sprintf(`%d rule-schedule suppressed by line %d until "" because "on purpose"`, line, line)}
	}
	at := strings.Count(rule[:strings.Index(rule, "detlint:")], "\n") + 1
	if diff := cmp.Diff(want(at), suppressed(t, "rules/a.toml", rule, "", "rule-schedule")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// In a query, // begins a comment; # does not.
	inside := "query = '''\n// detlint:ignore rule-schedule -- whole rule\nprocess where true\n'''"
	text := strings.Replace(exampleElastic("A", `from = "now-9m"`, "from = \"now-9m\"\ninterval = \"1h\""), "[metadata]", "[metadata]\n# detlint: as it should be", 1)
	start := strings.Index(text, "query = '''")
	end := strings.Index(text[start+11:], "'''") + start + 14
	text = strings.Replace(text, text[start:end], inside, 1)
	got := suppressed(t, "rules/a.toml", text, "", "rule-schedule")
	if len(got) != 2 || !strings.Contains(got[0], "unknown directive") || !strings.Contains(got[1], `because "whole rule"`) {
		t.Errorf("got %q", got)
	}
}

func TestSuppressionsInJSON(t *testing.T) {
	rule := func(extra string) string {
		return `{"rule_id": "11111111-2222-4333-8444-555555555555", "name": "A", "type": "query", "language": "kuery", ` +
			`"query": "process.name: x.exe", "index": ["logs-*"], "risk_score": 21, "severity": "high", "description": "d"` + extra + "}"
	}
	for _, path := range []string{"rules/a.json", "rules/a.ndjson"} {
		for extra, want := range map[string][]string{
			"": {"1 severity-risk-score"},
			`, "meta": {"detlint": {"ignore": ["severity-risk-score until=2027-01-31 -- as agreed"]}}`: {
				`1 severity-risk-score suppressed by line 1 until "2027-01-31" because "as agreed"`,
			},
			`, "detlint": {"ignore": ["severity-risk-score"]}`: {
				`1 severity-risk-score suppressed by line 1 until "" because ""`,
			},
			`, "meta": {"detlint": {"ignroe": []}}`: {
				"1 severity-risk-score", `1 expected {"ignore": ["CHECK until=2027-01-31 -- reason"]} under the key "detlint"`,
			},
		} {
			if diff := cmp.Diff(want, suppressed(t, path, rule(extra)+"\n", "", "severity-risk-score", "unknown-attribute")); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", path, extra, diff)
			}
		}
	}
	two := suppressed(t, "a.ndjson", rule("")+"\n"+rule(`, "meta": {"detlint": {"ignore": ["severity-risk-score"]}}`)+"\n", "", "severity-risk-score")
	if len(two) != 2 || strings.Contains(two[0], "suppressed") || !strings.Contains(two[1], "suppressed") {
		t.Errorf("of two rules the second: %q", two)
	}
}

// TestDirectivesOfFormats: where a directive is one, in formats whose rules are
// read elsewhere.
func TestDirectivesOfFormats(t *testing.T) {
	for _, c := range []struct {
		path, text string
		want       int
		wrong      int // those among them that suppress nothing
	}{
		{"a.kql", "// detlint:ignore noisy-path\nT\n| where A == 'x' // detlint:ignore noisy-path\n", 2, 0},
		{"a.kql", "# detlint:ignore noisy-path\n", 1, 1},
		{"a.kql", "| where A == 'http://detlint:ignore'\n", 0, 0},
		{"a.md", "```kql\n// detlint:ignore noisy-path\nT\n```\n", 1, 0},
		{"a.conf", "[Rule]\n# detlint:ignore noisy-path\nsearch = index=x ```detlint:ignore noisy-path``` a=b\n", 2, 0},
		{"a.yml", "search: |\n  index=x ```detlint:ignore noisy-path -- a reason``` a=b\n  # detlint:ignore noisy-path\n", 2, 1},
		{"a.yaml", "query: |\n  // detlint:ignore noisy-path\n  T\n", 1, 0},
		{"a.yaml", "query: \"http://detlint:ignore\"\n", 0, 0},
		{"a.conf", "[Rule]\nlevel = low # detlint:ignore noisy-path\n", 1, 1},
		{"a.conf", "[Rule] # detlint:ignore noisy-path\n", 1, 1},
		{"a.conf", "[Rule]\nsearch = index=x \\\n# detlint:ignore noisy-path\na=b\n  # detlint:ignore noisy-path\n", 2, 1},
		{"a.conf", "level = low ```detlint:ignore noisy-path```\n", 1, 0},
		{"a.yml", "# Detlint:Ignore noisy-path\ntitle: x # DETLINT:IGNORE\nid: y # Detlint: ignore noisy-path\n", 3, 3},
		{"a.yml", "# Detlint: rules are checked by it\n", 0, 0},
		{"a.yml", "# detlint:Ignore noisy-path\n", 1, 1},
		{"a.yml", "description: |\n  It is told of.\n  # detlint:ignore noisy-path -- because\n", 1, 1},
		{"a.yml", "description: |\n  It is passed over by \"# detlint:ignore noisy-path\".\n", 0, 0},
		{"a.toml", "note = '''\nx\n# Detlint:ignore noisy-path\n'''\n", 1, 1},
	} {
		got, _ := directives(rule.NewSource(c.path, []byte(c.text)))
		wrong := 0
		for _, d := range got {
			if d.wrong != "" {
				wrong++
			}
		}
		if len(got) != c.want || wrong != c.wrong {
			t.Errorf("%s %q: %d directives, %d of no effect, want %d and %d: %+v", c.path, c.text, len(got), wrong, c.want, c.wrong, got)
		}
	}
}

// TestSuppressionFixes: what is of no use can be taken out.
func TestSuppressionFixes(t *testing.T) {
	for text, want := range map[string]string{
		"# detlint:ignore retired-tactic\n" + sound:                        sound,
		with("level: low", "level: low # detlint:ignore tag-format -- x"):  sound,
		with("status", "# detlint:ignore tag-format -- x\nstatus"):         sound,
		with("level: low", "level: low # detlint:ignore a, tag-format\n#"): "",
	} {
		l, _ := NewLinter(nil, nil, nil)
		fixed := ""
		for _, f := range l.Example(text) {
			if f.Fix != nil {
				fixed = apply(t, text, f.Fix.Edits)
			}
		}
		if fixed != want {
			t.Errorf("%q became %q", text, fixed)
		}
	}
}

// TestManyDirectives: a file of nothing but directives takes no time.
func TestManyDirectives(t *testing.T) {
	text := strings.Repeat("# detlint:ignore noisy-path\n", 100_000) + sound
	start := time.Now()
	got := suppressed(t, "a.yml", text, "")
	if spent := time.Since(start); spent > 5*time.Second {
		t.Errorf("took %v", spent)
	}
	if n := len(got); n == 0 || !strings.Contains(got[n-1], "at most 500") {
		t.Errorf("the last of %d: %q", n, got[max(n-1, 0):])
	}
}

func FuzzSuppressions(f *testing.F) {
	for _, path := range []string{"a.yml", "a.toml", "a.json", "a.kql", "a.conf"} {
		f.Add(path, []byte("# detlint:ignore noisy-path until=2027-01-31 -- x\n"+sound))
		f.Add(path, []byte(`{"detlint": {"ignore": ["noisy-path"]}}`))
	}
	f.Fuzz(func(t *testing.T, path string, data []byte) {
		file := parsers.Parse(path, data, nil)
		s := ReadSuppressions(file)
		s.Apply(nil, "2026-11-24")
		l, _ := NewLinter(nil, nil, nil)
		l.Findings(s, "2026-11-24", nil)
	})
}

// TestSuppressionsInConf: above a stanza, and in its search.
func TestSuppressionsInConf(t *testing.T) {
	stanza := func(name, search string) string {
		return "[" + name + "]\naction.correlationsearch.enabled = 1\naction.correlationsearch.label = " + name +
			"\naction.correlationsearch.annotations = {\"mitre_attack\": [\"T1086\"]}\nsearch = " + search + "index=x Image=a.exe | stats count\n"
	}
	for _, c := range []struct {
		text string
		want []string
	}{
		{stanza("A", "") + "\n" + stanza("B", ""), []string{"4 revoked-technique", "10 revoked-technique"}},
		{stanza("A", "") + "# detlint:ignore revoked-technique\n" + stanza("B", ""), []string{
			"4 revoked-technique", `10 revoked-technique suppressed by line 6 until "" because ""`,
		}},
		// It is a part of the value there.
		{strings.Replace(stanza("A", ""), `["T1086"]}`, `["T1086"]} # detlint:ignore revoked-technique`, 1), []string{
			`4 "#" begins no comment here, so that nothing is suppressed; expected it on a line of its own above the stanza or the setting, or in a search behind "` + ticks + `"`,
		}},
	} {
		if diff := cmp.Diff(c.want, suppressed(t, "default/savedsearches.conf", c.text, "", "revoked-technique")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}
