package action

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const zeros = "0000000000000000000000000000000000000000"

// check compares what a job leaves with what it should: its exit code, which
// step fails with it, and what it compared.
func check(t *testing.T, got *outcome, code int, compared string) {
	t.Helper()
	failed := ""
	if code != 0 {
		failed = "verdict"
	}
	if got.failed != failed || got.code != code || got.outputs["exit-code"] != fmt.Sprint(code) {
		t.Errorf("step %q failed with %d, the output exit-code is %q; expected %d\n%s", got.failed, got.code, got.outputs["exit-code"], code, got.log)
	}
	if !strings.Contains(got.log, compared) {
		t.Errorf("did not say %q:\n%s", compared, got.log)
	}
}

// found compares the paths that new findings are about.
func found(t *testing.T, got *outcome, want ...string) {
	t.Helper()
	var report struct {
		Findings []struct{ Path, State string }
	}
	data, err := os.ReadFile(got.outputs["report-path"])
	if err != nil {
		t.Fatalf("%v\n%s", err, got.log)
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	for _, f := range report.Findings {
		paths[f.Path] = true
	}
	if len(paths) != len(want) {
		t.Errorf("findings in %v, expected %v", paths, want)
	}
	for _, p := range want {
		if !paths[p] {
			t.Errorf("no finding in %s, only in %v", p, paths)
		}
	}
}

// TestEvents runs the action for every event on a checkout of one commit. What
// it compares must be what the event is about, however the history goes.
func TestEvents(t *testing.T) {
	tests := []struct {
		name     string
		checkout string
		event    string
		github   map[string]string // beside those of the event
		inputs   map[string]string
		prepare  func(*world)
		code     int
		compared string
		found    []string
	}{
		{
			name: "pull request", checkout: "merge", event: "pull_request", code: 1,
			compared: "comparing with what the pull request goes to, main", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "pull request, its head checked out", checkout: "head", event: "pull_request", code: 1,
			github:   map[string]string{"GITHUB_SHA": "merge"},
			compared: "merge base with origin/main", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "pull request, its base branch gone", checkout: "head", event: "pull_request", code: 1,
			github:   map[string]string{"GITHUB_SHA": "merge", "GITHUB_BASE_REF": "gone"},
			compared: "comparing with the merge base with ", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "pull request whose merge base with the branch is older than it", checkout: "merge", event: "pull_request", code: 1,
			github:   map[string]string{"GITHUB_BASE_REF": "gone"},
			compared: "comparing with what the pull request goes to, gone", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "pull request of which nothing can be fetched", checkout: "merge", event: "pull_request", code: 3,
			prepare:  func(w *world) { w.gitIn(w.workspace, "remote", "set-url", "origin", "file://"+w.dir+"/nowhere") },
			compared: "fetch-depth: 0",
		},
		{
			name: "pull request with all of the history, and no server", checkout: "head", event: "pull_request", code: 1,
			github: map[string]string{"GITHUB_SHA": "merge"},
			prepare: func(w *world) {
				w.gitIn(w.workspace, "fetch", "-q", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*")
				w.gitIn(w.workspace, "remote", "set-url", "origin", "file://"+w.dir+"/nowhere")
			},
			compared: "merge base with origin/main", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "pull_request_target, which checks the base out", checkout: "main", event: "pull_request_target", code: 3,
			compared: "ref: refs/pull/${{ github.event.number }}/merge",
		},
		{
			name: "pull_request_target with the merge", checkout: "merge", event: "pull_request_target", code: 1,
			github:   map[string]string{"GITHUB_SHA": "main"},
			compared: "merge base with origin/main", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "merge queue", checkout: "merge", event: "merge_group", code: 1,
			github:   map[string]string{"event.merge_group.base_sha": "main", "GITHUB_REF": "refs/heads/gh-readonly-queue/main/pr-7"},
			compared: "merge base with", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "push", checkout: "main", event: "push", code: 1,
			github:   map[string]string{"event.before": "base", "GITHUB_REF": "refs/heads/main"},
			compared: "merge base with", found: []string{"rules/three_rule.yml"},
		},
		{
			name: "push of many commits", checkout: "head", event: "push", code: 1,
			github:   map[string]string{"event.before": "base", "GITHUB_REF": "refs/heads/topic"},
			compared: "merge base with", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "push that changes no rule", checkout: "head", event: "push", code: 0,
			github:   map[string]string{"event.before": "topic", "GITHUB_REF": "refs/heads/topic"},
			compared: "merge base with",
		},
		{
			name: "first push of a branch", checkout: "head", event: "push", code: 1,
			github:   map[string]string{"event.before": zeros, "GITHUB_REF": "refs/heads/topic"},
			compared: "merge base with origin/main", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "first push of all", checkout: "main", event: "push", code: 1,
			github:   map[string]string{"event.before": zeros, "GITHUB_REF": "refs/heads/main"},
			compared: "this is the first push: looking at every rule", found: []string{"rules/three_rule.yml"},
		},
		{
			name: "forced push, what was before is gone", checkout: "main", event: "push", code: 1,
			github:   map[string]string{"event.before": strings.Repeat("1", 40), "GITHUB_REF": "refs/heads/main"},
			compared: "is gone: looking at every rule", found: []string{"rules/three_rule.yml"},
		},
		{
			name: "tag", checkout: "main", event: "push", code: 1,
			github:   map[string]string{"event.before": zeros, "GITHUB_REF": "refs/tags/v1", "GITHUB_REF_TYPE": "tag"},
			compared: "looking at every rule", found: []string{"rules/three_rule.yml"},
		},
		{
			name: "by hand on a branch", checkout: "head", event: "workflow_dispatch", code: 1,
			github:   map[string]string{"GITHUB_REF": "refs/heads/topic"},
			compared: "merge base with origin/main", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "at night", checkout: "main", event: "schedule", code: 0, inputs: map[string]string{"fail-on": "never"},
			github:   map[string]string{"GITHUB_REF": "refs/heads/main"},
			compared: "looking at every rule", found: []string{"rules/three_rule.yml"},
		},
		{
			name: "a base that is asked for", checkout: "head", event: "push", code: 1,
			inputs: map[string]string{"base": "main"}, github: map[string]string{"event.before": "topic", "GITHUB_REF": "refs/heads/topic"},
			compared: "merge base with origin/main", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "no base, as is asked for", checkout: "merge", event: "pull_request", code: 1,
			inputs: map[string]string{"base": "none"}, compared: "looking at every rule", found: []string{"rules/two_rule.yml", "rules/three_rule.yml"},
		},
		{
			name: "a base that is nowhere", checkout: "merge", event: "pull_request", code: 3,
			inputs: map[string]string{"base": "v0.1"}, compared: "the base v0.1 is not in this checkout and cannot be fetched",
		},
		{
			name: "a folder without a repository", checkout: "merge", event: "pull_request", code: 3,
			inputs: map[string]string{"working-directory": ".."}, compared: "fatal: not a git repository",
		},
		{
			name: "a folder without findings", checkout: "merge", event: "pull_request", code: 3,
			inputs: map[string]string{"working-directory": "docs", "paths": "note.md"}, compared: "no detection rules found",
		},
		{
			name: "a folder of rules", checkout: "merge", event: "pull_request", code: 1,
			inputs: map[string]string{"working-directory": "rules", "paths": "two_rule.yml\none_rule.yml\n"}, compared: "looked at 2 rules", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "other rules than those with findings", checkout: "merge", event: "pull_request", code: 0,
			inputs: map[string]string{"paths": "rules/one_rule.yml"}, compared: "looked at 1 rule",
		},
		{
			name: "wrong configuration", checkout: "merge", event: "pull_request", code: 2,
			inputs: map[string]string{"config": "nowhere.yml"}, compared: "nowhere.yml",
		},
		{
			name: "several things that fail", checkout: "merge", event: "pull_request", code: 1,
			inputs: map[string]string{"fail-on": "warning, coverage-loss", "report": "changed"}, compared: "comparing with", found: []string{"rules/two_rule.yml"},
		},
		{
			name: "further arguments", checkout: "merge", event: "pull_request", code: 0,
			inputs: map[string]string{"args": "--skip\nrevoked-technique\n--skip=stale-version,retired-tactic,unknown-tactic,tactic-technique,tactic-tag,unknown-technique"}, compared: "no new findings",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.history()
			w.checkout(tt.checkout)
			if tt.prepare != nil {
				tt.prepare(w)
			}
			github := map[string]string{}
			if strings.HasPrefix(tt.event, "pull_request") {
				github = w.pull(nil)
			}
			for name, value := range tt.github {
				if commit, ok := w.commits[value]; ok {
					value = commit
				}
				github[name] = value
			}
			got := w.job(tt.event, github, tt.inputs).run(t)
			check(t, got, tt.code, tt.compared)
			if tt.code <= 1 {
				found(t, got, tt.found...)
			} else if got.outputs["report-path"] != "" {
				t.Error("there is a report of what could not be looked at")
			}
			if tt.code > 1 && !strings.Contains(got.summary, "the job could not be done") {
				t.Errorf("the summary does not say so: %s", got.summary)
			}
			if strings.Contains(got.log, "secret-token") {
				t.Error("the token is in the log")
			}
		})
	}
}

// TestPublished: everything is written before the job fails.
func TestPublished(t *testing.T) {
	w := newWorld(t)
	w.history()
	w.checkout("merge")
	got := w.job("pull_request", w.pull(nil), map[string]string{
		"sarif-file": "out/findings.sarif", "output": "json=second.json\n\nmarkdown=third.md\nnavigator=layer.json\nbadge=badge.svg",
	}).run(t)
	check(t, got, 1, "comparing")
	for name, want := range map[string]string{
		"findings": "1", "new-findings": "1", "errors": "1", "warnings": "0",
		"coverage-before": "2", "coverage-after": "3", "coverage-gained": "1", "coverage-lost": "0",
		"sarif-path": filepath.Join(w.workspace, "out/findings.sarif"),
	} {
		if got.outputs[name] != want {
			t.Errorf("output %s is %q, expected %q", name, got.outputs[name], want)
		}
	}
	for name, want := range map[string]string{
		got.outputs["markdown-path"]:              "## detlint: 1 error",
		got.outputs["coverage-path"]:              "T1685",
		got.outputs["sarif-path"]:                 "T1562.001",
		filepath.Join(w.workspace, "second.json"): `"schema_version"`,
		filepath.Join(w.workspace, "third.md"):    "## detlint: 1 error",
		filepath.Join(w.workspace, "layer.json"):  `"T1685"`,
		filepath.Join(w.workspace, "badge.svg"):   "<svg",
	} {
		if text := w.read(name); !strings.Contains(text, want) {
			t.Errorf("%s does not say %q: %.300s", name, want, text)
		}
	}
	if !strings.HasPrefix(got.summary, "## detlint: 1 error") {
		t.Errorf("summary: %.300s", got.summary)
	}
	if !strings.Contains(got.logs["annotations"], "::error ") || !strings.Contains(got.logs["annotations"], "rules/two_rule.yml") {
		t.Errorf("annotations: %s", got.logs["annotations"])
	}
	if !strings.Contains(w.told(), `<!-- detlint -->\n## detlint: 1 error`) || !strings.Contains(w.calls(), "--method POST repos/octo/rules/issues/7/comments") {
		t.Errorf("comment: %s\n%s", w.calls(), w.told())
	}
	// What the log shows of rules is no command.
	if log := got.logs["run"]; strings.Index(log, "::stop-commands::") > strings.Index(log, "rules/two_rule.yml") || strings.Count(log, "::stop-commands::") != 1 {
		t.Errorf("log: %s", log)
	}
	if dir := strings.TrimSpace(got.path); w.read(filepath.Join(dir, "detlint")) == "" {
		t.Errorf("detlint is not in the path %q", got.path)
	}
	if strings.Contains(w.calls(), "secret-token") {
		t.Error("a program was given the token as an argument")
	}
}

// TestComment: there is one comment, written anew with each run.
func TestComment(t *testing.T) {
	comments := func(nodes string) string {
		return `{"data":{"repository":{"pullRequest":{"comments":{"nodes":[` + nodes + `]}}}}}`
	}
	node := func(id int, body string, mine bool) string {
		return fmt.Sprintf(`{"databaseId":%d,"body":%q,"viewerDidAuthor":%t}`, id, body, mine)
	}
	tests := []struct {
		name    string
		inputs  map[string]string
		github  map[string]string
		answer  string // the comments there are
		deny    bool
		event   string
		calls   []string
		log     string
		warning bool
		clean   bool // the rules are
	}{
		{name: "the first", calls: []string{"POST repos/octo/rules/issues/7/comments"}, log: "is current"},
		{
			name:   "the same again",
			answer: comments(node(1, "hello", false)) + comments(node(2, "<!-- detlint -->\nold", true)),
			calls:  []string{"PATCH repos/octo/rules/issues/comments/2"}, log: "is current",
		},
		{
			name: "fewer than before", answer: comments(node(2, "<!-- detlint -->\nold", true) + "," + node(5, "<!-- detlint -->\npage 2", true)),
			calls: []string{"PATCH repos/octo/rules/issues/comments/2", "DELETE repos/octo/rules/issues/comments/5"}, log: "is current",
		},
		{
			name: "that of a stranger", answer: comments(node(3, "<!-- detlint -->\nmine", false) + "," + node(4, "> <!-- detlint -->", true)),
			calls: []string{"POST repos/octo/rules/issues/7/comments"}, log: "is current",
		},
		{
			name: "several uses", inputs: map[string]string{"comment-id": "linux"},
			answer: comments(node(2, "<!-- detlint -->\nother", true) + "," + node(3, "<!-- detlint:linux -->\nold", true)),
			calls:  []string{"PATCH repos/octo/rules/issues/comments/3"}, log: "is current",
		},
		{name: "a wrong name", inputs: map[string]string{"comment-id": "a -->"}, log: "comment-id may have letters", warning: true},
		{name: "from a fork", deny: true, calls: []string{"POST repos/octo/rules/issues/7/comments"}, log: "pull-requests: write"},
		{
			name: "from a fork, although it must be", deny: true, inputs: map[string]string{"comment": "true"},
			calls: []string{"POST repos/octo/rules/issues/7/comments"}, log: "pull-requests: write", warning: true,
		},
		{name: "without a token", inputs: map[string]string{"token": ""}, log: "there is no token"},
		{name: "not wanted", inputs: map[string]string{"comment": "false"}},
		{name: "a wrong choice", inputs: map[string]string{"comment": "maybe"}, log: `unknown value "maybe"`, warning: true},
		{name: "nothing to say", inputs: map[string]string{"paths": "rules/one_rule.yml"}, log: "no rule has changed", clean: true},
		{
			name: "nothing to say any more", inputs: map[string]string{"paths": "rules/one_rule.yml"}, clean: true,
			answer: comments(node(2, "<!-- detlint -->\nold", true)), calls: []string{"PATCH repos/octo/rules/issues/comments/2"}, log: "is current",
		},
		{name: "not a pull request", event: "push", github: map[string]string{"event.pull_request.number": "", "event.before": "base", "GITHUB_REF": "refs/heads/x"}, log: "not about one"},
	}
	w := newWorld(t)
	w.history()
	w.checkout("merge")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.RemoveAll(w.api); err != nil {
				t.Fatal(err)
			}
			w.mkdir(w.api)
			if tt.answer != "" {
				w.write(filepath.Join(w.api, "comments.json"), tt.answer, 0o644)
			}
			if tt.deny {
				w.write(filepath.Join(w.api, "deny"), "", 0o644)
			}
			if tt.event == "" {
				tt.event = "pull_request"
			}
			for name, value := range tt.github {
				if commit, ok := w.commits[value]; ok {
					tt.github[name] = commit
				}
			}
			got := w.job(tt.event, w.pull(tt.github), tt.inputs).run(t)
			// Whatever comes of the comment, the verdict is that on the rules.
			code := 1
			if tt.clean {
				code = 0
			}
			check(t, got, code, "comparing")
			var calls []string
			for _, m := range regexp.MustCompile(`--method (\S+ \S+)`).FindAllStringSubmatch(w.calls(), -1) {
				calls = append(calls, m[1])
			}
			if fmt.Sprint(calls) != fmt.Sprint(tt.calls) {
				t.Errorf("calls %v, expected %v\n%s", calls, tt.calls, got.log)
			}
			if !strings.Contains(got.logs["comment"], tt.log) || strings.Contains(got.logs["comment"], "::warning") != tt.warning {
				t.Errorf("log: %s", got.logs["comment"])
			}
			if tt.inputs["comment-id"] == "linux" && !strings.Contains(w.told(), `"<!-- detlint:linux -->\n## detlint`) {
				t.Errorf("told: %s", w.told())
			}
		})
	}
}

