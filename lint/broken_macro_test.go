package lint

import (
	"testing"

	"github.com/detlint/detlint/rule"
)

func TestAtMacros(t *testing.T) {
	library := rule.NewLibrary([]rule.Definition{{Use: rule.Use{Kind: rule.Macro, Name: "m(2)"}, Path: "macros/m.yml", Line: 3}}, nil)
	call := func(path, macro, file, message string, state State) Finding {
		r := &rule.Rule{Source: rule.NewSource(path, []byte("x")), Title: rule.Text{Value: path}}
		f := newFinding(syntaxCheck, r, rule.Span{}, message, message)
		f.State = state
		if macro != "" {
			f.macro = &macroFault{macro, file}
		}
		return f
	}
	const message = `in macro "m" of macros/m.yml: it is torn`
	in := func(path string, state State) Finding { return call(path, "m", "macros/m.yml", message, state) }
	known := in("d.yml", New)
	known.Suppressed = &Suppressed{}
	tests := []struct {
		name string
		in   []Finding
		want []string
	}{
		{"one caller", []Finding{in("a.yml", New)}, []string{"a.yml: " + message}},
		{"one caller twice", []Finding{in("a.yml", New), in("a.yml", New)}, []string{"a.yml: " + message, "a.yml: " + message}},
		{"several", []Finding{in("a.yml", New), call("b.yml", "", "", "own", New), in("c.yml", New), known}, []string{
			"b.yml: own", "d.yml: " + message,
			`macros/m.yml: macro "m": it is torn; 2 rules that call it cannot be read whole: "a.yml", "c.yml"`,
		}},
		{"new and old", []Finding{in("a.yml", New), in("b.yml", Existing)}, []string{"a.yml: " + message, "b.yml: " + message}},
		{"a macro that is not known", []Finding{call("a.yml", "n", "macros/m.yml", "x", New), call("b.yml", "n", "macros/m.yml", "x", New)}, []string{"a.yml: x", "b.yml: x"}},
	}
	for _, tt := range tests {
		got := AtMacros(tt.in, library)
		var lines []string
		for _, f := range got {
			lines = append(lines, f.Path+": "+f.Message)
			if f.Callers > 0 && (f.Callers != 2 || len(f.Related) != 2 || f.Range.Start.Line != 3 || f.Severity != Error) {
				t.Errorf("%s: %+v", tt.name, f)
			}
		}
		if len(lines) != len(tt.want) {
			t.Errorf("%s: %q", tt.name, lines)
			continue
		}
		for i := range lines {
			if lines[i] != tt.want[i] {
				t.Errorf("%s: got %q, want %q", tt.name, lines[i], tt.want[i])
			}
		}
	}
}
