package catalog

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/detlint/detlint/rule"
)

// maxSources bounds the size of a file of sources, in bytes.
const maxSources = 1 << 20

// sourceKeys are what may be said of a source.
var sourceKeys = []string{"name", "vendor", "commit", "date", "license", "url"}

// ReadSources reads where sources of rules are from: a YAML mapping from the
// name that a build gives a source to its name, vendor, commit, date, license
// and url. It fails at keys it does not know, and at addresses that are none.
func ReadSources(data []byte) (map[string]Source, error) {
	if len(data) > maxSources {
		return nil, fmt.Errorf("it has %d bytes, expected at most %d", len(data), maxSources)
	}
	var read map[string]map[string]string
	if err := yaml.Unmarshal(data, &read); err != nil {
		return nil, fmt.Errorf("expected a mapping from sources to mappings of %s: %s", strings.Join(sourceKeys, ", "), plainError(err))
	}
	if len(read) == 0 {
		return nil, errors.New("it is empty, expected a mapping of sources")
	}
	out := make(map[string]Source, len(read))
	for _, key := range slices.Sorted(maps.Keys(read)) {
		about := read[key]
		for _, word := range slices.Sorted(maps.Keys(about)) {
			if !slices.Contains(sourceKeys, word) {
				return nil, fmt.Errorf("unknown key %q of %s, expected %s", word, key, strings.Join(sourceKeys, ", "))
			}
		}
		if url := about["url"]; url != "" && !strings.HasPrefix(url, "https://") {
			return nil, fmt.Errorf("the url of %s is %q, expected one that begins with https://", key, url)
		}
		name := about["name"]
		if name == "" {
			name = key
		}
		out[key] = Source{
			Name: name, Vendor: rule.Vendor(about["vendor"]), Commit: about["commit"],
			Date: about["date"], License: about["license"], URL: about["url"],
		}
	}
	return out, nil
}

// plainError is the first thing that is wrong with a YAML file, without the
// names of Go's types.
func plainError(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if typed := (*yaml.TypeError)(nil); errors.As(err, &typed) && len(typed.Errors) > 0 {
		text, _, _ = strings.Cut(typed.Errors[0], " into ")
	}
	return text
}
