package normalize

import (
	"slices"
	"testing"

	"github.com/detlint/detlint/parsers"
)

func TestClasses(t *testing.T) {
	const head = "[rule]\nname = \"a\"\nrule_id = \"6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a001\"\nlanguage = \"eql\"\ntype = \"eql\"\nindex = [\"logs-endpoint.events.*\"]\nquery = '''\n"
	const sigma = "title: a\ndetection:\n    s:\n        a: b\n    condition: s\nlogsource:\n"
	for _, tt := range []struct {
		path, text string
		want       []string
	}{
		{"r.yml", sigma + "    category: process_creation\n    product: windows\n", []string{"process"}},
		{"r.yml", sigma + "    category: registry_set\n    product: windows\n", []string{"registry"}},
		{"r.yml", sigma + "    service: security\n    product: windows\n", nil},
		{"r.toml", head + "process where process.name : \"a\"\n'''\n", []string{"process"}},
		{"r.toml", head + "sequence by host.id\n [process where true]\n [network where true]\n'''\n", []string{"network", "process"}},
		{"r.toml", head + "any where event.category : (\"library\", \"driver\")\n'''\n", []string{"image_load"}},
		{"r.toml", head + "any where process.name : \"a\"\n'''\n", nil},
		{"r.toml", head + "authentication where process.name : \"a\"\n'''\n", nil},
		{"r.kql", "DeviceProcessEvents | where FileName == \"a\"", []string{"process"}},
		{"r.kql", "DeviceEvents | where FileName == \"a\"", nil},
	} {
		f := parsers.Parse(tt.path, []byte(tt.text), nil)
		if len(f.Rules) != 1 {
			t.Errorf("%s: no rule: %v", tt.text, f.Problems)
			continue
		}
		if got := Normalize(f.Rules[0]).Classes(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, expected %q", tt.text, got, tt.want)
		}
	}
}

func TestHasField(t *testing.T) {
	for _, tt := range []struct {
		class, field string
		want         bool
	}{
		{"process", "process.executable", true},
		{"process", "process.parent.executable", true},
		{"process", "user.name", true},
		{"process", "destination.ip", false},
		{"file", "destination.ip", false},
		{"network", "destination.ip", true},
		{"dns", "destination.ip", true},
		{"process", "dns.question.name", false},
		{"process", "registry.path", false},
		{"registry", "registry.path", true},
		{"process", "dll.path", false},
		{"image_load", "dll.path", true},
		{"process", "a field of nobody", true},
	} {
		if got := HasField(tt.class, tt.field); got != tt.want {
			t.Errorf("%s has %s: %t, expected %t", tt.class, tt.field, got, tt.want)
		}
	}
}
