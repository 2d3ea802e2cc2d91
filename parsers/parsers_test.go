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
	f := Parse("big.yml", []byte("detection:\n"+strings.Repeat(" ", MaxFileSize)))
	if !f.Recognized || len(f.Problems) != 1 || f.Problems[0].Warning {
		t.Errorf("got %+v", f.Problems)
	}
}
