package report

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/lint"
)

// What GitHub's runner and Azure's agent read back from a command is what was
// written.
func TestCommandEscapes(t *testing.T) {
	github := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	azure := strings.NewReplacer("%3B", ";", "%0D", "\r", "%0A", "\n", "%5D", "]", "%AZP25", "%")
	for name, s := range hostileTexts {
		for _, tt := range []struct {
			what, written string
			read          *strings.Replacer
			never         string
		}{
			{"text of GitHub", githubText(s), github, "\r\n"},
			{"property of GitHub", githubProperty(s), github, "\r\n:,"},
			{"text of Azure", azureText(s), azure, "\r\n"},
			{"property of Azure", azureProperty(s), azure, "\r\n;]"},
		} {
			if got := tt.read.Replace(tt.written); got != s {
				t.Errorf("%s, %s: %q is read as %q", tt.what, name, tt.written, got)
			}
			if strings.ContainsAny(tt.written, tt.never) {
				t.Errorf("%s, %s: %q", tt.what, name, tt.written)
			}
		}
	}
}

// GitHub shows ten annotations of each kind: no more are written, the one that
// tells of the rest among them.
func TestAnnotationLimit(t *testing.T) {
	for _, n := range []int{0, 1, 9, 10, 11, 500} {
		r := many(n)
		out := render(t, GitHub, r, Options{})
		counts := map[string]int{}
		for line := range strings.Lines(out) {
			command, _, _ := strings.Cut(strings.TrimPrefix(line, "::"), " ")
			if strings.HasPrefix(line, "::") {
				counts[command]++
			}
		}
		for _, kind := range githubCommands {
			if want := min(n, maxAnnotations); counts[kind] != want {
				t.Errorf("%d findings of each severity: %d annotations of the kind %s, expected %d", n, counts[kind], kind, want)
			}
		}
		if said := strings.Contains(out, " than GitHub shows"); said != (n > maxAnnotations) {
			t.Errorf("%d findings of each severity: the rest is said: %v", n, said)
		}
		if n == 11 && strings.Count(out, "one of many") != 3*n {
			t.Errorf("%d of %d findings are written", strings.Count(out, "one of many"), 3*n)
		}
	}
}

// The help of checks is read far from the folder it was written for.
func TestSARIFHelpLinks(t *testing.T) {
	for _, c := range lint.Checks() {
		help := newSARIFRule(c.ID).Help
		for _, text := range []string{help.Text, help.Markdown} {
			for _, part := range strings.Split(text, "](")[1:] {
				if !strings.HasPrefix(part, "https://") {
					t.Errorf("%s links to %.40s", c.ID, part)
				}
			}
		}
	}
}
