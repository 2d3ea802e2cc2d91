// Package action holds the scripts of the GitHub Action. Its tests run the steps
// of action.yml as GitHub would.
package action

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// metadata is what action.yml says.
type metadata struct {
	Name, Description string
	Inputs            map[string]struct {
		Description string
		Default     string
		Required    bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

type step struct {
	ID, Name, If, Shell, Run, Uses string
	ContinueOnError                bool `yaml:"continue-on-error"`
	Env                            map[string]string
}

func readMetadata(t testing.TB, path string) *metadata {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var m metadata
	if err := yaml.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return &m
}

// job is one use of the action.
type job struct {
	action    string // the folder of action.yml
	workspace string
	inputs    map[string]string
	github    map[string]string // by path, such as event.before
	env       map[string]string
}

// outcome is what a job leaves.
type outcome struct {
	outputs map[string]string
	log     string            // of all steps
	logs    map[string]string // of each step that ran
	summary string
	path    string // what is added to PATH
	failed  string // the step that failed, empty for none
	code    int    // its exit code
}

// run runs the steps one after the other, each in files and an environment of
// its own.
func (j *job) run(t testing.TB) *outcome {
	t.Helper()
	m := readMetadata(t, filepath.Join(j.action, "action.yml"))
	values := map[string]string{}
	for name, value := range j.github {
		values["github."+name] = value
	}
	for name, in := range m.Inputs {
		values["inputs."+name] = evaluate(t, in.Default, values)
	}
	for name, value := range j.inputs {
		if _, ok := m.Inputs[name]; !ok {
			t.Fatalf("no input %q", name)
		}
		values["inputs."+name] = value
	}
	out := &outcome{outputs: map[string]string{}, logs: map[string]string{}}
	for i, s := range m.Runs.Steps {
		if s.Uses != "" || s.Shell != "bash" || s.ID == "" {
			t.Fatalf("step %d: expected a script for bash with an id", i)
		}
		condition, whatever := strings.CutPrefix(s.If, "!cancelled() && ")
		if out.failed != "" && !whatever || condition != "" && evaluate(t, "${{ "+condition+" }}", values) != "true" {
			continue
		}
		j.step(t, &s, values, out)
	}
	for name, o := range m.Outputs {
		out.outputs[name] = evaluate(t, o.Value, values)
	}
	return out
}

func (j *job) step(t testing.TB, s *step, values map[string]string, out *outcome) {
	t.Helper()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
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
		return string(data)
	}
	env := map[string]string{
		"GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_ACTION_PATH": j.action, "GITHUB_WORKSPACE": j.workspace,
		"GITHUB_OUTPUT": file("output", ""), "GITHUB_ENV": file("env", ""), "GITHUB_PATH": file("path", ""),
		"GITHUB_STEP_SUMMARY": file("summary", ""),
	}
	maps.Copy(env, j.env)
	for name, value := range s.Env {
		env[name] = evaluate(t, value, values)
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", file("script.sh", s.Run))
	cmd.Dir = j.workspace
	cmd.Env = []string{}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	log, err := cmd.CombinedOutput()
	out.logs[s.ID] = string(log)
	out.log += "== " + s.ID + "\n" + string(log)
	out.summary += read(env["GITHUB_STEP_SUMMARY"])
	out.path += read(env["GITHUB_PATH"])
	for name, value := range readOutputs(t, read(env["GITHUB_OUTPUT"])) {
		values["steps."+s.ID+".outputs."+name] = value
	}
	if err != nil && !s.ContinueOnError {
		out.failed, out.code = s.ID, cmd.ProcessState.ExitCode()
	} else if err != nil {
		t.Errorf("step %s failed: %v\n%s", s.ID, err, log)
	}
}

// readOutputs reads the file behind GITHUB_OUTPUT: name=value, or name<<END with
// the lines up to END.
func readOutputs(t testing.TB, text string) map[string]string {
	t.Helper()
	out := map[string]string{}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if lines[i] == "" {
			continue
		}
		if name, end, ok := strings.Cut(lines[i], "<<"); ok && !strings.Contains(name, "=") {
			var value []string
			for i++; i < len(lines) && lines[i] != end; i++ {
				value = append(value, lines[i])
			}
			if i == len(lines) {
				t.Fatalf("output %s has no end: %q", name, text)
			}
			out[name] = strings.Join(value, "\n")
			continue
		}
		name, value, ok := strings.Cut(lines[i], "=")
		if !ok {
			t.Fatalf("not an output: %q", lines[i])
		}
		out[name] = value
	}
	return out
}

var expression = regexp.MustCompile(`\$\{\{(.*?)\}\}`)

// evaluate replaces the expressions of a text. What is not known is empty, as it
// is on GitHub.
func evaluate(t testing.TB, text string, values map[string]string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(e string) string {
		value, err := evaluateOne(strings.TrimSpace(expression.FindStringSubmatch(e)[1]), values)
		if err != nil {
			t.Fatal(err)
		}
		return value
	})
}

var context = regexp.MustCompile(`^(github|inputs|steps)(\.[a-z_-]+)+$`)

// evaluateOne knows contexts, texts, ==, != and ||, which is all that action.yml
// uses.
func evaluateOne(e string, values map[string]string) (string, error) {
	if left, right, ok := strings.Cut(e, "||"); ok {
		value, err := evaluateOne(strings.TrimSpace(left), values)
		if err != nil || value != "" {
			return value, err
		}
		return evaluateOne(strings.TrimSpace(right), values)
	}
	for _, operator := range []string{"==", "!="} {
		left, right, ok := strings.Cut(e, operator)
		if !ok {
			continue
		}
		a, err := evaluateOne(strings.TrimSpace(left), values)
		if err != nil {
			return "", err
		}
		b, err := evaluateOne(strings.TrimSpace(right), values)
		return fmt.Sprint(strings.EqualFold(a, b) == (operator == "==")), err
	}
	if text, ok := strings.CutPrefix(e, "'"); ok && strings.HasSuffix(text, "'") {
		return strings.TrimSuffix(text, "'"), nil
	}
	if !context.MatchString(e) {
		return "", fmt.Errorf("an expression the tests cannot evaluate: %q", e)
	}
	return values[e], nil
}