// TestSuggestions: fixes are proposed where the pull request shows their lines,
// and once.
func TestSuggestions(t *testing.T) {
	w := newWorld(t)
	w.history()
	w.checkout("merge")
	inputs := map[string]string{"suggestions": "true", "comment": "false"}
	got := w.job("pull_request", w.pull(nil), inputs).run(t)
	check(t, got, 1, "1 suggested on pull request 7")
	var told struct {
		Event, Body string
		CommitID    string `json:"commit_id"`
		Comments    []struct {
			Path, Body, Side string
			Line             int
		}
	}
	if err := json.Unmarshal([]byte(w.told()), &told); err != nil {
		t.Fatal(err)
	}
	if told.CommitID != w.commits["head"] || told.Event != "COMMENT" || len(told.Comments) != 1 {
		t.Fatalf("told: %s", w.told())
	}
	c := told.Comments[0]
	if c.Path != "rules/two_rule.yml" || c.Line != 8 || !strings.Contains(c.Body, "```suggestion\n    - attack.t1685\n```") {
		t.Errorf("proposed: %+v", c)
	}

	// The same run again: it is there already.
	made, err := json.Marshal([]map[string]any{{"body": nil}, {"body": c.Body}})
	if err != nil {
		t.Fatal(err)
	}
	w.write(filepath.Join(w.api, "reviews.json"), "[]"+string(made), 0o644)
	w.write(filepath.Join(w.api, "bodies.json"), "", 0o644)
	check(t, w.job("pull_request", w.pull(nil), inputs).run(t), 1, "nothing new to suggest")
	if w.told() != "" {
		t.Errorf("told again: %s", w.told())
	}

	// From a fork nothing can be proposed.
	w.write(filepath.Join(w.api, "reviews.json"), "[]", 0o644)
	w.write(filepath.Join(w.api, "deny"), "", 0o644)
	check(t, w.job("pull_request", w.pull(nil), inputs).run(t), 1, "GitHub says \"gh: Resource not accessible")
	if err := os.Remove(filepath.Join(w.api, "deny")); err != nil {
		t.Fatal(err)
	}

	// In the merge the file has other lines than the pull request shows.
	w.gitIn(w.origin, "checkout", "-q", "topic")
	w.commit("more", map[string]string{"rules/one_rule.yml": strings.Replace(rule(1, "t1562.001", "one-tool-of-a-test.exe"), "status: test", "status: stable", 1)})
	w.commits["head"] = w.commits["more"]
	w.gitIn(w.origin, "checkout", "-q", "main")
	w.commit("lines", map[string]string{"rules/one_rule.yml": "# one\n# two\n" + rule(1, "t1059", "one-tool-of-a-test.exe")})
	w.merge()
	if err := os.RemoveAll(w.workspace); err != nil {
		t.Fatal(err)
	}
	w.mkdir(w.workspace)
	w.checkout("merge")
	w.write(filepath.Join(w.api, "reviews.json"), "", 0o644)
	got = w.job("pull_request", w.pull(nil), inputs).run(t)
	check(t, got, 1, "1 suggested")
	found(t, got, "rules/one_rule.yml", "rules/two_rule.yml")
	if strings.Contains(w.told(), "one_rule") {
		t.Errorf("proposed on lines that are others: %s", w.told())
	}
}

