package report

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hostileTexts are what a stranger may write into a rule or name a file, to be
// obeyed by what reads the report.
var hostileTexts = map[string]string{
	"nasty":            nasty,
	"a later command":  strings.Repeat("word ::error file=x::made up ", 9),
	"workflow command": "::error file=x,line=1::made up",
	"indented command": "  \t::add-mask::a",
	"escaped break":    "a%0A::error::made up%0D%0A",
	"break":            "a\n::error::made up\r\n::stop-commands::x\r::set-output name=a::b",
	"properties":       "a,line=99,title=x:y;code=z]made up",
	"azure command":    "##vso[task.setvariable variable=x]y",
	"azure within":     "value is ##vso[task.logissue type=error]made up",
	"runner command":   "##[add-mask]a ##[error]b",
	"teamcity":         "##teamcity[buildStop comment='x']",
	"azure escape":     "%AZP25 %5D %3B",
	"script":           "</script><script>alert(1)</script>",
	"image":            "<img src=x onerror=alert(1)>",
	"svg":              "</text></svg><script>alert(1)</script>",
	"table":            "a | b | c",
	"code":             "`x` ```\nfenced\n```",
	"mention":          "@octocat @a/b #12 !12 GH-1",
	"markdown link":    "[x](javascript:alert(1)) ![x](https://evil.example/x.png)",
	"details":          "</details></summary><details open>",
	"ansi":             "\x1b[2J\x1b]8;;https://evil.example\x07x\x1b]8;;\x07 \u009b31m",
	"bidi":             "\u202egpj.exe\u202c \u2066x\u2069 \u200f",
	"tags":             "\U000E0041\U000E0042 \ufeff \u200b",
	"nul":              "a\x00b\x01c\x7f",
	"broken utf-8":     "a\xff\xfe\xc0\xafb\xed\xa0\x80",
	"cdata":            "]]> <![CDATA[ x ]]>",
	"entity":           "&lt; &x; <!DOCTYPE x [<!ENTITY y SYSTEM \"file:///x\">]>",
	"comment":          "--> <!-- x",
	"quotes":           `"'><a href="x">\`,
	"formula":          "=cmd|' /C calc'!A0",
	"formula +":        "+1+cmd|' /C calc'!A0",
	"formula -":        "-2+3",
	"formula @":        "@SUM(1+1)*cmd|' /C calc'!A0",
	"formula tab":      "\t=1+1",
	"formula wide":     "\uff1d1+1",
	"path up":          "../../../x",
	"absolute":         "/x//y",
	"scheme":           "javascript:alert(1)//",
	"empty":            "",
	"blank":            " \u00a0\u3000 ",
}

// TestInert puts hostile texts into every place that a stranger can write to,
// and checks that every format still is what it is.
func TestInert(t *testing.T) {
	for _, f := range slices.Concat(CIFormats, DiffFormats) {
		for name, s := range hostileTexts {
			t.Run(f.Name+"/"+name, func(t *testing.T) {
				checkInert(t, f.Name, render(t, f.Write, hostile(s, 3, 9), Options{Files: "https://example.org/{path}#L{line}", Repository: "https://example.org/a/b"}))
				if strings.HasSuffix(f.Name, "text") { // where lines are broken, others begin
					checkInert(t, f.Name, render(t, f.Write, hostile("some words and "+s, 3, 9), Options{Width: 40}))
				}
			})
		}
	}
}

// The JSON report says what is there, to the byte; only what is no text is
// replaced.
func TestJSONIsFaithful(t *testing.T) {
	for name, s := range hostileTexts {
		var got struct {
			Findings []struct{ Message, Path, Snippet string }
		}
		if err := json.Unmarshal([]byte(render(t, JSON, hostile(s, 3, 9), Options{})), &got); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := string([]rune(s)) // each broken byte becomes U+FFFD
		if f := got.Findings[0]; f.Message != want || f.Path != want || f.Snippet != want {
			t.Errorf("%s: %q became %+q", name, s, f)
		}
	}
}

// checkInert finds what must not be in an output, whatever a rule says.
func checkInert(t testing.TB, format, out string) {
	t.Helper()
	checkPrintable(t, out)
	rest := out
	switch format {
	case "github":
		rest = checkGitHub(t, out)
	case "azure":
		rest = checkAzure(t, out)
	case "json", "coverage-json", "sarif", "gitlab", "navigator", "navigator-delta", "navigator-gap":
		if !json.Valid([]byte(out)) {
			t.Error("not JSON")
		}
		if format == "sarif" {
			checkSARIF(t, out)
		}
	case "junit", "checkstyle", "svg", "badge":
		checkXML(t, format, out)
	case "csv", "coverage-csv":
		checkCSV(t, out)
	case "markdown", "coverage-markdown", "gitlab-note":
		checkMarkdown(t, out)
	case "github-comment", "github-review":
		checkComments(t, out)
	case "github-output":
		if !regexp.MustCompile(`^([a-z-]+=\d+\n)+$`).MatchString(out) {
			t.Errorf("outputs: %q", out)
		}
	case "html", "coverage-html":
		elements(t, out)
	case "text", "coverage-text":
	default:
		t.Errorf("nothing is known of %s", format)
	}
	// Whatever is printed may be read in the log of a CI system.
	if at := ciCommand.FindString(rest); at != "" {
		t.Errorf("a command: %q", at)
	}
	for line := range strings.Lines(rest) {
		if workflowCommand.MatchString(strings.TrimSpace(line)) {
			t.Errorf("a workflow command: %q", line)
		}
	}
}

// checkSARIF finds links in the messages of results.
func checkSARIF(t testing.TB, out string) {
	t.Helper()
	var log struct{ Runs []sarifRun }
	if err := json.Unmarshal([]byte(out), &log); err != nil {
		t.Fatal(err)
	}
	for _, result := range log.Runs[0].Results {
		texts := []string{result.Message.Text}
		for _, l := range result.Related {
			texts = append(texts, l.Message.Text)
		}
		for _, f := range result.Fixes {
			texts = append(texts, f.Description.Text)
		}
		for _, s := range result.Suppressions {
			texts = append(texts, s.Justification)
		}
		for _, text := range texts {
			if strings.Contains(text, "](") {
				t.Errorf("a link: %q", text)
			}
		}
	}
}

// workflowCommand is what GitHub's runner looks at: a name between colons.
var workflowCommand = regexp.MustCompile(`^::[A-Za-z-]+( .*)?::`)

// checkGitHub reads workflow commands as GitHub's runner does, and returns the
// other lines.
func checkGitHub(t testing.TB, out string) (rest string) {
	t.Helper()
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		if !workflowCommand.MatchString(strings.TrimSpace(line)) {
			rest += line + "\n"
			continue
		}
		head, data, ok := strings.Cut(line[2:], "::")
		command, properties, _ := strings.Cut(head, " ")
		if !ok || !slices.Contains([]string{"error", "warning", "notice", "group", "endgroup"}, command) {
			t.Errorf("command %q", line)
		}
		if properties != "" {
			for _, p := range strings.Split(properties, ",") {
				key, _, _ := strings.Cut(p, "=")
				if !slices.Contains([]string{"file", "line", "col", "endLine", "endColumn", "title"}, key) {
					t.Errorf("property %q in %q", key, line)
				}
			}
		}
		if at := ciCommand.FindString(data); at != "" {
			t.Errorf("a command: %q", at)
		}
	}
	return rest
}

// checkAzure reads logging commands as the agent does, and returns the other
// lines.
func checkAzure(t testing.TB, out string) (rest string) {
	t.Helper()
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		body, ok := strings.CutPrefix(line, "##vso[task.logissue ")
		if !ok {
			rest += line + "\n"
			continue
		}
		properties, data, ok := strings.Cut(body, "]")
		if !ok {
			t.Errorf("command %q", line)
		}
		for _, p := range strings.Split(properties, ";") {
			key, _, _ := strings.Cut(p, "=")
			if !slices.Contains([]string{"type", "sourcepath", "linenumber", "columnnumber", "code"}, key) {
				t.Errorf("property %q in %q", key, line)
			}
		}
		rest += data + "\n"
	}
	// What follows the command is its text: an indented one begins no line.
	return regexp.MustCompile(`(?m)^\s*::`).ReplaceAllString(rest, "text ::")
}

// ownElements are all that an XML output may hold.
var ownElements = map[string][]string{
	"junit":      {"testsuites", "testsuite", "testcase", "failure", "skipped"},
	"checkstyle": {"checkstyle", "file", "error"},
	"svg":        {"svg", "title", "desc", "style", "text", "g", "rect"},
	"badge":      {"svg", "title", "clipPath", "rect", "g", "text"},
}

func checkXML(t testing.TB, format, out string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(out))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("not XML: %v", err)
			return
		}
		switch e := token.(type) {
		case xml.StartElement:
			if !slices.Contains(ownElements[format], e.Name.Local) {
				t.Errorf("element %q", e.Name.Local)
			}
			for _, a := range e.Attr {
				if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || strings.HasPrefix(a.Value, "javascript:") && a.Name.Local == "href" {
					t.Errorf("attribute %q", a.Name.Local)
				}
			}
		case xml.Directive:
			t.Errorf("directive %q", e)
		}
	}
}

func checkCSV(t testing.TB, out string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll() // of equal length, or an error
	if err != nil {
		t.Error(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if bare := strings.TrimSpace(cell); bare != "" && strings.ContainsAny(bare[:1], "=+-@") || strings.HasPrefix(bare, "\uff1d") {
				t.Errorf("a formula: %q", cell)
			}
			if strings.ContainsAny(cell, "\t\r\n") {
				t.Errorf("a break: %q", cell)
			}
		}
	}
}
