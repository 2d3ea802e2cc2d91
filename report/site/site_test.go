package site

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// hostile is what a rule's author could write to be obeyed instead of read.
const hostile = `</script></title><img src=x onerror="document.body.setAttribute('data-pwned','1')">` +
	`"'><script>document.body.setAttribute('data-pwned','2')</script>{{.}}` + "\u202egpj.exe\u202c\u2028\x00 &amp; ../../x"

func smallCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	key := func(field string, op rule.Operator, value string) normalize.Key {
		return normalize.Key{Field: field, Operator: op, Value: value}
	}
	rclone := key("process.name", rule.Eq, "rclone.exe")
	b := catalog.NewBuilder("2026-08")
	sigma := b.AddSource(catalog.Source{Name: "Example/sigma", Vendor: rule.Sigma, Commit: "0123456", License: "DRL-1.1", URL: "https://example.org/sigma"})
	strange := b.AddSource(catalog.Source{Name: hostile, Vendor: hostile, Commit: hostile, License: hostile, URL: "javascript:alert(1)//"})
	b.Add(catalog.Rule{
		Source: sigma, Vendor: rule.Sigma, Language: "sigma", ID: "11111111-0000-4000-8000-000000000001", Title: "Rclone Copies", Path: "rules/a b.yml",
		Level: rule.LevelHigh, Techniques: []string{"T1020", "T1567.002"},
		Events: []normalize.Event{{Provider: "Sysmon", Event: "1"}, {Provider: "sysmon", Event: "1"}}, Indicators: []normalize.Key{rclone, key("Process.Name", rule.Eq, "x")},
		Exclusions: [][]normalize.Key{{key("user.name", rule.Eq, "svc"), rclone}},
	})
	for range 2 { // the same id twice
		b.Add(catalog.Rule{
			Source: strange, Vendor: hostile, ID: hostile, Title: hostile, Path: hostile, Level: hostile, Language: hostile, Category: hostile,
			Techniques: []string{"T1020", hostile, "T9999.001"}, Tactics: []string{hostile},
			Events:     []normalize.Event{{Provider: hostile, Event: hostile}, {Provider: "../..", Event: "*"}},
			Indicators: []normalize.Key{rclone, key(hostile, rule.Eq, hostile), key("..", rule.Contains, ""), key(strings.Repeat("long", 100), rule.Operator(hostile), hostile), key("a.b", rule.Eq, strings.Repeat("z", 300))},
			Exclusions: [][]normalize.Key{{key(hostile, rule.Eq, hostile)}},
		})
	}
	for i := range maxRows + 5 {
		b.Add(catalog.Rule{
			Source: sigma, Vendor: rule.Sigma, Title: "Many", Path: "many.yml", Index: i, Techniques: []string{"T1059.001"},
			Indicators: []normalize.Key{rclone, key("file.name", rule.Eq, strings.Repeat("a", i+1))},
		})
	}
	var data strings.Builder
	if _, err := b.WriteTo(&data); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data.String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// files reads a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func written(t *testing.T) (dir string, all map[string]string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "public", "site")
	n, err := Write(smallCatalog(t), dir)
	if err != nil {
		t.Fatal(err)
	}
	all = files(t, dir)
	if want := len(all) - 4; n != want { // style, script, index and marker
		t.Errorf("%d pages counted, %d written", n, want)
	}
	return dir, all
}

var (
	reference = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	anchor    = regexp.MustCompile(`<a [^>]*href="https://[^"]*" rel="noreferrer"`)
)

// TestLinks: every link leads to a page of the site, or is a link to click on.
func TestLinks(t *testing.T) {
	_, all := written(t)
	for name, text := range all {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		text = anchor.ReplaceAllString(text, "")
		for _, m := range reference.FindAllStringSubmatch(text, -1) {
			if m[1] == "data:," || strings.HasPrefix(m[1], "#") {
				continue
			}
			target, err := url.PathUnescape(m[1])
			if err != nil || strings.Contains(target, ":") {
				t.Errorf("%s refers to %q", name, m[1])
				continue
			}
			if _, ok := all[path.Join(path.Dir(name), target)]; !ok {
				t.Errorf("%s links to %q, which is not there", name, m[1])
			}
		}
	}
	for _, page := range []string{"index.html", "events.html", "fields.html", "techniques/T1020.html", "techniques/T1059.html", "techniques/T1059.001.html", "fields/process.name.html"} {
		if all[page] == "" {
			t.Errorf("there is no %s", page)
		}
	}
	if script := all["search.js"]; strings.Contains(script, "innerHTML") || strings.Contains(script, "fetch(") || strings.Contains(script, "http") {
		t.Error("the script writes markup, or asks the network")
	}
}

