package meaning

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// TestReformattedQueries writes the queries of real rules in another layout: they
// mean the same, as far as they are known to mean the same as themselves.
func TestReformattedQueries(t *testing.T) {
	root := filepath.Join("..", "..", "shared", "corpora")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no real rules at hand: their queries not written in another layout")
	}
	type count struct{ rules, same, open int }
	counts := map[rule.Language]*count{}
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !parsers.Match(path) {
			return err
		}
		if seen++; seen%7 != 0 && os.Getenv("DETLINT_ALL_RULES") == "" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		after, ok := spread(rel, data)
		if !ok {
			return nil
		}
		old, now := normalize.Normalized(parsers.Parse(rel, data, nil).Rules), normalize.Normalized(parsers.Parse(rel, after, nil).Rules)
		if len(old) != len(now) {
			t.Errorf("%s: %d rules, in another layout %d", rel, len(old), len(now))
			return nil
		}
		for i := range old {
			if old[i].Broken || old[i].Root() == nil {
				continue
			}
			n := counts[old[i].Language]
			if n == nil {
				n = &count{}
				counts[old[i].Language] = n
			}
			n.rules++
			itself, c := Compare(old[i], old[i]), Compare(old[i], now[i])
			switch {
			case c.Verdict == Same:
				n.same++
			case itself.Verdict == c.Verdict && itself.Reason == c.Reason:
				n.open++
			default:
				t.Errorf("%s: %s: %s (%s)", rel, c.Verdict, c.Summary, c.Reason)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for language, n := range counts {
		t.Logf("%s: %d rules, %d the same, %d as open as compared with themselves", language, n.rules, n.same, n.open)
	}
}

var inTOML = regexp.MustCompile(`(?s)\nquery = ('''|""")(.*?)('''|""")`)

var operators = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|(?i: (?:and|or|not) )`)

// spread writes the query of a rule file with more white space.
func spread(path string, data []byte) ([]byte, bool) {
	if strings.HasSuffix(path, ".toml") {
		at := inTOML.FindSubmatchIndex(data)
		if at == nil {
			return nil, false
		}
		query, ok := spaced(string(data[at[4]:at[5]]))
		if bytes.Contains(data, []byte(`language = "kuery"`)) { // blanks between words are a part of the value
			query, ok = operators.ReplaceAllStringFunc(string(data[at[4]:at[5]]), func(s string) string {
				if s[0] == '"' {
					return s
				}
				return " " + strings.TrimSuffix(s, " ") + "\n  "
			}), true
		}
		return slices.Concat(data[:at[4]], []byte(query), data[at[5]:]), ok
	}
	var doc yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	if d.Decode(&doc) != nil || d.Decode(new(yaml.Node)) == nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, false
	}
	list := doc.Content[0].Content
	changed := false
	for i := 0; i+1 < len(list); i += 2 {
		if key := list[i].Value; (key == "search" || key == "query") && list[i+1].Kind == yaml.ScalarNode {
			if query, ok := spaced(list[i+1].Value); ok {
				list[i+1].Value, list[i+1].Style, changed = query, yaml.DoubleQuotedStyle, true
			}
		}
	}
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	if !changed || e.Encode(&doc) != nil || e.Close() != nil {
		return nil, false
	}
	return out.Bytes(), true
}

// spaced doubles the blanks outside of quotes and comments, and gives each command a
// line; false for queries whose quotes it does not follow.
func spaced(query string) (string, bool) {
	if strings.ContainsAny(query, "'`/@") || strings.Contains(query, `"""`) {
		// Quotes of another kind, comments, raw texts and expressions.
		if strings.Contains(query, "```") || strings.Contains(query, "//") || strings.Contains(query, `@"`) || strings.Contains(query, "'") || strings.Contains(query, `"""`) || strings.Contains(query, "/*") {
			return "", false
		}
	}
	var b strings.Builder
	quote, macro := false, false
	for i := 0; i < len(query); i++ {
		c := query[i]
		switch {
		case c == '\\' && i+1 < len(query):
			b.WriteByte(c)
			i++
			c = query[i]
		case c == '"':
			quote = !quote
		case quote:
		case c == '`':
			macro = !macro
		case macro:
		case c == ' ':
			b.WriteString("  ")
			continue
		case c == '|':
			b.WriteString("\n | ")
			continue
		}
		b.WriteByte(c)
	}
	return strings.ReplaceAll(b.String(), "matches  regex", "matches regex"), !quote && !macro // one operator of Kusto
}
