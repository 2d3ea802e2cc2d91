package action

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

const release = "v9.8.7"

// programs is a folder for what is built once.
var programs string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "detlint-action-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	programs = dir
	return m.Run()
}

// binary builds detlint once.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(programs, "detlint")
	cmd := exec.Command("go", "build", "-ldflags", "-X main.version="+release, "-o", path, "../cmd/detlint")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// world is a machine of GitHub's with a copy of the action, a repository it
// comes from, and programs that write down how they are called.
type world struct {
	t         testing.TB
	dir       string
	action    string
	origin    string // the repository on the server
	workspace string // the checkout
	release   string // what can be downloaded
	api       string // what the server answers, and what it was asked
	commits   map[string]string
	path      string // where programs are
}

func newWorld(t testing.TB) *world {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the programs that stand for those of GitHub are scripts")
	}
	for _, name := range []string{"bash", "git", "jq", "tar", "awk"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed: the action is not run", name)
		}
	}
	dir := t.TempDir()
	w := &world{
		t: t, dir: dir, action: filepath.Join(dir, "_actions", "detlint"), origin: filepath.Join(dir, "origin"),
		workspace: filepath.Join(dir, "work"), release: filepath.Join(dir, "release"), api: filepath.Join(dir, "api"),
		commits: map[string]string{}, path: os.Getenv("PATH"),
	}
	for _, d := range []string{w.workspace, w.release, w.api, filepath.Join(dir, "temp"), filepath.Join(dir, "home")} {
		w.mkdir(d)
	}
	w.copyAction(release)
	w.publish()
	w.program("curl", fakeCurl)
	w.program("gh", fakeGH)
	return w
}

func (w *world) mkdir(dir string) {
	w.t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(path, text string, mode os.FileMode) {
	w.t.Helper()
	w.mkdir(filepath.Dir(path))
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) read(path string) string {
	w.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		w.t.Fatal(err)
	}
	return string(data)
}

func (w *world) program(name, script string) {
	w.t.Helper()
	w.write(filepath.Join(w.dir, "bin", name), "#!/usr/bin/env bash\n"+script, 0o755)
}

