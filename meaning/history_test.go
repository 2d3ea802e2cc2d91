package meaning

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// edit is one file that a commit changes.
type edit struct {
	commit, path, pathBefore string
	before, after            []byte
	renamed                  bool // and nothing else
}

// edits are those of the newest commits that change rules.
func edits(t testing.TB, commits int) []edit {
	t.Helper()
	bundle, err := filepath.Abs(filepath.Join("..", "..", "shared", "corpora", "sigma-history.bundle"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bundle); err != nil {
		t.Skip("no history of real rules at hand: verdicts on real changes not looked at")
	}
	dir := t.TempDir()
	git := func(stdin io.Reader, args ...string) []byte {
		cmd := exec.Command("git", append([]string{"-c", "core.quotePath=off"}, args...)...)
		cmd.Dir, cmd.Stdin = dir, stdin
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("git %s: %v", strings.Join(args, " "), err)
		}
		return out
	}
	git(nil, "clone", "-q", "--bare", bundle, ".")
	var out []edit
	var ids bytes.Buffer
	seen := map[string]bool{}
	commit := ""
	for line := range strings.Lines(string(git(nil, "log", "--raw", "-M", "--no-abbrev", "--no-merges", "--format=commit %H"))) {
		line = strings.TrimSuffix(line, "\n")
		if id, ok := strings.CutPrefix(line, "commit "); ok {
			commit = id
			continue
		}
		fields, paths, ok := strings.Cut(line, "\t")
		words := strings.Fields(fields)
		if !ok || len(words) != 5 || words[4] != "M" && words[4][0] != 'R' {
			continue
		}
		before, after, moved := strings.Cut(paths, "\t")
		if !moved {
			after = before
		}
		if !parsers.Expected(after) {
			continue
		}
		if !seen[commit] && len(seen) == commits {
			break
		}
		seen[commit] = true
		out = append(out, edit{commit: commit[:10], path: after, pathBefore: before, renamed: words[2] == words[3]})
		fmt.Fprintf(&ids, "%s\n%s\n", words[2], words[3])
	}
	blobs := bufio.NewReader(bytes.NewReader(git(&ids, "cat-file", "--batch")))
	blob := func() []byte {
		header, err := blobs.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		var id, kind string
		var size int
		if _, err := fmt.Sscan(header, &id, &kind, &size); err != nil {
			t.Fatal(err)
		}
		data := make([]byte, size+1)
		if _, err := io.ReadFull(blobs, data); err != nil {
			t.Fatal(err)
		}
		return data[:size]
	}
	for i := range out {
		out[i].before = blob()
		out[i].after = blob()
	}
	t.Logf("%d files of %d commits", len(out), len(seen))
	return out
}

func rulesOf(path string, data []byte) []*normalize.Rule {
	return normalize.Normalized(parsers.Parse(path, data, nil).Rules)
}

// TestHistory compares what two hundred commits did to real rules, and holds
// each verdict against events.
func TestHistory(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	verdicts, reasons := map[Verdict]int{}, map[string]int{}
	renamed, metadata, rules := 0, 0, 0
	show := os.Getenv("DETLINT_SHOW") != ""
	for _, e := range edits(t, 200) {
		before, after := rulesOf(e.pathBefore, e.before), rulesOf(e.path, e.after)
		if len(before) != len(after) {
			continue
		}
		for i := range before {
			rules++
			c := Compare(before[i], after[i])
			verdicts[c.Verdict]++
			if c.Reason != "" {
				reasons[c.Reason]++
			}
			if c.MetadataOnly {
				metadata++
			}
			if e.renamed {
				renamed++
				if !c.RenamedOnly || c.Verdict != Same || len(c.Added)+len(c.Removed)+len(c.Moved)+len(c.Attributes) > 0 {
					t.Errorf("%s %s: a pure rename is %s: %s", e.commit, e.path, c.Verdict, c.Summary)
				}
			}
			if before[i].Root() != nil && after[i].Root() != nil {
				if problem := disproved(random, before[i], after[i], c, 10); problem != "" && before[i].Logsource.String() == after[i].Logsource.String() {
					t.Errorf("%s %s: %s: %s", e.commit, e.path, c.Verdict, problem)
				}
			}
			if show {
				t.Logf("%s %s: %s: %s %s", e.commit, e.path, c.Verdict, c.Summary, c.Reason)
			}
		}
	}
	t.Logf("%d rules: %v; %d renamed only, %d metadata only", rules, verdicts, renamed, metadata)
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		t.Logf("unknown %d times: %s", reasons[reason], reason)
	}
}

// TestReformatting writes real rules in another layout, with entries and lists
// in another order.
func TestReformatting(t *testing.T) {
	for _, e := range edits(t, 200) {
		before := rulesOf(e.path, e.after)
		text, ok := reformatted(e.after)
		if !ok || len(before) != 1 || before[0].Broken {
			continue
		}
		after := rulesOf(e.path, text)
		if len(after) != 1 {
			t.Errorf("%s: not read any more:\n%s", e.path, text)
			continue
		}
		if c := Compare(before[0], after[0]); c.Verdict != Same && c.Reason == "" || len(c.Added)+len(c.Removed)+len(c.Moved)+len(c.Attributes) > 0 {
			t.Errorf("%s: in another layout it is %s: %s (%s) %v", e.path, c.Verdict, c.Summary, c.Reason, c.Attributes)
		}
	}
}

// reformatted writes a YAML document with other quotes and indents, without
// comments, and with the entries of mappings and lists in reverse order.
func reformatted(data []byte) ([]byte, bool) {
	var doc yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&doc); err != nil || d.Decode(new(yaml.Node)) == nil {
		return nil, false
	}
	var turn func(n *yaml.Node)
	turn = func(n *yaml.Node) {
		n.HeadComment, n.LineComment, n.FootComment = "", "", ""
		switch n.Kind {
		case yaml.MappingNode:
			n.Style = 0
			for i, j := 0, len(n.Content)-2; i < j; i, j = i+2, j-2 {
				n.Content[i], n.Content[j] = n.Content[j], n.Content[i]
				n.Content[i+1], n.Content[j+1] = n.Content[j+1], n.Content[i+1]
			}
		case yaml.SequenceNode:
			n.Style = yaml.FlowStyle
			slices.Reverse(n.Content)
		case yaml.ScalarNode:
			if n.Tag == "!!str" {
				n.Style = yaml.DoubleQuotedStyle
			}
		}
		for _, child := range n.Content {
			turn(child)
		}
	}
	turn(&doc)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(7)
	if e.Encode(&doc) != nil || e.Close() != nil {
		return nil, false
	}
	return out.Bytes(), true
}
