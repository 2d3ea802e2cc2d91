package review

import "testing"

func TestCIBase(t *testing.T) {
	tests := []struct {
		name string
		env  map[string]string
		want string
	}{
		{"nothing", nil, ""},
		{"GitHub", map[string]string{"GITHUB_BASE_REF": "main"}, "origin/main"},
		{"GitHub, no pull request", map[string]string{"GITHUB_BASE_REF": ""}, ""},
		{"GitLab", map[string]string{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, "origin/main"},
		{"GitLab with the commit", map[string]string{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "abc"}, "abc"},
		{"Azure DevOps", map[string]string{"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/release/1"}, "origin/release/1"},
		{"Bitbucket", map[string]string{"BITBUCKET_PR_DESTINATION_BRANCH": "main"}, "origin/main"},
	}
	for _, tt := range tests {
		if got := ciBase(func(name string) string { return tt.env[name] }); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWanted(t *testing.T) {
	tests := []struct {
		prefixes []string
		path     string
		want     bool
	}{
		{nil, "a/b.yml", true},
		{[]string{"."}, "a/b.yml", true},
		{[]string{"a"}, "a/b.yml", true},
		{[]string{"a"}, "ab/b.yml", false},
		{[]string{"a/b.yml"}, "a/b.yml", true},
		{[]string{"x", "a"}, "a/b.yml", true},
	}
	for _, tt := range tests {
		if got := (&sides{prefixes: tt.prefixes, scope: scopeOf(&Options{}, ".")}).wanted(tt.path); got != tt.want {
			t.Errorf("%v wants %s: %t", tt.prefixes, tt.path, got)
		}
	}
}

func TestNoRulesError(t *testing.T) {
	tests := []struct {
		err  NoRulesError
		want string
	}{
		{NoRulesError{}, "no detection rules found (looked at 0 files)\n  rules live elsewhere?  detlint lint --all PATH   or set paths: in .detlint.yml"},
		{
			NoRulesError{Where: "rules/", Files: 5, Extensions: map[string]int{".md": 3, ".png": 1, "": 1}},
			"no detection rules found under rules/ (looked at 5 files: 3 .md, 1 without extension, 1 .png)\n  rules live elsewhere?  detlint lint --all PATH   or set paths: in .detlint.yml",
		},
		{
			NoRulesError{Unmatched: []string{"detection", "hunt/*"}, Config: ".detlint.yml"},
			"no detection rules found: paths in .detlint.yml names \"detection\", \"hunt/*\", which means no file\n  correct it, or look elsewhere:  detlint lint --all PATH",
		},
		{NoRulesError{Where: "x.yml", File: true}, "no detection rules found: x.yml holds none, or git ignores it"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got  %q\nwant %q", got, tt.want)
		}
	}
}