// TestHostile gives every input a text that would do harm in a script.
func TestHostile(t *testing.T) {
	w := newWorld(t)
	w.history()
	w.checkout("merge")
	texts := []string{
		"$(touch pwned)`touch pwned`'; touch pwned; '\"; touch pwned; \"%0A::error::made up",
		"a\ntouch pwned\n$(touch pwned)\n::error::made up\n",
		"--upload-pack=touch${IFS}pwned",
	}
	// These do not keep the run from going on to the others.
	late := map[string]bool{"annotations": true, "summary": true, "comment": true, "comment-id": true, "suggestions": true, "sarif-file": true}
	groups := map[string][]string{}
	for name := range readMetadata(t, "../action.yml").Inputs {
		switch {
		case late[name]:
			groups["late"] = append(groups["late"], name)
		case name != "token":
			groups[name] = []string{name}
		}
	}
	for name, inputs := range groups {
		t.Run(name, func(t *testing.T) {
			for _, text := range texts {
				values := map[string]string{}
				for _, input := range inputs {
					values[input] = text
				}
				got := w.job("pull_request", w.pull(nil), values).run(t)
				if got.code == 0 {
					t.Errorf("%q: green\n%s", text, got.log)
				}
				open := ""
				for line := range strings.Lines(got.log) {
					if stop, ok := strings.CutPrefix(line, "::stop-commands::"); ok {
						open = "::" + strings.TrimSpace(stop) + "::"
					} else if strings.TrimSpace(line) == open {
						open = ""
					} else if open == "" && strings.HasPrefix(strings.TrimSpace(line), "::error::made up") {
						t.Errorf("%q: a command in the log\n%s", text, got.log)
					}
				}
				for _, dir := range []string{w.workspace, w.action, w.dir} {
					if _, err := os.Lstat(filepath.Join(dir, "pwned")); err == nil {
						t.Fatalf("%q was run", text)
					}
				}
			}
		})
	}
}

