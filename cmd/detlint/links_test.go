package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unfenced is a page without its code, where what looks like a link is none.
func unfenced(text string) string {
	var b strings.Builder
	fence := ""
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		bare := strings.TrimSpace(line)
		switch ticks := bare[:len(bare)-len(strings.TrimLeft(bare, "`"))]; {
		case fence == "" && len(ticks) >= 3:
			fence = ticks
		case fence != "" && ticks == bare && len(ticks) >= len(fence):
			fence = ""
		case fence == "" && !strings.HasPrefix(line, "    "):
			b.WriteString(line)
		}
	}
	return regexp.MustCompile("(?s)`[^`]+`").ReplaceAllStringFunc(b.String(), func(code string) string {
		return "`" + strings.NewReplacer("[", "", "]", "", "(", "", ")", "").Replace(strings.Trim(code, "`")) + "`"
	})
}

// anchors are what GitHub calls the headings of a page.
func anchors(text string) map[string]bool {
	out := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#{1,6} (.*)$`).FindAllStringSubmatch(unfenced(text), -1) {
		heading := regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(m[1], "$1")
		heading = regexp.MustCompile(`[^\p{L}\p{N}\p{M}_ -]`).ReplaceAllString(strings.ToLower(heading), "")
		out[strings.ReplaceAll(strings.TrimSpace(heading), " ", "-")] = true
	}
	for _, m := range regexp.MustCompile(`<a (?:id|name)="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		out[m[1]] = true
	}
	return out
}

// TestLinks: what a page of the documentation links to in this repository is
// there, to the heading.
func TestLinks(t *testing.T) {
	const root = "../.."
	link := regexp.MustCompile(`\[[^\]]*\]\(([^)\s]+)(?: "[^"]*")?\)|(?m)^\[[^\]]+\]: (\S+)`)
	own := regexp.MustCompile(`^https://github\.com/detlint/detlint/(?:blob|tree|raw)/main/`)
	links := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".github" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".md") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllStringSubmatch(unfenced(string(text)), -1) {
			target, dir := m[1]+m[2], filepath.Dir(path)
			if own.MatchString(target) {
				target, dir = own.ReplaceAllString(target, ""), root
			}
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			links++
			file, anchor, _ := strings.Cut(target, "#")
			to := path
			if file != "" {
				to = filepath.Join(dir, filepath.FromSlash(file))
			}
			switch info, err := os.Stat(to); {
			case err != nil:
				t.Errorf("%s links to %s: %v", path, m[1]+m[2], err)
			case anchor != "" && !info.IsDir():
				page, err := os.ReadFile(to)
				if err != nil {
					return err
				}
				if strings.HasSuffix(to, ".md") && !anchors(string(page))[anchor] {
					t.Errorf("%s links to %s: no heading of that name", path, m[1]+m[2])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if links < 100 {
		t.Errorf("only %d links were found", links)
	}
}
