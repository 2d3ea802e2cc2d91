package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRepositoryURL(t *testing.T) {
	for _, tt := range []struct {
		name        string
		env         map[string]string
		want, links string
	}{
		{"nothing", nil, "", ""},
		{
			"github",
			map[string]string{"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee"},
			"https://github.example/a/b", "https://github.example/a/b/blob/c0ffee/{path}#L{line}",
		},
		{
			"gitlab",
			map[string]string{"CI_PROJECT_URL": "https://gitlab.example/a/b", "CI_COMMIT_SHA": "c0ffee"},
			"https://gitlab.example/a/b", "https://gitlab.example/a/b/-/blob/c0ffee/{path}#L{line}",
		},
		{"azure", map[string]string{"BUILD_REPOSITORY_URI": "https://org@dev.azure.example/org/p/_git/r"}, "https://dev.azure.example/org/p/_git/r", ""},
		{"a token", map[string]string{"BUILD_REPOSITORY_URI": "https://user:secret@host.example/r"}, "https://host.example/r", ""},
		{"no address for the web", map[string]string{"BUILD_REPOSITORY_URI": "git@host.example:a/b.git", "CI_PROJECT_URL": "file:///a"}, "", ""},
		{"commits of different systems", map[string]string{"CI_PROJECT_URL": "https://gitlab.example/a/b", "GITHUB_SHA": "c0ffee"}, "https://gitlab.example/a/b", ""},
	} {
		getenv := func(name string) string { return tt.env[name] }
		if got := repositoryURL(getenv); got != tt.want {
			t.Errorf("%s: repository %q, expected %q", tt.name, got, tt.want)
		}
		if got := fileLinks(getenv); got != tt.links {
			t.Errorf("%s: links %q, expected %q", tt.name, got, tt.links)
		}
	}
}

func TestScope(t *testing.T) {
	outside, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(outside, "repo")
	for _, dir := range []string{".git", "a/b", "c"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		dir   string
		paths []string
		want  string
	}{
		{root, nil, ""},
		{root, []string{"."}, ""},
		{filepath.Join(root, "a"), nil, "a/"},
		{filepath.Join(root, "a"), []string{"b"}, "a/b/"},
		{filepath.Join(root, "a"), []string{".."}, ""},
		{root, []string{"c/", "a/b"}, "a/b,c/"},
		{root, []string{filepath.Join(root, "c")}, "c/"},
		{outside, nil, ""},
	} {
		if got := scope(tt.dir, tt.paths); got != tt.want {
			t.Errorf("%s %q is %q, expected %q", tt.dir, tt.paths, got, tt.want)
		}
	}
}
