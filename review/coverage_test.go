package review

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"math/rand"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/report"
)

var (
	documentBreak = regexp.MustCompile(`(?m)^---.*$`)
	tagList       = regexp.MustCompile(`(?m)^tags:[ \t]*\r?\n(?:[ \t]*(?:[-#].*)?\r?\n)+`)
	techniqueTag  = regexp.MustCompile(`(?mi)^[ \t]*-[ \t]*['"]?attack\.(t[0-9]{4}(?:\.[0-9]{3})?)['"]?[ \t]*(?:#.*)?\r?$`)
	notInUse      = regexp.MustCompile(`(?mi)^(status:[ \t]*['"]?(deprecated|unsupported)|filter:)`)
	retiredFolder = regexp.MustCompile(`(^|/)(deprecated|unsupported)/`)
)

// tagged counts the Sigma rules of each technique in a commit, from what git
// archives and with nothing but a search for tags.
func tagged(t *testing.T, dir, commit string) map[string]int {
	t.Helper()
	cmd := exec.Command("git", "archive", "--format=tar", commit)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	files := tar.NewReader(bytes.NewReader(out))
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return counts
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(header.Name, ".yml") || retiredFolder.MatchString(header.Name) {
			continue
		}
		text, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		for _, document := range documentBreak.Split(string(text), -1) {
			if notInUse.MatchString(document) {
				continue
			}
			ids := map[string]bool{}
			for _, tag := range techniqueTag.FindAllStringSubmatch(tagList.FindString(document), -1) {
				ids[attack.Default().CurrentID(tag[1])] = true
			}
			for id := range ids {
				counts[id]++
			}
		}
	}
}

func counted(s *coverage.Snapshot) map[string]int {
	out := map[string]int{}
	for i := range s.Techniques {
		out[s.Techniques[i].ID] = len(s.Techniques[i].Rules)
	}
	return out
}

// TestCoverageOfHistory: for twenty pairs of commits, what is covered before
// and after, and what was gained and lost, is what a search for tags on both
// trees counts.
func TestCoverageOfHistory(t *testing.T) {
	dir := history(t)
	commits := strings.Fields(git(t, dir, "rev-list", "HEAD"))
	random := rand.New(rand.NewSource(6))
	cache := t.TempDir()
	total := coverage.Report{}
	for range 20 {
		newer := random.Intn(len(commits) - 1)
		older := newer + 1 + random.Intn(min(120, len(commits)-newer-1))
		base, head := commits[older], commits[newer]
		// The base of a comparison is where the two commits meet.
		base = strings.TrimSpace(git(t, dir, "merge-base", base, head))
		r, err := Run(t.Context(), Options{
			Dir: dir, Base: base, Head: head, Mode: report.Commits, Show: ShowNew, Coverage: true, CacheDir: cache, Build: "test",
		})
		if err != nil {
			t.Fatal(err)
		}
		before, after := tagged(t, dir, base), tagged(t, dir, head)
		c := r.Coverage
		if diff := cmp.Diff(before, counted(c.Before)); diff != "" {
			t.Errorf("before %s..%s (-tags +coverage):\n%s", base, head, diff)
		}
		if diff := cmp.Diff(after, counted(c.After)); diff != "" {
			t.Errorf("after %s..%s (-tags +coverage):\n%s", base, head, diff)
		}
		gained, lost, fewer := map[string]int{}, map[string]int{}, map[string]int{}
		for id, n := range after {
			if before[id] == 0 {
				gained[id] = n
			}
			if n < before[id] {
				fewer[id] = n
			}
		}
		for id := range before {
			if after[id] == 0 {
				lost[id] = 0
			}
		}
		if diff := cmp.Diff(gained, numbers(c.Gained, func(coverage.Change) bool { return true })); diff != "" {
			t.Errorf("gained %s..%s:\n%s", base, head, diff)
		}
		if diff := cmp.Diff(lost, numbers(c.Lost, func(coverage.Change) bool { return true })); diff != "" {
			t.Errorf("lost %s..%s:\n%s", base, head, diff)
		}
		if diff := cmp.Diff(fewer, numbers(c.Weakened, func(c coverage.Change) bool { return c.After < c.Before })); diff != "" {
			t.Errorf("fewer rules %s..%s:\n%s", base, head, diff)
		}
		total.Gained, total.Lost = append(total.Gained, c.Gained...), append(total.Lost, c.Lost...)
		total.Weakened, total.Strengthened = append(total.Weakened, c.Weakened...), append(total.Strengthened, c.Strengthened...)
	}
	t.Logf("20 pairs of commits: %d techniques gained, %d lost, %d weakened, %d of them down to one rule, %d strengthened",
		len(total.Gained), len(total.Lost), len(total.Weakened), len(total.DownToOne()), len(total.Strengthened))
}

// numbers are those of rules after some changes, by technique.
func numbers(changes []coverage.Change, of func(coverage.Change) bool) map[string]int {
	out := map[string]int{}
	for _, c := range changes {
		if of(c) {
			out[c.ID] = c.After
		}
	}
	return out
}
