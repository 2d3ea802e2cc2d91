package kusto

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// parse reads a file as the extension of its path says.
func parse(path, text string) *rule.File {
	f := &rule.File{Source: rule.NewSource(path, []byte(text))}
	switch filepath.Ext(path) {
	case ".json":
		ParseJSON(f, nil)
	case ".kql":
		ParseText(f, nil)
	case ".md":
		ParseMarkdown(f, nil)
	default:
		if Mentions(f.Source.Data) {
			ParseYAML(f, yamldoc.Parse(f.Source.Data), nil)
		}
	}
	return f
}

const head = "id: 01234567-89ab-cdef-0123-456789abcdef\r\nname: é\r\nkind: NRT\r\nseverity: High\r\ntactics: [Execution]\r\nquery: "

// files puts a query into every form that a file can hold one in.
func files(query string) map[string]string {
	quoted, err := json.Marshal(query)
	if err != nil {
		panic(err)
	}
	out := map[string]string{
		"double.yaml": head + string(quoted) + "\r\n",
		"arm.json": fmt.Sprintf(`{"resources":[{"type":"Microsoft.SecurityInsights/alertRules","kind":"Scheduled",
			"name":"x","properties":{"displayName":"é","query":%s}}]}`, quoted),
		"custom.json": fmt.Sprintf(`{"displayName":"é","queryCondition":{"queryText":%s}}`, quoted),
	}
	// Other forms have no way to hold bytes that are no text.
	if strings.ContainsFunc(query, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError }) {
		return out
	}
	query = strings.TrimRight(query, "\n")
	lines := strings.Split(query, "\n")
	out["literal.yaml"] = head + "|\r\n  " + strings.Join(lines, "\r\n  ") + "\r\nversion: 1.0.0\r\n"
	out["bare.kql"] = "// Title é\n" + query + "\n"
	out["fenced.md"] = "# é\n\n```KQL\n" + query + "\n```\n"
	if len(lines) == 1 {
		out["single.yaml"] = head + "'" + strings.ReplaceAll(query, "'", "''") + "'\r\n"
		if words := strings.SplitN(query, " | ", 2); len(words) == 2 {
			out["folded.yaml"] = head + ">-\r\n  " + words[0] + "\r\n  | " + words[1] + "\r\n"
		}
		if !strings.ContainsAny(query[:1], "|\"'`#@{}[]&*!%>,?:-") && !strings.Contains(query, ": ") && !strings.Contains(query, " #") && !strings.HasSuffix(query, ":") {
			out["plain.yaml"] = head + query + "\r\n"
		}
	}
	return out
}

// TestBrokenQueries: the mistake in a query is reported at its place in the
// file, in each form that a file can hold it in.
func TestBrokenQueries(t *testing.T) {
	cases := querytest.Broken(t, filepath.Join("..", "kql", "testdata", "broken.txtar"))
	if len(cases) < 40 {
		t.Errorf("%d cases, want at least 40", len(cases))
	}
	for _, c := range cases {
		for path, text := range files(c.Query) {
			f := parse(path, text)
			name := c.Name + " in " + path
			if len(f.Problems) != 1 || len(f.Rules) != 1 {
				t.Errorf("%s: %d rules, problems %+v", name, len(f.Rules), f.Problems)
				continue
			}
			p := f.Problems[0]
			if p.RuleIndex != 0 || p.Warning != c.Warning || f.Rules[0].Broken == p.Warning || !strings.Contains(p.Message, c.Message) {
				t.Errorf("%s: %+v, want %q", name, p, c.Message)
			}
			want := c.Query[c.Span.Start:c.Span.End]
			switch path {
			case "double.yaml", "arm.json", "custom.json":
				escaped, err := json.Marshal(want)
				if err != nil {
					t.Fatal(err)
				}
				want = string(escaped[1 : len(escaped)-1])
			case "single.yaml":
				want = strings.ReplaceAll(want, "'", "''")
			}
			if found := text[p.Span.Start:p.Span.End]; found != want {
				t.Errorf("%s: reported %q, want %q", name, found, want)
			}
			// The same text may stand elsewhere: what is in front must be, too.
			before := text[:p.Span.Start]
			if front := c.Query[max(0, int(c.Span.Start)-3):c.Span.Start]; !strings.ContainsAny(front, "\n\"'\\<>&") && !strings.HasSuffix(before, front) && path != "folded.yaml" {
				t.Errorf("%s: reported after %q, want after %q", name, before[max(0, len(before)-3):], front)
			}
		}
	}
}
