package lint

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the generated documentation")

const docsFolder = "../docs/checks"

// generated stands at the top of files that nobody should edit.
const generated = "<!-- Generated from the check itself: go test ./lint -run TestDocsAreCurrent -update -->\n\n"

// TestDocsAreCurrent keeps docs/checks what the checks say of themselves.
func TestDocsAreCurrent(t *testing.T) {
	cat := exampleCatalog(t)
	want := map[string]string{"README.md": Index()}
	for _, c := range Checks() {
		want[c.ID+".md"] = Page(c, cat)
	}
	if *update {
		if err := os.MkdirAll(docsFolder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range want {
		text = generated + text
		file := filepath.Join(docsFolder, name)
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		have, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		} else if strings.ReplaceAll(string(have), "\r\n", "\n") != text {
			t.Errorf("%s is not current, run: go test ./lint -run TestDocsAreCurrent -update", file)
		}
	}
	entries, err := os.ReadDir(docsFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, ok := want[e.Name()]; !ok {
			if *update {
				if err := os.Remove(filepath.Join(docsFolder, e.Name())); err != nil {
					t.Error(err)
				}
				continue
			}
			t.Errorf("%s belongs to no check", e.Name())
		}
	}
}

// TestChecksAreDocumented: a check says everything its page needs.
func TestChecksAreDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Checks() {
		switch {
		case c.ID == "" || strings.ToLower(c.ID) != c.ID || strings.ContainsAny(c.ID, " _."):
			t.Errorf("%q is no id in kebab case", c.ID)
		case seen[c.ID]:
			t.Errorf("two checks have the id %q", c.ID)
		case c.Severity < Info || c.Severity > Error:
			t.Errorf("%s has no severity", c.ID)
		case c.Summary == "" || strings.HasSuffix(c.Summary, "."):
			t.Errorf("%s: the summary must be one sentence without a final stop: %q", c.ID, c.Summary)
		case c.Rationale == "":
			t.Errorf("%s has no rationale", c.ID)
		case c != unreadableCheck && (c.Bad == "" || c.Good == ""):
			t.Errorf("%s has no examples", c.ID)
		}
		seen[c.ID] = true
	}
}

// TestExplanations: what "detlint explain" prints can be read and followed from
// anywhere.
func TestExplanations(t *testing.T) {
	cat := exampleCatalog(t)
	addresses := 0
	for _, c := range Checks() {
		text := Explanation(c, cat)
		for _, wrong := range []string{"](", "<details>", "<summary>", "../"} {
			if i := strings.Index(text, wrong); i >= 0 && !strings.Contains(c.Bad+c.Rationale, wrong) {
				t.Errorf("%s: %q in %q", c.ID, wrong, text[max(i-40, 0):min(i+40, len(text))])
			}
		}
		if !strings.Contains(text, c.Link()) {
			t.Errorf("%s: no link to its page", c.ID)
		}
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, "("+docsAddress)
			if !ok {
				break
			}
			addresses++
			file, _, _ := strings.Cut(after, ")")
			file, _, _ = strings.Cut(file, "#")
			if _, err := os.Stat(filepath.Join("../docs", file)); err != nil {
				t.Errorf("%s: %v", c.ID, err)
			}
			rest = after
		}
	}
	if addresses == 0 {
		t.Error("no page refers to another")
	}
}
