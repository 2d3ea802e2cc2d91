package splunk

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// library has the macros that the broken searches call.
var library = rule.NewLibrary([]rule.Definition{
	{Use: rule.Use{Kind: rule.Macro, Name: "feed"}, Text: `sourcetype=feed OR source="*/feed"`, Path: "macros/feed.yml"},
	{Use: rule.Use{Kind: rule.Macro, Name: "ends(2)"}, Text: `$field$=*$end$`, Arguments: []string{"field", "end"}, Path: "macros/ends.yml"},
	{Use: rule.Use{Kind: rule.Macro, Name: "torn"}, Text: `(sourcetype=feed`, Path: "macros/torn.yml"},
	{Use: rule.Use{Kind: rule.Macro, Name: "around"}, Text: "a=1 OR `torn`", Path: "macros/around.yml"},
	{Use: rule.Use{Kind: rule.Macro, Name: "behind"}, Text: "(`feed` OR z=)", Path: "macros/behind.yml"},
	{Use: rule.Use{Kind: rule.Macro, Name: "unquoted"}, Text: `user="root OR b=1`, Path: "macros/unquoted.yml"},
	{Use: rule.Use{Kind: rule.Macro, Name: "inside"}, Text: "c=1 `unquoted`", Path: "macros/inside.yml"},
	{Use: rule.Use{Kind: rule.Macro, Name: "loop_a"}, Text: "`loop_b`", Path: "macros/loop_a.yml"},
	{Use: rule.Use{Kind: rule.Macro, Name: "loop_b"}, Text: "`loop_a`", Path: "macros/loop_b.yml"},
}, nil)

func parseText(path, text string) *rule.File {
	f := &rule.File{Source: rule.NewSource(path, []byte(text))}
	if IsConf(path) {
		return ParseConf(f.Source, library)
	}
	if Mentions(f.Source) {
		ParseYAML(f, yamldoc.Parse(f.Source.Data), library)
	}
	return f
}

// TestBrokenSearches: the mistake in a search is reported at its place in the
// file, in each way to write the search there.
func TestBrokenSearches(t *testing.T) {
	cases := querytest.Broken(t, filepath.Join("..", "spl", "testdata", "broken.txtar"))
	if len(cases) < 40 {
		t.Errorf("%d cases, want at least 40", len(cases))
	}
	ways := map[string]int{}
	for _, c := range cases {
		search := func(s string) string { return strings.TrimRight(s, "\n") }
		head := "name: é\nid: 1\ntype: TTP\nstatus: production\nhow_to_implement: ''\nsearch: "
		quoted, err := json.Marshal(c.Query)
		if err != nil {
			t.Fatal(err)
		}
		flat := !strings.Contains(c.Query, "\n")
		writes := map[string]string{
			"single":  "'" + strings.ReplaceAll(c.Query, "'", "''") + "'",
			"literal": "|-\n  " + strings.ReplaceAll(c.Query, "\n", "\n  "),
			"folded":  ">-\n  " + c.Query,
			"wrapped": "'" + strings.Replace(strings.ReplaceAll(c.Query, "'", "''"), " ", "\n  ", 1) + "'",
			"conf":    c.Query,
			"goes on": strings.Replace(c.Query, " | ", "\\\n| ", 1),
		}
		if !strings.ContainsAny(c.Query, "&<>") { // JSON writes these in another way than YAML needs
			writes["double"] = string(quoted)
		}
		if strings.TrimSpace(c.Query) == c.Query && strings.HasPrefix(c.Query, "index") && !strings.Contains(c.Query, ": ") && !strings.Contains(c.Query, " #") {
			writes["plain"] = c.Query
		}
		if strings.TrimSpace(c.Query) != c.Query || c.Query[0] == ' ' {
			for _, way := range []string{"literal", "folded", "wrapped", "conf", "goes on"} {
				delete(writes, way) // white space around it is not the search's own
			}
		}
		for way, text := range writes {
			if !flat && way != "literal" && way != "double" || way == "goes on" && !strings.Contains(c.Query, " | ") {
				continue
			}
			path, file := "detections/a.yml", head+text+"\ntags: {}\n"
			if way == "conf" || way == "goes on" {
				path, file = "default/savedsearches.conf", "[é]\nalert.track = 1\nsearch = "+text+"\ndisabled = 0\n"
			}
			ways[way]++
			f := parseText(path, file)
			name := c.Name + " " + way
			if len(f.Rules) != 1 || len(f.Problems) == 0 {
				t.Errorf("%s: %d rules, %d problems\n%s", name, len(f.Rules), len(f.Problems), file)
				continue
			}
			p := f.Problems[0]
			if p.RuleIndex != 0 || p.Warning != c.Warning || f.Rules[0].Broken == p.Warning || !strings.Contains(p.Message, c.Message) {
				t.Errorf("%s: %+v, want %q", name, p, c.Message)
			}
			want := search(c.Query[c.Span.Start:c.Span.End])
			found := file[p.Span.Start:p.Span.End]
			switch way {
			case "single":
				want = strings.ReplaceAll(want, "'", "''")
			case "double":
				escaped, err := json.Marshal(want)
				if err != nil {
					t.Fatal(err)
				}
				want = string(escaped[1 : len(escaped)-1])
			case "wrapped":
				want = strings.ReplaceAll(want, "'", "''")
				found = strings.Join(strings.Fields(found), " ")
				want = strings.Join(strings.Fields(want), " ")
			case "goes on":
				found = strings.ReplaceAll(found, "\\\n", " ")
			}
			if found != want {
				t.Errorf("%s: reported %q, want %q: %s\n%s", name, found, want, p.Message, file)
			}
			if flat && way != "double" && way != "single" && way != "wrapped" && way != "goes on" && want != "" {
				start := strings.Index(file, c.Query) + int(c.Span.Start)
				if int(p.Span.Start) != start {
					t.Errorf("%s: reported at %d, want %d", name, p.Span.Start, start)
				}
			}
		}
	}
	for _, way := range []string{"plain", "single", "double", "literal", "folded", "wrapped", "conf", "goes on"} {
		if ways[way] < 20 {
			t.Errorf("only %d searches were tried %s", ways[way], fmt.Sprintf("%q", way))
		}
	}
}
