package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/internal/near"

	"github.com/google/go-cmp/cmp"
)

// checkCase is a rule file and what one check says about it, a line for each
// finding: "line:column severity message". With fixed, the first fix is tried
// and the result compared.
type checkCase struct {
	name  string
	check string
	file  string
	want  []string
	fixed string
}

func runCases(t *testing.T, cases []checkCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.check+"/"+c.name, func(t *testing.T) {
			findings := exampleFindings(Lookup(c.check), nil, c.file)
			var got []string
			for _, f := range findings {
				checkFinding(t, f)
				got = append(got, fmt.Sprintf("%d:%d-%d %s %s", f.Range.Start.Line, f.Range.Start.Column, f.Range.End.Column, f.Severity, f.Message))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if c.fixed == "" {
				return
			}
			if len(findings) == 0 || findings[0].Fix == nil {
				t.Fatal("no fix")
			}
			if diff := cmp.Diff(c.fixed, applyIn(t, c.file, &findings[0])); diff != "" {
				t.Errorf("after the fix (-want +got):\n%s", diff)
			}
		})
	}
}

// applyIn makes the edits of a finding's fix in that file of an example which
// the finding is about.
func applyIn(t *testing.T, example string, f *Finding) string {
	if !strings.HasPrefix(example, exampleHead) {
		return apply(t, example, f.Fix.Edits)
	}
	var b strings.Builder
	for _, file := range ExampleFiles(example) {
		text := file.Text
		if file.Path == f.Path {
			text = apply(t, text, f.Fix.Edits)
		}
		b.WriteString(exampleHead + file.Path + exampleTail + "\n" + text)
	}
	return b.String()
}

// sound is a rule that no check has anything to say about; the lines that
// matter to a test are put in its place.
const sound = `title: A rule for tests
id: 00000000-1111-4222-8333-444444444444
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\test.exe'
    condition: selection
level: low
`

// with is the sound rule with one of its lines, or several, replaced. The
// lines to replace must be there.
func with(pairs ...string) string {
	text := sound
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			panic("not in the rule: " + pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func TestSoundRule(t *testing.T) {
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.Example(sound) {
		t.Errorf("%s: %s", f.Check, f.Message)
	}
}

func TestCheckSelection(t *testing.T) {
	if _, err := NewLinter(nil, []string{"duplicate_id"}, nil); err == nil || !strings.Contains(err.Error(), `did you mean "duplicate-id"?`) {
		t.Errorf("unknown check: %v", err)
	}
	if _, err := NewLinter(nil, nil, []string{"no-such-thing-at-all"}); err == nil || strings.Contains(err.Error(), "did you mean") {
		t.Errorf("unknown check: %v", err)
	}
	l, err := NewLinter(nil, []string{"duplicate-id", "syntax"}, []string{"syntax"})
	if err != nil || len(l.checks) != 1 || l.checks[0] != duplicateIDCheck {
		t.Errorf("chose %v, %v", l.checks, err)
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		word, want string
		candidates []string
	}{
		{"testing", "test", statuses},
		{"EXPERIMENTAL", "experimental", statuses},
		{"expirimental", "experimental", statuses},
		{"hgih", "high", levels},
		{"info", "informational", levels},
		{"severe", "", levels},
		{"x", "", levels},
		{"selection", "", []string{"selection1", "selection2"}},
		{"selection", "", []string{"selection_a", "selection_b"}},
		{"selction_img", "selection_img", []string{"selection_img", "selection_cli"}},
		{strings.Repeat("x", 500), "", levels},
	} {
		if got := near.Word(c.word, c.candidates); got != c.want {
			t.Errorf("near.Word(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}

func TestMeansKey(t *testing.T) {
	for _, c := range []struct {
		word, attribute string
		want            bool
	}{
		{"falsepositive", "falsepositives", true},
		{"false_positives", "falsepositives", true},
		{"Title", "title", true},
		{"titel", "title", true},
		{"lvel", "level", true},
		{"realted", "related", true},
		{"log_source", "logsource", true},
		{"licence", "license", true},
		{"data", "date", false},
		{"score", "scope", false},
		{"files", "fields", false},
		{"file", "title", false},
		{"uid", "id", false},
		{"owner", "author", false},
	} {
		if got := meansKey(c.word, c.attribute); got != c.want {
			t.Errorf("meansKey(%q, %q) = %v", c.word, c.attribute, got)
		}
	}
}