// TestInstall: a release is used only when its checksum is right.
func TestInstall(t *testing.T) {
	sums := func(w *world) string { return filepath.Join(w.release, "checksums.txt") }
	for _, tt := range []struct {
		name, version, belongs string
		github                 map[string]string
		prepare                func(*world)
		log                    string
		code                   int
	}{
		{name: "the release it belongs to", log: "detlint " + release, code: 1},
		{name: "a version", version: release, belongs: "devel", log: "detlint " + release, code: 1},
		{name: "without the letter", version: strings.TrimPrefix(release, "v"), log: "detlint " + release, code: 1},
		{name: "the latest", version: "latest", log: "detlint " + release, code: 1},
		{name: "one that is not there", version: "v1.0.0", log: "cannot download https://github.com/detlint/detlint/releases/download/v1.0.0/checksums.txt", code: 3},
		{name: "no version", version: "main", log: `unknown version "main", expected one such as v1.2.3, latest or source`, code: 3},
		{
			name: "nothing to check with", code: 3, log: "::error title=detlint::neither sha256sum nor shasum is installed",
			prepare: func(w *world) { w.only("bash", "dirname", "mkdir", "mktemp", "tr", "cp", "grep") },
		},
		{name: "another processor", github: map[string]string{"RUNNER_ARCH": "ARM"}, log: "there is no release of detlint for ARM", code: 3},
		{
			name: "a wrong checksum", code: 3, log: "is not what release v9.8.7 says it is: expected sha256 0000",
			prepare: func(w *world) {
				w.write(sums(w), regexp.MustCompile(`(?m)^[0-9a-f]+ `).ReplaceAllString(w.read(sums(w)), strings.Repeat("0", 64)+" "), 0o644)
			},
		},
		{
			name: "no checksum", code: 3, log: "the checksums of release v9.8.7 do not name detlint_9.8.7_linux_amd64.tar.gz",
			prepare: func(w *world) { w.write(sums(w), strings.Repeat("0", 64)+"  other.tar.gz\n", 0o644) },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.history()
			w.checkout("merge")
			if tt.belongs != "" {
				w.copyAction(tt.belongs)
			}
			if tt.prepare != nil {
				tt.prepare(w)
			}
			got := w.job("pull_request", w.pull(tt.github), map[string]string{"version": tt.version}).run(t)
			if !strings.Contains(got.logs["install"], tt.log) || got.code != tt.code || (got.failed == "install") != (tt.code == 3) || got.outputs["exit-code"] != fmt.Sprint(tt.code) {
				t.Errorf("step %q failed with %d:\n%s", got.failed, got.code, got.log)
			}
		})
	}
}

