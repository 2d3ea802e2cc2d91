package config

import (
	"fmt"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// The bounds of a pattern, so that a hostile one costs no more than a moment:
// each pair of braces multiplies the work, and so does each star.
const (
	maxGlob     = 200 // bytes
	maxBraces   = 3
	maxStars    = 10
	maxPatterns = 500 // of one configuration
)

// Globs are patterns of paths, relative to the folder of the configuration: *
// stands for a part of a name, ** for any folders, {a,b} for alternatives. A
// pattern that means a folder means all that is below it.
type Globs []string

// Match reports whether a path, relative to the folder of the configuration, is
// meant by one of the patterns.
func (g Globs) Match(p string) bool {
	for _, pattern := range g {
		if matches(pattern, p) {
			return true
		}
	}
	return false
}

func matches(pattern, p string) bool {
	if pattern == "." {
		return true
	}
	return doublestar.MatchUnvalidated(pattern, p) || doublestar.MatchUnvalidated(pattern+"/**", p)
}

// glob checks a pattern and brings it into the form that Match takes.
func glob(text string) (string, error) {
	switch {
	case text == "":
		return "", fmt.Errorf("expected a path or a pattern, found an empty text")
	case len(text) > maxGlob:
		return "", fmt.Errorf("expected a pattern of at most %d bytes, found %d", maxGlob, len(text))
	case strings.Contains(text, `\`):
		return "", fmt.Errorf(`expected forward slashes in %q`, text)
	case strings.HasPrefix(text, "/"):
		return "", fmt.Errorf("expected a path relative to the folder of the configuration, found %q", text)
	case strings.Count(text, "{") > maxBraces:
		return "", fmt.Errorf("expected at most %d pairs of braces in %q", maxBraces, text)
	case strings.Count(text, "*") > maxStars:
		return "", fmt.Errorf("expected at most %d stars in %q", maxStars, text)
	case !doublestar.ValidatePattern(text):
		return "", fmt.Errorf("%q is no pattern: a bracket or a brace is not closed", text)
	}
	clean := path.Clean(text)
	if clean == ".." || strings.HasPrefix(clean, "../") {
		return "", fmt.Errorf("%q leads out of the folder of the configuration", text)
	}
	return clean, nil
}
