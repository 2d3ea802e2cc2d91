package main

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/detlint/detlint/config"
)

// fileLinks is where a CI system shows the lines of a file; empty elsewhere.
func fileLinks(getenv func(string) string) string {
	if address, commit := githubURL(getenv), getenv("GITHUB_SHA"); address != "" && commit != "" {
		return address + "/blob/" + commit + "/{path}#L{line}"
	}
	if address, commit := webURL(getenv("CI_PROJECT_URL")), getenv("CI_COMMIT_SHA"); address != "" && commit != "" {
		return address + "/-/blob/" + commit + "/{path}#L{line}"
	}
	return ""
}

// repositoryURL is the address of the repository, where a CI system says so:
// GitHub, GitLab or Azure Pipelines.
func repositoryURL(getenv func(string) string) string {
	return cmp.Or(githubURL(getenv), webURL(getenv("CI_PROJECT_URL")), webURL(getenv("BUILD_REPOSITORY_URI")))
}

func githubURL(getenv func(string) string) string {
	server, repository := getenv("GITHUB_SERVER_URL"), getenv("GITHUB_REPOSITORY")
	if server == "" || repository == "" {
		return ""
	}
	return server + "/" + repository
}

// webURL is an address for the web, without the name or the token that may
// stand before its host.
func webURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.User = nil
	return u.String()
}

// scope names the parts of a repository that a run in a folder, with some
// paths, is about: two runs about different parts must not replace each other's
// results. It is empty for all of the repository, and else ends in a slash.
func scope(dir string, paths []string) string {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	var parts []string
	for _, p := range paths {
		full, err := absolute(dir, p)
		if err != nil {
			return ""
		}
		if config.Root(full) == full {
			return "" // all of it
		}
		if _, within := repository(full); within != "" {
			parts = append(parts, within)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return strings.Join(parts, ",") + "/"
}