// TestCommentOfUnfinishedRun: where a run could not be done, the comment of an
// earlier one says so, and on which commit.
func TestCommentOfUnfinishedRun(t *testing.T) {
	const end = "<!-- detlint: end of notice -->"
	node := func(body string) string {
		return fmt.Sprintf(`{"data":{"repository":{"pullRequest":{"comments":{"nodes":[{"databaseId":2,"body":%q,"viewerDidAuthor":true},{"databaseId":3,"body":"<!-- detlint -->\\npage 2","viewerDidAuthor":true}]}}}}}`, body)
	}
	older := "<!-- detlint -->\n## detlint: 1 error\n"
	for _, tt := range []struct {
		name   string
		inputs map[string]string
		answer string
		code   int
		want   []string // in the comment; none is written where there is nothing
		not    string
	}{
		{
			name: "a wrong option", inputs: map[string]string{"args": "--fail-on=<b>&@me"}, answer: node(older), code: 2,
			want: []string{"could not be done", "&lt;b&gt;&amp;@&#8203;me", "is of an earlier run", "## detlint: 1 error"},
		},
		{
			name: "again", inputs: map[string]string{"config": "nowhere.yml"}, answer: node("<!-- detlint -->\nthe notice before\n" + end + "\n## detlint: 1 error\n"), code: 2,
			want: []string{"nowhere.yml", "is of an earlier run", "## detlint: 1 error"}, not: "the notice before",
		},
		{
			name: "a base that is nowhere", inputs: map[string]string{"base": "nowhere"}, answer: node(older), code: 3,
			want: []string{"the base nowhere is not in this checkout", "## detlint: 1 error"},
		},
		{
			name: "not installed", inputs: map[string]string{"version": "main"}, answer: node(older), code: 3,
			want: []string{"unknown version", "## detlint: 1 error"},
		},
		{
			name: "an earlier report that leaves no room", inputs: map[string]string{"config": "nowhere.yml"}, answer: node(older + strings.Repeat("x", 65_500)), code: 2,
			want: []string{"could not be done", "left out for lack of room"}, not: "xxxx",
		},
		{name: "no earlier one", inputs: map[string]string{"config": "nowhere.yml"}, code: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.history()
			w.checkout("merge")
			if tt.answer != "" {
				w.write(filepath.Join(w.api, "comments.json"), tt.answer, 0o644)
			}
			got := w.job("pull_request", w.pull(nil), tt.inputs).run(t)
			if got.code != tt.code {
				t.Errorf("ended with %d, expected %d:\n%s", got.code, tt.code, got.log)
			}
			if len(tt.want) == 0 {
				if strings.Contains(w.calls(), "--method") || !strings.Contains(got.logs["comment"], "the job could not be done") {
					t.Errorf("%s\n%s", w.calls(), got.log)
				}
				return
			}
			if !strings.Contains(w.calls(), "--method PATCH repos/octo/rules/issues/comments/2") || strings.Contains(w.calls(), "comments/3") {
				t.Errorf("calls: %s", w.calls())
			}
			var told struct{ Body string }
			if err := json.Unmarshal([]byte(w.told()), &told); err != nil {
				t.Fatalf("%v: %s", err, w.told())
			}
			head := w.pull(nil)["event.pull_request.head.sha"]
			for _, text := range append(tt.want, "on "+head+",", "/octo/rules/actions/runs/") {
				if !strings.Contains(told.Body, text) {
					t.Errorf("the comment lacks %q: %.600s", text, told.Body)
				}
			}
			if !strings.HasPrefix(told.Body, "<!-- detlint -->\n> [!WARNING]") || tt.not != "" && strings.Contains(told.Body, tt.not) || len(told.Body) > 65_536 {
				t.Errorf("the comment is %.600s", told.Body)
			}
		})
	}
}

