package rule

import "testing"

func TestLibrary(t *testing.T) {
	macro := func(name, text string) Definition {
		return Definition{Use: Use{Macro, name}, Text: text, Path: "macros/" + name + ".yml", Line: 1}
	}
	table := Definition{Use: Use{Lookup, "known"}, Path: "lookups/known.yml", Files: []string{"known.csv"}}
	content := "1"
	library := func(defs ...Definition) *Library {
		return NewLibrary(defs, func(path string) string {
			if path != "lookups/known.csv" {
				t.Errorf("asked for %s", path)
			}
			return content
		})
	}
	uses := []Use{{Macro, "a"}, {Lookup, "known"}}
	base := library(macro("a", "x=1"), macro("a", "x=2"), table)

	if d, ok := base.Lookup(Macro, "a"); !ok || d.Text != "x=1" {
		t.Errorf("found %+v, expected the first definition", d)
	}
	if _, ok := base.Lookup(Lookup, "a"); ok {
		t.Error("a macro was found as a lookup")
	}
	var none *Library
	if _, ok := none.Lookup(Macro, "a"); ok {
		t.Error("something was found in no library")
	}
	if none.Context(nil) != "" || base.Context(nil) != "" {
		t.Error("no names have a context")
	}

	own := macro("a", "x=4")
	own.Path = "app/local/macros.conf"
	if d, _ := library(macro("a", "x=1"), own).Lookup(Macro, "a"); d.Text != "x=4" {
		t.Errorf("found %q, expected what overrides the app's own", d.Text)
	}

	moved := macro("a", "x=1")
	moved.Path, moved.Line = "elsewhere.yml", 7
	if library(table, moved).Context(uses) != base.Context(uses) {
		t.Error("the place of a definition changes the context")
	}
	if library(macro("a", "x=1"), table, macro("b", "y")).Context(uses) != base.Context(uses) {
		t.Error("a name that is not used changes the context")
	}
	for name, other := range map[string]*Library{
		"text": library(macro("a", "x=3"), table), "removal": library(table), "no library": nil,
	} {
		if other.Context(uses) == base.Context(uses) {
			t.Errorf("%s: the context is the same", name)
		}
		if changed := base.Changed(other, uses); len(changed) == 0 || changed[0] != uses[0] {
			t.Errorf("%s: changed %v", name, changed)
		}
	}
	before := base.Context(uses)
	content = "2"
	after := library(macro("a", "x=1"), table)
	if after.Context(uses) == before {
		t.Error("the table of a lookup has no part in the context")
	}
	if changed := after.Changed(base, uses); len(changed) != 1 || changed[0] != uses[1] {
		t.Errorf("changed %v", changed)
	}
}

func TestLibraryFollowsDefinitions(t *testing.T) {
	function := func(name, text string, uses ...string) Definition {
		d := Definition{Use: Use{Function, name}, Text: text, Path: name + ".yaml", Line: 1}
		for _, use := range uses {
			d.Uses = append(d.Uses, Use{Function, use})
		}
		return d
	}
	library := func(c string) *Library {
		return NewLibrary([]Definition{function("a", "b | c", "b"), function("b", "c", "c", "a", "gone"), function("c", c), function("d", "T")}, nil)
	}
	base, head := library("x"), library("y")
	uses := []Use{{Function, "a"}, {Function, "b"}, {Function, "c"}, {Function, "d"}}
	if changed := head.Changed(base, uses); len(changed) != 3 {
		t.Errorf("changed %v, expected what refers to c, also through others, and c", changed)
	}
	if changed := head.Changed(library("y"), uses); len(changed) != 0 {
		t.Errorf("changed %v although nothing has", changed)
	}
}

func TestLibraryNames(t *testing.T) {
	var none *Library
	if none.Names(Macro) != nil || none.Has(Macro) || none.Missing(Lookup, "a") != nil || none.Repeated() != nil {
		t.Error("no library has something")
	}
	at := func(kind DefinitionKind, name, path string, files ...string) Definition {
		return Definition{Use: Use{kind, name}, Path: path, Files: files}
	}
	definitions := []Definition{
		at(Macro, "b", "m/b.yml"), at(Macro, "a(2)", "m/a.yml"), at(Macro, "b", "m/c.yml"), at(Macro, "a(2)", ""),
		at(Lookup, "t", "l/t.yml", "t.csv"), at(Lookup, "u", "l/u.yml", "u.csv"),
	}
	l := NewLibrary(definitions, func(path string) string {
		if path == "l/u.csv" {
			return "1"
		}
		return ""
	})
	if got := l.Names(Macro); len(got) != 2 || got[0] != "a(2)" || got[1] != "b" {
		t.Errorf("names are %q", got)
	}
	if !l.Has(Lookup) || l.Has(DataSource) {
		t.Error("the kinds are wrong")
	}
	if got := l.Missing(Lookup, "t"); len(got) != 1 || got[0] != "l/t.csv" {
		t.Errorf("missing %q", got)
	}
	if got := l.Missing(Lookup, "u"); len(got) != 0 {
		t.Errorf("missing %q", got)
	}
	if got := l.Repeated(); len(got) != 1 || len(got[0]) != 2 || got[0][0].Path != "m/b.yml" || got[0][1].Path != "m/c.yml" {
		t.Errorf("repeated %v", got)
	}
	// A repository that keeps its tables elsewhere misses none.
	if got := NewLibrary(definitions, nil).Missing(Lookup, "t"); got != nil {
		t.Errorf("missing %q", got)
	}
}
