package parsers

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for path, want := range map[string]bool{
		"a.yml": true, "x/B.YAML": true, "a.yml.bak": false, "yml": false, "README.md": false, ".yml": true,
	} {
		if got := Match(path); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
}

func TestParseRefusesWhatIsTooLarge(t *testing.T) {
	if f := Parse("big.json", []byte("{"+strings.Repeat(" ", MaxFileSize))); f.Recognized {
		t.Error("a large file of something else is taken for rules")
	}
	if f := Parse("big.json", []byte(`{"rule_id":"x","query":"`+strings.Repeat(" ", MaxFileSize))); !f.Recognized || len(f.Problems) != 1 {
		t.Errorf("a large export: recognized %v, %v", f.Recognized, f.Problems)
	}
	f := Parse("big.yml", []byte("detection:\n"+strings.Repeat(" ", MaxFileSize)))
	if !f.Recognized || len(f.Problems) != 1 || f.Problems[0].Warning {
		t.Errorf("got %+v", f.Problems)
	}
}
