package action

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/detlint/detlint/report"
)

var update = flag.Bool("update", false, "write the tables of docs/github-action.md anew")

const page = "../docs/github-action.md"

// TestTables: the page has a table of what action.yml takes and gives.
func TestTables(t *testing.T) {
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	have := strings.ReplaceAll(string(data), "\r\n", "\n")
	m := readMetadata(t, "../action.yml")
	inputs := "| input | default | |\n| --- | --- | --- |\n"
	for _, name := range keys(t, "inputs") {
		value := m.Inputs[name].Default
		if value != "" {
			value = "`" + value + "`"
		}
		inputs += fmt.Sprintf("| `%s` | %s | %s |\n", name, value, m.Inputs[name].Description)
	}
	outputs := "| output | |\n| --- | --- |\n"
	for _, name := range keys(t, "outputs") {
		outputs += fmt.Sprintf("| `%s` | %s |\n", name, m.Outputs[name].Description)
	}
	want := have
	for name, table := range map[string]string{"inputs": inputs, "outputs": outputs} {
		before, rest, ok := strings.Cut(want, "<!-- "+name+": ")
		comment, rest, ok2 := strings.Cut(rest, "-->\n")
		_, after, ok3 := strings.Cut(rest, "<!-- end -->\n")
		if !ok || !ok2 || !ok3 {
			t.Fatalf("%s has no place for %s", page, name)
		}
		want = before + "<!-- " + name + ": " + comment + "-->\n" + table + "<!-- end -->\n" + after
	}
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if have != want {
		t.Errorf("%s is not current, run: make golden", page)
	}
}

// keys are the names of a part of action.yml in their order there.
func keys(t *testing.T, part string) []string {
	t.Helper()
	data, err := os.ReadFile("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]yaml.Node
	if err := yaml.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	node := all[part]
	var out []string
	for i := 0; i < len(node.Content); i += 2 {
		out = append(out, node.Content[i].Value)
	}
	return out
}

// TestMetadata: every input and output is described, and used by a step.
func TestMetadata(t *testing.T) {
	data, err := os.ReadFile("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	m := readMetadata(t, "../action.yml")
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	for in, v := range m.Inputs {
		if !name.MatchString(in) || !strings.HasSuffix(v.Description, ".") || v.Required || !strings.Contains(string(data), "inputs."+in+" ") {
			t.Errorf("input %s: %+v", in, v)
		}
	}
	for out, v := range m.Outputs {
		if !name.MatchString(out) || !strings.HasSuffix(v.Description, ".") || !strings.HasPrefix(v.Value, "${{ steps.run.outputs."+out+" ") {
			t.Errorf("output %s: %+v", out, v)
		}
	}
}

var workflow = regexp.MustCompile("(?ms)^```yaml\n(name: .*?)^```$")

// TestWorkflows has actionlint look at our workflows, at those of the
// documentation and at the one that init writes, and at the inputs they give to
// the action.
func TestWorkflows(t *testing.T) {
	lint := exec.Command("go", "tool", "-modfile=../tools/go.mod", "-n", "actionlint")
	tool, err := lint.Output()
	if err != nil {
		t.Skipf("actionlint cannot be had: %v", err)
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	read := func(path string) string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(data), "\r\n", "\n")
	}
	// As if all of them were in the repository of the action itself, so that
	// its inputs and outputs are known.
	write("action.yml", read("../action.yml"))
	write(".git/HEAD", "ref: refs/heads/main\n")
	used := regexp.MustCompile(`detlint/detlint@v\d+`)
	n := 0
	add := func(text string) {
		n++
		write(fmt.Sprintf(".github/workflows/%d.yml", n), used.ReplaceAllString(text, "./"))
	}
	own, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range own {
		add(read(path))
	}
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(pages, "../README.md") {
		for _, m := range workflow.FindAllStringSubmatch(read(path), -1) {
			if strings.Contains(m[1], "\njobs:") {
				add(m[1])
			}
		}
	}
	if n < len(own)+5 {
		t.Errorf("%d workflows, of which %d are our own", n, len(own))
	}
	cmd := exec.Command(strings.TrimSpace(string(tool)), "-no-color")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	// What it would say about an input that is not there.
	add("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: detlint/detlint@v1\n        with:\n          wrong: 1\n")
	cmd = exec.Command(strings.TrimSpace(string(tool)), "-no-color")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), `input "wrong" is not defined`) {
		t.Errorf("a wrong input is not found: %v\n%s", err, out)
	}
}

// TestPublish runs the script that publishes the coverage, against a server of
// our own.
func TestPublish(t *testing.T) {
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var script string
	for _, m := range workflow.FindAllStringSubmatch(strings.ReplaceAll(string(data), "\r\n", "\n"), -1) {
		var w struct {
			Jobs map[string]struct{ Steps []step }
		}
		if err := yaml.Unmarshal([]byte(m[1]), &w); err != nil {
			t.Fatal(err)
		}
		for _, s := range w.Jobs["coverage"].Steps {
			if strings.HasPrefix(s.Name, "Push ") {
				script = s.Run
			}
		}
	}
	if script == "" {
		t.Fatalf("%s has no script that publishes the coverage", page)
	}
	for _, name := range []string{"bash", "git"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed", name)
		}
	}
	dir := t.TempDir()
	server := filepath.Join(dir, "server", "octo", "rules.git")
	if out, err := exec.Command("git", "init", "-q", "--bare", server).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	config := "[url \"file://" + filepath.Join(dir, "server") + "/\"]\n\tinsteadOf = https://x-access-token:secret@github.com/\n"
	if err := os.WriteFile(filepath.Join(dir, ".gitconfig"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"first", "second"} {
		temp := t.TempDir()
		if err := os.Mkdir(filepath.Join(temp, "coverage"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(temp, "coverage", "README.md"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("bash", "-e", "-c", script)
		cmd.Dir = dir
		cmd.Env = []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1", "RUNNER_TEMP=" + temp, "TOKEN=secret",
			"GITHUB_SERVER_URL=https://github.com", "GITHUB_REPOSITORY=octo/rules", "GITHUB_SHA=abc",
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		out, err := exec.Command("git", "-C", server, "show", "coverage:README.md").CombinedOutput()
		if err != nil || string(out) != text {
			t.Errorf("published %q, %v; expected %q", out, err, text)
		}
	}
}

// TestFormats: the documentation names formats that there are.
func TestFormats(t *testing.T) {
	named := regexp.MustCompile(`(?:^|\s)([a-z][a-z-]*)=\S*\.(?:json|xml|md|svg)|--format ([a-z][a-z-]*)`)
	n := 0
	for _, path := range []string{page, "../docs/ci.md", "../README.md"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(data), -1) {
			if name := m[1] + m[2]; name != "" {
				n++
				if _, err := report.Lookup(report.CIFormats, name); err != nil {
					t.Errorf("%s: %v in %q", path, err, m[0])
				}
			}
		}
	}
	if n < 9 {
		t.Errorf("%d formats are named", n)
	}
}

// TestShell has shellcheck look at the scripts.
func TestShell(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is not installed: scripts not looked at")
	}
	scripts, err := filepath.Glob("*.sh")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("shellcheck", append([]string{"-x", "-P", ".."}, append(scripts, "../.github/release.sh")...)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