// TestSource: from a checkout of its own repository, as with "uses: ./", the
// action builds what is there.
func TestSource(t *testing.T) {
	w := newWorld(t)
	w.history()
	w.checkout("merge")
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	j := w.job("pull_request", w.pull(nil), map[string]string{"working-directory": w.workspace})
	j.action, j.workspace = root, root
	for _, name := range []string{"GOFLAGS", "GOPROXY", "GOMODCACHE", "GOCACHE", "GOMAXPROCS"} {
		if value := os.Getenv(name); value != "" {
			j.env[name] = value
		}
	}
	if j.env["GOCACHE"] == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		j.env["GOCACHE"] = filepath.Join(cache, "go-build")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	if j.env["GOMODCACHE"] == "" {
		j.env["GOMODCACHE"] = filepath.Join(home, "go", "pkg", "mod")
	}
	got := j.run(t)
	check(t, got, 1, "comparing with what the pull request goes to, main")
	found(t, got, "rules/two_rule.yml")
	if strings.Contains(w.calls(), "curl") {
		t.Errorf("downloads: %s", w.calls())
	}
}

// TestInputsStayOut: no expression is part of a script, where it would be run.
func TestInputsStayOut(t *testing.T) {
	for _, s := range readMetadata(t, "../action.yml").Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %s: %s", s.ID, s.Run)
		}
	}
}