func TestHostileTextIsInert(t *testing.T) {
	dir, all := written(t)
	for name, text := range all {
		if strings.ContainsAny(text, "\u202e\u202c\u2028\x00") {
			t.Errorf("%s has characters that act without being seen", name)
		}
		for _, bad := range []string{"<img", "<script>", "javascript:", "onerror=\""} {
			if strings.Contains(text, bad) {
				t.Errorf("%s contains %s", name, bad)
			}
		}
	}
	if around, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(around) != 1 {
		t.Errorf("beside the site: %v, %v", around, err)
	}
}

func TestBytesAreTheSame(t *testing.T) {
	_, one := written(t)
	_, two := written(t)
	if len(one) != len(two) {
		t.Fatalf("%d and %d files", len(one), len(two))
	}
	for name, text := range one {
		if two[name] != text {
			t.Errorf("%s differs", name)
		}
	}
}

func TestBounds(t *testing.T) {
	_, all := written(t)
	for page, want := range map[string]string{
		"fields/file.name.html":     "and 5 more, which",
		"techniques/T1059.001.html": "<li>and 85 more</li>",
	} {
		if !strings.Contains(all[page], want) {
			t.Errorf("%s does not say %q", page, want)
		}
	}
}

func TestForeignFoldersAreLeftAlone(t *testing.T) {
	c := smallCatalog(t)
	dir := t.TempDir()
	mine := filepath.Join(dir, "index.html")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(c, dir); !errors.Is(err, ErrOccupied) {
		t.Errorf("error = %v", err)
	}
	if got := files(t, dir); len(got) != 1 || got["index.html"] != "mine" {
		t.Errorf("files = %v", got)
	}
	// An earlier site is replaced, pages that no longer exist are removed, and
	// what others have put there stays.
	dir, before := written(t)
	for _, name := range []string{"rules/old.html", "CNAME"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Write(c, dir); err != nil {
		t.Fatal(err)
	}
	after := files(t, dir)
	if len(after) != len(before)+1 || after["CNAME"] != "x" {
		t.Errorf("%d files, before %d", len(after), len(before))
	}
}

func TestSlugs(t *testing.T) {
	seen := map[string]string{}
	for _, text := range []string{
		"process.name", "Process.Name", "process/name", "", ".", "..", "*", "a b", "a_b", "é", "è", strings.Repeat("x", 200), strings.Repeat("x", 201), "x.", "con",
	} {
		s := slug(text)
		if before, ok := seen[strings.ToLower(s)]; ok {
			t.Errorf("%q and %q are both %s", before, text, s)
		}
		seen[strings.ToLower(s)] = text
		if s == "" || len(s) > 100 || strings.HasPrefix(s, ".") || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" {
			t.Errorf("slug of %q = %q", text, s)
		}
	}
}

// TestBrowser opens pages in a real browser: nothing that a rule says is
// obeyed, the console has no errors, and the search finds.
func TestBrowser(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chromium-headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			browser = found
			break
		}
	}
	if browser == "" {
		t.Skip("no Chromium is installed: pages not opened in a browser")
	}
	dir, all := written(t)
	strange := ""
	for name := range all {
		if strings.HasPrefix(name, "rules/script_") || strings.HasPrefix(name, "rules/_") {
			strange = name
		}
	}
	if strange == "" {
		t.Fatal("the strange rule has no page")
	}
	for _, tt := range []struct{ page, want string }{
		{"index.html#q=rclone", `href="fields/process.name.html">rclone.exe`},
		{"techniques/T1020.html#q=t1059", `href="../techniques/T1059.001.html">T1059.001`},
		{"techniques/T1020.html#q=onerror", `class="k">rule</span>`},
		{"index.html#q=no%20such%20thing", `Nothing found.`},
		{strange, "data-pwned"},
	} {
		page, fragment, _ := strings.Cut(tt.page, "#")
		address := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, page)), Fragment: fragment}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
			"--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--virtual-time-budget=4000",
			"--user-data-dir="+t.TempDir(), "--dump-dom", strings.ReplaceAll(address.String(), "%2520", "%20"))
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		err := cmd.Run()
		cancel()
		if err != nil {
			t.Fatalf("%s: %v\n%s", tt.page, err, errs.String())
		}
		if !strings.Contains(out.String(), tt.want) {
			t.Errorf("%s does not show %s", tt.page, tt.want)
		}
		if strings.Contains(out.String(), "<body data-pwned") {
			t.Errorf("%s: what a rule says was obeyed", tt.page)
		}
		for line := range strings.Lines(errs.String()) {
			if strings.Contains(line, "CONSOLE") {
				t.Errorf("%s: the console says %s", tt.page, line)
			}
		}
	}
}
