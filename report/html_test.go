package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/detlint/detlint/lint"
)

// elements walks a page and fails on what could act: scripts, handlers,
// requests, addresses that are no web pages.
func elements(t testing.TB, page string) map[string]int {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		switch n.Data {
		case "script", "iframe", "object", "embed", "img", "form", "base":
			t.Errorf("the page has an element %s", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"):
				t.Errorf("<%s> has a handler %s", n.Data, a.Key)
			case a.Key == "src":
				t.Errorf("<%s> asks for %s", n.Data, a.Val)
			case a.Key == "href" && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "#") && a.Val != "data:,":
				t.Errorf("<%s> leads to %s", n.Data, a.Val)
			}
		}
	}
	return count
}

// What strangers wrote is shown and does nothing.
func TestHTMLIsInert(t *testing.T) {
	page := render(t, HTML, sample(), Options{Files: "https://example.org/{path}#L{line}"})
	count := elements(t, page)
	if want := len(sample().Findings); count["article"] != want {
		t.Errorf("%d findings on the page, want %d", count["article"], want)
	}
	for i, r := range page {
		if unseen(r) && r != '\n' {
			t.Fatalf("unseen character %U at byte %d: %q", r, i, page[max(i-40, 0):i])
		}
	}
	if !strings.Contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Error("the title that looks like a script is not shown")
	}
}

// The page has the groups that the other formats have, each technique in one.
func TestHTMLGroups(t *testing.T) {
	r := sample()
	c := r.Coverage
	c.Weakened[0].DownToOne = true
	c.Unread, c.Strengthened = c.Weakened[:1], c.Weakened[1:]
	page := render(t, HTML, r, Options{})
	techniques := 0
	for _, g := range changeGroups(c) {
		techniques += len(g.changes)
		want := "<h3>" + capital(g.word) + fmt.Sprintf(" <small>%d</small>", len(g.changes))
		if g.word == "strengthened" {
			want = "<summary>" + count(len(g.changes), "technique") + " strengthened"
		}
		if has := strings.Contains(page, want); has != (len(g.changes) > 0) {
			t.Errorf("%d techniques are %s, and the page has %q: %t", len(g.changes), g.word, want, has)
		}
	}
	_, list, _ := strings.Cut(page, `<section id="coverage">`)
	list, _, _ = strings.Cut(list, "matrix</h3>")
	if n := elements(t, list)["li"]; n != techniques {
		t.Errorf("%d techniques are listed, want %d", n, techniques)
	}
	if words := "No technique is covered better or worse"; strings.Contains(page, words) {
		t.Errorf("the page says %q", words)
	} else if c.Gained, c.Lost, c.Unread, c.Weakened, c.Strengthened = nil, nil, nil, nil, nil; !strings.Contains(render(t, HTML, r, Options{}), words) {
		t.Errorf("the page does not say %q", words)
	}
}

// What a page has no room for is counted.
func TestHTMLLimits(t *testing.T) {
	r := sample()
	open, _ := parted(r.Findings)
	finding := r.Findings[0]
	for range htmlFindings {
		r.Findings = append(r.Findings, finding)
	}
	for range htmlRules {
		r.Rules = append(r.Rules, Rule{Path: "a.yml", Line: 1, State: "added"})
	}
	page := render(t, HTML, r, Options{})
	for _, want := range []string{fmt.Sprintf("and %d more findings", len(open)), "and 4 more rules"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := elements(t, page)["article"]; n != htmlFindings+1 { // and the fixed one
		t.Errorf("%d findings are listed", n)
	}
}

// The matrix has every technique of ATT&CK once in each of its columns, with the
// rules that the coverage counts.
func TestMatrix(t *testing.T) {
	c := sampleCoverage()
	rules, techniques := map[string]int{}, map[string]bool{}
	var walk func(cells []matrixCell)
	walk = func(cells []matrixCell) {
		for _, cell := range cells {
			techniques[cell.ID] = true
			rules[cell.ID] = cell.Rules
			walk(cell.Subs)
		}
	}
	for _, m := range matrices(c) {
		for _, column := range m.Columns {
			before := len(techniques)
			walk(column.Cells)
			if len(techniques) == before && column.All > 0 && len(column.Cells) == 0 {
				t.Errorf("%s is empty", column.Name)
			}
		}
	}
	for i := range c.After.Techniques {
		want := &c.After.Techniques[i]
		if want.Name == "" || len(want.Tactics) == 0 {
			continue
		}
		if rules[want.ID] != len(want.Rules) {
			t.Errorf("%s has %d rules in the matrix, want %d", want.ID, rules[want.ID], len(want.Rules))
		}
	}
	if len(techniques) < 600 {
		t.Errorf("the matrix has %d techniques", len(techniques))
	}
}

// A browser shows the page without running or asking for anything.
func TestHTMLInBrowser(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("no Chromium here to show the page with")
	}
	r := sample()
	r.Findings = append(r.Findings, lint.Finding{
		Check: "syntax", Severity: lint.Error, Path: "x.yml", Range: span(1, 1, 4),
		Message: `<img src=x onerror="document.title='taken'"></script><script>document.title='taken'</script>`,
		Snippet: `</pre><script>document.title='taken'</script>`, Hint: `</pre><svg onload="document.title='taken'">`,
	})
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(render(t, HTML, r, Options{})), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(),
		"--dump-dom", "file://"+filepath.ToSlash(file)).Output()
	if err != nil {
		t.Skipf("Chromium cannot run here: %v", err)
	}
	dom := string(out)
	elements(t, dom)
	if !strings.Contains(dom, "<title>detlint: ") || strings.Contains(dom, "<title>taken") {
		t.Error("the title of the page is not the report's")
	}
	if n := strings.Count(dom, "<article"); n != len(r.Findings) {
		t.Errorf("the browser sees %d findings, want %d", n, len(r.Findings))
	}
}
