package main

import (
	"path/filepath"
	"strings"
)

// workflowText is a workflow of GitHub Actions; {ref} is the version of the
// action.
const workflowText = `# Written by: detlint init --workflow
# https://github.com/detlint/detlint/blob/main/docs/github-action.md
name: detlint
on:
  pull_request:
permissions:
  contents: read
  pull-requests: write # for the comment; without it there is the summary of the job
jobs:
  detlint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: detlint/detlint@{ref}
`

// writeWorkflow writes the workflow to where GitHub looks for it.
func (a *app) writeWorkflow(force bool) error {
	repo, err := a.ownRepository()
	if err != nil {
		return err
	}
	defer repo.Close()
	if repo.Root() == "" {
		return usagef("%s is a bare repository, it has no files", a.dir)
	}
	path := filepath.Join(repo.Root(), ".github", "workflows", "detlint.yml")
	return a.writeNew(path, strings.ReplaceAll(workflowText, "{ref}", actionRef(versionName())), 0o644, force, "workflow", "")
}

// actionRef is the tag that moves with the releases of a major version.
func actionRef(version string) string {
	major, _, ok := strings.Cut(version, ".")
	number, isTag := strings.CutPrefix(major, "v")
	if !ok || !isTag || number == "" || strings.Trim(number, "0123456789") != "" {
		return "v1"
	}
	return major
}