// TestToken: where the checkout has kept no credentials, history is fetched with
// the token, which no other program sees among its arguments.
func TestToken(t *testing.T) {
	w := newWorld(t)
	w.history()
	w.checkout("merge")
	git, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	w.program("git", `
printf 'git %s\n' "$*" >>"$FAKE/calls.txt"
case " $* " in
  *" fetch "*)
    if [ -z "${GIT_CONFIG_VALUE_0:-}" ]; then
      echo 'fatal: could not read Username: terminal prompts disabled' >&2
      exit 128
    fi
    printf '%s: %s\n' "$GIT_CONFIG_KEY_0" "$GIT_CONFIG_VALUE_0" >"$FAKE/header.txt" ;;
esac
exec `+git+` "$@"
`)
	got := w.job("pull_request", w.pull(nil), map[string]string{"suggestions": "true"}).run(t)
	check(t, got, 1, "comparing")
	found(t, got, "rules/two_rule.yml")
	if !strings.Contains(got.log, "1 suggested") {
		t.Errorf("the head was not fetched, so nothing is suggested:\n%s", got.log)
	}
	secret := base64.StdEncoding.EncodeToString([]byte("x-access-token:secret-token"))
	if header := w.read(filepath.Join(w.api, "header.txt")); header != "http.https://github.com/.extraheader: AUTHORIZATION: basic "+secret+"\n" {
		t.Errorf("asked with %q", header)
	}
	for _, text := range []string{"secret-token", secret} {
		if strings.Contains(w.calls(), text) || strings.Contains(got.log, text) {
			t.Errorf("%q is an argument, or in the log", text)
		}
	}

	if err := os.RemoveAll(w.workspace); err != nil {
		t.Fatal(err)
	}
	w.mkdir(w.workspace)
	w.checkout("merge")
	got = w.job("pull_request", w.pull(nil), map[string]string{"token": ""}).run(t)
	check(t, got, 3, "fetch-depth: 0")
	if !strings.Contains(got.summary, "could not read Username") {
		t.Errorf("the summary does not say why: %s", got.summary)
	}
}
