package main

import (
	"path/filepath"
	"strings"
)

// fileLinks is where a CI system shows the lines of a file; empty elsewhere.
func fileLinks(getenv func(string) string) string {
	address := repositoryURL(getenv)
	switch {
	case address == "":
		return ""
	case getenv("GITHUB_SHA") != "":
		return address + "/blob/" + getenv("GITHUB_SHA") + "/{path}#L{line}"
	case getenv("CI_COMMIT_SHA") != "":
		return address + "/-/blob/" + getenv("CI_COMMIT_SHA") + "/{path}#L{line}"
	}
	return ""
}

// repositoryURL is the address of the repository, where a CI system says so.
func repositoryURL(getenv func(string) string) string {
	if server, repository := getenv("GITHUB_SERVER_URL"), getenv("GITHUB_REPOSITORY"); server != "" && repository != "" {
		return server + "/" + repository
	}
	for _, name := range []string{"CI_PROJECT_URL", "BUILD_REPOSITORY_URI"} {
		// An address may carry a password before the host.
		if address := getenv(name); strings.HasPrefix(address, "https://") && !strings.Contains(address, "@") {
			return address
		}
	}
	return ""
}

// scope names the part of a repository that a run in a folder, with some
// paths, is about: two runs of different parts must not replace each other's
// results. It is empty for all of the repository, and else ends in a slash.
func scope(dir string, paths []string) string {
	var parts []string
	if dir = filepath.ToSlash(filepath.Clean(dir)); dir != "." && !filepath.IsAbs(dir) {
		parts = append(parts, dir)
	}
	for _, p := range paths {
		if p = filepath.ToSlash(filepath.Clean(p)); p != "." && !filepath.IsAbs(p) {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ",") + "/"
}
