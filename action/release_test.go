package action

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestReleaseNames: what goreleaser makes is what the action downloads.
func TestReleaseNames(t *testing.T) {
	data, err := os.ReadFile("../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Project string `yaml:"project_name"`
		Builds  []struct {
			Main         string
			LDFlags      []string
			GOOS, GOARCH []string
			Env          []string
		}
		Archives []struct {
			Name      string `yaml:"name_template"`
			Formats   []string
			Overrides []struct {
				GOOS    string
				Formats []string
			} `yaml:"format_overrides"`
		}
		Checksum struct {
			Name      string `yaml:"name_template"`
			Algorithm string
		}
	}
	if err := yaml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	install, err := os.ReadFile("install.sh")
	if err != nil {
		t.Fatal(err)
	}
	main, err := os.ReadFile("../cmd/detlint/runtime.go")
	if err != nil {
		t.Fatal(err)
	}
	b, a := c.Builds[0], c.Archives[0]
	for _, ok := range []bool{
		c.Project == "detlint", b.Main == "./cmd/detlint", strings.Join(b.GOOS, " ") == "linux darwin windows", strings.Join(b.GOARCH, " ") == "amd64 arm64",
		strings.Join(b.Env, " ") == "CGO_ENABLED=0",
		strings.HasSuffix(b.LDFlags[0], "-X main.version={{ .Tag }}") && strings.Contains(string(main), "\nvar version = \"\"\n"),
		a.Name == "{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}" && strings.Contains(string(install), "archive=detlint_${version}_${os}_${arch}.tar.gz\n"),
		strings.Join(a.Formats, " ") == "tar.gz", a.Overrides[0].GOOS == "windows" && a.Overrides[0].Formats[0] == "zip",
		c.Checksum.Name == "checksums.txt" && c.Checksum.Algorithm == "sha256",
	} {
		if !ok {
			t.Fatalf("goreleaser makes other files than the action expects: %+v", c)
		}
	}
}

// TestReleaseArchives: the folders that an archive takes are made before, and git
// ignores them: goreleaser refuses a tree with files it does not know.
func TestReleaseArchives(t *testing.T) {
	read := func(path string) string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(data), "\r\n", "\n")
	}
	var c struct {
		Before   struct{ Hooks []string }
		Archives []struct{ Files []struct{ Src string } }
	}
	if err := yaml.Unmarshal([]byte(read("../.goreleaser.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	for _, hook := range c.Before.Hooks {
		targets, ok := strings.CutPrefix(hook, "make ")
		if !ok {
			t.Errorf("hook %q, expected make", hook)
		}
		for _, target := range strings.Fields(targets) {
			made[target] = strings.Contains(read("../Makefile"), "\n"+target+":\n")
		}
	}
	var taken []string
	for _, f := range c.Archives[0].Files {
		dir, _, ok := strings.Cut(f.Src, "/*")
		switch {
		case !ok:
			if _, err := os.Stat("../" + f.Src); err != nil {
				t.Error(err)
			}
			continue
		case !made[dir]:
			t.Errorf("nothing makes %s", f.Src)
		case !strings.Contains(read("../.gitignore"), "\n/"+dir+"/\n"):
			t.Errorf(".gitignore does not name /%s/", dir)
		}
		taken = append(taken, dir)
	}
	if strings.Join(taken, " ") != "completions man" {
		t.Errorf("archives take %v, expected completions and man pages", taken)
	}
}

// TestRelease: a tag is released only from the tree that says so, and the tag of
// the major version follows.
func TestRelease(t *testing.T) {
	for _, name := range []string{"bash", "git"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed", name)
		}
	}
	dir := t.TempDir()
	script, err := os.ReadFile("../.github/release.sh")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		".github/release.sh": string(script), "action/version": "v1.2.3\n",
		"CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- later\n\n## 1.2.3 (2026-01-02)\n\n### Added\n\n- this\n\n## 1.2\n\n- before\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) string {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=A", "-c", "user.email=a@example.org"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q")
	git("init", "-q", "--bare", "server")
	git("remote", "add", "origin", filepath.Join(dir, "server"))
	git("add", "CHANGELOG.md")
	git("commit", "-q", "-m", "one")
	git("tag", "v1.2.3")
	for _, tt := range []struct {
		args []string
		want string
		ok   bool
	}{
		{[]string{"check", "v1.2.3"}, "\n### Added\n\n- this\n", true},
		{[]string{"check", "v1.2.4"}, "action/version says v1.2.3, expected v1.2.4", false},
		{[]string{"check", "1.2.3"}, `"1.2.3" is no version`, false},
		{[]string{"check", "v1.2.3\nv1"}, "the tag is no version", false},
		{[]string{"check"}, `"" is no version`, false},
		{[]string{"other", "v1.2.3"}, `expected check or major, found "other"`, false},
		{[]string{"major", "v1.2.3-rc.1"}, "v1 stays where it is", true},
		{[]string{"major", "v1.2.3"}, "v1", true},
	} {
		out, err := exec.Command("bash", append([]string{filepath.Join(dir, ".github/release.sh")}, tt.args...)...).CombinedOutput()
		if (err == nil) != tt.ok || !strings.Contains(string(out), tt.want) || strings.Contains(string(out), "before") || strings.Contains(string(out), "later") {
			t.Errorf("%v: %v\n%s", tt.args, err, out)
		}
	}
	if got, want := git("ls-remote", "origin", "refs/tags/v1"), git("rev-parse", "HEAD"); !strings.HasPrefix(got, want) {
		t.Errorf("v1 is %q, expected %s", got, want)
	}
}
