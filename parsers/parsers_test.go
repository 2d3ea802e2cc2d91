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
	if f := Parse("big.json", []byte("{"+strings.Repeat(" ", MaxFileSize)), nil); f.Recognized {
		t.Error("a large file of something else is taken for rules")
	}
	if f := Parse("big.json", []byte(`{"rule_id":"x","query":"`+strings.Repeat(" ", MaxFileSize)), nil); !f.Recognized || len(f.Problems) != 1 {
		t.Errorf("a large export: recognized %v, %v", f.Recognized, f.Problems)
	}
	f := Parse("big.yml", []byte("detection:\n"+strings.Repeat(" ", MaxFileSize)), nil)
	if !f.Recognized || len(f.Problems) != 1 || f.Problems[0].Warning {
		t.Errorf("got %+v", f.Problems)
	}
}

func TestParseRefusesUTF16(t *testing.T) {
	rule := "\xFF\xFEt\x00i\x00t\x00l\x00e\x00:\x00\n\x00l\x00o\x00g\x00s\x00o\x00u\x00r\x00c\x00e\x00:\x00"
	f := Parse("rule.yml", []byte(rule), nil)
	if !f.Recognized || len(f.Problems) != 1 || f.Problems[0].Message != "the file is in UTF-16, expected UTF-8; save it as UTF-8" {
		t.Errorf("recognized %v, %v", f.Recognized, f.Problems)
	}
	if f := Parse("rule.yml", []byte(rule[2:]), nil); !f.Recognized || len(f.Problems) != 1 {
		t.Errorf("without a mark: recognized %v, %v", f.Recognized, f.Problems)
	}
	if f := Parse("other.yml", []byte(rule[:12]), nil); f.Recognized {
		t.Error("a file of something else is taken for rules")
	}
}