// only leaves no programs but these, and those that stand for others.
func (w *world) only(names ...string) {
	w.t.Helper()
	w.path = filepath.Join(w.dir, "few")
	w.mkdir(w.path)
	for _, name := range names {
		at, err := exec.LookPath(name)
		if err == nil {
			err = os.Symlink(at, filepath.Join(w.path, name))
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// copyAction lays the action where GitHub puts those of others, as it is in a
// release.
func (w *world) copyAction(version string) {
	w.t.Helper()
	scripts, err := filepath.Glob("*.sh")
	if err != nil || len(scripts) == 0 {
		w.t.Fatal("no scripts", err)
	}
	w.write(filepath.Join(w.action, "action.yml"), w.read("../action.yml"), 0o644)
	for _, s := range scripts {
		w.write(filepath.Join(w.action, "action", s), w.read(s), 0o644)
	}
	w.write(filepath.Join(w.action, "action", "version"), version+"\n", 0o644)
}

// archived is a release of detlint for Linux, as an archive; it is made once.
// What it holds leads to the program: every job unpacks it, and tens of
// megabytes for each take longer than all else.
var archived = sync.OnceValues(func() ([]byte, error) {
	path, err := binary()
	if err != nil {
		return nil, err
	}
	program := []byte("#!/bin/sh\nexec '" + path + "' \"$@\"\n")
	var archive bytes.Buffer
	z, err := gzip.NewWriterLevel(&archive, gzip.NoCompression)
	if err != nil {
		return nil, err
	}
	a := tar.NewWriter(z)
	err = a.WriteHeader(&tar.Header{Name: "detlint", Mode: 0o755, Size: int64(len(program))})
	if err == nil {
		_, err = a.Write(program)
	}
	err = errors.Join(err, a.Close(), z.Close())
	return archive.Bytes(), err
})

// publish makes the files of a release.
func (w *world) publish() {
	w.t.Helper()
	archive, err := archived()
	if err != nil {
		w.t.Fatal(err)
	}
	sum := sha256.Sum256(archive)
	name := "detlint_" + strings.TrimPrefix(release, "v") + "_linux_amd64.tar.gz"
	w.write(filepath.Join(w.release, name), string(archive), 0o644)
	w.write(filepath.Join(w.release, "checksums.txt"), strings.Repeat("0", 64)+"  other.tar.gz\n"+hex.EncodeToString(sum[:])+"  "+name+"\n", 0o644)
}

// fakeCurl serves the files of a release.
const fakeCurl = `
printf 'curl %s\n' "$*" >>"$FAKE/calls.txt"
out= format=
while [ $# -gt 0 ]; do
  case $1 in
    --output) out=$2; shift ;;
    --write-out) format=$2; shift ;;
    --proto | --retry) shift ;;
    --*) ;;
    *) url=$1 ;;
  esac
  shift
done
if [ -n "$format" ]; then
  printf 'https://github.com/detlint/detlint/releases/tag/` + release + `'
  exit
fi
case $url in
  https://github.com/detlint/detlint/releases/download/` + release + `/*) ;;
  *) exit 22 ;;
esac
[ -f "$FAKE_RELEASE/${url##*/}" ] || exit 22
cp "$FAKE_RELEASE/${url##*/}" "$out"
`

// fakeGH answers as the API does, and keeps what it is told.
const fakeGH = `
printf 'gh %s\n' "$*" >>"$FAKE/calls.txt"
[ -n "${GH_TOKEN:-}" ] || exit 4
case "$*" in
  "api graphql "*) cat "$FAKE/comments.json" 2>/dev/null || echo '{"data":{"repository":{"pullRequest":{"comments":{"nodes":[]}}}}}' ;;
  *--method*)
    if [ -f "$FAKE/deny" ]; then
      echo 'gh: Resource not accessible by integration (HTTP 403)' >&2
      exit 1
    fi
    while [ $# -gt 0 ]; do
      if [ "$1" = --input ]; then
        cat "$2" >>"$FAKE/bodies.json"
      fi
      shift
    done
    ;;
  *) cat "$FAKE/reviews.json" 2>/dev/null || echo '[]' ;;
esac
`

// gitIn runs git in a folder.
func (w *world) gitIn(dir string, args ...string) string {
	w.t.Helper()
	return w.gitFrom(dir, "", args...)
}

// gitFrom is gitIn with an input.
func (w *world) gitFrom(dir, input string, args ...string) string {
	w.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(input)
	cmd.Env = append(os.Environ(), w.gitEnv()...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (w *world) gitEnv() []string {
	return []string{
		"HOME=" + filepath.Join(w.dir, "home"), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_AUTHOR_DATE=2026-01-02T03:04:05Z",
		"GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.org", "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z",
	}
}

// rule is a Sigma rule of a test; tag and image vary.
func rule(n int, tag, image string) string {
	return fmt.Sprintf(`title: Rule %d
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9b%03d
status: test
description: A rule of a test.
author: a tester
date: 2026-01-01
tags:
    - attack.%s
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\%s'
    condition: selection
level: high
`, n, n, tag, image)
}

// commit commits files of the origin under a name.
func (w *world) commit(name string, files map[string]string) {
	w.t.Helper()
	for path, text := range files {
		w.write(filepath.Join(w.origin, path), text, 0o644)
	}
	w.gitIn(w.origin, "add", "-A")
	w.gitIn(w.origin, "commit", "-q", "--allow-empty", "-m", name)
	w.commits[name] = w.gitIn(w.origin, "rev-parse", "HEAD")
}

// history makes the origin: main with a rule, a topic that adds one with a
// mistake, and main going on with another mistake; merged as GitHub does for
// pull request 7. The topic has more commits than are fetched at once.
func (w *world) history() {
	w.t.Helper()
	w.mkdir(w.origin)
	w.gitIn(w.origin, "init", "-q", "-b", "main")
	w.gitIn(w.origin, "config", "uploadpack.allowAnySHA1InWant", "true")
	w.commit("base", map[string]string{"rules/one_rule.yml": rule(1, "t1059", "one-tool-of-a-test.exe"), "docs/note.md": "no rule\n"})
	w.gitIn(w.origin, "checkout", "-q", "-b", "topic")
	w.commit("topic", map[string]string{"rules/two_rule.yml": rule(2, "t1562.001", "two-tool-of-a-test.exe")})
	var stream strings.Builder
	for i := range 120 {
		from := ""
		if i == 0 {
			from = "from " + w.commits["topic"] + "\n"
		}
		stream.WriteString("commit refs/heads/topic\ncommitter A <a@example.org> 1767323045 +0000\ndata 1\nx\n" + from)
	}
	w.gitFrom(w.origin, stream.String(), "fast-import", "--quiet")
	w.commits["head"] = w.gitIn(w.origin, "rev-parse", "topic")
	w.gitIn(w.origin, "checkout", "-q", "-f", "main")
	w.commit("main", map[string]string{"rules/three_rule.yml": rule(3, "t1562.002", "three-tool-of-a-test.exe")})
	w.merge()
}

// merge merges head and main for pull request 7.
func (w *world) merge() {
	w.t.Helper()
	w.gitIn(w.origin, "checkout", "-q", "--detach", "main")
	w.gitIn(w.origin, "merge", "-q", "--no-ff", "-m", "merge", w.commits["head"])
	w.commits["merge"] = w.gitIn(w.origin, "rev-parse", "HEAD")
	w.gitIn(w.origin, "update-ref", "refs/pull/7/merge", "HEAD")
	w.gitIn(w.origin, "update-ref", "refs/pull/7/head", w.commits["head"])
	w.gitIn(w.origin, "checkout", "-q", "main")
}

// checkout checks a commit out as actions/checkout does, with no more history
// than itself.
func (w *world) checkout(name string) {
	w.t.Helper()
	w.gitIn(w.workspace, "init", "-q")
	w.gitIn(w.workspace, "remote", "add", "origin", "file://"+w.origin)
	w.gitIn(w.workspace, "fetch", "-q", "--no-tags", "--depth=1", "origin", w.commits[name])
	w.gitIn(w.workspace, "checkout", "-q", "--detach", "FETCH_HEAD")
}

// job is a use of the action on the checkout.
func (w *world) job(event string, github, inputs map[string]string) *job {
	w.t.Helper()
	values := map[string]string{"token": "secret-token", "event.repository.default_branch": "main", "event_name": event}
	env := map[string]string{
		"PATH": filepath.Join(w.dir, "bin") + string(os.PathListSeparator) + w.path, "HOME": filepath.Join(w.dir, "home"),
		"RUNNER_TEMP": filepath.Join(w.dir, "temp"), "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64",
		"XDG_CACHE_HOME": filepath.Join(w.dir, "cache"), "GIT_CONFIG_NOSYSTEM": "1",
		"GITHUB_EVENT_NAME": event, "GITHUB_REPOSITORY": "octo/rules", "GITHUB_SERVER_URL": "https://github.com",
		"GITHUB_SHA": w.gitIn(w.workspace, "rev-parse", "HEAD"), "GITHUB_REF_TYPE": "branch",
		"FAKE": w.api, "FAKE_RELEASE": w.release,
	}
	for name, value := range github {
		if strings.HasPrefix(name, "GITHUB_") || strings.HasPrefix(name, "RUNNER_") || name == "PATH" {
			env[name] = value
		} else {
			values[name] = value
		}
	}
	return &job{action: w.action, workspace: w.workspace, inputs: inputs, github: values, env: env}
}

// pull is what an event of pull request 7 says.
func (w *world) pull(more map[string]string) map[string]string {
	out := map[string]string{
		"GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "topic", "GITHUB_REF": "refs/pull/7/merge",
		"event.pull_request.number": "7", "event.pull_request.base.sha": w.commits["base"], "event.pull_request.head.sha": w.commits["head"],
	}
	for name, value := range more {
		out[name] = value
	}
	return out
}

func (w *world) calls() string { return w.read(filepath.Join(w.api, "calls.txt")) }

// told is what the API was told.
func (w *world) told() string { return w.read(filepath.Join(w.api, "bodies.json")) }
