package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/detlint/detlint/rule"
)

// maxSources bounds the size of a file of sources, in bytes.
const maxSources = 1 << 20

// ReadSources reads where sources of rules are from: a YAML mapping from the
// name that a build gives a source to its name, vendor, commit, date, license
// and url. It fails at keys it does not know, and at addresses that are none.
func ReadSources(data []byte) (map[string]Source, error) {
	if len(data) > maxSources {
		return nil, fmt.Errorf("it has %d bytes, expected at most %d", len(data), maxSources)
	}
	var read map[string]struct {
		Name    string      `yaml:"name"`
		Vendor  rule.Vendor `yaml:"vendor"`
		Commit  string      `yaml:"commit"`
		Date    string      `yaml:"date"`
		License string      `yaml:"license"`
		URL     string      `yaml:"url"`
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&read); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("it is empty, expected a mapping of sources")
		}
		return nil, fmt.Errorf("expected a mapping from sources to name, vendor, commit, date, license and url: %w", err)
	}
	out := make(map[string]Source, len(read))
	for key, s := range read {
		if s.URL != "" && !strings.HasPrefix(s.URL, "https://") {
			return nil, fmt.Errorf("the url of %s is %q, expected one that begins with https://", key, s.URL)
		}
		if s.Name == "" {
			s.Name = key
		}
		out[key] = Source{Name: s.Name, Vendor: s.Vendor, Commit: s.Commit, Date: s.Date, License: s.License, URL: s.URL}
	}
	return out, nil
}
