package splunk

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// corpus has real rules. It is not part of the project.
const corpus = "../../../shared/corpora/splunk"

// readCorpus reads the public content: first what it defines, then its rules.
func readCorpus(t testing.TB) (files []*rule.File, library *rule.Library) {
	t.Helper()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("no public rules at %s: real searches not read", corpus)
	}
	var sources []*rule.Source
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(corpus, path)
		sources = append(sources, rule.NewSource(filepath.ToSlash(rel), data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var definitions []rule.Definition
	for _, waits := range []bool{false, true} {
		for _, src := range sources {
			if Waits(src.Data) != waits {
				continue
			}
			f := &rule.File{Source: src}
			ParseYAML(f, yamldoc.Parse(src.Data), library)
			files = append(files, f)
			definitions = append(definitions, f.Definitions...)
		}
		if !waits {
			library = rule.NewLibrary(definitions, nil)
		}
	}
	return files, library
}

// readable reports whether a macro can be called in one of the places where
// macros are.
func readable(d rule.Definition, library *rule.Library) bool {
	name, _, _ := strings.Cut(d.Name, "(")
	call := "`" + name + "`"
	if n := len(d.Arguments); n > 0 {
		call = "`" + name + "(" + strings.TrimSuffix(strings.Repeat("x,", n), ",") + ")`"
	}
	p := &ruleParser{rule: &rule.Rule{}, library: library, uses: map[rule.Use]bool{}}
	for _, text := range []string{call, "index=a | " + call, "index=a b IN (" + call + ")", "| tstats " + call + " count", "index=a | where b>relative_time(now(), " + call + ")"} {
		if q, problems := spl.Parse(text, p.macro); len(problems) == 0 && len(q.Macros) == 1 && q.Macros[0].Known {
			return true
		}
	}
	return false
}

func TestCorpus(t *testing.T) {
	files, library := readCorpus(t)
	count := map[string]int{}
	for _, f := range files {
		path := f.Source.Path
		if !f.Recognized {
			t.Errorf("%s: not recognized", path)
		}
		for _, p := range f.Problems {
			pos := f.Source.Position(p.Span.Start)
			t.Errorf("%s:%d:%d: %s", path, pos.Line, pos.Column, p.Message)
		}
		for _, d := range f.Definitions {
			count[string(d.Kind)]++
			if d.Kind == rule.Macro && !readable(d, library) {
				t.Errorf("%s: macro %s is neither search terms nor a command, nor a part of one", path, d.Name)
			}
		}
		for _, r := range f.Rules {
			count[string(r.Kind)]++
			d := r.Syntax.(*Document)
			if r.Condition == nil || len(d.Query.Commands) == 0 || r.ID.Value == "" || r.Title.Value == "" {
				t.Errorf("%s: %T, %d commands, id %q, title %q", path, r.Condition, len(d.Query.Commands), r.ID.Value, r.Title.Value)
			}
			if r.Kind == rule.Detection && r.Level == rule.LevelUnknown {
				t.Errorf("%s: no level", path)
			}
			for _, m := range d.Query.Macros {
				at := d.Place(m.Span)
				if text := string(f.Source.Data[at.Start:at.End]); !strings.HasPrefix(text, "`"+m.Name) {
					t.Errorf("%s: macro %s is at %q", path, m.Name, text)
				}
				if _, ok := library.Lookup(rule.Macro, withArity(m.Name, len(m.Arguments))); ok != m.Known {
					t.Errorf("%s: macro %s is known: %t", path, m.Name, m.Known)
				}
			}
			for _, c := range d.Query.Commands {
				if !c.Known {
					count["unknown command"]++
				}
			}
			for _, u := range r.Unresolved {
				kind, _, _ := strings.Cut(u, ":")
				count["unresolved "+kind]++
			}
		}
	}
	for what, want := range map[string]int{
		"detection": 1711, "baseline": 66, "macro": 189, "lookup": 79, "data_source": 205,
		"unknown command": 2, "unresolved command": 2, "unresolved macro": 2, "unresolved token": 1, "unresolved regex": 1,
	} {
		if count[what] != want {
			t.Errorf("%d of %s, want %d", count[what], what, want)
		}
	}
}

func BenchmarkCorpus(b *testing.B) {
	files, library := readCorpus(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range files {
			again := &rule.File{Source: f.Source}
			ParseYAML(again, yamldoc.Parse(f.Source.Data), library)
		}
	}
}
